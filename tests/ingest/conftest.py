"""What the tests of the ingest share."""

from collections.abc import Iterator

import pytest

from tests.ingest.homes import Ingest, add_home


@pytest.fixture
def ingest(each_database: str) -> Iterator[Ingest]:
    """A saver on each kind of database, in which the home of gateway `gw-1` is."""
    found = Ingest(each_database)
    add_home(found.connection)
    yield found
    found.connection.close()

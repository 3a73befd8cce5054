"""The world in which people are told: database, phone company, webhooks, and a movable clock."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.alerts.telling import World


@pytest.fixture
def world(database: str, db: psycopg.Connection) -> Iterator[World]:
    world = World(db, database)
    yield world
    world.stop()

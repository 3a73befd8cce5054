"""Ordered migrations: one SQL file each, and the Alembic revision that runs it."""

from pathlib import Path
from typing import Any

from alembic import op


def run_sql(revision_file: str) -> None:
    """Run the SQL file of the same name, whole, as the driver sends it.

    Not through SQLAlchemy's text(), which would read `:name` as a parameter.
    """
    sql = Path(revision_file).with_suffix(".sql").read_text()
    psycopg_connection: Any = op.get_bind().connection.driver_connection
    psycopg_connection.execute(sql)

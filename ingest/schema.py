"""The schema: ordered SQL files, applied by Alembic.

`python -m ingest migrate` runs it. The SQL is in `migrations/versions/*.sql`; the
Python file of the same name beside it only gives it its place in the order.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Bring the database up to the newest schema; running it again changes nothing.

    Several processes may call it at once: an advisory lock lets one work.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    command.upgrade(config, "head")

"""The proof that the rollups say what the readings say: both are counted and compared."""

from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection

from gateway.messages import BEAT_EVERY_S, Kind
from ingest.database import sql
from ingest.kinds import ACTIVITY_KINDS, BY_ITSELF, NUMBER


@dataclass(frozen=True, slots=True)
class Difference:
    """One hour in which a rollup is not what the readings give."""

    rollup: str
    home_id: int
    hour: datetime
    place: str
    stored: str | None
    counted: str | None

    def __str__(self) -> str:
        where = f"{self.rollup} home {self.home_id} {self.hour:%Y-%m-%dT%H:%MZ} {self.place}".rstrip()
        return f"{where}: stored {self.stored or 'nothing'}, the readings give {self.counted or 'nothing'}"


def differences(connection: Connection) -> list[Difference]:
    """All hours in which a rollup differs; empty is the proof."""
    itself = sorted((NUMBER[kind], value) for kind, value in BY_ITSELF)
    activity = connection.execute(
        sql(__file__, "check_activity"),
        {
            "kinds": sorted(NUMBER[kind] for kind in ACTIVITY_KINDS),
            "itself_kinds": [kind for kind, _ in itself],
            "itself_values": [value for _, value in itself],
        },
    )
    found = [Difference("activity_hour", *row) for row in activity]
    coverage = connection.execute(sql(__file__, "check_coverage"), {"beat": NUMBER[Kind.BEAT], "proves": BEAT_EVERY_S})
    return found + [Difference("coverage_hour", *row) for row in coverage]

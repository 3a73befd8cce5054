"""What was found and is nobody's case: restless nights, bathroom visits, slow changes."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import dict_row

from alerts import words
from alerts.verdicts import FOR_INFORMATION
from api.findings import verdict_of
from api.times import when
from api.views import Worth
from ingest.database import sql

KEPT_FOR = timedelta(days=14)
AT_MOST = 6


def of_home(connection: Connection, home_id: int, zone: ZoneInfo, now: datetime) -> tuple[Worth, ...]:
    """The newest first."""
    values = {
        "home_id": home_id,
        "since": now - KEPT_FOR,
        "reasons": [reason.value for reason in FOR_INFORMATION],
        "limit": AT_MOST,
    }
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(sql(__file__, "information_of_home"), values).fetchall()
    return tuple(_in_words(row["finding"], zone, now) for row in rows)


def _in_words(finding: dict[str, Any], zone: ZoneInfo, now: datetime) -> Worth:
    verdict = verdict_of(finding)
    found = when(datetime.fromisoformat(finding["found_at"]), zone, now)
    return Worth(words.sentence(verdict, zone, now), found, tuple(words.why(verdict, zone, now)))

"""Setting a home to away or hospital, and back; what judging found out about either is kept here too."""

from collections.abc import Sequence
from datetime import datetime

from psycopg import Connection

from alerts.away import AbsenceKind, Ended
from ingest.database import CHANGED, DUE, sql


class BadAbsenceError(ValueError):
    """These times fit no absence; the message says why, for people."""


def set_away(
    connection: Connection,
    home_id: int,
    kind: AbsenceKind,
    from_at: datetime,
    until_at: datetime | None,
    person_id: int | None,
    now: datetime,
) -> int:
    """Nobody is expected at home from then on; `until_at` None: nobody knows yet. Returns the absence's id.

    What was set before is ended by it. Open alerts stay as they are. Raises BadAbsenceError.
    """
    if until_at is not None and until_at <= max(from_at, now):
        raise BadAbsenceError("The end must be later than the beginning, and must not be over yet.")
    values = {
        "home": home_id,
        "kind": kind,
        "from": from_at,
        "until": until_at,
        "person": person_id,
        "now": now,
    }
    with connection.transaction():
        end_away(connection, home_id, person_id, now)
        row = connection.execute(sql(__file__, "set_away"), values).fetchone()
    if row is None:
        raise LookupError(f"home {home_id}")
    return int(row[0])


def end_away(connection: Connection, home_id: int, person_id: int | None, now: datetime) -> bool:
    """Somebody is expected at home from now on; a planned absence is called off. False: none was set."""
    with connection.transaction():
        values = {"home": home_id, "person": person_id, "now": now}
        ended = connection.execute(sql(__file__, "end_away"), values).fetchone() is not None
        connection.execute(sql(__file__, "judge_soon"), {"home": home_id, "now": now, "due": DUE, "changed": CHANGED})
    return ended


def keep_ends(connection: Connection, ended: Sequence[Ended]) -> None:
    """Write down what ended by itself."""
    if ended:
        values = {
            "ids": [one.absence_id for one in ended],
            "ats": [one.at for one in ended],
            "whys": [one.why for one in ended],
        }
        connection.execute(sql(__file__, "end_absences"), values)

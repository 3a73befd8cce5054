"""Comparing the last week of every home with those before it, early on Monday by the home's own clock.

Any number of processes may do this at once; each home is done once a week.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import psycopg
from psycopg import Connection

from alerts.findings import news
from alerts.one_home import Judgement
from alerts.opening import write_alerts
from alerts.slow_change.changes import Change, Day, Week, slow_change
from alerts.verdicts import Evidence, Outcome, Reason, Verdict
from gateway.log import about
from ingest.database import sql

log = logging.getLogger(__name__)

EVERY_S = 600.0
"""So often a process asks whether it is Monday anywhere."""
EARLY = timedelta(hours=4)
"""After midnight: what came late over the night is in."""
DAYS = 7


@dataclass(frozen=True, slots=True)
class Compared:
    """How many homes were compared, and of how many something is told."""

    homes: int
    changed: int


def compare_due(connection: Connection, now: datetime, limit: int = 500) -> Compared:
    """Compare up to `limit` homes whose last week is over and was not compared, in one transaction."""
    with connection.transaction():
        mondays = _mondays(connection, now)
        values = {"zones": list(mondays), "weeks": list(mondays.values()), "limit": limit}
        claimed: list[tuple[int, date]] = connection.execute(sql(__file__, "claim"), values).fetchall()
        changed = _compare(connection, claimed, now) if claimed else 0
    if claimed:
        log.info("Weeks were compared", extra=about("weeks_compared", homes=len(claimed), changed=changed))
    return Compared(len(claimed), changed)


def _mondays(connection: Connection, now: datetime) -> dict[str, date]:
    """The Monday of the last week that is over, for each time zone that is one."""
    found = {}
    for (name,) in connection.execute(sql(__file__, "zones")):
        try:
            local = now.astimezone(ZoneInfo(name)) - EARLY
        except (KeyError, ValueError, OSError):  # no zone of this name: judging says so, home by home
            continue
        found[name] = local.date() - timedelta(days=local.weekday() + 7)
    return found


def _compare(connection: Connection, claimed: Sequence[tuple[int, date]], now: datetime) -> int:
    """All at once; should the database refuse that, each home by itself, so that one cannot stop the others."""
    try:
        with connection.transaction():
            return _write(connection, stored_weeks(connection, claimed), dict(claimed), now)
    except psycopg.OperationalError:
        raise  # the connection or a lock: nothing is wrong with any home
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one home must not stop the others
        if len(claimed) > 1:
            return sum(_compare(connection, [one], now) for one in claimed)
        fields = about("home_set_aside", home_id=claimed[0][0], error=type(error).__name__)
        log.error("The week of a home cannot be compared", extra=fields)  # noqa: TRY400 - its words may hold more
        return 0


def stored_weeks(connection: Connection, asked: Sequence[tuple[int, date]]) -> dict[int, list[Week]]:
    """Of each home the week from this Monday and the four before it, in order, as far as there is anything."""
    values = {"homes": [home for home, _ in asked], "weeks": [week for _, week in asked]}
    rows = connection.execute(sql(__file__, "days"), values).fetchall()
    return {home: _by_week([Day(*row[1:]) for row in some]) for home, some in groupby(rows, key=lambda row: row[0])}


def _by_week(days: Sequence[Day]) -> list[Week]:
    weeks = groupby(days, key=lambda day: day.day - timedelta(days=day.day.weekday()))
    return [Week(monday, tuple(some)) for monday, some in weeks]


def _write(connection: Connection, homes: dict[int, list[Week]], asked: dict[int, date], now: datetime) -> int:
    found = {home: slow_change(weeks) for home, weeks in homes.items() if weeks[-1].monday == asked[home]}
    judged = [_judgement(home, homes[home][-1], changes, now) for home, changes in sorted(found.items()) if changes]
    write_alerts(connection, judged, now)
    return len(judged)


def _judgement(home_id: int, week: Week, changes: Sequence[Change], now: datetime) -> Judgement:
    found = news(None, 0, verdict_of(week, changes, now), (), now)
    return Judgement(home_id, due_at=now, news=(found,) if found else ())


def verdict_of(week: Week, changes: Sequence[Change], now: datetime) -> Verdict:
    """What changed in a week, as one finding: for information, nobody's case."""
    sentences = [change.sentence for change in changes]
    if len(week.counted) < DAYS:
        sentences.append(f"Only {len(week.counted)} days of it could be compared.")
    ended = datetime.combine(week.monday + timedelta(days=7), time(), now.tzinfo)
    return Verdict(
        Outcome.MISSED,
        Reason.SLOW_CHANGE,
        f"week {week.name}",
        min(ended, now),
        now + timedelta(days=7),
        Evidence(detail=" ".join(sentences)),
    )

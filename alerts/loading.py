"""Reading what judging needs of many homes, with one query for each kind of thing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from alerts import away, pauses
from alerts.away import Absence
from alerts.findings import Said
from alerts.folding import MEASURED_IN
from alerts.ledger import Ledger
from alerts.marks import MARKING
from alerts.outages import ledger
from alerts.pauses import Pause
from alerts.picture import Bunch
from alerts.verdicts import AlertClass
from gateway.messages import ALARMS, Kind
from ingest.database import sql
from ingest.kinds import ACTIVITY_KINDS, KIND, NUMBER

KNOWN_FOR = timedelta(days=5)
"""So long back findings are read; the table itself refuses a second one of any age."""

KINDS = [NUMBER[kind] for kind in ACTIVITY_KINDS | MARKING | ALARMS | {Kind.BEAT, Kind.TEMPERATURE}]
"""What a picture takes in."""


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A rule's row; its settings are read later, so that a broken one harms only itself."""

    home_id: int
    id: int
    version: int
    settings: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An alert that is not closed."""

    home_id: int
    id: int
    class_: AlertClass
    state: str
    reason: str
    opened_at: datetime
    explained: bool
    """Data explained it already, though somebody may have taken it since to read it."""


@dataclass(frozen=True, slots=True)
class Missed:
    """What was missed in an alert that is not closed."""

    alert_id: int
    rule_id: int | None
    rule_version: int
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream with readings that no picture has taken in, as of `saves`."""

    home_id: int
    id: int
    saves: int
    unfolded_from: datetime


@dataclass(slots=True)
class HomeFacts:
    """Everything that one home is judged by."""

    home_id: int
    time_zone: str
    picture: dict[str, Any] | None
    rules: list[KeptRule] = field(default_factory=list)
    streams: list[Stream] = field(default_factory=list)
    readings: list[Bunch] = field(default_factory=list)
    known: set[Said] = field(default_factory=set)
    alerts: list[OpenAlert] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    ledger: Ledger = ()
    """The same for every home."""


def claim(connection: Connection, now: datetime, limit: int) -> list[HomeFacts]:
    """Homes that are due, locked until the transaction ends, with all their facts."""
    with connection.cursor(row_factory=class_row(HomeFacts)) as cursor:
        homes = cursor.execute(sql(__file__, "claim_due"), {"now": now, "limit": limit}).fetchall()
    if homes:
        _fill(connection, homes, now)
        _fill_findings(connection, homes, now)
    return homes


def one(connection: Connection, home_id: int, now: datetime) -> HomeFacts:
    """One home as it is, for looking at. Raises LookupError where there is none."""
    found = several(connection, [home_id], now)
    if not found:
        raise LookupError(f"home {home_id}")
    return found[0]


def several(connection: Connection, home_ids: Sequence[int], now: datetime) -> list[HomeFacts]:
    """These homes as they are, for looking at."""
    with connection.cursor(row_factory=class_row(HomeFacts)) as cursor:
        homes = cursor.execute(sql(__file__, "load_states"), {"homes": list(home_ids)}).fetchall()
    if homes:
        _fill(connection, homes, now)
    return homes


def read_anew(connection: Connection, home: HomeFacts, since: datetime) -> None:
    """Forget the picture, which cannot be read, and take all readings since then instead."""
    home.picture = None
    home.readings = [
        (place, role, KIND[kind], value, times)
        for _, place, role, kind, value, times in _readings(connection, [Stream(home.home_id, 0, 0, since)])
    ]


def _fill(connection: Connection, homes: Sequence[HomeFacts], now: datetime) -> None:
    """Rules, the readings that no picture has taken in, and when nobody was at home or nobody could or might see."""
    by_id = {home.home_id: home for home in homes}
    _fill_absences(connection, by_id, now)
    for home_id, *pause in connection.execute(
        sql(__file__, "load_pauses"), {"homes": list(by_id), "since": now - pauses.REMEMBERED}
    ):
        by_id[home_id].pauses.append(Pause(*pause))
    if past := ledger(connection, now):
        for home in homes:
            home.ledger = past
    # By hand and in binary: there are eight rules a home, and class_row takes thrice the time.
    with connection.cursor(binary=True) as cursor:
        for row in cursor.execute(sql(__file__, "load_rules"), {"homes": list(by_id)}):
            by_id[row[0]].rules.append(KeptRule(*row))
        streams = [Stream(*row) for row in cursor.execute(sql(__file__, "load_unfolded"), {"homes": list(by_id)})]
    for stream in streams:
        by_id[stream.home_id].streams.append(stream)
    for home_id, place, role, kind, value, times in _readings(connection, streams):
        by_id[home_id].readings.append((place, role, KIND[kind], value, times))


def _fill_absences(connection: Connection, by_id: Mapping[int, HomeFacts], now: datetime) -> None:
    values = {"homes": list(by_id), "since": now - away.REMEMBERED}
    for row in connection.execute(sql(__file__, "load_absences"), values):
        by_id[row[0]].absences.append(Absence(*row))


def _readings(
    connection: Connection, streams: Iterable[Stream]
) -> Iterable[tuple[int, str, str, int, float, list[float]]]:
    since: dict[int, datetime] = {}
    for stream in streams:
        since[stream.home_id] = min(stream.unfolded_from, since.get(stream.home_id, stream.unfolded_from))
    if not since:
        return ()
    values = {
        "homes": list(since),
        "since": list(since.values()),
        "earliest": min(since.values()),
        "kinds": KINDS,
        "beat": NUMBER[Kind.BEAT],
        "temperature": NUMBER[Kind.TEMPERATURE],
        "measured_in": MEASURED_IN,
    }
    with connection.cursor(binary=True) as cursor:
        return cursor.execute(sql(__file__, "load_readings"), values).fetchall()


def _fill_findings(connection: Connection, homes: Sequence[HomeFacts], now: datetime) -> None:
    by_id = {home.home_id: home for home in homes}
    known = connection.execute(sql(__file__, "load_known"), {"homes": list(by_id), "since": now - KNOWN_FOR})
    for home_id, rule_id, occasion, verdict in known:
        by_id[home_id].known.add((rule_id, occasion, verdict))
    with connection.cursor(row_factory=class_row(OpenAlert)) as cursor:
        alerts = cursor.execute(sql(__file__, "load_open"), {"homes": list(by_id)}).fetchall()
    missed: defaultdict[int, list[Missed]] = defaultdict(list)
    if alerts:
        with connection.cursor(row_factory=class_row(Missed)) as rows:
            for each in rows.execute(sql(__file__, "load_missed"), {"alerts": [alert.id for alert in alerts]}):
                missed[each.alert_id].append(each)
    for alert in alerts:
        by_id[alert.home_id].alerts.append(alert)
        by_id[alert.home_id].missed.extend(missed[alert.id])

"""What is not urgent, once a day by e-mail, to responders and coordinators. Only where there is something."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row

from alerts import words
from alerts.keeping_in_touch.summary import claim
from alerts.telling.climbing import By
from alerts.telling.queueing import Draft, Purpose, queue
from alerts.telling.refusals import CONTACT_WORDS
from alerts.telling.rotas import Hole, holes
from alerts.verdicts import Evidence, Outcome, Reason, Verdict
from gateway.log import about
from ingest.database import sql

log = logging.getLogger(__name__)

AT_ONCE = 200
"""People in one transaction."""
MOST_LINES = 50
"""Of one kind in one e-mail; of more it says how many there are."""


@dataclass(frozen=True, slots=True)
class _Reader:
    person_id: int
    day: date
    time_zone: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """A technical alert that was opened, or closed, since the reader heard last."""

    person_id: int
    home: str
    time_zone: str
    reason: str
    finding: dict[str, Any] | None
    opened_at: datetime
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What one e-mail can say."""

    jobs: Sequence[Job] = ()
    areas: Sequence[tuple[str, int, datetime]] = ()
    """Area, homes, since when."""
    bare: Sequence[Hole] = ()
    doubts: Sequence[str] = ()
    """Names of colleagues."""


def tell(connection: Connection, at: str, now: datetime) -> int:
    """Write to staff for whom it is `at` ("07:30") or a little later; to how many."""
    told = 0
    while (some := _tell_some(connection, at, now)) is not None:
        told += some
    if told:
        log.info("Digests were written", extra=about("digests", people=told))
    return told


def _tell_some(connection: Connection, at: str, now: datetime) -> int | None:
    """None: nobody is due."""
    with connection.transaction():
        with connection.cursor(row_factory=class_row(_Reader)) as cursor:
            values = {"now": now, "at": at, "limit": AT_ONCE}
            due = cursor.execute(sql(__file__, "digest_due"), values).fetchall()
        mine = claim(connection, Purpose.DIGEST, [(one.person_id, one.day) for one in due], now)
        readers = [one for one in due if one.person_id in mine]
        if not readers:
            return None
        drafts = _drafts(connection, readers, now)
        queue(connection, drafts, now)
    return len(drafts)


def _drafts(connection: Connection, readers: Sequence[_Reader], now: datetime) -> list[Draft]:
    jobs = _jobs(connection, readers, now)
    bare = holes(connection, now)
    drafts = []
    for one in readers:
        values = {"person": one.person_id, "since": one.since, "now": now}
        doubts = [row[0] for row in connection.execute(sql(__file__, "digest_doubts"), values)]
        areas = connection.execute(sql(__file__, "digest_areas"), values).fetchall()
        known = Known(jobs.get(one.person_id, ()), areas, bare, doubts)
        body = as_mail(known, ZoneInfo(one.time_zone), now)
        if body is not None:
            drafts.append(Draft(one.person_id, Purpose.DIGEST, body, urgent=False, channel=By.EMAIL))
    return drafts


def _jobs(connection: Connection, readers: Sequence[_Reader], now: datetime) -> dict[int, list[Job]]:
    values = {"people": [one.person_id for one in readers], "since": [one.since for one in readers], "now": now}
    with connection.cursor(row_factory=class_row(Job)) as cursor:
        found = cursor.execute(sql(__file__, "digest_alerts"), values).fetchall()
    return {person: list(some) for person, some in groupby(found, key=lambda job: job.person_id)}


def as_mail(known: Known, zone: ZoneInfo, now: datetime) -> str | None:
    """Subject, line break, text; None where there is nothing to say. Pure."""
    parts = [
        _part("Many homes at once", [_area(*one, zone) for one in known.areas]),
        _part("New", [_line(job, now) for job in known.jobs if not job.is_closed]),
        _part("Closed", [_line(job, now) for job in known.jobs if job.is_closed]),
        _part("Nobody is on duty", [_hole(hole, zone) for hole in known.bare]),
        _part("Is this still their phone", [f"{name}: please ask" for name in known.doubts]),
    ]
    said = [part for part in parts if part]
    return "Hearthlight: what can wait until today\n" + "\n\n".join(said) if said else None


def _part(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    more = [f"- and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
    return "\n".join([f"{title}:", *(f"- {line}" for line in lines[:MOST_LINES]), *more])


def _line(job: Job, now: datetime) -> str:
    zone = ZoneInfo(job.time_zone)
    if job.finding is None or job.reason in CONTACT_WORDS:
        return f"{job.home}: {CONTACT_WORDS.get(job.reason, 'Something wants a look.')}"
    deadline = datetime.fromisoformat(job.finding["deadline_at"])
    verdict = Verdict(
        Outcome(job.finding["verdict"]), Reason(job.finding["reason"]), job.finding["occasion"], deadline, deadline,
        Evidence.from_json(job.finding["evidence"]),
    )  # fmt: skip
    return f"{job.home}: {words.sentence(verdict, zone, now)}."


def _area(area: str, homes: int, began_at: datetime, zone: ZoneInfo) -> str:
    since = began_at.astimezone(zone)
    return f"{area}: {homes} homes cannot be seen since {since:%A} {since:%H:%M}"


def _hole(hole: Hole, zone: ZoneInfo) -> str:
    start, end = hole.from_at.astimezone(zone), hole.until_at.astimezone(zone)
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%A} {end.day} {end:%B} {end:%H:%M}"
    return f"{hole.name}: {start:%A} {start.day} {start:%B} {start:%H:%M} to {until}"

"""Running ladders: the people of a step are written their texts, many alerts at a time.

The decisions are in climbing.py. When a step is due is a column (`next_step_at`), so a
restart forgets nothing and any number of workers may run. Technical alerts text nobody.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import psycopg
from psycopg import Connection
from psycopg.rows import class_row

from alerts.telling import codes, states, tablet, texts
from alerts.telling.climbing import By, Ladder, Move, Reach, Rung, What, WhyNot, go_on
from alerts.telling.queueing import Draft, Purpose, changed, machine_words, queue
from alerts.telling.quiet_hours import QuietHours
from alerts.verdicts import AlertClass, Severity
from gateway.log import about
from ingest.database import sql

log = logging.getLogger(__name__)

SET_ASIDE_FOR = timedelta(minutes=10)
"""A ladder that cannot go on is tried again after so long."""
AGAIN_AT_MOST_EVERY = timedelta(minutes=5)
"""Who has an alert hears no more often than this that the home called again."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One person on the ladder of one alert; step and person are None where the ladder is empty."""

    alert_id: int
    class_: str
    severity: str
    reason: str
    deadline_at: datetime
    step: int
    round: int
    repeats_left: int
    rung: int | None
    after_s: int
    person_id: int | None
    endpoint_id: int | None
    gateway_id: int | None
    channel: str | None
    is_resident: bool | None
    why_not: str | None
    quiet_from: time | None
    quiet_until: time | None
    time_zone: str | None
    nobody_told: bool
    unanswered: bool
    has_rota: bool
    is_new: bool

    def reach(self, now: datetime) -> Reach:
        return Reach(
            self.person_id,
            By(self.channel or By.SMS),
            self.endpoint_id,
            self.gateway_id,
            self._not_before(now),
            is_resident=bool(self.is_resident),
            is_new=self.is_new,
        )

    def _not_before(self, now: datetime) -> datetime | None:
        if self.severity != Severity.LOW or not (self.quiet_from and self.quiet_until and self.time_zone):
            return None
        return QuietHours(self.quiet_from, self.quiet_until, ZoneInfo(self.time_zone)).end_from(now)


@dataclass(frozen=True, slots=True)
class _Climber:
    """An alert with its ladder."""

    alert_id: int
    class_: AlertClass
    reason: str
    severity: Severity
    deadline_at: datetime
    ladder: Ladder
    residents: frozenset[int]
    """Those on the ladder who are asked whether they are all right."""

    def draft(self, reach: Reach, move: Move, code: str | None, now: datetime) -> Draft:
        return Draft(
            reach.person_id,
            Purpose.ALERT,
            self._body(reach, code or "", now, again=move.round > 0),
            urgent=self.severity is Severity.URGENT,
            alert_id=self.alert_id,
            code=code,
            step=move.step,
            round=move.round,
            channel=reach.by,
            endpoint_id=reach.endpoint_id,
            not_before=reach.not_before,
        )

    def _body(self, reach: Reach, code: str, now: datetime, *, again: bool) -> str:
        match reach.by:
            case By.SMS if reach.person_id in self.residents:
                return texts.are_you_all_right(code, again=again)
            case By.SMS:
                return texts.alert(self.class_, self.reason, code, age=now - self.deadline_at, again=again)
            case By.VOICE if reach.person_id in self.residents:
                return texts.asked_aloud()
            case By.VOICE:
                return texts.spoken(self.class_, self.reason, again=again)
            case By.EMAIL:
                return texts.mailed(self.class_, self.reason, again=again)
            case By.WEBHOOK:
                about = {"class": self.class_, "severity": self.severity, "reason": self.reason, "again": again}
                return machine_words(
                    Purpose.ALERT, self.alert_id, now, deadline_at=self.deadline_at.isoformat(), **about
                )
            case By.TABLET:
                raise ValueError("a tablet is told to ask, and has words of its own")


def start(connection: Connection, alert_ids: Sequence[int], now: datetime) -> None:
    """Begin the ladders of alerts that were just opened, in the caller's transaction."""
    climbers = [one for one in _load(connection, alert_ids, now) if one.class_ is not AlertClass.TECHNICAL]
    waits = {one.alert_id: one.ladder.rungs[0].after if one.ladder.rungs else timedelta() for one in climbers}
    later = [alert for alert, wait in waits.items() if wait]
    if later:
        values = {"alerts": later, "at": [now + waits[alert] for alert in later]}
        connection.execute(sql(__file__, "start_later"), values)
    _climb(connection, [one for one in climbers if not waits[one.alert_id]], now)


def tell_holders(connection: Connection, alert_ids: Sequence[int], now: datetime) -> None:
    """Who has these alerts hears that the home called for help again."""
    values = {"alerts": list(alert_ids), "now": now, "since": now - AGAIN_AT_MOST_EVERY}
    holders = connection.execute(sql(__file__, "holders"), values).fetchall()
    given = codes.give(connection, [(alert, person) for alert, person, _, _ in holders], now)
    drafts = [
        Draft(
            person, Purpose.CALLED_AGAIN, texts.called_again(code), urgent=True,
            alert_id=alert, code=code, step=step, round=round_,
        )
        for alert, person, step, round_ in holders
        for code in [given[alert, person]]
    ]  # fmt: skip
    queue(connection, drafts, now)


def run_due_steps(connection: Connection, now: datetime, limit: int = 200) -> int:
    """Hear what was answered on tablets, bring back alerts that lapsed, run the steps that are due; how many of all."""
    heard = tablet.hear(connection, now)
    values = {"now": now, "limit": limit}
    with connection.transaction():
        lapsed = connection.execute(sql(__file__, "claim_lapsed"), values).fetchall()
        for row in lapsed:
            states.lapse(connection, row[0], now)
        due = [row[0] for row in connection.execute(sql(__file__, "claim_due_steps"), values)]
        _climb_apart(connection, due, now)
    return heard + len(lapsed) + len(due)


def _climb_apart(connection: Connection, alert_ids: Sequence[int], now: datetime) -> None:
    """All at once; should one of them fail, each by itself, so that it cannot stop the others."""
    try:
        with connection.transaction():
            _climb(connection, _load(connection, alert_ids, now), now)
    except psycopg.OperationalError:
        raise  # the connection or a lock: nothing is wrong with any alert
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one alert must not stop the others
        if len(alert_ids) > 1:
            for alert in alert_ids:
                _climb_apart(connection, [alert], now)
            return
        fields = about("alert_set_aside", alert_id=alert_ids[0], error=type(error).__name__)
        log.error("A ladder cannot go on", extra=fields)  # noqa: TRY400 - its words may hold a text
        values = {"alerts": list(alert_ids), "at": [now + SET_ASIDE_FOR]}
        connection.execute(sql(__file__, "start_later"), values)


def _load(connection: Connection, alert_ids: Sequence[int], now: datetime) -> list[_Climber]:
    if not alert_ids:
        return []
    with connection.cursor(row_factory=class_row(_Row)) as cursor:
        rows = cursor.execute(sql(__file__, "ladders"), {"alerts": list(alert_ids), "now": now}).fetchall()
    return [_climber(list(group), now) for _, group in groupby(rows, key=lambda row: row.alert_id)]


def _climber(rows: Sequence[_Row], now: datetime) -> _Climber:
    first = rows[0]
    people = (row for row in rows if row.rung is not None)
    rungs = tuple(_rung(list(group), now) for _, group in groupby(people, key=lambda row: row.rung))
    where = (first.step, first.round, first.repeats_left)
    ladder = Ladder(rungs, *where, first.nobody_told, first.unanswered, first.has_rota)
    residents = frozenset(row.person_id for row in rows if row.is_resident and row.person_id is not None)
    return _Climber(
        first.alert_id, AlertClass(first.class_), first.reason, Severity(first.severity), first.deadline_at, ladder,
        residents,
    )  # fmt: skip


def _rung(rows: Sequence[_Row], now: datetime) -> Rung:
    people = [(row.reach(now), WhyNot(row.why_not) if row.why_not else None) for row in rows]
    if any(reach.is_resident and reach.not_before for reach, _ in people):  # the tablet speaks in the same home
        people = [(reach, why_not) for reach, why_not in people if reach.by is not By.TABLET]
    return Rung(
        rows[0].rung or 0,
        timedelta(seconds=min(row.after_s for row in rows)),
        tuple(reach for reach, why_not in people if why_not is None),
        tuple((reach, why_not) for reach, why_not in people if why_not is not None),
    )


def _climb(connection: Connection, climbers: Sequence[_Climber], now: datetime) -> None:
    if not climbers:
        return
    moves = [(one, go_on(one.ladder, now)) for one in climbers]
    tell = [(one, move, reach) for one, move in moves for reach in move.tell]
    tablet.ask(connection, [(one.alert_id, reach.gateway_id) for one, _, reach in tell if reach.gateway_id], now)
    told = [(one, move, reach) for one, move, reach in tell if not reach.gateway_id]
    given = codes.give(connection, [(one.alert_id, reach.person_id) for one, _, reach in told if reach.person_id], now)
    drafts = [one.draft(reach, move, given.get((one.alert_id, reach.person_id or 0)), now) for one, move, reach in told]
    queue(connection, drafts, now)
    _write(connection, moves, now)
    changed(connection, [one.alert_id for one in climbers])


def _write(connection: Connection, moves: Sequence[tuple[_Climber, Move]], now: datetime) -> None:
    """Where each alert stands now, and what happened on the way."""
    values = {
        "now": now,
        "alert": [one.alert_id for one, _ in moves],
        "step": [move.step for _, move in moves],
        "round": [move.round for _, move in moves],
        "repeats_left": [move.repeats_left for _, move in moves],
        "next_step_at": [move.next_step_at for _, move in moves],
        "unanswered": [move.unanswered for _, move in moves],
    }
    connection.execute(sql(__file__, "write_moves"), values)
    events = [(one.alert_id, event) for one, move in moves for event in move.happened]
    columns = {
        "now": now,
        "alert": [alert for alert, _ in events],
        "what": [event.what for _, event in events],
        "person": [event.person_id for _, event in events],
        "note": [event.note for _, event in events],
    }
    connection.execute(sql(__file__, "write_events"), columns)
    _log(events_of=moves)


def _log(events_of: Iterable[tuple[_Climber, Move]]) -> None:
    for one, move in events_of:
        if any(event.what is What.NOBODY_ANSWERED for event in move.happened):
            log.warning("Nobody answered an alert", extra=about("alert_nobody_answered", alert_id=one.alert_id))
        elif move.tell:
            ids = {"alert_id": one.alert_id, "step": move.step, "people": len(move.tell)}
            log.info("A step of a ladder ran", extra=about("ladder_step", **ids))

"""Judging homes that are due: claim, fold, evaluate, find, open alerts, start ladders; one transaction.

Any number of workers may do this at once: a claim is a row lock, and `due_at` is the deadline.
One home that cannot be judged is set aside and never stops the others.
"""

import gc
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
from psycopg import Connection
from psycopg.types.json import Jsonb
from pydantic_core import to_json

from alerts import loading
from alerts.absences import keep_ends
from alerts.folding import HORIZON_MIN
from alerts.loading import HomeFacts
from alerts.one_home import Judgement, RuleVerdict, is_readable, judge_home, rescue, verdicts_of
from alerts.opening import write_alerts
from alerts.picture import Picture
from alerts.rules import RuleSettings
from gateway.log import about
from ingest.database import sql

__all__ = ["Judged", "RuleVerdict", "add_rule", "judge_due", "picture_now"]

log = logging.getLogger(__name__)

HORIZON = timedelta(minutes=HORIZON_MIN)
SET_ASIDE_FOR = timedelta(minutes=10)
"""A home that cannot be judged is tried again after so long."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How many homes were judged, and how many alerts that opened (or opened again)."""

    homes: int
    alerts: int


def judge_due(connection: Connection, now: datetime, limit: int = 500) -> Judged:
    """Judge up to `limit` homes that are due, in one transaction."""
    with _unswept(), connection.transaction():
        homes = loading.claim(connection, now, limit)
        judged = [(home, _judge(connection, home, now)) for home in homes]
        alerts = _write(connection, judged, now)
    if alerts:
        log.info("Alerts were opened", extra=about("alerts_opened", homes=len(homes), alerts=alerts))
    return Judged(len(homes), alerts)


@contextmanager
def _unswept() -> Iterator[None]:
    """No search for rings of garbage meanwhile: a batch leaves none, and looking costs up to a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def picture_now(connection: Connection, home_id: int, now: datetime) -> tuple[Picture, list[RuleVerdict]]:
    """The picture of a home with everything folded in, and what each rule says; nothing is written."""
    home = loading.one(connection, home_id, now)
    if not is_readable(home.picture):
        loading.read_anew(connection, home, now - HORIZON)
    return verdicts_of(home, now)


def add_rule(connection: Connection, home_id: int, settings: RuleSettings, since: datetime | None = None) -> int:
    """Keep a new rule and make its home due. Windows that began before `since` are not judged by it."""
    values = {
        "home": home_id,
        "kind": settings.kind,
        "settings": Jsonb(settings.model_dump(mode="json")),
        "since": since,
    }
    row = connection.execute(sql(__file__, "add_rule"), values).fetchone()
    if row is None:
        raise LookupError(f"home {home_id}")
    return int(row[0])


def _judge(connection: Connection, home: HomeFacts, now: datetime) -> Judgement:
    try:
        return judge_home(home, now)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one home must not stop the others
        if not is_readable(home.picture):  # of another version, perhaps: made anew, which gives a readable one
            loading.read_anew(connection, home, now - HORIZON)
            return _judge(connection, home, now)
        _log_set_aside(home, error)
        return _rescue(home, now)


def _rescue(home: HomeFacts, now: datetime) -> Judgement:
    """A home that cannot be judged still calls for help, and the housing team hears that nobody watches it."""
    home.streams.clear()  # what was not folded stays unfolded
    try:
        return rescue(home, now + SET_ASIDE_FOR, now)
    except Exception as error:  # noqa: BLE001 - then at least the others
        _log_set_aside(home, error)
        return _set_aside(home, now)


def _set_aside(home: HomeFacts, now: datetime) -> Judgement:
    home.streams.clear()
    return Judgement(home.home_id, now + SET_ASIDE_FOR)


def _write(connection: Connection, judged: Sequence[tuple[HomeFacts, Judgement]], now: datetime) -> int:
    """All homes at once; should the database refuse that, each by itself, so that one cannot stop the others."""
    try:
        with connection.transaction():
            return _write_all(connection, judged, now)
    except psycopg.OperationalError:
        raise  # the connection or a lock: nothing is wrong with any home
    except Exception:  # noqa: BLE001 - whatever is wrong with one home must not stop the others
        return sum(_write_alone(connection, home, judgement, now) for home, judgement in judged)


def _write_alone(connection: Connection, home: HomeFacts, judgement: Judgement, now: datetime) -> int:
    try:
        with connection.transaction():
            return _write_all(connection, [(home, judgement)], now)
    except psycopg.OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - it is this home that is set aside
        _log_set_aside(home, error)
    try:
        with connection.transaction():
            return _write_all(connection, [(home, _rescue(home, now))], now)
    except psycopg.OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - not even that can be written
        _log_set_aside(home, error)
    return _write_all(connection, [(home, _set_aside(home, now))], now)


def _write_all(connection: Connection, judged: Sequence[tuple[HomeFacts, Judgement]], now: datetime) -> int:
    judgements = [judgement for _, judgement in judged]
    alerts = write_alerts(connection, judgements, now)
    keep_ends(connection, [ended for one in judgements for ended in one.ended])
    if judgements:
        connection.execute(
            sql(__file__, "keep_states"),
            {
                "homes": [one.home_id for one in judgements],
                "pictures": [to_json(one.picture).decode() if one.picture else None for one in judgements],
                "dues": [one.due_at for one in judgements],
            },
        )
    streams = [stream for home, _ in judged for stream in home.streams]
    if streams:
        values = {"ids": [stream.id for stream in streams], "saves": [stream.saves for stream in streams]}
        connection.execute(sql(__file__, "mark_folded"), values)
    return alerts


def _log_set_aside(home: HomeFacts, error: Exception) -> None:
    fields = about("home_set_aside", home_id=home.home_id, error=type(error).__name__)
    log.error("A home cannot be judged", extra=fields)

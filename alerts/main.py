"""`python -m alerts`: judges homes, runs ladders, hands texts over, and asks what became of them.

Only this module asks the clock. Any number of these processes may run at once: all work is
claimed row by row.
"""

import argparse
import logging
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from alerts.areas import LOOK_EVERY_S as AREAS_EVERY_S
from alerts.areas import look_at_areas
from alerts.judging import judge_due
from alerts.keeping_in_touch import rounds
from alerts.loops import Bell, Loops
from alerts.outages import LOOK_EVERY, Lookout
from alerts.settings import AlertsSettings
from alerts.slow_change.weekly import EVERY_S as COMPARE_EVERY_S
from alerts.slow_change.weekly import compare_due
from alerts.supervision.sweep import EVERY_S as SWEEP_EVERY_S
from alerts.supervision.sweep import sweep
from alerts.telling import limits, lost_inbound
from alerts.telling.carrying import Health, Routes
from alerts.telling.ladder import run_due_steps
from alerts.telling.pacing import SharedPace
from alerts.telling.queueing import SEND
from alerts.telling.sender import Patience, look_next, send_next
from alerts.telling.twilio_sms import Twilio
from alerts.telling.wiring import routes, twilio
from gateway import log as logs
from gateway.log import about
from gateway.settings import described, read
from ingest.database import DUE, sql

log = logging.getLogger(__name__)

DESCRIPTION = """\
Judges homes, runs ladders, hands texts over, and asks what became of them. Also, each with --help:
  audit    looks every minute whether what was due was really done
  suggest  the rules that fit a home's own habits
  replay   what rules would have said about days that are over"""

JUDGE_EVERY_S = 0.25
STEP_EVERY_S = 0.5
SEND_EVERY_S = 1.0
LOOK_EVERY_S = 0.5
FETCH_EVERY_S = 60.0
REST_S = 60
"""So long a webhook may take before its text is asked for."""
LISTEN_S = 0.5
STOP_WITHIN_S = 1.5
SECONDS_OF_CLAIMS = 5
"""No more senders than can send their claims within this time at the allowed pace."""


def main(argv: Sequence[str] | None = None) -> None:
    argparse.ArgumentParser(
        prog="python -m alerts",
        description=DESCRIPTION,
        epilog=described(AlertsSettings),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args(argv)
    settings = read(AlertsSettings)
    logs.start(as_json=settings.log_json)
    stop = threading.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: stop.set())
    loops = run(settings)
    log.info("Alerts are being judged and told", extra=about("alerts_started"))
    stop.wait()
    loops.stop(STOP_WITHIN_S)
    log.info("Stopped", extra=about("alerts_stopped"))


def run(settings: AlertsSettings) -> Loops:
    """Start every loop."""
    loops = Loops(settings.database_url.get_secret_value())
    homes_due, texts_wait, never = loops.bell(), loops.bell(), loops.bell()
    loops.run("listen", _listening({DUE: homes_due, SEND: texts_wait}), never, 0)
    now = settings.clock.now
    lookout = Lookout(now)
    loops.run("fleet", _looking_out(lookout), never, LOOK_EVERY.total_seconds() / settings.clock.speed)
    loops.run("areas", _looking_at_areas(now), never, AREAS_EVERY_S / settings.clock.speed)
    loops.run("devices", _sweeping(now), never, SWEEP_EVERY_S / settings.clock.speed)
    loops.run(
        "weeks",
        lambda connection: compare_due(connection, now()).homes > 0,
        never,
        COMPARE_EVERY_S / settings.clock.speed,
    )
    loops.run("judge", _judging(lookout, now), homes_due, JUDGE_EVERY_S)
    loops.run("ladder", lambda connection: run_due_steps(connection, now()) > 0, texts_wait, STEP_EVERY_S)
    patience, health = Patience.of(settings.clock), Health()
    pace = SharedPace(loops.database_url, settings.sms_from, settings.sms_per_second)
    loops.closing.append(pace.close)
    for number in range(_senders(settings)):
        sending = _sending(routes(settings, pace, health), now, patience)
        loops.run(f"send-{number}", sending, texts_wait, SEND_EVERY_S)
    loops.run("look", _looking(routes(settings, pace, health), now, patience), never, LOOK_EVERY_S)
    loops.run("fetch", _fetching(twilio(settings), now, settings.clock.speed), never, FETCH_EVERY_S)
    loops.run("budget", _counting(settings), never, rounds.COUNT_EVERY_S / settings.clock.speed)
    loops.run("in-touch", _keeping_in_touch(settings), never, rounds.EVERY_S / settings.clock.speed)
    return loops


def _senders(settings: AlertsSettings) -> int:
    return min(settings.senders, max(1, int(settings.sms_per_second * SECONDS_OF_CLAIMS)))


Now = Callable[[], datetime]


def _listening(bells: dict[str, Bell]) -> Callable[[Connection], bool]:
    """Rings the bell of each channel on which the database calls."""
    listening: list[Connection] = []

    def work(connection: Connection) -> bool:
        if connection not in listening:  # a new one: the database was away
            for channel in bells:
                connection.execute(SQL("listen {}").format(Identifier(channel)))
            listening[:] = [connection]
            for bell in bells.values():
                bell.ring()  # for what was called while nobody listened
        for call in connection.notifies(timeout=LISTEN_S):
            bells[call.channel].ring()
        return True

    return work


def _looking_out(lookout: Lookout) -> Callable[[Connection], bool]:
    """Looks at all homes together, and always rests afterwards."""

    def work(connection: Connection) -> bool:
        lookout.look(connection)
        return False

    return work


def _looking_at_areas(now: Now) -> Callable[[Connection], bool]:
    """Looks whether many homes of one area fell silent, and always rests afterwards."""

    def work(connection: Connection) -> bool:
        look_at_areas(connection, now())
        return False

    return work


def _judging(lookout: Lookout, now: Now) -> Callable[[Connection], bool]:
    def work(connection: Connection) -> bool:
        lookout.look_if_missed(connection)
        return judge_due(connection, now()).homes > 0

    return work


def _sweeping(now: Now) -> Callable[[Connection], bool]:
    """Looks for devices in trouble, and always rests afterwards."""

    def work(connection: Connection) -> bool:
        sweep(connection, now())
        return False

    return work


def _sending(routes: Routes, now: Now, patience: Patience) -> Callable[[Connection], bool]:
    return lambda connection: send_next(connection, routes, now, patience)


def _looking(routes: Routes, now: Now, patience: Patience) -> Callable[[Connection], bool]:
    return lambda connection: look_next(connection, routes, now, patience)


def _fetching(carrier: Twilio, now: Now, speed: float) -> Callable[[Connection], bool]:
    """Looks for what was lost on the way in, and always rests afterwards."""
    rest = timedelta(seconds=REST_S * speed)

    def work(connection: Connection) -> bool:
        lost_inbound.fetch(connection, carrier, now(), rest)
        connection.execute(sql(__file__, "expire_sign_ins"), {"now": now()})
        return False

    return work


def _counting(settings: AlertsSettings) -> Callable[[Connection], bool]:
    """Counts the month's texts, and always rests afterwards."""

    def work(connection: Connection) -> bool:
        limits.count(connection, settings.sms_a_month, settings.clock.now())
        return False

    return work


def _keeping_in_touch(settings: AlertsSettings) -> Callable[[Connection], bool]:
    """Writes good news, summaries and digests, and always rests afterwards."""
    terms = rounds.Terms(settings.sms_a_month, settings.digest_at, settings.smtp_host is not None)

    def work(connection: Connection) -> bool:
        rounds.keep_in_touch(connection, terms, settings.clock.now())
        return False

    return work

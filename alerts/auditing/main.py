"""`python -m alerts audit`: looks every minute whether what was due was really done.

It shares nothing with the engine but the database, tells the operator by a way that texts do not
take, and asks for its heartbeat outside only when all is well: so that silence means trouble too.
"""

import argparse
import logging
import signal
import threading
from collections.abc import Sequence
from datetime import datetime

import psycopg
import requests

from alerts.auditing.checks import Fault, away, look
from alerts.auditing.operators import TIMEOUT_S, Operators
from alerts.auditing.settings import AuditSettings
from alerts.auditing.standing import News, Standing
from gateway import log as logs
from gateway.log import about
from gateway.settings import described, read
from ingest.database import connect

log = logging.getLogger(__name__)


class Auditor:
    """One look after the other."""

    def __init__(self, settings: AuditSettings) -> None:
        self.settings = settings
        self.standing = Standing()
        self.operators = Operators(settings)

    def look(self, now: datetime) -> bool:
        """One look; whether all is well and everybody who had to hear of anything did."""
        faults = self._faults(now)
        for fault in faults:
            log.error("Something is wrong", extra=about("audit_fault", fault=fault.name, count=fault.count))
        news = self.standing.hear(faults, now)
        heard = not news or self._tell(news, now)
        if heard:
            self.standing.was_told(news, now)
        is_well = heard and not any(fault.is_failure for fault in faults)
        if is_well:
            self._beat()
        return is_well

    def _faults(self, now: datetime) -> Sequence[Fault]:
        try:
            with connect(self.settings.database_url.get_secret_value(), autocommit=True) as connection:
                return look(connection, now)
        except psycopg.OperationalError as error:
            return away(error)

    def _tell(self, news: News, now: datetime) -> bool:
        subject = "Hearthlight: something is wrong" if news.faults else "Hearthlight: over"
        faults = [{"name": f.name, "count": f.count, "sentence": f.sentence()} for f in news.faults]
        data: dict[str, object] = {"faults": faults, "over": list(news.healed)}
        return self.operators.tell(subject, news.text(), "platform.audit", data, now)

    def _beat(self) -> None:
        if self.settings.heartbeat_url is None:
            return
        try:
            requests.get(str(self.settings.heartbeat_url), timeout=TIMEOUT_S).raise_for_status()
        except requests.RequestException as error:
            fields = about("heartbeat_failed", why=type(error).__name__)
            log.warning("The heartbeat outside could not be reached", extra=fields)


def main(argv: Sequence[str] | None = None) -> None:
    argparse.ArgumentParser(
        prog="python -m alerts audit",
        description=__doc__,
        epilog=described(AuditSettings),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args(argv)
    settings = read(AuditSettings)
    logs.start(as_json=settings.log_json)
    stop = threading.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: stop.set())
    auditor = Auditor(settings)
    log.info("The audit begins", extra=about("audit_started"))
    while not stop.is_set():
        auditor.look(settings.clock.now())
        stop.wait(settings.audit_every_s / settings.clock.speed)
    log.info("Stopped", extra=about("audit_stopped"))

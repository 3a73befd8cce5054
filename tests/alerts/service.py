"""`python -m alerts` as a process of its own, for tests that kill it."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from gateway.clock import Clock
from tests.alerts.telling import ACCOUNT, OURS, TOKEN


class AlertsService:
    """One process; its log is a file."""

    def __init__(self, database: str, phone_url: str, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        ours = {
            "HEARTH_DATABASE_URL": database,
            "HEARTH_TWILIO_ACCOUNT": ACCOUNT,
            "HEARTH_TWILIO_TOKEN": TOKEN.get_secret_value(),
            "HEARTH_TWILIO_URL": phone_url,
            "HEARTH_SMS_FROM": OURS,
            "HEARTH_PUBLIC_URL": "http://127.0.0.1:9",  # nobody is there: reports are lost
            "HEARTH_SMS_PER_SECOND": "100",
        }
        self.environment = {n: v for n, v in os.environ.items() if not n.startswith("HEARTH_")} | ours

    def start(self, ahead: timedelta = timedelta()) -> None:
        """Start it; with its clock `ahead` it begins that much later than the one before ended."""
        now = Clock().now()
        clock = {"HEARTH_CLOCK": f"{(now + ahead).isoformat()}@{now.timestamp()}x1"} if ahead else {}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([sys.executable, "-m", "alerts"], stderr=log, env=self.environment | clock)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(10)

"""`python -m simulators probe`: proves again and again that a door at night reaches a phone and a reply comes back.

Once by default; with --every SECONDS for ever. Two failed rounds in a row are told to the operator.
"""

import argparse
import logging
import signal
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alerts.auditing.operators import Operators
from gateway import log as logs
from gateway.log import about
from gateway.settings import described, read, refuse
from ingest.database import connect
from simulators.probe.home import prepare
from simulators.probe.playing import ProbeFailed, Took, play
from simulators.probe.settings import ProbeSettings

log = logging.getLogger(__name__)

SURE_AFTER = 2
SOONEST_S = 180
"""Openings of a door within two minutes are one occasion."""


@dataclass(slots=True)
class Probe:
    """Round after round."""

    settings: ProbeSettings
    metrics: Path | None = None
    failed: int = 0
    told: bool = False
    last_success_s: float = 0.0

    def once(self, now: datetime) -> bool:
        try:
            took = play(self.settings)
        except ProbeFailed as failure:
            self._fell(str(failure), now)
            return False
        if self.told:
            self._tell("Hearthlight: the probe works again", "over", now)
        self.failed, self.told, self.last_success_s = 0, False, now.timestamp()
        log.info("The probe came through", extra=about("probe_passed", **_rounded(took)))
        self._write(took)
        return True

    def _fell(self, step: str, now: datetime) -> None:
        self.failed += 1
        log.error("The probe did not come through", extra=about("probe_failed", step=step, times=self.failed))
        self._write(None)
        if self.failed >= SURE_AFTER and not self.told:
            self.told = self._tell("Hearthlight: the probe does not come through", step, now)

    def _tell(self, subject: str, step: str, now: datetime) -> bool:
        text = f"{subject} (step: {step}, {self.failed} times in a row)."
        return Operators(self.settings).tell(subject, text, "platform.probe", {"step": step, "times": self.failed}, now)

    def _write(self, took: Took | None) -> None:
        """In Prometheus' text form, for its textfile collector; the file changes as a whole."""
        if self.metrics is None:
            return
        lines = [f"hearth_probe_success {int(took is not None)}"]
        lines.append(f"hearth_probe_last_success_timestamp_seconds {self.last_success_s:.0f}")
        if took is not None:
            lines += [f'hearth_probe_seconds{{until="{name}"}} {value}' for name, value in _rounded(took).items()]
        draft = self.metrics.with_suffix(".new")
        draft.write_text("\n".join(lines) + "\n")
        draft.replace(self.metrics)


def _rounded(took: Took) -> dict[str, float]:
    return {"stored": round(took.stored, 3), "text": round(took.text, 3), "reply": round(took.reply, 3)}


def main(argv: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(argv)
    settings = read(ProbeSettings)
    logs.start(as_json=settings.log_json)
    if asked.prepare:
        return _prepare(settings)
    probe = Probe(settings, asked.metrics)
    if asked.every is None:
        return 0 if probe.once(settings.clock.now()) else 1
    stop = threading.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: stop.set())
    while not stop.is_set():
        probe.once(settings.clock.now())
        stop.wait(max(SOONEST_S / settings.clock.speed, asked.every))
    return 0


def _prepare(settings: ProbeSettings) -> int:
    if settings.database_url is None:
        refuse("HEARTH_DATABASE_URL: it is needed to write the probe's home")
    with connect(settings.database_url.get_secret_value()) as connection:
        made = prepare(connection, settings, settings.clock.now())
    print("The probe's home is there now." if made else "The probe's home was there already.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulators probe",
        description=__doc__,
        epilog=described(ProbeSettings),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--prepare", action="store_true", help="write the made-up home into the database, once")
    parser.add_argument("--every", type=float, metavar="SECONDS", help="go on for ever, a round in so many seconds")
    parser.add_argument("--metrics", type=Path, metavar="FILE", help="write the figures here, for Prometheus")
    return parser

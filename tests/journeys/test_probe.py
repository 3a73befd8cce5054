"""The probe: a made-up home on the real platform, from the door to the reply, and an alarm when it breaks."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gateway.clock import Clock
from simulators import postgres
from simulators.demo.stack import ACCOUNT, Stack, answers
from simulators.probe.home import prepare
from simulators.probe.main import Probe
from simulators.probe.playing import play
from simulators.probe.settings import ProbeSettings
from simulators.receiver import Receiver, receiver
from simulators.street.people import SMS_FROM
from tests.waiting import until

PHONE = "+447700900777"


@pytest.fixture
def stack(database: str, tmp_path: Path) -> Iterator[Stack]:
    stack = Stack(tmp_path, Clock(), secrets.token_urlsafe(24), say=lambda _: None)
    try:
        stack.start_database(database, "embedded")
        stack.start_brokers(["probe-1"])
        stack.api_port = postgres.free_port()
        stack.start_phone(postgres.free_port(), pace_s=0.01)
        stack.start_ingest()
        stack.start_api(stack.api_port)
        stack.start_alerts()
        stack.wait("The phone company", lambda: answers(stack.phone_url))
        stack.wait("The web service", lambda: answers(stack.api_url))
        yield stack
    finally:
        stack.crew.stop()


@pytest.fixture
def outside() -> Iterator[Receiver]:
    with receiver() as outside:
        yield outside


def settings(stack: Stack, outside: Receiver, **more: Any) -> ProbeSettings:
    given: dict[str, Any] = {
        "broker_port": stack.broker.port,
        "broker_password": stack.secret("probe-1"),
        "twilio_account": ACCOUNT,
        "twilio_token": stack.secret("twilio"),
        "twilio_url": stack.phone_url,
        "sms_from": SMS_FROM,
        "public_url": stack.api_url,
        "probe_phone": PHONE,
        "operator_webhook_url": outside.url,
        "operator_webhook_secret": outside.secret,
    }
    return ProbeSettings(**(given | more))


def test_the_probe_comes_through_leaves_nothing_open_and_says_when_it_does_not(
    stack: Stack, outside: Receiver, tmp_path: Path
) -> None:
    ours = settings(stack, outside)
    with stack.connect() as connection:
        assert prepare(connection, ours, stack.clock.now())
        assert not prepare(connection, ours, stack.clock.now())
    until(lambda: _judged(stack))
    metrics = tmp_path / "probe.prom"
    probe = Probe(ours, metrics)
    assert probe.once(stack.clock.now())
    assert "hearth_probe_success 1" in metrics.read_text()
    assert 'hearth_probe_seconds{until="text"}' in metrics.read_text()
    with stack.connect() as connection:
        assert connection.execute("select distinct state, outcome from alert").fetchall() == [("closed", "all_well")]
    assert outside.taken == {}

    _stop_the_alerts(stack)
    probe.settings = settings(stack, outside, probe_within_s=2)
    assert not probe.once(stack.clock.now())
    assert outside.taken == {}
    assert not probe.once(stack.clock.now())
    (told,) = outside.taken.values()
    assert told["type"] == "platform.probe"
    assert told["data"]["step"] == "text"
    assert "hearth_probe_success 0" in metrics.read_text()


def test_a_round_is_quick_on_an_idle_platform_and_each_step_follows_the_other(stack: Stack, outside: Receiver) -> None:
    ours = settings(stack, outside)
    with stack.connect() as connection:
        prepare(connection, ours, stack.clock.now())
    until(lambda: _judged(stack))
    took = play(ours)
    assert 0 < took.stored <= took.text <= took.reply


def _judged(stack: Stack) -> bool:
    with psycopg.connect(stack.database_url) as connection:
        row = connection.execute("select bool_and(due_at > %s) from home_state", (stack.clock.now(),)).fetchone()
    return bool(row and row[0])


def _stop_the_alerts(stack: Stack) -> None:
    (alerts,) = [member for member in stack.crew.members if member.name == "The alerts service"]
    alerts.runs.stop()

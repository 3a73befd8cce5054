"""Promises of the auditor: somebody outside is told when the platform itself fails."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from alerts.auditing.checks import CHECKS, Fault, look
from alerts.auditing.main import Auditor
from alerts.auditing.settings import AuditSettings
from alerts.auditing.standing import Standing
from alerts.telling.ladder import run_due_steps, start
from alerts.telling.states import acknowledge
from simulators.post_office import PostOffice, post_office
from simulators.receiver import Receiver, receiver
from tests.alerts.telling import ANNA, T0, World, add_alert
from tests.waiting import until

M = timedelta(minutes=1)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as office:
        yield office


@pytest.fixture
def outside() -> Iterator[Receiver]:
    with receiver() as outside:
        yield outside


def auditor(database: str, office: PostOffice | None = None, outside: Receiver | None = None, **more: Any) -> Auditor:
    given: dict[str, Any] = {"database_url": SecretStr(database), **more}
    if office:
        given |= {"smtp_host": "127.0.0.1", "smtp_port": office.port, "smtp_security": "none"}
        given |= {"operator_email": "operator@example.org"}
    if outside:
        given |= {"operator_webhook_url": outside.url, "operator_webhook_secret": SecretStr(outside.secret)}
        given |= {"heartbeat_url": outside.url}
    return Auditor(AuditSettings(**given))


def names(world: World, now: datetime) -> set[str]:
    return {fault.name for fault in look(world.db, now)}


def home_with_alert(world: World) -> int:
    alert = add_alert(world.db, world.home((0, (ANNA,)), (300, (ANNA,))))
    start(world.db, [alert], T0)
    world.db.execute("update home_state set due_at = %s", (T0 + timedelta(days=1),))
    return alert


def test_nothing_is_wrong_with_a_platform_that_does_its_work(world: World) -> None:
    alert = home_with_alert(world)
    world.db.execute("update message set state = 'delivered', next_try_at = null")
    assert names(world, T0 + M) == set()
    acknowledge(world.db, alert, world.person(ANNA), "page", T0 + M)
    assert names(world, T0 + 10 * M) == set()


def test_every_check_can_be_made(world: World) -> None:
    world.home()
    assert all("could not be checked" not in fault.words for fault in look(world.db, T0))
    assert len(CHECKS) > 8


def test_homes_that_nobody_judges_are_noticed_woken_ones_too(world: World) -> None:
    home_with_alert(world)
    world.db.execute("update message set state = 'delivered', next_try_at = null")
    world.db.execute("update home_state set due_at = %s", (T0,))
    assert names(world, T0 + 4 * M) == set()
    assert "homes_not_judged" in names(world, T0 + 6 * M)
    world.db.execute("update home_state set due_at = %s::timestamptz - interval '100 years'", (T0,))
    assert "homes_not_judged" not in names(world, T0 + 4 * M)
    assert "homes_not_judged" in names(world, T0 + 6 * M)


def test_a_step_and_a_lapse_that_nobody_runs_are_noticed(world: World) -> None:
    alert = home_with_alert(world)
    world.db.execute("update message set state = 'delivered', next_try_at = null")
    assert "steps_not_run" in names(world, T0 + 8 * M)
    acknowledge(world.db, alert, world.person(ANNA), "page", T0 + 9 * M)
    assert names(world, T0 + 12 * M) == set()
    assert "lapses_not_run" in names(world, T0 + 42 * M)


def test_an_alert_that_fell_off_its_ladder_is_noticed(world: World) -> None:
    alert = home_with_alert(world)
    world.db.execute("update message set state = 'delivered', next_try_at = null")
    world.db.execute("update alert set next_step_at = null where id = %s", (alert,))
    assert names(world, T0 + 2 * M) == {"alerts_standing_still"}


def test_messages_that_do_not_go_out_are_noticed_urgent_ones_first(world: World) -> None:
    home_with_alert(world)
    assert "texts_waiting" not in names(world, T0 + 2 * M)
    world.db.execute("update message set urgent = true")
    assert "texts_waiting" in names(world, T0 + 2 * M)
    world.db.execute("update message set state = 'sending'")
    assert "texts_in_doubt" in names(world, T0 + 3 * M)


def test_an_alert_of_which_nobody_could_be_told_is_noticed(world: World) -> None:
    home_with_alert(world)
    world.db.execute("update message set state = 'failed', next_try_at = null")
    assert "nobody_told" in names(world, T0 + 11 * M)


def test_an_alert_that_nobody_takes_reaches_the_operator(world: World) -> None:
    home_with_alert(world)
    for minutes in (5, 15, 20, 30):
        run_due_steps(world.db, T0 + minutes * M)
    world.db.execute("update message set state = 'delivered', next_try_at = null")
    assert "nobody_answered" in names(world, T0 + 31 * M)


def test_a_fault_is_told_once_an_hour_and_once_when_it_is_over() -> None:
    standing = Standing()
    fault = Fault("texts_waiting", "messages wait to be sent", 3)
    told = []
    for minutes in range(70):
        news = standing.hear([fault], T0 + minutes * M)
        if news:
            told.append(minutes)
            standing.was_told(news, T0 + minutes * M)
    assert told == [1, 61]
    over = standing.hear([], T0 + 70 * M)
    assert "Over: texts waiting." in over.text()
    standing.was_told(over, T0 + 70 * M)
    assert not standing.hear([], T0 + 71 * M)


def test_what_heals_within_a_minute_wakes_nobody() -> None:
    standing = Standing()
    assert not standing.hear([Fault("texts_waiting", "messages wait")], T0)
    assert not standing.hear([], T0 + M)


def test_the_operator_hears_by_mail_and_web_and_the_heartbeat_stops(
    world: World, office: PostOffice, outside: Receiver
) -> None:
    home_with_alert(world)
    world.db.execute("update message set state = 'delivered', next_try_at = null")
    ours = auditor(world.database, office, outside)
    assert ours.look(T0 + M)
    assert (outside.beats, office.mails, outside.taken) == (1, [], {})
    assert not ours.look(T0 + 8 * M)
    assert not ours.look(T0 + 9 * M)
    assert outside.beats == 1
    assert "ladder" in office.mails[0].get_content()
    (body,) = outside.taken.values()
    assert body["data"]["faults"][0]["name"] == "steps_not_run"


def test_a_database_that_is_away_reaches_the_operator(office: PostOffice, outside: Receiver) -> None:
    ours = auditor("postgresql://nobody@127.0.0.1:9/none", office, outside)
    for minutes in range(2):
        assert not ours.look(T0 + minutes * M)
    assert "database" in office.mails[0].get_content()
    assert outside.beats == 0


def test_a_mail_server_that_is_away_is_tried_again_and_the_web_request_goes_out(
    world: World, outside: Receiver
) -> None:
    home_with_alert(world)
    world.db.execute("update message set state = 'delivered', next_try_at = null")
    dead: dict[str, Any] = {
        "smtp_host": "127.0.0.1",
        "smtp_port": 9,
        "smtp_security": "none",
        "operator_email": "o@example.org",
    }
    outside.status = 500
    ours = auditor(world.database, None, outside, **dead)
    for minutes in (8, 9, 10):
        assert not ours.look(T0 + minutes * M)
    assert outside.taken == {}
    outside.status = 204
    ours.look(T0 + 11 * M)
    assert len(outside.taken) == 1


def test_an_auditor_that_could_reach_nobody_does_not_start() -> None:
    with pytest.raises(ValidationError, match="HEARTH_HEARTBEAT_URL"):
        AuditSettings(database_url=SecretStr("postgresql://a@127.0.0.1/b"))


def test_the_process_beats_and_stops_when_asked(database: str, outside: Receiver) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HEARTH_")}
    ours = {"HEARTH_DATABASE_URL": database, "HEARTH_HEARTBEAT_URL": outside.url, "HEARTH_AUDIT_EVERY_S": "1"}
    process = subprocess.Popen([sys.executable, "-m", "alerts", "audit"], env=clean | ours, stderr=subprocess.DEVNULL)
    until(lambda: outside.beats >= 2)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0

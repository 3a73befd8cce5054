"""What gateways are told, on a real broker and database: configs, pictures, commands."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gateway.clock import Clock
from gateway.config import Command, Config, Do, sensor_of
from gateway.devices import Role
from gateway.messages import Status, topic
from ingest import configuring
from ingest.composing import Before, ReminderRow, Said, SettingRow, TooMuchError, VisitorRow, compose
from simulators.broker import Broker
from tests.conftest import PASSWORDS
from tests.gateway.wire import Wire
from tests.ingest.homes import Ingest, add_home, arrived
from tests.ingest.service import serving, wait_until

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PICTURE = b"\x89PNG\r\n\x1a\n" + b"tablets"
HASH = hashlib.sha256(PICTURE).hexdigest()
DAILY: dict[str, Any] = {"times": ["08:30"]}


def row(reminder_id: int = 7, text: str = "Take your tablets", schedule: dict[str, Any] | None = None) -> ReminderRow:
    return ReminderRow(
        reminder_id,
        "medicine",
        text,
        schedule or DAILY,
        every_min=5,
        repeats=3,
        later_min=10,
        early_min=30,
        picture=None,
        sound=None,
        done_by=None,
        sign=None,
    )


def said(reminders: list[ReminderRow], visitors: list[VisitorRow] | None = None) -> Said:
    return Said("Europe/London", reminders=reminders, visitors=visitors or [])


def test_the_first_config_is_version_one_and_what_says_the_same_is_none() -> None:
    first = compose(said([row()], [VisitorRow("Jane", DAILY)]), None, NOW)
    assert first is not None
    assert (first.version, first.reminders[0].text, first.visits[0].who) == (1, "Take your tablets", "Jane")
    before = Before(first.version, first.made_at, first.model_dump_json())
    assert compose(said([row()], [VisitorRow("Jane", DAILY)]), before, NOW + timedelta(days=1)) is None


def test_each_change_is_a_higher_version_and_later_even_if_our_clock_was_put_back() -> None:
    first = compose(said([row()]), None, NOW)
    assert first is not None
    before = Before(first.version, first.made_at, first.model_dump_json())
    second = compose(said([]), before, NOW - timedelta(days=1))
    assert second is not None
    assert second.version == 2
    assert second.made_at > first.made_at


def test_more_than_a_message_holds_is_refused_with_a_sentence() -> None:
    with pytest.raises(TooMuchError, match="30 reminders"):
        compose(said([row(n) for n in range(1, 32)]), None, NOW)
    days = [(NOW + timedelta(days=n)).date().isoformat() for n in range(40)]
    full = [row(n, "\u0939" * 120, schedule=DAILY | {"dates": days, "not_on": days}) for n in range(1, 31)]
    visitors = [VisitorRow("\u0939" * 60, DAILY | {"dates": days, "not_on": days}) for _ in range(30)]
    with pytest.raises(TooMuchError, match="more than the tablet can take"):
        compose(said(full, visitors), None, NOW)


def test_a_config_says_what_sensors_are_used_as_and_how_often_to_beat() -> None:
    rows = [SettingRow("pendant", "sos", invert=None, ignore=None), SettingRow("old", None, invert=None, ignore=True)]
    config = compose(Said("Europe/London", beat_s=60, devices=rows), None, NOW)
    assert config is not None
    assert (config.beat_s, [one.sensor for one in config.devices]) == (60, ["pendant", "old"])
    assert (config.devices[0].role, config.devices[1].ignore) == (Role.SOS, True)
    with pytest.raises(TooMuchError, match="200 sensors"):
        compose(Said("Europe/London", devices=[SettingRow(f"s{n}", "sos", None, None) for n in range(201)]), None, NOW)


def add_reminder(db: psycopg.Connection, home: int, **more: object) -> int:
    db.execute("insert into asset values (%s, %s, %s) on conflict do nothing", [home, HASH, PICTURE])
    found = db.execute(
        "insert into reminder (home_id, gateway_id, name, purpose, text, schedule, picture)"
        " select %s, id, 'morning tablets', 'medicine', %s, %s, %s from gateway where home_id = %s returning id",
        [home, more.get("text", "Take your tablets"), json.dumps(DAILY), more.get("picture"), home],
    ).fetchone()
    assert found
    configuring.equip(db, found[0])
    return int(found[0])


def versions(db: psycopg.Connection) -> tuple[object, ...]:
    found = db.execute("select version, published_version, confirmed_version from gateway_config").fetchone()
    return found or ()


def test_a_change_makes_one_new_config_and_its_sensors_and_none_is_made_without_need(ingest: Ingest) -> None:
    db = ingest.connection
    (home,) = db.execute("select id from home").fetchall()[0]
    configuring.renew(db, home, NOW)
    assert versions(db) == ()
    reminder = add_reminder(db, home)
    configuring.renew(db, home, NOW)
    configuring.renew(db, home, NOW)
    assert versions(db) == (1, None, None)
    db.execute("update reminder set name = 'tablets at night', text = 'Two white ones' where id = %s", [reminder])
    configuring.equip(db, reminder)
    configuring.renew(db, home, NOW)
    assert versions(db) == (2, None, None)
    places = db.execute("select name, place, role from sensor where role = 'button' order by name").fetchall()
    assert (sensor_of(reminder), "tablets at night", "button") in places
    assert ("tablet", "tablet", "button") in places


def say(ingest: Ingest, at: datetime, **status: object) -> None:
    payload = Status.model_validate({"online": True, "at": at} | status).model_dump_json(exclude_none=True)
    ingest.save(arrived(payload.encode(), leaf="status", at=at))


def test_a_status_confirms_and_a_last_will_takes_nothing_back(ingest: Ingest) -> None:
    db = ingest.connection
    (home,) = db.execute("select id from home").fetchall()[0]
    add_reminder(db, home, picture=HASH)
    configuring.renew(db, home, NOW)
    until = NOW + timedelta(hours=4)
    say(ingest, NOW, config=1, missing=[HASH], voice=False, paused_until=until)
    told = "select confirmed_version, missing, voice, paused_until from gateway_config join gateway on id = gateway_id"
    assert ingest.rows(told) == [(1, [HASH], False, until)]
    ingest.save(arrived(b'{"v": 1, "online": false}', leaf="status", at=NOW + timedelta(minutes=1)))
    assert ingest.rows(told) == [(1, [HASH], False, until)]
    say(ingest, NOW + timedelta(minutes=2), config=1, voice=True)
    assert ingest.rows(told) == [(1, [], True, None)]


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Tablet(Wire):
    """A gateway as a maker would build it: hears what it is told, and confirms."""

    def __init__(self, broker: Broker) -> None:
        super().__init__(broker, "gw-1", PASSWORDS["gw-1"])
        for leaf in ("config", "assets", "commands"):
            self.subscribe(f"hearth/1/gw-1/{leaf}")

    def got(self, leaf: str) -> list[bytes]:
        return [payload for name, payload, _ in self.messages if name.endswith(f"/{leaf}")]

    def say(self, **status: object) -> None:
        told = Status.model_validate({"online": True, "at": Clock().now()} | status)
        self.publish(topic("gw-1", "status"), told.model_dump_json(exclude_none=True).encode(), retain=True)


@contextmanager
def tablet(broker: Broker) -> Iterator[Tablet]:
    wire = Tablet(broker)
    yield wire
    wire.close()


def test_a_change_reaches_the_gateway_with_its_picture_and_is_confirmed(
    database: str, broker: Broker, tmp_path: Path, clock: Clock
) -> None:
    with psycopg.connect(database, autocommit=True) as db, serving(database, broker, tmp_path):
        home = add_home(db)
        add_reminder(db, home, picture=HASH)
        configuring.renew(db, home, clock.now())
        wait_until(lambda: versions(db) == (1, 1, None))
        with tablet(broker) as gateway:
            wait_until(lambda: gateway.got("config"))
            config = Config.model_validate_json(gateway.got("config")[0])
            assert list(config.assets()) == [HASH]
            assert gateway.got("assets") == [], "a picture is sent when it is asked for"
            gateway.say(config=1, missing=[HASH])
            wait_until(lambda: gateway.got("assets") == [PICTURE])
            gateway.say(config=1)
            wait_until(lambda: versions(db) == (1, 1, 1))
            db.execute("update reminder set text = 'Take your tablets, please'")
            configuring.renew(db, home, clock.now())
            wait_until(lambda: len(gateway.got("config")) == 2)
            assert Config.model_validate_json(gateway.got("config")[1]).version == 2


def test_a_command_waits_for_its_gateway_and_is_sent_once(
    database: str, broker: Broker, tmp_path: Path, clock: Clock
) -> None:
    with psycopg.connect(database, autocommit=True) as db, serving(database, broker, tmp_path):
        add_home(db)
        gateway_id = int(db.execute("select id from gateway").fetchall()[0][0])
        configuring.order(db, gateway_id, Do.ASK, clock.now() - timedelta(hours=1), timedelta(minutes=15))
        configuring.order(db, gateway_id, Do.ASK, clock.now())
        with tablet(broker) as gateway:
            wait_until(lambda: gateway.got("commands"))
            wait_until(
                lambda: db.execute("select count(*) from gateway_command where sent_at is not null").fetchone() == (1,)
            )
            configuring.order(db, gateway_id, Do.WALK_TEST, clock.now())
            wait_until(lambda: len(gateway.got("commands")) == 2)
            told = [Command.model_validate_json(payload) for payload in gateway.got("commands")]
            assert [one.do for one in told] == [Do.ASK, Do.WALK_TEST]
            assert told[0].expires_at > clock.now()


def test_nobody_but_its_gateway_reads_a_config_or_a_command(broker: Broker) -> None:
    server, other = Wire(broker, "ingest", "pw-ingest"), Wire(broker, "gw-2", PASSWORDS["gw-2"])
    try:
        for name in ("hearth/1/#", "hearth/1/gw-1/config", "hearth/1/gw-1/commands", "hearth/1/gw-2/commands"):
            other.subscribe(name)
        for leaf in ("config", "assets", "commands"):
            server.publish(f"hearth/1/gw-1/{leaf}", b"secret", retain=leaf == "config")
        assert server.publish("hearth/1/gw-2/commands", b"mine") == 0
        wait_until(lambda: other.messages)
        assert {payload for _, payload, _ in other.messages} == {b"mine"}
        for leaf in ("config", "assets", "commands"):
            assert other.publish(f"hearth/1/gw-2/{leaf}", b"forged") >= 0x80
    finally:
        server.close()
        other.close()

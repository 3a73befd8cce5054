"""What a walk test does is nobody's life and nobody's call; and it can hide nothing else."""

from datetime import datetime, timedelta

import psycopg
import pytest

from alerts.loading import one
from alerts.picture import Seen
from alerts.rules.door_at_night import DoorAtNight
from gateway.messages import BUTTON_VALUE, Button, Envelope, Kind, Reading, is_urgent, topic
from ingest.arrivals import Arrived
from ingest.kinds import NUMBER
from tests.alerts.a_home import at
from tests.alerts.watched import Watched, watched

START = at("23:30")
END = START + timedelta(minutes=15)
SECOND = timedelta(seconds=1)
SOS = BUTTON_VALUE[Button.SOS]


@pytest.fixture
def home(db: psycopg.Connection) -> Watched:
    return watched(db, START, DoorAtNight(), since=START - timedelta(days=1))


def begin(home: Watched, *, confirmed: datetime | None = START, seen: datetime = END) -> None:
    home.db.execute("insert into person (name, phone, role) values ('C', '+447700900010', 'coordinator')")
    home.db.execute(
        "insert into walk_test (gateway_id, person_id, started_at, expires_at, told_until, confirmed_at, watched_at)"
        " select gateway.id, person.id, %s, %s, %s, %s, %s from gateway, person",
        (START, END, END, confirmed, seen),
    )


def press(home: Watched, when: datetime, arrives: datetime | None = None, kind: Kind = Kind.BUTTON) -> list[str]:
    """Somebody calls for help; the reasons of what is found then."""
    value = SOS if kind is Kind.BUTTON else 1
    home.arrive([Seen(when, "bedroom", "button", kind, value)], arrives or when + SECOND)
    home.look((arrives or when) + 2 * SECOND)
    return [reason for _, reason in home.findings()]


def test_nothing_that_is_done_in_a_walk_test_is_told_or_believed(home: Watched) -> None:
    begin(home)
    during = START + timedelta(minutes=5)
    home.arrive([Seen(during, "kitchen", "room", Kind.MOTION, 1)], during)
    home.arrive([Seen(during, "front door", "outside_door", Kind.CONTACT, 1)], during)
    assert press(home, during) == []
    assert press(home, during, kind=Kind.SMOKE) == []
    assert home.alerts() == []
    picture = one(home.db, home.home, during).picture
    assert not (picture or {}).get("signs")


def test_the_way_out_is_not_told_either(home: Watched) -> None:
    begin(home)
    out = END + timedelta(seconds=50)
    home.arrive([Seen(out, "front door", "outside_door", Kind.CONTACT, 1)], out)
    home.look(out + SECOND)
    assert home.findings() == []
    later = END + timedelta(seconds=61)
    home.arrive([Seen(later, "front door", "outside_door", Kind.CONTACT, 1)], later)
    home.look(later + SECOND)
    assert [reason for _, reason in home.findings()] == ["door_at_night"]


@pytest.mark.parametrize("after", [0, 1, 30, 59])
def test_a_call_after_the_end_is_told_even_if_the_gateways_clock_says_before(home: Watched, after: int) -> None:
    begin(home)
    arrives = END + after * SECOND
    assert press(home, arrives - timedelta(seconds=90), arrives) == ["call_for_help"]


def test_a_call_is_told_when_the_test_was_ended_by_hand_or_by_the_gateway(home: Watched) -> None:
    begin(home)
    home.db.execute("update walk_test set ended_at = %s", (START + timedelta(minutes=2),))
    assert press(home, START + timedelta(minutes=2)) == ["call_for_help"]


def test_a_call_is_told_when_the_gateway_never_confirmed_the_test(home: Watched) -> None:
    begin(home, confirmed=None)
    assert press(home, START + timedelta(minutes=1)) == ["call_for_help"]


def test_a_call_from_before_the_test_that_comes_in_it_is_told(home: Watched) -> None:
    begin(home)
    assert press(home, START - timedelta(minutes=3), START + timedelta(minutes=3)) == ["call_for_help"]


def test_a_call_is_told_when_nobody_looks_at_the_page_any_more(home: Watched) -> None:
    begin(home, seen=START + timedelta(minutes=1))
    assert press(home, START + timedelta(seconds=88)) == []
    assert press(home, START + timedelta(seconds=91)) == ["call_for_help"]


def test_help_at_the_tablet_is_always_a_call(home: Watched) -> None:
    begin(home)
    home.db.execute(
        "insert into sensor (gateway_id, home_id, name, place, role)"
        " select id, home_id, 'tablet', 'tablet', 'button' from gateway"
    )
    when = START + timedelta(minutes=1)
    reading = Reading(seq=1, sensor="tablet", kind=Kind.BUTTON, value=SOS, at=when)
    envelope = Envelope(gateway="gw-1", boot="b2", sent_at=when, readings=(reading,))
    payload = envelope.model_dump_json().encode()
    home.saver.save(home.db, [Arrived(topic("gw-1", "readings"), payload, when, mid=1, connection=1)])
    home.look(when + SECOND)
    assert [reason for _, reason in home.findings()] == ["call_for_help"]


def test_the_test_of_another_gateway_hides_nothing(home: Watched) -> None:
    begin(home)
    home.db.execute(
        "with other as (insert into gateway (name, home_id) select 'gw-9', home_id from gateway returning id)"
        " update walk_test set gateway_id = other.id from other"
    )
    assert press(home, START + timedelta(minutes=1)) == ["call_for_help"]


def test_a_picture_that_is_made_anew_days_later_holds_the_same_calls(home: Watched) -> None:
    begin(home)
    press(home, START + timedelta(minutes=1))
    home.db.execute("update home_state set picture = '{\"v\": 0}'")
    home.look(START + timedelta(hours=20))
    assert [reason for _, reason in home.findings() if reason == "call_for_help"] == []


def test_the_database_knows_what_a_call_is(db: psycopg.Connection) -> None:
    for kind, number in NUMBER.items():
        for value in (0.0, 1.0, 2.0, 3.0):
            row = db.execute("select is_call(%s::smallint, %s::real)", (number, value)).fetchone()
            assert row == (is_urgent(kind, value),), f"{kind} {value}"

"""What families and the team read while the resident has paused monitoring, and afterwards."""

from datetime import datetime

import psycopg
from playwright.sync_api import Page
from psycopg.types.json import Jsonb

from alerts.judging import add_rule
from alerts.pauses import Pause
from alerts.rules import AnsweredReminder
from api import pauses
from api.people import Home
from gateway.messages import Kind
from ingest.kinds import NUMBER
from tests.api.browser import WANTED, sign_in, violations
from tests.api.conftest import Service
from tests.api.street import NOW, at

SINCE = at("09:40")
ROSE = Home(1, "Rose Cottage", "Peter", "Europe/London")


def pause(service: Service, until: datetime, since: datetime = SINCE) -> int:
    """Peter's gateway says that it is paused: nothing has come since then, and it is heard itself."""
    home = service.street.homes["Rose Cottage"]
    with psycopg.connect(service.database) as db:
        own = "(select id from sensor where home_id = %s)"
        db.execute(f"delete from reading where at > %s and sensor_id in {own}".encode(), (since, home))
        db.execute("update stream set last_at = %s where gateway_id in (select id from gateway where home_id = %s)",
                   (since, home))  # fmt: skip
        say(db, home, since, until)
    return home


def say(db: psycopg.Connection, home: int, at_: datetime, until: datetime | None) -> None:
    status = {"v": 1, "online": True, "at": at_.isoformat()} | ({"paused_until": until.isoformat()} if until else {})
    values = (Jsonb(status), at_, home)
    db.execute("update gateway set online = true, status = %s, status_at = %s where home_id = %s", values)


def test_a_paused_home_is_neither_as_usual_nor_late_nor_unseen(service: Service) -> None:
    home = pause(service, at("14:00"))
    client = service.signed_in("Ann Field")
    told = client.get(f"/api/1/homes/{home}").json()
    assert told["headline"] == "Monitoring is paused by Peter until 14:00."
    assert told["standing"] == "paused"
    assert told["paused"]["words"] == "Paused by Peter until 14:00"
    assert {one["verdict"] for one in told["routines"]} == {"not_observable"}
    assert {one["words"] for one in told["routines"]} == {"Paused"}
    assert told["gaps"][-1] == "Paused since 09:40."
    page = client.get(f"/homes/{home}").text.lower()
    for word in ("as usual", "later than usual", "we could not see</strong>", "cannot see"):
        assert word not in page, word
    (card,) = [one for one in client.get("/api/1/homes").json() if one["id"] == home]
    assert (card["standing"], card["paused"]) == ("paused", "Paused by Peter until 14:00")
    listed = client.get("/homes").text
    assert "Paused by Peter until 14:00" in listed
    assert "nothing heard" not in listed


def test_until_tomorrow_says_so(service: Service) -> None:
    home = pause(service, at("07:00", 1))
    told = service.signed_in("Ann Field").get(f"/api/1/homes/{home}").json()
    assert told["paused"]["words"] == "Paused by Peter until tomorrow 07:00"
    assert told["routines"][0]["sentence"] == "Monitoring is paused until 07:00 tomorrow, as the resident chose."


def test_who_calls_for_help_meanwhile_is_what_the_page_says_first(service: Service) -> None:
    home = pause(service, at("14:00"))
    with psycopg.connect(service.database) as db:
        db.execute(
            "insert into alert (home_id, class, severity, reason, deadline_at, opened_at)"
            " values (%s, 'urgent', 'urgent', 'call_for_help', %s, %s)",
            (home, NOW, NOW),
        )
    told = service.signed_in("Ann Field").get(f"/api/1/homes/{home}").json()
    assert told["standing"] == "check"
    assert told["headline"].startswith("Please check on Peter")
    assert told["paused"]["words"] == "Paused by Peter until 14:00"


def test_when_it_is_over_the_page_says_when_it_was(service: Service) -> None:
    home = service.street.homes["Rose Cottage"]
    with psycopg.connect(service.database) as db:
        sensors = "select id from sensor where home_id = %s and role = 'gateway'"
        beats = f"delete from reading where at > %s and at < %s and sensor_id in ({sensors})"
        db.execute(beats.encode(), (at("08:00"), at("09:05"), home))
        say(db, home, at("08:00"), at("09:00"))
        say(db, home, at("09:00"), None)
    told = service.signed_in("Ann Field").get(f"/api/1/homes/{home}").json()
    assert told["paused"] is None
    assert told["standing"] == "as_usual"
    assert any(one.startswith("Paused from 08:0") for one in told["gaps"])


def test_a_home_that_is_paused_on_many_days_is_told_to_the_team_alone(service: Service) -> None:
    home = service.street.homes["Rose Cottage"]
    with psycopg.connect(service.database) as db:
        for days in range(1, 10):
            say(db, home, at("10:00", -days), at("11:00", -days))
            say(db, home, at("10:30", -days), None)
    words = "Monitoring was paused on 9 of the last 14 days."
    assert words in service.signed_in("Cora Hughes").get(f"/homes/{home}").text
    assert words not in service.signed_in("Ann Field").get(f"/homes/{home}").text


def test_a_few_days_are_nothing_to_speak_of_and_a_night_touches_two() -> None:
    def often(*days: int) -> str:
        past = [Pause(at("22:00", -day), at("07:00", 1 - day)) for day in days]
        return pauses.how_often(past, ROSE, NOW)

    assert often(2, 6) == ""
    assert often(2, 6, 9).startswith("Monitoring was paused on 6 of the last 14 days.")
    assert often(20, 21, 22, 23, 24) == ""


def add_reminder(service: Service) -> int:
    home = service.street.homes["Rose Cottage"]
    with psycopg.connect(service.database) as db:
        gateway = db.execute("select id from gateway where home_id = %s", (home,)).fetchone()
        assert gateway
        schedule = Jsonb({"times": ["08:00", "09:00", "20:00"]})
        row = db.execute(
            "insert into reminder (home_id, gateway_id, name, purpose, text, schedule)"
            " values (%s, %s, 'tablets', 'medicine', 'Take your tablets', %s) returning id",
            (home, gateway[0], schedule),
        ).fetchone()
        assert row
        sensor = db.execute(
            "insert into sensor (gateway_id, home_id, name, place, role)"
            " values (%s, %s, %s, 'tablets', 'button') returning id",
            (gateway[0], home, f"reminder-{row[0]}"),
        ).fetchone()
        stream = db.execute("select id from stream where gateway_id = %s", (gateway[0],)).fetchone()
        assert sensor
        assert stream
        for seq, (clock, value) in enumerate((("08:00", 1), ("08:03", 2), ("09:00", 1), ("09:20", 4))):
            values = (at(clock), at(clock), 9000 + seq, stream[0], sensor[0], NUMBER[Kind.REMINDER], value)
            db.execute(
                "insert into reading (at, received_at, sent_ms, seq, stream_id, sensor_id, kind, value)"
                " values (%s, %s, 0, %s, %s, %s, %s, %s)",
                values,
            )
    return home


def test_the_family_sees_on_the_home_page_what_was_done_and_what_was_not(service: Service) -> None:
    home = add_reminder(service)
    client = service.signed_in("Ann Field")
    told = client.get(f"/api/1/homes/{home}").json()["reminders"]
    assert [(one["at"], one["state"], one["words"]) for one in told] == [
        ("08:00", "done", "Done at 08:03"),
        ("09:00", "missed", "Nobody answered"),
        ("20:00", "ahead", "Later today"),
    ]
    page = client.get(f"/homes/{home}").text
    assert "Reminders today" in page
    assert "Not done" in page


def test_it_says_which_reminders_nobody_would_be_told_of(service: Service) -> None:
    home = add_reminder(service)
    words = "Nobody is told when these are not answered: tablets."
    assert words in service.signed_in("Ann Field").get(f"/homes/{home}").text
    assert "routines/add/reminder" in service.signed_in("Cora Hughes").get(f"/homes/{home}").text
    with psycopg.connect(service.database) as db:
        add_rule(db, home, AnsweredReminder(places=("tablets",)))
    assert words not in service.signed_in("Ann Field").get(f"/homes/{home}").text


@WANTED
def test_the_pages_of_a_paused_home_have_no_violation(page: Page, service: Service) -> None:
    home = pause(service, at("14:00"))
    add_reminder(service)
    sign_in(page, service, "Cora Hughes")
    for path in ("/homes", f"/homes/{home}"):
        page.goto(path)
        page.get_by_text("Paused by Peter until 14:00").or_(
            page.get_by_text("Monitoring is paused by Peter")
        ).first.wait_for()
        assert violations(page) == [], path

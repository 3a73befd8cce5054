"""Routines in a real browser: suggested, tried, accepted, changed, and set to away and back."""

import psycopg
import pytest
from playwright.sync_api import Page

from tests.api import street
from tests.api.browser import WANTED, sign_in, violations
from tests.api.conftest import Service

pytestmark = WANTED


@pytest.fixture
def peter(service: Service) -> str:
    """The address of Rose Cottage, with four weeks behind it."""
    home_id = service.street.homes["Rose Cottage"]
    with psycopg.connect(service.database) as db:
        street.four_weeks(db, home_id)
    return f"/homes/{home_id}"


def test_a_coordinator_suggests_tries_and_accepts(page: Page, service: Service, peter: str) -> None:
    sign_in(page, service, "Cora Hughes")
    page.goto(peter)
    page.get_by_role("link", name="Change what we watch for").click()
    assert violations(page) == []
    page.get_by_role("button", name="Suggest from the last 28 days").click()
    page.get_by_role("heading", name="Suggested for Peter").wait_for()
    assert page.get_by_text("Now: Up and about in the kitchen between 05:00 and 09:00, every day.").is_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Dry run").click()
    kitchen = page.get_by_role("region", name="Up and about in the kitchen between 05:00 and 09:30")
    assert kitchen.get_by_text("By itself: 1 alert in the last 28 days, on these dates.").is_visible()
    assert kitchen.get_by_text("Tuesday 10 November").is_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Accept what I ticked").click()
    page.get_by_role("alert").get_by_text("Tick each routine that you accept").wait_for()
    assert violations(page) == []
    kitchen.get_by_label("I accept this").check()
    page.get_by_role("button", name="Accept what I ticked").click()
    page.get_by_role("heading", name="What we watch for").wait_for()
    assert page.get_by_text("Up and about in the kitchen between 05:00 and 09:30, every day.", exact=True).is_visible()
    changes = page.get_by_role("list").filter(has_text="accepted a suggestion")
    assert "Cora Hughes accepted a suggestion" in changes.inner_text()
    assert "Before: Up and about in the kitchen between 05:00 and 09:00, every day." in changes.inner_text()
    assert "Tried on its past: 1 alert in the last 28 days." in changes.inner_text()
    assert violations(page) == []


def test_a_coordinator_adds_a_routine_and_is_told_what_does_not_fit(page: Page, service: Service, peter: str) -> None:
    sign_in(page, service, "Cora Hughes")
    page.goto(f"{peter}/routines")
    page.get_by_role("button", name="Add a routine").click()
    assert violations(page) == []
    page.get_by_role("link", name="Seen by a certain time").click()
    assert violations(page) == []
    page.get_by_label("Lounge").check()
    page.get_by_label("Until").fill("tea time")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("alert").get_by_role("link", name="“Until” must be a time like 07:30").click()
    assert violations(page) == []
    page.get_by_label("Until").fill("11:00")
    page.get_by_label("What to call it").fill("Morning paper")
    page.get_by_role("button", name="Try it on the last 28 days").click()
    page.get_by_role("heading", name="Tried on the past: 2 alerts in the last 28 days").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("heading", name="Morning paper").wait_for()


def test_a_routine_is_changed_and_switched_off_and_on(page: Page, service: Service, peter: str) -> None:
    sign_in(page, service, "Cora Hughes")
    page.goto(f"{peter}/routines")
    page.get_by_role("link", name="Change No activity for many hours").click()
    page.get_by_label("No activity for", exact=True).fill("10")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_text("Some activity at least every 10 hours while at home.", exact=True).wait_for()
    page.get_by_role("button", name="Switch off No activity for many hours").click()
    page.get_by_role("heading", name="Switched off").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Switch on No activity for many hours").click()
    page.get_by_role("button", name="Switch off No activity for many hours").wait_for()
    whats = [line.inner_text() for line in page.locator(".hl-changes__who").all()]
    assert [line.split("Hughes ")[1] for line in whats] == ["switched on", "switched off", "changed"]


def test_of_two_who_change_the_same_routine_the_second_is_told(page: Page, service: Service, peter: str) -> None:
    sign_in(page, service, "Cora Hughes")
    page.goto(f"{peter}/routines")
    page.get_by_role("link", name="Change No activity for many hours").click()
    with psycopg.connect(service.database) as db:
        db.execute("update rule set version = version + 1 where kind = 'silence'")
    page.get_by_label("No activity for", exact=True).fill("10")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("alert").get_by_text("Somebody changed this routine meanwhile").wait_for()
    assert violations(page) == []


def test_a_second_person_in_the_home_is_said_to_make_it_blind(page: Page, service: Service, peter: str) -> None:
    sign_in(page, service, "Cora Hughes")
    page.goto(f"{peter}/routines")
    page.get_by_label("How many people live here").fill("none")
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("alert").get_by_role("link", name="must be a whole number, from 1 to 20").click()
    assert violations(page) == []
    page.get_by_label("How many people live here").fill("2")
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("2 people live here.", exact=False).first.wait_for()
    assert page.get_by_text("With two people at home a fall of one may not be noticed").is_visible()


def test_a_responder_and_the_family_read_what_they_cannot_change(page: Page, service: Service, peter: str) -> None:
    for name in ("Rita Okafor", "Ann Field"):
        sign_in(page, service, name)
        page.goto(f"{peter}/routines")
        assert page.get_by_text("Up and about in the kitchen between 05:00 and 09:00, every day.").is_visible()
        assert page.get_by_role("link", name="Change").count() == 0
        assert page.get_by_role("button").filter(has_text="Switch").count() == 0
        assert page.get_by_text("The home cannot be seen").count() == (1 if name == "Rita Okafor" else 0)
        assert violations(page) == []
        page.get_by_role("button", name="Sign out").click()


def test_the_family_sets_away_and_back(page: Page, service: Service, peter: str) -> None:
    sign_in(page, service, "Ann Field")
    page.goto(peter)
    page.get_by_role("link", name="Peter will be away, or in hospital").click()
    assert violations(page) == []
    fill_day(page, "Until when, if you know", "30", "2", "2027")
    page.get_by_role("button", name="Set it").click()
    page.get_by_role("alert").get_by_role("link", name="The last day must be a real date").click()
    assert violations(page) == []
    fill_day(page, "Until when, if you know", "22", "11", "2026")
    page.get_by_role("button", name="Set it").click()
    page.get_by_role("heading", name="Peter is away until Sunday 20:00.").wait_for()
    assert page.get_by_text("Meanwhile nobody is told about missed routines.").is_visible()
    assert violations(page) == []
    page.goto("/homes")
    assert page.get_by_text("Away until Sunday 20:00").is_visible()
    assert violations(page) == []
    page.goto(peter)
    page.get_by_role("button", name="Back home").click()
    page.get_by_role("heading", name="Peter is up and about").wait_for()


def test_a_holiday_is_set_before_it_begins(page: Page, service: Service, peter: str) -> None:
    sign_in(page, service, "Ann Field")
    page.goto(peter + "/away")
    fill_day(page, "From when, if not from now on", "19", "11", "2026")
    page.get_by_role("button", name="Set it").click()
    page.get_by_role("alert").get_by_role("link", name="The beginning must still lie ahead").wait_for()
    fill_day(page, "From when, if not from now on", "25", "11", "2026")
    fill_day(page, "Until when, if you know", "24", "11", "2026")
    page.get_by_role("button", name="Set it").click()
    page.get_by_role("alert").get_by_role("link", name="The end must be later than the beginning").wait_for()
    fill_day(page, "Until when, if you know", "28", "11", "2026")
    page.get_by_role("button", name="Set it").click()
    page.get_by_role("heading", name="Peter is up and about").wait_for()
    assert page.get_by_text("Away from Wednesday 09:00 until Saturday 28 November 20:00").is_visible()
    page.get_by_role("button", name="Call it off").click()
    page.get_by_role("link", name="Peter will be away, or in hospital").wait_for()


def fill_day(page: Page, legend: str, day: str, month: str, year: str) -> None:
    group = page.get_by_role("group", name=legend)
    for label, typed in (("Day", day), ("Month", month), ("Year", year)):
        group.get_by_label(label).fill(typed)


def test_a_long_list_is_shown_a_page_at_a_time(page: Page, service: Service) -> None:
    with psycopg.connect(service.database) as db:
        db.execute("insert into home (name, resident) select 'H ' || n, 'R ' || n from generate_series(1, 60) n")
        db.execute(
            "insert into home_person select home.id, person.id from home, person"
            " where person.name = 'Rita Okafor' and home.name like 'H %%'"
        )
        db.execute(
            "insert into alert (home_id, class, reason, deadline_at, opened_at)"
            " select id, 'welfare', 'silent', %s, %s from home where name like 'H %%'",
            (street.NOW, street.NOW),
        )
    sign_in(page, service, "Rita Okafor")
    page.get_by_role("heading", name="61 alerts need somebody").wait_for()
    assert violations(page) == []
    page.get_by_role("link", name="Next").click()
    page.get_by_text("Page 2 of 2, 64 in all.").wait_for()
    assert page.get_by_role("heading", name="Somebody has it (1)").is_visible()
    assert violations(page) == []
    page.goto("/homes?page=2")
    page.get_by_text("Page 2 of 2, 65 in all.").wait_for()
    assert violations(page) == []

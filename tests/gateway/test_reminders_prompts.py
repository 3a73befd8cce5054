"""What becomes of a reminder that is due: shown, answered, put off, or nobody there."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.config import Config
from gateway.messages import Kind
from gateway.outbox import Kept
from gateway.reminders.prompt import OPEN, TABLE, Event, State, as_plain, from_plain
from gateway.reminders.prompts import PREFIX, Prompts
from tests.gateway.reminding import at, config, tablets

KEY = "7/2026-03-02T08:30"
SHOWN, DONE, SKIPPED, EXPIRED = 1.0, 2.0, 3.0, 4.0


def begun(settings: Config | None = None, notes: dict[str, str] | None = None) -> Prompts:
    prompts = Prompts()
    prompts.recall(notes or {})
    prompts.use(settings or config(), at("00:00"))
    return prompts


def live(prompts: Prompts, first: str, last: str, day: int = 2) -> list[tuple[str, float]]:
    """Every half minute from one time to another: what was told when."""
    now, told = at(first, day), []
    while now <= at(last, day):
        told += said(prompts.tick(now))
        now += timedelta(seconds=30)
    return told


def said(readings: Iterable[Kept] | None) -> list[tuple[str, float]]:
    return [(f"{one.at:%H:%M}", one.value) for one in readings or ()]


def restarted(prompts: Prompts, settings: Config | None = None) -> Prompts:
    """What a gateway knows that was cut off and started again."""
    kept = {name: text for name, text in prompts.changed.items() if text is not None}
    return begun(settings, kept)


def test_every_state_knows_what_each_event_means() -> None:
    assert set(TABLE) == {(state, event) for state in State for event in Event}


def test_nobody_answers_so_it_is_shown_again_and_then_it_is_over() -> None:
    told = live(begun(), "08:00", "10:00")
    assert told == [("08:30", SHOWN), ("08:35", SHOWN), ("08:40", SHOWN), ("08:45", EXPIRED)]


def test_done_is_told_once_and_ends_it() -> None:
    prompts = begun()
    live(prompts, "08:29", "08:31")
    assert said(prompts.press(KEY, Event.DONE, at("08:32"))) == [("08:32", DONE)]
    assert prompts.press(KEY, Event.DONE, at("08:33")) is None
    assert live(prompts, "08:33", "12:00") == []


def test_later_brings_it_back_and_whoever_puts_off_the_last_showing_has_said_no() -> None:
    prompts = begun()
    assert live(prompts, "08:29", "08:31") == [("08:30", SHOWN)]
    assert prompts.press(KEY, Event.LATER, at("08:31")) == []
    assert prompts.shown() == []
    assert live(prompts, "08:31", "08:41") == [("08:41", SHOWN)]
    assert prompts.press(KEY, Event.LATER, at("08:42")) == []
    assert live(prompts, "08:42", "08:52") == [("08:52", SHOWN)]
    assert said(prompts.press(KEY, Event.LATER, at("08:53"))) == [("08:53", SKIPPED)]
    assert live(prompts, "08:53", "12:00") == []


def test_the_lid_of_the_box_answers_it_also_a_little_before_it_is_due() -> None:
    settings = config(tablets(done_by={"sensor": "box", "sign": "opened"}))
    prompts = begun(settings)
    live(prompts, "07:00", "08:10")
    assert said(prompts.saw([Kept("box", Kind.CONTACT, 1.0, at("08:10"))], at("08:10"))) == [("08:10", DONE)]
    assert live(prompts, "08:10", "10:00") == []


@pytest.mark.parametrize(
    ("sensor", "kind", "value", "when"),
    [
        ("box", Kind.CONTACT, 0.0, "08:20"),
        ("box", Kind.BATTERY, 1.0, "08:20"),
        ("fridge", Kind.CONTACT, 1.0, "08:20"),
        ("box", Kind.CONTACT, 1.0, "07:50"),
    ],
)
def test_another_sensor_another_word_or_much_too_early_answers_nothing(
    sensor: str, kind: Kind, value: float, when: str
) -> None:
    prompts = begun(config(tablets(done_by={"sensor": "box", "sign": "opened"})))
    live(prompts, "07:00", when)
    assert prompts.saw([Kept(sensor, kind, value, at(when))], at(when)) == []
    assert live(prompts, when, "08:30")[-1] == ("08:30", SHOWN)


@pytest.mark.parametrize(
    ("sign", "kind", "value"),
    [
        ("used", Kind.POWER, 1950.0),
        ("used", Kind.ENERGY, 90.0),
        ("opened", Kind.MEDICATION, 3.0),
        ("moved", Kind.MOTION, 1.0),
    ],
)
def test_kettle_dispenser_and_movement_answer_what_is_shown(sign: str, kind: Kind, value: float) -> None:
    prompts = begun(config(tablets(done_by={"sensor": "thing", "sign": sign})))
    live(prompts, "08:29", "08:33")
    assert said(prompts.saw([Kept("thing", kind, value, at("08:34"))], at("08:34"))) == [("08:34", DONE)]


def test_a_kettle_that_only_stands_by_was_not_used() -> None:
    prompts = begun(config(tablets(done_by={"sensor": "kettle", "sign": "used"})))
    live(prompts, "08:29", "08:33")
    assert prompts.saw([Kept("kettle", Kind.POWER, 37.0, at("08:34"))], at("08:34")) == []


def test_a_restart_shows_and_tells_nothing_twice() -> None:
    prompts = begun()
    live(prompts, "08:29", "08:33")
    again = restarted(prompts)
    assert [one.key for one, _ in again.shown()] == [KEY], "it is still there to be answered"
    assert live(again, "08:33", "08:34") == []
    again.press(KEY, Event.DONE, at("08:34"))
    assert live(restarted(again), "08:34", "12:00") == []


def test_a_gateway_that_was_off_shows_what_is_still_of_use_and_is_silent_about_the_rest() -> None:
    assert live(begun(), "08:40", "08:40") == [("08:40", SHOWN)]
    assert live(begun(), "08:45", "12:00") == []


def test_what_was_shown_before_a_long_outage_is_over_afterwards() -> None:
    prompts = begun()
    live(prompts, "08:29", "08:31")
    assert live(restarted(prompts), "14:00", "14:01") == [("14:00", EXPIRED)]


def test_a_clock_that_is_put_back_shows_nothing_twice_and_holds_nothing_up() -> None:
    prompts = begun()
    live(prompts, "08:29", "08:33")
    prompts.press(KEY, Event.DONE, at("08:34"))
    assert live(prompts, "07:30", "09:30") == []
    other = begun(config(tablets(schedule={"times": ["09:00"]})))
    live(other, "08:59", "09:01")
    assert live(other, "08:01", "08:02") == [("08:01", SHOWN)], "nothing waits longer than its own interval"


def test_a_clock_that_leaps_ahead_and_back_shows_nothing_twice() -> None:
    prompts = begun()
    live(prompts, "08:29", "08:31")
    prompts.press(KEY, Event.DONE, at("08:31"))
    prompts.tick(at("08:32").replace(year=2036))
    assert live(prompts, "08:33", "10:00") == []


def test_a_clock_from_before_the_config_shows_nothing() -> None:
    prompts = begun()
    assert prompts.tick(at("08:30").replace(year=1970)) == []
    assert prompts.tick(at("08:30").replace(year=2025)) == []


def test_a_reminder_that_was_taken_out_leaves_the_page_and_says_nothing() -> None:
    prompts = begun()
    live(prompts, "08:29", "08:31")
    prompts.use(config(tablets(id=8, schedule={"times": ["20:00"]}), version=2), at("08:32"))
    assert prompts.shown() == []
    assert live(prompts, "08:32", "12:00") == []


def test_a_reminder_can_be_shown_at_once_and_one_command_shows_it_once() -> None:
    prompts = begun()
    assert said(prompts.prompt_now(7, "now-c1", at("11:00"))) == [("11:00", SHOWN)]
    assert prompts.prompt_now(7, "now-c1", at("11:01")) == []
    assert prompts.prompt_now(99, "now-c2", at("11:01")) == []


def test_the_page_shows_the_longest_due_first_and_what_comes_next() -> None:
    settings = config(tablets(), tablets(id=8, text="Drink something", schedule={"times": ["08:29", "11:00"]}))
    prompts = begun(settings)
    live(prompts, "08:25", "08:31")
    assert [reminder.id for _, reminder in prompts.shown()] == [8, 7]
    ahead = prompts.ahead(at("08:31"), at("23:59"))
    assert [(f"{due:%H:%M}", reminder.id) for due, reminder in ahead] == [("11:00", 8)]


def test_a_year_of_reminders_takes_no_more_room_than_a_few_weeks() -> None:
    many = [f"{hour:02}:00" for hour in range(8)]
    prompts = begun(config(tablets(schedule={"times": many}, repeats=0, every_min=5)))
    start = at("00:00")
    for step in range(100 * 8):
        now = start + timedelta(days=step // 8, hours=step % 8)
        prompts.tick(now)
        prompts.tick(now + timedelta(minutes=6))
    assert len(prompts.prompts) <= 401


def test_notes_that_cannot_be_read_are_thrown_away_and_the_rest_holds() -> None:
    prompts = begun()
    live(prompts, "08:29", "08:31")
    notes = {name: text for name, text in prompts.changed.items() if text}
    notes |= {PREFIX + "x": "no json", PREFIX + "y": "[]", PREFIX + "z": '{"key": "z"}', "pause": "else"}
    again = begun(notes=notes)
    assert list(again.prompts) == [KEY]
    assert again.changed == dict.fromkeys([PREFIX + "x", PREFIX + "y", PREFIX + "z"])


def test_a_prompt_comes_back_from_the_disk_as_it_went() -> None:
    prompts = begun()
    live(prompts, "08:29", "08:31")
    assert from_plain(as_plain(prompts.prompts[KEY])) == prompts.prompts[KEY]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["tick", "done", "later", "help", "restart", "lid", "clock"]),
        st.integers(-90, 90),
    ),
    max_size=60,
)


@given(STEPS)
def test_whatever_happens_each_time_is_settled_once_and_shown_at_most_three_times(steps: list[tuple[str, int]]) -> None:
    """Any order of presses, restarts, a lid, and a clock that leaps to and fro."""
    settings = config(tablets(done_by={"sensor": "box", "sign": "opened"}))
    prompts, now, told = begun(settings), at("08:00"), list[Kept]()
    for what, minutes in steps:
        now = now + timedelta(minutes=abs(minutes) / 10) if what != "clock" else now + timedelta(minutes=minutes)
        if what == "restart":
            prompts = merged(prompts, settings)
        elif what == "lid":
            told += prompts.saw([Kept("box", Kind.CONTACT, 1.0, now)], now)
        elif what in ("done", "later", "help"):
            told += prompts.press(KEY, Event(what), now) or []
        told += prompts.tick(now)
    values = [one.value for one in told]
    assert values.count(SHOWN) <= 3
    assert sum(values.count(end) for end in (DONE, SKIPPED, EXPIRED)) <= 1
    assert not any(one.state in OPEN and one.shown > 3 for one in prompts.prompts.values())


def merged(prompts: Prompts, settings: Config) -> Prompts:
    """A restart in a test that never takes `changed` away, so that it holds everything."""
    again = restarted(prompts, settings)
    again.changed = dict(prompts.changed)
    return again

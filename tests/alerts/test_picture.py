"""What a picture keeps, and that the order and repetition of delivery never matter."""

import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.folding import HORIZON_MIN
from alerts.local_days import minute_of
from alerts.marks import ANY_TAG, minutes_of, open_since
from alerts.picture import Picture, Presence, Seen, fold, glance
from alerts.warmth import SLOT_MIN
from gateway.messages import Kind
from tests.alerts.a_home import LONDON, at, beats, door, motion, picture, sos, stir

START = datetime(2026, 11, 10, tzinfo=UTC)
readings = st.builds(
    lambda second, thing: Seen(START + timedelta(seconds=second), *thing),
    st.integers(0, 8 * 86400),
    st.sampled_from(
        [
            ("kitchen", "room", Kind.MOTION, 1),
            ("kitchen", "room", Kind.MOTION, 0),
            ("bedroom", "room", Kind.MOTION, 1),
            ("front door", "outside_door", Kind.CONTACT, 1),
            ("front door", "outside_door", Kind.CONTACT, 0),
            ("bedroom", "button", Kind.BUTTON, 2),
            ("gateway", "gateway", Kind.BEAT, 0),
            ("kitchen", "room", Kind.TEMPERATURE, 20),
            ("kitchen", "room", Kind.TEMPERATURE, 18.34),
            ("kitchen", "room", Kind.TEMPERATURE, -100),
            ("fridge", "fridge_door", Kind.CONTACT, 1),
            ("fridge", "fridge_door", Kind.CONTACT, 0),
            ("hall", "button", Kind.REMINDER, 1),
            ("hall", "button", Kind.REMINDER, 2),
            ("kitchen", "room", Kind.MEDICATION, 3),
            ("hall", "button", Kind.VISIT, 17),
            ("hall", "button", Kind.VISIT, 4711),
            ("hall", "button", Kind.BUTTON, 1),
        ]
    ),
)


@given(st.lists(readings, max_size=40), st.randoms(use_true_random=False), st.integers(0, 40))
def test_order_repetition_and_portions_of_delivery_change_nothing(
    some: list[Seen], shuffle: random.Random, cut: int
) -> None:
    once = fold(Picture.empty(), some)
    again = some + some[: cut // 2]
    shuffle.shuffle(again)
    in_two = fold(fold(Picture.empty(), again[:cut]), again[cut:])
    assert in_two == once
    assert fold(once, some) == once


@given(st.lists(readings, max_size=40))
def test_a_picture_survives_being_written_down(some: list[Seen]) -> None:
    kept = fold(Picture.empty(), some)
    assert Picture.from_json(json.loads(json.dumps(kept.to_json()))) == kept


def test_folding_never_changes_the_picture_it_was_given() -> None:
    before = picture(stir(at("07:00")))
    copy = Picture.from_json(before.to_json())
    fold(before, stir(at("09:00"), "bedroom"))
    assert before == copy


def test_a_busy_home_with_nine_places_stays_below_four_kilobytes() -> None:
    rng = random.Random(7)
    places = [(f"place number {n}", "room") for n in range(7)] + [
        ("front door", "outside_door"),
        ("back door", "outside_door"),
    ]
    some = []
    for day in range(14, 19):
        for _ in range(
            650 // 5
        ):  # 650 readings a day is the 95th percentile of the recorded homes; they come in bursts
            when = at("06:00", day) + timedelta(hours=rng.uniform(0, 17))
            for _ in range(5):
                thing = rng.choice(places)
                kind = Kind.MOTION if thing[1] == "room" else Kind.CONTACT
                some.append(Seen(when + timedelta(seconds=rng.expovariate(1 / 150)), *thing, kind, 1))
    kept = picture(some, beats(at("00:00", 14), at("23:55", 18)))
    assert len(json.dumps(kept.to_json())) < 4096


def test_what_is_older_than_the_horizon_is_forgotten_but_for_its_newest_time() -> None:
    old = at("07:00", 10)
    kept = picture([motion(old)], beats(at("00:00"), at("12:00")))
    assert kept.newest - kept.base >= HORIZON_MIN
    assert kept.signs["kitchen", "room"] == 0
    assert glance(kept, LONDON, at("12:00")).places_today == ()
    assert kept.last["kitchen", "room"] == old.timestamp()


def test_a_beat_proves_the_five_minutes_before_it() -> None:
    kept = picture(beats(at("07:00"), at("08:00")))
    seen = glance(kept, LONDON, at("12:00"))
    assert [(g.start, g.end) for g in seen.gaps] == [(at("00:00"), at("07:00")), (at("08:01"), at("12:00"))]
    assert not seen.seen_now


def test_one_glance_says_where_the_person_was_and_whether_the_door_is_shut() -> None:
    kept = picture(
        beats(at("00:00"), at("10:00")),
        stir(at("07:00")),
        [door(at("08:00")), door(at("08:01"), 0)],
        stir(at("09:50"), "lounge"),
    )
    seen = glance(kept, LONDON, at("10:00"))
    assert (seen.last_place, seen.last_sign_at) == ("lounge", at("09:54"))
    assert seen.presence is Presence.HOME
    assert [(d.place, d.open) for d in seen.doors] == [("front door", False)]
    assert [p.place for p in seen.places_today] == ["lounge", "front door", "kitchen"]
    assert seen.gaps == ()


def test_a_door_and_then_silence_is_out_by_day() -> None:
    kept = picture(beats(at("00:00"), at("12:00")), stir(at("08:50")), [door(at("09:00")), door(at("09:01"), 0)])
    seen = glance(kept, LONDON, at("12:00"))
    assert (seen.presence, seen.presence_since) == (Presence.OUT, at("09:01"))


def test_locking_up_is_not_leaving() -> None:
    kept = picture(beats(at("12:00"), at("23:00")), stir(at("20:50")), [door(at("21:00")), door(at("21:01"), 0)])
    assert glance(kept, LONDON, at("23:00")).presence is Presence.HOME


def test_nobody_knows_who_is_in_a_home_that_cannot_be_seen() -> None:
    kept = picture(beats(at("06:00"), at("08:00")), stir(at("07:30")))
    assert glance(kept, LONDON, at("12:00")).presence is Presence.UNKNOWN
    assert glance(Picture.empty(), LONDON, at("12:00")).presence is Presence.UNKNOWN


def test_calls_for_help_are_kept_however_old() -> None:
    kept = picture(beats(at("00:00"), at("12:00")), [sos(at("07:00", 5))])
    assert kept.calls["bedroom", "button"] == (at("07:00", 5).timestamp(),)


def test_a_picture_of_the_past_knows_nothing_of_what_came_after() -> None:
    before = picture(beats(at("00:00"), at("09:00")), stir(at("07:00")))
    after = fold(before, [*beats(at("09:00"), at("12:00")), *stir(at("11:00"), "bedroom")])
    then = after.as_at(int(at("09:00").timestamp() // 60))
    assert then.signs["bedroom", "room"] == 0
    assert glance(then, LONDON, at("09:00")).last_sign_at == at("07:04")


def test_a_home_with_a_box_a_tag_reader_and_five_thermometers_stays_below_four_kilobytes() -> None:
    rng = random.Random(8)
    some = []
    for room in range(5):
        degrees = 19.0
        for half_hour in range(4 * 48):
            degrees += rng.gauss(0, 0.3)
            when = at("00:00", 15) + timedelta(minutes=30 * half_hour + rng.randrange(30))
            some.append(Seen(when, f"place number {room}", "room", Kind.TEMPERATURE, degrees))
            some.append(Seen(when, f"place number {room}", "room", Kind.MOTION, 1))
    for day in range(15, 19):
        for hour in ("08:00", "12:00", "18:00", "22:00"):
            some += [
                Seen(at(hour, day) + timedelta(minutes=m), "kitchen", "button", Kind.MEDICATION, m) for m in range(1, 6)
            ]
            some.append(Seen(at(hour, day), "hall", "button", Kind.VISIT, rng.randrange(1000)))
    kept = picture(some, beats(at("00:00", 15), at("23:55", 18)))
    assert len(kept.warmth) == 5
    assert len(json.dumps(kept.to_json())) < 4096


def test_a_home_without_such_devices_keeps_nothing_of_them() -> None:
    kept = picture(stir(at("07:00")), beats(at("00:00"), at("12:00"))).to_json()
    assert set(kept) == {"v", "base", "newest", "beat", "signs", "sets"}


OPENED = [door(at("07:00")), door(at("07:00") + timedelta(seconds=11), 0), door(at("09:00"))]


def stands(kept: Picture, place: str = "front door", role: str = "outside_door") -> datetime | None:
    since = open_since(kept.marks, place, role, kept.base)
    return datetime.fromtimestamp(since, UTC) if since is not None else None


def test_a_door_stands_open_since_it_was_opened_however_often_its_sensor_says_so() -> None:
    assert stands(picture(OPENED[:2])) is None
    assert stands(picture(OPENED)) == at("09:00")
    repeated = [door(at("10:00")), door(at("11:30"))]
    assert stands(picture(OPENED, repeated)) == at("09:00")
    assert stands(picture(repeated, OPENED)) == at("09:00")
    assert stands(picture(OPENED, repeated, [door(at("12:00"), 0)])) is None


def test_a_shut_that_comes_late_makes_it_a_new_opening() -> None:
    kept = picture(OPENED, [door(at("11:30"))])
    assert stands(fold(kept, [door(at("10:00"), 0)])) == at("11:30")
    assert stands(fold(kept, [door(at("08:00"), 0)])) == at("09:00")


def test_every_kind_of_door_is_known_by_itself() -> None:
    fridge = Seen(at("09:30"), "kitchen", "fridge_door", Kind.CONTACT, 1)
    inside = Seen(at("09:40"), "kitchen", "inside_door", Kind.CONTACT, 1)
    kept = picture(OPENED, [fridge, inside])
    assert stands(kept, "kitchen", "fridge_door") == at("09:30")
    assert stands(kept, "kitchen", "inside_door") == at("09:40")
    assert list(kept.opened) == ["front door"], "only outside doors are watched in the night"


def test_a_door_open_for_longer_than_the_picture_reaches_is_open_still() -> None:
    kept = picture([door(at("07:00", 10))], beats(at("00:00"), at("12:00")))
    assert stands(kept) == at("07:00", 10)
    repeating = picture([door(at("07:00", day)) for day in range(10, 18)], beats(at("00:00"), at("12:00")))
    assert stands(repeating) == at("07:00", 16), "the first of those that the picture still holds"


def test_a_picture_of_the_past_knows_how_each_door_stood_then() -> None:
    kept = picture(OPENED, [door(at("10:00"), 0), door(at("11:00")), door(at("11:01"), 0)])
    assert stands(kept.as_at(minute_of(at("09:30")))) == at("09:00")
    assert stands(kept.as_at(minute_of(at("10:30")))) is None
    assert kept.as_at(minute_of(at("06:30"))).doors == {}


def test_a_picture_of_the_past_knows_no_word_and_no_degree_of_what_came_after() -> None:
    before = [
        Seen(at("08:00"), "kitchen", "button", Kind.REMINDER, 1),
        *(Seen(at(text), "kitchen", "room", Kind.TEMPERATURE, 15) for text in ("08:05", "08:40")),
    ]
    after = [
        Seen(at("10:00"), "kitchen", "button", Kind.REMINDER, 2),
        Seen(at("10:10"), "kitchen", "room", Kind.TEMPERATURE, 20),
        Seen(at("10:00"), "hall", "button", Kind.VISIT, 3),
    ]
    then = picture(before, after).as_at(minute_of(at("10:00")))
    assert (then.marks, then.warmth["kitchen"].slots) == (
        picture(before).marks,
        picture(before).warmth["kitchen"].slots,
    )


def test_words_that_mean_nothing_leave_no_mark_and_a_tag_is_any_tag() -> None:
    odd = [Seen(at("08:00"), "kitchen", "button", Kind.REMINDER, value) for value in (0, 5, 1.5)]
    assert picture(odd).marks == {}
    tags = [Seen(at(text), "hall", "button", Kind.VISIT, value) for text, value in (("08:00", 3), ("09:00", 4711))]
    assert minutes_of(picture(tags).marks, Kind.VISIT, (ANY_TAG,)).bit_count() == 2
    assert len(picture(tags).marks) == 1


def warm(when: datetime, degrees: float, role: str = "room") -> Seen:
    return Seen(when, "kitchen", role, Kind.TEMPERATURE, degrees)


def test_a_half_hour_keeps_its_lowest_and_highest_degree() -> None:
    kept = picture([warm(at("08:05"), 17.26), warm(at("08:10"), 19), warm(at("08:29"), 18), warm(at("08:30"), 20)])
    first = minute_of(at("08:00")) // SLOT_MIN
    assert kept.warmth["kitchen"].slots == {first: (173, 190), first + 1: (200, 200)}


def test_degrees_that_cannot_be_or_are_of_another_thing_never_count() -> None:
    odd = [warm(at("08:05"), degrees) for degrees in (-100, 85, 654.36)]
    assert picture(odd, [warm(at("08:05"), 4, "fridge_door"), warm(at("08:05"), 31, "plug")]).warmth == {}


def test_of_degrees_a_day_is_kept() -> None:
    kept = picture([warm(at("08:05", 17), 18), warm(at("10:00", 17), 19)], beats(at("00:00"), at("10:00")))
    assert list(kept.warmth["kitchen"].slots) == []
    assert kept.warmth["kitchen"].newest == at("10:00", 17).timestamp()
    kept = picture([warm(at("08:05", 17), 18), warm(at("10:00", 17), 19)], beats(at("00:00"), at("09:55")))
    assert list(kept.warmth["kitchen"].slots.values()) == [(190, 190)]


def test_a_picture_of_the_version_before_is_read_as_far_as_it_went() -> None:
    """Its doors have only the openings of outside ones and the newest report of each; made anew it would
    have forgotten what is older than three days."""
    old = {
        "v": 1,
        "base": 29912040,
        "newest": 29916480,
        "beat": 1794988800.0,
        "signs": [
            ["kitchen", "room", 1794985440.0],
            ["front door", "outside_door", 1794986700.0],
            ["fridge", "fridge_door", 1794987600.0],
            ["bedroom", "button", 1794978000.0],
        ],
        "opened": ["front door"],
        "doors": [["front door", "outside_door", 1794986700.0, False], ["fridge", "fridge_door", 1794987600.0, True]],
        "calls": [["bedroom", "button", [1794978000.0]]],
        "sets": "7cHBCcAgAATBPbAAW7Cj9N+M4sOHSCT57wzSi74L0t0TpLuwNKSPSkU6VaR/whKmAQ==",
    }
    fridge = [
        Seen(at(text), "fridge", "fridge_door", Kind.CONTACT, value) for text, value in (("07:30", 0), ("07:40", 1))
    ]
    shut = door(at("06:00") + timedelta(seconds=11), 0)
    readings = [sos(at("05:00")), door(at("06:00")), shut, *stir(at("07:00")), door(at("07:20")), door(at("07:25"), 0)]
    whole = picture(readings, fridge, beats(at("06:00"), at("08:00")))
    kept = Picture.from_json(old)
    assert (kept.signs, kept.last, kept.doors, kept.opened) == (whole.signs, whole.last, whole.doors, whole.opened)
    assert (kept.covered, kept.last_beat, kept.calls) == (whole.covered, whole.last_beat, whole.calls)
    assert stands(kept) is None
    assert stands(kept, "fridge", "fridge_door") == at("07:40")
    assert Picture.from_json(kept.to_json()) == kept


def test_a_picture_of_an_unknown_version_cannot_be_read() -> None:
    with pytest.raises(ValueError, match="another version"):
        Picture.from_json(picture(stir(at("07:00"))).to_json() | {"v": 3})

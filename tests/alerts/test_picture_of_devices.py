"""What a picture holds of doors, of what devices say, and of how warm it is; and pictures of the version before."""

import json
import random
from datetime import UTC, datetime, timedelta

import pytest

from alerts.local_days import minute_of
from alerts.marks import ANY_TAG, minutes_of, open_since
from alerts.picture import Picture, Seen, fold
from alerts.warmth import SLOT_MIN
from gateway.messages import Kind
from tests.alerts.a_home import at, beats, door, picture, sos, stir


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

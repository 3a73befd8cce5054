"""What a picture keeps, and that the order and repetition of delivery never matter."""

import json
import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.folding import HORIZON_MIN
from alerts.picture import Picture, Presence, Seen, fold, glance
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

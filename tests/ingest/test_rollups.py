"""The rollups are what a plain recount gives, whatever comes how often in whatever order."""

from collections import Counter
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.messages import Kind, Reading
from ingest.checking import differences
from ingest.kinds import is_sign_of_life
from tests.ingest.homes import NOON, SENSORS, Ingest, message
from tests.ingest.homes import reading as said

Key = tuple[str, int]
"""Boot and sequence number."""

MOMENTS = st.integers(-3 * 24 * 3600, 0).map(lambda seconds: NOON + timedelta(seconds=seconds))
FACTS = st.one_of(
    st.tuples(st.just("gateway"), st.just(Kind.BEAT), st.just(0.0), MOMENTS),
    st.tuples(
        st.sampled_from(sorted(SENSORS)),
        st.sampled_from([Kind.MOTION, Kind.PRESENCE, Kind.CONTACT, Kind.POWER, Kind.MEDICATION]),
        st.sampled_from([0.0, 1.0, 3.0]),
        MOMENTS,
    ),
)
KEYS = st.tuples(st.sampled_from(["b1", "b2"]), st.integers(1, 12))


def readings_of(story: dict[Key, tuple[str, Kind, float, datetime]]) -> dict[Key, Reading]:
    return {
        (boot, seq): Reading(seq=seq, sensor=sensor, kind=kind, value=value, at=at)
        for (boot, seq), (sensor, kind, value, at) in story.items()
    }


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.dictionaries(KEYS, FACTS, min_size=1), data=st.data())
def test_any_order_and_any_repetition_give_the_same_rollups(
    ingest: Ingest, story: dict[Key, tuple[str, Kind, float, datetime]], data: st.DataObject
) -> None:
    ingest.connection.execute("truncate reading, stream, activity_hour, coverage_hour")
    ingest.saver.forget()
    made = readings_of(story)
    # Each at least once, in any order, some doubled, cut into batches anywhere.
    sent = data.draw(st.permutations(sorted(made))) + data.draw(st.lists(st.sampled_from(sorted(made)), max_size=20))
    while sent:
        size = data.draw(st.integers(1, len(sent)))
        ingest.save(*[message(made[key], boot=key[0]) for key in sent[:size]])
        sent = sent[size:]
    assert ingest.numbers() == sorted(made)
    assert differences(ingest.connection) == []
    assert set(ingest.rows("select place, hour, events from activity_hour")) == activity(made)
    assert covered_minutes(ingest) == {
        at for reading in made.values() if reading.kind is Kind.BEAT for at in proved(reading.at)
    }


def activity(made: dict[Key, Reading]) -> set[tuple[object, ...]]:
    """Place, hour and how many signs of life."""
    counted: Counter[tuple[str, datetime]] = Counter()
    for reading in made.values():
        if is_sign_of_life(reading.kind, reading.value):
            counted[SENSORS[reading.sensor][0], reading.at.replace(minute=0, second=0)] += 1
    return {(place, hour, events) for (place, hour), events in counted.items()}


def proved(beat_at: datetime) -> set[datetime]:
    """Minute by minute, the slow and plain way."""
    minute = (beat_at - timedelta(seconds=300)).replace(second=0)
    found = set()
    while minute <= beat_at:
        found.add(minute)
        minute += timedelta(minutes=1)
    return found


def covered_minutes(ingest: Ingest) -> set[datetime]:
    found = ingest.connection.execute("select hour, minutes from coverage_hour").fetchall()
    return {hour + timedelta(minutes=bit) for hour, minutes in found for bit in range(60) if minutes >> bit & 1}


def test_a_sensor_that_was_moved_leaves_its_old_hours_where_they_were(ingest: Ingest) -> None:
    ingest.save(message(*[said(seq, "fridge", Kind.CONTACT, seq % 2) for seq in (1, 2)], said(3, "lounge")))
    ingest.connection.execute("update sensor set place = 'utility room' where name = 'fridge'")
    assert differences(ingest.connection) == []
    ingest.connection.execute("update activity_hour set events = 5 where place = 'kitchen'")
    assert [difference.place for difference in differences(ingest.connection)] == [""]

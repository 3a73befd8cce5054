"""A beat promises that the home was watched for the whole five minutes before it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.beats import PROVED, Watch

START = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def watch(every: timedelta = PROVED) -> Watch:
    return Watch(every, stall=timedelta(seconds=30))


def test_the_first_beat_comes_five_minutes_after_listening_began() -> None:
    seen = watch()
    beats = [beat for s in range(700) for beat in seen.look(START + s * SECOND, listening=True)]
    assert beats == [START + PROVED, START + 2 * PROVED]


def test_more_frequent_beats_still_prove_only_what_was_watched() -> None:
    seen = watch(timedelta(seconds=60))
    beats = [beat for s in range(421) for beat in seen.look(START + s * SECOND, listening=True)]
    assert beats == [START + PROVED + n * 60 * SECOND for n in range(3)]


def test_a_machine_that_slept_promises_nothing_for_its_sleep() -> None:
    seen = watch()
    seen.look(START, listening=True)
    assert seen.look(START + timedelta(hours=2), listening=True) == []
    assert seen.looked is not None


def test_a_clock_that_is_set_back_starts_the_watch_anew() -> None:
    seen = watch()
    seen.look(START, listening=True)
    seen.look(START - timedelta(hours=1), listening=True)
    assert seen.next_at == START - timedelta(hours=1) + PROVED


@given(st.lists(st.tuples(st.integers(1, 60), st.booleans()), max_size=150))
def test_no_beat_covers_a_moment_without_listening(looks: list[tuple[int, bool]]) -> None:
    seen, now, blind, beats = watch(), START, [START], []
    for seconds, listening in looks:
        before, now = now, now + seconds * SECOND
        if not listening or seconds > 30:
            blind += [before, now]
        beats += seen.look(now, listening=listening)
    for beat in beats:
        assert not [moment for moment in blind if beat - PROVED < moment < beat]

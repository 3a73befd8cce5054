"""What a gateway says of a pause, as it is kept."""

from datetime import UTC, datetime, timedelta

from gateway.messages import Status
from ingest.arrivals import Arrived
from tests.ingest.homes import Ingest, arrived

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
M, H = timedelta(minutes=1), timedelta(hours=1)


def status(at: datetime, until: datetime | None = None, *, late: timedelta = timedelta(), **more: object) -> Arrived:
    said = Status.model_validate({"online": True, "at": at, "paused_until": until} | more)
    return arrived(said.model_dump_json(exclude_none=True).encode(), leaf="status", at=at + late)


def pauses(ingest: Ingest) -> list[tuple[object, ...]]:
    return ingest.rows("select from_at, until_at, ended_at from pause order by id")


def test_a_pause_is_kept_from_its_first_status_until_the_one_without_it(ingest: Ingest) -> None:
    ingest.save(status(NOON))
    for minutes in range(3):
        ingest.save(status(NOON + minutes * M, NOON + H))
    assert pauses(ingest) == [(NOON, NOON + H, None)]
    ingest.save(status(NOON + 20 * M))
    assert pauses(ingest) == [(NOON, NOON + H, NOON + 20 * M)]


def test_a_last_will_ends_no_pause_and_one_that_ran_out_ended_then(ingest: Ingest) -> None:
    ingest.save(status(NOON, NOON + H))
    ingest.save(arrived(b'{"v": 1, "online": false}', leaf="status", at=NOON + 5 * M))
    assert pauses(ingest) == [(NOON, NOON + H, None)]
    ingest.save(status(NOON + 3 * H))
    assert pauses(ingest) == [(NOON, NOON + H, NOON + H)]


def test_another_length_is_another_pause(ingest: Ingest) -> None:
    ingest.save(status(NOON, NOON + H))
    ingest.save(status(NOON + 30 * M, NOON + 4 * H))
    assert pauses(ingest) == [(NOON, NOON + H, NOON + 30 * M), (NOON + 30 * M, NOON + 4 * H, None)]


def test_a_pause_that_is_over_already_when_it_is_told_is_none(ingest: Ingest) -> None:
    ingest.save(status(NOON, NOON - M))
    assert pauses(ingest) == []


def test_a_pause_that_began_and_ended_while_nobody_took_messages_leaves_its_trace(ingest: Ingest) -> None:
    back = NOON + 5 * H
    waited = [
        status(NOON + minutes * M, NOON + H if 10 <= minutes < 40 else None, late=back - NOON - minutes * M)
        for minutes in (0, 10, 20, 40, 50)
    ]
    ingest.save(*waited)
    assert pauses(ingest) == [(NOON + 10 * M, NOON + H, NOON + 40 * M)]
    ingest.save(*waited)
    assert pauses(ingest) == [(NOON + 10 * M, NOON + H, NOON + 40 * M)]


def test_nothing_that_a_fast_clock_says_begins_before_it_came(ingest: Ingest) -> None:
    ingest.save(status(NOON + H, NOON + 2 * H, late=-H))
    assert pauses(ingest) == [(NOON, NOON + 2 * H, None)]


def test_silence_in_a_pause_is_not_learned_as_a_sensors_habit(ingest: Ingest) -> None:
    heard = {"kitchen": NOON}
    ingest.save(status(NOON, sensors_at=heard))
    for minutes in range(1, 240, 10):
        ingest.save(status(NOON + minutes * M, NOON + 4 * H, sensors_at=heard))
    after = NOON + 4 * H
    for minutes in (1, 11, 21):
        ingest.save(status(after + minutes * M, sensors_at={"kitchen": after + minutes * M}))
    assert ingest.rows("select longest from sensor_check_in") == [(10 * M,)]
    assert ingest.rows("select seen_since from gateway") == [(after + M,)]

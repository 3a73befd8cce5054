"""The saving loop: how batches are cut, and what happens when the database refuses one."""

import threading
from queue import SimpleQueue

from hypothesis import given
from hypothesis import strategies as st

from ingest.arrivals import Arrived
from ingest.receiving import Done
from ingest.refusals import Reason
from ingest.worker import MOST_BYTES, Intake, Worker
from tests.ingest.homes import NOON, Ingest, message, reading
from tests.ingest.service import wait_until


def queue_of(*bursts: list[Arrived]) -> SimpleQueue[list[Arrived]]:
    queue: SimpleQueue[list[Arrived]] = SimpleQueue()
    for burst in bursts:
        queue.put(burst)
    return queue


@given(st.lists(st.lists(st.integers(0, MOST_BYTES), min_size=1, max_size=8), max_size=8), st.integers(1, 5))
def test_batches_keep_the_order_and_their_bounds(sizes: list[list[int]], most: int) -> None:
    whole = bytes(MOST_BYTES)
    bursts = [[Arrived("", whole[:size], NOON, 1, 1) for size in burst] for burst in sizes]
    intake = Intake(queue_of(*bursts), most)
    taken = []
    while batch := intake.next(timeout_s=0):
        assert len(batch) <= most
        assert len(batch) == 1 or sum(len(arrived.payload) for arrived in batch) <= MOST_BYTES
        taken += batch
    assert [id(arrived) for arrived in taken] == [id(arrived) for burst in bursts for arrived in burst]


def test_a_message_that_the_database_refuses_is_set_aside_alone(ingest: Ingest, each_database: str) -> None:
    ingest.connection.execute("alter table reading add check (value <> 13)")
    batch = [message(reading(seq, value=13 if seq == 7 else 1)) for seq in range(1, 21)]
    finished: list[Done] = []
    stopping = threading.Event()
    worker = Worker(each_database, Intake(queue_of(batch), 1000), finished.append, stopping)
    thread = threading.Thread(target=worker.run)
    thread.start()
    wait_until(lambda: sum(len(done.batch) for done in finished) == len(batch))
    stopping.set()
    thread.join(10)
    assert ingest.numbers() == [("b1", seq) for seq in range(1, 21) if seq != 7]
    assert ingest.reasons() == [(Reason.NOT_SAVABLE.value,)]
    assert max(stored.seq for done in finished for stored in done.stored) == 20

"""Does things a little later, on a few threads: reports, answers, habits."""

import heapq
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from gateway.log import about

log = logging.getLogger(__name__)


class Later:
    """`do(after_s, task)`; tasks of the same delay begin in the order they were given."""

    def __init__(self, workers: int = 8) -> None:
        self._tasks: list[tuple[float, int, Callable[[], object]]] = []
        self._made = 0
        self._changed = threading.Condition()
        self._ended = False
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="phone")
        self._thread = threading.Thread(target=self._run, name="phone-later", daemon=True)
        self._thread.start()

    def do(self, after_s: float, task: Callable[[], object]) -> None:
        with self._changed:
            self._made += 1
            heapq.heappush(self._tasks, (time.monotonic() + after_s, self._made, task))
            self._changed.notify()

    def stop(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join(2)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._ended:
                    return
                wait = self._tasks[0][0] - time.monotonic() if self._tasks else None
                if wait is None or wait > 0:
                    self._changed.wait(wait)
                    continue
                task = heapq.heappop(self._tasks)[2]
                self._pool.submit(_guarded, task)


def _guarded(task: Callable[[], object]) -> None:
    try:
        task()
    except Exception:
        log.exception("A task of the simulated phone company failed", extra=about("phone_task_failed"))

"""Waiting for what another thread or process does, without sleeping for a fixed time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(found: Callable[[], T | None], seconds: float = 15) -> T:
    """What `found` returns once that is true; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        value = found()
        if value:
            return value
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.01)

"""What goes wrong on purpose: for one number or for all, always or for the next few texts."""

import threading
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Request(StrEnum):
    """What becomes of our request to send."""

    FINE = "fine"
    TOO_MANY = "429"
    BROKEN_BEFORE = "5xx"  # not accepted
    BROKEN_AFTER = "5xx_after_accepting"
    DROPPED_AFTER = "dropped_after_accepting"
    NONSENSE_AFTER = "nonsense_after_accepting"  # 201 with a body that is not JSON
    HANG = "hang"  # no answer, not accepted
    HANG_AFTER = "hang_after_accepting"


class Callbacks(StrEnum):
    """What becomes of the reports about a text."""

    FINE = "fine"
    LATE = "late"
    REPEATED = "repeated"
    REVERSED = "reversed"
    LOST = "lost"


class Fate(StrEnum):
    """What becomes of a text that was accepted."""

    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    SENT = "sent"  # and never more: some networks send no receipts
    STUCK = "stuck"  # stays queued


class Disorder(BaseModel):
    """One wish. `number` null: for every phone. `times` null: until it is taken back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str | None = None
    times: Annotated[int, Field(ge=1)] | None = None
    request: Request = Request.FINE
    callbacks: Callbacks = Callbacks.FINE
    late_s: Annotated[float, Field(ge=0, le=3600)] = 2
    fate: Fate = Fate.DELIVERED
    refuse: int | None = None
    """Refuse the request to send with this error code (21211, 21610, ...)."""
    error_code: int | None = None
    """With the fates undelivered and failed."""
    listing_fails: bool = False
    """GET of the list answers 500 (only with `number` null)."""
    inbound_lost: bool = False
    """The webhook for a text from this phone is never called."""


class Disorders:
    """The wishes in force: the newest for a number first, then the newest for all."""

    def __init__(self) -> None:
        self._wishes: list[Disorder] = []
        self._lock = threading.Lock()

    def add(self, wish: Disorder) -> None:
        with self._lock:
            self._wishes.insert(0, wish)

    def clear(self) -> None:
        with self._lock:
            self._wishes.clear()

    def for_text(self, number: str) -> Disorder:
        """What is to happen to this text; counts down a wish for the next few."""
        with self._lock:
            found = self._find(number)
            if found and found.times is not None:
                place = self._wishes.index(found)
                self._wishes[place : place + 1] = (
                    [found.model_copy(update={"times": found.times - 1})] if found.times > 1 else []
                )
            return found or Disorder()

    def now(self, number: str) -> Disorder:
        """The wish in force for this number, without counting down."""
        with self._lock:
            return self._find(number) or Disorder()

    def listing_fails(self) -> bool:
        with self._lock:
            return any(wish.listing_fails for wish in self._wishes)

    def _find(self, number: str) -> Disorder | None:
        own = (wish for wish in self._wishes if wish.number == number)
        for_all = (wish for wish in self._wishes if wish.number is None and not wish.listing_fails)
        return next(own, None) or next(for_all, None)

"""What passes between the page, the service and the desk. Pure."""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gateway.config import TABLET
from gateway.messages import BUTTON_VALUE, Button, Kind
from gateway.outbox import Kept, Rank


class Press(StrEnum):
    """The buttons of the page."""

    DONE = "done"
    LATER = "later"
    HELP = "help"
    FINE = "fine"
    CLOSE_HELP = "close_help"
    FINE_AFTER_ALL = "fine_after_all"
    PAUSE = "pause"
    RESUME = "resume"


@dataclass(eq=False, slots=True)
class Pressed:
    """A button on the page. `key`: which reminder, question, or length of a pause.

    `answered` is set when all is on disk; `took` then says whether it changed anything.
    """

    what: Press
    key: str = ""
    answered: threading.Event = field(default_factory=threading.Event)
    took: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What the gateway's status says of config, page and pause (see messages.Status)."""

    config: int | None = None
    missing: tuple[str, ...] = ()
    voice: bool | None = None
    paused_until: datetime | None = None
    walk_test_until: datetime | None = None


NO_STANDING = Standing()


def button(which: Button, now: datetime) -> Kept:
    """The reading of a button of the page."""
    rank = Rank.URGENT if which is Button.SOS else Rank.EVENT
    return Kept(TABLET, Kind.BUTTON, BUTTON_VALUE[which], now, rank)

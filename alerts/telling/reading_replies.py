"""What a text that came in says. Pure.

"K7 1", "k7-1", "K71", "1 k7." and a bare "1" are answers; the carriers' own words are
recognised so that nothing of ours gets in their way; everything else is not understood.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 1600
"""Of a longer text, which no phone sends, only the beginning is looked at."""

STOP = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
START = frozenset({"START", "YES", "UNSTOP"})
INFO = frozenset({"HELP", "INFO"})

_CODE = r"(?P<code>[A-Z]{1,3}[2-9])"
_DIGIT = r"(?P<digit>[1234])"
_SIX_DIGITS = re.compile(r"[0-9]{3} ?[0-9]{3}")
_FORMS = tuple(re.compile(form) for form in (rf"{_CODE} ?{_DIGIT}", rf"{_DIGIT} {_CODE}", _DIGIT, _CODE))


class Wish(StrEnum):
    TAKE = "take"
    CANNOT = "cannot"
    ALL_WELL = "all_well"
    ATTEND = "attend"
    STOP = "stop"
    START = "start"
    INFO = "info"
    SWAP = "swap"  # somebody else stands in, until a time
    BACK = "back"  # no longer
    PROVE = "prove"  # that the phone is theirs: the code we sent
    NONE = "none"  # not understood, though it may name a code


DIGITS = {"1": Wish.TAKE, "2": Wish.CANNOT, "3": Wish.ALL_WELL, "4": Wish.ATTEND}
DIGIT_OF = {wish: digit for digit, wish in DIGITS.items()}


@dataclass(frozen=True, slots=True)
class Reply:
    """What was wished, and about which code, if one was given."""

    wish: Wish
    code: str | None = None
    until: str = ""
    """What follows SWAP."""


def read(body: str) -> Reply:
    """Understand a text; never fails."""
    words = _plain(body[:LONGEST])
    if _SIX_DIGITS.fullmatch(words):
        return Reply(Wish.PROVE, words.replace(" ", ""))
    for named, wish in ((STOP, Wish.STOP), (START, Wish.START), (INFO, Wish.INFO)):
        if words in named:
            return Reply(wish)
    if words == "BACK":
        return Reply(Wish.BACK)
    if words == "SWAP" or words.startswith("SWAP "):
        return Reply(Wish.SWAP, until=words.removeprefix("SWAP").strip())
    for form in _FORMS:
        if found := form.fullmatch(words):
            parts = found.groupdict()
            return Reply(DIGITS.get(parts.get("digit") or "", Wish.NONE), parts.get("code"))
    return Reply(Wish.NONE)


def _plain(body: str) -> str:
    """Upper case, wide digits made narrow, and single spaces for everything but letters and digits."""
    upper = unicodedata.normalize("NFKC", body).upper()
    return " ".join(re.sub(r"[^A-Z0-9]+", " ", upper).split())

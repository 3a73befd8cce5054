"""What adapters of Bluetooth devices share: the address as identity, and adverts sent several times. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

SAME_ADVERT = timedelta(seconds=60)
"""An advert is repeated for a few seconds, and heard by several receivers; its number comes
round again (256 adverts later) only after hours."""


def address(said: object) -> str | None:
    """The address in small letters without colons; None where it is none.

    One device has one identity, whichever integration hears it.
    """
    if not isinstance(said, str):
        return None
    plain = re.sub(r"[:-]", "", said).lower()
    return plain if re.fullmatch(r"[0-9a-z]{12}", plain) else None


def spellings(plain: str) -> tuple[str, ...]:
    """The ways in which people write an address in the per-device table."""
    pairs = [plain[place : place + 2] for place in range(0, len(plain), 2)]
    colons = ":".join(pairs)
    return plain, plain.upper(), colons, colons.upper()


@dataclass(slots=True)
class Adverts:
    """Of one device: which advert was heard last."""

    number: object = None
    at: datetime | None = None

    def is_repeat(self, number: object, at: datetime) -> bool:
        """Whether this advert has been heard already; remembers it. None: it has no number."""
        repeat = number is not None and number == self.number and self.at is not None and at - self.at <= SAME_ADVERT
        if not repeat:
            self.number, self.at = number, at
        return repeat

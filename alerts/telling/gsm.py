"""How long a text is to the phone network. Pure.

A text of GSM-7 characters fits into one message up to 160 septets; one other character
turns the whole of it into UCS-2, where a message holds 70 UTF-16 units. Source: 3GPP TS
23.038 (the alphabet and its extension) and TS 23.040 (the length of joined messages).
"""

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
"""Each of these costs two septets: an escape, then the character."""

ONE_MESSAGE = 160
_JOINED = 153
_ONE_WIDE_MESSAGE = 70
_WIDE_JOINED = 67


def septets(text: str) -> int | None:
    """The length in GSM-7 septets, or None where a character is not in the alphabet."""
    if any(letter not in BASIC and letter not in EXTENSION for letter in text):
        return None
    return len(text) + sum(letter in EXTENSION for letter in text)


def segments(text: str) -> int:
    """How many messages the network makes of it, and bills."""
    length = septets(text)
    if length is not None:
        return 1 if length <= ONE_MESSAGE else -(-length // _JOINED)
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= _ONE_WIDE_MESSAGE else -(-units // _WIDE_JOINED)

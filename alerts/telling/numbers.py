"""Phone numbers of people: any way of typing one becomes E.164, or a plain sentence says why not. Pure.

Numbers without a country are the United Kingdom's.
"""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberType as Kind

LONGEST_TYPED = 60

_DRAMA = re.compile(r"\+447700900[0-9]{3}")
"""Numbers that Ofcom keeps free for stories: nobody has them, so that demos and tests may."""

_NOBODYS_PHONE = {
    Kind.PREMIUM_RATE: "a number that costs extra to call",
    Kind.SHARED_COST: "a number that costs extra to call",
    Kind.PERSONAL_NUMBER: "a number that forwards calls and costs extra (070)",
    Kind.TOLL_FREE: "a free number of an organisation",
    Kind.UAN: "a number of an organisation",
    Kind.PAGER: "a pager",
    Kind.VOICEMAIL: "a voicemail box",
}
_TAKE_TEXTS = frozenset({Kind.MOBILE, Kind.FIXED_LINE_OR_MOBILE})


class BadNumberError(ValueError):
    """Not the number of a person's phone; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number that somebody can be reached by."""

    e164: str
    takes_texts: bool
    """A landline can be called, but gets no texts."""


def read_number(typed: str) -> PhoneNumber:
    """Understand a typed number. Raises BadNumberError."""
    if len(typed) > LONGEST_TYPED:
        raise BadNumberError("That is too long for a phone number.")
    try:
        number = phonenumbers.parse(typed, "GB")
    except phonenumbers.NumberParseException:
        raise BadNumberError("That is not a phone number. Type it like 07700 900123.") from None
    if number.extension:
        raise BadNumberError("A number with an extension cannot be called or texted from here.")
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if _DRAMA.fullmatch(e164):
        return PhoneNumber(e164, takes_texts=True)
    if not phonenumbers.is_valid_number(number):
        raise BadNumberError(_what_is_wrong(number))
    kind = phonenumbers.number_type(number)
    if kind in _NOBODYS_PHONE:
        raise BadNumberError(f"That is {_NOBODYS_PHONE[kind]}. Please give somebody's own phone.")
    return PhoneNumber(e164, kind in _TAKE_TEXTS)


def read_mobile(typed: str) -> str:
    """The same for a phone that must take texts; its E.164 form. Raises BadNumberError."""
    number = read_number(typed)
    if not number.takes_texts:
        raise BadNumberError("That is a landline, which gets no texts. Please give a mobile, or choose a call.")
    return number.e164


def _what_is_wrong(number: phonenumbers.PhoneNumber) -> str:
    match phonenumbers.is_possible_number_with_reason(number):
        case phonenumbers.ValidationResult.TOO_SHORT:
            return "That number is too short. Please check it."
        case phonenumbers.ValidationResult.TOO_LONG:
            return "That number is too long. Please check it."
    return "Nobody can have that number. Please check it."

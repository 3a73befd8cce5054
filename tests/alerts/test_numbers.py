"""Promises of phone numbers: any way of typing one is understood, and what is nobody's phone is refused plainly."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.telling.numbers import BadNumberError, PhoneNumber, read_mobile, read_number

MOBILE = "+447911123456"


@pytest.mark.parametrize(
    "typed",
    [
        "07911123456", "07911 123456", "0 7 9 1 1 1 2 3 4 5 6", "+44 7911 123456", "+44 (0)7911 123456",
        "0044 7911 123456", "(07911) 123-456", "07911.123.456", "07911/123456", " 07911 123456 ", "447911123456",
        "7911123456", "tel:+44-7911-123456", "07911 \N{FULLWIDTH DIGIT ONE}23456", "07911\N{NO-BREAK SPACE}123456",
        "07911\N{EN DASH}123456", "Mobile: 07911 123456",
    ],
)  # fmt: skip
def test_any_way_of_typing_a_number_is_the_same_number(typed: str) -> None:
    assert read_number(typed) == PhoneNumber(MOBILE, takes_texts=True)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("07700 900123", PhoneNumber("+447700900123", takes_texts=True)),  # nobody's, for demos
        ("020 7946 0018", PhoneNumber("+442079460018", takes_texts=False)),
        ("01905 763763", PhoneNumber("+441905763763", takes_texts=False)),
        ("+353 86 123 4567", PhoneNumber("+353861234567", takes_texts=True)),
        ("07624 123456", PhoneNumber("+447624123456", takes_texts=True)),  # Isle of Man
    ],
)
def test_landlines_and_other_countries_are_known(typed: str, expected: PhoneNumber) -> None:
    assert read_number(typed) == expected


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "not a phone number"),
        ("Anna", "not a phone number"),
        ("999", "too short"),
        ("07911 12345", "Nobody can have that number"),
        ("07911 1234567", "too long"),
        ("0909 879 0000", "costs extra"),
        ("0844 123 4567", "costs extra"),
        ("070 1234 5678", "070"),
        ("0800 123 456", "free number"),
        ("0300 123 4567", "organisation"),
        ("020 7946 0018 ext 5", "extension"),
        ("07911 123456" * 9, "too long"),
        ("+44 0000 000000", "."),
    ],
)
def test_what_is_nobodys_phone_is_refused_with_a_plain_sentence(typed: str, why: str) -> None:
    with pytest.raises(BadNumberError, match=re.escape(why)) as refused:
        read_number(typed)
    assert str(refused.value).endswith(".")
    assert typed == "" or typed not in str(refused.value)  # what was typed may be private


def test_a_landline_gets_no_texts() -> None:
    assert read_mobile("07911 123456") == MOBILE
    with pytest.raises(BadNumberError, match="landline"):
        read_mobile("020 7946 0018")


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_number_or_refused(typed: str) -> None:
    try:
        found = read_number(typed).e164
    except BadNumberError:
        return
    assert re.fullmatch(r"\+[1-9][0-9]{6,14}", found)

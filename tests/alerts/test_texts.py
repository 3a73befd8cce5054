"""Promises of every text: one GSM-7 message, nothing in it that a stranger may not read."""

import inspect
import re
from datetime import timedelta
from itertools import product

import pytest

from alerts.telling import texts
from alerts.telling.codes import LONG, SHORT
from alerts.telling.gsm import BASIC, EXTENSION, segments, septets
from alerts.telling.reading_replies import INFO, START, STOP
from alerts.verdicts import URGENT, WELFARE, AlertClass, Reason

CODE = "WMX7"
LONG_AGO = timedelta(hours=47, minutes=59)


def every_text() -> list[str]:
    first = [
        texts.alert(class_, reason, CODE, age=age, again=again)
        for class_, reason, age, again in product(
            AlertClass,
            [*Reason, "a reason of tomorrow"],
            (timedelta(), timedelta(minutes=119), LONG_AGO),
            (False, True),
        )
    ]
    with_code = [
        texts.called_again,
        texts.nobody_else_to_ask,
        texts.taken,
        texts.explained,
        texts.you_have_it,
        texts.somebody_else_has_it,
        texts.next_person_is_asked,
        texts.you_closed_it,
        texts.closed_already,
        texts.how_to_answer,
        texts.are_you_all_right,
        texts.said_well,
        texts.you_attend,
    ]
    return [
        *first,
        *(text(CODE) for text in with_code),
        *(texts.closed(CODE, all_well=well) for well in (True, False)),
        *(texts.which([CODE] * number, "3") for number in (2, 3, 40)),
        texts.are_you_all_right(CODE, again=True),
        texts.glad_you_are_well(),
        texts.somebody_is_asked_to_come(),
        texts.handed_over("Wed 20:00"),
        texts.you_stand_in("Wed 20:00"),
        texts.taken_back(),
        texts.NO_DEPUTY,
        texts.WHEN_IS_THAT,
        texts.NONE_OPEN,
        texts.UNKNOWN_CODE,
        texts.NOT_UNDERSTOOD,
        texts.sign_in("123456"),
        texts.verify("123456"),
        texts.NUMBER_PROVED,
        texts.NOT_THE_CODE,
        texts.still_you(),
        texts.still_you(again=True),
        texts.STILL_YOURS,
        texts.NOT_YOURS,
        texts.good_news(),
        texts.good_news(several=True),
        *(texts.week(7, 6, alerts, still, unseen) for alerts, still, unseen in product((0, 1, 99), (0, 9), (0, 168))),
    ]


def other_words() -> list[str]:
    """What is said by a voice, or mailed: it need not fit a text, and has no code."""
    some = product(AlertClass, Reason, (False, True))
    said = [words(c, r, again=again) for c, r, again in some for words in (texts.spoken, texts.mailed)]
    return [*said, texts.asked_aloud()]


def test_no_text_is_missing_from_this_test() -> None:
    source = inspect.getsource(every_text) + inspect.getsource(other_words)
    functions = [name for name, _ in inspect.getmembers(texts, inspect.isfunction) if not name.startswith("_")]
    words = [name for name, value in vars(texts).items() if name.isupper() and isinstance(value, str)]
    assert [name for name in functions + words if f"texts.{name}" not in source] == []


@pytest.mark.parametrize("text", sorted(set(every_text())))
def test_every_text_is_one_message_that_says_who_it_is_from(text: str) -> None:
    length = septets(text)
    assert length is not None
    assert length <= 160
    assert text.startswith("Hearthlight: ")
    assert "  " not in text
    assert ".." not in text


HEALTH = re.compile(
    r"health\b|\bill\b|sick|hospital|doctor|nurse|ambulance|medic|pill|dementia|alzheimer|\bfall|\bfell\b|hurt|injur"
    r"|dead|died|patient|\bcare\b|diagnos|\bbed\b|toilet|breath|\bheart\b|stroke|unwell",
    re.IGNORECASE,
)
PLACES = re.compile(r"kitchen|bathroom|bedroom|lounge|street|road|flat|house|cottage|https?:", re.IGNORECASE)


@pytest.mark.parametrize("text", sorted(set(every_text() + other_words())))
def test_no_text_has_a_health_word_a_place_or_a_number_of_anybody(text: str) -> None:
    assert not HEALTH.search(text)
    assert not PLACES.search(text)
    assert not re.search(r"\d{7}", text)


@pytest.mark.parametrize("text", sorted(set(every_text())))
def test_no_text_asks_for_a_word_that_the_carrier_eats(text: str) -> None:
    assert not set(re.findall(r"[A-Za-z]+", text)) & (STOP | START | INFO)


def test_a_text_takes_no_name_to_write_one() -> None:
    for name, function in inspect.getmembers(texts, inspect.isfunction):
        assert not {"name", "resident", "home", "address", "place", "phone"} & set(
            inspect.signature(function).parameters
        ), name


def test_every_reason_that_families_hear_has_its_own_words() -> None:
    assert set(texts.WHAT_HAPPENED) == WELFARE | URGENT


def test_codes_have_no_sign_that_is_taken_for_another() -> None:
    assert len(set(SHORT)) == len(SHORT) == 160
    assert len(set(LONG)) == len(LONG) == 3200
    assert not set("".join(SHORT + LONG)) & set("IOQSUZ01")


@pytest.mark.parametrize(
    ("text", "length", "messages"),
    [
        ("", 0, 1),
        ("Hello", 5, 1),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("€" * 80, 160, 1),
        ("€" * 80 + "a", 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("Siân", None, 1),
        ("â" * 70, None, 1),
        ("â" * 71, None, 2),
        ("\N{THUMBS UP SIGN}" * 35, None, 1),
        ("\N{THUMBS UP SIGN}" * 36, None, 2),
    ],
)
def test_length_is_counted_as_the_network_counts(text: str, length: int | None, messages: int) -> None:
    assert septets(text) == length
    assert segments(text) == messages


def test_the_alphabet_is_whole() -> None:
    assert len(BASIC) == 127  # 128 less the escape
    assert len(EXTENSION) == 10

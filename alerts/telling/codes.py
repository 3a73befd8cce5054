"""Short codes that name an alert on one phone: "K7".

A letter (two or three when those run out) and a digit, without those that are taken for others.
Nobody's phone has the same code twice within a day, nor while an alert with it is open,
and the one that was used longest ago comes first.
"""

from collections.abc import Iterable
from datetime import datetime

from psycopg import Connection

from ingest.database import sql

LETTERS = "ABCDEFGHJKLMNPRTVWXY"
DIGITS = "23456789"

Pair = tuple[int, int]
"""An alert's and a person's id."""


def _spread(letters: list[str]) -> list[str]:
    """Every letter with every digit, so that neighbours differ in both."""
    return [
        letter + DIGITS[(turn + place) % len(DIGITS)]
        for turn in range(len(DIGITS))
        for place, letter in enumerate(letters)
    ]


SHORT = _spread(list(LETTERS))
_PAIRS = [first + second for first in LETTERS for second in LETTERS]
LONG = _spread(_PAIRS)
LONGEST = _spread([pair + third for pair in _PAIRS for third in LETTERS])
"""Enough for a phone that is on the ladder of every home of a county, on the day that all of them fail."""


def give(connection: Connection, pairs: Iterable[Pair], now: datetime) -> dict[Pair, str]:
    """A code for each pair: the one it has already, or a free one.

    Locks the people until the transaction ends, so that nobody else gives them the same.
    """
    wanted = sorted(set(pairs))
    people = sorted({person for _, person in wanted})
    connection.execute("select from person where id = any(%s) order by id for no key update", (people,))
    given: dict[Pair, str] = {}
    for choice in (SHORT, LONG, LONGEST):
        without = [pair for pair in wanted if pair not in given]
        if without:
            given |= _ask(connection, without, choice, now)
    return given


def _ask(connection: Connection, wanted: list[Pair], codes: list[str], now: datetime) -> dict[Pair, str]:
    values = {"alerts": [a for a, _ in wanted], "people": [p for _, p in wanted], "codes": codes, "now": now}
    rows = connection.execute(sql(__file__, "give_codes"), values).fetchall()
    return {(alert, person): code for alert, person, code in rows}

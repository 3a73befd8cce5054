"""The contract of setting up: a gateway trades a claim code for its identity, once. Pure.

    POST {pages}/api/1/claims    Claim -> Claimed, or {"reason": Refused, "detail": a sentence}

A coordinator has the code from the page "Gateways and sensors" of a home. It is the only thing that
is typed: the password is made by the server and nobody ever sees it.
"""

import secrets
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gateway.messages import Id

PATH = "/api/1/claims"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without letters and digits that are taken for one another: 0 and O, 1, I and L, U (for V)."""
GROUPS, IN_A_GROUP = 4, 4
MAX_CA_CHARACTERS = 32 * 1024


class Refused(StrEnum):
    """Why there is no identity for a code: stable words."""

    WRONG = "wrong"  # nobody made it, or it was mistyped
    USED = "used"  # a gateway has set itself up with it
    EXPIRED = "expired"  # too old, or a newer one took its place
    TOO_MANY = "too_many"  # too many wrong ones were tried


class Claim(BaseModel):
    """What a gateway sends."""

    model_config = ConfigDict(frozen=True)

    code: Annotated[str, Field(max_length=64)]


class Claimed(BaseModel):
    """Who the gateway is from now on, where its broker is, and its password there. Told once."""

    model_config = ConfigDict(frozen=True)

    gateway: Id
    broker_host: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$")]
    broker_port: Annotated[int, Field(ge=1, le=65535)]
    ca_pem: Annotated[str | None, Field(max_length=MAX_CA_CHARACTERS)] = None
    """Who signed the broker's certificate; null: somebody every system trusts."""
    password: Annotated[str, Field(min_length=16, max_length=128, pattern=r"^[A-Za-z0-9_-]+$", repr=False)]


def new_code() -> str:
    """A code of 78 bits, without its dashes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(GROUPS * IN_A_GROUP))


def shown(code: str) -> str:
    """ "K7PM-2QXW-9HTD-4RVB", as people read it out."""
    return "-".join(code[start : start + IN_A_GROUP] for start in range(0, len(code), IN_A_GROUP))


def tidy(typed: str) -> str | None:
    """The code without spaces, dashes and small letters; None where it can be none."""
    code = "".join(character for character in typed.upper() if not character.isspace() and character != "-")
    whole = len(code) == GROUPS * IN_A_GROUP and set(code) <= set(ALPHABET)
    return code if whole else None

"""What every service's settings have in common, and how a wrong one ends the process.

Settings are environment variables that begin with HEARTH_; a secret may also be a
file, named by the same variable with _FILE behind it. Read once, in `main.py`.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Base of each service's settings: frozen, and errors never print other values."""

    model_config = SettingsConfigDict(env_prefix="HEARTH_", frozen=True, extra="ignore", hide_input_in_errors=True)


S = TypeVar("S", bound=Settings)


class CannotStartError(Exception):
    """Says in a sentence which setting or file is wrong."""


def read(model: type[S]) -> S:
    """Read the settings, or end the process with one sentence that names the wrong one."""
    try:
        return made(model, _from_files(model, os.environ))
    except CannotStartError as error:
        refuse(str(error))


def made(model: type[S], given: Mapping[str, Any]) -> S:
    """The settings, with these values of fields over those of the environment; raises CannotStartError."""
    try:
        return model(**given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise CannotStartError(f"HEARTH_{str(first['loc'][0]).upper()}: {first['msg']}") from None


def described(model: type[Settings]) -> str:
    """For --help: every setting with its meaning and what holds when it is not given."""
    fields = model.model_fields
    width = max(map(len, fields))
    lines = ["Settings are environment variables; each may also be a file, named by the same name with _FILE:", ""]
    for name, field in fields.items():
        default = " (required)" if field.is_required() else _default(name, field.default)
        lines.append(f"  HEARTH_{name.upper():{width}} {field.description}{default}")
    return "\n".join(lines)


def _default(name: str, value: object) -> str:
    if value in (None, ()) or name == "clock":  # the wall's clock needs no words
        return ""
    return f" ({','.join(map(str, value)) if isinstance(value, tuple) else value})"


def refuse(sentence: str) -> NoReturn:
    """End the process because it cannot start as it is set up."""
    print(f"Cannot start. {sentence}", file=sys.stderr)
    raise SystemExit(2)


def _from_files(model: type[Settings], variables: Mapping[str, str]) -> dict[str, Any]:
    """Values of the settings whose variable with _FILE names a readable file."""
    return {field: text_of(f"HEARTH_{field.upper()}_FILE", path) for field, path in _files(model, variables)}


def _files(model: type[Settings], variables: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for field in model.model_fields:
        path = variables.get(f"HEARTH_{field.upper()}_FILE")
        if path:
            yield field, path


def text_of(name: str, path: str | Path) -> str:
    """What is in the file that this variable names; raises CannotStartError."""
    try:
        return Path(path).read_text().strip()
    except (OSError, ValueError) as error:
        raise CannotStartError(f"{name}: {getattr(error, 'strerror', None) or 'not a text'}") from None

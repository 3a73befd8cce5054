"""Configs and reminders for the tests."""

import struct
import zlib
from datetime import UTC, datetime
from typing import Any

from gateway.config import Config, Reminder, Schedule

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def at(clock: str, day: int = 2) -> datetime:
    """A time of a day in March 2026, UTC (which is London's until the 29th)."""
    hour, minute = clock.split(":")
    return datetime(2026, 3, day, int(hour), int(minute), tzinfo=UTC)


def tablets(**more: Any) -> Reminder:
    """At 08:30; again after 5 and 10 minutes; over at 08:45. "Later" is ten minutes."""
    given = {
        "id": 7,
        "purpose": "medicine",
        "text": "Take your tablets",
        "schedule": {"times": ["08:30"]},
        "repeats": 2,
    }
    return Reminder.model_validate(given | more)


def config(*reminders: Reminder, version: int = 1, **more: Any) -> Config:
    given = {"version": version, "made_at": MONDAY, "reminders": reminders or (tablets(),)}
    return Config.model_validate(given | more)


def daily(*times: str, **more: Any) -> Schedule:
    return Schedule.model_validate({"times": times} | more)


def png(width: int, height: int) -> bytes:
    """A whole picture of one colour."""
    rows = b"".join(b"\0" + b"\x0b\x4f\x54" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )

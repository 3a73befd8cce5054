"""Words, numbers, units and times as devices write them, the same for all integrations. Pure.

Every function answers None where nothing is said, or nothing that is sure: a sensor that
is not understood can be mended later, one that is misunderstood frightens somebody.
"""

import json
import math
import re
from datetime import UTC, datetime, timedelta

TRUSTED_DELAY = timedelta(minutes=2)
"""A device time is believed if it is at most so long before the arrival, and not after it."""
OLDEST_RECORD = timedelta(days=60)
_YES = frozenset(
    {"true", "on", "yes", "y", "1", "detected", "alarm", "alarmed", "triggered", "trigger", "active", "wet", "leak"}
    | {"leaking", "leakage", "flood", "occupied", "present", "motion", "movement", "home", "smoke", "vibration"}
    | {"tampered", "water leak", "water_leak", "motion detected", "motion_detected", "abnormal"}
)
_NO = frozenset(
    {"false", "off", "no", "n", "0", "clear", "cleared", "normal", "idle", "none", "inactive", "dry", "vacant", "ok"}
    | {"unoccupied", "absent", "not detected", "not_detected", "no motion", "no_motion", "nobody", "away", "not_home"}
    | {"no alarm", "no_alarm", "free", "undetected", "no leak", "no_leak", "not triggered", "untriggered"}
)
_OPEN = frozenset({"open", "opened", "opening", "ajar", "magnet absent"})
_SHUT = frozenset({"close", "closed", "shut", "magnet present"})
_LOCKED = frozenset({"locked", "lock", "secured", "deadlocked"})
_UNLOCKED = frozenset({"unlocked", "unlock", "unsecured", "unlatched"})
_WATT_HOURS = {"wh": 1.0, "kwh": 1000.0, "mwh": 0.001, "wmin": 1 / 60, "wm": 1 / 60, "ws": 1 / 3600, "j": 1 / 3600}
_WATTS = {"w": 1.0, "kw": 1000.0, "mw": 0.001}
_KELVIN = 273.15


def parsed(payload: bytes) -> object:
    """The JSON value; else the text as it stands; None where it is neither."""
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        return None
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return text.strip()


def number(value: object) -> float | None:
    """A finite number, also where it is written as a text, "86%" too; None says that it was never read."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value.strip().removesuffix("%") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def truth(value: object, on: object = None) -> bool | None:
    """Yes or no. `on`: the word that means yes, where the device has told it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        if isinstance(on, str):
            return value == on
        return _either(value, _YES, _NO)
    return bool(value) if value in (0, 1) else None


def opened(value: object) -> bool | None:
    """Open or shut, by a word that says which; a bare true or false does not."""
    return _either(value, _OPEN, _SHUT)


def locked(value: object) -> bool | None:
    """Locked or not, by a word that says which; "jammed", "locking" and the like say neither."""
    return _either(value, _LOCKED, _UNLOCKED)


def _either(value: object, yes: frozenset[str], no: frozenset[str]) -> bool | None:
    word = value.strip().lower() if isinstance(value, str) else ""
    return True if word in yes else False if word in no else None


def celsius(value: float, unit: object = None) -> float:
    """Degrees Celsius, from those of Fahrenheit or Kelvin where the unit says so."""
    first = str(unit or "C").strip().lstrip("°º").upper()[:1]
    if first == "F":
        return (value - 32) / 1.8
    return value - _KELVIN if first == "K" else value


def watt_hours(value: float, unit: object) -> float | None:
    """None where the unit is not one of energy, or not told."""
    factor = _WATT_HOURS.get(str(unit).lower())
    if unit == "MWh":  # unlike mWh
        factor = 1e6
    return value * factor if factor is not None else None


def watts(value: float, unit: object = "W") -> float | None:
    factor = 1e6 if unit == "MW" else _WATTS.get(str(unit).lower())
    return value * factor if factor is not None else None


def parts(word: str) -> list[str]:
    """The words inside a name, however they are glued: `button_1_hold`, `LinkQuality`, `IR-temp`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", word)
    return [part for part in re.split(r"[^a-z0-9]+", spaced.lower()) if part]


def snake(word: str) -> str:
    """`LinkQuality`, `link quality`, `link-quality` -> `link_quality`."""
    return "_".join(parts(word))


def device_time(said: object, arrival: datetime) -> datetime:
    """When it happened: the device's own word if it can be true, else the arrival. See `moment`."""
    then = moment(said)
    if then is None or not arrival - TRUSTED_DELAY <= then <= arrival:
        return arrival
    return then


def record_time(said: object, arrival: datetime) -> datetime | None:
    """When a record was made that is sent late. None: it has no time that can be true."""
    then = moment(said)
    return then if then is not None and arrival - OLDEST_RECORD <= then <= arrival else None


def moment(said: object) -> datetime | None:
    """A time that names its zone: ISO 8601, or seconds, milli-, micro- or nanoseconds since 1970."""
    try:
        if isinstance(said, str) and not said.strip().replace(".", "", 1).isdigit():
            then = datetime.fromisoformat(said)
            return then.astimezone(UTC) if then.tzinfo else None
        since = number(said)
        if since is None or since <= 0:
            return None
        while since > 1e11:  # seconds reach that in the year 5138
            since /= 1000
        return datetime.fromtimestamp(since, UTC)
    except (ValueError, OverflowError, OSError):
        return None

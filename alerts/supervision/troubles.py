"""What is wrong with devices: from what is believed about them to verdicts. Pure.

An occasion is told once, until it heals and comes again: so each is named by the moment
since when it has been so, which does not move while it lasts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.verdicts import Evidence, Outcome, Reason, Verdict

STORM_LASTS = timedelta(minutes=15)
"""A device that sends without end for less is not told, unless its gateway calls it faulty."""
OUR_OWN_CLOCK = 5
"""When so many gateways and more than half of all say that a clock is wrong, it is ours."""

_NOUNS = {
    "room": "motion sensor",
    "outside_door": "door sensor",
    "inside_door": "door sensor",
    "fridge_door": "fridge sensor",
    "bed": "bed sensor",
    "chair": "chair sensor",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """A verdict on a device of a home."""

    home_id: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class CheckIn:
    """When a sensor was last heard by its gateway, and when it should have been heard again."""

    home_id: int
    gateway_id: int
    sensor_id: int
    place: str
    role: str
    heard_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Health:
    """A battery that is low since then (`battery` in percent), or a case that was opened."""

    home_id: int
    sensor_id: int
    place: str
    role: str
    battery: float | None
    low_since: datetime | None
    tampered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClockOff:
    """A gateway whose clock is wrong since then; `seen`: how many gateways are seen at all."""

    home_id: int
    gateway_id: int
    ahead: timedelta | None
    ahead_since: datetime | None
    behind: timedelta | None
    behind_since: datetime | None
    seen: int


@dataclass(frozen=True, slots=True)
class Storm:
    """A sensor that sends without end; `faulty`: its gateway says so."""

    home_id: int
    sensor_id: int
    place: str
    role: str
    since: datetime
    faulty: bool


@dataclass(frozen=True, slots=True)
class Stranger:
    """A sensor that was put in because it called for help."""

    home_id: int
    sensor_id: int
    name: str
    found_at: datetime


def silences(sensors: Sequence[CheckIn], now: datetime) -> list[Trouble]:
    """What to say of the sensors of one gateway that is seen, some of which are overdue.

    When most are overdue together it is not the sensors: that is said once. And a sensor is
    told only if another was heard after it should have been, for else nothing may be heard at all.
    """
    overdue = [one for one in sensors if one.due_at <= now]
    if len(sensors) > 1 and 2 * len(overdue) > len(sensors):
        return [_together(sensors, overdue, now)]
    newest = max((one.heard_at for one in sensors), default=now)
    return [_silent(one, now) for one in overdue if len(sensors) == 1 or newest >= one.due_at]


def _silent(one: CheckIn, now: datetime) -> Trouble:
    occasion = f"not checked in {one.sensor_id} {one.heard_at.isoformat()}"
    evidence = Evidence(places=(one.place,), last_match_at=one.heard_at, detail=_noun(one.role))
    return trouble(one.home_id, Reason.NOT_CHECKED_IN, occasion, one.due_at, now, evidence)


def _together(sensors: Sequence[CheckIn], overdue: Sequence[CheckIn], now: datetime) -> Trouble:
    """The time that names the occasion is that of the sensor that makes them most: it stays, however
    many more fall silent, and although one has been dead for weeks."""
    home, gateway = sensors[0].home_id, sensors[0].gateway_id
    heard = sorted(one.heard_at for one in sensors)
    occasion = f"bridge {gateway} {heard[len(heard) // 2].isoformat()}"
    due = sorted(one.due_at for one in overdue)
    evidence = Evidence(
        last_match_at=max(one.heard_at for one in overdue), count=len(overdue), limit=float(len(sensors))
    )
    return trouble(home, Reason.NOT_CHECKED_IN, occasion, due[len(due) // 2], now, evidence)


def healths(found: Iterable[Health], now: datetime) -> list[Trouble]:
    """Batteries that are low, and cases that were opened."""
    troubles = []
    for one in found:
        evidence = Evidence(places=(one.place,), detail=_noun(one.role))
        if one.low_since is not None:
            occasion = f"battery low {one.sensor_id} {one.low_since.isoformat()}"
            battery = Evidence(places=(one.place,), detail=_noun(one.role), measured=one.battery)
            troubles.append(trouble(one.home_id, Reason.BATTERY_LOW, occasion, one.low_since, now, battery))
        if one.tampered_at is not None:
            occasion = f"tampered {one.sensor_id} {one.tampered_at.isoformat()}"
            troubles.append(trouble(one.home_id, Reason.TAMPERED, occasion, one.tampered_at, now, evidence))
    return troubles


def clocks(found: Sequence[ClockOff], now: datetime) -> list[Trouble]:
    """Gateways whose clocks are wrong. A wrong clock of ours would make all of theirs look so."""
    if len(found) >= OUR_OWN_CLOCK and 2 * len(found) > found[0].seen:
        return []
    return [trouble for one in found for trouble in _clock(one, now)]


def _clock(one: ClockOff, now: datetime) -> list[Trouble]:
    if one.ahead is not None and one.ahead_since is not None:
        off, way, since = one.ahead, "ahead", one.ahead_since
    elif one.behind is not None and one.behind_since is not None:
        off, way, since = one.behind, "behind", one.behind_since
    else:
        return []
    occasion = f"clock {way} {one.gateway_id} {since.isoformat()}"
    evidence = Evidence(measured=off.total_seconds(), detail=f"{span(off)} {way}")
    return [trouble(one.home_id, Reason.CLOCK_WRONG, occasion, since, now, evidence)]


def storms(found: Iterable[Storm], now: datetime) -> list[Trouble]:
    """Sensors that send without end, for some time or by their gateway's word."""
    return [
        trouble(
            one.home_id,
            Reason.STORM,
            f"storm {one.sensor_id} {one.since.isoformat()}",
            one.since,
            now,
            Evidence(places=(one.place,), detail=_noun(one.role)),
        )
        for one in found
        if one.faulty or now - one.since >= STORM_LASTS
    ]


def strangers(found: Iterable[Stranger], now: datetime) -> list[Trouble]:
    """Sensors that called for help and that nobody had registered."""
    return [
        trouble(
            one.home_id,
            Reason.UNREGISTERED,
            f"unregistered {one.sensor_id}",
            one.found_at,
            now,
            Evidence(detail=one.name),
        )
        for one in found
    ]


def span(length: timedelta) -> str:
    """ "5 minutes", "3 hours", "12 days"."""
    minutes = max(0, round(length.total_seconds() / 60))
    for size, unit in ((1440, "days"), (60, "hours")):
        if minutes >= 2 * size:
            return f"{minutes // size} {unit}"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def _noun(role: str) -> str:
    return _NOUNS.get(role, role)


def trouble(
    home_id: int, reason: Reason, occasion: str, deadline: datetime, now: datetime, evidence: Evidence
) -> Trouble:
    """A verdict on a device since `deadline`, told once for each occasion."""
    look = now + timedelta(days=1)
    return Trouble(home_id, Verdict(Outcome.NOT_OBSERVABLE, reason, occasion, deadline, look, evidence))

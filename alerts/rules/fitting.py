"""The rules that fit what a home has, and in plain words what they cannot notice there. Pure.

For whoever sets a home up: nothing here applies by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alerts.rules import RuleSettings
from alerts.rules.bathroom_visits import BathroomVisits
from alerts.rules.door_at_night import DoorAtNight
from alerts.rules.expected_activity import ExpectedActivity
from alerts.rules.night_activity import NightActivity
from alerts.rules.not_back import NotBack
from alerts.rules.sensor_silent import SensorSilent
from alerts.rules.silence import Silence
from alerts.rules.unseen import Unseen
from alerts.rules.unusual_quiet import UnusualQuiet
from alerts.rules.volume_drop import VolumeDrop

Placed = tuple[str, str]
"""A sensor: (place, role), such as ("kitchen", "room")."""

ENOUGH_ROOMS = 3
"""Watched by so many, a home is as seldom told for nothing as with all its sensors: 0.7 alerts a week against 0.7.
With two it is 0.8 to 1.8, with one 2.5 and more, so those are given a plain number of hours instead."""

# Hours of silence that 15 homes reach about once in 5 weeks, or less often, by how many rooms are watched.
_HOURS = {0: 24.0, 1: 16.0, 2: 14.0}
_KITCHEN_BY = "12:30"
_UNSEEN_MIN = 25


@dataclass(frozen=True, slots=True)
class Fitting:
    """What to begin with, and what people have to know of it."""

    rules: tuple[RuleSettings, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Home:
    """What a home has, by what it is for. Names of places, in order."""

    rooms: tuple[str, ...]
    kitchen: tuple[str, ...]
    bathroom: tuple[str, ...]
    doors: tuple[str, ...]
    beds: tuple[str, ...]
    buttons: tuple[str, ...]
    alarms: tuple[str, ...]
    is_empty: bool


def fitting(sensors: Sequence[Placed], occupants: int = 1, *, visitors: bool = False) -> Fitting:
    """The rules to begin with and the warnings that go with them.

    `occupants`: how many people live there. `visitors`: whether somebody comes regularly.
    """
    home = _read(sensors)
    if home.is_empty:
        return Fitting((Unseen(minutes=_UNSEEN_MIN),), ("There are no sensors here, so nothing can be noticed.",))
    return Fitting(
        rules=tuple(_rules(home, occupants)),
        warnings=(*_of_sensors(home), *_of_company(home, occupants), *_of_visitors(visitors=visitors)),
    )


def is_kitchen(place: str, role: str) -> bool:
    """Whether a sensor tells of the kitchen being used."""
    return role == "fridge_door" or (role == "room" and "kitchen" in place.lower())


def _is_bathroom(place: str, role: str) -> bool:
    return role == "room" and any(word in place.lower() for word in ("bath", "toilet", "wc"))


def _read(sensors: Sequence[Placed]) -> _Home:
    def places(*roles: str) -> tuple[str, ...]:
        return _sorted(place for place, role in sensors if role in roles)

    return _Home(
        rooms=places("room"),
        kitchen=_sorted(place for place, role in sensors if is_kitchen(place, role)),
        bathroom=_sorted(place for place, role in sensors if _is_bathroom(place, role)),
        doors=places("outside_door"),
        beds=places("bed", "chair"),
        buttons=places("button"),
        alarms=places("alarm"),
        is_empty=not sensors,
    )


def _sorted(places: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(places)))


def _rules(home: _Home, occupants: int) -> Iterable[RuleSettings]:
    watched = len(home.rooms) + len(home.beds)
    if watched >= ENOUGH_ROOMS:
        yield UnusualQuiet()
    elif watched or home.doors or home.kitchen:
        yield Silence(hours=_HOURS[watched])
    if home.kitchen:
        yield ExpectedActivity(places=home.kitchen, roles=("room", "fridge_door"), end=_KITCHEN_BY)
    if home.doors:
        yield DoorAtNight()
    if occupants == 1:
        yield from _of_one_person(home, watched)
    if len(home.rooms) + len(home.doors) + len(home.kitchen) > 1:
        yield SensorSilent()
    yield Unseen(minutes=_UNSEEN_MIN)


def _of_one_person(home: _Home, watched: int) -> Iterable[RuleSettings]:
    """What says something only while all movement is one person's."""
    if home.doors and watched:
        yield NotBack()
    if watched >= ENOUGH_ROOMS:
        yield VolumeDrop()
        yield NightActivity()
    if home.bathroom:
        yield BathroomVisits(places=home.bathroom)


def _of_sensors(home: _Home) -> Iterable[str]:
    yield from _of_rooms(home)
    if not home.kitchen:
        yield "No sensor in the kitchen: that nothing was eaten or drunk cannot be noticed."
    if not home.doors:
        yield (
            "No sensor at an outside door: being out looks like being quiet, "
            "and a door that is opened at night is not noticed."
        )
    if not home.bathroom:
        yield "No sensor in the bathroom: visits in the night are not counted."
    if not home.buttons:
        yield "No SOS button: a call for help has to come by telephone."


def _of_rooms(home: _Home) -> Iterable[str]:
    watched = len(home.rooms) + len(home.beds)
    if watched >= ENOUGH_ROOMS:
        return
    hours = f"{_HOURS[watched]:g} hours"
    if watched:
        rooms = "one room is" if watched == 1 else "two rooms are"
        yield f"Only {rooms} watched: somebody who is elsewhere looks quiet, so we tell no sooner than after {hours}."
    else:
        yield f"No room is watched: we can only tell that nothing was used for {hours}."


def _of_company(home: _Home, occupants: int) -> Iterable[str]:
    if occupants < 2:
        return
    people = "two people" if occupants == 2 else f"{occupants} people"
    yield f"With {people} at home a fall of one may not be noticed by movement, for the others go on moving."
    yield f"What still works with {people}: {_listed(_still_works(home))}."
    yield (
        "Not watched, for a sensor does not know who it sees: who is not back, a day with too little activity, "
        "restless nights, visits to the bathroom."
    )


def _still_works(home: _Home) -> Iterable[str]:
    if home.buttons:
        yield "the SOS button"
    if home.alarms:
        yield "smoke and other alarms"
    if home.beds:
        yield "the sensor in a bed or chair of one's own"
    if home.doors:
        yield "outside doors at night, without knowing who"
    if home.kitchen:
        yield "a kitchen that nobody uses"
    yield "a home in which nothing moves at all"


def _of_visitors(*, visitors: bool) -> Iterable[str]:
    if visitors:
        yield (
            "While a visitor moves about, the home is not quiet: that the resident is quiet is noticed later. "
            "A tag for each regular visitor tells us who is there."
        )


def _listed(things: Iterable[str]) -> str:
    *first, last = things
    return f"{', '.join(first)} and {last}" if first else last

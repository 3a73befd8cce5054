"""One resident's day, drawn from the figures: who is in which room when. Pure and seeded.

`plan_day` gives the same day for the same resident, date and seed, on every machine.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from simulators.street.figures import HOLD_OFF_S, HOUR_SHARE, MEDIAN_A_DAY, OPEN_AT_MOST_S, OPEN_S, STAYS, Spread
from simulators.street.people import Resident

ZONE = ZoneInfo("Europe/London")
ROOMS = ("kitchen", "lounge", "hallway", "bedroom", "bathroom")
DOORS = ("front door", "back door", "fridge")

KITCHEN_BEFORE_UP_BY_S = 20 * 60
"""On an ordinary day the kitchen is reached at least this long before the hour agreed with the family."""


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something a sensor notices. Doors: 1 opened, 0 shut. Rooms: 1 movement."""

    at: datetime
    place: str
    value: int = 1


def midnight(day: date) -> datetime:
    """The start of a local day, in UTC."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


def plan_day(resident: Resident, day: date, seed: int) -> list[Event]:
    """Everything the sensors of one home notice on one local day, in order of time."""
    walk = _Walk(resident, Random(f"{seed}/{resident.key}/{day.isoformat()}"), datetime.combine(day, time(), ZONE))
    walk.night()
    walk.get_up()
    while walk.hour < walk.bedtime:
        walk.go_on()
    walk.go_to_bed()
    end = midnight(day + timedelta(days=1))
    return [event for event in _held_off(sorted(walk.events)) if event.at < end]


def _held_off(events: list[Event]) -> Iterator[Event]:
    """Without the movements that fall into a sensor's hold-off."""
    last: dict[str, datetime] = {}
    for event in events:
        if event.place in ROOMS:
            if event.place in last and event.at - last[event.place] < timedelta(seconds=HOLD_OFF_S):
                continue
            last[event.place] = event.at
        yield event


class _Walk:
    """A resident going through one day; `second` is where the day has got to, from local midnight."""

    def __init__(self, resident: Resident, dice: Random, starts: datetime) -> None:
        self.resident = resident
        self.dice = dice
        self.starts = starts
        self.second = 0.0
        self.events: list[Event] = []
        self.bedtime = min(resident.sleeps + dice.gauss(0, 0.5), 23.7)
        # Days differ: some are busy, some are spent in the chair.
        self.lively = resident.lively * self.dice.lognormvariate(0, 0.25)
        self.errands = self._errands()

    @property
    def hour(self) -> float:
        return self.second / 3600

    def _errands(self) -> list[tuple[float, str]]:
        """Hours at which a door is used: `out` for long, or `front door` and `back door` briefly."""
        outings = [(self._door_hour(), "out") for _ in range(self._count(self.resident.outings))]
        front = MEDIAN_A_DAY["front door"] / 2 - 2 * self.resident.outings
        back = MEDIAN_A_DAY["back door"] / 2
        brief = [(self._door_hour(), "front door") for _ in range(self._count(front * self.lively))]
        garden = [(self._door_hour(), "back door") for _ in range(self._count(back * self.lively))]
        return sorted(outings + brief + garden)

    def _door_hour(self) -> float:
        return self.dice.choices(range(24), HOUR_SHARE["front door"])[0] + self.dice.random()

    def _count(self, mean: float) -> int:
        """A Poisson number (Knuth): the stdlib has none."""
        limit, product, count = math.exp(-max(mean, 0)), self.dice.random(), 0
        while product > limit:
            product *= self.dice.random()
            count += 1
        return count

    def _draw(self, spread: Spread) -> float:
        return self.dice.lognormvariate(math.log(spread.median), spread.sigma)

    def _note(self, place: str, value: int = 1, second: float | None = None) -> None:
        at = self.starts.astimezone(UTC) + timedelta(seconds=self.second if second is None else second)
        self.events.append(Event(at.replace(microsecond=at.microsecond // 1000 * 1000), place, value))

    def _pass(self, place: str, seconds: float) -> None:
        self._note(place)
        self.second += seconds * self.dice.uniform(0.6, 1.4)

    def _bathroom_at_night(self, at_hour: float) -> None:
        self.second = max(self.second, at_hour * 3600)
        self._pass("bedroom", 25)
        self._pass("hallway", 20)
        self._stay("bathroom", self.dice.uniform(2, 6))
        self._pass("hallway", 25)
        self._pass("bedroom", 90)

    def night(self) -> None:
        trips = self._count(self.resident.nights)
        hours = sorted(self.dice.uniform(0, 5) for _ in range(trips))
        if self.dice.random() < 0.6:  # many wake soon after five, and lie down again
            hours.append(5 + min(self.dice.expovariate(1.6), 1.5))
        for hour in hours:
            self._bathroom_at_night(hour)

    def get_up(self) -> None:
        up_by = self.resident.up_by.hour * 3600 + self.resident.up_by.minute * 60
        latest = up_by - KITCHEN_BEFORE_UP_BY_S - 30 * 60
        wakes = (self.resident.wakes + self.dice.gauss(0, 0.8)) * 3600
        self.second = max(self.second, min(wakes, latest), 5 * 3600)
        self._stay("bedroom", self.dice.uniform(2, 8))
        self._pass("hallway", 20)
        self._stay("bathroom", self.dice.uniform(4, 14))
        self._pass("hallway", 20)
        self._stay("kitchen", self.dice.uniform(12, 30))

    def _stay(self, place: str, minutes: float) -> None:
        """Be in a room for a while; the sensor sees movement now and then."""
        until = self.second + minutes * 60
        while self.second < until:
            self._note(place)
            if place == "kitchen" and self.dice.random() < 0.25:
                self._use("fridge", self.second + self.dice.uniform(2, 50))
            self.second += HOLD_OFF_S + self.dice.expovariate(1 / STAYS[place].still_s)
        self.second = until

    def _use(self, door: str, second: float) -> float:
        """Open a door and shut it; gives the second at which it is shut."""
        shut = second + max(1.5, min(self._draw(OPEN_S[door]), OPEN_AT_MOST_S))
        self._note(door, 1, second)
        self._note(door, 0, shut)
        return shut

    def go_on(self) -> None:
        """The next thing in the day: an errand that has come due, or a room."""
        if self.errands and self.errands[0][0] <= self.hour:
            self._run_errand(self.errands.pop(0)[1])
        else:
            self._go_to_a_room()

    def _go_to_a_room(self) -> None:
        hour = min(int(self.hour), 23)
        places = [place for place in STAYS if place in HOUR_SHARE]
        weights = [_stays_a_day(place) * HOUR_SHARE[place][hour] for place in places]
        place = self.dice.choices(places, weights)[0]
        self._stay("hallway", self.dice.uniform(0.3, 3.6))
        self._stay(place, self._draw(STAYS[place].minutes) * self.lively)
        # Nobody moves all day: a chair, now and then a nap, the garden.
        nap = 3600 if self.dice.random() < 0.07 else 0
        self.second += nap + self.dice.expovariate(1 / (450 / self.lively))

    def _run_errand(self, errand: str) -> None:
        if errand == "out":
            self._go_out()
        elif errand == "back door":
            self._pass("kitchen", 10)
            shut = self._use("back door", self.second)
            self.second = min(shut, self.second + 600) + 10
        else:
            self._pass("hallway", 8)
            self.second = min(self._use("front door", self.second), self.second + 120) + 5
            self._pass("hallway", 10)

    def _go_out(self) -> None:
        self._pass("hallway", 12)
        self.second = min(self._use("front door", self.second), self.second + 60)
        self.second += min(self._draw(Spread(95 * 60, 0.6)), 5 * 3600)
        self.second = min(self._use("front door", self.second), self.second + 60)
        self._pass("hallway", 15)

    def go_to_bed(self) -> None:
        self._pass("hallway", 20)
        self._stay("bathroom", self.dice.uniform(4, 9))
        self._pass("hallway", 15)
        self._stay("bedroom", self.dice.uniform(5, 25))


def _stays_a_day(place: str) -> float:
    stay = STAYS[place]
    events_a_stay = max(1.0, stay.minutes.median * 60 / (HOLD_OFF_S + stay.still_s))
    return stay.often * MEDIAN_A_DAY[place] / events_a_stay

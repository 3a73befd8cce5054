"""A picture as seen from one moment: what rules and pages ask of it. Pure.

Made once per home and moment and shared by all its rules; what several of them ask is
worked out once. Minutes are Unix minutes outside, bits of the picture's sets inside.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from alerts.bits import highest, hours_with, lowest, near, runs, span
from alerts.folding import HORIZON_MIN, Key, Picture
from alerts.local_days import instant, local_hour, minute_of
from alerts.pauses import Pause
from alerts.verdicts import Gap

PROVISIONAL_S = 8 * 60
"""So long after a beat the home counts as seen: the next is due after 5 min, and may be slow."""

LONE_MIN = 10
"""A movement with no other sign of life so many minutes before or after it is a lone one:
an empty home shows about three a day (spiders, sun, curtains)."""

OUT_AFTER_DOOR_S = 15
"""Nothing inside later than this after an outside door means "out"."""

OUT_FROM, OUT_UNTIL = 5, 20
"""Hours of the day in which a door then means going out. Before and after it is locking up:
by day 87 % of such silences of 2 h or more end at a door, after 19:00 only 38 % do."""

Answer = TypeVar("Answer")


class Sight:
    """A picture, a zone and a moment; `pauses`: for which the resident paused monitoring, as they count."""

    def __init__(self, picture: Picture, zone: ZoneInfo, now: datetime, pauses: Sequence[Pause] = ()) -> None:
        self.zone = zone
        self.now = now
        self.pauses = tuple(one for one in pauses if one.from_at <= now)
        self.minute = minute_of(now)
        # A home that has said nothing for long, or nothing at all, would make endless sets of minutes.
        horizon = self.minute - 2 * HORIZON_MIN
        self.picture = picture.from_minute(horizon) if picture.base < horizon else picture
        self.base = self.picture.base
        self._answers: dict[Callable[[Sight], Any], Any] = {}
        self._matching: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}
        self._ever_matched: dict[tuple[tuple[str, ...], tuple[str, ...]], float] = {}
        self._at_and_where: dict[int, tuple[datetime, str | None]] = {}

    def once(self, work: Callable[["Sight"], Answer]) -> Answer:
        """What several rules ask in the same words, worked out once."""
        found: Answer
        if work in self._answers:
            found = self._answers[work]
        else:
            found = self._answers[work] = work(self)
        return found

    @cached_property
    def seen(self) -> int:
        """Minutes that could be seen: those that beats prove, and provisionally those since the last one."""
        if not self.is_seen_now:
            return self.picture.covered
        since = span(int(self.picture.last_beat // 60) - self.base, self.minute - self.base)
        return self.picture.covered | (since & ~self.paused)

    @cached_property
    def is_seen_now(self) -> bool:
        return self.held is None and self.now.timestamp() - self.picture.last_beat <= PROVISIONAL_S

    @cached_property
    def held(self) -> Pause | None:
        """The pause that goes on. A gateway whose beats come all the same is watching, whatever it says."""
        last = self.pauses[-1] if self.pauses else None
        beats_on = last is not None and self.picture.last_beat > last.from_at.timestamp() + PROVISIONAL_S
        return last if last is not None and last.holds(self.now) and not beats_on else None

    @cached_property
    def paused(self) -> int:
        """Minutes that could not be seen because the resident had paused monitoring."""
        found = 0
        for one in self.pauses:
            end = min(one.end, self.now)
            found |= span(minute_of(one.from_at) - self.base, minute_of(end) + 1 - self.base)
        return found & ~self.picture.covered

    @cached_property
    def watched_again(self) -> int:
        """The minute in which the newest pause that is over ended; 0: there was none."""
        over = span(0, minute_of(self.held.from_at) - self.base) if self.held else -1
        bit = highest(self.paused & over)
        return 0 if bit is None else self.base + bit

    @cached_property
    def counted(self) -> int:
        """Minutes with a sign of life that counts: everything but lone movements.

        A movement of the last LONE_MIN minutes counts until it has proved to be a lone one.
        """
        once = twice = sure = 0
        for (_, role), bits in self.picture.signs.items():
            twice |= once & bits
            once |= bits
            if role != "room":
                sure |= bits
        young = span(self.minute - LONE_MIN - self.base, self.minute + LONE_MIN - self.base)
        return sure | (once & (twice | near(once, LONE_MIN) | young))

    @cached_property
    def last_counted(self) -> int | None:
        """Minute of the newest sign that counts.

        Beyond the picture's horizon the newest sign that is no mere movement stands for it.
        None: there never was one.
        """
        bit = highest(self.counted)
        if bit is not None:
            return self.base + bit
        older = [at for (_, role), at in self.picture.last.items() if role != "room"]
        return int(max(older) // 60) if older else (self.base - 1 if self.picture.last else None)

    def may_be_lone(self, minute: int) -> bool:
        """Whether the newest sign that counts, in this minute, is a movement that nothing else bears out so far."""
        if self.within(self.counted, minute - LONE_MIN, minute):
            return False
        return not self.within(self.counted & ~self.rooms, minute, minute + 1)

    @cached_property
    def outside_doors(self) -> int:
        return self.matching((), ("outside_door",))

    @cached_property
    def rooms(self) -> int:
        return self.matching((), ("room",))

    @cached_property
    def active_hours(self) -> int:
        """The Unix hours in which something stirred, each as its last minute (which may lie ahead)."""
        return hours_with(self.counted, self.base)

    def matching(self, places: tuple[str, ...], roles: tuple[str, ...]) -> int:
        """Minutes with a sign of life at these places and roles; empty means any."""
        found = self._matching.get((places, roles))
        if found is None:
            found = 0
            for (place, role), bits in self.picture.signs.items():
                if (not places or place in places) and (not roles or role in roles):
                    found |= bits
            self._matching[places, roles] = found
        return found

    def place_minutes(self, first: int, end: int) -> int:
        """How many minutes with a sign that counts, each place and minute once: how much was going on."""
        counted = self.within(self.counted, first, end)
        return sum((bits & counted).bit_count() for bits in self.picture.signs.values())

    def ever_matched(self, places: tuple[str, ...], roles: tuple[str, ...]) -> float:
        """Unix seconds of the newest sign at these places and roles, however old; 0: never."""
        found = self._ever_matched.get((places, roles))
        if found is None:
            found = 0.0
            for (place, role), at in self.picture.last.items():
                if at > found and (not places or place in places) and (not roles or role in roles):
                    found = at
            self._ever_matched[places, roles] = found
        return found

    def within(self, bits: int, first: int, end: int) -> int:
        """The members of a set from minute `first` up to but without `end`."""
        return bits & span(first - self.base, end - self.base)

    def first_of(self, bits: int) -> int | None:
        bit = lowest(bits)
        return None if bit is None else self.base + bit

    def last_of(self, bits: int) -> int | None:
        bit = highest(bits)
        return None if bit is None else self.base + bit

    def gaps(self, first: int, end: int) -> tuple[Gap, ...]:
        """What could not be seen between two minutes."""
        return self.stretches(self.within(~self.seen, first, end))

    def stretches(self, minutes: int) -> tuple[Gap, ...]:
        """The unbroken stretches of a set of minutes."""
        return tuple(Gap(instant(self.base + a), instant(self.base + b)) for a, b in runs(minutes))

    def at_and_where(self, minute: int) -> tuple[datetime, str | None]:
        """The instant and place of a sign in this minute; exact where it is the newest of its place."""
        found = self._at_and_where.get(minute)
        if found is None:
            found = self._at_and_where[minute] = self._looked_up(minute)
        return found

    def _looked_up(self, minute: int) -> tuple[datetime, str | None]:
        bit = minute - self.base
        here: list[Key] = [key for key, bits in self.picture.signs.items() if bit >= 0 and bits >> bit & 1]
        if not here:
            return instant(minute), None
        at, place = max((self._newest_in(minute, key), key[0]) for key in here)
        return datetime.fromtimestamp(at, UTC), place

    def _newest_in(self, minute: int, key: Key) -> float:
        last = self.picture.last[key]
        return last if int(last // 60) == minute else minute * 60.0

    @cached_property
    def inside(self) -> int:
        """Minutes with a sign that counts and no outside door."""
        return self.counted & ~self.outside_doors

    def went_out(self, after_door_s: int, hour_from: float, hour_until: float) -> int | None:
        """The minute of the outside door behind which the home fell silent, where that means going out.

        Somebody who goes out leaves by the door: it is the very last sign. Whoever comes in, or lets
        somebody out, is seen inside once more (of 413 absences of 2 h or more in 30 homes, 402 began
        with the door itself; of 81 silences of those who stayed, 38 had a movement after it).
        """
        last = self.last_counted
        if last is None or not after_door_s:
            return None
        door = self.last_of(self.within(self.outside_doors, last - 1, last + 1))
        if door is None or not hour_from <= local_hour(self.zone, door) < hour_until:
            return None
        return None if self._inside_since(door, after_door_s) else door

    def out_since(self, after_door_s: int, hour_from: float, hour_until: float) -> int | None:
        """The minute of the door by which the person went out and since which nobody was inside.

        The first such door: one that is used again without a sign inside brings nobody home.
        None: at home, or nobody can say.
        """
        door = self.last_of(self.within(self.outside_doors, self.base, self.minute + 1))
        if door is None or self._inside_since(door, after_door_s):
            return None
        before = self.last_of(self.within(self.inside, self.base, door))
        first = self.first_of(self.within(self.outside_doors, self.base if before is None else before, door + 1))
        if first is None or not hour_from <= local_hour(self.zone, first) < hour_until:
            return None
        return first

    def _inside_since(self, door: int, after_door_s: int) -> bool:
        """Whether anything that counts stirred inside after the door: exact where both times are the newest."""
        inside = self.within(self.inside, door + 1, self.minute + 1)
        if inside.bit_count() <= 1:
            newest_door, newest_inside = self._newest_times
            if int(newest_door // 60) == door and int(newest_inside // 60) in (door, door + 1):
                return newest_inside - newest_door > after_door_s
        return bool(inside)

    @cached_property
    def _newest_times(self) -> tuple[float, float]:
        """Unix seconds of the newest sign of an outside door, and of anything else."""
        doors = [at for (_, role), at in self.picture.last.items() if role == "outside_door"]
        others = [at for (_, role), at in self.picture.last.items() if role != "outside_door"]
        return max(doors, default=0.0), max(others, default=0.0)

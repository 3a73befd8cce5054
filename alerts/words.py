"""Every reason in plain English, in this one place. Pure.

`sentence` is said first; `why` adds short lines. Local times, no word about health, no name.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from alerts.verdicts import Evidence, Reason


class Told(Protocol):
    """What can be put in words: a Verdict, or a finding as it was kept."""

    @property
    def reason(self) -> Reason: ...
    @property
    def deadline(self) -> datetime: ...
    @property
    def evidence(self) -> Evidence: ...


CALLS = {
    "button": "The SOS button was pressed",
    "smoke": "The smoke alarm went off",
    "co": "The carbon monoxide alarm went off",
    "gas": "The gas alarm went off",
    "leak": "Water was found on the floor",
    "fall": "The fall detector called",
}


def sentence(told: Told, zone: ZoneInfo, now: datetime | None = None) -> str:
    """One sentence: what is the matter, or that nothing is. Today and yesterday are as of `now` (else the deadline)."""
    say = _Say(told, zone, now or told.deadline)
    return _SENTENCES[told.reason](say)


def why(told: Told, zone: ZoneInfo, now: datetime | None = None) -> list[str]:
    """Short lines: what was expected, when and where somebody was seen last, how much could be seen."""
    say = _Say(told, zone, now or told.deadline)
    lines = [
        say.expected(),
        say.shown(),
        say.counted(),
        say.elsewhere(),
        say.out(),
        *say.door_after(),
        say.covered(),
        *say.gaps(),
    ]
    return [line for line in lines if line]


def explanation(at: datetime, place: str | None, zone: ZoneInfo, now: datetime) -> str:
    """What late data that arrived now say about an alert that would not have been."""
    where = f" in the {place}" if place else ""
    return f"Data that arrived at {_clock(now, zone, now)} show activity{where} at {_clock(at, zone, now)}."


def moving(at: datetime, place: str | None, zone: ZoneInfo, now: datetime) -> str:
    """That somebody moves again; it does not close anything."""
    where = f" in the {place}" if place else ""
    return f"Movement again{where} at {_clock(at, zone, now)}."


def _listed(places: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(places[:-1]), places[-1]))) if places else "home"


def _clock(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "21:40", "21:40 yesterday", "21:40 on Tuesday 3 March"."""
    local = at.astimezone(zone)
    days = (now.astimezone(zone).date() - local.date()).days
    time = f"{local:%H:%M}"
    if days == 0:
        return time
    return f"{time} yesterday" if days == 1 else f"{time} on {local:%A} {local.day} {local:%B}"


class _Say:
    """The phrases of one finding."""

    def __init__(self, told: Told, zone: ZoneInfo, now: datetime) -> None:
        self.told, self.e, self.zone, self.now = told, told.evidence, zone, now

    @property
    def where(self) -> str:
        return f"in the {_listed(self.e.places)}" if self.e.places else "at home"

    @property
    def since(self) -> str:
        """Since when nothing was seen where it was expected."""
        if self.e.last_match_at:
            return f"since {self.clock(self.e.last_match_at)}"
        return "for at least three days"

    def clock(self, at: datetime | None) -> str:
        return _clock(at, self.zone, self.now) if at else "an unknown time"

    def age(self, at: datetime | None) -> str:
        """How long ago, where that is worth saying."""
        minutes = int((self.now - at).total_seconds() // 60) if at else 0
        if minutes < 5:
            return ""
        return f", {minutes} minutes ago" if minutes < 120 else f", {minutes // 60} hours ago"

    def expected(self) -> str:
        return f"Watched for: {self.e.expected}." if self.e.expected else ""

    def elsewhere(self) -> str:
        if self.e.last_sign_at is None:
            return ""
        place = f" ({self.e.last_sign_place})" if self.e.last_sign_place else ""
        if self.told.reason is Reason.NOTHING_THERE:
            return f"There was movement elsewhere in the home, last at {self.clock(self.e.last_sign_at)}{place}."
        return f"Last activity anywhere: {self.clock(self.e.last_sign_at)}{place}."

    def out(self) -> str:
        return f"An outside door was used at {self.clock(self.e.out_since)}: perhaps out." if self.e.out_since else ""

    def door_after(self) -> list[str]:
        if self.e.opened_at is None:
            return []
        shut = f"Shut again at {self.clock(self.e.shut_at)}." if self.e.shut_at else "Not reported shut since."
        inside = (
            f"Movement inside at {self.clock(self.e.inside_at)}."
            if self.e.inside_at
            else "No movement inside since then."
        )
        return [shut, inside]

    def covered(self) -> str:
        if self.e.covered_min is None or not self.e.span_min:
            return ""
        if self.e.covered_min >= self.e.span_min:
            return "The home could be seen all the time."
        percent = min(99, round(100 * self.e.covered_min / self.e.span_min))
        return f"The home could be seen {percent} % of the time."

    def gaps(self) -> list[str]:
        shown = [f"{self.clock(gap.start)} to {self.clock(gap.end)}" for gap in self.e.gaps[-3:]]
        more = f" and {len(self.e.gaps) - 3} shorter or earlier times" if len(self.e.gaps) > 3 else ""
        return [f"Could not be seen: {', '.join(shown)}{more}."] if shown else []

    def paused(self) -> str:
        """Until when, or when it was."""
        begun, over = self.e.paused_at, self.e.paused_until_at
        if over is not None and self.now < over:
            return f"Monitoring is paused until {self.ahead(over)}, as the resident chose."
        return f"Monitoring was paused from {self.clock(begun)} to {self.clock(over)}, as the resident chose."

    def ahead(self, at: datetime) -> str:
        """ "14:00", "07:00 tomorrow"."""
        tomorrow = at.astimezone(self.zone).date() > self.now.astimezone(self.zone).date()
        return f"{at.astimezone(self.zone):%H:%M}{' tomorrow' if tomorrow else ''}"

    def seen(self) -> str:
        place = f" in the {self.e.places[0]}" if self.e.places else ""
        return f"Seen{place} at {self.clock(self.e.seen_at)}"

    def call(self) -> str:
        return CALLS.get(self.e.call or "", "Somebody called for help")

    def not_yet(self) -> str:
        return f"{self.e.detail} so far" if self.e.detail else f"Not yet seen {self.where} today"

    def which(self) -> str:
        """ " (kitchen)"."""
        return f" ({_listed(self.e.places)})" if self.e.places else ""

    def not_done(self) -> str:
        """Which reminder or lid was meant, and that nothing became of it."""
        return self.e.detail or "A reminder was not answered"

    def shown(self) -> str:
        if self.told.reason is not Reason.REMINDER_NOT_DONE or not self.e.count:
            return ""
        return "It was shown once." if self.e.count == 1 else f"It was shown {self.e.count} times."

    def device(self) -> str:
        """ "The door sensor (front door)"."""
        return f"The {self.e.detail or 'sensor'}{self.which()}"

    def not_checked_in(self) -> str:
        if self.e.count is None or self.e.limit is None:
            return f"{self.device()} has not reported since {self.clock(self.e.last_match_at)}."
        most = f"{self.e.count} of {self.e.limit:.0f} sensors have not reported"
        return f"{most} since {self.clock(self.e.last_match_at)}: what they report to may be faulty."

    def sensor(self) -> str:
        return f"The {self.a_sensor()}"

    def a_sensor(self) -> str:
        """By its place, else by what it is."""
        return f"{self.e.detail} sensor" if self.e.detail and not self.e.places else f"sensor {self.where}"

    def degrees(self) -> str:
        return f"{self.e.measured:.0f} °C" if self.e.measured is not None else "no measurement"

    def percent(self) -> str:
        return f" ({self.e.measured:.0f} %)" if self.e.measured is not None else ""

    def visits(self) -> str:
        """How often, or how long where that was the matter."""
        if self.e.limit is not None and self.e.measured is not None:
            return f"One stay {self.where} lasted {self.e.measured:.0f} minutes in the night."
        return f"{self.e.count or 'Many'} visits {self.where} in the night."

    def counted(self) -> str:
        if self.told.reason is not Reason.MUCH_LESS or self.e.count is None or self.e.usual is None:
            return ""
        return f"Activity in {self.e.count} minutes so far; about {self.e.usual:.0f} are usual by then."

    def window_end(self) -> str:
        return self.clock(self.e.window_end)

    def last(self) -> str:
        place = f" ({self.e.last_sign_place})" if self.e.last_sign_place else ""
        return f"{self.clock(self.e.last_sign_at)}{place}"


_SENTENCES: dict[Reason, Callable[[_Say], str]] = {
    Reason.SEEN: lambda say: f"{say.seen()}, as usual.",
    Reason.AWAY: lambda _: "Set to away, so nobody is expected at home.",
    Reason.WITHIN_USUAL: lambda _: "As usual.",
    Reason.BACK_HOME: lambda say: f"Back at home since {say.clock(say.e.inside_at)}.",
    Reason.DONE: lambda say: f"Done at {say.clock(say.e.seen_at)}.",
    Reason.VISITED: lambda say: f"Somebody came at {say.clock(say.e.seen_at)}.",
    Reason.SIGN_OF_LIFE: lambda say: f"Last activity at {say.last()}.",
    Reason.PRESUMED_OUT: lambda say: f"Seems to be out since {say.clock(say.e.out_since)}.",
    Reason.WINDOW_OPEN: lambda say: f"{say.not_yet()}; there is still time.",
    Reason.NOT_ITS_TIME: lambda _: "Nothing to look for at this time.",
    Reason.DOOR_SHUT: lambda say: f"{say.e.detail or 'No outside door was opened in the night'}.",
    Reason.HOME_SEEN: lambda _: "The home can be seen.",
    Reason.SEEN_LATE: lambda say: f"{say.seen()}, later than usual.",
    Reason.NOT_YET: lambda say: f"Later than usual: no activity {say.where} {say.since}.",
    Reason.NOTHING_THERE: lambda say: f"No activity {say.where} {say.since}, though there was elsewhere in the home.",
    Reason.NOTHING_AT_ALL: lambda say: f"No activity {say.where} {say.since}, nor anywhere else in the home.",
    Reason.SILENT: lambda say: f"No activity in the home since {say.clock(say.e.last_sign_at)}.",
    Reason.OUT_TOO_LONG: lambda say: f"Went out at {say.clock(say.e.out_since)}, it seems, and is not back.",
    Reason.MUCH_LESS: lambda say: f"Far less activity today than is usual by {say.clock(say.told.deadline)}.",
    Reason.LEFT_OPEN: lambda say: f"The {_listed(say.e.places)} has been open since {say.clock(say.e.opened_at)}.",
    Reason.NOT_BACK: lambda say: f"Went out at {say.clock(say.e.out_since)}, it seems, and is not back yet.",
    Reason.REMINDER_NOT_DONE: lambda say: f"{say.not_done()} by {say.clock(say.told.deadline)}.",
    Reason.NO_VISIT: lambda say: f"Nobody came between {say.clock(say.e.window_start)} and {say.window_end()}.",
    Reason.TOO_COLD: lambda say: f"Too cold {say.where}: {say.degrees()} since {say.clock(say.e.seen_at)}.",
    Reason.TOO_HOT: lambda say: f"Too hot {say.where}: {say.degrees()} since {say.clock(say.e.seen_at)}.",
    Reason.BATHROOM_VISITS: lambda say: say.visits(),
    Reason.SLOW_CHANGE: lambda say: say.e.detail or "This week differed from the weeks before.",
    Reason.RESTLESS_NIGHT: lambda say: f"Much about in the night since {say.clock(say.e.seen_at)}.",
    Reason.DOOR_AT_NIGHT: lambda say: f"The {_listed(say.e.places)} was opened at {say.clock(say.e.opened_at)}.",
    Reason.CALL_FOR_HELP: lambda say: f"{say.call()} at {say.clock(say.e.called_at)}{say.age(say.e.called_at)}.",
    Reason.NOT_COVERED: lambda _: "We could not see the home, so we cannot say whether all is as usual.",
    Reason.PAUSED: lambda say: say.paused(),
    Reason.SENSOR_SILENT: lambda say: f"{say.sensor()} has said nothing for long, while others did.",
    Reason.SENSOR_NEVER_REPORTED: lambda say: f"No {say.a_sensor()} has ever reported.",
    Reason.HOME_UNSEEN: lambda say: (
        f"The home has not been seen since {say.clock(say.e.gaps[0].start if say.e.gaps else None)}."
    ),
    Reason.NEVER_REPORTED: lambda _: "The home has never reported.",
    Reason.REMINDER_FAILED: lambda say: f"The reminder{say.which()} was not shown as planned, or its box is empty.",
    Reason.RULE_BROKEN: lambda _: "A rule of this home cannot be read, so it is not watched over.",
    Reason.NOT_JUDGED: lambda _: "Something is wrong with our record of this home, so it is not watched over.",
    Reason.NOT_CHECKED_IN: lambda say: say.not_checked_in(),
    Reason.BATTERY_LOW: lambda say: f"{say.device()} needs a new battery{say.percent()}.",
    Reason.TAMPERED: lambda say: f"{say.device()} was opened or taken off at {say.clock(say.told.deadline)}.",
    Reason.CLOCK_WRONG: lambda say: (
        f"The clock of the box in the home is {say.e.detail}." if say.e.detail else "The box's clock is wrong."
    ),
    Reason.STORM: lambda say: f"{say.device()} sends without end and seems faulty.",
    Reason.UNREGISTERED: lambda say: (
        f"{say.e.detail or 'A sensor'} called for help and is not registered: please say where it is."
    ),
    Reason.GATEWAY_TROUBLE: lambda say: f"The gateway: {say.e.detail or 'something is wrong with it.'}",
    Reason.STILL_AWAY: lambda say: f"Still set to away since {say.clock(say.e.out_since)}, without an end.",
    Reason.SEEMS_BACK: lambda _: "Set to away, but somebody seems to be at home again: we are watching again.",
}

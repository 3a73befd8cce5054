"""What the page in the home shows, in the words in which it shows it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateway.config import Config, Reminder
from gateway.reminders.prompt import Prompt
from gateway.reminders.schedule import on_day

ASK = "Are you all right?"
HELP_SENT = ("We are asking for help", "One moment, please.")
HELP_ARRIVED = ("Your call for help has arrived", "Somebody will be in touch with you.")
HELP_LATE = (HELP_SENT[0], "Your call has not arrived yet. Please use the telephone. If you are in danger, call 999.")
"""What is said large, and the sentence below it."""
DARK_FROM, DARK_UNTIL = time(21), time(7)
"""At these hours the page is dark: nobody wants to be woken or dazzled by a white one."""
CUT_SAID_AFTER = timedelta(minutes=5)
MOST_VISITS_SHOWN = 5

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Help:
    """Somebody pressed "Help". `arrived`: the server has stored it."""

    at: datetime
    arrived: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that the page depends on."""

    now: datetime
    config: Config | None
    shown: tuple[tuple[Prompt, Reminder], ...] = ()
    ahead: tuple[tuple[datetime, Reminder], ...] = ()
    asked: str | None = None
    """The id of the question "are you all right?", while it stands."""
    help: Help | None = None
    paused_until: datetime | None = None
    missing: tuple[str, ...] = ()
    """Pictures and sounds that have not come yet."""
    cut_since: datetime | None = None
    """Since when the server cannot be reached; None while it can."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.config.zone if self.config else "Europe/London")


def view(scene: Scene) -> Json:
    """The page's whole state; `screen` says which of its parts is to be seen."""
    here = scene.now.astimezone(scene.zone)
    return {
        "screen": screen(scene),
        "day": f"{here:%A}",
        "date": f"{here.day} {here:%B %Y}",
        "clock": f"{here:%H:%M}",
        "part": part_of_day(here.time()),
        "coming": coming(scene),
        "next": next_one(scene),
        "reminder": reminder(scene),
        "ask": {"id": scene.asked} if scene.asked else None,
        "help": dict(zip(("title", "more"), help_words(scene), strict=True)) if scene.help else None,
        "paused_until": at_words(scene.paused_until, here) if scene.paused_until else None,
        "dark": not DARK_UNTIL <= here.time() < DARK_FROM,
        "cut": scene.cut_since is not None and scene.now - scene.cut_since > CUT_SAID_AFTER,
    }


def screen(scene: Scene) -> str:
    """One thing at a time: a call for help, then a question, then a reminder."""
    if scene.help:
        return "help"
    if scene.asked:
        return "ask"
    return "reminder" if scene.shown else "idle"


def part_of_day(at: time) -> str:
    """ "Morning": for somebody who woke up in the afternoon the hands of a clock say too little."""
    if at.hour < 5 or at.hour >= 22:
        return "night"
    if at.hour < 12:
        return "morning"
    return "afternoon" if at.hour < 18 else "evening"


def reminder(scene: Scene) -> Json | None:
    if not scene.shown:
        return None
    prompt, asked = scene.shown[0]
    return {
        "key": prompt.key,
        "showing": prompt.shown,
        "purpose": asked.purpose.value,
        "text": asked.text,
        "picture": None if asked.picture in scene.missing else asked.picture,
        "sound": None if asked.sound in scene.missing else asked.sound,
        "more": len(scene.shown) - 1,
    }


def coming(scene: Scene) -> list[Json]:
    """Who comes today, from an hour ago on: somebody may be late."""
    if scene.config is None:
        return []
    today = scene.now.astimezone(scene.zone).date()
    found = [
        (due.at, visit.who)
        for visit in scene.config.visits
        for due in on_day(visit.schedule, scene.zone, today)
        if due.at > scene.now - timedelta(hours=1)
    ]
    return [_line(at, who, scene.zone) for at, who in sorted(found)[:MOST_VISITS_SHOWN]]


def next_one(scene: Scene) -> Json | None:
    """The next reminder of today, if any."""
    today = scene.now.astimezone(scene.zone).date()
    here = [(at, one) for at, one in scene.ahead if at.astimezone(scene.zone).date() == today]
    return _line(here[0][0], here[0][1].text, scene.zone) if here else None


def at_words(at: datetime, here: datetime) -> str:
    """A time as one says it: "14:30", or "tomorrow 07:00"."""
    then = at.astimezone(here.tzinfo)
    days = (then.date() - here.date()).days
    return f"{then:%H:%M}" if days <= 0 else f"tomorrow {then:%H:%M}" if days == 1 else f"{then:%A %H:%M}"


def sentences(config: Config | None) -> Iterable[str]:
    """What has to be spoken here. Also reminders with a sound of their own: it may come late, or not be playable."""
    yield ASK
    yield from (" ".join((f"{title}.", more)) for title, more in (HELP_SENT, HELP_ARRIVED, HELP_LATE))
    yield from (one.text for one in (config.reminders if config else ()))


def _line(at: datetime, text: str, zone: ZoneInfo) -> Json:
    return {"at": f"{at.astimezone(zone):%H:%M}", "text": text}


NOT_ARRIVED_AFTER = timedelta(seconds=20)


def help_words(scene: Scene) -> tuple[str, str]:
    if scene.help is not None and scene.help.arrived:
        return HELP_ARRIVED
    return HELP_LATE if _is_late(scene) else HELP_SENT


def _is_late(scene: Scene) -> bool:
    """The call has not reached the server: people must know, and use the telephone."""
    return scene.help is not None and not scene.help.arrived and scene.now - scene.help.at > NOT_ARRIVED_AFTER

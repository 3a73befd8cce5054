"""A week of homes in words: an e-mail, or one text without a name. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.telling import texts
from alerts.verdicts import Reason

OUTCOMES = {
    "all_well": "all was well",
    "helped": "somebody helped",
    "hospital": "they went to hospital",
    "false_rule": "it was nothing: what we watch for did not fit",
    "false_visitor": "it was nothing: somebody was visiting",
    "kit": "it was nothing: the equipment was at fault",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One alert of the week."""

    home_id: int
    reason: str
    opened_at: datetime
    state: str
    outcome: str | None
    time_zone: str


@dataclass(frozen=True, slots=True)
class HomeWeek:
    """One home's week so far; `days` are those on which somebody was expected there."""

    home_id: int
    name: str
    days: int
    days_away: int
    usual: int
    unseen_min: int
    paused_min: int = 0


def as_text(weeks: Sequence[HomeWeek], happenings: Sequence[Happening]) -> str:
    """Everything in one text; several homes are added up."""
    return texts.week(
        sum(week.days for week in weeks),
        sum(week.usual for week in weeks),
        len(happenings),
        sum(one.state != "closed" for one in happenings),
        sum(week.unseen_min for week in weeks) // 60,
    )


def as_mail(weeks: Sequence[HomeWeek], happenings: Sequence[Happening]) -> str:
    """Subject, line break, text."""
    parts = [_home(week, [one for one in happenings if one.home_id == week.home_id]) for week in weeks]
    return "Hearthlight: this week\n" + "\n\n".join(parts)


def _home(week: HomeWeek, happenings: Sequence[Happening]) -> str:
    lines = [f"{week.name}: {_usual(week)}"]
    if week.days_away:
        lines.append(f"On {_days(week.days_away)} nobody was expected at home.")
    lines += [_happening(one) for one in happenings] or ["There were no alerts."]
    if week.paused_min >= 60:
        lines.append(f"For {_hours(week.paused_min)} in all monitoring was paused on the tablet.")
    if week.unseen_min >= 60:
        lines.append(f"For {_hours(week.unseen_min)} in all we could not see, and cannot say how it was.")
    return "\n".join(lines)


def _usual(week: HomeWeek) -> str:
    if not week.days:
        return "nobody was expected this week."
    if week.usual == week.days:
        return f"all of {_days(week.days)} were as usual." if week.days > 1 else "the day was as usual."
    return f"{week.usual} of {_days(week.days)} {'was' if week.usual == 1 else 'were'} as usual."


def _hours(minutes: int) -> str:
    hours = minutes // 60
    return f"{hours} hour{'' if hours == 1 else 's'}"


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


def _happening(one: Happening) -> str:
    local = one.opened_at.astimezone(ZoneInfo(one.time_zone))
    known = one.reason in Reason._value2member_map_
    what = texts.WHAT_HAPPENED.get(Reason(one.reason), "something to look at") if known else "something to look at"
    return f"{local:%A} {local:%H:%M}: {what}. {_what_came_of_it(one)}"


def _what_came_of_it(one: Happening) -> str:
    match one.state:
        case "closed":
            return f"What came of it: {OUTCOMES.get(one.outcome or '', 'it was closed')}."
        case "explained":
            return "News that came late explains it; somebody still reads it."
        case "acknowledged" | "attending":
            return "Somebody has it."
    return "It is still open."

"""Phrases that the sentences of several rules share. Pure."""

from collections.abc import Sequence

from alerts.local_days import WEEKDAYS, BankHolidays, Weekday


def in_places(places: Sequence[str]) -> str:
    return f" in the {listed(places)}" if places else ""


def listed(places: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(places[:-1]), places[-1])))


def in_hours(hours: float) -> str:
    return f"{hours:g} hour" if hours == 1 else f"{hours:g} hours"


def on_days(days: Sequence[Weekday], bank_holidays: BankHolidays = BankHolidays.SAME) -> str:
    """ "Monday to Friday, not on bank holidays"."""
    return f"{_weekdays(days)}{_BANK_HOLIDAYS[bank_holidays]}"


_BANK_HOLIDAYS = {
    BankHolidays.SAME: "",
    BankHolidays.SKIP: ", not on bank holidays",
    BankHolidays.SUNDAY: ", bank holidays like Sundays",
}


def _weekdays(days: Sequence[Weekday]) -> str:
    chosen = tuple(day for day in WEEKDAYS if day in days)
    if chosen == WEEKDAYS:
        return "every day"
    if chosen == WEEKDAYS[:5]:
        return "Monday to Friday"
    if chosen == WEEKDAYS[5:]:
        return "at weekends"
    return "on " + " and ".join(filter(None, (", ".join(map(_day, chosen[:-1])), _day(chosen[-1]))))


def _day(day: Weekday) -> str:
    return _DAY_NAMES[day]


_DAY_NAMES: dict[Weekday, str] = {
    "mon": "Mondays",
    "tue": "Tuesdays",
    "wed": "Wednesdays",
    "thu": "Thursdays",
    "fri": "Fridays",
    "sat": "Saturdays",
    "sun": "Sundays",
}

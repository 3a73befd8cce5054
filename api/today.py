"""One home today: loads the facts once and puts them into words."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row

from alerts import words
from alerts.judging import RuleVerdict, picture_now
from alerts.picture import Glance, glance
from alerts.rules import AnsweredReminder
from alerts.verdicts import Outcome, Reason, Verdict
from api import absences, pauses, queue, remembered, reminder_rows, standing, timeline, worth_knowing
from api.people import Home, Person
from api.rule_kinds import is_for_the_team
from api.times import ago, clock, when
from api.views import DoorLine, ReminderLine, Routine, Sign, Today
from ingest.database import sql

VERDICT_WORDS = {
    Outcome.AS_EXPECTED: "As usual",
    Outcome.WAITING: "Not yet due",
    Outcome.LATE: "Later than usual",
    Outcome.MISSED: "Did not happen",
    Outcome.NOT_OBSERVABLE: "We could not see",
}

_OF_REASON = {Reason.AWAY: "Away", Reason.PAUSED: "Paused"}


def of_home(connection: Connection, home: Home, person: Person, now: datetime) -> Today:
    """Everything the page of this home shows to this person."""
    picture, said = picture_now(connection, home.id, now)
    verdicts = remembered.as_found(connection, home.id, said, now)
    past = pauses.of_home(connection, home.id, now)
    seen = glance(picture, home.zone, now, past)
    paused = pauses.in_words(seen.held, home.resident, home.zone, now) if seen.held else None
    alerts = tuple(queue.of_home(connection, person, home.id, now))
    unseen = not seen.seen_now and paused is None
    late = any(each.verdict.verdict is Outcome.LATE for each in verdicts)
    away = absences.of_home(connection, home.id, home.zone, now)
    how = standing.of_home(
        alerts,
        unseen=unseen,
        late=late,
        away=away is not None and away.holds,
        paused=paused is not None,
        kept=home.keeps,
    )
    hidden = ((gap.start, gap.end) for gap in sorted((*seen.gaps, *seen.paused), key=lambda gap: gap.start))
    drawn = timeline.draw(_activity(connection, home, now), hidden, home.zone, now)
    reminders = tuple(_reminders(connection, home, now))
    return Today(
        home=home,
        headline=standing.headline(home, seen, alerts, away, paused, now),
        standing=how,
        explanation=standing.explanation(how, alerts),
        alerts=alerts,
        routines=tuple(routine(each, home.zone, now) for each in shown_to(person, verdicts)),
        signs=_signs(seen, drawn, now),
        doors=tuple(DoorLine(door.place, door.open, when(door.at, home.zone, now)) for door in seen.doors),
        gaps=tuple(_gaps(seen, home.zone)),
        away=away,
        paused=paused,
        paused_often=pauses.how_often(past, home, now) if person.on_the_team else "",
        reminders=reminders,
        untold=_untold(reminders, said),
        worth_knowing=worth_knowing.of_home(connection, home.id, home.zone, now),
        timeline=drawn,
        as_of=clock(now, home.zone),
    )


def shown_to(person: Person, verdicts: Iterable[RuleVerdict]) -> Iterable[RuleVerdict]:
    """Whether the equipment reports is the team's to know; the family sees the gaps."""
    return (each for each in verdicts if person.on_the_team or not is_for_the_team(each.rule.settings.kind))


def routine(each: RuleVerdict, zone: ZoneInfo, now: datetime) -> Routine:
    """One rule and how it stands."""
    settings = each.rule.settings
    return Routine(
        name=settings.name or settings.describe(),
        verdict=each.verdict.verdict.value,
        words=verdict_words(each.verdict),
        sentence=words.sentence(each.verdict, zone, now),
    )


def verdict_words(verdict: Verdict) -> str:
    """A few words for the tag."""
    return _OF_REASON.get(verdict.reason) or VERDICT_WORDS[verdict.verdict]


def _activity(connection: Connection, home: Home, now: datetime) -> list[timeline.HourOfLife]:
    day = timeline.day_of(now, home.zone)
    values = {"home_id": home.id, "start": day.start, "end": day.end}
    with connection.cursor(row_factory=class_row(timeline.HourOfLife)) as cursor:
        return cursor.execute(sql(__file__, "activity_of_day"), values).fetchall()


def _signs(seen: Glance, drawn: timeline.Timeline, now: datetime) -> tuple[Sign, ...]:
    stretches = {row.place: row.words for row in drawn.rows}
    return tuple(
        Sign(place.place, ago(place.last_at, now), place.last_at, stretches.get(place.place, ""))
        for place in seen.places_today
    )


def _gaps(seen: Glance, zone: ZoneInfo) -> Iterable[str]:
    """What could not be seen today, and what was paused, in the order of the day."""
    for gap in sorted((*seen.gaps, *seen.paused), key=lambda gap: gap.start):
        start, end = clock(gap.start, zone), clock(gap.end, zone)
        if gap in seen.paused:
            going_on = seen.held is not None and gap is seen.paused[-1]
            yield f"Paused since {start}." if going_on else f"Paused from {start} to {end}."
        elif not seen.seen_now and seen.held is None and gap is seen.gaps[-1]:
            yield f"We have not been able to see the home since {start}."
        else:
            yield f"We could not see the home from {start} to {end}."


def _untold(reminders: Iterable[ReminderLine], rules: Iterable[RuleVerdict]) -> str:
    """The names of reminders that no routine watches, in alphabetical order."""
    watched = [each.rule.settings.places for each in rules if isinstance(each.rule.settings, AnsweredReminder)]
    names = {one.name for one in reminders if not any(not places or one.name in places for places in watched)}
    return ", ".join(sorted(names))


def _reminders(connection: Connection, home: Home, now: datetime) -> Iterable[ReminderLine]:
    """Today's reminders by their times, and what became of each."""
    rows = reminder_rows.of_home(connection, home.id)
    told = reminder_rows.answers(connection, home, now) if rows else {}
    found = [
        ReminderLine(row.name, one.at, one.state, one.words)
        for row in rows
        for one in reminder_rows.today(row, told.get(row.id, []), home.zone, now)
    ]
    return sorted(found, key=lambda one: (one.at, one.name))

"""One home today: loads the facts once and puts them into words."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row

from alerts import words
from alerts.judging import RuleVerdict, picture_now
from alerts.picture import Glance, glance
from alerts.verdicts import Outcome, Reason, Verdict
from api import absences, queue, remembered, standing, timeline, worth_knowing
from api.people import Home, Person
from api.rule_kinds import is_for_the_team
from api.times import ago, clock, when
from api.views import DoorLine, Routine, Sign, Today
from ingest.database import sql

VERDICT_WORDS = {
    Outcome.AS_EXPECTED: "As usual",
    Outcome.WAITING: "Not yet due",
    Outcome.LATE: "Later than usual",
    Outcome.MISSED: "Did not happen",
    Outcome.NOT_OBSERVABLE: "We could not see",
}


def of_home(connection: Connection, home: Home, person: Person, now: datetime) -> Today:
    """Everything the page of this home shows to this person."""
    picture, said = picture_now(connection, home.id, now)
    verdicts = remembered.as_found(connection, home.id, said, now)
    seen = glance(picture, home.zone, now)
    alerts = tuple(queue.of_home(connection, person, home.id, now))
    unseen = not seen.seen_now
    late = any(each.verdict.verdict is Outcome.LATE for each in verdicts)
    away = absences.of_home(connection, home.id, home.zone, now)
    how = standing.of_home(alerts, unseen=unseen, late=late, away=away is not None and away.holds)
    drawn = timeline.draw(_activity(connection, home, now), ((gap.start, gap.end) for gap in seen.gaps), home.zone, now)
    return Today(
        home=home,
        headline=standing.headline(home, seen, alerts, away, now),
        standing=how,
        explanation=standing.explanation(how, alerts),
        alerts=alerts,
        routines=tuple(routine(each, home.zone, now) for each in shown_to(person, verdicts)),
        signs=_signs(seen, drawn, now),
        doors=tuple(DoorLine(door.place, door.open, when(door.at, home.zone, now)) for door in seen.doors),
        gaps=tuple(_gaps(seen, home.zone)),
        away=away,
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
    return "Away" if verdict.reason is Reason.AWAY else VERDICT_WORDS[verdict.verdict]


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
    for gap in seen.gaps:
        if not seen.seen_now and gap is seen.gaps[-1]:
            yield f"We have not been able to see the home since {clock(gap.start, zone)}."
        else:
            yield f"We could not see the home from {clock(gap.start, zone)} to {clock(gap.end, zone)}."

"""Expected visits: proved by a tag, or by a door and life inside."""

from datetime import datetime

import pytest

from alerts.picture import Seen
from alerts.rules import BadRuleError, Proof, Visit, read
from alerts.verdicts import AlertClass, Outcome, Reason, alert_class
from alerts.words import sentence, why
from gateway.messages import Kind
from tests.alerts.a_home import LONDON, at, beats, door, motion, stir
from tests.alerts.rules.a_rule import FIRST, of_picture, said

RULE = Visit(start="08:00", end="09:00")


def tag(when: datetime, number: int = 17) -> Seen:
    return Seen(when, "hall", "button", Kind.VISIT, number)


KNOWN = [tag(at("08:10", 17))]
DOORS = [door(at("18:00", 17)), door(at("18:01", 17), 0)]


def test_a_visitor_who_does_not_come_is_late_and_then_missed() -> None:
    assert said(RULE, at("08:59"), KNOWN).verdict is Outcome.WAITING
    late = said(RULE, at("09:00"), KNOWN)
    assert (late.verdict, late.reason, late.look_again) == (Outcome.LATE, Reason.NO_VISIT, at("09:30"))
    missed = said(RULE, at("09:30"), KNOWN)
    assert (missed.verdict, missed.reason, missed.deadline) == (Outcome.MISSED, Reason.NO_VISIT, at("09:30"))
    assert alert_class(missed.verdict, missed.reason) is AlertClass.WELFARE
    assert sentence(missed, LONDON) == "Nobody came between 08:00 and 09:00."
    assert "Watched for: A visit between 08:00 and 09:00, every day." in why(missed, LONDON)


@pytest.mark.parametrize(("came", "outcome"), [("08:00", Outcome.AS_EXPECTED), ("09:20", Outcome.LATE)])
def test_a_tag_proves_the_visit_whoever_it_belongs_to(came: str, outcome: Outcome) -> None:
    visited = said(RULE, at("09:30"), KNOWN, [tag(at(came), 4711)])
    assert (visited.verdict, visited.reason, visited.evidence.seen_at) == (outcome, Reason.VISITED, at(came))
    assert sentence(visited, LONDON) == f"Somebody came at {came}."


def test_where_tags_are_read_a_door_proves_nothing() -> None:
    came_in = [door(at("08:30")), *stir(at("08:31"))]
    assert said(RULE, at("09:30"), KNOWN, came_in).verdict is Outcome.MISSED
    assert said(Visit(start="08:00", end="09:00", proof=Proof.DOOR), at("09:30"), KNOWN, came_in).reason is (
        Reason.VISITED
    )


def test_without_tags_a_door_and_life_inside_afterwards_stand_for_a_visit() -> None:
    assert said(RULE, at("09:30"), DOORS).verdict is Outcome.MISSED
    assert said(RULE, at("09:30"), DOORS, [door(at("08:30")), motion(at("08:40"))]).reason is Reason.VISITED
    assert said(RULE, at("09:30"), DOORS, [door(at("08:30"))], stir(at("09:00"))).verdict is Outcome.MISSED
    assert said(RULE, at("09:30"), DOORS, stir(at("08:40"))).verdict is Outcome.MISSED


def test_whoever_is_just_coming_in_is_waited_for() -> None:
    at_the_door = said(RULE, at("09:30"), DOORS, [door(at("09:25"))])
    assert (at_the_door.verdict, at_the_door.look_again) == (Outcome.WAITING, at("09:41"))
    nobody = said(RULE, at("09:41"), DOORS, [door(at("09:25"))])
    assert (nobody.verdict, nobody.deadline) == (Outcome.MISSED, at("09:41"))
    assert said(RULE, at("09:41"), DOORS, [door(at("09:25"))], [motion(at("09:33"))]).reason is Reason.VISITED


def test_a_home_without_tags_and_doors_cannot_tell() -> None:
    nothing = said(RULE, at("09:30"), stir(at("08:00")))
    assert (nothing.verdict, nothing.reason) == (Outcome.NOT_OBSERVABLE, Reason.SENSOR_NEVER_REPORTED)


def test_what_could_not_be_seen_is_not_missed() -> None:
    unseen = of_picture(RULE, at("09:30"), beats(FIRST, at("08:30")), KNOWN)
    assert (unseen.verdict, unseen.reason) == (Outcome.NOT_OBSERVABLE, Reason.NOT_COVERED)
    assert of_picture(RULE, at("09:10"), beats(FIRST, at("08:30")), KNOWN).verdict is Outcome.WAITING


def test_a_visit_after_the_deadline_is_told_as_evidence() -> None:
    assert said(RULE, at("10:30"), KNOWN, [tag(at("10:00"))]).evidence.since_deadline


def test_only_tags_of_the_places_that_were_named_count() -> None:
    garden = Visit(start="08:00", end="09:00", places=("garden door",))
    assert said(garden, at("09:30"), KNOWN, [tag(at("08:30"))]).reason is Reason.SENSOR_NEVER_REPORTED


def test_days_and_settings() -> None:
    weekdays = Visit(start="08:00", end="09:00", weekdays=("sat", "sun"))
    assert weekdays.describe() == "A visit between 08:00 and 09:00, at weekends"
    assert said(weekdays, at("09:30"), KNOWN).look_again == at("09:00", 21), "the 18th is a Wednesday"
    with pytest.raises(BadRuleError, match="shorter than 23 hours"):
        read({"kind": "visit", "start": "08:00", "end": "07:00"})

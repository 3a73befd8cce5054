"""A home without consent on record is not judged, and nobody is told that it is not."""

from datetime import timedelta

import psycopg

from alerts.auditing.checks import look
from alerts.rules import ExpectedActivity, Unseen
from tests.alerts.a_home import at, beats
from tests.alerts.watched import watched

MORNING = at("10:00")


def test_without_consent_a_home_is_not_judged_and_with_it_again_at_once(db: psycopg.Connection) -> None:
    home = watched(db, MORNING, ExpectedActivity(end="09:00"), Unseen(), since=MORNING - timedelta(days=1))
    home.arrive(beats(MORNING - timedelta(hours=12), MORNING), MORNING)
    db.execute("update consent set withdrawn_at = %s, withdrawn_by = 'Peter'", (MORNING,))
    assert home.look(MORNING + timedelta(hours=2)).homes == 0
    assert home.alerts() == []
    faults = [fault.name for fault in look(db, MORNING + timedelta(hours=3))]
    assert "homes_not_judged" not in faults
    db.execute(
        "insert into consent (home_id, basis, given_by, given_on, recorded_at) select id, 'consent', 'Peter', %s, %s"
        " from home",
        (MORNING.date(), MORNING),
    )
    assert home.judge(MORNING + timedelta(hours=3)).homes == 1

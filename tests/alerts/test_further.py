"""Something further happens while an alert is not closed: whoever can help has to hear of it."""

from datetime import timedelta

import psycopg
import pytest

from alerts.rules import DoorAtNight, ExpectedActivity, Silence
from alerts.telling import ladder, states
from alerts.telling.receipts import record
from tests.alerts.a_home import at, beats, door, sos, stir
from tests.alerts.test_judging import night
from tests.alerts.watched import Watched, watched

M = timedelta(minutes=1)
KITCHEN = ExpectedActivity(places=("kitchen",), end="09:00")
CALLED = at("12:00")


def called(db: psycopg.Connection) -> Watched:
    """A home whose first call for help has been told to Anna."""
    home = watched(db, at("23:00"))
    home.arrive([sos(CALLED)], CALLED)
    home.judge(CALLED)
    db.execute("update message set state = 'delivered', next_try_at = null")
    return home


def call_again(home: Watched, after: timedelta) -> None:
    home.arrive([sos(CALLED + after)], CALLED + after)
    home.judge(CALLED + after)


def take(home: Watched, after: timedelta) -> None:
    alert, person = home.rows("select max(id) from alert")[0], home.rows("select max(id) from person")[0]
    assert states.acknowledge(home.db, alert, person, "sms", CALLED + after).won


def texts(home: Watched) -> list[tuple[str, str]]:
    return home.rows("select purpose, body from message order by id")


def test_who_has_a_call_for_help_hears_of_the_next_call_once_in_five_minutes(db: psycopg.Connection) -> None:
    home = called(db)
    take(home, 2 * M)
    for minutes in (3, 4, 5):
        call_again(home, minutes * M)
    assert [purpose for purpose, _ in texts(home)] == ["alert", "called_again"]
    assert "called for help again" in texts(home)[1][1]
    call_again(home, 9 * M)
    assert [purpose for purpose, _ in texts(home)] == ["alert", "called_again", "called_again"]
    assert home.alerts() == [("urgent", "acknowledged")]


def test_when_who_has_it_cannot_be_reached_about_the_next_call_the_ladder_starts_again(db: psycopg.Connection) -> None:
    home = called(db)
    take(home, 2 * M)
    call_again(home, 3 * M)
    db.execute("update message set state = 'handed_over', provider_id = 'SM2' where purpose = 'called_again'")
    record(db, {"MessageSid": "SM2", "MessageStatus": "undelivered", "ErrorCode": "30004"}, CALLED + 4 * M)
    assert home.rows("select state from alert where class = 'urgent'") == ["open"]
    ladder.run_due_steps(db, CALLED + 4 * M)
    assert [purpose for purpose, _ in texts(home)] == ["alert", "called_again", "alert"]


def test_a_call_after_nobody_answered_tells_everybody_again(db: psycopg.Connection) -> None:
    home = called(db)
    for minutes in (10, 20, 30):
        ladder.run_due_steps(db, CALLED + minutes * M)
        db.execute("update message set state = 'delivered', next_try_at = null where state = 'queued'")
    assert home.rows("select unanswered_at is not null from alert") == [True]
    call_again(home, 60 * M)
    assert len(texts(home)) == 3
    assert home.rows("select next_step_at is not null and unanswered_at is null from alert") == [True]


def test_a_call_while_the_ladder_runs_tells_nobody_twice(db: psycopg.Connection) -> None:
    home = called(db)
    for minutes in (1, 2, 3):
        call_again(home, minutes * M)
    assert len(texts(home)) == 1
    assert home.events().count("joined") == 3


def test_a_call_for_help_after_a_door_at_night_is_told_at_once_as_what_it_is(db: psycopg.Connection) -> None:
    home = watched(db, at("23:00"), DoorAtNight())
    home.arrive([*beats(at("18:00", 17), at("02:00")), door(at("02:00"))], at("02:00"))
    home.judge(at("02:00"))
    assert "outside door" in texts(home)[0][1]
    home.arrive([sos(at("02:03"))], at("02:03"))
    home.judge(at("02:03"))
    assert "a call for help" in texts(home)[-1][1]
    assert len(texts(home)) == 2
    assert home.alerts() == [("urgent", "open")]


def test_who_reads_an_explained_alert_keeps_it_whatever_else_comes(db: psycopg.Connection) -> None:
    home = watched(db, at("09:30"), KITCHEN)
    home.arrive(night(), at("09:30"))
    home.judge(at("09:30"))
    home.arrive(stir(at("08:10")), at("09:42"))
    home.judge(at("09:42"))
    alert, person = home.rows("select max(id) from alert")[0], home.rows("select max(id) from person")[0]
    assert states.acknowledge(db, alert, person, "page", at("09:50")).won
    home.arrive(stir(at("09:52")), at("09:55"))
    home.judge(at("09:55"))
    assert home.alerts() == [("welfare", "acknowledged")]


def test_what_is_missed_while_somebody_reads_an_explained_alert_is_told(db: psycopg.Connection) -> None:
    home = watched(db, at("09:30"), KITCHEN, Silence(hours=4))
    home.arrive([*night(), *stir(at("06:00"), "bedroom")], at("09:30"))
    home.judge(at("09:30"))
    home.arrive(stir(at("08:10")), at("09:42"))
    home.judge(at("09:42"))
    assert home.alerts() == [("welfare", "explained")]
    alert, person = home.rows("select max(id) from alert")[0], home.rows("select max(id) from person")[0]
    assert states.acknowledge(db, alert, person, "page", at("12:05")).won
    home.arrive(beats(at("09:30"), at("12:15")), at("12:15"))
    home.judge(at("12:15"))
    assert home.alerts() == [("welfare", "open")]
    assert home.rows("select count(*) from message where purpose = 'alert'") == [2]


@pytest.mark.parametrize("broken", ["picture", "zone"])
def test_a_call_for_help_is_raised_in_a_home_that_cannot_be_judged(db: psycopg.Connection, broken: str) -> None:
    home = watched(db, at("09:30"), KITCHEN)
    if broken == "picture":
        db.execute("update home_state set picture = '{\"v\": 99}'")
    else:
        db.execute("update home set time_zone = 'Europe/Nowhere'")
    home.arrive([sos(at("09:00"))], at("09:00"))
    home.judge(at("09:00"))
    home.look(at("09:10"))
    assert ("urgent", "open") in home.alerts()
    assert len(texts(home)) == 1
    if broken == "zone":
        assert ("technical", "open") in home.alerts(), "the housing team must know that nobody watches"


def test_a_call_for_help_is_raised_in_a_home_of_which_something_else_cannot_be_written(db: psycopg.Connection) -> None:
    home = watched(db, at("09:30"), KITCHEN)
    home.arrive([*night(), sos(at("09:29"))], at("09:30"))
    db.execute("alter table finding add constraint poison check (rule_id is null)")
    home.judge(at("09:30"))
    assert ("urgent", "open") in home.alerts()
    assert len(texts(home)) == 1


def test_a_picture_of_another_version_is_made_anew_from_the_readings(db: psycopg.Connection) -> None:
    home = watched(db, at("09:25"), KITCHEN)
    home.arrive(night(), at("09:25"))
    home.judge(at("09:25"))
    db.execute("update home_state set picture = '{\"v\": 99}'")
    home.look(at("09:30"))
    assert home.alerts() == [("welfare", "open")]

"""When most homes fall silent together, it is us."""

import csv
import gzip
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.fleet import USUAL_SHARE, Counts, FleetWatch, Habit, chance, is_over, stopped, usual_here, usual_share
from alerts.folding import Picture
from alerts.ledger import GRACE, Outage, OutageKind, hide, is_ours, put_off, rests_until
from alerts.verdicts import Evidence, Gap, Outcome, Reason, Verdict
from tests.alerts.a_home import LONDON, at, beats, picture

MINUTE = timedelta(minutes=1)
STILL = Counts(in_service=0, heard=0, asked=0, lived_in=0, stirred=0)


def signs(lived_in: int, stirred: int) -> Counts:
    return Counts(lived_in, lived_in, lived_in, lived_in, stirred)


def heard(in_service: int, now: int) -> Counts:
    return Counts(in_service, now, 0, 0, 0)


@pytest.mark.parametrize(("in_service", "now"), [(12, 5), (8, 3), (37_100, 18_000), (5, 0)])
def test_fewer_than_half_heard_is_us(in_service: int, now: int) -> None:
    assert stopped(heard(in_service, now), usual_share(4)) is OutageKind.BEATS


@pytest.mark.parametrize(("in_service", "now"), [(12, 6), (4, 0), (7, 3), (37_100, 19_000), (0, 0)])
def test_a_few_silent_gateways_are_their_own_trouble(in_service: int, now: int) -> None:
    assert stopped(heard(in_service, now), usual_share(12)) is None


@pytest.mark.parametrize(("homes", "stirred", "hour"), [(8, 0, 9.5), (12, 1, 9.5), (47, 0, 4.5), (28, 0, 4.5)])
def test_homes_in_which_nothing_stirs_are_us_though_beats_come(homes: int, stirred: int, hour: float) -> None:
    assert stopped(signs(homes, stirred), usual_share(hour)) is OutageKind.SIGNS


@pytest.mark.parametrize(("homes", "stirred", "hour"), [(7, 0, 12.5), (12, 0, 4.5), (28, 1, 4.5), (28, 12, 12.5)])
def test_a_quiet_night_of_a_few_homes_is_none_of_us(homes: int, stirred: int, hour: float) -> None:
    assert stopped(signs(homes, stirred), usual_share(hour)) is None


@pytest.mark.parametrize("hour", [0.5, 3.5, 5.5])
def test_a_still_night_in_a_house_of_long_sleepers_is_none_of_us(hour: float) -> None:
    elsewhere = usual_share(hour)
    counts = Counts(in_service=40, heard=40, asked=40, lived_in=40, stirred=0)
    assert stopped(counts, elsewhere) is OutageKind.SIGNS
    assert stopped(counts, usual_here(elsewhere, hour, Habit(days=560, stirred=28))) is None


def test_a_still_morning_of_long_sleepers_is_us_all_the_same() -> None:
    usual = usual_here(usual_share(10.5), 10.5, Habit(days=560, stirred=470))
    assert stopped(Counts(in_service=40, heard=40, asked=40, lived_in=40, stirred=0), usual) is OutageKind.SIGNS


def test_a_few_days_tell_nothing_of_a_habit_and_busy_homes_are_held_to_what_is_usual_elsewhere() -> None:
    assert usual_here(0.3, 3.5, Habit(days=20, stirred=0)) == 0.3
    assert usual_here(0.3, 3.5, Habit(days=560, stirred=550)) == 0.3
    assert usual_here(0.3, 3.5, Habit(days=560, stirred=0)) > 0


def test_a_county_that_lies_in_is_not_us() -> None:
    """So many homes that chance alone would explain no difference at all."""
    usual = usual_share(7.5)
    assert stopped(signs(2000, round(2000 * usual * 0.6)), usual) is None
    assert stopped(signs(2000, round(2000 * usual * 0.4)), usual) is OutageKind.SIGNS


@given(st.integers(1, 60), st.floats(0.05, 0.95))
def test_chances_add_up(homes: int, usual: float) -> None:
    assert chance(homes, homes, usual) == pytest.approx(1)
    assert chance(homes, 0, usual) == pytest.approx((1 - usual) ** homes)


@given(st.floats(0, 24, exclude_max=True))
def test_what_is_usual_lies_between_two_hours_of_the_table(hour: float) -> None:
    assert min(USUAL_SHARE) <= usual_share(hour) <= max(USUAL_SHARE)


def test_what_is_usual_at_half_past_is_what_stands_in_the_table() -> None:
    assert [usual_share(hour + 0.5) for hour in range(24)] == pytest.approx(USUAL_SHARE)


def test_an_outage_is_over_when_half_of_its_homes_are_heard_or_after_a_week() -> None:
    silent = Outage(OutageKind.BEATS, at("04:00"))
    assert not is_over(silent, 12, heard(5, 5), 0.3, at("05:00"))
    assert is_over(silent, 12, heard(6, 6), 0.3, at("05:00"))
    assert is_over(silent, 12, STILL, 0.3, at("04:01", 25))


def fleet(watch: FleetWatch, homes: int, start: datetime, end: datetime) -> list[tuple[datetime, Outage]]:
    """Homes that beat and stir as they usually do, looked at each minute."""
    rng, found, now = random.Random(7), [], start
    while now < end:
        for home in range(homes):
            if now.minute % 5 == home % 5:
                watch.hear_beat(str(home), now.timestamp())
            if rng.random() < 0.08:
                watch.hear_sign(str(home), now.timestamp())
        found += looked(watch, now)
        now += MINUTE
    return found


def looked(watch: FleetWatch, now: datetime) -> list[tuple[datetime, Outage]]:
    outage = watch.look(now)
    return [(now, outage)] if outage else []


def silence(watch: FleetWatch, start: datetime, end: datetime) -> list[tuple[datetime, Outage]]:
    minutes = range(round((end - start) / MINUTE))
    return [one for minute in minutes for one in looked(watch, start + minute * MINUTE)]


@pytest.mark.parametrize("homes", [6, 12, 40])
def test_homes_that_all_fall_silent_are_one_outage_which_ends_when_they_are_back(homes: int) -> None:
    watch = FleetWatch(LONDON)
    assert fleet(watch, homes, at("02:00"), at("04:04")) == []
    ((found_at, outage),) = silence(watch, at("04:04"), at("14:16", 20))
    assert found_at - at("04:04") <= 10 * MINUTE
    assert at("03:59") <= outage.began_at <= at("04:04")
    ((ended_at, over),) = fleet(watch, homes, at("14:16", 20), at("18:00", 20))
    assert ended_at - at("14:16", 20) <= 10 * MINUTE
    assert (over.began_at, over.ended_at) == (outage.began_at, ended_at)
    assert watch.outages == [over]


def recorded(data: Path) -> Iterable[tuple[str, datetime]]:
    """Signs of life of all recorded homes in order of time; local summer time, taken for UTC."""
    with gzip.open(data / "tihm" / "tihm_activity_dev.csv.gz", "rt") as file:
        rows = sorted((row["time"], row["home"]) for row in csv.DictReader(file) if row["time"] >= "2019-05-01")
    return [(home, datetime.fromisoformat(time).replace(tzinfo=UTC)) for time, home in rows]


def test_both_outages_of_the_recorded_platform_are_found_within_half_an_hour_and_nothing_else(data: Path) -> None:
    watch, found, clock = FleetWatch(LONDON), [], datetime(2019, 5, 1, tzinfo=UTC)
    for home, when in recorded(data):
        # The recorded times are local already, and London's summer time would add an hour.
        local = when - timedelta(hours=1)
        while clock < local:
            found += looked(watch, clock)
            clock += MINUTE
        watch.hear_sign(home, local.timestamp())
    shown = [(now + timedelta(hours=1), outage.ended_at is None) for now, outage in found]
    assert [going_on for _, going_on in shown] == [True, False, True, False]
    starts = [datetime(2019, 5, 27, 2, 26, tzinfo=UTC), datetime(2019, 6, 15, 4, 5, tzinfo=UTC)]
    ends = [datetime(2019, 5, 27, 4, 32, tzinfo=UTC), datetime(2019, 6, 17, 14, 16, tzinfo=UTC)]
    assert all(shown[n * 2][0] - start <= 30 * MINUTE for n, start in enumerate(starts))
    assert all(shown[n * 2 + 1][0] - end <= 60 * MINUTE for n, end in enumerate(ends))


BLIND = Outage(OutageKind.SIGNS, at("04:00"), at("10:00"))


def test_minutes_in_which_beats_lied_do_not_count_as_seen() -> None:
    kept: Picture = picture(beats(at("00:00"), at("12:00")))
    hidden = hide(kept, [BLIND], at("12:00"))
    assert kept.covered.bit_count() - hidden.covered.bit_count() == 361
    assert hidden.last_beat == kept.last_beat


def test_while_it_goes_on_nobody_counts_as_seen_now() -> None:
    kept = picture(beats(at("00:00"), at("12:00")))
    assert hide(kept, [Outage(OutageKind.SIGNS, at("04:00"))], at("12:00")).last_beat == at("04:00").timestamp()


def test_beats_that_come_late_prove_what_was_seen_in_an_outage_of_the_line() -> None:
    kept = picture(beats(at("00:00"), at("12:00")))
    assert hide(kept, [Outage(OutageKind.BEATS, at("04:00"), at("10:00"))], at("12:00")) == kept


def test_kit_is_blamed_only_some_time_after_the_outage() -> None:
    assert rests_until([], at("12:00")) is None
    assert rests_until([BLIND], at("10:10")) == at("10:00") + GRACE
    assert rests_until([BLIND], at("10:30")) is None
    assert rests_until([Outage(OutageKind.BEATS, at("04:00"))], at("12:00")) == at("12:10")


def said(outcome: Outcome, reason: Reason, *gaps: Gap) -> Verdict:
    return Verdict(outcome, reason, "one", at("09:30"), at("09:30"), Evidence(gaps=gaps))


def test_supervision_waits_and_what_is_well_stays_well() -> None:
    unseen = put_off(said(Outcome.NOT_OBSERVABLE, Reason.HOME_UNSEEN), at("10:30"))
    assert (unseen.verdict, unseen.look_again) == (Outcome.WAITING, at("10:30"))
    well = said(Outcome.AS_EXPECTED, Reason.HOME_SEEN)
    assert put_off(well, at("10:30")) == well


def test_what_could_not_be_judged_is_ours_only_where_the_outage_lies_in_it() -> None:
    ours = said(Outcome.NOT_OBSERVABLE, Reason.NOT_COVERED, Gap(at("03:00"), at("05:00")))
    theirs = said(Outcome.NOT_OBSERVABLE, Reason.NOT_COVERED, Gap(at("01:00"), at("03:00")))
    other = said(Outcome.NOT_OBSERVABLE, Reason.SENSOR_SILENT, Gap(at("03:00"), at("05:00")))
    assert [is_ours(one, [BLIND]) for one in (ours, theirs, other)] == [True, False, False]

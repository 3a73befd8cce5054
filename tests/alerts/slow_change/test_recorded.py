"""How often recorded homes would be told of, where the recordings are."""

from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

from alerts.replaying.replay_rows import opened, rows
from alerts.slow_change.changes import FEWEST_DAYS, FEWEST_WEEKS, Week, slow_change
from alerts.slow_change.days import Sign, weeks_of
from tests.alerts.a_home import LONDON

ROLES = {"front-door": "outside_door", "back-door": "outside_door", "fridge-door": "fridge_door"}
UNSEEN = {date(2019, 6, day): 0 for day in (15, 16, 17)}
"""Nothing of any home was recorded then."""


def recorded(data: Path) -> list[list[Week]]:
    signs: dict[str, list[Sign]] = defaultdict(list)
    with opened(data / "tihm" / "tihm_activity_dev.csv.gz") as lines:
        for home, at, sensor, _, _ in rows(lines, LONDON):
            signs[home].append((datetime.fromtimestamp(at, UTC), sensor, ROLES.get(sensor, "room")))
    return [weeks_of(some, LONDON, {at.date(): 1440 for at, _, _ in some} | UNSEEN) for some in signs.values()]


def can_be_compared(weeks: list[Week]) -> bool:
    seen = [len(week.counted) >= FEWEST_DAYS for week in weeks[-5:]]
    return seen[-1] and sum(seen[:-1]) >= FEWEST_WEEKS


def test_about_one_week_in_five_of_recorded_homes_is_told_of(data: Path) -> None:
    homes = recorded(data)
    comparable = [weeks[:end] for weeks in homes for end in range(1, len(weeks) + 1) if can_be_compared(weeks[:end])]
    told = sum(bool(slow_change(weeks)) for weeks in comparable)
    assert len(comparable) > 100
    assert 0.1 < told / len(comparable) < 0.25

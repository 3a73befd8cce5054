"""What one rule says of a made-up home that is seen from the noon of two days before."""

from collections.abc import Iterable
from datetime import datetime

from alerts.evaluate import judge
from alerts.picture import Seen
from alerts.rules import Rule, RuleSettings
from alerts.sight import Sight
from alerts.verdicts import Verdict
from tests.alerts.a_home import LONDON, at, beats, picture

FIRST = at("12:00", 16)


def said(settings: RuleSettings, now: datetime, *readings: Iterable[Seen], since: datetime | None = None) -> Verdict:
    """The newest verdict; of the readings only what came by `now`."""
    come = [one for some in readings for one in some if one.at <= now]
    return of_picture(settings, now, beats(FIRST, now), come, since=since)


def of_picture(
    settings: RuleSettings, now: datetime, *readings: Iterable[Seen], since: datetime | None = None
) -> Verdict:
    """The same without any beat of its own."""
    return judge(Rule(1, 1, settings, since), Sight(picture(*readings), LONDON, now))[-1]

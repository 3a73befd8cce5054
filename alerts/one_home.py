"""Judging one home: facts in, what is to be written out. Pure: no clock, no database."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from alerts import away, calls
from alerts.away import Absence, Ended
from alerts.evaluate import judge, would_say_again
from alerts.findings import News, news
from alerts.ledger import hide, is_ours, put_off, rests_until
from alerts.loading import HomeFacts, KeptRule, Missed, OpenAlert
from alerts.local_days import instant, minute_of
from alerts.pauses import counted
from alerts.picture import Picture, fold_bunches
from alerts.rules import BadRuleError, Rule, read_text
from alerts.sight import Sight
from alerts.verdicts import ABOUT_DEVICES, AlertClass, Evidence, Outcome, Reason, Severity, Verdict
from alerts.words import explanation, moving
from gateway.log import about

log = logging.getLogger(__name__)

SOONEST = timedelta(minutes=1)
LATEST = timedelta(days=1)
"""A home is due again no sooner and no later than this after it was judged."""

# Of several things that were missed on the same bad morning the alert tells the first.
_FIRST = (Reason.CALL_FOR_HELP, Reason.DOOR_AT_NIGHT, Reason.SILENT, Reason.OUT_TOO_LONG, Reason.NOTHING_AT_ALL)


@dataclass(frozen=True, slots=True)
class Noted:
    """Something to write down in an alert's history."""

    alert_id: int
    what: str
    words: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be written about a home."""

    home_id: int
    due_at: datetime
    picture: dict[str, Any] | None = None
    """None: as it was."""
    news: tuple[News, ...] = ()
    explained: tuple[Noted, ...] = ()
    returned: tuple[Noted, ...] = ()
    ended: tuple[Ended, ...] = ()
    """Times away that came to their end by themselves."""


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """What a rule says now."""

    rule: Rule
    verdict: Verdict


def judge_home(home: HomeFacts, now: datetime) -> Judgement:
    """Fold what is new, judge every rule, and look at open alerts in the light of what came."""
    picture = folded(home)
    sight = _sight(home, picture, now)
    absences, ended = away.settle(home.absences, sight) if home.absences else ((), ())
    said = list(_said(home, sight, absences))
    if absences:
        said.extend((_CALLS, verdict) for verdict in away.to_tell(absences, ended, now))
    found = (_news(home, rule, verdict, now) for rule, verdict in said)
    looks = min((verdict.look_again for _, verdict in said), default=now + LATEST)
    if (held := away.holding(absences, now)) is not None:
        looks = min(looks, away.as_away(held, now).look_again)
    return Judgement(
        home.home_id,
        due_at=min(max(looks, now + SOONEST), now + LATEST),
        picture=picture.to_json() if home.readings else None,
        news=tuple(sorted([one for one in found if one], key=_rank)),
        explained=tuple(_explained(home, sight, absences)) if home.alerts and home.readings else (),
        returned=tuple(_returned(home, sight)) if home.alerts and home.readings else (),
        ended=ended,
    )


def _sight(home: HomeFacts, picture: Picture, now: datetime) -> Sight:
    seen = hide(picture, home.ledger, now) if home.ledger else picture
    return Sight(seen, zone_of(home.time_zone), now, counted(home.pauses))


def _news(home: HomeFacts, rule: Rule, verdict: Verdict, now: datetime) -> News | None:
    """What is to be kept of a verdict. What could not be judged because of us is nobody's case."""
    found = news(rule.id or None, rule.version, verdict, home.known, now, rule.settings.severity)
    if found and home.ledger and is_ours(verdict, home.ledger):
        return replace(found, case=None, severity=Severity.NONE)
    return found


def rescue(home: HomeFacts, due_at: datetime, now: datetime) -> Judgement:
    """What can be said of a home that cannot be judged: calls for help among what is new, and that nobody watches.

    Nothing counts as folded by this.
    """
    sight = Sight(fold_bunches(Picture.empty(), home.readings), ZoneInfo("UTC"), now)
    said = [*calls.evaluate(sight), _unwatched(now)]
    found = (news(None, 0, verdict, home.known, now) for verdict in said)
    return Judgement(home.home_id, due_at, news=tuple(one for one in found if one))


def _unwatched(now: datetime) -> Verdict:
    occasion = f"set aside on {now:%Y-%m-%d}"
    return Verdict(Outcome.NOT_OBSERVABLE, Reason.NOT_JUDGED, occasion, now, now + LATEST, Evidence())


def verdicts_of(home: HomeFacts, now: datetime) -> tuple[Picture, list[RuleVerdict]]:
    """The picture with everything folded in, and what each rule says of its newest occasion."""
    sight = _sight(home, folded(home), now)
    absences, _ = away.settle(home.absences, sight)
    return sight.picture, [RuleVerdict(rule, judge(rule, sight, absences)[-1]) for rule in _readable(home)]


def is_readable(picture: dict[str, Any] | None) -> bool:
    """Whether this version can read it; no picture yet is no fault."""
    if not picture:
        return True
    try:
        Picture.from_json(picture)
    except Exception:  # noqa: BLE001 - it may be anything
        return False
    return True


def folded(home: HomeFacts) -> Picture:
    before = Picture.from_json(home.picture) if home.picture else Picture.empty()
    return fold_bunches(before, home.readings)


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _rank(one: News) -> int:
    reason = one.verdict.reason
    return _FIRST.index(reason) if reason in _FIRST else len(_FIRST)


_CALLS = Rule(0, 0, read_text('{"kind": "unseen"}'))
"""Stands for "no rule" beside the verdicts on calls for help."""


def _said(home: HomeFacts, sight: Sight, absences: Sequence[Absence]) -> Iterator[tuple[Rule, Verdict]]:
    """All verdicts. A rule that fails is set aside and says so itself; the others go on."""
    rests = rests_until(home.ledger, sight.now) if home.ledger else None
    for verdict in calls.evaluate(sight):
        yield _CALLS, verdict
    for kept in home.rules:
        try:
            rule = _read(kept)
            verdicts = judge(rule, sight, absences)
            if rests and rule.settings.watches_for == AlertClass.TECHNICAL:
                verdicts = [put_off(verdict, rests) for verdict in verdicts]
        except Exception as error:
            log.exception(
                "A rule cannot be judged", extra=about("rule_set_aside", rule_id=kept.id, error=type(error).__name__)
            )
            yield Rule(kept.id, kept.version, _CALLS.settings), _broken(kept, sight)
        else:
            yield from ((rule, verdict) for verdict in verdicts)


def _readable(home: HomeFacts) -> Iterator[Rule]:
    for kept in home.rules:
        try:
            yield _read(kept)
        except BadRuleError:
            log.exception("A rule cannot be read", extra=about("rule_set_aside", rule_id=kept.id, error="BadRuleError"))


def _read(kept: KeptRule) -> Rule:
    return Rule(kept.id, kept.version, read_text(kept.settings), kept.since)


def _broken(kept: KeptRule, sight: Sight) -> Verdict:
    occasion = f"version {kept.version}"
    return Verdict(Outcome.NOT_OBSERVABLE, Reason.RULE_BROKEN, occasion, sight.now, sight.now + LATEST, Evidence())


def _explained(home: HomeFacts, sight: Sight, absences: Sequence[Absence]) -> Iterator[Noted]:
    """Open welfare alerts of which nothing holds any more: the data that came late show another story."""
    rules = {rule.id: rule for rule in _readable(home)}
    for alert in home.alerts:
        missed = [one for one in home.missed if one.alert_id == alert.id]
        if alert.class_ != AlertClass.WELFARE or alert.explained or not missed:
            continue
        if not any(_still_holds(one, rules.get(one.rule_id or 0), sight, absences) for one in missed):
            yield Noted(alert.id, "explained", _story(min(one.found_at for one in missed), sight))


def _still_holds(missed: Missed, rule: Rule | None, sight: Sight, absences: Sequence[Absence]) -> bool:
    """Whether a finding stands. A rule that was changed or taken away meanwhile is no evidence against it."""
    if rule is None or rule.version != missed.rule_version:
        return True
    return would_say_again(rule, sight, missed.found_at, absences)


def _story(found_at: datetime, sight: Sight) -> str:
    then = Sight(sight.picture.as_at(minute_of(found_at)), sight.zone, found_at)
    at, place = then.at_and_where(then.last_counted) if then.last_counted is not None else (found_at, None)
    return explanation(at, place, sight.zone, sight.now)


def _returned(home: HomeFacts, sight: Sight) -> Iterator[Noted]:
    """Alerts in whose home somebody moves again, or that can be seen again. That closes none of them."""
    for alert in home.alerts:
        if alert.class_ == AlertClass.TECHNICAL and alert.reason not in ABOUT_DEVICES:
            if sight.is_seen_now and sight.picture.last_beat > alert.opened_at.timestamp():
                yield Noted(alert.id, "seen_again", "The home can be seen again.")
        elif alert.class_ == AlertClass.WELFARE and (last := _sure_sign_after(alert, sight)):
            at, place = sight.at_and_where(last)
            yield Noted(alert.id, "moving_again", moving(at, place, sight.zone, sight.now))


def _sure_sign_after(alert: OpenAlert, sight: Sight) -> int | None:
    last = sight.last_counted
    if last is None or instant(last) <= alert.opened_at or sight.may_be_lone(last):
        return None
    return last

"""One recorded home on a simulated clock: the same fold, judge and news as live. Pure: no database, no file.

What stands for people here: a welfare alert is over once somebody moves again, a technical one
once the home is seen again, and any a day after it was opened; what is found later opens a new one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from alerts import calls
from alerts.bits import span
from alerts.evaluate import judge, would_say_again
from alerts.findings import News, Said, news
from alerts.folding import Picture, Plain, fold_plain
from alerts.ledger import hide, is_ours, put_off, rests_until
from alerts.local_days import begun, coming
from alerts.pauses import counted
from alerts.replaying.around import NOTHING_ELSE, Around
from alerts.replaying.lines import INFORMATION, Line, Open, line_of
from alerts.replaying.sparing import calm_until, soonest, surely_stirred
from alerts.rules import DoorAtNight, NightActivity, Rule, RuleSettings, Unseen
from alerts.sight import Sight
from alerts.verdicts import FOR_INFORMATION, AlertClass, Severity, Verdict
from gateway.messages import Kind, is_urgent

SOONEST_S = 60.0
OVER_AFTER_S = 24 * 3600.0
LATE_S = 60.0
"""What comes later than this after it happened may change what was found."""

NEVER = float("inf")
_GATEWAY = "gateway"
_CALLS = Rule(0, 0, Unseen(name="call for help"))


class HomeReplay:
    """Takes readings in order of arrival; `out` hears of each finding."""

    def __init__(
        self,
        home: str,
        rules: Iterable[RuleSettings],
        zone: ZoneInfo,
        out: Callable[[Line], None],
        *,
        assume_covered: bool = False,
        judge_from_s: float = 0.0,
        around: Around = NOTHING_ELSE,
    ) -> None:
        self.home = home
        self.around = around
        self.rules = [Rule(number, 1, settings) for number, settings in enumerate(rules, 1)]
        self.quiet = {place: seconds for place, rule in enumerate(self.rules) if (seconds := soonest(rule))}
        self.zone = zone
        self.out = out
        self.assumed = assume_covered
        self.judge_from_s = judge_from_s
        self.picture = Picture.empty()
        self.pending: list[Plain] = []
        self.folded_s = 0.0
        self.looks: list[float] = []
        self.due = NEVER
        self.clock = 0.0
        self.first_s = 0.0
        self.last_beat_s = 0.0
        self.known: set[Said] = set()
        self.alerts: dict[AlertClass, Open] = {}
        self.count = 0
        self.late = False
        self.stirred = False
        self.called = False
        self.plain_until = 0.0
        """Movements that arrive up to then need only be kept: nothing is due, no alert is open."""
        self.no_night_until = 0
        """Unix minute up to which no door rule has its night."""

    def branch(self, out: Callable[[Line], None]) -> "HomeReplay":
        """A second future of the same past."""
        other = copy(self)
        other.out = out
        other.pending, other.looks = list(self.pending), list(self.looks)
        other.known, other.alerts = set(self.known), dict(self.alerts)
        return other

    def take(self, arrived: float, reading: Plain) -> None:
        """A reading arrives. What was due before is judged first."""
        if arrived > self.due:
            self.run(arrived)
        if arrived > self.clock:
            self.clock = arrived
        if not self.first_s:
            self._begin(reading[0])
        self.pending.append(reading)
        kind = reading[3]
        if kind is Kind.BEAT:
            self._beat(reading[0])
        elif kind is Kind.CONTACT:
            if reading[2] == "outside_door" and reading[4] > 0:
                self._door()
        elif kind is not Kind.MOTION and is_urgent(kind, reading[4]):
            self.called = True
            self.due = min(self.due, max(self.clock, self.judge_from_s))
        if self.clock - reading[0] > LATE_S:
            self.late = True
        if self._is_eager():
            # Whatever comes while an alert is open has every rule judged anew, as it does live.
            self.stirred = True
            self.due = min(self.due, self.clock + SOONEST_S)
        self.plain_until = 0.0 if self._is_eager() else self.due

    def _is_eager(self) -> bool:
        return AlertClass.WELFARE in self.alerts or AlertClass.TECHNICAL in self.alerts

    def run(self, until: float) -> None:
        """Judge whatever is due before this moment."""
        while self.due < until:
            self._look(self.due)

    def finish(self, until: float | None = None) -> None:
        """Judge what is due up to and including the last reading, or `until`."""
        end = self.clock if until is None else min(self.clock, until)
        self.run(end + 1)

    def _begin(self, at: float) -> None:
        self.first_s = at - at % 3600  # by the hour, so that disorder within the first burst changes nothing
        since = datetime.fromtimestamp(self.first_s, UTC)
        self.rules = [replace(rule, since=since) for rule in self.rules]
        start = max(self.clock, self.judge_from_s)
        self.looks = [start] * len(self.rules)
        self.due = start

    def _beat(self, at: float) -> None:
        if self.assumed:
            self.assumed = False  # this home says itself when it is seen
            self.looks = [min(look, at) if _is_unseen(rule) else look for rule, look in self._with_looks()]
        self.last_beat_s = max(self.last_beat_s, at)

    def _door(self) -> None:
        """An outside door opened in its night is due at once."""
        minute = int(self.clock // 60)
        if minute < self.no_night_until or self.clock < self.judge_from_s:
            return
        following = []
        for place, rule in enumerate(self.rules):
            if isinstance(rule.settings, DoorAtNight):
                night = begun(rule.settings.hours, self.zone, minute)
                following.append(coming(rule.settings.hours, self.zone, minute).first)
                if night is not None and minute <= night.end:
                    self.looks[place] = self.clock
                    self.due = min(self.due, self.clock)
                    following.append(minute)
        self.no_night_until = min(following, default=minute + 24 * 60)

    def _with_looks(self) -> Iterator[tuple[Rule, float]]:
        return zip(self.rules, self.looks, strict=True)

    def _look(self, at: float) -> None:
        """Fold what has come, judge the rules that are due, and say what is news."""
        self._put_off_unseen(at)
        self._put_off_quiet(at)
        self._put_off_calm_nights(at)
        eager = self.stirred and bool(self.alerts)
        due = [place for place, look in enumerate(self.looks) if look <= at or eager]
        if due or self.called:
            sight = self._sight(at)
            fresh = self._verdicts(sight, due, at)
            if self.alerts:
                self._revisit(sight, at)
            for rule, verdict in fresh:
                self._say(rule, verdict, sight.now)
            self.stirred = self.late = self.called = False
        self.due = max(min(self.looks, default=NEVER), at + 1)

    def _put_off_unseen(self, at: float) -> None:
        for place, rule in enumerate(self.rules):
            if isinstance(rule.settings, Unseen) and self.looks[place] <= at:
                if self.assumed:
                    self.looks[place] = at + 24 * 3600
                elif self.last_beat_s + rule.settings.minutes * 60 > at:
                    self.looks[place] = self.last_beat_s + rule.settings.minutes * 60

    def _put_off_quiet(self, at: float) -> None:
        """Whoever stirred lately is not silent for long: known without a look. Of ten looks that spares four."""
        stirred = surely_stirred(self.pending)
        for place, seconds in self.quiet.items():
            if self.looks[place] <= at < stirred + seconds:
                self.looks[place] = stirred + seconds

    def _put_off_calm_nights(self, at: float) -> None:
        for place, rule in enumerate(self.rules):
            if isinstance(rule.settings, NightActivity) and self.looks[place] <= at:
                self.looks[place] = calm_until(rule.settings, self.zone, self.pending, self.folded_s, at) or at

    def _sight(self, at: float) -> Sight:
        now = datetime.fromtimestamp(at, UTC)
        then = self.around.as_at(now)
        if self.assumed and not any(one.ended_at is None for one in then.ledger):
            self.pending.append((at, _GATEWAY, _GATEWAY, Kind.BEAT, 0.0))
        picture = fold_plain(self.picture, self.pending)
        if self.assumed:
            seen = span(int(self.first_s // 60) - picture.base, int(at // 60) - picture.base + 1)
            picture = replace(picture, covered=seen)
        self.picture, self.pending, self.folded_s = picture, [], at
        visible = hide(picture, then.ledger, now) if then.ledger else picture
        return Sight(visible, self.zone, now, counted(then.pauses))

    def _verdicts(self, sight: Sight, due: Sequence[int], at: float) -> list[tuple[Rule, Verdict]]:
        found = [(_CALLS, verdict) for verdict in calls.evaluate(sight)] if self.picture.calls else []
        ledger = self.around.ledger
        rests = rests_until(ledger, sight.now) if ledger else None
        absences = self.around.as_at(sight.now).absences
        for place in due:
            rule = self.rules[place]
            verdicts = judge(rule, sight, absences)
            if rests and rule.settings.watches_for is AlertClass.TECHNICAL:
                verdicts = [put_off(verdict, rests) for verdict in verdicts]
            look = min(verdict.look_again for verdict in verdicts).timestamp()
            self.looks[place] = max(look, at + SOONEST_S)
            found.extend((rule, verdict) for verdict in verdicts)
        return found

    def _say(self, rule: Rule, verdict: Verdict, now: datetime) -> None:
        one = news(rule.id or None, rule.version, verdict, self.known, now, rule.settings.severity)
        if one is None:
            return
        self.known.add((rule.id or None, verdict.occasion, verdict.verdict))
        if self.around.ledger and is_ours(verdict, self.around.ledger):
            return  # nobody's case, for we ourselves could not see
        if one.case is not None:
            self._raise(rule, one, one.case, now)
        elif verdict.reason in FOR_INFORMATION or rule.settings.severity is Severity.NONE:
            self.out(line_of(self.home, rule, one, INFORMATION, now, ""))

    def _raise(self, rule: Rule, found: News, case: AlertClass, now: datetime) -> None:
        """Open an alert, or join the one that is open."""
        held = self.alerts.get(case)
        if held is None:
            self.count += 1
            held = Open(f"{self.home}-{self.count}", now.timestamp(), ())
        line = line_of(self.home, rule, found, case, now, held.id)
        self.out(line)
        self.alerts[case] = replace(held, lines=(*held.lines, (line, rule)))

    def _revisit(self, sight: Sight, at: float) -> None:
        """Take back what late data explain; let go of what is over."""
        absences = self.around.as_at(sight.now).absences
        for case, held in list(self.alerts.items()):
            if (
                case is AlertClass.WELFARE
                and self.late
                and not any(would_say_again(rule, sight, line.raised_at, absences) for line, rule in held.lines)
            ):
                self.out(replace(held.lines[0][0], verdict="explained", raised_at=sight.now))
                del self.alerts[case]
            elif at - held.opened_s > OVER_AFTER_S or _has_ended(case, held, sight):
                del self.alerts[case]


def _is_unseen(rule: Rule) -> bool:
    return isinstance(rule.settings, Unseen)


def _has_ended(case: AlertClass, held: Open, sight: Sight) -> bool:
    if case is AlertClass.TECHNICAL:
        return sight.is_seen_now and sight.picture.last_beat > held.opened_s
    if case is AlertClass.URGENT:
        return False
    last = sight.last_counted
    return last is not None and last * 60 > held.opened_s and not sight.may_be_lone(last)

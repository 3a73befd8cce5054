"""What to suggest for a home beside what is in force, and what either would have told. Pure.

Nothing here applies by itself: changing.py does, in the name of a person.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from alerts.accepting.past import Past
from alerts.replaying.dry_run import DryRun, dry_run
from alerts.replaying.habits import measure
from alerts.replaying.proposing import ENOUGH_DAYS, propose
from alerts.rules import Rule, RuleSettings
from alerts.rules.fitting import fitting

_MARK = 16
_ALWAYS = frozenset({"unusual_quiet"})
"""Learned from the home's own days, it holds with few sensors too."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One rule that the home's own past speaks for."""

    name: str
    """What forms call it: its kind, and a number where there are several."""
    settings: RuleSettings
    why: str
    """The evidence, in a sentence."""
    replaces: Rule | None
    """The rule in force that it would change; None: it would be added."""

    @property
    def is_in_force(self) -> bool:
        return self.replaces is not None and without_name(self.replaces.settings) == without_name(self.settings)

    @property
    def accepted(self) -> RuleSettings:
        """The settings to keep: what people called the rule before, and how grave they said it is, stay."""
        if self.replaces is None:
            return self.settings
        kept = self.replaces.settings
        return self.settings.model_copy(update={"name": kept.name, "severity": kept.severity})


def mark_of(settings: RuleSettings) -> str:
    """Tells whether it is still what somebody saw."""
    text = json.dumps(settings.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_MARK]


def without_name(settings: RuleSettings) -> RuleSettings:
    """The settings but for what people chose themselves."""
    return settings.model_copy(update={"name": "", "severity": None})


def suggest(past: Past, in_force: Sequence[Rule]) -> tuple[Suggestion, ...]:
    """What the past speaks for, whether or not it is in force already."""
    left = list(in_force)
    found: list[Suggestion] = []
    for settings, why in _proposed(past):
        beside = counterpart(settings, left)
        if beside is not None:
            left.remove(beside)
        same = sum(one.settings.kind == settings.kind for one in found)
        name = settings.kind if not same else f"{settings.kind}-{same + 1}"
        found.append(Suggestion(name, settings, why, beside))
    return tuple(found)


def _proposed(past: Past) -> Iterator[tuple[RuleSettings, str]]:
    """What the home's days speak for; of what they say nothing about, what fits its sensors and people."""
    habits = measure(past.within, past.zone)
    fits = fitting(past.sensors, past.occupants).rules
    learned: set[str] = set()
    if len(habits.days) >= ENOUGH_DAYS:
        proposal = propose(habits)
        kinds = {settings.kind for settings in fits} | _ALWAYS
        for settings, why in zip(proposal.rules, proposal.why, strict=True):
            if settings.kind in kinds:
                learned.add(settings.kind)
                yield settings, why
    short = "" if learned else f"; {len(habits.days)} days are too few to learn from"
    for settings in fits:
        if settings.kind not in learned and not (learned and settings.kind == "silence"):
            yield settings, f"It fits the sensors of this home{short}"


def counterpart(settings: RuleSettings, rules: Iterable[Rule]) -> Rule | None:
    """The rule that these settings would take the place of: of the same kind, and about the same places."""
    same_kind = [rule for rule in rules if rule.settings.kind == settings.kind]
    places = _places(settings)
    if not places:
        return next((rule for rule in same_kind if not _places(rule.settings)), None)
    return max(
        (rule for rule in same_kind if _places(rule.settings) & places),
        key=lambda rule: len(_places(rule.settings) & places),
        default=None,
    )


def after(rules: Iterable[Rule], accepted: Iterable[Suggestion]) -> tuple[RuleSettings, ...]:
    """The rules of the home if these were accepted."""
    accepted = tuple(accepted)
    changed = {one.replaces.id: one for one in accepted if one.replaces}
    kept = [changed[rule.id].accepted if rule.id in changed else rule.settings for rule in rules]
    return (*kept, *(one.settings for one in accepted if one.replaces is None))


def tried(past: Past, rules: Sequence[RuleSettings]) -> DryRun:
    """What these rules would have told in the past; nothing of a past without readings."""
    if not past.days:
        return DryRun(0, (), 0.0)
    return dry_run(past.readings, rules, past.zone, (past.start, past.end), past.around)


def _places(settings: RuleSettings) -> frozenset[str]:
    return frozenset(getattr(settings, "places", ()))

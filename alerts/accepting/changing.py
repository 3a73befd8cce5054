"""Changing the routines of a home in somebody's name. Each change is written down with what was before.

All in the caller's transaction, one person after the other for each home.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from alerts import loading
from alerts.accepting.kept import Kept, rules_of
from alerts.accepting.suggesting import Suggestion
from alerts.evaluate import judge
from alerts.judging import add_rule
from alerts.one_home import folded, is_readable, zone_of
from alerts.replaying.dry_run import DryRun
from alerts.rules import Rule, RuleSettings
from alerts.sight import Sight
from alerts.verdicts import Outcome
from ingest.database import sql

MOST_RULES = 60
"""Of one home, those that are off included."""


class NotChangedError(ValueError):
    """Why nothing was changed, for people."""


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something, and when."""

    home_id: int
    person_id: int
    now: datetime


@dataclass(frozen=True, slots=True)
class _Written:
    """What is written down of a change."""

    what: str
    rule_id: int | None
    version: int | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    evidence: tuple[str, ...] = ()
    dry_run: dict[str, Any] | None = None


def lock(connection: Connection, home_id: int) -> list[Kept]:
    """The rules of a home, which nobody else changes until the transaction ends."""
    connection.execute(sql(__file__, "lock_home"), {"home": home_id})
    return rules_of(connection, home_id)


def add(connection: Connection, by: By, settings: RuleSettings) -> int:
    """A new rule from now on. Returns its id. Raises NotChangedError."""
    kept = lock(connection, by.home_id)
    if len(kept) >= MOST_RULES:
        raise NotChangedError(f"A home can have {MOST_RULES} routines. Change one that is switched off instead.")
    rule_id = add_rule(connection, by.home_id, settings, by.now)
    _write(connection, by, _Written("added", rule_id, 1, None, _plain(settings)))
    return rule_id


def change(
    connection: Connection, by: By, rule_id: int, settings: RuleSettings, seen_version: int | None = None
) -> int:
    """A new version of a rule, switched on if it was off. Returns its version; raises NotChangedError.

    `seen_version`: the one that the person looked at; another means that somebody was quicker.
    """
    kept = _one(lock(connection, by.home_id), rule_id)
    if seen_version is not None and kept.version != seen_version:
        raise NotChangedError("Somebody changed this routine meanwhile. Look at it as it is now, then change it.")
    if kept.enabled and kept.rule is not None and kept.rule.settings == settings:
        return kept.version
    version = _keep(connection, by, kept, settings)
    _write(connection, by, _Written("changed", rule_id, version, _before(kept), _plain(settings)))
    return version


def switch(connection: Connection, by: By, rule_id: int, *, on: bool) -> None:
    """Switch a rule off or on. Switched on it judges what begins from now on. Raises NotChangedError."""
    kept = _one(lock(connection, by.home_id), rule_id)
    if kept.enabled == on:
        return
    if on and kept.rule is None:
        raise NotChangedError("This routine cannot be read any more. Add it anew.")
    values = {"settings": kept.settings, "kind": kept.kind, "enabled": on, "since": by.now if on else None}
    version = _update(connection, by, rule_id, values)
    settings = json.loads(kept.settings)
    if on:
        _write(connection, by, _Written("switched_on", rule_id, version, None, settings))
    else:
        _write(connection, by, _Written("switched_off", rule_id, version, settings, None))


def accept(connection: Connection, by: By, suggestion: Suggestion, run: DryRun) -> int:
    """Let a suggestion apply from now on, in this person's name, with what spoke for it. Returns the rule's id."""
    kept = lock(connection, by.home_id)
    settings = suggestion.accepted
    if suggestion.replaces is None:
        if len(kept) >= MOST_RULES:
            raise NotChangedError(f"A home can have {MOST_RULES} routines. Change one that is switched off instead.")
        rule_id, version, before = add_rule(connection, by.home_id, settings, by.now), 1, None
    else:
        old = _one(kept, suggestion.replaces.id)
        if old.version != suggestion.replaces.version or not old.enabled:
            raise NotChangedError("Somebody changed this routine meanwhile. Look at the suggestions again.")
        rule_id, version, before = old.id, _keep(connection, by, old, settings), _before(old)
    figure = {"days": run.days, "alerts": len(run.alerts), "per_month": round(run.per_month, 1)}
    said = _Written("accepted", rule_id, version, before, _plain(settings), (suggestion.why,), figure)
    _write(connection, by, said)
    return rule_id


def set_occupants(connection: Connection, by: By, occupants: int) -> None:
    """How many people live there."""
    lock(connection, by.home_id)
    values = {"home": by.home_id, "occupants": occupants}
    row = connection.execute(sql(__file__, "set_occupants"), values).fetchone()
    if row is not None:
        before, after = {"occupants": row[0]}, {"occupants": occupants}
        _write(connection, by, _Written("occupants", None, None, before, after))


def replace_all(connection: Connection, by: By, wanted: Sequence[RuleSettings]) -> None:
    """Make these the rules in force: what is the same stays, the rest is changed, added or switched off.

    Raises NotChangedError.
    """
    if len(wanted) > MOST_RULES:
        raise NotChangedError(f"A home can have {MOST_RULES} routines.")
    here = [one for one in lock(connection, by.home_id) if one.enabled]
    missing: list[RuleSettings] = []
    for settings in wanted:
        same = next((one for one in here if one.rule is not None and one.rule.settings == settings), None)
        if same is None:
            missing.append(settings)
        else:
            here.remove(same)
    for settings in missing:
        old = next((one for one in here if one.kind == settings.kind), None)
        if old is None:
            add(connection, by, settings)
        else:
            here.remove(old)
            change(connection, by, old.id, settings)
    for one in here:
        switch(connection, by, one.id, on=False)


def _one(kept: Sequence[Kept], rule_id: int) -> Kept:
    found = next((one for one in kept if one.id == rule_id), None)
    if found is None:
        raise LookupError(f"rule {rule_id}")
    return found


def _keep(connection: Connection, by: By, kept: Kept, settings: RuleSettings) -> int:
    since = by.now if not kept.enabled or _is_hindsight(connection, by, kept, settings) else None
    values = {"settings": Jsonb(_plain(settings)), "kind": settings.kind, "enabled": True, "since": since}
    return _update(connection, by, kept.id, values)


def _update(connection: Connection, by: By, rule_id: int, values: dict[str, Any]) -> int:
    values |= {"rule": rule_id, "home": by.home_id, "now": by.now}
    row = connection.execute(sql(__file__, "change_rule"), values).fetchone()
    if row is None:
        raise LookupError(f"rule {rule_id}")
    return int(row[0])


def _is_hindsight(connection: Connection, by: By, kept: Kept, settings: RuleSettings) -> bool:
    """Whether the new settings would miss something that was due before they were made and is over by now.

    A rule that is changed keeps watching the day it is changed on; but nobody hears at noon that
    she was not up by the new hour when she has been seen since.
    """
    home = loading.one(connection, by.home_id, by.now)
    if not is_readable(home.picture):
        return False
    sight = Sight(folded(home), zone_of(home.time_zone), by.now)
    changed = Rule(kept.id, kept.version, settings, kept.since)
    return any(
        verdict.verdict is Outcome.MISSED
        and (verdict.evidence.since_deadline or verdict.evidence.inside_at is not None)
        for verdict in judge(changed, sight)
    )


def _before(kept: Kept) -> dict[str, Any] | None:
    settings: dict[str, Any] = json.loads(kept.settings)
    return settings if kept.enabled else None


def _plain(settings: RuleSettings) -> dict[str, Any]:
    return settings.model_dump(mode="json")


def _write(connection: Connection, by: By, said: _Written) -> None:
    values = {
        "home": by.home_id,
        "rule": said.rule_id,
        "version": said.version,
        "now": by.now,
        "person": by.person_id,
        "what": said.what,
        "before": None if said.before is None else Jsonb(said.before),
        "after": None if said.after is None else Jsonb(said.after),
        "evidence": list(said.evidence),
        "dry_run": None if said.dry_run is None else Jsonb(said.dry_run),
    }
    connection.execute(sql(__file__, "write_change"), values)

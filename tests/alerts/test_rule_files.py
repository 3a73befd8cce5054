"""RULES.json is checked with errors that say which rule of which home is wrong."""

import json
from pathlib import Path

import pytest

from alerts.replaying.rule_files import BadRulesFileError, Placed, load, parse, save, written
from alerts.rules import Unseen
from gateway.messages import Kind

GOOD = {
    "version": 1,
    "zone": "Europe/London",
    "sensors": {"porch": {"place": "front door", "role": "outside_door"}},
    "homes": {"*": [{"kind": "unseen"}], "a": [{"kind": "unusual_quiet", "limit": 5}, {"kind": "door_at_night"}]},
    "evidence": {"a": ["Quiet: 13 days"]},
}


def test_a_home_has_its_own_rules_or_else_those_of_every_home() -> None:
    rules = parse(json.dumps(GOOD))
    assert [rule.kind for rule in rules.of("a")] == ["unusual_quiet", "door_at_night"]
    assert rules.of("b") == (Unseen(),)


def test_what_is_written_down_can_be_read_again(tmp_path: Path) -> None:
    rules = parse(json.dumps(GOOD))
    save(rules, tmp_path / "rules.json")
    assert load(tmp_path / "rules.json") == rules
    assert '{"kind": "unusual_quiet", "limit": 5.0}' in written(rules)


@pytest.mark.parametrize(
    ("sensor", "role", "kind"),
    [
        ("porch", "outside_door", Kind.CONTACT),
        ("back-door", "outside_door", Kind.CONTACT),
        ("fridge-door", "fridge_door", Kind.CONTACT),
        ("kitchen", "room", Kind.MOTION),
    ],
)
def test_a_sensor_is_placed_by_the_file_or_by_its_name(sensor: str, role: str, kind: Kind) -> None:
    placed = parse(json.dumps(GOOD)).placed(sensor)
    assert (placed.role, placed.reports) == (role, kind)
    assert Placed(role="bed").reports is Kind.BED


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[", "no JSON"),
        ("{}", "homes"),
        ('{"version": 2, "homes": {}}', "version"),
        ('{"homes": []}', "must be an object"),
        ('{"homes": {"a": {}}}', "the rules of a must be a list"),
        ('{"homes": {"a": ["unseen"]}}', "rule 1 of a must be an object"),
        ('{"homes": {"a": [{"kind": "unseen"}, {"kind": "nonsense"}]}}', "rule 2 of a: "),
        ('{"homes": {"a": [{"kind": "silence", "hours": -1}]}}', "rule 1 of a: silence.hours"),
        ('{"homes": {}, "zone": "Europe/Atlantis"}', "no time zone is called 'Europe/Atlantis'"),
        ('{"homes": {}, "sensors": {"x": {"role": "garden"}}}', "sensors.x.role"),
        ('{"homes": {}, "rules": 1}', "rules"),
    ],
)
def test_what_is_wrong_is_named(text: str, complaint: str) -> None:
    with pytest.raises(BadRulesFileError, match=complaint):
        parse(text)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRulesFileError, match="nowhere"):
        load(tmp_path / "nowhere.json")

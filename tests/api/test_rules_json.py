"""Routines in JSON: reading, changing, suggestions, dry runs, export and import; and being away."""

from typing import Any

import httpx
import psycopg
import pytest

from tests.api import street
from tests.api.conftest import Service
from tests.api.street import NOW


class Coordinator:
    """Cora at one home."""

    def __init__(self, service: Service, home: str = "Rose Cottage", name: str = "Cora Hughes") -> None:
        self.client = service.signed_in(name)
        self.headers = {"x-form-token": self.client.get("/api/1/me").json()["form_token"]}
        self.home_id = service.street.homes[home]
        self.base = f"/api/1/homes/{self.home_id}"

    def get(self, path: str) -> Any:
        return self.client.get(self.base + path).json()

    def send(self, method: str, path: str, body: object = None) -> httpx.Response:
        return self.client.request(method, self.base + path, headers=self.headers, json=body)


@pytest.fixture
def cora(service: Service) -> Coordinator:
    """With four weeks behind the home."""
    found = Coordinator(service)
    with psycopg.connect(service.database) as db:
        street.four_weeks(db, found.home_id)
    return found


def test_rules_are_listed_with_what_they_say_now(service: Service) -> None:
    found = Coordinator(service).get("/rules")
    assert [(rule["kind"], rule["severity"], rule["verdict"]) for rule in found] == [
        ("expected_activity", "High", "as_expected"),
        ("silence", "High", "as_expected"),
        ("door_at_night", "Urgent", "as_expected"),
        ("unseen", "Low", "as_expected"),
    ]
    assert found[0]["sentence"] == "Up and about in the kitchen between 05:00 and 09:00, every day"
    assert found[0]["says"] == "Seen in the kitchen at 07:24, as usual."


def test_a_family_reads_the_rules_but_not_those_about_the_equipment(service: Service) -> None:
    ann = Coordinator(service, name="Ann Field")
    assert [rule["kind"] for rule in ann.get("/rules")] == ["expected_activity", "silence", "door_at_night"]
    assert ann.client.get(ann.base + "/suggestions").status_code == 404


def test_a_rule_is_added_changed_and_switched_off_and_all_is_written_down(service: Service) -> None:
    cora = Coordinator(service)
    added = cora.send("POST", "/rules", {"kind": "not_back", "by": "21:00"}).json()
    path = f"/rules/{added['id']}"
    changed = cora.send("PUT", path + "?version=1", {"kind": "not_back", "by": "22:00"}).json()
    assert changed == {"id": added["id"], "version": 2}
    assert cora.send("PUT", path + "?version=1", {"kind": "not_back", "by": "20:00"}).status_code == 409
    assert cora.send("DELETE", path).status_code == 204
    (rule,) = [rule for rule in cora.get("/rules") if rule["id"] == added["id"]]
    assert (rule["enabled"], rule["verdict"]) == (False, "")
    changes = cora.get("/rules/changes")
    assert [(one["person"], one["what"]) for one in changes] == [
        ("Cora Hughes", "switched off"),
        ("Cora Hughes", "changed"),
        ("Cora Hughes", "added"),
    ]
    assert "21:00" in changes[1]["before"]
    assert "22:00" in changes[1]["after"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"kind": "unseen", "minutes": 5}, "minutes"),
        ({"kind": "expected_activity", "start": "25:00"}, "start"),
        ({"kind": "expected_activity", "start": "09:00", "end": "09:00"}, "start and end are the same time"),
        ({"kind": "horoscope"}, "kind"),
        ({}, "kind"),
        ({"kind": "unseen", "minute": 20}, "minute"),
    ],
)
def test_settings_that_fit_no_rule_are_refused_with_the_reason(
    service: Service, settings: dict[str, Any], said: str
) -> None:
    cora = Coordinator(service)
    answer = cora.send("POST", "/rules", settings)
    assert answer.status_code == 400
    assert said in answer.json()["detail"]
    assert len(cora.get("/rules")) == 4


def test_what_is_no_rule_at_all_is_refused(service: Service) -> None:
    cora = Coordinator(service)
    bodies: tuple[object, ...] = ([], "unseen", None)
    for body in bodies:
        assert cora.send("POST", "/rules", body).status_code == 400
    broken = cora.client.post(cora.base + "/rules", headers=cora.headers, content=b"{")
    assert (broken.status_code, broken.json()) == (400, {"detail": "We could not read what was sent."})
    large = cora.send("PUT", "/rules.json", {"homes": {"*": []}, "evidence": {"x": ["y" * 70_000]}})
    assert large.status_code == 413


def test_a_rule_of_another_home_does_not_exist_here(service: Service) -> None:
    cora, other = Coordinator(service), service.street.rules["Flat 3"]
    assert cora.send("PUT", f"/rules/{other}", {"kind": "unseen"}).status_code == 404
    assert cora.send("DELETE", f"/rules/{other}").status_code == 404
    assert cora.send("PUT", "/rules/999999", {"kind": "unseen"}).status_code == 404
    assert cora.send("DELETE", "/rules/99999999999999999999").status_code == 404


def test_without_the_form_token_nothing_changes(service: Service) -> None:
    cora = Coordinator(service)
    cora.headers = {}
    assert cora.send("POST", "/rules", {"kind": "unseen"}).status_code == 403
    assert cora.send("PUT", "/away", {"kind": "away"}).status_code == 403


def test_suggestions_have_evidence_and_stand_beside_what_is_in_force(cora: Coordinator) -> None:
    found = cora.get("/suggestions")
    assert found["days"] == 28
    by_name = {one["name"]: one for one in found["proposals"]}
    kitchen = by_name["expected_activity"]
    assert kitchen["evidence"][0].startswith("Kitchen: first used at 07:00 on the middle day")
    assert kitchen["replaces"] == "Up and about in the kitchen between 05:00 and 09:00, every day"
    assert by_name["unusual_quiet"]["replaces"] == ""
    assert by_name["door_at_night"]["is_in_force"]
    assert cora.get("/rules/changes") == []


def test_a_dry_run_tells_the_dates_and_changes_nothing(cora: Coordinator) -> None:
    file = {"homes": {"*": [{"kind": "expected_activity", "places": ["kitchen"], "end": "09:30"}]}}
    run = cora.send("POST", "/dry-run", file).json()
    assert run["told"] == "1 alert in the last 28 days"
    assert [(alert["date"], alert["kind"]) for alert in run["alerts"]] == [("2026-11-10", "expected_activity")]
    assert run["per_month"] == 1.1
    assert cora.get("/rules/changes") == []


def test_what_is_accepted_applies_and_keeps_the_figure_of_its_dry_run(cora: Coordinator) -> None:
    kitchen = next(one for one in cora.get("/suggestions")["proposals"] if one["name"] == "expected_activity")
    asked = {"accept": [{"name": kitchen["name"], "mark": kitchen["mark"]}]}
    assert cora.send("POST", "/rules/accept", asked).json() == {"accepted": 1}
    rule = next(rule for rule in cora.get("/rules") if rule["id"] == kitchen["rule_id"])
    assert (rule["version"], rule["settings"]) == (2, kitchen["settings"])
    (change,) = cora.get("/rules/changes")
    assert (change["person"], change["what"]) == ("Cora Hughes", "accepted a suggestion")
    assert change["dry_run"] == "1 alert in the last 28 days"
    assert change["evidence"] == [kitchen["evidence"][0].removesuffix(".")]


def test_all_that_is_accepted_applies_or_nothing(cora: Coordinator) -> None:
    found = {one["name"]: one for one in cora.get("/suggestions")["proposals"]}
    good = {"name": "unusual_quiet", "mark": found["unusual_quiet"]["mark"]}
    for bad in ({"name": "expected_activity", "mark": "of yesterday"}, {"name": "horoscope", "mark": "x"}):
        answer = cora.send("POST", "/rules/accept", {"accept": [good, bad]})
        assert answer.status_code == 409
        assert "have changed since you looked" in answer.json()["detail"]
    assert cora.get("/rules/changes") == []
    assert cora.send("POST", "/rules/accept", {"accept": []}).status_code == 400


def test_rules_go_out_as_a_file_and_come_back_unchanged(cora: Coordinator) -> None:
    file = cora.get("/rules.json")
    assert (file["version"], file["zone"]) == (1, "Europe/London")
    assert [rule["kind"] for rule in file["homes"][str(cora.home_id)]] == [
        "expected_activity",
        "silence",
        "door_at_night",
        "unseen",
    ]
    assert cora.send("PUT", "/rules.json", file).status_code == 200
    assert cora.get("/rules/changes") == []


def test_a_file_replaces_the_rules_in_force(cora: Coordinator) -> None:
    file = {"homes": {"*": [{"kind": "unseen", "minutes": 25}, {"kind": "unusual_quiet"}]}}
    in_force = cora.send("PUT", "/rules.json", file).json()
    assert [rule["kind"] for rule in in_force] == ["unseen", "unusual_quiet"]
    whats = sorted(change["what"] for change in cora.get("/rules/changes"))
    assert whats == ["added", "changed", "switched off", "switched off", "switched off"]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ({"homes": {"*": [{"kind": "unseen", "minutes": 1}]}}, "rule 1 of *"),
        ({"homes": {"of somebody else": [{"kind": "unseen"}]}}, "holds no rules for home"),
        ({"rules": []}, "homes"),
        ({"homes": {"*": []}}, "holds no rules"),
        ({"homes": {"*": [{"kind": "unseen"}] * 61}}, "60 routines"),
    ],
)
def test_a_file_that_holds_no_rules_for_this_home_is_refused(service: Service, file: dict[str, Any], said: str) -> None:
    cora = Coordinator(service)
    for method, path in (("PUT", "/rules.json"), ("POST", "/dry-run")):
        answer = cora.send(method, path, file)
        assert answer.status_code == 400
        assert said in answer.json()["detail"]
    assert cora.get("/rules/changes") == []


def test_a_family_sets_away_and_back(service: Service) -> None:
    ann = Coordinator(service, name="Ann Field")
    answer = ann.send("PUT", "/away", {"kind": "hospital", "until": "2026-11-22T20:00:00Z"}).json()
    assert (answer["words"], answer["holds"]) == ("In hospital until Sunday 20:00", True)
    home = ann.client.get(f"/api/1/homes/{ann.home_id}").json()
    assert (home["standing"], home["headline"]) == ("away", "Peter is in hospital until Sunday 20:00.")
    assert ann.client.get("/api/1/homes").json()[0]["away"] == "In hospital until Sunday 20:00"
    assert ann.send("DELETE", "/away").status_code == 204
    assert ann.client.get(f"/api/1/homes/{ann.home_id}").json()["away"] is None


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "holiday"},
        {"kind": "away", "until": "2026-11-19T20:00:00Z"},
        {"kind": "away", "until": "2026-11-22T20:00:00"},
        {"kind": "away", "until": "2029-01-01T00:00:00Z"},
        {"kind": "away", "until": "Sunday"},
        {"kind": "away", "begins": "2026-11-19T20:00:00Z"},
        {"kind": "away", "begins": "2026-11-24T20:00:00Z", "until": "2026-11-23T20:00:00Z"},
        {},
    ],
)
def test_an_absence_that_cannot_be_is_refused(service: Service, asked: dict[str, Any]) -> None:
    ann = Coordinator(service, name="Ann Field")
    assert ann.send("PUT", "/away", asked).status_code == 400
    assert ann.client.get(f"/api/1/homes/{ann.home_id}").json()["away"] is None


def test_what_could_not_be_seen_when_it_was_due_is_not_said_to_be_missed(service: Service) -> None:
    """Late data cover the morning of Flat 3, where nobody was seen; at the time nobody could tell."""
    home, rule = service.street.homes["Flat 3"], service.street.rules["Flat 3"]
    ben = Coordinator(service, "Flat 3", "Ben Archer")
    assert ben.get("/rules")[0]["verdict"] == "missed"
    with psycopg.connect(service.database) as db:
        db.execute(
            "insert into finding"
            " (home_id, rule_id, rule_version, occasion, verdict, reason, deadline_at, found_at, evidence)"
            " values (%s, %s, 1, '2026-11-20', 'not_observable', 'not_covered', %s, %s, '{}')",
            (home, rule, NOW, NOW),
        )
    assert ben.get("/rules")[0]["verdict"] == "not_observable"
    assert ben.client.get(f"/api/1/homes/{home}").json()["routines"][0]["verdict"] == "not_observable"


def test_what_is_nobody_s_case_is_worth_knowing(service: Service) -> None:
    ann = Coordinator(service, name="Ann Field")
    assert ann.client.get(f"/api/1/homes/{ann.home_id}").json()["worth_knowing"] == []
    with psycopg.connect(service.database) as db:
        for reason, evidence in (
            ("restless_night", '{"seen_at": "2026-11-20T02:10:00+00:00"}'),
            ("nothing_there", "{}"),
        ):
            db.execute(
                "insert into finding"
                " (home_id, rule_id, rule_version, occasion, verdict, reason, deadline_at, found_at, evidence)"
                " values (%s, %s, 1, %s, 'missed', %s, %s, %s, %s)",
                (ann.home_id, service.street.rules["Rose Cottage"], reason, reason, NOW, NOW, evidence),
            )
    (found,) = ann.client.get(f"/api/1/homes/{ann.home_id}").json()["worth_knowing"]
    assert found["sentence"] == "Much about in the night since 02:10."

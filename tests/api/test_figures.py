"""Figures of the last 28 days: what they count, and what commissioners do not read."""

import csv
from io import StringIO

import psycopg
from playwright.sync_api import Page

from api.figures import FEW, Figures, Row, for_commissioners, read, written
from tests.api.browser import WANTED, sign_in, violations
from tests.api.conftest import Service
from tests.api.street import NOW, at


def figures(**rows: tuple[float, int]) -> Figures:
    """From key=(value, homes); a double underscore stands for a dot."""
    return read([Row(key.replace("__", "."), *row) for key, row in rows.items()], at("00:00", -28), NOW)


def shown(found: Figures) -> dict[str, str]:
    return {line.key: line.shown for line in found.lines}


def test_shares_are_of_their_group_and_nothing_is_no_share() -> None:
    found = shown(figures(outcome__all_well=(30, 20), outcome__helped=(10, 8), noticed__median=(75.0, 20)))
    assert found["outcome.all_well"] == "30 (75%)"
    assert found["outcome.hospital"] == "0"
    assert found["alerts.urgent"] == "0"
    assert found["noticed.median"] == "1 minute"
    assert "taken.median" not in found, "there is no median of nothing"


def test_commissioners_do_not_read_what_few_homes_stand_behind() -> None:
    found = for_commissioners(figures(alerts__technical=(40, 4), unseen=(7200, 5), texts__sent=(3, 3)))
    assert shown(found)["alerts.technical"] == FEW
    assert shown(found)["texts.sent"] == FEW
    assert shown(found)["texts.not_delivered"] == FEW
    assert shown(found)["unseen"] == "2 hours"
    assert shown(found)["alerts.urgent"] == "0", "that there was nothing points at nobody"


def test_what_is_left_out_cannot_be_worked_out_from_the_rest() -> None:
    kept = figures(outcome__all_well=(90, 60), outcome__helped=(30, 20), outcome__hospital=(2, 2))
    found = shown(for_commissioners(kept))
    assert [found[f"outcome.{name}"] for name in ("hospital", "helped")] == [FEW, FEW]
    assert found["outcome.all_well"] == "90 (74%)"


def test_the_file_for_commissioners_has_no_small_number() -> None:
    text = written(for_commissioners(figures(taken_by__family=(3, 3), taken_by__team=(40, 30))))
    lines = {line["figure"]: line for line in csv.DictReader(StringIO(text))}
    assert lines["taken_by.family"]["value"] == FEW
    assert (lines["taken_by.family"]["share"], lines["taken_by.family"]["homes"]) == ("", "")


def test_the_team_reads_what_happened_in_the_homes_it_may_see(service: Service) -> None:
    alert = service.street.alerts["The Hollies"]
    with psycopg.connect(service.database) as db:
        db.execute("update message set handed_over_at = created_at")
        db.execute(
            "update alert set state = 'closed', closed_at = %s, outcome = 'all_well', opened_at = %s where id = %s",
            (at("10:00"), at("09:32"), alert),
        )
        db.execute("update alert set opened_at = %s where class = 'welfare' and state = 'open'", (at("09:31"),))
        db.execute("update alert set explained_at = %s where class = 'technical'", (at("09:00"),))
        db.execute(
            "insert into alert (home_id, class, reason, deadline_at, opened_at, state)"
            " values (%s, 'urgent', 'call_for_help', %s, %s, 'closed')",
            (service.street.homes["Far Away"], NOW, at("09:00")),
        )
    rita = service.signed_in("Rita Okafor")
    found = rita.get("/api/1/figures").json()
    values = {line["key"]: line["value"] for line in found["lines"]}
    assert found["homes"] == 5
    assert (values["alerts.welfare"], values["alerts.urgent"], values["alerts.technical"]) == (2, 1, 1)
    assert (values["noticed.median"], round(values["noticed.p95"])) == (60, 114)
    assert values["closed.median"] == 28 * 60
    assert (values["outcome.all_well"], values["taken_by.team"]) == (1, 1)
    assert (values["texts.sent"], values["texts.not_delivered"]) == (4, 1)
    assert values["unseen"] == 2 * 3600
    few = {line["key"]: line["value"] for line in rita.get("/api/1/figures?for=commissioners").json()["lines"]}
    assert few["alerts.welfare"] is None
    assert FEW in rita.get("/figures.csv").text
    assert service.signed_in("Ben Archer").get("/figures").status_code == 404


@WANTED
def test_the_figures_page(page: Page, service: Service) -> None:
    sign_in(page, service, "Rita Okafor")
    page.get_by_role("link", name="Figures").click()
    page.get_by_role("heading", name="The last 28 days").wait_for()
    assert violations(page) == []
    page.get_by_role("link", name="As commissioners may read them").click()
    page.get_by_text(FEW).first.wait_for()
    assert violations(page) == []

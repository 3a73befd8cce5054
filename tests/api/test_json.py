"""The JSON interface, and the looks that it and the pages write."""

from typing import Any, Self

import psycopg

from api import homes, queue
from api.people import Person, Role
from gateway.messages import Kind
from ingest.kinds import NUMBER
from tests.api.conftest import Service
from tests.api.street import NOW


def test_me_and_my_homes(service: Service) -> None:
    client = service.signed_in("Ben Archer")
    assert client.get("/api/1/me").json() | {"form_token": ""} == {
        "name": "Ben Archer",
        "role": "family",
        "form_token": "",
    }
    found = client.get("/api/1/homes").json()
    assert [(home["name"], home["standing"]) for home in found] == [("Flat 3", "check"), ("Mill House", "taken")]


def test_one_home_tells_verdicts_and_gaps(service: Service) -> None:
    client = service.signed_in("Ann Field")
    home = client.get(f"/api/1/homes/{service.street.homes['Rose Cottage']}").json()
    assert home["headline"] == "Peter is up and about: kitchen, 9 minutes ago."
    assert home["standing"] == "as_usual"
    assert home["routines"][0]["verdict"] == "as_expected"
    assert len(home["gaps"]) == 1
    assert home["alerts"] == []


def test_a_home_that_cannot_be_seen_is_not_said_to_be_quiet(service: Service) -> None:
    client = service.signed_in("Rita Okafor")
    home = client.get(f"/api/1/homes/{service.street.homes['Elm Row']}").json()
    assert home["headline"].startswith("We cannot see Joan's home at the moment.")
    assert home["standing"] == "unseen"


def test_a_reading_that_came_this_moment_is_on_the_page(service: Service) -> None:
    home_id = service.street.homes["Rose Cottage"]
    with psycopg.connect(service.database) as db:
        db.execute(
            "insert into reading (at, received_at, sent_ms, seq, stream_id, sensor_id, kind, value)"
            " select %s, %s, 0, 9999, stream.id, sensor.id, %s, 1 from sensor join stream using (gateway_id)"
            " where sensor.home_id = %s and place = 'lounge'",
            (NOW, NOW, NUMBER[Kind.MOTION], home_id),
        )
    assert "lounge, just now" in service.signed_in("Ann Field").get(f"/homes/{home_id}").text


def test_an_alert_tells_its_evidence_and_what_became_of_each_text(service: Service) -> None:
    client = service.signed_in("Ben Archer")
    alert = client.get(f"/api/1/alerts/{service.street.alerts['Flat 3']}").json()
    assert alert["alert"]["sentence"].startswith("No activity in the kitchen since 18:20 yesterday")
    texts = {text["person"]: text for text in alert["messages"]}
    assert texts["Ben Archer"]["states"] == "Handed to the phone company 09:30:02, delivered 09:30:04"
    assert "no proof either way" in texts["Rita Okafor"]["doubt"]
    assert texts["Dev Patel"]["states"].endswith("did not arrive (error 30003) 09:45:06")
    assert alert["evidence"][0]["why"]


def test_only_one_of_two_takes_an_alert_and_both_learn_who(service: Service) -> None:
    alert = service.street.alerts["Flat 3"]
    answers = []
    for name in ("Ben Archer", "Rita Okafor"):
        client = service.signed_in(name)
        headers = {"x-form-token": client.get("/api/1/me").json()["form_token"]}
        answers.append(client.post(f"/api/1/alerts/{alert}/acknowledge", headers=headers).json())
    assert answers == [{"won": True, "holder_name": "Ben Archer"}, {"won": False, "holder_name": "Ben Archer"}]


def test_families_do_not_see_technical_alerts(service: Service) -> None:
    elm = service.street.homes["Elm Row"]
    with psycopg.connect(service.database) as db:
        db.execute("insert into home_person select %s, id from person where name = 'Ann Field'", (elm,))
    client = service.signed_in("Ann Field")
    assert client.get(f"/api/1/homes/{elm}").json()["alerts"] == []
    assert client.get(f"/api/1/alerts/{service.street.alerts['Elm Row']}").status_code == 404
    assert client.get("/api/1/alerts").json() == []


def test_each_look_is_written_down_once_a_minute(service: Service) -> None:
    home_id = service.street.homes["Flat 3"]
    ben = service.signed_in("Ben Archer")
    for _ in range(3):
        ben.get(f"/homes/{home_id}")
    ben.get(f"/alerts/{service.street.alerts['Flat 3']}")
    found = service.signed_in("Rita Okafor").get(f"/api/1/homes/{home_id}/looks").json()
    assert sorted((look["person"], look["what"], look["times"]) for look in found) == [
        ("Ben Archer", "show_alert", 1),
        ("Ben Archer", "show_home", 1),
        ("Rita Okafor", "show_looks", 1),
    ]


def test_the_description_names_every_answer(service: Service) -> None:
    schema = service.signed_in("Ann Field").get("/api/1/openapi.json").json()
    assert "/api/1/alerts/{alert_id}/close" in schema["paths"]
    assert all("$ref" in str(each["get"]["responses"]["200"]) for each in schema["paths"].values() if "get" in each)
    assert service.client().get("/api/1/openapi.json").status_code == 401


def test_lists_take_one_query_a_page_however_long_they_are(db: psycopg.Connection) -> None:
    rita = Person(_fill(db, 520), "Rita", Role.RESPONDER)
    Counting.statements = 0
    db.cursor_factory = Counting
    alerts, listed = queue.of_person(db, rita, NOW, 2), homes.of_person(db, rita, NOW, 2)
    assert Counting.statements == 2
    assert (len(queue.lines(alerts)), alerts.waiting.total, alerts.pages.last) == (50, 520, 11)
    assert (len(listed.lines), listed.pages.total, listed.pages.last) == (50, 520, 11)


def test_the_pages_of_a_list_hold_everything_once(db: psycopg.Connection) -> None:
    rita = Person(_fill(db, 120), "Rita", Role.RESPONDER)
    alerts = [alert.id for number in (1, 2, 3) for alert in queue.lines(queue.of_person(db, rita, NOW, number))]
    found = [home.id for number in (1, 2, 3) for home in homes.of_person(db, rita, NOW, number).lines]
    assert (len(alerts), len(set(alerts))) == (120, 120)
    assert (len(found), len(set(found))) == (120, 120)
    assert homes.of_person(db, rita, NOW, 9).pages.number == 1, "a page that is gone leads to the first"
    assert queue.of_person(db, rita, NOW, 9).pages.number == 1


def test_a_program_is_led_from_page_to_page(service: Service) -> None:
    with psycopg.connect(service.database) as db:
        db.execute("insert into home (name, resident) select 'H ' || n, 'R' from generate_series(1, 60) n")
        db.execute(
            "insert into home_person select home.id, person.id from home, person"
            " where person.name = 'Ben Archer' and home.name like 'H %%'"
        )
    ben = service.signed_in("Ben Archer")
    first = ben.get("/api/1/homes")
    assert (len(first.json()), first.links["next"]["url"]) == (50, "/api/1/homes?page=2")
    second = ben.get(first.links["next"]["url"])
    assert (len(second.json()), "link" in second.headers) == (12, False)
    assert ben.get("/api/1/homes?page=0").status_code == 404


class Counting(psycopg.Cursor[Any]):
    """Counts the statements of a connection."""

    statements = 0

    def execute(self, *args: Any, **kwargs: Any) -> Self:
        Counting.statements += 1
        return super().execute(*args, **kwargs)


def _fill(db: psycopg.Connection, homes_wanted: int) -> int:
    row = db.execute("insert into person (name, phone, role) values ('R', '+447700900000', 'responder') returning id")
    person = row.fetchone()
    assert person
    db.execute(
        "insert into home (name, resident) select 'Home ' || n, 'Resident ' || n from generate_series(1, %s) n",
        (homes_wanted,),
    )
    db.execute("insert into home_person select id, %s from home", person)
    db.execute(
        "insert into alert (home_id, class, reason, deadline_at, opened_at)"
        " select id, 'welfare', 'silent', %s, %s from home",
        (NOW, NOW),
    )
    return int(person[0])

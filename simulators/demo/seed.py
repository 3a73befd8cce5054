"""The demo's homes, people, sensors, ladders and rules, written once."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import psycopg

from alerts.judging import add_rule
from alerts.rules import DoorAtNight, ExpectedActivity, RuleSettings, Silence, Unseen
from gateway.messages import GATEWAY_SENSOR
from ingest import configuring
from ingest.database import sql
from simulators.street.devices import devices_of
from simulators.street.people import COORDINATOR, RESIDENTS, RESPONDER, Contact, Resident

SECOND_STEP = timedelta(minutes=5)
"""When nobody of the family has taken it for so long, the housing team is told."""
TEAM, ROTA = "Housing team", "Housing team on duty"
DAY_FROM, NIGHT_FROM = time(8), time(20)
"""When the two of the team take turns, in local time."""
REMINDERS: tuple[dict[str, object], ...] = (
    {"name": "morning drink", "purpose": "drink", "text": "Time for a glass of water", "times": '["09:32", "15:00"]'},
    {"name": "evening tablets", "purpose": "medicine", "text": "Take your evening tablets", "times": '["18:30"]'},
)
"""The first is due soon after the demo's morning begins."""
ON_ROTA = RESIDENTS[1]
"""In this home the second step is not a person but the rota."""


def seed(connection: psycopg.Connection, now: datetime) -> None:
    """All of it in one transaction, unless it is there already."""
    with connection.transaction():
        if connection.execute(sql(__file__, "is_seeded")).fetchone() is not None:
            return
        maya = add_person(connection, RESPONDER, "responder")
        for resident in RESIDENTS:
            add_home(connection, resident, maya, rules_of(resident), now)
        nadia = add_person(connection, COORDINATOR, "coordinator")
        connection.execute(sql(__file__, "link_to_all"), {"person": nadia})
        _share_duty(connection, maya, nadia)
        _remind(connection, RESIDENTS[0], now)


def _remind(connection: psycopg.Connection, resident: Resident, now: datetime) -> None:
    """What the tablet of this home shows: two reminders, and who comes."""
    for reminder in REMINDERS:
        (added,) = _row(connection, "add_reminder", reminder | {"home": resident.home})
        configuring.equip(connection, added)
    connection.execute(sql(__file__, "add_visitor"), {"home": resident.home})
    (home,) = connection.execute(sql(__file__, "find_home"), {"home": resident.home}).fetchone() or (0,)
    configuring.renew(connection, home, now)


def _share_duty(connection: psycopg.Connection, by_day: int, by_night: int) -> None:
    """Both are the housing team; in one home the second step tells whoever of them is on duty."""
    (team,) = _row(connection, "add_team", {"name": TEAM})
    (rota,) = _row(connection, "add_rota", {"name": ROTA})
    for person, start, end in ((by_day, DAY_FROM, NIGHT_FROM), (by_night, NIGHT_FROM, DAY_FROM)):
        duty = {"team": team, "rota": rota, "person": person, "start": start, "end": end}
        connection.execute(sql(__file__, "add_member"), duty)
        connection.execute(sql(__file__, "add_shifts"), duty)
    connection.execute(sql(__file__, "tell_rota"), {"home": ON_ROTA.home, "rota": rota})


def add_home(
    connection: psycopg.Connection, resident: Resident, responder: int, rules: Sequence[RuleSettings], now: datetime
) -> None:
    """One home with its people, its ladder of two steps, its gateway, its sensors and its rules."""
    family = add_person(connection, resident.family, "family")
    (home,) = _row(connection, "add_home", {"name": resident.home, "resident": resident.name, "now": now})
    for step, person, after in ((1, family, timedelta()), (2, responder, SECOND_STEP)):
        tell = {"home": home, "person": person, "step": step, "after_s": after.total_seconds()}
        connection.execute(sql(__file__, "add_link"), tell)
        connection.execute(sql(__file__, "add_step"), tell)
    (gateway,) = _row(connection, "add_gateway", {"name": resident.gateway, "home": home})
    fitted = [(device.address, device.place, str(device.role)) for device in devices_of(resident)]
    for name, place, role in [*fitted, (GATEWAY_SENSOR, "gateway", "gateway")]:
        sensor = {"gateway": gateway, "home": home, "name": name, "place": place, "role": role}
        connection.execute(sql(__file__, "add_sensor"), sensor)
    for settings in rules:
        add_rule(connection, home, settings)


def rules_of(resident: Resident) -> list[RuleSettings]:
    """What is watched in this home: the hour agreed with the family, and what suits everybody."""
    return [
        ExpectedActivity(end=_local(resident.up_by), places=("kitchen", "fridge"), grace_min=30),
        Silence(hours=6, by_day=("08:00", "21:00")),
        DoorAtNight(start="00:00", end="05:00"),
        Unseen(minutes=60),
    ]


def _local(at: time) -> str:
    return f"{at:%H:%M}"


def add_person(connection: psycopg.Connection, contact: Contact, role: str) -> int:
    """The id of a new person."""
    (person,) = _row(connection, "add_person", {"name": contact.name, "phone": contact.phone, "role": role})
    return person


def _row(connection: psycopg.Connection, query: str, values: dict[str, object]) -> tuple[int]:
    row = connection.execute(sql(__file__, query), values).fetchone()
    if row is None:
        raise RuntimeError(f"{query} gave no row")
    return (int(row[0]),)

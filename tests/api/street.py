"""Five homes on a Friday morning, written straight into the tables.

Rose Cottage is as usual; Flat 3 wants somebody; somebody has Mill House; The Hollies is
explained; Elm Row cannot be seen. Sam is linked to none of them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from alerts.rules import DoorAtNight, ExpectedActivity, Silence, Unseen
from alerts.verdicts import Evidence, Gap, Outcome, Reason
from gateway.messages import Kind
from ingest.kinds import NUMBER

NOW = datetime(2026, 11, 20, 10, 12, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
PHONES = {
    "Ann Field": "+447700900101",
    "Ben Archer": "+447700900102",
    "Rita Okafor": "+447700900103",
    "Sam Stranger": "+447700900104",
    "Dev Patel": "+447700900105",
    "Cora Hughes": "+447700900106",
}
ROLES = {"Rita Okafor": "responder", "Dev Patel": "responder", "Cora Hughes": "coordinator"}
NAMES = {
    "Rose Cottage": "Peter",
    "Flat 3": "Jack",
    "Mill House": "Edith",
    "The Hollies": "George",
    "Elm Row": "Joan",
    "Far Away": "Zebedee",
}
PLACES = {"bathroom": "room", "bedroom": "room", "kitchen": "room", "lounge": "room", "front door": "outside_door"}
LINKS = {"Ann Field": ["Rose Cottage"], "Ben Archer": ["Flat 3", "Mill House"], "Sam Stranger": ["Far Away"]}


def at(clock: str, days: int = 0) -> datetime:
    """A time of the Friday, or so many days away from it."""
    hour, minute = clock.split(":")
    return MIDNIGHT + timedelta(days=days, hours=int(hour), minutes=int(minute))


@dataclass(frozen=True)
class Street:
    """Ids by name."""

    homes: dict[str, int]
    people: dict[str, int]
    alerts: dict[str, int]
    rules: dict[str, int]
    """The first rule of each home: in the kitchen by nine."""


def build(db: Connection) -> Street:
    """Fill an empty database. Every person of the team is linked to the first five homes."""
    people = {name: _id(db, "person", name=name, phone=PHONES[name], role=ROLES.get(name, "family")) for name in PHONES}
    homes = {name: _id(db, "home", name=name, resident=resident) for name, resident in NAMES.items()}
    links = LINKS | dict.fromkeys(ROLES, list(NAMES)[:5])
    for person, names in links.items():
        for name in names:
            db.execute("insert into home_person values (%s, %s)", (homes[name], people[person]))
    rules = {
        name: _equip(db, home_id, f"gw-{home_id}", _life(name), seen_until=at("06:00") if name == "Elm Row" else NOW)
        for name, home_id in homes.items()
    }
    street = Street(homes, people, {}, rules)
    _flat_3(db, street)
    _mill_house(db, street)
    _hollies(db, street)
    _elm_row(db, street)
    return street


def _life(home: str) -> list[tuple[str, datetime]]:
    """(place, time) of the signs of life in one home."""
    yesterday = [("kitchen", at("08:10", -1)), ("lounge", at("13:05", -1)), ("kitchen", at("18:20", -1))]
    night = [
        ("bedroom", at("22:15", -1)),
        ("bathroom", at("02:31")),
        ("bathroom", at("05:22")),
        ("bedroom", at("05:26")),
    ]
    if home == "Flat 3":
        return yesterday + night[:2]
    morning = [("bathroom", at("07:05")), ("bedroom", at("07:20")), ("front door", at("08:41"))]
    kitchen = [("kitchen", at("07:24") + timedelta(minutes=4 * step)) for step in range(14)]
    lounge = [("lounge", at("09:10") + timedelta(minutes=9 * step)) for step in range(6)]
    return [*yesterday, *night, *morning, *kitchen, *lounge, ("kitchen", at("10:02")), ("kitchen", at("10:03"))]


def _equip(
    db: Connection, home_id: int, gateway: str, life: list[tuple[str, datetime]], *, seen_until: datetime
) -> int:
    """A gateway, its sensors and readings, with beats but for one gap in the small hours; and four rules.

    Returns the id of the first rule.
    """
    gateway_id = _id(db, "gateway", name=gateway, home_id=home_id, online=True)
    where = {"gateway_id": gateway_id, "home_id": home_id}
    sensors = {
        place: _id(db, "sensor", name=place.replace(" ", "-"), place=place, role=role, **where)
        for place, role in PLACES.items()
    }
    sensors["gateway"] = _id(db, "sensor", name="gateway", place="gateway", role="gateway", **where)
    stream_id = _id(db, "stream", gateway_id=gateway_id, boot="b1", last_at=seen_until, last_received_at=seen_until)
    readings = [(when, sensors[place], *_reading(place)) for place, when in life if when <= seen_until]
    readings += [
        (when + timedelta(seconds=11), sensors[place], NUMBER[Kind.CONTACT], 0)
        for place, when in life
        if place == "front door" and when <= seen_until
    ]
    beat = seen_until
    while beat > at("00:00", -2):
        if not at("03:10") < beat < at("04:25"):
            readings.append((beat, sensors["gateway"], NUMBER[Kind.BEAT], 0))
        beat -= timedelta(minutes=5)
    readings.sort()
    with db.cursor() as cursor:
        cursor.executemany(
            "insert into reading (at, received_at, sent_ms, seq, stream_id, sensor_id, kind, value)"
            " values (%s, %s, 0, %s, %s, %s, %s, %s)",
            [
                (when, when, seq, stream_id, sensor, kind, value)
                for seq, (when, sensor, kind, value) in enumerate(readings, 1)
            ],
        )
    db.execute(
        "update stream set stored = int8multirange(int8range(1, %s)), unfolded_from = %s where id = %s",
        (len(readings) + 1, readings[0][0], stream_id),
    )
    _roll_up(db, home_id)
    db.execute("insert into home_state (home_id, due_at) values (%s, %s)", (home_id, NOW))
    return min(
        _id(db, "rule", home_id=home_id, kind=rule.kind, settings=Jsonb(rule.model_dump(mode="json")))
        for rule in (ExpectedActivity(places=("kitchen",), end="09:00"), Silence(), DoorAtNight(), Unseen())
    )


def _reading(place: str) -> tuple[int, float]:
    return NUMBER[Kind.CONTACT if place == "front door" else Kind.MOTION], 1.0


def _roll_up(db: Connection, home_id: int) -> None:
    db.execute(
        "insert into activity_hour"
        " select home_id, date_trunc('hour', at), place, count(*), min(at), max(at)"
        " from reading join sensor on sensor.id = sensor_id where home_id = %s and place <> 'gateway'"
        " group by 1, 2, 3",
        (home_id,),
    )


def _flat_3(db: Connection, street: Street) -> None:
    """Open; Ben was told and the receipt came; Rita's text has none."""
    evidence = Evidence(
        expected="Up and about in the kitchen between 05:00 and 09:00, every day",
        places=("kitchen",),
        window_start=at("05:00"),
        window_end=at("09:00"),
        last_match_at=at("18:20", -1),
        last_sign_at=at("02:31"),
        last_sign_place="bathroom",
        covered_min=270,
        span_min=270,
    )
    alert = _alert(db, street, "Flat 3", "welfare", Reason.NOTHING_AT_ALL, at("09:30"), evidence, step=2)
    _message(db, alert, street.people["Ben Archer"], 1, at("09:30"), [("handed_over", 2), ("delivered", 4)])
    _message(db, alert, street.people["Rita Okafor"], 2, at("09:45"), [("handed_over", 1)])
    _message(db, alert, street.people["Dev Patel"], 2, at("09:45"), [("handed_over", 1), ("undelivered", 6)], 30003)
    _event(db, alert, at("09:45"), "step", None, "engine")


def _mill_house(db: Connection, street: Street) -> None:
    """Urgent; Rita has it."""
    evidence = Evidence(places=("front door",), opened_at=at("04:40"))
    alert = _alert(db, street, "Mill House", "urgent", Reason.DOOR_AT_NIGHT, at("04:40"), evidence, step=1)
    rita = street.people["Rita Okafor"]
    _message(db, alert, rita, 1, at("04:40"), [("handed_over", 1), ("sent", 2), ("delivered", 3)])
    db.execute(
        "update alert set state = 'acknowledged', holder_id = %s, acknowledged_at = %s, lapses_at = %s where id = %s",
        (rita, at("09:58"), at("10:28"), alert),
    )
    _event(db, alert, at("09:58"), "acknowledged", rita, "sms")


def _hollies(db: Connection, street: Street) -> None:
    """Explained by readings that came late."""
    evidence = Evidence(expected="Up and about in the kitchen between 05:00 and 09:00, every day", places=("kitchen",))
    alert = _alert(db, street, "The Hollies", "welfare", Reason.NOTHING_THERE, at("09:30"), evidence, step=1)
    db.execute(
        "update alert set state = 'explained', explained_at = %s, explained_by = %s where id = %s",
        (at("09:52"), "Seen in the kitchen at 08:20, by readings that arrived at 09:52.", alert),
    )
    _event(db, alert, at("09:52"), "explained", None, "engine")


def _elm_row(db: Connection, street: Street) -> None:
    """Technical: the home cannot be seen since 06:00."""
    evidence = Evidence(gaps=(Gap(at("06:00"), at("07:00")),), covered_min=0, span_min=60)
    outcome = Outcome.NOT_OBSERVABLE
    _alert(db, street, "Elm Row", "technical", Reason.HOME_UNSEEN, at("07:00"), evidence, outcome=outcome)


def _alert(
    db: Connection,
    street: Street,
    home: str,
    kind: str,
    reason: Reason,
    when: datetime,
    evidence: Evidence,
    *,
    step: int = 0,
    outcome: Outcome = Outcome.MISSED,
) -> int:
    home_id = street.homes[home]
    times = {"deadline_at": when, "opened_at": when}
    alert = _id(db, "alert", home_id=home_id, reason=reason.value, step=step, **times, **{"class": kind})
    _id(
        db, "finding", home_id=home_id, rule_version=1, occasion=f"{when.date()}", verdict=outcome.value,
        reason=reason.value, deadline_at=when, found_at=when, evidence=Jsonb(evidence.to_json()), alert_id=alert,
    )  # fmt: skip
    _event(db, alert, when, "opened", None, "engine")
    street.alerts[home] = alert
    return alert


def _event(db: Connection, alert: int, when: datetime, what: str, person: int | None, channel: str) -> None:
    _id(db, "alert_event", alert_id=alert, at=when, what=what, person_id=person, channel=channel)


def _message(
    db: Connection,
    alert: int,
    person: int,
    step: int,
    when: datetime,
    states: list[tuple[str, int]],
    error: int | None = None,
) -> None:
    last = states[-1][0]
    message = _id(
        db, "message", alert_id=alert, person_id=person, purpose="alert", step=step, code="K7", body="Hearthlight K7",
        urgent=True, state=last, created_at=when, error_code=error,
    )  # fmt: skip
    for state, seconds in states:
        code = error if state == "undelivered" else None
        moment = when + timedelta(seconds=seconds)
        _id(db, "message_event", message_id=message, at=moment, state=state, source="receipt", error_code=code)


def _id(db: Connection, table: str, **values: Any) -> int:
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    row = db.execute(f"insert into {table} ({names}) values ({marks}) returning id", list(values.values())).fetchone()
    assert row
    return int(row[0])


def four_weeks(db: Connection, home_id: int) -> None:
    """Four weeks and more behind a home: about from seven until nine in the evening, but for Tuesday 10 November."""
    db.execute(
        "with day as ("
        "  select d from generate_series(%(first)s::timestamptz, %(last)s::timestamptz, interval '1 day') d"
        "), lived as ("
        "  select d + make_interval(hours => h, mins => 2 * m) as at, place"
        "  from day, generate_series(7, 20) h, generate_series(0, 4) m, unnest(array['kitchen', 'lounge']) place"
        "  where d <> %(quiet)s"
        "), beats as ("
        "  select at, 'gateway' as place"
        "  from generate_series(%(first)s::timestamptz, %(last)s::timestamptz, interval '5 minutes') at"
        ")"
        " insert into reading (at, received_at, sent_ms, seq, stream_id, sensor_id, kind, value)"
        " select at, at, 0, 100000 + row_number() over (order by at), stream.id, sensor.id,"
        "        case when sensor.role = 'gateway' then %(beat)s else %(motion)s end, 1"
        " from (select * from lived union all select * from beats) told"
        " join sensor on sensor.home_id = %(home)s and sensor.place = told.place"
        " join stream on stream.gateway_id = sensor.gateway_id",
        {
            "home": home_id,
            "first": at("00:00", -33),
            "last": at("00:00", -2),
            "quiet": at("00:00", -10),
            "beat": NUMBER[Kind.BEAT],
            "motion": NUMBER[Kind.MOTION],
        },
    )

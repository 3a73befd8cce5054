"""A watched home in a real database: readings go in by the real ingest, homes are judged by the real loop."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg

from alerts.judging import Judged, add_rule, judge_due
from alerts.picture import Seen
from alerts.rules import RuleSettings
from gateway.messages import MAX_READINGS, Envelope, Kind, Reading, topic
from ingest.arrivals import Arrived
from ingest.saving import Saver

SENSORS = {
    "kitchen": ("kitchen", "room"),
    "bedroom": ("bedroom", "room"),
    "hall": ("hall", "room"),
    "front": ("front door", "outside_door"),
    "sos": ("bedroom", "button"),
}
_NAME = {thing: name for name, thing in SENSORS.items()}


@dataclass(slots=True)
class Watched:
    """One home; `db` commits each statement."""

    db: psycopg.Connection
    home: int
    gateway: str
    seq: int = 0
    saver: Saver = field(default_factory=Saver)

    def arrive(self, readings: Iterable[Seen], when: datetime) -> None:
        """These readings arrive, in this order, now."""
        some = [self._reading(one) for one in readings]
        for first in range(0, len(some), MAX_READINGS):
            part = tuple(some[first : first + MAX_READINGS])
            envelope = Envelope(gateway=self.gateway, boot="b1", sent_at=when, readings=part)
            payload = envelope.model_dump_json().encode()
            self.saver.save(self.db, [Arrived(topic(self.gateway, "readings"), payload, when, mid=1, connection=1)])

    def _reading(self, one: Seen) -> Reading:
        self.seq += 1
        name = "gateway" if one.kind is Kind.BEAT else _NAME[one.place, one.role]
        return Reading(seq=self.seq, sensor=name, kind=one.kind, value=one.value, at=one.at)

    def judge(self, now: datetime) -> Judged:
        return judge_due(self.db, now)

    def look(self, now: datetime) -> Judged:
        """Judge it now, due or not."""
        self.db.execute("update home_state set due_at = %s where home_id = %s", (now, self.home))
        return judge_due(self.db, now)

    def rows(self, query: str) -> list[Any]:
        found = self.db.execute(query.encode(), {"home": self.home}).fetchall()
        return [row[0] if len(row) == 1 else row for row in found]

    def findings(self) -> list[Any]:
        return self.rows("select verdict, reason from finding where home_id = %(home)s order by id")

    def alerts(self) -> list[Any]:
        return self.rows("select class, state from alert where home_id = %(home)s order by id")

    def events(self) -> list[Any]:
        return self.rows(
            "select what from alert_event e join alert a on a.id = e.alert_id where home_id = %(home)s order by e.id"
        )

    def due(self) -> datetime:
        found: datetime = self.rows("select due_at from home_state where home_id = %(home)s")[0]
        return found


def watched(
    db: psycopg.Connection, due_at: datetime, *rules: RuleSettings, gateway: str = "gw-1", since: datetime | None = None
) -> Watched:
    """A home with a gateway, the sensors of SENSORS, and a ladder of one person."""
    home = _one(db, "insert into home (name, resident) values ('Rose Cottage', 'Peter') returning id")
    db.execute("insert into home_state (home_id, due_at) values (%s, %s)", (home, due_at))
    gateway_id = _one(db, "insert into gateway (name, home_id) values (%s, %s) returning id", gateway, home)
    for name, (place, role) in SENSORS.items():
        values = (gateway_id, home, name, place, role)
        db.execute("insert into sensor (gateway_id, home_id, name, place, role) values (%s, %s, %s, %s, %s)", values)
    number = f"+4477009{home:05d}"
    person = _one(db, "insert into person (name, phone, role) values ('Anna', %s, 'family') returning id", number)
    db.execute("insert into home_person values (%s, %s)", (home, person))
    db.execute("insert into ladder_step values (%s, 1, %s, 0)", (home, person))
    for settings in rules:
        add_rule(db, home, settings, since)
    db.execute("update home_state set due_at = %s where home_id = %s", (due_at, home))
    return Watched(db, home, gateway)


def _one(db: psycopg.Connection, query: str, *values: object) -> int:
    row = db.execute(query.encode(), values).fetchone()
    assert row
    return int(row[0])

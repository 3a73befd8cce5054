"""What a worker remembers of gateways."""

import psycopg

from ingest.known import KEEP_S, Known
from tests.ingest.homes import SENSORS, add_home


def test_each_sensor_is_known_by_its_name_on_the_wire(db: psycopg.Connection) -> None:
    home, known = add_home(db), Known()
    known.learn(db, ["gw-1"], tick=0)
    found = {name: known.gateways["gw-1"].sensor(name) for name in [*SENSORS, "gateway", "garage"]}
    rows = db.execute("select name, id, home_id, place, role from sensor").fetchall()
    assert found == {"garage": None} | {name: tuple(row) for name, *row in rows}
    assert {sensor.home_id for sensor in found.values() if sensor} == {home}


def test_gateways_with_the_same_sensors_share_their_words(db: psycopg.Connection) -> None:
    add_home(db)
    add_home(db, "gw-2")
    known = Known()
    known.learn(db, ["gw-1", "gw-2"], tick=0)
    first, second = known.gateways["gw-1"], known.gateways["gw-2"]
    assert first.names is second.names
    assert first.spots is second.spots


def test_a_gateway_that_falls_silent_is_forgotten(db: psycopg.Connection) -> None:
    add_home(db)
    add_home(db, "gw-2")
    known = Known()
    known.learn(db, ["gw-1"], tick=KEEP_S)
    known.learn(db, ["gw-2"], tick=4 * KEEP_S)
    assert list(known.gateways) == ["gw-2"]

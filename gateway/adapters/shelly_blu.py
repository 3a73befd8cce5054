"""Shelly BLU devices, as the BLE script of a Shelly publishes them. No network, no clock, no disk.

Source: the script `ble-shelly-blu` / `ble-pool` family and BTHome; the topic is what its
owner chose (`shelly/ble/…` as a rule), so a message is known by what is in it; or it is
an event of the Shelly that runs the script, on `<prefix>/events/rpc`:

    {"encryption": false, "BTHome_version": 2, "pid": 7, "battery": 90, "window": 1, "address": "aa:…"}

`pid` numbers the adverts: each is sent, and heard, several times.
"""

from gateway.adapters import NOTHING, Message, Told, replayed
from gateway.adapters.ble_bthome import bthome_claims
from gateway.adapters.ble_devices import Adverts, address, spellings
from gateway.adapters.claims import Pressed, Sensors
from gateway.adapters.vocabulary import parsed, truth
from gateway.devices import DeviceTable
from gateway.ids import fitting_id

BASE = "shelly/ble/"
MARK = b'"BTHome_version"'
MAX_BYTES = 16 * 1024


class ShellyBlu:
    """`hear` turns each message into what it says."""

    def __init__(self, table: DeviceTable | None = None) -> None:
        self.table = table or DeviceTable()
        self.sensors = Sensors(self.table)
        self.adverts: dict[str, Adverts] = {}

    def topics(self) -> tuple[str, ...]:
        return (f"{BASE}#", "shelly-blu/#", "shellyblu/#")

    def owns(self, message: Message) -> bool:
        return message.topic.startswith(BASE) or MARK in message.payload[:MAX_BYTES]

    def hear(self, message: Message) -> Told:
        if len(message.payload) > MAX_BYTES:
            return NOTHING
        body = _advert(parsed(message.payload))
        mac = address(body.get("address")) if isinstance(body, dict) else None
        if mac is None and not message.topic.startswith(BASE):
            return NOTHING
        name = mac or fitting_id(message.topic.rpartition("/")[2])
        entry = self.table.find(*(spellings(mac) if mac else (name,)))
        sensor = None if entry.ignore else self.sensors.get(entry.sensor or name, entry)
        if sensor is None or not isinstance(body, dict):
            return NOTHING
        said = list(bthome_claims(body))
        unread = truth(body.get("encryption")) is True and not said
        if not message.retained and self.adverts.setdefault(sensor.id, Adverts()).is_repeat(
            body.get("pid"), message.at
        ):
            said = [one for one in said if not isinstance(one, Pressed)]
        told = Told(sensor.facts(said, message.at), alive=(sensor.id,), unread=unread or not said)
        return replayed(told) if message.retained else told


def _advert(body: object) -> object:
    """The advert itself, where it is inside an event."""
    params = body.get("params") if isinstance(body, dict) else None
    events = params.get("events") if isinstance(params, dict) else None
    for event in events if isinstance(events, list) else ():
        if isinstance(event, dict) and isinstance(event.get("data"), dict):
            return event["data"]
    return body

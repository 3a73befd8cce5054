"""The Things Stack 3: `v3/<application>@<tenant>/devices/<id>/up`. No network, no clock, no disk.

Source: thethingsindustries.com's description of its MQTT server. The address is inside the
message; the device id in the topic is a name. `decoded_payload` is what the codec said,
`normalized_payload` the same in common words; both may lack what is zero, false or empty.
Nothing is told of the LoRa gateways: whether the home can be seen is the connection's matter.
"""

import re
from collections.abc import Mapping

from gateway.adapters import NOTHING, Message, Told, replayed
from gateway.adapters.belonging import TTS_PREFIX, plain_name
from gateway.adapters.chirpstack import unpacked
from gateway.adapters.claims import Sensor
from gateway.adapters.lorawan import Devices, Uplink
from gateway.adapters.vocabulary import device_time, number, parsed
from gateway.devices import DeviceTable
from gateway.ids import fitting_id

MAX_BYTES = 256 * 1024
MOST_NAMES = 2000
_NAME = re.compile(r"[a-z0-9](?:-?[a-z0-9]+)*")
_TOPIC = re.compile(r"(?:^|/)v3/[^/]+/devices/([^/]+)/(up|join|down/ack)$")


class Named(Devices):
    """Found by the network's name for them too, which the table may use."""

    def __init__(self, table: DeviceTable) -> None:
        super().__init__(table)
        self.names: dict[str, str] = {}

    def find(self, eui: str, *names: str) -> Sensor | None:
        return super().find(eui, *names, self.names.get(eui, eui))


class ThingsStack:
    """`hear` turns each message into what it says."""

    steady = True

    def __init__(self, table: DeviceTable | None = None, only: frozenset[str] | None = None) -> None:
        """`only`: addresses and names of this home's devices (belonging.py), where the network serves others too."""
        self.table = table or DeviceTable()
        self.only = only
        self.devices = Named(self.table)

    def topics(self) -> tuple[str, ...]:
        names = ["+"] if self.only is None else [_name(one) for one in sorted(self.only) if _NAME.fullmatch(one)]
        return tuple(f"v3/+/devices/{name}/{what}" for name in names for what in ("up", "join", "down/ack"))

    def topics_if_allowed(self) -> tuple[str, ...]:
        return ()

    def owns(self, message: Message) -> bool:
        return bool(_TOPIC.search(message.topic))

    def hear(self, message: Message) -> Told:
        found = _TOPIC.search(message.topic)
        if found is None or (self.only is not None and plain_name(found[1]) not in self.only):
            return NOTHING
        body = parsed(message.payload) if len(message.payload) <= MAX_BYTES else None
        if not isinstance(body, dict):
            return NOTHING
        eui = _eui(body) or fitting_id(found[1])
        if eui in self.devices.names or len(self.devices.names) < MOST_NAMES:
            self.devices.names[eui] = found[1]
        if found[2] == "join":
            return NOTHING if message.retained else self.devices.joined(eui)
        if found[2] == "down/ack":
            return NOTHING if message.retained else self.devices.battery(eui, None, message.at)
        said = body.get("uplink_message")
        if not isinstance(said, dict):
            return NOTHING
        uplink = _uplink(eui, said, message, name=found[1])
        return replayed(Devices(self.table).hear(uplink)) if message.retained else self.devices.hear(uplink)


def _name(plain: str) -> str:
    """As the network has it: devices are named, by default after their address."""
    return f"{TTS_PREFIX}{plain}" if re.fullmatch(r"[0-9a-f]{16}", plain) else plain


def _eui(body: Mapping[str, object]) -> str | None:
    ids = body.get("end_device_ids")
    eui = ids.get("dev_eui") if isinstance(ids, dict) else None
    return eui.lower() if isinstance(eui, str) and re.fullmatch(r"[0-9A-Fa-f]{16}", eui) else None


def _uplink(eui: str, said: Mapping[str, object], message: Message, name: str) -> Uplink:
    port, frame = said.get("f_port"), said.get("f_cnt", 0)
    own, common = said.get("decoded_payload"), _common(said.get("normalized_payload"))
    fields = own if isinstance(own, dict) and own else common
    return Uplink(
        eui=eui,
        at=device_time(said.get("received_at"), message.at),
        arrival=message.at,
        port=port if isinstance(port, int) else None,
        raw=unpacked(said.get("frm_payload")),
        fields=fields,
        common=common if fields is own else {},
        hints=(*_hints(said.get("version_ids")), name),
        frame=frame if isinstance(frame, int) else None,
        percent=_percent(said.get("last_battery_percentage")),
        omits_zeros=True,
    )


def _common(said: object) -> dict[str, object]:
    """The common words; of a battery they are in volts."""
    usual: dict[str, object] = {}
    for entry in _of_now(said):
        for name, value in entry.items():
            before = usual.get(name)
            both = {**before, **value} if isinstance(before, dict) and isinstance(value, dict) else value
            usual.update({} if name == "battery" else {name: both})
    return usual


def _of_now(common: object) -> list[dict[str, object]]:
    """Each measurement is an entry; where they have times of their own, the first is the one of now."""
    listed = [one for one in (common if isinstance(common, list) else [common])[:20] if isinstance(one, dict)]
    return listed[:1] if any("time" in one for one in listed) else listed


def _hints(ids: object) -> tuple[str, ...]:
    model = ids.get("model_id") if isinstance(ids, dict) else None
    return (model,) if isinstance(model, str) else ()


def _percent(said: object) -> float | None:
    return number(said.get("value")) if isinstance(said, dict) else None

"""ChirpStack 4: `application/<id>/device/<eui>/event/<what>`. No network, no clock, no disk.

Source: chirpstack.io's description of events. One server may stand for many flats: each
device is a sensor of its own under its EUI, and the table says which it is; with `only` the
others are not even subscribed to. Times are the LoRa gateway's. `object` is there where the
owner set a codec. There is no bridge that says it is well: whether the home can be seen is
the connection's matter, and that of the LoRa gateways (lora_gateways.py).
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import replace

from gateway.adapters import NOTHING, Message, Told, lora_gateways, replayed
from gateway.adapters.lora_gateways import LoraGateways
from gateway.adapters.lorawan import Devices, Uplink
from gateway.adapters.vocabulary import device_time, number, parsed
from gateway.devices import DeviceTable

MAX_BYTES = 256 * 1024
_TOPIC = re.compile(r"(?:^|/)application/[^/]+/device/([0-9A-Fa-f]{8,16})/event/([a-z]+)$")
_EUI = re.compile(r"[0-9a-f]{8,16}")
NAMING = ("deviceProfileName", "deviceName")


class ChirpStack:
    """`hear` turns each message into what it says."""

    steady = True

    def __init__(self, table: DeviceTable | None = None, only: frozenset[str] | None = None) -> None:
        """`only`: the addresses of this home's devices (belonging.py), where the network serves others too."""
        self.table = table or DeviceTable()
        self.only = only
        self.devices = Devices(self.table)
        self.gateways = LoraGateways(only)

    def topics(self) -> tuple[str, ...]:
        if self.only is None:
            return ("application/+/device/+/event/+",)
        return tuple(f"application/+/device/{one}/event/+" for one in sorted(self.only) if _EUI.fullmatch(one))

    def topics_if_allowed(self) -> tuple[str, ...]:
        return lora_gateways.TOPICS

    def owns(self, message: Message) -> bool:
        return bool(_TOPIC.search(message.topic)) or self.gateways.owns(message)

    def hear(self, message: Message) -> Told:
        if self.gateways.owns(message):
            self.gateways.hear(message)
            return Told(bridge=self.gateways.reachable, described=True)
        found = _TOPIC.search(message.topic)
        if found is None or (self.only is not None and found[1].lower() not in self.only):
            return NOTHING
        body = parsed(message.payload) if len(message.payload) <= MAX_BYTES else None
        if not isinstance(body, dict):
            return NOTHING
        if not message.retained:
            self.gateways.carried(found[1].lower(), body)
        told = self._hear(found, body, message)
        return replace(told, bridge=self.gateways.reachable) if told.alive else told

    def _hear(self, found: re.Match[str], body: Mapping[str, object], message: Message) -> Told:
        eui, what = found[1].lower(), found[2]
        if message.retained:
            return replayed(Devices(self.devices.table).hear(_uplink(eui, body, message))) if what == "up" else NOTHING
        if what == "up":
            return self.devices.hear(_uplink(eui, body, message))
        if what == "join":
            return self.devices.joined(eui)
        if what == "status":
            return self._status(eui, body, message)
        if what == "ack":
            return self.devices.battery(eui, None, message.at)  # it answered: a sign of life
        return NOTHING  # txack, log, location: words of the network, not of the device

    def _status(self, eui: str, body: Mapping[str, object], message: Message) -> Told:
        """On mains power there is no battery, and 0 stands for that."""
        mains = body.get("externalPowerSource") is True
        absent = mains or body.get("batteryLevelUnavailable") is True
        percent = None if absent else number(body.get("batteryLevel"))
        return self.devices.battery(eui, percent, device_time(body.get("time"), message.at), mains=mains)


def _uplink(eui: str, body: Mapping[str, object], message: Message) -> Uplink:
    fields, port, frame = body.get("object"), body.get("fPort"), body.get("fCnt")
    return Uplink(
        eui=eui,
        at=device_time(body.get("time"), message.at),
        arrival=message.at,
        port=port if isinstance(port, int) else None,
        raw=unpacked(body.get("data")),
        fields=fields if isinstance(fields, dict) else {},
        hints=_hints(body.get("deviceInfo")),
        frame=frame if isinstance(frame, int) else None,
    )


def _hints(info: object) -> tuple[str, ...]:
    if not isinstance(info, dict):
        return ()
    tags = info.get("tags")
    tagged = list(tags.values())[:20] if isinstance(tags, dict) else []
    return tuple(one for one in (*(info.get(name) for name in NAMING), *tagged) if isinstance(one, str))


def unpacked(data: object) -> bytes:
    """The bytes in a base64 text; none where it is none."""
    try:
        return base64.b64decode(data, validate=True) if isinstance(data, str) else b""
    except (binascii.Error, ValueError):
        return b""

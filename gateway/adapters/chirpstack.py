"""ChirpStack 4: `application/<id>/device/<eui>/event/<what>`. No network, no clock, no disk.

Source: chirpstack.io's description of events. One server may stand for many flats: each
device is a sensor of its own under its EUI, and the table says which it is. Times are
the LoRa gateway's. `object` is there where the owner set a codec.
"""

import base64
import binascii
import re
from collections.abc import Mapping

from gateway.adapters import NOTHING, Message, Told, replayed
from gateway.adapters.lorawan import Devices, Uplink
from gateway.adapters.vocabulary import device_time, number, parsed
from gateway.devices import DeviceTable

MAX_BYTES = 256 * 1024
_TOPIC = re.compile(r"(?:^|/)application/[^/]+/device/([0-9A-Fa-f]{8,16})/event/([a-z]+)$")
NAMING = ("deviceProfileName", "deviceName")


class ChirpStack:
    """`hear` turns each message into what it says."""

    def __init__(self, table: DeviceTable | None = None) -> None:
        self.table = table or DeviceTable()
        self.devices = Devices(self.table)

    def topics(self) -> tuple[str, ...]:
        return ("application/+/device/+/event/+",)

    def owns(self, message: Message) -> bool:
        return bool(_TOPIC.search(message.topic))

    def hear(self, message: Message) -> Told:
        found = _TOPIC.search(message.topic)
        body = parsed(message.payload) if found and len(message.payload) <= MAX_BYTES else None
        if found is None or not isinstance(body, dict):
            return NOTHING
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

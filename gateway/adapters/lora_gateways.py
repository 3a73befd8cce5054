"""Whether the LoRa gateways that carry a home's devices can be heard. Pure.

ChirpStack's forwarders (MQTT Forwarder, Gateway Bridge) say of each LoRa gateway, retained and by last will,
whether it is connected: `<region>/gateway/<id>/state/conn`, as JSON or in the form of its protobuf
`ConnState` (field 2: 1 online, 0 or left out offline). Each uplink names the LoRa gateways that heard it.

A device can be seen while one of those that heard it last is there. Of a device that has not spoken since
we started that is not known: then none of all LoRa gateways may be gone. One that was taken down for
good has to be forgotten by the broker: publish an empty retained message on its topic.
"""

import re
from collections.abc import Mapping

from gateway.adapters import Message
from gateway.adapters.vocabulary import parsed

TOPICS = ("gateway/+/state/conn", "+/gateway/+/state/conn")
_TOPIC = re.compile(r"(?:^|/)gateway/([0-9A-Fa-f]{16})/state/conn$")
MAX_BYTES = 1024
MOST = 1000
_VARINT, _BYTES = 0, 2


class LoraGateways:
    """`devices`: addresses of those that are to be seen, where that is known."""

    def __init__(self, devices: frozenset[str] | None = None) -> None:
        self.devices = devices
        self.online: dict[str, bool] = {}
        self.carriers: dict[str, frozenset[str]] = {}

    @staticmethod
    def owns(message: Message) -> bool:
        return bool(_TOPIC.search(message.topic))

    def hear(self, message: Message) -> None:
        """The state of one, retained or new."""
        found = _TOPIC.search(message.topic)
        if found is None or len(message.payload) > MAX_BYTES:
            return
        if not message.payload:
            self.online.pop(found[1].lower(), None)
            return
        is_online = state_of(message.payload)
        if is_online is not None and (found[1].lower() in self.online or len(self.online) < MOST):
            self.online[found[1].lower()] = is_online

    def carried(self, device: str, body: Mapping[str, object]) -> None:
        """An uplink of a device, with who heard it."""
        said = body.get("rxInfo")
        ids = [one.get("gatewayId") for one in said[:50] if isinstance(one, dict)] if isinstance(said, list) else []
        heard = frozenset(one.lower() for one in ids if isinstance(one, str))
        if heard and (device in self.carriers or len(self.carriers) < MOST):
            self.carriers[device] = heard

    @property
    def reachable(self) -> bool:
        """Whether every device could be heard. Where nothing is told of a LoRa gateway, it counts as there."""
        seen = all(any(self.online.get(one, True) for one in heard) for heard in self.carriers.values())
        unheard = not self.carriers if self.devices is None else bool(self.devices - set(self.carriers))
        return seen and (not unheard or all(self.online.values()))


def state_of(payload: bytes) -> bool | None:
    """Whether it is online; None where that cannot be read."""
    body = parsed(payload)
    if isinstance(body, dict):
        return {"ONLINE": True, "OFFLINE": False}.get(str(body.get("state", "OFFLINE")))
    return _from_protobuf(payload)


def _from_protobuf(payload: bytes) -> bool | None:
    """Field 2 of a message whose fields are all numbers and bytes of less than 128."""
    place, state = 0, False
    while place + 1 < len(payload):
        field, kind, size = payload[place] >> 3, payload[place] & 7, payload[place + 1]
        if kind == _VARINT and size < 128:
            state = size == 1 if field == 2 else state
            place += 2
        elif kind == _BYTES and size < 128:
            place += 2 + size
        else:
            return None
    return state if place == len(payload) else None

"""Every integration there is, and the adapter that hands each message to the one it belongs to.

To add one: write its adapter (gateway/adapters/__init__.py says what it must keep) and
add a line to ADAPTERS. The order is that of asking; who is sure comes before who guesses.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from gateway.adapters import NOTHING, Adapter, Describes, Message, Steady, Told
from gateway.adapters.chirpstack import ChirpStack
from gateway.adapters.esphome import EspHome
from gateway.adapters.homeassistant import HomeAssistant
from gateway.adapters.own_form import OwnForm
from gateway.adapters.shelly_blu import ShellyBlu
from gateway.adapters.shelly_gen1 import ShellyGen1
from gateway.adapters.shelly_gen2 import ShellyGen2
from gateway.adapters.statestream import Statestream
from gateway.adapters.tasmota import Tasmota
from gateway.adapters.theengs import Theengs
from gateway.adapters.things_stack import ThingsStack
from gateway.adapters.zigbee2mqtt import Zigbee2Mqtt
from gateway.device_list import DeviceSaid
from gateway.devices import DeviceTable

OURS = "hearth/"  # where the gateway itself publishes, should both brokers be one


@dataclass(frozen=True, slots=True)
class Setup:
    """What adapters are made from."""

    table: DeviceTable = field(default_factory=DeviceTable)
    zigbee2mqtt_topic: str = "zigbee2mqtt"
    only: frozenset[str] | None = None
    """The devices of this home at a network server that stands for several (belonging.py)."""


ADAPTERS: Mapping[str, Callable[[Setup], Adapter]] = {
    "chirpstack": lambda setup: ChirpStack(setup.table, setup.only),
    "things_stack": lambda setup: ThingsStack(setup.table, setup.only),
    "shelly_blu": lambda setup: ShellyBlu(setup.table),
    "shelly_gen1": lambda setup: ShellyGen1(setup.table),
    "shelly_gen2": lambda setup: ShellyGen2(setup.table),
    "theengs": lambda setup: Theengs(setup.table),
    "tasmota": lambda setup: Tasmota(setup.table),
    "zigbee2mqtt": lambda setup: Zigbee2Mqtt(setup.zigbee2mqtt_topic, setup.table),
    "statestream": lambda setup: Statestream(setup.table),
    "homeassistant": lambda setup: HomeAssistant(setup.table),
    "esphome": lambda setup: EspHome(setup.table),
    "own_form": lambda setup: OwnForm(setup.table),
}


class Every:
    """Several integrations of one home as one adapter."""

    def __init__(self, names: Iterable[str], setup: Setup | None = None, more_topics: tuple[str, ...] = ()) -> None:
        chosen = set(names)
        made = setup or Setup()
        self.table = made.table
        self.adapters = {name: make(made) for name, make in ADAPTERS.items() if name in chosen}
        self.more_topics = more_topics

    def topics(self) -> tuple[str, ...]:
        """What all of them want. With `#` among it the other wide ones go: brokers may send a message for each."""
        wanted = [topic for adapter in self.adapters.values() for topic in adapter.topics()] + [*self.more_topics]
        if "#" in wanted:
            wanted = [topic for topic in wanted if not topic.endswith("/#")]
        return tuple(dict.fromkeys(wanted))

    def topics_if_allowed(self) -> tuple[str, ...]:
        """What a broker may refuse us without harm."""
        return tuple(topic for adapter in self._steady().values() for topic in adapter.topics_if_allowed())

    def steady(self) -> tuple[str, ...]:
        """Integrations without a bridge of their own: connected is there."""
        return tuple(self._steady())

    def _steady(self) -> dict[str, Steady]:
        return {name: one for name, one in self.adapters.items() if isinstance(one, Steady)}

    def owns(self, message: Message) -> bool:
        return self._owner(message) is not None

    def hear(self, message: Message) -> Told:
        name = self._owner(message)
        if name is None:
            return NOTHING
        told = self.adapters[name].hear(message)
        return told if told.by else replace(told, by=name)

    def tell_devices(self) -> Iterator[DeviceSaid]:
        """What the integrations describe that can."""
        for adapter in self.adapters.values():
            if isinstance(adapter, Describes):
                yield from adapter.tell_devices()

    def _owner(self, message: Message) -> str | None:
        if message.topic.startswith(OURS):
            return None
        return next((name for name, adapter in self.adapters.items() if adapter.owns(message)), None)

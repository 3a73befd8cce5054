"""The seam for integrations: a message in, what it says out. No network, no clock, no disk.

An adapter translates one integration's messages into facts; what is worth keeping of
them is decided elsewhere (gateway/sieve.py), the same for all integrations.

HEARTH_INTEGRATIONS names those of a home; gateway/adapters/integrations.py makes them.

    name           what it understands                              known by
    zigbee2mqtt    1.x and 2.x, JSON and a topic per attribute,     base topic, `bridge/…`, or a JSON
                   descriptions from `bridge/devices`               object with `linkquality`
    tasmota        inputs, meters, attached and Bluetooth sensors,  `tele` or `stat` in the topic, and a
                   tags, the Zigbee bridge                          last level such as `SENSOR`, `LWT`
    shelly_gen1    plain words, `status` and `info`                 `shellies/…`
    shelly_gen2    Plus, Pro, Gen3 and later: status, RPC events    `…/status/<part>:<n>`, `…/events/rpc`
    shelly_blu     BLU devices by the script on a Shelly            `BTHome_version` in the JSON
    theengs        Theengs Gateway and OpenMQTTGateway              `BTtoMQTT` in the topic
    esphome        its own topics, known by their names             `<node>/<type>/<name>/state`
    homeassistant  whatever describes itself by MQTT discovery,     `…/config`, and the state topics that
                   with simple templates                            it names; hears every topic
    statestream    what Home Assistant streams of its entities      `<base>/<domain>/<entity>/state`
    chirpstack     LoRaWAN of many flats, codec or known bytes      `application/…/device/…/event/…`
    things_stack   the same by The Things Stack 3                   `v3/…/devices/…`
    own_form       a documented form for makers                     `hearth-device/…`

Rules that every adapter keeps:

- It says what a message says now, repeats and all: the sieve looks for what changed.
- `owns` goes by the form of topic and payload, since people rename base topics. It may
  use what was learned before, costs little, and claims nothing that another could own.
- A retained message is an old one played again. Its facts are marked REPLAYED, a press in
  it is none, and it is no sign of life (`replayed` does all that); it changes no memory
  that a live message is compared with. What describes devices holds all the same.
- Every live message of a device makes it `alive`, also if nothing else can be made of it;
  then, and if it is encrypted, it is `unread`. When unsure: unread, never a guess.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from typing import Protocol, runtime_checkable

from gateway.device_list import DeviceSaid
from gateway.devices import DeviceTable
from gateway.messages import Kind


class Sort(Enum):
    """How a fact behaves, which decides what of it is worth keeping."""

    STATE = auto()  # holds until it changes: a door, a lock
    PULSE = auto()  # happens once: a press
    HELD = auto()  # on is an event; off is only a timer and says nothing
    HELD_AGAIN = auto()  # the same, and being told "on" again means that it happened again
    LEVEL = auto()  # a measurement
    COUNT = auto()  # a counter that only rises; its differences are the readings


class When(Enum):
    """Which time a fact speaks of."""

    NOW = auto()  # news, give or take the delay of its way
    PAST = auto()  # a record of its own time that comes late: `at` is true, and nothing is compared with it
    REPLAYED = auto()  # of some time in the past: retained, or remembered by a bridge; never sent on


@dataclass(frozen=True, slots=True)
class Message:
    """As it came from the home's broker. `at`: when it arrived."""

    topic: str
    payload: bytes
    retained: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a message says. `value` in the unit of its kind (COUNT: the counter)."""

    sensor: str
    kind: Kind
    value: float
    sort: Sort
    at: datetime
    plausible: bool = True
    when: When = When.NOW


@dataclass(frozen=True, slots=True)
class Told:
    """What a message says: facts, who showed that it is alive, and whether the bridge is up."""

    facts: tuple[Fact, ...] = ()
    alive: tuple[str, ...] = ()
    bridge: bool | None = None
    unread: bool = False
    """It came from a device, and nothing could be made of it."""
    by: str = ""
    """The integration, where there are several."""
    described: bool = False
    """It describes devices, or the integration itself, and was understood as that."""


NOTHING = Told()


def replayed(told: Told) -> Told:
    """The same said by a retained message: true once, no news, and nobody has shown that it is alive."""
    facts = tuple(replace(fact, when=When.REPLAYED) for fact in told.facts if fact.sort is not Sort.PULSE)
    return replace(told, facts=facts, alive=())


class Adapter(Protocol):
    table: DeviceTable
    """What people say of single devices, in the home and from the server."""

    def topics(self) -> tuple[str, ...]:
        """What to subscribe to; what describes the devices comes first."""

    def owns(self, message: Message) -> bool:
        """Whether this is one of this integration's messages."""

    def hear(self, message: Message) -> Told: ...


@runtime_checkable
class Describes(Protocol):
    """An adapter whose integration tells what devices there are."""

    def tell_devices(self) -> Iterable[DeviceSaid]:
        """All of them, also those that have not spoken yet."""


@runtime_checkable
class Steady(Protocol):
    """An adapter whose integration has no bridge in the home: its devices may be silent for hours and be well.

    The home can be seen from the moment of connecting, until `Told.bridge` says otherwise.
    """

    steady: bool

    def topics_if_allowed(self) -> tuple[str, ...]:
        """What to subscribe to beside `topics`; nothing is lost where a broker refuses it."""

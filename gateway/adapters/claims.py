"""What a device claims, before it is known whose claim it is; and how it becomes facts. Pure.

`Claim` is a value of some kind; `Pressed` is a word of a button. `Sensor` turns them into
facts with what the per-device table says, and knows when two messages are one press.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.adapters import Fact, Sort, When
from gateway.adapters.vocabulary import parts
from gateway.devices import Device, DeviceTable, Role
from gateway.messages import BUTTON_VALUE, Button, Kind

# What fits a home. Outside of it a sensor is broken or its value was misread.
PLAUSIBLE = {
    Kind.TEMPERATURE: (-40.0, 60.0),
    Kind.HUMIDITY: (0.0, 100.0),
    Kind.ILLUMINANCE: (0.0, 200_000.0),
    Kind.POWER: (0.0, 25_000.0),
    Kind.ENERGY: (0.0, 1e9),
    Kind.BATTERY: (0.0, 100.0),
    Kind.LINK_QUALITY: (0.0, 255.0),
}
SAME_PRESS = timedelta(seconds=2)
RELEASE_OF = timedelta(seconds=30)
CALLS = frozenset({"sos", "emergency", "panic", "help"})
LETS_GO = frozenset({"release", "released"})
OCCUPIES = {Role.BED: Kind.BED, Role.CHAIR: Kind.CHAIR}
PRESSES = {Role.SOS: Button.SOS, Role.CANCEL: Button.CANCEL}


@dataclass(frozen=True, slots=True)
class Claim:
    kind: Kind
    value: float
    sort: Sort
    plausible: bool = True


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button's word. Whoever presses something we do not know is still somebody who pressed."""

    word: str

    @property
    def button(self) -> Button:
        return Button.SOS if CALLS & set(parts(self.word)) else Button.OK

    @property
    def value(self) -> float:
        return BUTTON_VALUE[self.button]

    @property
    def is_release(self) -> bool:
        return bool(LETS_GO & set(parts(self.word)))


def state(kind: Kind, value: bool) -> Claim:
    """Something that holds until it changes."""
    return Claim(kind, float(value), Sort.STATE)


def held(kind: Kind, value: bool) -> Claim:
    """A movement: its end is only a timer."""
    return Claim(kind, float(value), Sort.HELD)


def level(kind: Kind, value: float) -> Claim:
    """A measurement, in the unit of its kind."""
    return Claim(kind, value, Sort.LEVEL, _is_plausible(kind, value))


def counted(watt_hours: float) -> Claim:
    """An energy counter."""
    return Claim(Kind.ENERGY, watt_hours, Sort.COUNT, _is_plausible(Kind.ENERGY, watt_hours))


def input_claims(on: bool | None, entry: Device) -> list[Claim]:
    """A switch input, or a contact that does not say its sense: only its role says what it tells.

    A door is open when it is on, unless inverted. SOS and cancel are told by the edge.
    """
    role = entry.role
    if on is None or role is None:
        return []
    turned = on is not entry.invert
    if role in PRESSES:
        return [Claim(Kind.BUTTON, BUTTON_VALUE[PRESSES[role]] * turned, Sort.HELD)]
    if role is Role.MOTION:
        return [held(Kind.MOTION, turned)]
    return [state(Kind.CONTACT, on if role is Role.DOOR else not on)]


def _is_plausible(kind: Kind, value: float) -> bool:
    lowest, highest = PLAUSIBLE[kind]
    return lowest <= value <= highest


@dataclass(slots=True)
class Sensor:
    """One sensor, under its id on the wire, as the per-device table has it."""

    id: str
    entry: Device
    word: str = ""
    pressed_at: datetime | None = None

    def facts(
        self, said: Iterable[Claim | Pressed], at: datetime, *, arrival: datetime | None = None, when: When = When.NOW
    ) -> tuple[Fact, ...]:
        """`at`: when it happened; a press happened on `arrival` (else `at`), since two are told apart by it."""
        facts = []
        for one in said:
            if isinstance(one, Claim):
                fact = self._fact(one, at)
                facts.append(fact if when is When.NOW else replace(fact, when=when))
            elif when is When.NOW:
                facts += self._press(one, arrival or at)
            else:
                facts.append(Fact(self.id, Kind.BUTTON, self._button(one), Sort.PULSE, at, when=when))
        return tuple(facts)

    def _fact(self, claim: Claim, at: datetime) -> Fact:
        kind, value, sort, role = claim.kind, claim.value, claim.sort, self.entry.role
        if kind is Kind.CONTACT and self.entry.invert:
            value = 1.0 - value
        occupies = OCCUPIES.get(role) if role else None
        if occupies and kind in (Kind.CONTACT, Kind.PRESENCE, Kind.MOTION):
            value = 1.0 - value if kind is Kind.CONTACT else value  # a closed circuit: somebody is there
            kind, sort = occupies, Sort.STATE
        return Fact(self.id, kind, value, sort, at, claim.plausible)

    def _press(self, pressed: Pressed, at: datetime) -> list[Fact]:
        """One press, whether it is told once, by a second topic, or again on letting go."""
        ago = at - self.pressed_at if self.pressed_at else timedelta.max
        same = ago <= SAME_PRESS and pressed.word == self.word
        let_go = pressed.is_release and ago <= RELEASE_OF
        if same or let_go:
            return []
        self.word, self.pressed_at = pressed.word, at
        return [Fact(self.id, Kind.BUTTON, self._button(pressed), Sort.PULSE, at)]

    def _button(self, pressed: Pressed) -> float:
        button = PRESSES.get(self.entry.role) if self.entry.role else None
        return BUTTON_VALUE[button] if button else pressed.value


class Sensors:
    """The sensors of one integration. Names that are made up must not fill the memory."""

    MOST = 2000  # no home has so many

    def __init__(self, table: DeviceTable) -> None:
        self.table = table
        self.known: dict[str, Sensor] = {}

    def get(self, sensor: str, entry: Device) -> Sensor | None:
        """The sensor under its id, used as the server says, else as its entry. None: there are too many already."""
        entry = self.table.of(sensor, entry)
        known = self.known.get(sensor)
        if known is None:
            if len(self.known) >= self.MOST:
                return None
            known = self.known[sensor] = Sensor(sensor, entry)
        known.entry = entry  # a table may change while we run
        return known

"""What a discovery message of Home Assistant describes: entities, and where they speak. Pure.

Both forms are read: one entity a message, and a whole device with `components`; long
names and the short ones (`stat_t`). What is not as documented is left out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateway.adapters.ha_template import UNREADABLE, Template, read_template

COMPONENTS = frozenset({"binary_sensor", "sensor", "event", "device_automation", "lock", "cover"})
# Of these only the form is known: they are discovery, and say nothing about care.
OTHERS = frozenset(
    {"alarm_control_panel", "button", "camera", "climate", "device", "device_tracker", "fan", "humidifier", "image"}
    | {"lawn_mower", "light", "notify", "number", "scene", "select", "siren", "switch", "tag", "text", "update"}
    | {"vacuum", "valve", "water_heater"}
)
LONG = {
    "avty": "availability",
    "avty_t": "availability_topic",
    "avty_tpl": "availability_template",
    "cmps": "components",
    "dev": "device",
    "dev_cla": "device_class",
    "ids": "identifiers",
    "p": "platform",
    "pl": "payload",
    "pl_avail": "payload_available",
    "pl_not_avail": "payload_not_available",
    "pl_off": "payload_off",
    "pl_on": "payload_on",
    "stat_locked": "state_locked",
    "stat_t": "state_topic",
    "stat_unlocked": "state_unlocked",
    "t": "topic",
    "uniq_id": "unique_id",
    "unit_of_meas": "unit_of_measurement",
    "val_tpl": "value_template",
}
MOST_COMPONENTS = 200
NO_NAMES = frozenset({None, "value", "state", "status"})  # fields that do not say what they hold
_TOPIC = re.compile(
    rf"(?:.+?/)?(?P<component>{'|'.join(sorted(COMPONENTS | OTHERS))})/(?:(?P<node>[^/]+)/)?(?P<object>[^/]+)/config"
)


@dataclass(frozen=True, slots=True)
class Availability:
    topic: str
    template: Template
    online: object = "online"
    offline: object = "offline"


@dataclass(frozen=True, slots=True)
class Entity:
    """`device`: who has it, as it names itself; `key`: which of that device's entities."""

    component: str
    device: str
    key: str
    topic: str
    template: Template
    name: str
    device_class: str | None = None
    unit: str | None = None
    on: object = "ON"
    off: object = "OFF"
    payload: object = None
    availability: tuple[Availability, ...] = ()


def component_of(topic: str) -> str | None:
    """The component that a discovery topic is about; None: it is no such topic."""
    found = _TOPIC.fullmatch(topic)
    return found["component"] if found else None


def entities(topic: str, body: object) -> Iterator[Entity]:
    """The entities that a message on this topic describes, as far as we can read them."""
    found = _TOPIC.fullmatch(topic)
    if found is None or not isinstance(body, dict):
        return
    config = _long(body)
    parts = config.get("components")
    if found["component"] == "device" and isinstance(parts, dict):
        for key, part in list(parts.items())[:MOST_COMPONENTS]:
            if isinstance(part, dict):
                merged = config | _long(part)
                yield from _entity(str(merged.get("platform")), merged, f"{found['object']} {key}")
    else:
        yield from _entity(found["component"], config, f"{found['node'] or ''} {found['object']}".strip())


def _long(body: Mapping[str, object]) -> dict[str, object]:
    """The same with long names, and `~` put in where it stands for the base topic."""
    full = {LONG.get(name, name): value for name, value in body.items()}
    base = full.get("~")
    if isinstance(base, str):
        for name in ("state_topic", "topic", "availability_topic"):
            value = full.get(name)
            if isinstance(value, str) and (value.startswith("~") or value.endswith("~")):
                full[name] = base + value[1:] if value.startswith("~") else value[:-1] + base
    return full


def _entity(component: str, config: Mapping[str, object], key: str) -> Iterator[Entity]:
    topic = config.get("topic") if component == "device_automation" else config.get("state_topic")
    if component not in COMPONENTS or not isinstance(topic, str) or not topic:
        return
    template = read_template(config.get("value_template")) or UNREADABLE
    locked = component == "lock"
    yield Entity(
        component=component,
        device=_device(config) or str(config.get("unique_id") or key),
        key=str(config.get("unique_id") or key),
        topic=topic,
        template=template,
        name=key.rpartition(" ")[2] if template.field in NO_NAMES else str(template.field),
        device_class=_text(config.get("device_class")),
        unit=_text(config.get("unit_of_measurement")),
        on=config.get("state_locked", "LOCKED") if locked else config.get("payload_on", "ON"),
        off=config.get("state_unlocked", "UNLOCKED") if locked else config.get("payload_off", "OFF"),
        payload=config.get("payload"),
        availability=tuple(_availability(config)),
    )


def _device(config: Mapping[str, object]) -> str | None:
    device = config.get("device")
    full = _long(device) if isinstance(device, dict) else {}
    first = full.get("identifiers")
    if isinstance(first, list):
        first = first[0] if first else None
    return first if isinstance(first, str) and first else None


def _availability(config: Mapping[str, object]) -> Iterator[Availability]:
    said = config.get("availability")
    several = [said] if isinstance(said, dict) else said
    listed = [_long(one) for one in several if isinstance(one, dict)] if isinstance(several, list) else []
    if "availability_topic" in config:
        template = config.get("availability_template")  # that of the value is not for it
        listed.append({**config, "topic": config["availability_topic"], "value_template": template})
    for one in listed[:10]:
        topic, read = one.get("topic"), read_template(one.get("value_template"))
        if isinstance(topic, str) and read is not None:
            words = one.get("payload_available", "online"), one.get("payload_not_available", "offline")
            yield Availability(topic, read, *words)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None

"""Kinds as small numbers in the database, and which of them a person causes.

The numbers are part of the stored data: never change one, never use one again.
A new kind gets the next number. Pure.
"""

from gateway.messages import Kind

NUMBER: dict[Kind, int] = {
    Kind.CONTACT: 1,
    Kind.MOTION: 2,
    Kind.PRESENCE: 3,
    Kind.BED: 4,
    Kind.CHAIR: 5,
    Kind.POWER: 6,
    Kind.TEMPERATURE: 7,
    Kind.HUMIDITY: 8,
    Kind.ILLUMINANCE: 9,
    Kind.BUTTON: 10,
    Kind.SMOKE: 11,
    Kind.CO: 12,
    Kind.LEAK: 13,
    Kind.FALL: 14,
    Kind.VIBRATION: 15,
    Kind.LOCK: 16,
    Kind.MEDICATION: 17,
    Kind.REMINDER: 18,
    Kind.VISIT: 19,
    Kind.ENERGY: 20,
    Kind.BEAT: 21,
    Kind.MAINS: 22,
    Kind.BATTERY: 23,
    Kind.BATTERY_LOW: 24,
    Kind.LINK_QUALITY: 25,
    Kind.TAMPER: 26,
    Kind.AVAILABLE: 27,
    Kind.GAS: 28,
}
KIND: dict[int, Kind] = {number: kind for kind, number in NUMBER.items()}

ACTIVITY_KINDS = frozenset(
    {
        Kind.MOTION,
        Kind.PRESENCE,
        Kind.BED,
        Kind.CHAIR,
        Kind.CONTACT,
        Kind.BUTTON,
        Kind.VIBRATION,
        Kind.LOCK,
        Kind.MEDICATION,
        Kind.REMINDER,
        Kind.VISIT,
        Kind.FALL,
    }
)
"""Signs of life: kinds that a person causes (but see BY_ITSELF)."""

BY_ITSELF: frozenset[tuple[Kind, float]] = frozenset(
    {
        (Kind.MOTION, 0.0),
        (Kind.PRESENCE, 0.0),
        (Kind.VIBRATION, 0.0),
        (Kind.FALL, 0.0),
        (Kind.MEDICATION, 1.0),
        (Kind.MEDICATION, 2.0),
        (Kind.MEDICATION, 4.0),
        (Kind.MEDICATION, 5.0),
        (Kind.REMINDER, 1.0),
        (Kind.REMINDER, 4.0),
    }
)
"""Values of those kinds that need nobody: the end of a movement comes from a timer in the
sensor, of a dispenser's words only "opened" takes a hand, and of a reminder's "done" and "skipped"."""


def is_sign_of_life(kind: Kind, value: float) -> bool:
    """Whether somebody must have been there for this reading to be made."""
    return kind in ACTIVITY_KINDS and (kind, value) not in BY_ITSELF

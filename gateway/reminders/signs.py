"""Whether what a sensor told answers a reminder. Pure.

A device knows that a lid was opened or a kettle took power, never that something was taken or
drunk: a reminder that is done "by a sensor" says no more than that.
"""

from gateway.config import Sign
from gateway.messages import Kind

LID_OPENED = 3.0
"""Of a dispenser: what `medication` says when a hand has opened it."""
LEAST_W, LEAST_WH = 100.0, 5.0
"""A plug that only stands by takes up to 37 W; a kettle takes some 100 Wh for a litre."""


def shows(sign: Sign, kind: Kind, value: float) -> bool:
    if sign is Sign.OPENED:
        return (kind is Kind.CONTACT and value == 1) or (kind is Kind.MEDICATION and value == LID_OPENED)
    if sign is Sign.USED:
        return (kind is Kind.POWER and value >= LEAST_W) or (kind is Kind.ENERGY and value >= LEAST_WH)
    return kind in (Kind.MOTION, Kind.PRESENCE, Kind.VIBRATION) and value == 1

"""Judges what a gateway makes of what it is told: config, pictures, commands, nonsense. Pure.

All but the last is for gateways that show reminders or help to set sensors up; others may do without.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from gateway.messages import GATEWAY_SENSOR, Status
from simulators.conformance.evidence import Evidence
from simulators.conformance.verdicts import Point, Verdict, failed, not_offered, not_tried, passed

BEFORE = datetime.min.replace(tzinfo=UTC)
NO_CONFIG = "its status names no config; a gateway without a page may do without"
NO_WALK_TEST = "its status names no walk test"
NOT_REACHED = "it was not reached"


def _between(evidence: Evidence, first: int | None, end: int | None) -> Iterator[Status]:
    """The statuses heard from one place to another, of a gateway that is there."""
    if first is not None:
        last = len(evidence.heard) if end is None else end
        yield from (one for place, _, one in evidence.statuses if first <= place < last and one.online)


def config(evidence: Evidence) -> Verdict:
    told = evidence.told.config
    named = [one.config for _, _, one in evidence.statuses if one.config is not None]
    if told is None:
        return not_tried(NOT_REACHED)
    if not named:
        return not_offered(NO_CONFIG)
    if told not in named:
        return failed(f"version {told}, which has a field that nobody knows yet, was never confirmed")
    return passed(f"version {told}, and the field that nobody knows does no harm")


def assets(evidence: Evidence) -> Verdict:
    told = evidence.told
    if told.config is None:
        return not_tried(NOT_REACHED)
    asked = [told.asset in one.missing for one in _between(evidence, 0, told.asset_sent)]
    if not any(asked):
        return not_offered("it never asked for the picture of a reminder (`missing` in its status)")
    after = [told.asset in one.missing for one in _between(evidence, told.asset_sent, told.walk_begun)]
    if not after or after[-1]:
        return failed("it went on asking for a picture that was sent")
    return passed("it asked for a picture, not for others, and stopped when it came")


def walk_test(evidence: Evidence) -> Verdict:
    told = evidence.told
    if told.walk_begun is None:
        return not_tried(NOT_REACHED)
    if not any(one.walk_test_until for one in _between(evidence, told.walk_begun, told.walk_ended)):
        return not_offered(NO_WALK_TEST)
    after = [one.walk_test_until for one in _between(evidence, told.walk_ended, told.repeated)]
    if not after or after[-1] is not None:
        return failed("it did not end when told to")
    return _followed(evidence, told.walk_begun, told.walk_ended or 0)


def _followed(evidence: Evidence, first: int, end: int) -> Verdict:
    """Whether the status was soon there after each sensor that spoke."""
    within = evidence.follows_within
    spoke = [(one.heard.at, reading) for one, reading in evidence.readings() if first <= one.place < end]
    sensors = [(came, reading) for came, reading in spoke if reading.sensor != GATEWAY_SENSOR]
    for came, reading in sensors:
        soon = (one for at, heard, one in evidence.statuses if at >= first and heard.at <= came + within)
        if not any(one.sensors_at.get(reading.sensor, BEFORE) >= reading.at for one in soon):
            return failed(f"the status did not follow {reading.sensor} within {within.total_seconds():.0f} s")
    return passed("begun and ended" + ("" if sensors else "; no sensor spoke meanwhile"))


def commands_once(evidence: Evidence) -> Verdict:
    return _ignored(evidence, evidence.told.repeated, evidence.told.ended_again, "a command was done again")


def commands_expire(evidence: Evidence) -> Verdict:
    return _ignored(evidence, evidence.told.expired, evidence.told.nonsense, "a command of the past was done")


def _ignored(evidence: Evidence, first: int | None, end: int | None, fault: str) -> Verdict:
    if first is None:
        return not_offered(NO_WALK_TEST)
    done = any(one.walk_test_until for one in _between(evidence, first, end))
    return failed(fault) if done else passed("it changed nothing")


def nonsense(evidence: Evidence) -> Verdict:
    told = evidence.told
    if told.nonsense is None or not evidence.came(0, told.nonsense):
        return not_tried(NOT_REACHED)
    if any(not one.online for place, _, one in evidence.statuses if place >= told.nonsense):
        return failed("it went offline")
    if told.last_config is not None and told.config in {one.config for _, _, one in evidence.statuses}:
        confirmed = {one.config for one in _between(evidence, told.nonsense, None)}
        said = passed("it took the next config") if told.last_config in confirmed else None
        return said or failed(f"config {told.last_config} was not taken afterwards")
    heard = len(evidence.heard) - told.nonsense
    return passed("it went on speaking") if heard else failed("nothing was heard of it afterwards")


TOLD_POINTS = (
    Point("config", "the version in force is confirmed in the status, and unknown fields are ignored", config),
    Point("assets", "pictures and sounds that are missing are asked for, until they come", assets),
    Point("walk test", "it is named in the status, which follows each sensor, until it is ended", walk_test),
    Point("commands once", "the repeat of a command's id changes nothing", commands_once),
    Point("commands expire", "a command is not done after it has expired", commands_expire),
    Point(
        "nonsense", "garbage and what is too large on `stored`, `config`, `assets`, `commands` stops nothing", nonsense
    ),
)

"""Judges what was heard of a gateway, point by point. Pure: no clock, no network."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from pydantic import ValidationError

from gateway.messages import BEAT_EVERY_S, GATEWAY_SENSOR, MAX_MESSAGE_BYTES, Envelope, Kind, Reading, Status
from simulators.conformance.evidence import Evidence, Key
from simulators.conformance.told_points import TOLD_POINTS
from simulators.conformance.verdicts import Point, Verdict, failed, not_tried, passed, why

OWN_TOPICS = ("readings", "status", "devices")
IN_UTC = re.compile(r"(Z|[+-]00:00)$")
MOST_NAMED = 3


def _named(keys: list[Key]) -> str:
    named = ", ".join(f"{seq} of boot {boot}" for boot, seq in keys[:MOST_NAMED])
    return named + (f" and {len(keys) - MOST_NAMED} more" if len(keys) > MOST_NAMED else "")


NO_READINGS = "no reading came: let a sensor speak while this runs"


def form(evidence: Evidence) -> Verdict:
    count = 0
    for _, heard in evidence.on("readings"):
        count += 1
        if len(heard.payload) > MAX_MESSAGE_BYTES:
            return failed(f"a message of {len(heard.payload)} bytes")
        try:
            envelope = Envelope.model_validate_json(heard.payload)
        except ValidationError as error:
            return failed(why(error))
        if envelope.gateway != evidence.gateway:
            return failed(f"`gateway` is {envelope.gateway} on the topic of {evidence.gateway}")
        if any(later.seq <= sooner.seq for sooner, later in pairwise(envelope.readings)):
            return failed("`seq` does not rise within an envelope")
    return passed(f"{count} envelopes") if count else not_tried(NO_READINGS)


def delivery(evidence: Evidence) -> Verdict:
    heard = [one for _, one in evidence.on("readings")]
    if any(one.qos == 0 for one in heard):
        return failed("an envelope was published with QoS 0")
    if any(one.retained for one in heard):
        return failed("an envelope was published as retained")
    return passed(f"{len(heard)} envelopes") if heard else not_tried(NO_READINGS)


def in_utc(evidence: Evidence) -> Verdict:
    if not evidence.envelopes:
        return not_tried(NO_READINGS)
    for one in evidence.envelopes:
        raw = json.loads(one.heard.payload)
        for text in (raw["sent_at"], *(reading["at"] for reading in raw["readings"])):
            if not isinstance(text, str) or not IN_UTC.search(text):
                return failed(f"a time is written as {str(text)[:40]}")
    return passed("each time ends in Z or +00:00")


def clock(evidence: Evidence) -> Verdict:
    if not evidence.envelopes:
        return not_tried(NO_READINGS)
    off = max((abs(one.heard.at - one.envelope.sent_at) for one in evidence.envelopes), default=timedelta())
    if off > evidence.off_by_most:
        return failed(f"sent_at is {off.total_seconds():,.0f} s off the time at which the envelope came")
    for one, reading in evidence.readings():
        if reading.at - one.envelope.sent_at > evidence.off_by_most:
            return failed(f"reading {reading.seq} happened after it was sent")
    return passed(f"at most {off.total_seconds():.1f} s off")


def numbers(evidence: Evidence) -> Verdict:
    seen: dict[str, set[int]] = {}
    for boot, seq in evidence.came():
        seen.setdefault(boot, set()).add(seq)
    if not seen:
        return not_tried(NO_READINGS)
    begun_before = {status.boot for place, _, status in evidence.statuses if place < evidence.greeted}
    begun = {status.boot for _, _, status in evidence.statuses} - begun_before
    for boot, seqs in seen.items():
        lowest = 1 if boot in begun else min(seqs)
        missing = [(boot, seq) for seq in range(lowest, max(seqs)) if seq not in seqs]
        if missing:
            return failed(f"never came: {_named(missing)}")
    count = sum(map(len, seen.values()))
    hint = "" if begun & seen.keys() else "; start the gateway after this test to see its first number too"
    return passed(f"{count} numbers{hint}")


def one_key(evidence: Evidence) -> Verdict:
    known: dict[Key, Reading] = {}
    for one, reading in evidence.readings():
        key = (one.envelope.boot, reading.seq)
        if known.setdefault(key, reading) != reading:
            return failed(f"{_named([key])} came with two contents")
    return passed(f"{len(known)} keys") if known else not_tried(NO_READINGS)


def resends(evidence: Evidence) -> Verdict:
    if evidence.withheld_from is None:
        return not_tried(NO_READINGS)
    keys = evidence.came(evidence.withheld_from, evidence.cut)
    again = len(keys) - len(set(keys))
    return (
        passed(f"{again} came again") if again else failed("nothing came again, though nothing was said to be stored")
    )


def resends_when_back(evidence: Evidence) -> Verdict:
    if evidence.cut is None:
        return not_tried("its line could not be cut; see --client-id and --by-hand")
    owed = set(evidence.came(evidence.withheld_from or 0, evidence.cut))
    missing = sorted(owed - set(evidence.came(evidence.cut, evidence.cut_again)))
    if missing:
        return failed(f"did not come again after its line was cut: {_named(missing)}")
    return passed(f"{len(owed)} came again") if owed else not_tried(NO_READINGS)


def forgets(evidence: Evidence) -> Verdict:
    if evidence.cut_again is None or not evidence.stored:
        return not_tried("its line could not be cut, or no reading came")
    stored = evidence.stored
    needless = sorted({key for key in evidence.came(evidence.cut_again) if key[1] <= stored.get(key[0], 0)})
    if needless:
        return failed(f"sent again though stored: {_named(needless)}")
    return passed(f"nothing of {sum(stored.values())} stored came again")


def beats(evidence: Evidence) -> Verdict:
    times = sorted({r.at for _, r in evidence.readings() if r.kind is Kind.BEAT and r.sensor == GATEWAY_SENSOR})
    if len(times) < 2:
        missing = f"{len(times)} beat{'' if len(times) == 1 else 's'} came"
        return failed(missing) if evidence.beats_waited else not_tried(f"{missing}; see --beats")
    longest = max(later - sooner for sooner, later in pairwise(times))
    if longest > timedelta(seconds=BEAT_EVERY_S + 5):
        return failed(f"{longest.total_seconds():,.0f} s between two beats")
    return passed(f"{len(times)} beats, at most {longest.total_seconds():,.0f} s apart")


def status(evidence: Evidence) -> Verdict:
    for _, heard in evidence.on("status"):
        try:
            Status.model_validate_json(heard.payload)
        except ValidationError as error:
            return failed(why(error))
        if not heard.retained:
            return failed("a status was published without the retained flag")
    alive = [one for _, _, one in evidence.statuses if one.online]
    if not alive:
        return failed("no status with online: true came")
    if any(one.boot is None or one.at is None for one in alive):
        return failed("a status with online: true lacks `boot` or `at`")
    return passed(f"{len(evidence.statuses)} statuses")


def last_will(evidence: Evidence) -> Verdict:
    if evidence.cut is None:
        return not_tried("its line could not be cut; see --client-id and --by-hand")
    gone = [one for place, _, one in evidence.statuses if place >= evidence.cut and not one.online]
    return passed("the broker told it") if gone else failed("nobody said online: false when its line was cut")


def topics(evidence: Evidence) -> Verdict:
    for heard in evidence.heard:
        leaf = heard.topic.removeprefix(f"hearth/1/{evidence.gateway}/")
        if leaf not in OWN_TOPICS:
            return failed(f"published on {heard.topic[:80]}")
    return passed("on `readings`, `status` and `devices` alone")


POINTS = (
    Point("form", "every envelope fits the schema, has at most 64 KiB and 500 readings, and names its gateway", form),
    Point("delivery", "readings are published with QoS 1 and not retained", delivery),
    Point("UTC", "times are written in UTC", in_utc),
    Point("clock", "sent_at is the time now, and nothing happens after it was sent", clock),
    Point("numbers", "each boot numbers its readings from 1 without a gap", numbers),
    Point("one key", "what comes again is the same reading", one_key),
    Point("resend", "what is not stored comes again after a while, nonsense on `stored` or not", resends),
    Point("resend when back", "what is not stored comes again on a new connection", resends_when_back),
    Point("forget", "what is stored does not come again", forgets),
    Point("beats", f"a beat at least every {BEAT_EVERY_S} s", beats),
    Point("status", "a retained status that fits the schema, with boot and time", status),
    Point("last will", "a retained status with online: false when the line is lost", last_will),
    Point("topics", "nothing is published elsewhere", topics),
    *TOLD_POINTS,
)


@dataclass(frozen=True, slots=True)
class Judged:
    point: Point
    verdict: Verdict


def judge(evidence: Evidence) -> list[Judged]:
    return [Judged(point, point.judge(evidence)) for point in POINTS]

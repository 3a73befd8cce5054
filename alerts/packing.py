"""A picture as a small dict for a jsonb column, and back. Pure.

The sets of minutes are packed together, since most of them is nothing; what follows from another
set is left out of it: a door's sensor makes a sign of life whenever it opens or shuts, and most
doors are shut in the minute they are opened.
"""

import base64
import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from alerts.marks import OPEN, SHUT, Mark, Marks, Times
from alerts.warmth import Warmth
from gateway.messages import Kind
from ingest.kinds import KIND, NUMBER

if TYPE_CHECKING:
    from alerts.folding import Key, Picture

_RAW = -15
"""zlib's word for "no header"."""


def packed(picture: "Picture") -> dict[str, Any]:
    """What `unpacked` reads. Things that most homes do not have are left out."""
    width = (picture.newest - picture.base) // 8 + 1 if picture.newest >= 0 else 0
    sets = [picture.covered, *_signs_alone(picture), *_marks_alone(picture.marks)]
    keys = list(picture.signs)
    keys += sorted({(place, role) for place, role, _, _ in picture.marks} - set(keys))
    number = {key: at for at, key in enumerate(keys)}
    found = {
        "v": 2,
        "base": picture.base,
        "newest": picture.newest,
        "beat": picture.last_beat,
        "signs": [[*key, picture.last[key]] for key in picture.signs],
        "others": [list(key) for key in keys[len(picture.signs) :]],
        "marks": [
            [number[place, role], NUMBER[kind], round(value), times.newest]
            for (place, role, kind, value), times in picture.marks.items()
        ],
        "warmth": [[place, one.newest, one.to_text()] for place, one in picture.warmth.items()],
        "calls": [[*key, list(times)] for key, times in picture.calls.items()],
        "sets": _sets_packed(sets, width),
    }
    return {name: value for name, value in found.items() if value != []}


def unpacked(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the picture that `packed` was given, or an older version of it.

    Raises ValueError, LookupError, TypeError, zlib.error or struct.error on anything else.
    """
    if data["v"] == 1:
        return _of_version_1(data)
    if data["v"] != 2:
        raise ValueError("a picture of another version")
    keys = [(place, role) for place, role, _ in data.get("signs", ())]
    named = [*keys, *((place, role) for place, role in data.get("others", ()))]
    marked = [((*named[at], KIND[kind], float(value)), newest) for at, kind, value, newest in data.get("marks", ())]
    sets = _sets_unpacked(data["sets"], 1 + len(keys) + len(marked))
    minutes = _marks_whole(dict(zip([mark for mark, _ in marked], sets[1 + len(keys) :], strict=True)))
    marks = {mark: Times(minutes[mark], newest) for mark, newest in marked}
    signs = dict(zip(keys, sets[1 : 1 + len(keys)], strict=True))
    following = _signs_by_doors(marks)
    warmth = {place: Warmth.from_text(text, newest) for place, newest, text in data.get("warmth", ())}
    return _common(data, sets[0]) | {
        "signs": {key: bits ^ following.get(key, 0) for key, bits in signs.items()},
        "marks": marks,
        "warmth": warmth,
    }


def _of_version_1(data: Mapping[str, Any]) -> dict[str, Any]:
    """It knew only when outside doors were opened, and how each door stood at last."""
    keys = [(place, role) for place, role, _ in data["signs"]]
    sets = _sets_unpacked(data["sets"], 1 + len(keys) + len(data["opened"]))
    signs = dict(zip(keys, sets[1:], strict=False))
    opened = dict(zip(data["opened"], sets[1 + len(keys) :], strict=True))
    marks: dict[Mark, Times] = {}
    for place, role, at, is_open in data["doors"]:
        last = 1 << (int(at // 60) - data["base"]) if at // 60 >= data["base"] else 0
        opens = opened.get(place, 0) if role == "outside_door" else last * is_open
        shuts = (signs.get((place, role), 0) & ~opens) | last * (not is_open)
        for value, minutes in ((OPEN, opens), (SHUT, shuts)):
            newest = at if (value == OPEN) == is_open else (data["base"] + minutes.bit_length() - 1) * 60.0
            if minutes or newest == at:
                marks[place, role, Kind.CONTACT, value] = Times(minutes, newest)
    return _common(data, sets[0]) | {"signs": signs, "marks": marks}


def _common(data: Mapping[str, Any], covered: int) -> dict[str, Any]:
    """What no version keeps otherwise."""
    return {
        "base": data["base"],
        "newest": data["newest"],
        "covered": covered,
        "last_beat": data["beat"],
        "last": {(place, role): at for place, role, at in data.get("signs", ())},
        "calls": {(place, kind): tuple(times) for place, kind, times in data.get("calls", ())},
    }


def _signs_by_doors(marks: Marks) -> "dict[Key, int]":
    """The signs of life that follow from what doors reported."""
    found: dict[Key, int] = {}
    for (place, role, kind, _), times in marks.items():
        if kind is Kind.CONTACT:
            found[place, role] = found.get((place, role), 0) | times.minutes
    return found


def _signs_alone(picture: "Picture") -> list[int]:
    following = _signs_by_doors(picture.marks) if picture.marks else {}
    return [bits ^ following.get(key, 0) for key, bits in picture.signs.items()]


def _marks_alone(marks: Marks) -> list[int]:
    """A door's "shut" without the minutes in which it says what "open" does."""
    minutes = {mark: times.minutes for mark, times in marks.items()}
    return list(_marks_whole(minutes).values())


def _marks_whole(alone: Mapping[Mark, int]) -> dict[Mark, int]:
    """What `_marks_alone` took away, given back; either way it is the difference of the two sets."""
    whole = dict(alone)
    for place, role, kind, value in alone:
        if kind is Kind.CONTACT and value == SHUT:
            whole[place, role, kind, value] ^= alone.get((place, role, kind, OPEN), 0)
    return whole


def _sets_packed(sets: Sequence[int], width: int) -> str:
    """Run lengths and Huffman codes: for these sets a quarter of the time of plain zlib, and smaller."""
    packer = zlib.compressobj(wbits=_RAW, memLevel=7, strategy=zlib.Z_RLE)
    raw = b"".join(bits.to_bytes(width, "little") for bits in sets)
    return base64.b64encode(packer.compress(raw) + packer.flush()).decode()


def _sets_unpacked(text: str, count: int) -> list[int]:
    raw = zlib.decompress(base64.b64decode(text), _RAW)
    width = len(raw) // count
    if not width:
        return [0] * count
    return [int.from_bytes(raw[at : at + width], "little") for at in range(0, width * count, width)]

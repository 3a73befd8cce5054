"""Which model a LoRaWAN device is, from what people call it or from its address. Pure.

A model matters where several makes send the same bytes for different things.
"""

import re
from collections.abc import Iterable

from gateway.adapters.claims import CALLS
from gateway.adapters.vocabulary import parts

_GAP = r"[-_ ]?"
PATTERNS = {
    "WS101": "WS101",
    "WS202": "WS202",
    "WS203": "WS203",
    "WS301": "WS301",
    "WS303": "WS303",
    "VS340": "VS34[0-9X]?",
    "VS321": "VS321",
    "VS330": "VS3[357][0-9X]",
    "EM300-MCS": f"EM300{_GAP}MCS",
    "EM300-LD": f"EM300{_GAP}[MSZ]LD",
    "EM300-TH": f"EM300{_GAP}TH",
    "LDS02": f"L(DS|WL)0[12]",  # noqa: F541 (one form for the whole table)
    "LDS03A": "L?DS03A",
    "LWL03A": "L?WL03A",
    "PB01": "PB01",
    "PROBE": f"PT{_GAP}1000?",  # in a pipe or an oven
    "LHT52": "LHT52",
    "LHT65": f"LHT65(?!N?{_GAP}PIR)N?",
    "LHT65-PIR": f"LHT65N?{_GAP}PIR",
    "RBS-DWS": f"RBS30[0-9]{_GAP}DWS",
    "CALL": "(R312A|RB02I)",  # Netvox' emergency buttons
    "R718T": "R718T",
    "TRACKERD": f"(TRACKER{_GAP}D|LGT{_GAP}92)",
    "TBDW100": f"(TBDW{_GAP}100|DOOR{_GAP}(AND{_GAP})?WINDOW{_GAP}SENSOR)",
    "TBMS100": f"TBMS{_GAP}100",
    "TBWL100": f"TBWL{_GAP}100",
    "TBHV110": f"TBH[HV]{_GAP}1[01]0",
    "TBPB100": f"TBPB{_GAP}100",
}
_KNOWN = {name: re.compile(rf"(?<![A-Z0-9]){pattern}(?![0-9])") for name, pattern in PATTERNS.items()}
# Milesight's addresses begin with 24E124; the next three digits are the product's, as seen on many devices.
BY_ADDRESS = {"24e124141": "WS301", "24e124538": "WS202", "24e124535": "WS101"}
SEATS = frozenset({"VS340", "VS321", "VS330"})
"""Devices whose "occupied" is no movement: a desk or chair, a radar."""


def model_in(hints: Iterable[str]) -> str | None:
    """The one model that is named; None: none, or several."""
    found = {name for hint in hints for name, pattern in _KNOWN.items() if pattern.search(hint[:200].upper())}
    return found.pop() if len(found) == 1 else None


def calls_for_help(hints: Iterable[str]) -> bool:
    """Whether it is sold, or named, as a button for that: then every press of it is a call."""
    return any(CALLS & set(parts(hint[:200])) for hint in hints)


def model_of_address(eui: str) -> str | None:
    return BY_ADDRESS.get(eui[:9])

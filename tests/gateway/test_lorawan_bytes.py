"""What the bytes of common LoRaWAN devices mean, and when they are nobody's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.claims import Claim
from gateway.adapters.lorawan_bytes import decoded_bytes
from gateway.adapters.lorawan_fields import Decoded
from gateway.adapters.lorawan_models import model_in, model_of_address
from gateway.messages import Kind

PRESS = "press"


def said(decoded: Decoded) -> dict[Kind | str, float]:
    claims = {one.kind: one.value for one in decoded.said if isinstance(one, Claim)}
    pressed = len(claims) < len(decoded.said)
    return claims | ({PRESS: 1.0} if pressed else {})


@pytest.mark.parametrize(
    ("model", "port", "raw", "expected"),
    [
        ("WS301", 85, "01755a 030001 040001", {Kind.BATTERY: 90, Kind.CONTACT: 1, Kind.TAMPER: 1}),
        ("WS301", 85, "030000 040000", {Kind.CONTACT: 0, Kind.TAMPER: 0}),
        ("WS202", 85, "017520 030001 040001", {Kind.BATTERY: 32, Kind.MOTION: 1}),
        ("WS203", 85, "03670d01 046850 050001", {Kind.TEMPERATURE: 26.9, Kind.HUMIDITY: 40, Kind.MOTION: 1}),
        ("WS303", 85, "030001", {Kind.LEAK: 1}),
        ("VS340", 85, "017563 030001", {Kind.BATTERY: 99, Kind.PRESENCE: 1}),
        ("EM300-LD", 85, "03670d01 046850 050001", {Kind.TEMPERATURE: 26.9, Kind.HUMIDITY: 40, Kind.LEAK: 1}),
        (None, 85, "01755a ff2e02", {Kind.BATTERY: 90, PRESS: 1}),
        (None, 85, "ff2e09", {PRESS: 1}),
        (None, 85, "ff34010200", {PRESS: 1}),
        (None, 85, "01755a 050001", {Kind.BATTERY: 90, Kind.LEAK: 1}),
        (None, 85, "0367f6ff 04683c 060001", {Kind.TEMPERATURE: -1, Kind.HUMIDITY: 30, Kind.CONTACT: 1}),
        (None, 85, "836722010 1".replace(" ", ""), {Kind.TEMPERATURE: 29}),
        (None, 85, "0367ffff 0468ff", {}),
        (None, 6, "01 10 01 05 01", {}),  # too short for a Netvox
        ("TBMS100", 102, "01bb340400dc7801", {Kind.MOTION: 1}),
        ("TBWL100", 106, "110b362836", {Kind.LEAK: 1, Kind.TEMPERATURE: 22, Kind.HUMIDITY: 40}),
        ("TBPB100", 147, "01fe370000040000", {PRESS: 1}),
        (None, 85, "0480e8030000 068310270000", {Kind.POWER: 1000, Kind.ENERGY: 10000}),
        (None, 85, "05fd0200", {Kind.PRESENCE: 1}),
        (None, 85, "01755a 02820b05 038e01", {Kind.BATTERY: 90, Kind.PRESENCE: 1}),
        (
            None,
            85,
            "03670d01 046850 050001 06cb02",
            {Kind.TEMPERATURE: 26.9, Kind.HUMIDITY: 40, Kind.MOTION: 1},
        ),
        (
            None,
            85,
            "03670d01 046850 056a0100 0665f10037006800",
            {Kind.TEMPERATURE: 26.9, Kind.HUMIDITY: 40, Kind.ILLUMINANCE: 241},
        ),
        (
            None,
            5,
            "0100e2 0229 040027 0503 070e10",
            {Kind.TEMPERATURE: 22.6, Kind.HUMIDITY: 41, Kind.ILLUMINANCE: 39, Kind.MOTION: 1},
        ),
        (None, 5, "1100 070e10", {Kind.MOTION: 0}),
        (None, 5, "1101 0d01 070e10", {}),
        (None, 6, "01 52 01 1e 0834 0064 01 00 00", {}),
        (None, 10, "8bb8 01 000005 000000 00", {Kind.CONTACT: 1}),
        (None, 10, "4bb8 02 000005 000000 00", {Kind.LEAK: 1}),
        ("LDS03A", 2, "01 000002 000000 65e00000", {Kind.CONTACT: 1}),
        ("LWL03A", 2, "01 000002 000000 65e00000", {Kind.LEAK: 1}),
        ("PB01", 2, "0ce4 03 01 00d2 01f4", {PRESS: 1, Kind.TEMPERATURE: 21, Kind.HUMIDITY: 50}),
        ("LHT65", 2, "cbf6 0834 01f4 01 0000 7fff", {Kind.TEMPERATURE: 21, Kind.HUMIDITY: 50}),
        ("LHT65", 2, "cbf6 0834 c1f4 81 0000 7fff", {Kind.TEMPERATURE: 21, Kind.HUMIDITY: 50}),
        ("LHT65", 2, "cbf6 0102 0304 0f 0506 0708", {}),
        ("LHT65-PIR", 2, "cbea 0834 01f4 04 01 01 ffff", {Kind.TEMPERATURE: 21, Kind.HUMIDITY: 50, Kind.MOTION: 1}),
        ("LHT65-PIR", 2, "cbea 0834 01f4 04 00 00 ffff", {Kind.TEMPERATURE: 21, Kind.HUMIDITY: 50}),
        ("LHT52", 2, "0834 01f4 7fff 01 66388180", {Kind.TEMPERATURE: 21, Kind.HUMIDITY: 50}),
        (None, 100, "01 0b 35 0100 020000", {Kind.CONTACT: 1}),
        (None, 102, "01 0b 35 0100 020000", {Kind.MOTION: 1}),
        (None, 106, "01 0b 35 32 36 0000", {Kind.LEAK: 1, Kind.HUMIDITY: 50, Kind.TEMPERATURE: 22}),
        (None, 147, "01 0b 35", {PRESS: 1}),
        (None, 6, "01 06 01 1e 00 01 000000 0000", {Kind.LEAK: 1, Kind.BATTERY_LOW: 0}),
        (None, 6, "01 4d 01 9e 01 00 000000 0000", {PRESS: 1, Kind.BATTERY_LOW: 1}),
        (None, 6, "01 0b 01 1e 0834 1388 000000", {Kind.BATTERY_LOW: 0, Kind.TEMPERATURE: 21, Kind.HUMIDITY: 50}),
        (
            None,
            6,
            "01 03 01 1e 0834 0064 01 00 00",
            {Kind.BATTERY_LOW: 0, Kind.TEMPERATURE: 21, Kind.ILLUMINANCE: 100, Kind.MOTION: 1, Kind.TAMPER: 0},
        ),
    ],
)
def test_what_bytes_mean(model: str | None, port: int, raw: str, expected: dict[Kind | str, float]) -> None:
    assert said(decoded_bytes(port, bytes.fromhex(raw), model)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("port", "raw"),
    [
        (85, "030001 040001"),  # a door taken off its frame, or somebody who moves in daylight
        (85, "030001"),  # a seat, or a leak
        (85, "03670d01 046850 050001"),  # a leak, or somebody who moves
        (2, "01 000002 000000 65e00000"),  # a door, or a leak
        (6, "01 02 01 1c 01 00000000 0000"),  # a switch that is "on"
        (100, "ff ff ff 0100 020000"),
        (10, "ffff 01 000005 000000 00"),
        (1, "01"),
        (5, "0100e2 0229"),
        (5, "1201 070e10 77"),
    ],
)
def test_what_several_makes_send_for_different_things_says_nothing_of_the_home(port: int, raw: str) -> None:
    harmless = {Kind.TEMPERATURE, Kind.HUMIDITY, Kind.BATTERY, Kind.BATTERY_LOW}
    assert said(decoded_bytes(port, bytes.fromhex(raw), None)).keys() <= harmless


def test_a_bare_switch_speaks_once_somebody_has_said_what_on_means() -> None:
    raw = bytes.fromhex("01 02 01 1c 01 00000000 0000")
    assert said(decoded_bytes(6, raw, None, sense_told=True))[Kind.CONTACT] == 1


def test_stored_measurements_keep_their_times() -> None:
    raw = bytes.fromhex("20ce ae5ba664 04 00 2401 65 20ce 5c5ca664 03 01 3401 65")
    decoded = decoded_bytes(85, raw, "WS203")
    assert [stamp for stamp, _ in decoded.records] == [1688624046, 1688624220]
    assert [one.value for _, claims in decoded.records for one in claims if isinstance(one, Claim)][:2] == [0, 29.2]


def test_a_reading_that_a_room_thermometer_sends_late_keeps_its_time() -> None:
    decoded = decoded_bytes(2, bytes.fromhex("cbf6 0834 01f4 81 66388180"), "LHT65")
    assert [stamp for stamp, _ in decoded.records] == [0x66388180]
    assert not decoded.said


def test_a_device_that_has_told_its_model_is_understood_from_then_on() -> None:
    assert decoded_bytes(5, bytes.fromhex("0a 0100 01 ff 0ce4"), None).model == "LDS03A"
    assert decoded_bytes(5, bytes.fromhex("14 0100 01 ff 0ce4"), None).model == "LWL03A"


def test_what_a_device_tells_of_itself_is_nothing_unread() -> None:
    assert decoded_bytes(85, bytes.fromhex("ff0bff ff0101 ff166412c12345670000 ff090310"), None).described


@pytest.mark.parametrize(
    ("hints", "model"),
    [
        (["Milesight WS301-868M"], "WS301"),
        (["default", "em300 mcs flat 4"], "EM300-MCS"),
        (["EM300-SLD water leak"], "EM300-LD"),
        (["lds03a"], "LDS03A"),
        (["vs341"], "VS340"),
        (["LHT65N-PIR"], "LHT65-PIR"),
        (["lht65n"], "LHT65"),
        (["WS3010"], None),
        (["WS301", "WS202"], None),
        (["front door"], None),
    ],
)
def test_a_model_is_known_by_its_name(hints: list[str], model: str | None) -> None:
    assert model_in(hints) == model


def test_a_model_is_known_by_its_address() -> None:
    assert model_of_address("24e124141c000000") == "WS301"
    assert model_of_address("24e124999c000000") is None


@given(st.one_of(st.sampled_from([2, 5, 6, 10, 85, 100, 102, 106, 147]), st.integers(0, 255)), st.binary(max_size=60))
def test_no_bytes_are_an_error(port: int, raw: bytes) -> None:
    for model in (None, "WS301", "WS203", "EM300-MCS", "LDS03A", "PB01", "LHT65-PIR", "LHT52"):
        assert isinstance(decoded_bytes(port, raw, model), Decoded)

"""A publisher that costs almost nothing: MQTT 5 spoken over a bare socket, for the bench only.

`python -m simulators.bench.load PORT GATEWAYS MESSAGES READINGS BOOT` publishes that many
envelopes with that many readings each, QoS 1, round the gateways `load-1`, `load-2`, ...;
it keeps a window of unacknowledged messages, and ends when the last is acknowledged.
"""

import io
import socket
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from gateway.messages import Envelope, Kind, Reading, topic

WINDOW = 2000
CHUNK = 100
SENSORS = {"kitchen": Kind.MOTION, "front-door": Kind.CONTACT, "bedroom": Kind.MOTION, "lounge": Kind.MOTION}


def gateway_name(number: int) -> str:
    return f"load-{number}"


def main(port: int, gateways: int, messages: int, readings: int, boot: str) -> None:
    packets = list(_packets(gateways, messages, readings, boot))
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link.sendall(_packet(0x10, _text("MQTT") + b"\x05\x02" + (600).to_bytes(2) + b"\x00" + _text(f"load-{boot}")))
        _read_packet(link.makefile("rb"))
        print(time.time(), flush=True)
        _send_all(link, packets)


def _send_all(link: socket.socket, packets: list[bytes]) -> None:
    acknowledged = sent = 0
    stream = link.makefile("rb")
    while acknowledged < len(packets):
        while sent < len(packets) and sent - acknowledged <= WINDOW - CHUNK:
            link.sendall(b"".join(packets[sent : sent + CHUNK]))
            sent = min(sent + CHUNK, len(packets))
        for _ in range(min(CHUNK, sent - acknowledged)):
            _read_packet(stream)
            acknowledged += 1


def _packets(gateways: int, messages: int, readings: int, boot: str) -> Iterator[bytes]:
    at = datetime.fromtimestamp(time.time(), UTC)
    body = {seq: _readings(at, seq * readings + 1, readings) for seq in range(-(-messages // gateways))}
    for number in range(messages):
        gateway = gateway_name(number % gateways + 1)
        head = f'{{"v":1,"gateway":"{gateway}","boot":"{boot}","sent_at":"{at.isoformat()}","readings":'
        payload = head.encode() + body[number // gateways] + b"}"
        mid = number % 65535 + 1
        yield _packet(0x32, _text(topic(gateway, "readings")) + mid.to_bytes(2) + b"\x00" + payload)


def _readings(at: datetime, first: int, count: int) -> bytes:
    names = list(SENSORS)
    made = [
        Reading(seq=seq, sensor=names[seq % len(names)], kind=SENSORS[names[seq % len(names)]], value=1, at=at)
        for seq in range(first, first + count)
    ]
    # As the gateway writes them: through the contract's own model.
    whole = Envelope(gateway="g", boot="b", sent_at=at, readings=tuple(made)).model_dump_json(include={"readings"})
    return whole.removeprefix('{"readings":').removesuffix("}").encode()


def _packet(first: int, body: bytes) -> bytes:
    length, size = bytearray(), len(body)
    while True:
        length.append(size & 127 | (128 if size > 127 else 0))
        size >>= 7
        if not size:
            return bytes([first]) + bytes(length) + body


def _text(text: str) -> bytes:
    return len(text).to_bytes(2) + text.encode()


def _read_packet(stream: io.BufferedReader) -> None:
    head = stream.read(2)
    if not head:
        raise ConnectionError("the broker hung up")
    stream.read(head[1])  # CONNACK and PUBACK are shorter than 128 bytes


if __name__ == "__main__":
    PORT, GATEWAYS, MESSAGES, READINGS = (int(argument) for argument in sys.argv[1:5])
    main(PORT, GATEWAYS, MESSAGES, READINGS, sys.argv[5])

"""paho, with a fast lane for what comes by the thousand: messages and acknowledgements.

paho asks the system for the first byte of each packet, then for its length, then for the
rest, makes a dozen objects for a message, and sends each acknowledgement by itself; every
call also lets the saving thread take the interpreter, for up to 5 ms. Here one call of the
system carries hundreds of packets, of which PUBLISH and PUBACK are read and written in place.
All else (connecting, the session, subscribing, pings) is paho's: its packets are handed to
it one by one.

`_sock_recv` and `_sock_send`, through which that is done, are not in paho's documentation:
the version is locked, and every test that connects would notice.
"""

import ssl
from collections.abc import Callable, Iterable

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

READ_BYTES = 256 * 1024
PUBLISH, QOS, QOS_1, PUBACK = 0x30, 0x06, 0x02, 0x40
LOWEST_MID, HIGHEST_MID = 0x8000, 0xFFFF
"""Ours; paho begins at 1 and has one for each subscription."""

Arriving = Callable[[str, bytes, int], None]
"""Called with topic, payload (cut to one byte more than `most`) and message id (0 for QoS 0)."""
Taken = Callable[[int], None]
"""Called with the id of a message of ours when the broker has it."""


class FastClient(mqtt.Client):
    """For one thread that drives the loop by hand. `on_message` is never called: `arriving` is."""

    def __init__(self, client_id: str, arriving: Arriving, taken: Taken, most: int) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTProtocolVersion.MQTTv5)
        self._arriving = arriving
        self._taken = taken
        self._next_mid = LOWEST_MID
        self._most = most
        self._ahead = bytearray()  # what was read and is not yet a whole packet
        self._for_paho = b""
        self._unsent = bytearray()
        self._ended = self._leaving = False
        # Without this paho would write each packet at once instead of leaving it to our loop.
        self.on_socket_register_write = lambda *_: None

    def begin(self) -> None:
        """Forget what an earlier connection left behind. To be called before `connect`."""
        self._ahead.clear()
        self._unsent.clear()
        self._for_paho = b""
        self._ended = self._leaving = False

    def acknowledge(self, mids: Iterable[int]) -> None:
        """Acknowledge messages of the present connection."""
        self._unsent += b"".join([b"\x40\x02" + mid.to_bytes(2) for mid in mids])

    def send(self, name: str, payload: bytes) -> int:
        """Publish with QoS 1 on the present connection; its message id. It is not sent again by itself."""
        mid, self._next_mid = self._next_mid, self._next_mid + 1 if self._next_mid < HIGHEST_MID else LOWEST_MID
        topic = name.encode()
        body = len(topic).to_bytes(2) + topic + mid.to_bytes(2) + b"\x00" + payload
        self._unsent += bytes([PUBLISH | QOS_1]) + _length(len(body)) + body
        return mid

    def want_write(self) -> bool:
        return bool(self._unsent) or super().want_write()

    def loop_write(self) -> MQTTErrorCode:
        """Hand all that is to be written to the system, or as much as it takes."""
        code = super().loop_write()
        try:
            while self._unsent and self.socket() is not None:
                del self._unsent[: super()._sock_send(self._unsent)]
        except BlockingIOError:
            pass  # the rest goes when the socket is writable
        except OSError:
            self._unsent.clear()  # the connection is lost; reading will notice
        return code

    def leave(self) -> None:
        """Say goodbye in order. paho closes the socket right after that packet, so it is not buffered."""
        self.loop_write()
        self._leaving = True
        self.disconnect()
        self.loop_write()

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Read what has come, and deal with every packet that is whole."""
        if self.socket() is None:
            return MQTTErrorCode.MQTT_ERR_NO_CONN
        more: bytes | None
        try:
            more = super()._sock_recv(READ_BYTES)
            while more and self._has_decrypted():
                self._ahead += more
                more = super()._sock_recv(READ_BYTES)
        except BlockingIOError:
            more = None
        except OSError:
            more = b""
        if more == b"":
            self._ended = True
            return super().loop_read(max_packets)
        self._ahead += more or b""
        done = self._take_packets()
        del self._ahead[:done]
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _has_decrypted(self) -> bool:
        """Whether TLS holds more than was read: of that the socket itself says nothing."""
        connected = self.socket()
        return isinstance(connected, ssl.SSLSocket) and connected.pending() > 0

    def _take_packets(self) -> int:
        """Deal with the whole packets among what was read; how many bytes they were."""
        ahead, start = self._ahead, 0
        while (found := _size(ahead, start + 1)) is not None and found[0] + found[1] <= len(ahead):
            body, end = found[0], found[0] + found[1]
            kind = ahead[start] & 0xF0
            if kind == PUBLISH:
                self._take_message(ahead[start] & QOS, body, end)
            elif kind == PUBACK:
                self._taken(ahead[body] << 8 | ahead[body + 1])
            else:
                self._for_paho = bytes(ahead[start:end])
                super().loop_read()
            start = end
        return start

    def _take_message(self, qos: int, place: int, end: int) -> None:
        ahead = self._ahead
        name_ends = place + 2 + (ahead[place] << 8 | ahead[place + 1])
        name = ahead[place + 2 : name_ends].decode(errors="replace")
        mid = 0
        if qos:
            mid = ahead[name_ends] << 8 | ahead[name_ends + 1]
            name_ends += 2
        found = _size(ahead, name_ends)  # of the properties, of which none matters here
        payload = end if found is None else found[0] + found[1]
        self._arriving(name, bytes(ahead[payload : min(end, payload + self._most + 1)]), mid)

    def _sock_recv(self, bufsize: int) -> bytes:
        if self._ended:
            return b""
        if not self._for_paho:
            raise BlockingIOError
        part, self._for_paho = self._for_paho[:bufsize], self._for_paho[bufsize:]
        return part

    def _sock_send(self, buf: bytes | bytearray) -> int:
        if self._leaving:
            return super()._sock_send(buf)
        self._unsent += buf
        return len(buf)


def _length(size: int) -> bytes:
    """A length as MQTT writes it: seven bits a byte, the lowest first."""
    written = bytearray()
    while size > 127:
        written.append(size & 127 | 128)
        size >>= 7
    return bytes([*written, size])


def _size(packet: bytearray, place: int) -> tuple[int, int] | None:
    """Where what follows a length begins, and that length; None if it is not all there."""
    size = 0
    for shift in (0, 7, 14, 21):
        if place >= len(packet):
            return None
        byte = packet[place]
        place += 1
        size |= (byte & 127) << shift
        if byte < 128:
            return place, size
    raise ValueError("a length of more than four bytes")

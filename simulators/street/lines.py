"""Each gateway's line to the server: a pipe on loopback that a story can cut.

A gateway connects to its line's port and reaches the server's broker through it, until the
line is cut; then nothing answers there, as when the router in a home is off.
"""

import asyncio
import threading
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass(slots=True)
class Line:
    """One gateway's line. Lives in the event loop of `Lines`."""

    port: int
    to_port: int
    cut: bool = False
    open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def serve(self) -> None:
        await asyncio.start_server(self._connected, "127.0.0.1", self.port)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.cut:
            writer.close()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.to_port)
        except OSError:
            writer.close()
            return
        both = {writer, far_writer}
        self.open |= both
        await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))
        self.open -= both

    def set_cut(self, cut: bool) -> None:
        self.cut = cut
        if cut:
            for writer in self.open:
                writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


class Lines:
    """All lines, served by one thread that ends with the process."""

    def __init__(self, ports: dict[str, int], to_port: int) -> None:
        """`ports`: where each gateway, by its id, finds its line."""
        self.lines = {gateway: Line(port, to_port) for gateway, port in ports.items()}
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        threading.Thread(target=self._run, args=(ready,), daemon=True).start()
        ready.wait()

    def _run(self, ready: threading.Event) -> None:
        for line in self.lines.values():
            self.loop.run_until_complete(line.serve())
        ready.set()
        self.loop.run_forever()

    def set_cut(self, gateway: str, *, cut: bool) -> None:
        if gateway in self.lines:
            self.loop.call_soon_threadsafe(self.lines[gateway].set_cut, cut)

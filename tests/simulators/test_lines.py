"""A line carries bytes both ways until a story cuts it, and again when it is mended."""

import socket
import threading
from collections.abc import Iterator

import pytest

from simulators.postgres import free_port
from simulators.street.lines import Lines
from tests.waiting import until


@pytest.fixture
def server() -> Iterator[int]:
    """A server that says everything back; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_serve, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def _serve(listening: socket.socket) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with connection:
            while data := connection.recv(100):
                connection.sendall(data)


def comes_back(connection: socket.socket) -> bool:
    """Whether what is sent through a line comes back; False when it is cut."""
    try:
        connection.sendall(b"hello")
        return connection.recv(100) == b"hello"
    except OSError:
        return False


def test_a_line_can_be_cut_and_mended(server: int) -> None:
    port = free_port()
    lines = Lines({"gw-1": port}, server)

    def works() -> bool:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as again:
            return comes_back(again)

    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        assert comes_back(connection)
        lines.set_cut("gw-1", cut=True)
        until(lambda: not comes_back(connection))
    until(lambda: not works())
    lines.set_cut("gw-1", cut=False)
    until(works)

"""The stream on which open pages hear of changes."""

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psycopg

from api.live import MAX_STREAMS_A_PERSON
from tests.api.conftest import Service, until


@contextmanager
def listening(client: httpx.Client) -> Iterator[list[str]]:
    """The names of the events as they come; the stream is closed afterwards."""
    heard: list[str] = []
    with client.stream("GET", "/live") as stream:
        assert stream.status_code == 200
        assert stream.headers["content-type"].startswith("text/event-stream")

        def read() -> None:
            with contextlib.suppress(httpx.StreamError, httpx.TransportError):
                heard.extend(stream.iter_lines())
            heard.append("over")

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        until(lambda: "event: changed" in heard)
        heard.clear()  # what every new stream is told
        try:
            yield heard
        finally:
            with psycopg.connect(client_database(client)) as db:
                db.execute("delete from session")  # the stream ends itself
            until(lambda: "over" in heard)


def client_database(client: httpx.Client) -> str:
    return str(client.headers["x-test-database"])


def browser(service: Service, name: str) -> httpx.Client:
    client = service.signed_in(name)
    client.headers["x-test-database"] = service.database
    return client


def happen(service: Service, home: str) -> None:
    """Something is written about the alert of this home."""
    with psycopg.connect(service.database) as db:
        db.execute(
            "insert into alert_event (alert_id, at, what) values (%s, now(), 'joined')", (service.street.alerts[home],)
        )


def test_a_change_in_a_home_is_heard_by_who_may_see_it_and_by_nobody_else(service: Service) -> None:
    flat = f"event: home-{service.street.homes['Flat 3']}"
    elm = f"event: home-{service.street.homes['Elm Row']}"
    with listening(browser(service, "Ben Archer")) as heard:
        happen(service, "Elm Row")
        happen(service, "Flat 3")
        until(lambda: flat in heard)
        assert "event: changed" in heard
        assert elm not in heard


def test_a_text_that_moves_on_is_heard(service: Service) -> None:
    flat = f"event: home-{service.street.homes['Flat 3']}"
    with listening(browser(service, "Rita Okafor")) as heard:
        with psycopg.connect(service.database) as db:
            db.execute("update message set state = 'delivered' where state = 'handed_over'")
        until(lambda: flat in heard)


def test_the_stream_beats_and_ends_with_the_session(service: Service) -> None:
    client = browser(service, "Ben Archer")
    with listening(client) as heard:
        until(lambda: ": beat" in heard)
        with psycopg.connect(service.database) as db:
            db.execute("delete from session")
        until(lambda: "event: ended" in heard)


def test_the_stream_heals_after_the_database_was_lost(service: Service) -> None:
    with listening(browser(service, "Ben Archer")) as heard:
        lose_connections(service)
        heard.clear()
        until(lambda: "event: changed" in heard)  # everything may have changed meanwhile
        heard.clear()
        happen(service, "Flat 3")
        until(lambda: f"event: home-{service.street.homes['Flat 3']}" in heard)


def lose_connections(service: Service) -> None:
    with psycopg.connect(service.database, autocommit=True) as db:
        db.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )


def test_one_person_has_only_so_many_streams(service: Service) -> None:
    client = browser(service, "Ben Archer")
    open_ones = [client.stream("GET", "/live") for _ in range(MAX_STREAMS_A_PERSON)]
    for stream in open_ones:
        assert stream.__enter__().status_code == 200
    assert client.get("/live").status_code == 429
    for stream in open_ones:
        stream.__exit__(None, None, None)
    until(lambda: can_listen(client))


def can_listen(client: httpx.Client) -> bool:
    with client.stream("GET", "/live") as stream:
        return stream.status_code == 200

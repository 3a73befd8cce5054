"""The world in which people are told: database, phone company, webhooks, and a movable clock."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.alerts.telling import Time, Webhooks, World, start_company


@pytest.fixture
def world(database: str, db: psycopg.Connection) -> Iterator[World]:
    time = Time()
    webhooks = Webhooks(database, time)
    phone = start_company(f"{webhooks.url}/twilio/inbound", now=time)
    yield World(db, phone, webhooks, time)
    phone.stop()
    webhooks.stop()

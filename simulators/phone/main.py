"""`python -m simulators phone`: the simulated phone company as an HTTP server on loopback."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from gateway import log, settings
from gateway.clock import Clock, ClockSetting
from simulators.phone import calls_api, page, twilio_api
from simulators.phone.company import Account, Company


class PhoneSettings(settings.Settings):
    """The same variables as the alerts service reads, so that both sides agree."""

    twilio_account: str = "AC" + "0" * 32
    twilio_token: SecretStr = SecretStr("demo")
    sms_from: str = "+447700900000"
    public_url: str | None = None
    clock: ClockSetting = Clock()
    log_json: bool = False


def app(company: Company) -> FastAPI:
    """The whole server: Twilio's API, the page, and the wishes for disorder."""
    made = FastAPI(title="Simulated phone company", docs_url=None, redoc_url=None, openapi_url=None)
    made.state.company = company
    made.include_router(twilio_api.router)
    made.include_router(calls_api.router)
    made.include_router(page.router)
    made.mount("/static", page.static_files())
    return made


def account(found: PhoneSettings, pace_s: float) -> Account:
    inbound = f"{found.public_url.rstrip('/')}/twilio/inbound" if found.public_url else None
    token = found.twilio_token.get_secret_value()
    return Account(found.twilio_account, token, found.sms_from, inbound, found.clock, pace_s)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m simulators phone", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--store", type=Path, help="keep the texts in this SQLite file")
    parser.add_argument("--pace", type=float, default=0.3, help="seconds between two steps of a text's life")
    wanted = parser.parse_args(argv)
    found = settings.read(PhoneSettings)
    log.start(as_json=found.log_json)
    company = Company(account(found, wanted.pace), wanted.store)
    try:
        # uvicorn would log each address asked for, and these carry numbers.
        uvicorn.run(app(company), host=wanted.host, port=wanted.port, log_level="critical", access_log=False)
    finally:
        company.stop()

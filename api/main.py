"""Starts the web service: settings, database pool, uvicorn. The only part that asks the clock is `api.access`."""

import argparse

import uvicorn

from api.app import create_app
from api.home_people import add_to_team
from api.people import Role
from api.settings import ApiSettings
from gateway import log
from gateway.settings import described, read, refuse
from ingest.database import connect
from ingest.settings import DatabaseSettings

GRACE_S = 2
"""How long open pages may finish after Ctrl-C; live streams never end by themselves."""


def main(arguments: list[str] | None = None) -> None:
    """Run until told to stop, or add somebody to the team."""
    asked = _parser().parse_args(arguments)
    if asked.add:
        _add(*asked.add)
        return
    settings = read(ApiSettings)
    log.start(as_json=settings.log_json)
    uvicorn.run(
        create_app(settings),
        host=settings.api_host,
        port=settings.api_port,
        log_config=None,
        access_log=False,  # addresses of pages name homes; what matters is in `look`
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        proxy_headers=False,  # nothing depends on who the caller says it is
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m api",
        description="Pages, JSON and webhooks of Hearthlight.",
        epilog=described(ApiSettings),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--add",
        nargs=3,
        metavar=("ROLE", "NAME", "PHONE"),
        help="add a coordinator or a responder, who then signs in with their phone, and end",
    )
    return parser


def _add(role: str, name: str, phone: str) -> None:
    if role not in (Role.COORDINATOR, Role.RESPONDER):
        refuse("--add: the role is coordinator or responder")
    with connect(read(DatabaseSettings).database_url.get_secret_value(), autocommit=True) as connection:
        try:
            add_to_team(connection, name, phone, Role(role))
        except ValueError as error:
            refuse(f"--add: {error}")
    print(f"The {role} was added, and signs in with that phone.")

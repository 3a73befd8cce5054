"""Starts the web service: settings, database pool, uvicorn. The only part that asks the clock is `api.access`."""

import argparse

import uvicorn

from api.app import create_app
from api.settings import ApiSettings
from gateway import log
from gateway.settings import described, read

GRACE_S = 2
"""How long open pages may finish after Ctrl-C; live streams never end by themselves."""


def main(arguments: list[str] | None = None) -> None:
    """Run until told to stop."""
    _parser().parse_args(arguments)
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
    return argparse.ArgumentParser(
        prog="python -m api",
        description="Pages, JSON and webhooks of Hearthlight.",
        epilog=described(ApiSettings),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )

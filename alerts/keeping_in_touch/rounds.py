"""One round of keeping in touch: every part in turn, and one that fails stops none of the others."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import Connection

from alerts.keeping_in_touch import digest, good_news, summary
from alerts.telling import limits, still_you
from gateway.log import about

log = logging.getLogger(__name__)

EVERY_S = 300.0
COUNT_EVERY_S = 60.0
"""So often the texts of the month are counted."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the settings say about it."""

    texts_a_month: int | None = None
    """None: as many as it takes."""
    digest_at: str = "07:30"
    """Local time."""
    can_mail: bool = True


def keep_in_touch(connection: Connection, terms: Terms, now: datetime) -> None:
    """Write whatever is to be written now. The connection commits each statement."""
    parts: dict[str, Callable[[], object]] = {"still_you": lambda: still_you.give_up(connection, now)}
    if not limits.count(connection, terms.texts_a_month, now).is_spent:
        parts["still_you_asked"] = lambda: still_you.ask(connection, now)
        parts["good_news"] = lambda: good_news.tell(connection, now)
    parts["summary"] = lambda: summary.tell(connection, now, can_mail=terms.can_mail)
    if terms.can_mail:
        parts["digest"] = lambda: digest.tell(connection, terms.digest_at, now)
    for name, part in parts.items():
        try:
            part()
        except psycopg.OperationalError:
            raise  # the database is away: nothing else works either
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one part must not stop the others
            fields = about("keep_in_touch_failed", part=name, error=type(error).__name__)
            log.error("A part of keeping in touch failed", extra=fields)  # noqa: TRY400 - its words may hold a text

"""Writing what was found: findings, the alerts they open or join, and what explains old ones.

All in the caller's transaction, which holds the homes' states: an alert and its first messages
exist together or not at all.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from psycopg import Connection

from alerts.findings import News
from alerts.further import Further, Heard, further
from alerts.one_home import Judgement, Noted
from alerts.telling import ladder, states
from alerts.telling.queueing import changed
from alerts.verdicts import AlertClass
from ingest.database import CHANGED, sql

COOL_DOWN = timedelta(minutes=30)
"""What is found so soon after an alert was closed opens that one again."""


def write_alerts(connection: Connection, judged: Sequence[Judgement], now: datetime) -> int:
    """Keep findings, open or join alerts, start ladders. Returns how many alerts are open anew."""
    for noted in (noted for one in judged for noted in one.explained):
        states.explain(connection, noted.alert_id, noted.words, now)
    _note_returns(connection, [noted for one in judged for noted in one.returned], now)
    kept = _keep(connection, [(one.home_id, news) for one in judged for news in one.news], now)
    if not kept:
        return 0
    _tell_pages(connection, sorted({home for _, home, _ in kept}))
    return _open(connection, [(finding, home, news, news.case) for finding, home, news in kept if news.case], now)


def _keep(connection: Connection, found: Sequence[tuple[int, News]], now: datetime) -> list[tuple[int, int, News]]:
    """(finding id, home id, news) of those that nobody had found before."""
    if not found:
        return []
    values = {
        "now": now,
        "homes": [home for home, _ in found],
        "rules": [news.rule_id for _, news in found],
        "versions": [news.rule_version for _, news in found],
        "occasions": [news.verdict.occasion for _, news in found],
        "verdicts": [news.verdict.verdict for _, news in found],
        "severities": [news.severity for _, news in found],
        "reasons": [news.verdict.reason for _, news in found],
        "deadlines": [news.verdict.deadline for _, news in found],
        "evidences": [json.dumps(news.verdict.evidence.to_json()) for _, news in found],
    }
    rows = connection.execute(sql(__file__, "keep_findings"), values)
    return [(finding, *found[place]) for place, finding in rows]


def _open(connection: Connection, cases: Sequence[tuple[int, int, News, AlertClass]], now: datetime) -> int:
    """Open an alert for each home and class that has none, tie the findings to them, and start ladders."""
    if not cases:
        return 0
    values = {
        "now": now,
        "since": now - COOL_DOWN,
        "homes": [home for _, home, _, _ in cases],
        "classes": [case for _, _, _, case in cases],
        "severities": [news.severity for _, _, news, _ in cases],
        "reasons": [news.verdict.reason for _, _, news, _ in cases],
        "deadlines": [news.verdict.deadline for _, _, news, _ in cases],
    }
    recurred = {row[0] for row in connection.execute(sql(__file__, "reopen_closed"), values)}
    opened = {row[0] for row in connection.execute(sql(__file__, "open_alerts"), values)}
    ties = {"findings": [finding for finding, _, _, _ in cases], "classes": values["classes"]}
    tied = connection.execute(sql(__file__, "join_findings"), ties).fetchall()
    new = opened | recurred
    joined = [(alert, Further(reason, at, graver)) for _, alert, reason, at, graver in sorted(tied) if alert not in new]
    again = _hear(connection, joined, now)
    _note(connection, _events(opened, recurred, tied), now)
    started = sorted(new | again)
    if started:
        ladder.start(connection, started, now)
    changed(connection, sorted({row[1] for row in tied}))
    return len(started)


def _events(opened: set[int], recurred: set[int], tied: Iterable[tuple[int, int, str, datetime, bool]]) -> list[Noted]:
    """Opened, or opened again, once with the reason of its first finding; every further finding joined."""
    first: set[int] = set()
    events = []
    for _, alert, reason, _, _ in sorted(tied):
        begins = "opened" if alert in opened else "reopened" if alert in recurred else "joined"
        events.append(Noted(alert, "joined" if alert in first else begins, reason))
        first.add(alert)
    return events


def _hear(connection: Connection, joined: Iterable[tuple[int, Further]], now: datetime) -> set[int]:
    """Let those hear of something further who have to; the alerts whose ladder starts anew."""
    gravest: dict[int, Further] = {}
    for alert, found in joined:
        if alert not in gravest or found.rank > gravest[alert].rank:
            gravest[alert] = found
    heard = {alert: further(connection, alert, found, now) for alert, found in sorted(gravest.items())}
    holders = [alert for alert, who in heard.items() if who is Heard.HOLDER]
    if holders:
        ladder.tell_holders(connection, holders, now)
    return {alert for alert, who in heard.items() if who is Heard.EVERYBODY}


def _note(connection: Connection, events: Sequence[Noted], now: datetime) -> None:
    connection.execute(sql(__file__, "note_events"), {"now": now, **_columns(events)})


def _note_returns(connection: Connection, events: Sequence[Noted], now: datetime) -> None:
    if events:
        rows = connection.execute(sql(__file__, "note_returns"), {"now": now, **_columns(events)})
        changed(connection, [row[0] for row in rows])


def _columns(events: Sequence[Noted]) -> dict[str, list[int] | list[str]]:
    return {
        "alerts": [one.alert_id for one in events],
        "whats": [one.what for one in events],
        "notes": [one.words for one in events],
    }


def _tell_pages(connection: Connection, homes: Sequence[int]) -> None:
    connection.execute("select pg_notify(%s, home::text) from unnest(%s::int[]) as home", (CHANGED, list(homes)))

"""What rules say now, in the light of what was found when it was due.

Late data may show that nothing happened in a time that could not be seen then. Nobody is told
"missed" about it any more, so no page says so either.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row

from alerts.findings import news
from alerts.judging import RuleVerdict
from alerts.verdicts import Outcome
from api.findings import verdict_of
from ingest.database import sql


def as_found(
    connection: Connection, home_id: int, verdicts: Sequence[RuleVerdict], now: datetime
) -> tuple[RuleVerdict, ...]:
    """The verdicts; what was judged for good as not observable stays so."""
    missed = [each for each in verdicts if each.verdict.verdict is Outcome.MISSED]
    if not missed:
        return tuple(verdicts)
    values = {
        "home_id": home_id,
        "rules": [each.rule.id for each in missed],
        "occasions": [each.verdict.occasion for each in missed],
    }
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(sql(__file__, "findings_of_occasions"), values).fetchall()
    found = [row["finding"] for row in rows]
    return tuple(_as_found(each, found, now) for each in verdicts)


def _as_found(each: RuleVerdict, found: Sequence[dict[str, Any]], now: datetime) -> RuleVerdict:
    unseen = [
        one
        for one in found
        if (one["rule_id"], one["occasion"], one["verdict"])
        == (each.rule.id, each.verdict.occasion, Outcome.NOT_OBSERVABLE)
    ]
    if not unseen or each.verdict.verdict is not Outcome.MISSED:
        return each
    said = {(each.rule.id, each.verdict.occasion, Outcome.NOT_OBSERVABLE)}
    if news(each.rule.id, each.rule.version, each.verdict, said, now) is not None:
        return each
    return RuleVerdict(each.rule, verdict_of(unseen[0]))

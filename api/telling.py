"""What became of the texts, in words. Pure. Delivery that nobody confirms is said to be just that."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from api.times import to_the_second, when
from api.views import MessageLine

_STATES = {
    "queued": "waiting to be sent",
    "sending": "being handed over",
    "unknown": "handed over without an answer, being looked up",
    "handed_over": "handed to the phone company",
    "sent": "sent on by the phone company",
    "delivered": "delivered",
    "undelivered": "did not arrive",
    "failed": "refused",
    "cancelled": "not sent, no longer needed",
}
_REACHED = {
    "delivered": "told",
    "sent": "sent, no receipt",
    "handed_over": "sent, no receipt",
    "undelivered": "not reached",
    "failed": "not reached",
    "cancelled": "not sent",
}
_PURPOSES = {
    "alert": "Told of the alert",
    "called_again": "Told that the home called again",
    "taken": "Told who has it",
    "explained": "Told what explains it",
    "closed": "Told that it is closed",
    "help": "Sent an explanation of the answers",
    "check_in": "Asked whether all is well",
    "operator": "The operator was told",
}
_CHANNELS = {"voice": " by telephone", "email": " by e-mail", "webhook": " by a web request"}
RECEIPTS_TAKE = timedelta(minutes=2)
_NO_RECEIPT = "No delivery receipt. That is no proof either way: some networks send none."


def reached(state: str) -> str:
    """Whether somebody was told, as far as we know."""
    return _REACHED.get(state, "being told")


def line(row: dict[str, Any], zone: ZoneInfo, now: datetime) -> MessageLine:
    """One row of messages_of_alert.sql in words."""
    states = [_state(one, zone) for one in _worth_saying(row["states"])] or [_STATES[row["state"]]]
    return MessageLine(
        person=row["person"],
        what=_PURPOSES.get(row["purpose"], row["purpose"]) + _CHANNELS.get(row["channel"], ""),
        written=when(row["created_at"], zone, now),
        states=_sentence(states),
        doubt=_NO_RECEIPT if _should_have_come(row, now) else None,
    )


def _should_have_come(row: dict[str, Any], now: datetime) -> bool:
    """Whether a receipt is overdue."""
    return row["state"] in ("handed_over", "sent") and bool(now - row["created_at"] >= RECEIPTS_TAKE)


def _worth_saying(states: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Steps on the way are left out once the next is known."""
    on_the_way = ("sending", "sent")
    return [one for place, one in enumerate(states, 1) if place == len(states) or one["state"] not in on_the_way]


def _state(event: dict[str, Any], zone: ZoneInfo) -> str:
    words = _STATES.get(event["state"], event["state"])
    error = f" (error {event['error']})" if event["error"] else ""
    return f"{words}{error} {to_the_second(datetime.fromisoformat(event['at']), zone)}"


def _sentence(parts: Sequence[str]) -> str:
    joined = ", ".join(parts)
    return joined[:1].upper() + joined[1:]

"""The seam to other systems: one JSON body by a signed web request, in the form of Standard Webhooks.

Source: standardwebhooks.com. The receiver knows the message by `webhook-id`, so sending it again is
harmless; 410 means that it wants no more. The timestamp is the machine's: it says when this request
was made, and the receiver refuses what is older than five minutes.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import requests
from pydantic import SecretStr
from standardwebhooks import Webhook

GONE = 410


@dataclass(frozen=True, slots=True)
class NotPosted:
    """`permanent`: trying again does not help."""

    why: str
    permanent: bool


class SignedRequests:
    """Posts; redirects are not followed, since the signature was for another."""

    def __init__(self, timeout_s: float = 10) -> None:
        self._timeout_s = timeout_s

    def post(self, url: str, secret: SecretStr, message_id: str, body: Mapping[str, object]) -> NotPosted | None:
        """None once the other side has it."""
        made_at = datetime.fromtimestamp(time.time(), UTC)
        data = json.dumps(body, separators=(",", ":"))
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": f"{int(made_at.timestamp())}",
            "webhook-signature": Webhook(secret.get_secret_value()).sign(message_id, made_at, data),
        }
        try:
            answer = requests.post(
                url, data=data.encode(), headers=headers, timeout=self._timeout_s, allow_redirects=False, stream=True
            )
            answer.close()
        except requests.RequestException as error:
            return NotPosted(type(error).__name__, permanent=False)
        if 200 <= answer.status_code < 300:
            return None
        return NotPosted(f"status_{answer.status_code}", permanent=answer.status_code == GONE)

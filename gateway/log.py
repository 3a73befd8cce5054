"""Logs: a sentence and a stable word with ids; one JSON object a line in production.

Never a name, a phone number, an address or the text of a message. Use it so:
`log.info("Handed a text over", extra=about("sms_handed_over", message_id=7))`.
"""

import json
import logging
import sys

FIELD = "about"


def about(action: str, **ids: str | float | None) -> dict[str, object]:
    """The `extra` of a log call: the stable word, and ids or counts."""
    return {FIELD: {"action": action, **ids}}


class Plain(logging.Formatter):
    """For a terminal: the sentence, then the words."""

    def format(self, record: logging.LogRecord) -> str:
        fields = " ".join(f"{name}={value}" for name, value in getattr(record, FIELD, {}).items())
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {record.getMessage()} {fields}".rstrip()
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class Json(logging.Formatter):
    """For machines: one object a line."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "says": record.getMessage(),
            **getattr(record, FIELD, {}),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry)


def start(*, as_json: bool) -> None:
    """Send everything from INFO up to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if as_json else Plain())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)

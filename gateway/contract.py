"""The contract as JSON Schema, for makers of gateways in any language. Pure.

Generated from the models each time it is asked for (`python -m gateway contract`), so that it
cannot go stale. What a schema cannot say is in `rules`; `examples` are checked by a test.
"""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from gateway.config import MAX_ASSET_BYTES, Command, Config
from gateway.device_list import DeviceList
from gateway.messages import BEAT_EVERY_S, MAX_MESSAGE_BYTES, MAX_READINGS, VERSION, Envelope, Leaf, Status, Stored

_AT = "2026-03-02T07:30:00Z"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of the contract, as `hearth/1/{gateway}/<leaf>`. `model`: None for bytes that are no JSON."""

    leaf: Leaf
    by: str
    retained: bool
    says: str
    model: type[BaseModel] | None
    examples: tuple[dict[str, Any], ...] = ()


TOPICS = (
    Topic(
        "readings",
        by="gateway",
        retained=False,
        says="1 to 500 readings in rising seq",
        model=Envelope,
        examples=(
            {
                "v": 1,
                "gateway": "gw-1",
                "boot": "5f0c2a",
                "sent_at": "2026-03-02T07:30:01Z",
                "readings": [
                    {"seq": 1, "sensor": "front-door", "kind": "contact", "value": 1, "at": _AT},
                    {"seq": 2, "sensor": "gateway", "kind": "beat", "value": 1, "at": "2026-03-02T07:30:01Z"},
                ],
            },
        ),
    ),
    Topic(
        "stored",
        by="server",
        retained=False,
        says="every reading of this boot up to seq is committed and may be forgotten",
        model=Stored,
        examples=({"v": 1, "boot": "5f0c2a", "seq": 2},),
    ),
    Topic(
        "status",
        by="gateway",
        retained=True,
        says="the gateway about itself, at least every two minutes; the last will says online: false",
        model=Status,
        examples=(
            {"v": 1, "online": True, "at": _AT, "boot": "5f0c2a", "outbox": 0, "sensors_at": {"front-door": _AT}},
            {"v": 1, "online": False, "boot": "5f0c2a"},
        ),
    ),
    Topic(
        "devices",
        by="gateway",
        retained=True,
        says="which sensors there are, also those that have not spoken yet; sent when it changes. It may be left out",
        model=DeviceList,
        examples=(
            {
                "v": 1,
                "devices": [
                    {
                        "sensor": "0x00158d0001a2b3c4",
                        "name": "front door",
                        "make": "Aqara",
                        "model": "MCCGQ11LM",
                        "kinds": ["battery", "contact"],
                        "power": "battery",
                    },
                    {"sensor": "pendant", "kinds": ["button"], "role": "sos"},
                ],
            },
        ),
    ),
    Topic(
        "config",
        by="server",
        retained=True,
        says="all that the server sets; confirmed by the version in the status. Ignore fields that you do not know",
        model=Config,
        examples=(
            {
                "v": 1,
                "version": 3,
                "made_at": _AT,
                "zone": "Europe/London",
                "beat_s": 300,
                "devices": [{"sensor": "pendant", "role": "sos"}, {"sensor": "old-plug", "ignore": True}],
                "reminders": [
                    {"id": 7, "purpose": "medicine", "text": "Morning tablets", "schedule": {"times": ["08:00"]}}
                ],
                "visits": [{"who": "Jane, your carer", "schedule": {"times": ["09:30"], "weekdays": [1, 3, 5]}}],
            },
        ),
    ),
    Topic(
        "assets",
        by="server",
        retained=False,
        says=f"the bytes of one picture or sound of the config, at most {MAX_ASSET_BYTES}, known by their SHA-256",
        model=None,
    ),
    Topic(
        "commands",
        by="server",
        retained=False,
        says="do this now, and not at all after expires_at; repeats of one id change nothing",
        model=Command,
        examples=({"v": 1, "id": "walk-1", "do": "walk_test", "at": _AT, "expires_at": "2026-03-02T07:40:00Z"},),
    ),
)

RULES = (
    "MQTT 5 or 3.1.1 over TLS; QoS 1 everywhere; the user name is the gateway's id.",
    f"A message has at most {MAX_MESSAGE_BYTES} bytes and {MAX_READINGS} readings.",
    "Times are RFC 3339 in UTC. `at` is when it happened in the home, `sent_at` when the envelope was made.",
    "The key of a reading is (gateway, boot, seq): one key, one reading, for ever. `boot` is new with each start.",
    "Each boot numbers its readings from 1 without a gap, when they are first sent.",
    "The broker's acknowledgement proves nothing: keep a reading on disk until `stored` covers it.",
    "Send again under the old key what is not stored: on each new connection, and after a while without `stored`.",
    "Do not send again what is stored. Ignore `stored` of a boot that is not yours, and what you cannot read.",
    f"A `beat` of the sensor `gateway` at T says: running and listening for all of the {BEAT_EVERY_S} s before T.",
    f"While that is so there is a beat at least every {BEAT_EVERY_S} s.",
    "Only `status` and `devices` are retained by a gateway; its last will is a retained status with online: false.",
    "A gateway publishes on `readings`, `status` and `devices` of its own id and nowhere else.",
    "`devices` in the config wins over the gateway's own file. What a sensor says first after a change is no event.",
    "A press is one whatever was before.",
)


def contract() -> dict[str, Any]:
    """Everything a maker needs, ready for json.dumps."""
    return {
        "version": VERSION,
        "rules": list(RULES),
        "topics": {f"hearth/1/{{gateway}}/{t.leaf}": _told(t) for t in TOPICS},
    }


def _told(topic: Topic) -> dict[str, Any]:
    told: dict[str, Any] = {"published_by": topic.by, "qos": 1, "retained": topic.retained, "says": topic.says}
    if topic.model is not None:
        told |= {"schema": topic.model.model_json_schema(), "examples": list(topic.examples)}
    return told

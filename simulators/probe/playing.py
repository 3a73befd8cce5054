"""One round of the probe, over the same wires as everybody: MQTT, Twilio's API, Twilio's webhook."""

import queue
import re
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape

import paho.mqtt.client as mqtt
import requests
from paho.mqtt.enums import CallbackAPIVersion
from twilio.request_validator import RequestValidator

from alerts.telling.carrying import NotAnswered
from alerts.telling.twilio_sms import Twilio
from gateway.messages import GATEWAY_SENSOR, Envelope, Kind, Reading, Stored, topic
from gateway.tls import context
from simulators.probe.home import DOOR
from simulators.probe.settings import ProbeSettings

CODE = re.compile(r"Reply ([A-Z]{1,3}[2-9]) 1")
CLOCKS_DIFFER = timedelta(minutes=2)
POLL_S = 0.2


class ProbeFailed(Exception):  # noqa: N818 - it says what happened
    """Which step did not happen in time, as a stable word."""


@dataclass(frozen=True, slots=True)
class Took:
    """Real seconds from the opening of the door."""

    stored: float
    text: float
    reply: float


def play(settings: ProbeSettings) -> Took:
    """Open the door, wait for the text, take the alert and close it. Raises ProbeFailed."""
    _answer(settings, "3")  # what an earlier round may have left open
    began, moment = time.monotonic(), settings.clock.now()
    deadline = began + settings.probe_within_s
    _open_door(settings, moment, deadline)
    stored = time.monotonic() - began
    code = _code(settings, moment, deadline)
    text = time.monotonic() - began
    if "you have" not in _answer(settings, f"{code} 1"):
        raise ProbeFailed("reply")
    reply = time.monotonic() - began
    if "closed" not in _answer(settings, f"{code} 3"):
        raise ProbeFailed("close")
    return Took(stored, text, reply)


def _open_door(settings: ProbeSettings, at: datetime, deadline: float) -> None:
    """Publish as a gateway does, and wait for "stored"."""
    name, boot = settings.probe_gateway, secrets.token_hex(8)
    heard: queue.SimpleQueue[Stored] = queue.SimpleQueue()
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"probe-{boot}", protocol=mqtt.MQTTv5)
    if settings.broker_password:
        client.username_pw_set(name, settings.broker_password.get_secret_value())
    tls = context(settings, settings.broker_host)
    if tls is not None:
        client.tls_set_context(tls)
    client.on_message = lambda _c, _u, message: heard.put(Stored.model_validate_json(message.payload))
    client.on_connect = lambda c, *_: c.subscribe(topic(name, "stored"), qos=1)
    client.on_subscribe = lambda c, *_: c.publish(topic(name, "readings"), _envelope(name, boot, at), qos=1)
    try:
        client.connect(settings.broker_host, settings.broker_port)
        client.loop_start()
        _wait_for(heard, boot, deadline)
    except OSError:
        raise ProbeFailed("broker") from None
    finally:
        client.disconnect()
        client.loop_stop()


def _envelope(name: str, boot: str, at: datetime) -> bytes:
    readings = (
        Reading(seq=1, sensor=GATEWAY_SENSOR, kind=Kind.BEAT, value=0, at=at),
        Reading(seq=2, sensor=DOOR, kind=Kind.CONTACT, value=1, at=at),
    )
    return Envelope(gateway=name, boot=boot, sent_at=at, readings=readings).model_dump_json().encode()


def _wait_for(heard: "queue.SimpleQueue[Stored]", boot: str, deadline: float) -> None:
    while True:
        try:
            stored = heard.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise ProbeFailed("stored") from None
        if stored.boot == boot and stored.seq >= 2:
            return


def _code(settings: ProbeSettings, since: datetime, deadline: float) -> str:
    """The code in the text that Twilio has taken for the probe's phone."""
    twilio = Twilio(
        settings.twilio_account, settings.twilio_token, str(settings.twilio_url), settings.sms_from, "http://127.0.0.1"
    )
    while time.monotonic() < deadline:
        try:
            for text in twilio.sent(settings.probe_phone, since - CLOCKS_DIFFER):
                found = CODE.search(text.body)
                if found and (text.created_at is None or text.created_at >= since.replace(microsecond=0)):
                    return found[1]
        except NotAnswered:
            pass  # the deadline decides
        time.sleep(POLL_S)
    raise ProbeFailed("text")


def _answer(settings: ProbeSettings, body: str) -> str:
    """What is answered to a text from the probe's phone, delivered as Twilio would."""
    url = f"{str(settings.public_url).rstrip('/')}/twilio/inbound"
    form = {
        "MessageSid": "SM" + secrets.token_hex(16),
        "From": settings.probe_phone,
        "To": settings.sms_from,
        "Body": body,
    }
    token = settings.twilio_token.get_secret_value()
    signature = RequestValidator(token).compute_signature(url, form)  # type: ignore[no-untyped-call]
    try:
        answer = requests.post(url, data=form, headers={"X-Twilio-Signature": signature}, timeout=10)
        answer.raise_for_status()
    except requests.RequestException:
        raise ProbeFailed("webhook") from None
    return unescape(answer.text)

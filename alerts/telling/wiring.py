"""From the settings to the routes that messages take."""

from datetime import datetime

from alerts.settings import AlertsSettings
from alerts.telling.carrying import Answer, Health, Outgoing, Route, Routes, Seen
from alerts.telling.climbing import By
from alerts.telling.mail import Mailer
from alerts.telling.notify_sms import Notify
from alerts.telling.other_routes import Mail, Webhook
from alerts.telling.pacing import Paces
from alerts.telling.twilio_sms import Twilio
from alerts.telling.twilio_voice import TwilioVoice
from alerts.telling.web_requests import SignedRequests


class Paced:
    """A route, but no faster than our number may send. All senders, of all processes, share the pace."""

    def __init__(self, route: Route, pace: Paces) -> None:
        self._route, self._pace = route, pace

    @property
    def name(self) -> str:
        return self._route.name

    def send(self, out: Outgoing) -> Answer:
        self._pace.wait()
        return self._route.send(out)

    def candidates(self, out: Outgoing, since: datetime) -> list[Seen]:
        return self._route.candidates(out, since)

    def ask(self, sid: str) -> Seen | None:
        return self._route.ask(sid)


def routes(settings: AlertsSettings, pace: Paces, health: Health) -> Routes:
    """Clients keep connections that must not be shared: make one for each thread."""
    texts: list[Route] = [Paced(twilio(settings), pace)]
    if settings.notify_key and settings.notify_template:
        texts.append(Notify(settings.notify_key, settings.notify_template, str(settings.notify_url)))
    public_url = str(settings.public_url).rstrip("/")
    others: dict[By, list[Route]] = {By.WEBHOOK: [Webhook(SignedRequests(), public_url)]}
    if settings.smtp_host:
        others[By.EMAIL] = [Mail(Mailer(settings), public_url)]
    if settings.voice:
        voice = TwilioVoice(
            settings.twilio_account, settings.twilio_token, str(settings.twilio_url), settings.sms_from, public_url
        )
        others[By.VOICE] = [voice]
    return Routes({By.SMS: texts, **others}, health)


def twilio(settings: AlertsSettings) -> Twilio:
    status_url = f"{str(settings.public_url).rstrip('/')}/twilio/status"
    return Twilio(
        settings.twilio_account, settings.twilio_token, str(settings.twilio_url), settings.sms_from, status_url
    )

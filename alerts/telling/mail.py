"""The seam to e-mail: one message over SMTP, with every way it can end put in our words."""

import smtplib
import ssl
from email.message import EmailMessage
from enum import StrEnum
from typing import Annotated

from pydantic import Field, SecretStr

from gateway.settings import Settings

TIMEOUT_S = 10


class Security(StrEnum):
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"  # on one machine only


class MailSettings(Settings):
    """How e-mail leaves. Without a host there is none."""

    smtp_host: str | None = Field(default=None, description="the mail server that takes our e-mail")
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = Field(default=587, description="its port")
    smtp_security: Security = Field(default=Security.STARTTLS, description="starttls, tls, or none on one machine")
    smtp_user: str | None = Field(default=None, description="user name there")
    smtp_password: SecretStr | None = Field(default=None, description="password there; …_FILE names a file with it")
    mail_from: str = Field(default="hearthlight@localhost", description="our e-mail address")


class NotMailed(Exception):  # noqa: N818 - it says what happened
    """`permanent`: trying again does not help. `certain`: the server certainly does not have it."""

    def __init__(self, why: str, *, permanent: bool, certain: bool = True) -> None:
        super().__init__(why)
        self.why, self.permanent, self.certain = why, permanent, certain


class Mailer:
    """Sends e-mail. A connection for each message: there are few."""

    def __init__(self, settings: MailSettings, timeout_s: float = TIMEOUT_S) -> None:
        self._settings, self._timeout_s = settings, timeout_s

    def send(self, to: str, subject: str, body: str, message_id: str) -> NotMailed | None:
        """None once the server has it. The same `message_id` again is the same e-mail for who receives it."""
        domain = self._settings.mail_from.partition("@")[2]
        mail = EmailMessage()
        try:
            mail["From"], mail["To"], mail["Subject"] = self._settings.mail_from, to, subject
            mail["Message-ID"] = f"<{message_id}@{domain}>"
            mail["Auto-Submitted"] = "auto-generated"
            mail.set_content(body)
        except ValueError:  # a line break in an address or subject
            return NotMailed("bad_address", permanent=True)
        try:
            self._hand_over(mail)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            return NotMailed("recipient_refused", permanent=all(code >= 500 for code in codes))
        except smtplib.SMTPResponseException as error:
            return NotMailed(f"smtp_{error.smtp_code}", permanent=error.smtp_code >= 500)
        except (smtplib.SMTPException, OSError) as error:
            return NotMailed(type(error).__name__, permanent=False, certain=False)
        return None

    def _hand_over(self, mail: EmailMessage) -> None:
        s = self._settings
        host, port = s.smtp_host or "", s.smtp_port
        if s.smtp_security is Security.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=self._timeout_s, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, port, timeout=self._timeout_s)
        with server:
            if s.smtp_security is Security.STARTTLS:
                server.starttls(context=ssl.create_default_context())
            if s.smtp_user and s.smtp_password:
                server.login(s.smtp_user, s.smtp_password.get_secret_value())
            server.send_message(mail)

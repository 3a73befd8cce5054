"""What the demo prints for the person at the terminal. Pure."""

from datetime import datetime, timedelta

from simulators.street.days import ZONE
from simulators.street.people import COORDINATOR, RESIDENTS, RESPONDER, Contact, Resident
from simulators.street.stories import UP_GRACE

ANSWERS_AFTER = timedelta(seconds=60)
"""When nobody answers on the phone page, the family answers by itself after so long."""


def welcome(
    *, opening: Resident, api: str, phone: str, tablet: str, now: datetime, speed: float, database: str, folder: str
) -> str:
    """Everything a newcomer needs, once all is ready."""
    due = datetime.combine(now.astimezone(ZONE).date(), opening.up_by, ZONE) + UP_GRACE
    takes = due + ANSWERS_AFTER
    family = opening.family
    return f"""
Hearthlight is running. Ctrl-C stops it; the next `make run` goes on from there.

  Pages    {api}
           as family:      {_sign_in(family)}
           as responder:   {_sign_in(RESPONDER)}
           as coordinator: {_sign_in(COORDINATOR)}
  Phones   {phone}
           every text arrives here, the codes for signing in too
  Tablet   {tablet}
           the page at {RESIDENTS[0].home}, with the reminders that family and coordinator set
  Gateway  python -m gateway setup {api}
           lets one of your own in, with a claim code from the coordinator's page of a home

It is {now.astimezone(ZONE):%A %-d %B, %H:%M} on a street of ten invented homes, and {_pace(speed)}.

  {due:%H:%M}  {opening.name} at {opening.home} was to be up and about by {opening.up_by:%H:%M}.
         The half hour of grace ends: the alert opens, and {family.name} gets a text.
  {due:%H:%M}  Answer it on the phone page: the text says how, as in "K7 1" for "I have it".
         See it on {RESPONDER.name}'s page, with its reasons and what was sent to whom.
  {takes:%H:%M}  If you have not answered, {family.name} does. Close it on the page with an outcome.

The other nine live on. Database: {database}. Logs: {folder}/logs
"""


def _sign_in(contact: Contact) -> str:
    return f"sign in as {contact.name:8} {local_number(contact.phone)}"


def local_number(phone: str) -> str:
    """A British number as people write it: 07700 900101."""
    digits = "0" + phone.removeprefix("+44")
    return f"{digits[:5]} {digits[5:]}"


def _pace(speed: float) -> str:
    if speed == 1:
        return "time goes as it does here"
    return f"time goes {speed:g} times as fast as here"

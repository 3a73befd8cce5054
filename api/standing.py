"""How a home stands, in a word and a sentence. Pure."""

from datetime import datetime, timedelta

from alerts.picture import Glance, Presence
from api.people import Home
from api.times import ago, when
from api.views import AlertLine, Away, Paused, Standing

UP_AND_ABOUT = timedelta(minutes=45)
"""A sign of life this young says that somebody is up and about."""

_OF_STATE = {
    "open": Standing.CHECK,
    "acknowledged": Standing.TAKEN,
    "attending": Standing.TAKEN,
    "explained": Standing.EXPLAINED,
}


def of_alert(state: str | None, kind: str | None) -> Standing | None:
    """What an alert that is not closed makes of a home. Equipment says nothing about the person."""
    if state == "open" and kind == "technical":
        return Standing.UNSEEN
    return _OF_STATE.get(state) if state else None


def of_home(
    alerts: tuple[AlertLine, ...],
    *,
    unseen: bool,
    late: bool,
    away: bool = False,
    paused: bool = False,
    kept: bool = True,
) -> Standing:
    """The gravest thing that holds."""
    found = {alert.standing for alert in alerts}
    found |= {Standing.UNSEEN} if unseen else set()
    found |= {Standing.LATE} if late else set()
    found |= {Standing.AWAY} if away else set()
    found |= {Standing.PAUSED} if paused else set()
    found |= set() if kept else {Standing.NOT_KEPT}
    return next((standing for standing in Standing if standing in found), Standing.AS_USUAL)


def headline(
    home: Home, glance: Glance, alerts: tuple[AlertLine, ...], away: Away | None, paused: Paused | None, now: datetime
) -> str:
    """The first sentence of the page: what wants checking, else where somebody is as far as we can tell."""
    resident = home.resident
    for alert in alerts:
        if alert.standing is Standing.CHECK:
            return f"Please check on {resident}. {alert.sentence}"
    if not home.keeps:
        return f"Nothing is kept or watched at {resident}'s home."
    if paused:
        return f"Monitoring is {paused.words[:1].lower()}{paused.words[1:]}."
    if away and away.holds:
        return f"{resident} is {away.words[:1].lower()}{away.words[1:]}."
    at, place = _last_sign(glance)
    if at is None:
        return f"We have not seen a sign of {resident} in the last three days."
    last = f"{place}, {ago(at, now)}"
    if not glance.seen_now:
        return f"We cannot see {resident}'s home at the moment. The last sign was {last}."
    if glance.presence is Presence.OUT and glance.presence_since:
        return f"{resident} seems to be out, since {when(glance.presence_since, home.zone, now)}."
    if now - at <= UP_AND_ABOUT:
        return f"{resident} is up and about: {last}."
    return f"{resident} seems to be at home and quiet. The last sign was {last}."


def _last_sign(glance: Glance) -> tuple[datetime | None, str | None]:
    """The newest sign that counts; where none does, the newest at all today."""
    if glance.last_sign_at is None and glance.places_today:
        return glance.places_today[0].last_at, glance.places_today[0].place
    return glance.last_sign_at, glance.last_place


def explanation(standing: Standing, alerts: tuple[AlertLine, ...]) -> str:
    """One sentence under the status."""
    named = next((alert for alert in alerts if alert.standing is standing), None)
    if standing is Standing.CHECK:
        return "Nobody has said yet that they are looking after this."
    if standing is Standing.TAKEN and named:
        return f"{named.holder or 'Somebody'} is looking after it."
    if standing is Standing.EXPLAINED:
        return "Later information explains it. Somebody will still read it and close it."
    return _PLAIN[standing]


_PLAIN = {
    Standing.NOT_KEPT: "Nobody has written down that it was agreed to. Calls for help do not reach us either.",
    Standing.PAUSED: "Until then we do not see how the day goes. Calls for help and reminders reach us as always.",
    Standing.TAKEN: "Somebody is looking after it.",
    Standing.UNSEEN: "The equipment in the home is not reporting. This says nothing about the person.",
    Standing.LATE: "A routine is later than usual. We tell people if it does not happen.",
    Standing.AWAY: "Nobody is expected at home.",
    Standing.AS_USUAL: "Everything we watch for is as usual.",
}

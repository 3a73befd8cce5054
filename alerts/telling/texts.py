"""Every text that Hearthlight sends, in one place. Pure.

Each fits one GSM-7 message, and carries no name, no address and no health word: it may
light up on a screen that anybody sees. Answers are digits, because the carriers act by
themselves on words such as YES, START, END, CANCEL, STOP and INFO.
"""

from collections.abc import Sequence
from datetime import timedelta

from alerts.telling.gsm import ONE_MESSAGE
from alerts.verdicts import AlertClass, Reason

WHAT_HAPPENED: dict[Reason, str] = {
    Reason.NOTHING_THERE: "something that is usual by now has not happened",
    Reason.NOTHING_AT_ALL: "it is unusually quiet",
    Reason.SILENT: "it is unusually quiet",
    Reason.MUCH_LESS: "it is unusually quiet",
    Reason.OUT_TOO_LONG: "somebody is out for longer than usual",
    Reason.NOT_BACK: "somebody is out for longer than usual",
    Reason.LEFT_OPEN: "a door has been open for long",
    Reason.REMINDER_NOT_DONE: "a reminder was not answered",
    Reason.NO_VISIT: "a visit that was expected has not happened",
    Reason.TOO_COLD: "it is cold at home",
    Reason.TOO_HOT: "it is hot at home",
    Reason.DOOR_AT_NIGHT: "an outside door opened in the night",
    Reason.CALL_FOR_HELP: "a call for help",
}
"""For the reasons that families are told about."""

WORTH_SAYING = timedelta(minutes=10)
"""A call for help that reached us later than this says how old it is."""


def alert(class_: AlertClass, reason: str, code: str, *, age: timedelta = timedelta(), again: bool = False) -> str:
    """The first text about an alert, or with `again` the next one when it still needs somebody."""
    urgent = "URGENT, " if class_ is AlertClass.URGENT else ""
    still = "nobody has it yet: " if again else ""
    return (
        f"Hearthlight: {urgent}{still}{_what(reason)}{_old(reason, age)}. Please check. "
        f"Reply {code} 1 if you have it, {code} 2 if you cannot."
    )


def _what(reason: str) -> str:
    known = reason in Reason._value2member_map_
    return WHAT_HAPPENED.get(Reason(reason), "something to look at") if known else "something to look at"


def _old(reason: str, age: timedelta) -> str:
    if reason != Reason.CALL_FOR_HELP or age < WORTH_SAYING:
        return ""
    minutes = int(age.total_seconds()) // 60
    return f" {minutes // 60} h ago" if minutes >= 120 else f" {minutes} min ago"


def called_again(code: str) -> str:
    """To who has it."""
    return f"Hearthlight: URGENT, somebody called for help again. You have {code}. Reply {code} 2 if you cannot go on."


def are_you_all_right(code: str, *, again: bool = False) -> str:
    """To the resident, before anybody else."""
    still = "we are still asking: " if again else ""
    return f"Hearthlight: {still}are you all right? Reply {code} 1 if you are, {code} 2 if you want somebody to come."


def spoken(class_: AlertClass, reason: str, *, again: bool = False) -> str:
    """The same for a voice."""
    urgent = "This is urgent. " if class_ is AlertClass.URGENT else ""
    still = "Nobody has it yet. " if again else ""
    return (
        f"This is Hearthlight. {urgent}{still}{_what(reason)[0].upper()}{_what(reason)[1:]}. Please check. "
        "Press 1 if you have it. Press 2 if you cannot."
    )


def asked_aloud() -> str:
    """To the resident, by a voice."""
    return "This is Hearthlight. Are you all right? Press 1 if you are. Press 2 if you want somebody to come."


def mailed(class_: AlertClass, reason: str, *, again: bool = False) -> str:
    """The same for an e-mail: its subject, then its text, to which the link to the page is added."""
    urgent = "urgent, " if class_ is AlertClass.URGENT else ""
    still = "nobody has it yet: " if again else ""
    return (
        f"Hearthlight: {urgent}please check\n"
        f"{still}{_what(reason)}. Please check, and say on the page whether you have it:".capitalize()
    )


# To the others who were told


def taken(code: str) -> str:
    return f"Hearthlight: somebody has {code} now. You need not do anything. Thank you."


def explained(code: str) -> str:
    return f"Hearthlight: news that came late explains {code}: all looks as usual. Reply {code} 3 if you know it is so."


def said_well(code: str) -> str:
    return f"Hearthlight: about {code}: asked directly, the answer was that all is well. Reply {code} 3 to close it."


def closed(code: str, *, all_well: bool) -> str:
    return f"Hearthlight: {code} is closed{': all is well' if all_well else ''}. Thank you."


# Answers


def you_have_it(code: str) -> str:
    return f"Hearthlight: you have {code}. Reply {code} 3 when all is well, or {code} 2 if you cannot go on."


def somebody_else_has_it(code: str) -> str:
    return f"Hearthlight: somebody else has {code} already. The page says who. Thank you."


def next_person_is_asked(code: str) -> str:
    return f"Hearthlight: thank you. The next person is asked about {code} now."


def nobody_else_to_ask(code: str) -> str:
    return f"Hearthlight: thank you. There is nobody else to ask about {code} just now. It stays open."


def you_closed_it(code: str) -> str:
    return f"Hearthlight: {code} is closed, all is well. Thank you."


def closed_already(code: str) -> str:
    return f"Hearthlight: {code} is closed already. You need not do anything."


def which(codes: Sequence[str], digit: str) -> str:
    """More than one alert is open on this phone: which is meant? Names as many as fit."""
    wanted = list(codes)
    while True:
        answers = " or ".join(f"{code} {digit}" for code in wanted)
        text = f"Hearthlight: more than one alert is open. Reply with its code: {answers}."
        if len(text) <= ONE_MESSAGE:
            return text
        wanted.pop()


NONE_OPEN = "Hearthlight: no alert is open on this phone. You need not do anything."
UNKNOWN_CODE = (
    "Hearthlight: we do not know that code. Please look at our last text and reply with its code and a digit."
)
NOT_UNDERSTOOD = (
    "Hearthlight: sorry, only short replies are read here: the code, then 1 I have it, 2 I cannot, 3 all is well."
)


def how_to_answer(code: str) -> str:
    return f"Hearthlight: please reply {code} 1 if you have it, {code} 2 if you cannot, {code} 3 if all is well."


def glad_you_are_well() -> str:
    return "Hearthlight: good to hear. Thank you for answering."


def somebody_is_asked_to_come() -> str:
    return "Hearthlight: thank you. We are asking somebody to come now."


def you_attend(code: str) -> str:
    return f"Hearthlight: thank you for being there. Reply {code} 3 when all is well, or {code} 2 if you must leave."


# Standing in


def handed_over(until: str) -> str:
    """`until`: local day and time, such as "Sun 20:00"."""
    return f"Hearthlight: until {until} your alerts go to whoever stands in for you. Reply BACK to have them again."


def you_stand_in(until: str) -> str:
    return f"Hearthlight: until {until} you stand in for somebody, and alerts meant for them come to you. Thank you."


def taken_back() -> str:
    return "Hearthlight: your alerts come to you again."


NO_DEPUTY = "Hearthlight: nobody is set to stand in for you. Please choose somebody on the page first."
WHEN_IS_THAT = "Hearthlight: until when? Reply SWAP with a day and a time, such as SWAP SUN 20:00."

# Signing in


def sign_in(code: str) -> str:
    return f"Hearthlight: {code} is your sign-in code. Do not tell it to anybody. It is valid for 10 minutes."


# Whose phone it is


def verify(code: str) -> str:
    return (
        f"Hearthlight: {code} is the code that shows that this phone is yours. "
        "Type it on the page, or reply with it. It is valid for 2 days."
    )


NUMBER_PROVED = "Hearthlight: thank you. We know now that this phone is yours."
NOT_THE_CODE = "Hearthlight: that is not the code we sent last. Please look again, or ask for a new one."


def still_you(*, again: bool = False) -> str:
    asked = "we asked a week ago: " if again else ""
    return f"Hearthlight: {asked}is this still your phone? Reply 1 if it is, 2 if our alerts should not come here."


STILL_YOURS = "Hearthlight: thank you. Alerts go on coming to this phone."
NOT_YOURS = "Hearthlight: thank you for saying so. Somebody will see to it."

# Good news


def good_news(*, several: bool = False) -> str:
    """`several`: they follow more than one home, and it is so in all in which somebody is expected."""
    where = " wherever somebody is expected" if several else ""
    return f"Hearthlight: all as usual this morning{where}."


def week(days: int, usual: int, alerts: int, still_open: int, unseen_hours: int) -> str:
    """A week in one text: `usual` of `days` days were as usual."""
    ended = f", {still_open} still open" if still_open else ", all closed" if alerts else ""
    told = f"{alerts} alert{'' if alerts == 1 else 's'}{ended}" if alerts else "No alerts"
    unseen = f" Not seen for {unseen_hours} h." if unseen_hours else ""
    return f"Hearthlight: this week {usual} of {days} days were as usual. {told}.{unseen}"

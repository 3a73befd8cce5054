"""What Twilio's error codes mean for us: one table. Pure.

Codes appear without notice, so what the table does not know is decided by its range:
2xxxx was rejected, 3xxxx was not delivered. Source: https://www.twilio.com/docs/api/errors
"""

from enum import StrEnum


class Action(StrEnum):
    """What to do about a text that Twilio refused or could not deliver."""

    WRONG_NUMBER = "wrong_number"  # it can never work: next person now, mark the number, tell staff
    OPTED_OUT = "opted_out"  # answered STOP: never again, next person now, tell staff
    BLOCKED = "blocked"  # carrier or handset block it: next person now, tell staff
    LATER = "later"  # the handset is off, perhaps: next person now, and once more later
    GIVE_UP = "give_up"  # this text is lost: next person now
    OUR_FAULT = "our_fault"  # set up wrongly on our side: next person now, tell the operator
    SEND_AGAIN = "send_again"  # nothing was sent: the same again after a pause
    SEND_AGAIN_OUR_FAULT = "send_again_our_fault"  # the same, and the operator must act


ACTIONS: dict[int, Action] = {
    20003: Action.SEND_AGAIN_OUR_FAULT,  # wrong account or token
    20005: Action.SEND_AGAIN_OUR_FAULT,  # account not active
    20404: Action.SEND_AGAIN_OUR_FAULT,  # no such account
    20429: Action.SEND_AGAIN,  # too many requests
    21211: Action.WRONG_NUMBER,  # invalid number
    21408: Action.OUR_FAULT,  # country not allowed
    21606: Action.OUR_FAULT,  # sender cannot send texts
    21608: Action.OUR_FAULT,  # trial account
    21610: Action.OPTED_OUT,
    21611: Action.SEND_AGAIN,  # sender's queue is full
    21612: Action.WRONG_NUMBER,  # no route
    21614: Action.WRONG_NUMBER,  # not a mobile
    21635: Action.WRONG_NUMBER,  # a landline
    30001: Action.LATER,  # queue overflow, after accepting
    30003: Action.LATER,  # handset off or out of reach
    30004: Action.BLOCKED,
    30005: Action.LATER,  # unknown handset
    30006: Action.WRONG_NUMBER,  # landline or unreachable carrier
    30007: Action.BLOCKED,  # filtered by the carrier
    30008: Action.LATER,  # unknown error
    30034: Action.OUR_FAULT,  # our number is not registered
    30036: Action.GIVE_UP,  # validity period ran out
}

TELL_STAFF = {
    Action.WRONG_NUMBER: "contact_number_wrong",
    Action.OPTED_OUT: "contact_opted_out",
    Action.BLOCKED: "contact_blocked",
}
"""Reasons of the technical alert that the housing team gets about a contact."""

CONTACT_WORDS = {
    "contact_number_wrong": "The phone number of somebody who is to be told does not work.",
    "contact_opted_out": "Somebody who is to be told has stopped our texts.",
    "contact_blocked": "Our texts to somebody who is to be told are blocked.",
    "contact_does_not_answer": "Somebody who is to be told did not answer, asked twice whether it is their phone.",
    "contact_not_theirs": "Somebody answered that a phone on the list is not to get our alerts.",
}
"""The same in plain words, and those of still_you.py: technical alerts without a finding."""


def action_for(code: int | None, http_status: int | None = None) -> Action:
    """`code` from an answer (with its HTTP status) or from a receipt."""
    if code in ACTIONS:
        return ACTIONS[code]
    if http_status == 429:
        return Action.SEND_AGAIN
    if http_status in (401, 403, 404):
        return Action.SEND_AGAIN_OUR_FAULT
    return Action.GIVE_UP

"""The kinds of rule that there are. Pure."""

from functools import cache
from typing import get_args

from alerts.rules import RuleBase, RuleSettings
from alerts.verdicts import AlertClass


@cache
def kinds() -> dict[str, type[RuleBase]]:
    """Every kind of rule by its name."""
    union, *_ = get_args(RuleSettings)
    return {str(each.model_fields["kind"].default): each for each in get_args(union)}


def is_for_the_team(kind: str) -> bool:
    """Whether it is about the equipment: the housing team's to know."""
    known = kinds().get(kind)
    return known is not None and known.watches_for is AlertClass.TECHNICAL

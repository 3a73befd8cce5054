"""What all kinds of rule have in common. Pure."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from alerts.local_days import WEEKDAYS, BankHolidays, Hours, Weekday
from alerts.sight import Sight
from alerts.verdicts import AlertClass, Severity, Verdict

_DAY_MIN = 24 * 60

LocalTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="local time, HH:MM")]
Name = Annotated[str, Field(min_length=1, max_length=60)]
Role = Literal["room", "outside_door", "fridge_door", "inside_door", "button", "plug", "bed", "chair", "alarm"]


class Part(BaseModel):
    """Settings within settings."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class RuleBase(Part, ABC):
    """A kind of rule: its settings, its sentence, and what it says of a home."""

    watches_for: ClassVar[AlertClass] = AlertClass.WELFARE
    """Whose case it is when the rule finds something. Who watches for the person rests while nobody is
    expected at home; who watches the kit rests while the whole platform cannot see."""

    name: Annotated[str, Field(max_length=60)] = ""
    """What people call the rule; empty: its description."""
    severity: Severity | None = None
    """How much it matters, which picks the ladder. None: as usual for what is found."""

    @abstractmethod
    def describe(self) -> str:
        """One plain sentence without a full stop: what the rule watches for."""

    @abstractmethod
    def judge(self, sight: Sight, since: int) -> Sequence[Verdict]:
        """The verdicts on all occasions that are still open to judgement, newest last; never none.

        What happened before the Unix minute `since` is none of its business.
        """

    def can_tell(self, sight: Sight, minute: int) -> bool:
        """Whether the picture still reaches back to what the rule judged by at that Unix minute."""
        return minute - _DAY_MIN >= sight.base


class WithHours(RuleBase):
    """Hours of the local day. Where `end` is not after `start` they cross midnight."""

    start: LocalTime
    end: LocalTime
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)] = WEEKDAYS
    """The days on which the hours begin."""
    bank_holidays: BankHolidays = BankHolidays.SAME
    """England's bank holidays: like any day, left out, or like a Sunday."""

    @model_validator(mode="after")
    def _last_some_time(self) -> Self:
        if self.start == self.end:
            raise ValueError("start and end are the same time")
        return self

    @property
    def hours(self) -> Hours:
        return Hours(self.start, self.end, self.weekdays, self.bank_holidays)

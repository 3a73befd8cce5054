"""The JSON interface to whom we tell: ladders, rotas, handing over, your own details, figures."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api import details, duty, figures, hand_overs, ladders
from api.access import Db, FromOurScript, MayCoordinate, MayRespond, Now, SeenHome, SignedIn
from api.ladders import NewStep
from api.people_changes import By, NotChangedError
from api.v1_models import Answer

router = APIRouter(prefix="/api/1", tags=["1"])

_REFUSED: dict[int | str, dict[str, Any]] = {409: {"description": "Nothing was changed; `detail` says why."}}


class ToldAnswer(Answer):
    id: int
    words: str
    teller: str = Field(description='Whom: "person:3", "rota:1", "team:2", "role:family"; empty: another system.')
    channel: str


class StepAnswer(Answer):
    step: int
    minutes: int = Field(description="After the step before; of the first: after the alert opened.")
    told: tuple[ToldAnswer, ...]


class LadderAnswer(Answer):
    """One list of who is told."""

    own: bool = Field(description="Of this home; else the organisation's, which holds where a home has none.")
    kind: str | None = Field(description="welfare or urgent; null: any.")
    severity: str | None = Field(description="urgent, high or low; null: any.")
    title: str
    steps: tuple[StepAnswer, ...]
    warnings: tuple[str, ...] = Field(description="For the team only; empty for others.")


class ChangeAnswer(Answer):
    id: int
    at: str
    person: str
    what: str
    before: str
    after: str


class LaddersAnswer(Answer):
    ladders: tuple[LadderAnswer, ...]
    nobody_for: tuple[str, ...] = Field(description="What there is no list for.")
    changes: tuple[ChangeAnswer, ...]
    version: int = Field(description="Grows with each change. Send it with a change, to learn if somebody was quicker.")


class Step(BaseModel):
    """Somebody to tell."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["welfare", "urgent"] | None = None
    severity: Literal["urgent", "high", "low"] | None = None
    step: int = Field(ge=1, le=ladders.LAST_STEP)
    minutes: int = Field(ge=0, le=ladders.LONGEST_WAIT_MIN)
    teller: str = Field(max_length=32)
    channel: Literal["sms", "voice", "email"] = "sms"
    version: int | None = None

    def wanted(self) -> NewStep:
        return NewStep(self.kind, self.severity, self.step, self.minutes, self.teller, self.channel)


class Made(Answer):
    id: int


class HandOverAnswer(Answer):
    mine: bool
    to_person_id: int
    until_at: datetime
    words: str


class HandingOver(BaseModel):
    to_person_id: int
    until: AwareDatetime


class Own(BaseModel):
    """How you want to be reached. Empty: none. Quiet hours are local times."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    email: str = Field("", max_length=details.LONGEST_EMAIL)
    quiet_from: str = Field("", max_length=5)
    quiet_until: str = Field("", max_length=5)
    good_news: Literal["daily", "weekly", ""] = ""
    deputy: str = Field("", max_length=16, description="The id of a person who may stand in for you.")


class RotaAnswer(Answer):
    id: int
    name: str
    time_zone: str
    lists: int = Field(description="How many homes tell whoever is on duty.")
    on_duty: list[str]


class FigureAnswer(Answer):
    key: str
    group: str
    words: str
    unit: figures.Unit
    value: float | None = Field(description="null: fewer than 5 homes stand behind it.")
    share: float | None
    homes: int | None


class FiguresAnswer(Answer):
    since: datetime
    until: datetime
    homes: int
    lines: tuple[FigureAnswer, ...]


@router.get("/homes/{home_id}/ladder", response_model=LaddersAnswer, name="show_ladder")
def ladder(home: SeenHome, person: SignedIn, db: Db, now: Now) -> dict[str, Any]:
    """Who is told of what happens in a home, in this order."""
    found = asdict(ladders.of_home(db, home, now))
    if not person.on_the_team:
        found["ladders"] = [{**one, "warnings": ()} for one in found["ladders"]]
    return found


@router.post(
    "/homes/{home_id}/ladder", response_model=Made, dependencies=[FromOurScript], responses=_REFUSED, name="add_step"
)
def add_step(home: SeenHome, person: MayCoordinate, step: Step, db: Db, now: Now) -> dict[str, int]:
    """Tell somebody more. For coordinators."""
    try:
        return {"id": ladders.add(db, By(person.id, now, home_id=home.id), step.wanted(), step.version)}
    except ValueError as error:
        raise _refused(error) from None


@router.put(
    "/homes/{home_id}/ladder/{step_id}", response_model=Made, dependencies=[FromOurScript], responses=_REFUSED,
    name="change_step",
)  # fmt: skip
def change_step(home: SeenHome, step_id: int, person: MayCoordinate, step: Step, db: Db, now: Now) -> dict[str, int]:
    """Tell somebody else, or at another time. For coordinators."""
    try:
        ladders.change(db, By(person.id, now, home_id=home.id), step_id, step.wanted(), step.version)
    except ValueError as error:
        raise _refused(error) from None
    return {"id": step_id}


@router.delete(
    "/homes/{home_id}/ladder/{step_id}", status_code=204, dependencies=[FromOurScript], responses=_REFUSED,
    name="remove_step",
)  # fmt: skip
def remove_step(home: SeenHome, step_id: int, person: MayCoordinate, db: Db, now: Now) -> None:
    """Tell somebody no longer. For coordinators."""
    try:
        ladders.remove(db, By(person.id, now, home_id=home.id), step_id)
    except ValueError as error:
        raise _refused(error) from None


@router.get("/rotas", response_model=list[RotaAnswer])
def rotas(_: MayRespond, db: Db, now: Now) -> list[duty.Rota]:
    """All rotas, and who is on duty now. For the team."""
    return duty.all_rotas(db, now)


@router.get("/rotas/{rota_id}")
def rota(rota_id: int, _: MayRespond, db: Db, now: Now) -> dict[str, Any]:
    """One rota: its week, what differs from it, and when nobody is on duty in the next 14 days. For the team."""
    week = duty.week(db, rota_id, now)
    if week is None:
        raise HTTPException(404, "There is no such rota.")
    return {
        "id": week.rota.id,
        "name": week.rota.name,
        "shifts": [asdict(shift) for shift in week.shifts],
        "overrides": [asdict(one) for one, _ in week.overrides],
        "gaps": week.gaps,
    }


@router.get("/hand-over", response_model=list[HandOverAnswer])
def handed_over(person: SignedIn, db: Db, now: Now) -> list[hand_overs.HandOver]:
    """What you handed over, and what was handed to you."""
    return hand_overs.of_person(db, person, now)


@router.put("/hand-over", response_model=list[HandOverAnswer], dependencies=[FromOurScript])
def hand_over(wanted: HandingOver, person: SignedIn, db: Db, now: Now) -> list[hand_overs.HandOver]:
    """Let somebody be told instead of you from now on."""
    try:
        hand_overs.start(db, person, wanted.to_person_id, wanted.until, now)
    except ValueError as error:
        raise _refused(error) from None
    return hand_overs.of_person(db, person, now)


@router.delete("/hand-over", status_code=204, dependencies=[FromOurScript])
def take_back(person: SignedIn, db: Db, now: Now) -> None:
    """It is you again from now on."""
    hand_overs.take_back(db, person, now)


@router.get("/you", response_model=Own)
def own_details(person: SignedIn, db: Db) -> details.Wanted:
    """How you want to be reached."""
    return details.typed(details.of_person(db, person))


@router.put("/you", response_model=Own, dependencies=[FromOurScript])
def keep_details(own: Own, person: SignedIn, db: Db) -> details.Wanted:
    """How you want to be reached from now on."""
    try:
        details.keep(db, person, details.Wanted(**own.model_dump()))
    except ValueError as error:
        raise _refused(error) from None
    return details.typed(details.of_person(db, person))


@router.get("/figures", response_model=FiguresAnswer)
def all_figures(
    person: MayRespond,
    db: Db,
    now: Now,
    for_whom: Annotated[str, Query(alias="for", max_length=16, description="commissioners: no small numbers")] = "",
) -> figures.Figures:
    """Figures of the last 28 days, of the homes you may see. For the team."""
    found = figures.of_person(db, person, now)
    return figures.for_commissioners(found) if for_whom == "commissioners" else found


def _refused(error: ValueError) -> HTTPException:
    return HTTPException(409 if isinstance(error, NotChangedError) else 400, str(error))

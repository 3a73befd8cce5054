"""The JSON interface to routines: reading them, changing them, suggestions, dry runs, export and import.

Whoever is linked to a home may read; a coordinator may change. To others there is no such page.
"""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Query, Response

from alerts.absences import end_away
from alerts.accepting import changing
from alerts.accepting.changing import By, NotChangedError
from alerts.accepting.kept import in_force, rules_of
from alerts.replaying.rule_files import BadRulesFileError, RulesFile, parse, written
from alerts.rules import BadRuleError, RuleSettings, read
from api import absences, routines, trying, v1_models, v1_rule_models
from api.access import Db, FromOurScript, MayCoordinate, Now, SeenHome, SignedIn
from api.people import Home
from api.views import Away

router = APIRouter(prefix="/api/1/homes/{home_id}", tags=["1"])

Settings = Annotated[dict[str, Any], Body(description="Settings of a rule, as in RULES.json, with their kind.")]
File = Annotated[dict[str, Any], Body(description="RULES.json: the rules of this home by its id, or by *.")]


@router.get("/rules", response_model=list[v1_rule_models.Rule], name="show_routines")
def rules(home: SeenHome, person: SignedIn, db: Db, now: Now) -> list[routines.Line]:
    """The routines of a home, those that are off last. Families do not see those about the equipment."""
    found = routines.of_home(db, home, person, now)
    return [*found.lines, *found.off]


@router.get("/rules/changes", response_model=list[v1_rule_models.Change], name="show_changes")
def changes(home: SeenHome, person: SignedIn, db: Db, now: Now) -> tuple[routines.ChangeLine, ...]:
    """The last 100 changes, newest first: who, when, before and after."""
    return routines.of_home(db, home, person, now).changes


@router.post("/rules", response_model=v1_rule_models.Kept, dependencies=[FromOurScript], name="add_routine")
def add(home: SeenHome, person: MayCoordinate, settings: Settings, db: Db, now: Now) -> dict[str, int]:
    """Add a routine that applies from now on. For coordinators."""
    wanted = _read(settings)
    try:
        return {"id": changing.add(db, By(home.id, person.id, now), wanted), "version": 1}
    except NotChangedError as error:
        raise HTTPException(409, str(error)) from None


@router.post(
    "/rules/accept", response_model=v1_rule_models.Accepted, dependencies=[FromOurScript], name="accept_suggestions"
)
def accept(
    home: SeenHome, person: MayCoordinate, asked: v1_rule_models.AcceptingAll, db: Db, now: Now
) -> dict[str, int]:
    """Accept suggestions in your name. Each is tried on the past once more, and the figure is kept with it."""
    marks = {one.name: one.mark for one in asked.accept}
    try:
        return {"accepted": trying.accept(db, By(home.id, person.id, now), home, marks)}
    except NotChangedError as error:
        raise HTTPException(409, str(error)) from None


@router.put("/rules/{rule_id}", response_model=v1_rule_models.Kept, dependencies=[FromOurScript], name="change_routine")
def change(
    home: SeenHome,
    person: MayCoordinate,
    rule_id: int,
    settings: Settings,
    db: Db,
    now: Now,
    version: Annotated[int | None, Query(description="The version you saw; another one is refused.")] = None,
) -> dict[str, int]:
    """Change a routine, or switch it on again: a new version. For coordinators."""
    wanted = _read(settings)
    try:
        return {"id": rule_id, "version": changing.change(db, By(home.id, person.id, now), rule_id, wanted, version)}
    except NotChangedError as error:
        raise HTTPException(409, str(error)) from None
    except LookupError:
        raise _no_such_rule() from None


@router.delete("/rules/{rule_id}", status_code=204, dependencies=[FromOurScript], name="delete_routine")
def switch_off(home: SeenHome, person: MayCoordinate, rule_id: int, db: Db, now: Now) -> None:
    """Switch a routine off. It is kept, with what it found. For coordinators."""
    try:
        changing.switch(db, By(home.id, person.id, now), rule_id, on=False)
    except LookupError:
        raise _no_such_rule() from None


@router.get("/suggestions", response_model=v1_rule_models.Suggestions, name="show_suggestions")
def suggestions(home: SeenHome, _: MayCoordinate, db: Db, now: Now) -> trying.Suggestions:
    """What the last 28 days of this home speak for, each with its evidence. Nothing applies by itself."""
    return trying.suggestions(db, home, now)


@router.post("/dry-run", response_model=v1_rule_models.DryRun, dependencies=[FromOurScript], name="dry_run")
def dry_run(home: SeenHome, _: MayCoordinate, file: File, db: Db, now: Now) -> trying.Tried:
    """What these routines would have told in this home in the last 28 days."""
    return trying.dry_run(db, home, _of_file(file, home), now)


@router.get("/rules.json", response_model=RulesFile, name="export_rules")
def export(home: SeenHome, _: MayCoordinate, db: Db) -> Response:
    """The routines in force as RULES.json, which `python -m alerts replay` reads too."""
    rules_now = tuple(rule.settings for rule in in_force(rules_of(db, home.id)))
    file = RulesFile(zone=home.time_zone, homes={str(home.id): rules_now})
    return Response(written(file), media_type="application/json")


@router.put("/rules.json", response_model=list[v1_rule_models.Rule], dependencies=[FromOurScript], name="import_rules")
def replace(home: SeenHome, person: MayCoordinate, file: File, db: Db, now: Now) -> list[routines.Line]:
    """Make the routines of a RULES.json those in force: the rest is switched off. For coordinators."""
    wanted = _of_file(file, home)
    try:
        with db.transaction():
            changing.replace_all(db, By(home.id, person.id, now), wanted)
    except NotChangedError as error:
        raise HTTPException(409, str(error)) from None
    return list(routines.of_home(db, home, person, now).lines)


@router.put("/away", response_model=v1_models.Away, dependencies=[FromOurScript], name="set_away")
def set_away(home: SeenHome, person: SignedIn, asked: v1_rule_models.SettingAway, db: Db, now: Now) -> Away | None:
    """Nobody is expected at home from now on, or from a day to come. For whoever may see the home."""
    try:
        absences.set_between(db, home, person, asked.kind, asked.begins, asked.until, now)
    except ValueError as error:
        raise HTTPException(400, str(error)) from None
    return absences.of_home(db, home.id, home.zone, now)


@router.delete("/away", status_code=204, dependencies=[FromOurScript], name="back_home")
def back_home(home: SeenHome, person: SignedIn, db: Db, now: Now) -> None:
    """Somebody is expected at home again. For whoever may see the home."""
    end_away(db, home.id, person.id, now)


def _read(settings: dict[str, Any]) -> RuleSettings:
    try:
        return read(settings)
    except BadRuleError as error:
        raise HTTPException(400, str(error)) from None


def _of_file(file: dict[str, Any], home: Home) -> tuple[RuleSettings, ...]:
    """The rules of this home in a RULES.json."""
    try:
        found = parse(json.dumps(file)).of(str(home.id))
    except BadRulesFileError as error:
        raise HTTPException(400, str(error)) from None
    if not found:
        raise HTTPException(400, f'The file holds no rules for home {home.id}: give them under "{home.id}" or "*".')
    if len(found) > changing.MOST_RULES:
        raise HTTPException(400, f"A home can have {changing.MOST_RULES} routines.")
    return found


def _no_such_rule() -> HTTPException:
    return HTTPException(404, "There is no such page, or it is not one you may see.")

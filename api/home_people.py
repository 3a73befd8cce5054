"""Homes, and the people who are linked to them: added and changed by coordinators, each change written down."""

from dataclasses import dataclass

from psycopg import Connection
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row

from alerts.telling.numbers import PhoneNumber, read_number
from api.people import Home, Role
from api.people_changes import By, write
from ingest.database import sql

LONGEST = 60
MOST_PEOPLE = 10
ADDED = {Role.FAMILY: "Family, a friend or a carer", Role.RESIDENT: "The resident"}
"""Whom coordinators add, in words; the team is added by whoever runs the server."""


@dataclass(frozen=True, slots=True)
class Linked:
    """One row of people_of_home.sql."""

    id: int
    name: str
    phone: str
    role: str
    verified: bool
    opted_out: bool
    refused: bool
    steps: int

    @property
    def of_the_team(self) -> bool:
        return self.role in (Role.RESPONDER, Role.COORDINATOR)

    @property
    def phone_words(self) -> str:
        """A British number as people write it: "07700 900155"."""
        return f"0{self.phone[3:7]} {self.phone[7:]}" if self.phone.startswith("+44") else self.phone

    @property
    def facts(self) -> tuple[str, ...]:
        """What a coordinator has to know."""
        found = ["Has stopped our texts"] if self.opted_out else []
        found += ["The phone company does not know this number"] if self.refused else []
        found += [] if self.verified or self.of_the_team else ["The number is not proved yet"]
        found += [] if self.steps or self.of_the_team else ["Is not on the list of who is told"]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed to add somebody."""

    name: str = ""
    phone: str = ""
    role: str = Role.FAMILY


def add_home(connection: Connection, by: By, name: str, resident: str, occupants: str) -> int:
    """A new home, and its id. Raises ValueError with what is wrong, for people."""
    values = {
        "name": _name("What the home is called", name),
        "resident": _name("What the resident is called", resident),
        "occupants": _occupants(occupants),
        "now": by.now,
    }
    with connection.transaction():
        row = connection.execute(sql(__file__, "add_home_for_team"), values).fetchone()
        home_id = int(row[0]) if row else 0
        write(connection, By(by.person_id, by.now, home_id=home_id), "home_added", None, {"name": values["name"]})
    return home_id


def of_home(connection: Connection, home: Home) -> list[Linked]:
    with connection.cursor(row_factory=class_row(Linked)) as cursor:
        return cursor.execute(sql(__file__, "people_of_home"), {"home_id": home.id}).fetchall()


def add(connection: Connection, home: Home, by: By, typed: Typed) -> str:
    """Link somebody to the home, by their number; their name. Raises ValueError with what is wrong, for people.

    Who has the number already is linked as they are: one person has one number and one name.
    """
    if typed.role not in ADDED:
        raise ValueError("Choose who it is")
    name, number = _name("The name", typed.name), _number(typed.phone)
    with connection.transaction():
        person_id, kept, is_new = _person(connection, name, number.e164, typed.role)
        values = {"home_id": home.id, "person_id": person_id}
        linked = connection.execute(sql(__file__, "link_person"), values).fetchone()
        if linked is None:
            raise ValueError(f"{kept} is linked to this home already")
        write(connection, by, "person_added", None, {"person_id": person_id, "new": is_new})
    return kept


def _person(connection: Connection, name: str, phone: str, role: str) -> tuple[int, str, bool]:
    """(id, name, new) of who has this number, made if nobody does."""
    found = connection.execute(sql(__file__, "person_of_number"), {"phone": phone}).fetchone()
    if found:
        if found[2] != role:
            raise ValueError("Somebody else has this number already, in another part")
        return int(found[0]), str(found[1]), False
    query = "insert into person (name, phone, role) values (%s, %s, %s) returning id"
    row = connection.execute(query, (name, phone, role)).fetchone()
    return (int(row[0]) if row else 0), name, True


def remove(connection: Connection, home: Home, by: By, person_id: int) -> None:
    """They may no longer see the home. Raises ValueError with what is wrong, for people."""
    person = _linked(connection, home, person_id)
    if person.id == by.person_id:
        raise ValueError("You cannot take yourself off")
    if person.steps:
        raise ValueError(f"{person.name} is on the list of who is told. Take them off that list first")
    with connection.transaction():
        connection.execute("delete from home_person where home_id = %s and person_id = %s", (home.id, person_id))
        write(connection, by, "person_removed", {"person_id": person_id}, None)


def change_number(connection: Connection, home: Home, by: By, person_id: int, typed: str) -> None:
    """A new number for somebody of the family. Raises ValueError with what is wrong, for people."""
    person = _linked(connection, home, person_id)
    if person.of_the_team:
        raise ValueError("Numbers of the team are changed by whoever runs the server")
    number = _number(typed)
    try:
        with connection.transaction():
            connection.execute(sql(__file__, "change_number"), {"person_id": person_id, "phone": number.e164})
            write(connection, by, "number_changed", None, {"person_id": person_id})
    except UniqueViolation:
        raise ValueError("Somebody else has this number already") from None


def add_to_team(connection: Connection, name: str, phone: str, role: Role) -> int:
    """Somebody of the housing team, who may see every home; the person's id. Raises ValueError."""
    number = _number(phone)
    query = "insert into person (name, phone, role) values (%s, %s, %s) returning id"
    try:
        with connection.transaction():
            row = connection.execute(query, (_name("The name", name), number.e164, role)).fetchone()
            person_id = int(row[0]) if row else 0
            connection.execute("insert into home_person (home_id, person_id) select id, %s from home", (person_id,))
    except UniqueViolation:
        raise ValueError("Somebody has this number already") from None
    return person_id


def _linked(connection: Connection, home: Home, person_id: int) -> Linked:
    found = next((one for one in of_home(connection, home) if one.id == person_id), None)
    if found is None:
        raise ValueError("They are not linked to this home any more")
    return found


def _number(typed: str) -> PhoneNumber:
    """Raises BadNumberError, which is a ValueError, with what is wrong, for people."""
    number = read_number(typed)
    if not number.takes_texts:
        raise ValueError("That number gets no texts. Give a mobile number")
    return number


def _name(what: str, typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise ValueError(f"{what} is missing")
    if len(name) > LONGEST:
        raise ValueError(f"{what} must have at most {LONGEST} characters")
    return name


def _occupants(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= MOST_PEOPLE):
        raise ValueError(f"How many people live here must be a whole number, from 1 to {MOST_PEOPLE}")
    return int(typed)

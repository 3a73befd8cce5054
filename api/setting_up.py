"""How far a home is set up: what is done, and what comes next."""

from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import class_row

from api.people import Home
from ingest.database import sql


@dataclass(frozen=True, slots=True)
class Row:
    """One row of set_up_of_home.sql."""

    keeps: bool
    family: int
    tells: bool
    gateways: int
    heard: bool
    sensors: int
    walked: bool
    rules: int


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. `leaf`: the page below the home's on which it is done."""

    name: str
    words: str
    leaf: str
    done: bool


def of_home(connection: Connection, home: Home) -> tuple[Task, ...]:
    """In the order in which they are best done."""
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        row = cursor.execute(sql(__file__, "set_up_of_home"), {"home_id": home.id}).fetchone()
    return tasks(row) if row else ()


def tasks(row: Row) -> tuple[Task, ...]:
    """Pure."""
    return (
        Task("What was agreed to", "Nothing is kept before it is written down", "consent", row.keeps),
        Task("The people", "Family and friends who see this home", "people", row.family > 0),
        Task("Who is told", "In which order, and by what", "ladder", row.tells),
        Task("The gateway", "Make a claim code and type it at the gateway", "gateways", row.heard),
        Task("The sensors", "Where each of them is", "gateways", row.sensors > 0),
        Task("The walk test", "Walk through the home and see each sensor answer", "walk-test", row.walked),
        Task("The routines", "What is watched for", "routines", row.rules > 0),
    )

"""Speed, measured: each module here runs one part of the path and gives its rows of the report."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of the report: what was measured, each run's value, its unit, the aim, and what limits it."""

    what: str
    values: list[float]
    unit: str
    aim: str
    limit: str = ""

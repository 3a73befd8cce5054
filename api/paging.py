"""Long lists, a page at a time."""

from typing import Annotated

from fastapi import Query

PAGE = 50
"""Homes or alerts on one page."""

PageNumber = Annotated[int, Query(alias="page", ge=1, le=100_000, description="Which page, from 1; 50 to a page.")]


def window(number: int) -> dict[str, int]:
    """What the queries of lists want to know."""
    return {"limit": PAGE, "offset": (number - 1) * PAGE}


def link_to_next(path: str, after: int | None) -> dict[str, str]:
    """The header that leads programs on; none on the last page."""
    return {"link": f'<{path}?page={after}>; rel="next"'} if after else {}

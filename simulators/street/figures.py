"""How people live with sensors: the figures from which the street's days are drawn.

Measured on 40 homes of people with dementia in England, April to June 2019 (TIHM dataset,
Palermo et al. 2023, doi 10.1038/s41597-023-02519-y, CC BY 4.0). Pure data.
"""

from dataclasses import dataclass

HOLD_OFF_S = 61
"""A motion sensor never speaks again sooner than this."""

HOUR_SHARE: dict[str, tuple[int, ...]] = {
    "kitchen": (0, 0, 0, 0, 0, 1, 2, 4, 6, 7, 7, 7, 7, 7, 5, 5, 6, 8, 8, 7, 5, 4, 3, 1),
    "bathroom": (2, 2, 2, 2, 2, 3, 4, 7, 9, 9, 7, 5, 4, 4, 3, 3, 3, 3, 3, 3, 4, 6, 7, 4),
    "bedroom": (3, 2, 2, 3, 3, 3, 4, 7, 8, 8, 6, 4, 3, 3, 3, 3, 3, 3, 3, 3, 3, 6, 8, 5),
    "lounge": (1, 0, 0, 0, 0, 1, 1, 3, 5, 6, 6, 6, 6, 7, 6, 6, 7, 8, 8, 7, 6, 5, 3, 1),
    "front door": (0, 0, 0, 0, 0, 0, 1, 3, 5, 8, 9, 10, 8, 7, 7, 7, 7, 7, 6, 5, 3, 3, 2, 1),
}
"""Per cent of a place's events that fall into each hour of the local day."""

MEDIAN_A_DAY = {
    "kitchen": 82,
    "lounge": 72,
    "hallway": 72,
    "bedroom": 42,
    "fridge": 38,
    "bathroom": 30,
    "front door": 18,
    "back door": 14,
}
"""Events a day, the median over home-days; a door's opening and its shutting are two."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A log-normal spread: its median, and how wide it is."""

    median: float
    sigma: float


OPEN_S = {"front door": Spread(11, 1.8), "fridge": Spread(8, 1.3), "back door": Spread(28, 2.2)}
"""For how many seconds a door stands open."""

OPEN_AT_MOST_S = 4 * 3600.0


@dataclass(frozen=True, slots=True)
class Stay:
    """One visit to a room: for how many minutes, and the mean seconds of stillness beyond the hold-off."""

    minutes: Spread
    still_s: float
    often: float = 1.0
    """Multiplies how often the room is gone to."""


STAYS = {
    "kitchen": Stay(Spread(8, 0.8), 55),
    "lounge": Stay(Spread(22, 0.8), 85, 1.6),
    "bathroom": Stay(Spread(4, 0.6), 90, 0.9),
    "bedroom": Stay(Spread(6, 0.8), 60),
    "hallway": Stay(Spread(1, 0.8), 40),
}
"""Not measured but chosen so that a day's counts and silences come out near the measured ones."""

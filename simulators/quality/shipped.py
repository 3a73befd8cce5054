"""The rules that a new home is given before anything is known of it."""

from alerts.habit_rules import NightActivity, SensorSilent, UnusualQuiet
from alerts.rules import DoorAtNight, ExpectedActivity, RuleSettings, Unseen

SHIPPED: tuple[RuleSettings, ...] = (
    UnusualQuiet(),
    ExpectedActivity(places=("kitchen", "fridge-door"), end="12:30"),
    NightActivity(),
    SensorSilent(),
    DoorAtNight(),
    Unseen(minutes=25),
)

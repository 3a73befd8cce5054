"""The rules that a new home is given before anything is known of it."""

from alerts.rules import DoorAtNight, ExpectedActivity, NightActivity, RuleSettings, SensorSilent, Unseen, UnusualQuiet

SHIPPED: tuple[RuleSettings, ...] = (
    UnusualQuiet(),
    ExpectedActivity(places=("kitchen", "fridge-door"), end="12:30"),
    NightActivity(),
    SensorSilent(),
    DoorAtNight(),
    Unseen(minutes=25),
)

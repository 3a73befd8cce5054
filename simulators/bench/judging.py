"""A county in the morning: every home due in the same minute, judged by worker processes.

37,100 homes with three rules each, then with eight, pictures of three lived days, a day of readings
behind them in the database, of which no picture has taken in the last two hours; one home in a hundred
has missed its morning.
Judged by the product's own loop, on each kind of database with its default settings; on the second
kind only what matters most, for the time it takes. Beside it what one home costs without a database.
"""

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
from psycopg.types.json import Jsonb

from alerts.evaluate import judge
from alerts.picture import Picture, Plain, fold_plain
from alerts.rules import DoorAtNight, ExpectedActivity, Rule, RuleSettings, Silence, Unseen
from alerts.sight import Sight
from gateway.messages import Kind
from ingest.database import sql
from ingest.kinds import NUMBER
from ingest.schema import migrate
from simulators import postgres
from simulators.bench import Row

HOMES = 37_100
NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
FOLDED_UNTIL = NOW - timedelta(hours=2)
EVERY_MISSED = 100
"""One home in so many misses its morning."""
RUNS = 3
BATCH = 500

KITCHEN = ExpectedActivity(places=("kitchen", "fridge"), start="05:00", end="09:00")
THREE: tuple[RuleSettings, ...] = (KITCHEN, Silence(hours=12), DoorAtNight())
EIGHT: tuple[RuleSettings, ...] = (
    *THREE,
    ExpectedActivity(end="10:00"),
    ExpectedActivity(places=("bedroom", "bathroom", "landing"), start="19:00", end="01:00"),
    Silence(hours=6, by_day=("07:00", "22:00")),
    ExpectedActivity(places=("lounge", "hallway"), start="10:00", end="15:00"),
    Unseen(),
)

# Places of the recorded homes (TIHM) with their usual number of events a day.
PLACES = {
    ("kitchen", "room"): 82,
    ("lounge", "room"): 72,
    ("hallway", "room"): 72,
    ("bedroom", "room"): 42,
    ("bathroom", "room"): 30,
    ("landing", "room"): 30,
    ("fridge", "fridge_door"): 38,
    ("front door", "outside_door"): 18,
    ("back door", "outside_door"): 14,
}


def a_lived_time(rng: random.Random, start: datetime, end: datetime) -> list[Plain]:
    """Readings of one home: somebody about by day in bouts of a few minutes, and beats."""
    first, last = start.timestamp(), end.timestamp()
    days = (last - first) / 86400
    readings: list[Plain] = [(at, "gateway", "gateway", Kind.BEAT, 0.0) for at in _every(first, last, 300)]
    for (place, role), a_day in PLACES.items():
        kind = Kind.MOTION if role == "room" else Kind.CONTACT
        for _ in range(round(a_day * days / 4)):
            bout = rng.uniform(first, last)
            if 6 <= datetime.fromtimestamp(bout, UTC).hour < 23:
                readings += [(bout + 70 * n, place, role, kind, float(n % 2 or role == "room")) for n in range(4)]
    return sorted(one for one in readings if one[0] < last)


def _every(first: float, last: float, step: float) -> list[float]:
    return [first + step * n for n in range(int((last - first) // step))]


@dataclass(frozen=True, slots=True)
class County:
    """A server full of homes."""

    url: str
    homes: int
    behind: timedelta = timedelta(days=1)
    """So much of the past has readings."""

    def fill(self) -> None:
        """Made by the database itself, not through the ingest."""
        rng = random.Random(1)
        pictures = [self._picture(rng) for _ in range(20)]
        with psycopg.connect(self.url) as connection:
            values = {"homes": self.homes, "pictures": [Jsonb(one) for one in pictures]}
            connection.execute(sql(__file__, "add_homes"), values)
            for place, role in [*PLACES, ("gateway", "gateway")]:
                connection.execute(sql(__file__, "add_sensor"), {"place": place, "role": role})
            for number, rule in enumerate(EIGHT):
                connection.execute(
                    "insert into rule (home_id, kind, settings, enabled) select id, %s, %s, %s from home",
                    [rule.kind, Jsonb(rule.model_dump(mode="json")), number < len(THREE)],
                )
            self._readings(connection)
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("vacuum analyze")

    def use_all_rules(self) -> None:
        """Eight in each home instead of three."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("update rule set enabled = true where not enabled")
            connection.execute("vacuum analyze rule")

    def _readings(self, connection: psycopg.Connection) -> None:
        common = {"from": NOW - self.behind, "until": NOW, "every_missed": EVERY_MISSED}
        connection.execute(sql(__file__, "add_beats"), {**common, "kind": NUMBER[Kind.BEAT]})
        connection.execute(
            sql(__file__, "add_events"), {**common, "motion": NUMBER[Kind.MOTION], "contact": NUMBER[Kind.CONTACT]}
        )

    def _picture(self, rng: random.Random) -> dict[str, object]:
        lived = a_lived_time(rng, FOLDED_UNTIL - timedelta(days=3), FOLDED_UNTIL)
        five = NOW.replace(hour=5, minute=0).timestamp()
        # Nobody was in the kitchen yet this morning, so that the last two hours decide.
        return fold_plain(
            Picture.empty(), [one for one in lived if one[0] < five or one[1] not in KITCHEN.places]
        ).to_json()

    def dawn(self, due: int | None = None) -> None:
        """Everything as it was before it was judged, and all homes due, or the first so many."""
        with psycopg.connect(self.url) as connection:
            for table in ("message_event", "message", "alert_event", "finding", "alert"):
                connection.execute(f"delete from {table}".encode())  # noqa: S608 - names from the line above
            connection.execute(
                sql(__file__, "make_due"), {"from": FOLDED_UNTIL, "now": NOW, "homes": due or self.homes}
            )
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("vacuum analyze home_state, stream, alert, finding, message")


@dataclass(frozen=True, slots=True)
class Morning:
    """How one run went."""

    seconds: float
    first_alert_s: float
    cpu_ms_a_home: float
    memory_mb: float


def judge_county(county: County, workers: int, due: int | None = None) -> Morning:
    """Let so many worker processes judge every home, or the first so many of them.

    Raises RuntimeError if one was left out or judged twice.
    """
    county.dawn(due)
    line = [sys.executable, "-m", "simulators.bench.judging_worker", county.url, NOW.isoformat(), str(BATCH)]
    running = [subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(workers)]
    for one in running:
        if one.stdout is None or one.stdout.readline() != "ready\n":
            raise RuntimeError("a worker of the bench ended early")
    began = time.time()
    for one in running:
        _say_go(one)
    answers = [json.loads(one.communicate(timeout=600)[0]) for one in running]
    ended = max(answer["ended"] for answer in answers)
    if sum(answer["homes"] for answer in answers) != (due or county.homes):
        raise RuntimeError("not every home was judged exactly once")
    firsts = [answer["first_alert"] for answer in answers if answer["first_alert"]]
    return Morning(
        ended - began,
        min(firsts, default=ended) - began,
        1000 * sum(answer["cpu_s"] for answer in answers) / (due or county.homes),
        max(answer["memory_mb"] for answer in answers),
    )


def _say_go(worker: subprocess.Popen[str]) -> None:
    """Let it begin, without waiting for it: the others begin too."""
    if worker.stdin is not None:
        worker.stdin.write("go\n")
        worker.stdin.flush()


def of_county(kind: postgres.Kind, homes: int, runs: int, *, whole: bool = True) -> list[Row]:
    """What a county takes; not whole: only with eight rules, by two workers."""
    with tempfile.TemporaryDirectory() as folder:
        server = postgres.start(Path(folder) / "database", kind)
        try:
            migrate(server.url)
            # On the second kind only what is to be taken in, for the time that filling takes.
            county = County(server.url, homes) if whole else County(server.url, homes, NOW - FOLDED_UNTIL)
            county.fill()
            rows = _with_three(county, kind, runs) if whole else []
            county.use_all_rules()
            return rows + _with_eight(county, kind, runs, whole=whole)
        finally:
            server.stop()


def _with_three(county: County, kind: postgres.Kind, runs: int) -> list[Row]:
    one = [judge_county(county, 1) for _ in range(runs)]
    two = [judge_county(county, 2) for _ in range(runs)]
    name = f"{county.homes:,} homes with 3 rules due in one minute, {kind}"
    cpu = [morning.cpu_ms_a_home for morning in one]
    return [
        Row(f"{name}, judged by one worker", [each.seconds for each in one], "s", "<= 30", "Python, then the database"),
        Row(f"{name}, judged by two workers", [each.seconds for each in two], "s", "<= 30", "both cores"),
        Row(
            "until the first alert is open", [each.first_alert_s for each in one], "s", "< the last", f"{BATCH} a batch"
        ),
        Row("CPU of a worker for each home", cpu, "ms", "", "taking in readings, packing pictures"),
        Row("memory of a worker", [each.memory_mb for each in [*one, *two]], "MB", "< 200", f"{BATCH} homes at once"),
    ]


def _with_eight(county: County, kind: postgres.Kind, runs: int, *, whole: bool) -> list[Row]:
    name = f"homes with 8 rules due in one minute, {kind}, judged by two workers"
    quarter = county.homes // 4
    two = [judge_county(county, 2).seconds for _ in range(runs)]
    rows = [Row(f"{county.homes:,} {name}", two, "s", "<= 20", "both cores")]
    if whole:
        some = [judge_county(county, 2, quarter).seconds for _ in range(runs)]
        rows.append(Row(f"{quarter:,} {name}", some, "s", "a quarter of that", "both cores"))
    return rows


def of_one_home(runs: int) -> list[Row]:
    """What the pure heart costs, without a database."""
    rng = random.Random(2)
    lived = a_lived_time(rng, NOW - timedelta(days=3), NOW)
    picture = fold_plain(Picture.empty(), lived)
    size = len(json.dumps(picture.to_json()).encode())
    return [
        Row(
            "fold, a day at a time",
            [len(lived) / _seconds(lambda: _fold_days(lived)) for _ in range(runs)],
            "readings/s",
            ">= 100,000",
        ),
        Row(
            "evaluate 3 rules of one home",
            [1000 * _seconds(lambda: _evaluate(picture, THREE)) for _ in range(runs)],
            "ms",
            "",
        ),
        Row(
            "evaluate 8 rules of one home",
            [1000 * _seconds(lambda: _evaluate(picture, EIGHT)) for _ in range(runs)],
            "ms",
            "< 0.3",
        ),
        Row("picture of a home with 9 places, as JSON", [float(size)], "bytes", "< 4,096"),
    ]


def _fold_days(lived: list[Plain]) -> None:
    picture = Picture.empty()
    for first in range(0, len(lived), 700):
        picture = fold_plain(picture, lived[first : first + 700])


def _evaluate(picture: Picture, rules: tuple[RuleSettings, ...]) -> None:
    sight = Sight(picture, ZoneInfo("Europe/London"), NOW)
    for rule in rules:
        judge(Rule(1, 1, rule), sight)


def _seconds(work: Callable[[], None], times: int = 50) -> float:
    """The median time of one call."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def run(kinds: tuple[postgres.Kind, ...] | None = None, homes: int = HOMES, runs: int = RUNS) -> list[Row]:
    """Measure the heart, and the loop on each kind of database that can be had here, the first one whole."""
    here: tuple[postgres.Kind, ...] = ("timescaledb", "embedded") if postgres.timescaledb_root() else ("embedded",)
    counties = [of_county(kind, homes, runs, whole=number == 0) for number, kind in enumerate(kinds or here)]
    return of_one_home(runs) + [row for county in counties for row in county]

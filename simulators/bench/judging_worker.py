"""One worker of the judging bench: `python -m simulators.bench.judging_worker URL NOW BATCH`.

Says "ready", waits for a line, judges until no home is due, and says how it went as JSON.
"""

import json
import resource
import sys
import time
from datetime import datetime

from alerts.judging import judge_due
from ingest.database import connect


def main(url: str, now: datetime, batch: int) -> None:
    homes, first_alert = 0, None
    with connect(url, autocommit=True) as connection:
        print("ready", flush=True)
        sys.stdin.readline()
        cpu = time.process_time()
        while (judged := judge_due(connection, now, batch)).homes:
            homes += judged.homes
            if judged.alerts and first_alert is None:
                first_alert = time.time()
    used = resource.getrusage(resource.RUSAGE_SELF)
    answer = {
        "homes": homes,
        "first_alert": first_alert,
        "ended": time.time(),
        "cpu_s": time.process_time() - cpu,
        "memory_mb": used.ru_maxrss / 1024,
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1], datetime.fromisoformat(sys.argv[2]), int(sys.argv[3]))

"""`bin/bench [--full] [--database postgres] [--only intake,pages] [--json]`: prints ratios, asserts nothing."""

import argparse
import json
import os
import platform
import sys
import time

from bench.places import Place
from bench.work import Bench, Pace, as_json, table

QUICK = Pace(seconds=2, turns=2, rounds=20, starts=1, sheet=300)
FULL = Pace(seconds=4, turns=3, rounds=60, starts=3, sheet=2_000)
PARTS = ("start", "intake", "pages", "update", "crowd", "weights", "import", "handbooks")


def wanted() -> argparse.Namespace:
    reader = argparse.ArgumentParser(
        prog="bin/bench", description="How fast Huiyin is, beside the smallest Django of the same minutes."
    )
    reader.add_argument("--full", action="store_true", help="10,000 and 100,000 cases, longer runs (about 15 minutes)")
    reader.add_argument("--quick", action="store_true", help="5,000 cases, short runs (the default)")
    reader.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    reader.add_argument("--only", default=",".join(PARTS), help="parts to measure: " + ",".join(PARTS))
    reader.add_argument("--cases", type=int, action="append", help="fill up to this many cases; may be repeated")
    reader.add_argument("--json", action="store_true", help="the result as JSON on standard output")
    return reader.parse_args()


def measure(bench: Bench, parts: set[str], sizes: list[int]) -> None:
    place = bench.place
    bench.account = json.loads(place.run("-m", "bench.filling", "town"))
    if "start" in parts:
        bench.cold_start()
    place.yardstick.start()
    place.product.start()
    bench.memory("at start")
    if "intake" in parts:
        for clients in (1, 4, 16):
            bench.intake("empty", clients)
    for size in sizes:
        bench.fill(size)
        if "pages" in parts:
            bench.pages(size)
    after = {
        "intake": lambda: bench.intake(f"{sizes[-1]:,} cases", 4),
        "update": lambda: bench.update(f"{sizes[-1]:,} cases"),
        "crowd": bench.crowd,
        "weights": bench.weights,
        "import": bench.bring_in,
        "handbooks": lambda: bench.handbooks(1_000),
    }
    for part, run in after.items():
        if part in parts:
            run()
    bench.memory("after the work")


def main() -> None:
    asked = wanted()
    sizes = sorted(asked.cases or ([10_000, 100_000] if asked.full else [5_000]))
    with Place(asked.database) as place:
        bench = Bench(place, FULL if asked.full else QUICK)
        began, busy = time.strftime("%Y-%m-%d %H:%M"), os.getloadavg()[0]
        measure(bench, set(asked.only.split(",")), sizes)
    about = {
        "began": began,
        "database": asked.database,
        "sizes": sizes,
        "cores": os.cpu_count(),
        "load_before": round(busy, 2),
    }
    about |= {"python": platform.python_version(), "machine": platform.machine()}
    if asked.json:
        sys.stdout.write(json.dumps({"about": about, "rows": as_json(bench.rows)}, ensure_ascii=False, indent=1) + "\n")
        return
    sys.stdout.write(f"{about}\n")
    table(bench.rows, lambda line: sys.stdout.write(line.rstrip() + "\n"))


if __name__ == "__main__":
    main()

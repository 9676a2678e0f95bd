"""``python -m benchmarks``: measure everything, or some families, print the table, write ``build/bench.json``."""

import argparse
import gc
import os
import platform
import time
from collections import Counter

from benchmarks.families import FULL, QUICK, Bench, Family, chosen
from benchmarks.figures import FILE, QUICK_FILE, Figure, keep, show
from benchmarks.stage import stage


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small journals and few rounds: does it still run?")
    parser.add_argument("--only", default="", metavar="NAMES", help="families of figures, as in record,grade")
    asked = parser.parse_args()
    plan, file = (QUICK, QUICK_FILE) if asked.quick else (FULL, FILE)
    try:
        families = chosen([name.strip() for name in asked.only.split(",") if name.strip()])
    except ValueError as error:
        parser.error(str(error))
    begun = time.monotonic()
    with stage() as server:
        load = os.getloadavg()[0]
        bench = Bench(server, plan)
        try:
            figures, seconds = measure(bench, families)
        finally:
            bench.close()
        title = (
            f"{os.cpu_count()} cores, PostgreSQL {server.version}, fsync on, Python {platform.python_version()}; "
            f"load of the machine before: {load:.1f}; {time.monotonic() - begun:.0f} s"
        )
    show(figures, title)
    print("seconds: " + ", ".join(f"{name} {taken}" for name, taken in seconds.most_common()))
    keep(figures, file)
    print(f"→ {file}")


def measure(bench: Bench, families: list[Family]) -> tuple[list[Figure], Counter[str]]:
    """The figures of the families, how things grow last; and the seconds that each family took."""
    figures, grown, seconds = list[Figure](), list[Figure](), Counter[str]()
    for family in families:
        begun = time.monotonic()
        # What families before this one still hold is not gone through with its own garbage, round after round.
        gc.collect()
        gc.freeze()
        (grown if family.name in ("file", "journal") else figures).extend(family.measure(bench))
        seconds[family.name] += round(time.monotonic() - begun)
    return figures + grown, seconds


if __name__ == "__main__":
    main()

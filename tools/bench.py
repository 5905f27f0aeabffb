"""`make bench`: every figure a ratio to a named baseline taken in the same run, written into docs/benchmarks.md.

  python tools/bench.py            under five minutes; builds a demo and a simulated province in a temporary folder
  python tools/bench.py --large    figures over 26.6 million facts too (about 8 GiB of memory), and the pages of a whole
                                   simulated country over twenty quarters; half an hour more
  python tools/bench.py --print    only print

The load and the kills are another tool: tools/load.py --write.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_page import machine, table, write_block
from bench_timing import Figure

HEADS = ["what", "ms", "baseline", "baseline, ms", "ratio", "aim"]
PARTS = ("reading", "figures", "demo", "province")
LARGE = ("large", "country")
BUILD = {
    "demo": ["demo", "--json"],
    "province": ["simulate", "--areas", "province", "--cycles", "8", "--json"],
    "country": ["simulate", "--areas", "country", "--cycles", "20", "--json"],
}
HAIDANG = str(Path(sys.executable).parent / "haidang")


def part(name: str) -> list[Figure]:
    """The figures of one part; the database is that of this process's environment."""
    if name == "reading":
        import bench_reading

        return bench_reading.figures()
    if name in ("figures", "large"):
        import bench_figures

        return bench_figures.figures(large=name == "large")
    from haidang.cli.django_setup import start_django

    start_django()
    import bench_filings
    import bench_office
    import bench_pages

    if name == "demo":
        return [
            *bench_office.figures(),
            *bench_filings.figures(),
            bench_pages.rebuild("Demo"),
            *bench_pages.figures("tonghop", "Demo"),
        ]
    if name == "country":
        return [bench_pages.rebuild("Country"), *bench_pages.figures("tonghop-38", "One province of the country")]
    return [bench_pages.rebuild("Province"), *bench_pages.figures("tonghop-38", "Province of 547, then 166 communes")]


def in_process(name: str, folder: Path) -> list[list[str]]:
    """One part in a process of its own, on its own database; its rows."""
    environment = os.environ | {"HAIDANG_VAR": str(folder / name)}
    environment.pop("HAIDANG_DATABASE", None)
    rows = [_built(name, environment)] if name in BUILD else []
    command = [sys.executable, __file__, "--part", name]
    told = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    found = [line.split("\t") for line in told.stdout.splitlines() if line.count("\t") == len(HEADS) - 1]
    return [*(rows if name == "country" else []), *found]


def _built(name: str, environment: dict[str, str]) -> list[str]:
    """Make the part's data; a row that says how much it was, how long it took and the memory it needed at most."""
    started = time.monotonic()
    told = subprocess.run([HAIDANG, *BUILD[name]], env=environment, check=True, capture_output=True, text=True)  # noqa: S603
    took = (time.monotonic() - started) * 1000
    # The largest child so far: parts before the country need less, or more than what would be worth telling.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    made = json.loads(told.stdout)
    size = (Path(environment["HAIDANG_VAR"]) / "haidang.sqlite3").stat().st_size >> 20
    what = f"haidang simulate --areas country --cycles 20: {made.get('obligations', 0):,} obligations, "
    what += f"{made.get('facts', 0):,} facts, a database of {size:,} MiB, at most {peak:,} MiB of memory"
    return [what, f"{took:,.0f}", "–", "–", "–", "–"]


def main() -> int:
    """Measure every part and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true", help="figures over 26.6 million facts too")
    parser.add_argument("--print", action="store_true", dest="only_print", help="leave docs/benchmarks.md alone")
    parser.add_argument("--part", choices=PARTS + LARGE, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.part:
        for figure in part(args.part):
            print("\t".join(figure.row), flush=True)
        return 0
    on, started, rows = machine(), time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="haidang-bench-") as folder:
        for name in PARTS + LARGE if args.large else PARTS:
            for row in in_process(name, Path(folder)):
                print(" | ".join(row), flush=True)
                rows.append(row)
            print(f"[{time.monotonic() - started:.0f} s] {name}", file=sys.stderr, flush=True)
    if not args.only_print:
        write_block("bench", [on, "", *table(HEADS, rows)])
    return 0


if __name__ == "__main__":
    sys.exit(main())

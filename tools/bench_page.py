"""The page docs/benchmarks.md: blocks that tools write between markers, and the machine they were written on."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


def write_block(name: str, lines: list[str]) -> None:
    """Replace what stands between `<!-- name:begin -->` and `<!-- name:end -->`; the prose around it stays."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    page = PAGE.read_text(encoding="utf-8")
    before, found, rest = page.partition(begin)
    _old, ended, after = rest.partition(end)
    if not found or not ended:
        raise SystemExit(f"{PAGE} has no block {name}")
    PAGE.write_text(f"{before}{begin}\n" + "\n".join(lines) + f"\n{end}{after}", encoding="utf-8")


def table(heads: list[str], rows: list[list[str]]) -> list[str]:
    """A Markdown table."""
    return [f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows)]


def machine() -> str:
    """Date, processors, memory, versions, and how busy the machine was: one line above the figures."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"Taken {datetime.now(UTC):%Y-%m-%d %H:%M} UTC on {os.cpu_count()} processors ({platform.machine()}), "
        f"{gigabytes:.0f} GiB, Python {platform.python_version()}; load average before: {os.getloadavg()[0]:.1f}."
    )

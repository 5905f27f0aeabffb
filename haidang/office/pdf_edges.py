"""Running headers and footers of a PDF: what stands at the same height of many pages, its own numbers aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from haidang.office.page_layout import Run
from haidang.office.pdf_tables import Grid

EDGE = 0.09  # of the page's height, at the top and at the bottom
LEAST_PAGES = 3
LEAST_SHARE = 0.4  # of the pages: odd and even ones may have headers of their own


@dataclass(slots=True)
class LaidOut:
    """One page as drawn: runs of characters and ruled tables, in points; `pictured` when it is a picture of text."""

    runs: list[Run]
    grids: list[Grid]
    width: float
    height: float
    pictured: bool = False


def without_edges(pages: Sequence[LaidOut]) -> list[str]:
    """Take the running headers and footers out of the pages; returns their texts, in order, each once."""
    places: dict[tuple[str, int], list[tuple[LaidOut, Run]]] = {}
    for page in pages:
        for run in page.runs:
            if _at_edge(page, run) and not any(grid.holds(run.left, run.middle) for grid in page.grids):
                key = re.sub(r"\d+", "#", run.text.strip()), round(run.middle)
                places.setdefault(key, []).append((page, run))
    least = max(LEAST_PAGES, LEAST_SHARE * sum(bool(page.runs) for page in pages))
    found: list[str] = []
    gone: set[int] = set()
    for occurrences in places.values():
        if len({id(page) for page, _run in occurrences}) >= least:
            found.append(occurrences[0][1].text.strip())
            gone.update(id(run) for _page, run in occurrences)
    for page in pages:
        page.runs = [run for run in page.runs if id(run) not in gone]
    return found


def _at_edge(page: LaidOut, run: Run) -> bool:
    return run.middle > (1 - EDGE) * page.height or run.middle < EDGE * page.height

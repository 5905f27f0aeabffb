"""The shipped outline holds every heading of the outline it was made from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from haidang.catalogue.outlines import outline

_LABELS = (
    ("part", re.compile(r"PHẦN ([IVX]+)")),
    ("item", re.compile(r"([IVX]+)\. ")),
    ("clause", re.compile(r"(\d+(?:\.\d+)*)\. ?")),
    ("point", re.compile(r"([a-eg-ik-vxyđ])\) ")),
    ("bullet", re.compile(r"- ()")),
)


def codes_in(text: str) -> Iterator[str]:
    """The code of each numbered heading; unnumbered bullets are lettered in order."""
    part, item, clause, bullets = "", "", "", 0
    for line in text.replace("**", "\n").splitlines():
        plain = line.strip(" #*")
        kind, match = next(((kind, m) for kind, label in _LABELS if (m := label.match(plain))), ("", None))
        if match is None:
            continue
        if kind == "part":
            part, item, clause = match[1], "", ""
            yield part
        elif kind == "item":
            item, clause = f"{part}.{match[1]}", ""
            yield item
        elif kind == "clause":
            clause = f"{item}.{match[1]}"
            yield clause
        elif kind == "point":
            yield f"{clause}.{match[1]}"
        elif part == "III":
            yield f"{item}.{'abcdđeghi'[bullets]}"
            bullets += 1


@pytest.mark.real_plans
def test_every_numbered_heading_is_in_the_shipped_outline(real_plans: Path) -> None:
    text = (real_plans / "seed-0.txt").read_text(encoding="utf-8")
    asked = text[text.index("**ĐỀ CƯƠNG**") : text.index("Mốc thời gian thống kê")]
    printed = list(codes_in(asked))
    assert len(printed) > 60
    assert set(printed) == set(outline("closing-2021-2025").sections_by_code)

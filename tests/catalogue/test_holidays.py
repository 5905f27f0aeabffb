"""The calendar of days off as an office edits it: what is wrong is named, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from haidang.catalogue.holidays import HOLIDAYS, work_calendar
from haidang.catalogue.specfiles import SpecError

DECISION = '[[year]]\nyear = 2030\nsource = "quyết định giả định"\nverified = false\noff = [{off}]\nwork = [{work}]\n'
HEAD = "fixed = []\nlunar = []\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "holidays.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_decided_year_says_where_it_comes_from() -> None:
    decided = work_calendar(HOLIDAYS).decided
    assert {2023, 2024, 2025, 2026} <= decided.keys()
    assert all(year.source for year in decided.values())
    assert all(9 <= len(year.off) <= 15 for year in decided.values())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD + DECISION.format(off="2031-01-01", work=""), "không thuộc năm 2030"),
        (HEAD + DECISION.format(off="2030-03-02", work=""), "off là ngày trong tuần"),
        (HEAD + DECISION.format(off="", work="2030-03-01"), "work là cuối tuần"),
        (HEAD + 2 * DECISION.format(off="2030-01-01", work=""), "đã có bảng ở trên"),
        (HEAD + DECISION.format(off='"Tết"', work=""), "không đúng mẫu"),
        ("fixed = []\nyear = []\n", "thiếu khóa lunar"),
        ('year = []\nlunar = []\n[[fixed]]\nmonth = 2\nday = 30\nname = "Không có"\n', "không có trong lịch"),
    ],
)
def test_a_wrong_calendar_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(SpecError, match=sentence):
        work_calendar(written(tmp_path, text))

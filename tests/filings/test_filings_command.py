"""`haidang filings import`: every file whole or not at all, and what became of each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from haidang.cli import main
from haidang.filings import queries
from haidang.filings.actions import report_nil, submit
from haidang.filings.models import Filing

from .conftest import Cast
from .test_filing_workbooks import filled_in


@pytest.fixture
def inbox(cast: Cast, tmp_path: Path) -> tuple[Path, list[Filing]]:
    """Two good workbooks, one with a wrong cell, one that is none, one of a filing already sent."""
    cycle = cast.cycle(forms=("B1", "B5", "B7"))
    police, health = (
        queries.filing_for(cast.ha, cast.filing(cycle, agency).pk) for agency in (cast.police, cast.health)
    )
    sent = queries.filing_for(cast.ha, cast.filing(cast.cycle("Đã gửi", ("B1",)), cast.police).pk)
    (tmp_path / "sent.xlsx").write_bytes(filled_in(sent, {}))
    report_nil(cast.son, sent, "B1", 0)
    submit(cast.son, sent)
    (tmp_path / "a.xlsx").write_bytes(filled_in(police, {"B1.d150.c3": 4}))
    (tmp_path / "wrong.xlsx").write_bytes(filled_in(police, {"B1.d150.c3": 9, "B1.d150.c4": -1}))
    (tmp_path / "b.xlsx").write_bytes(filled_in(health, {}))
    (tmp_path / "list.xlsx").write_text("không phải bảng tính")
    return tmp_path, [police, health]


def imported(capsys: Any, *paths: Path) -> tuple[int, dict[str, Any]]:
    status = main(["filings", "import", *map(str, paths), "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_good_files_are_taken_and_bad_ones_named(inbox: tuple[Path, list[Filing]], capsys: Any) -> None:
    folder, (police, _) = inbox
    names = ("a.xlsx", "b.xlsx", "wrong.xlsx", "list.xlsx", "sent.xlsx", "missing.xlsx")
    status, told = imported(capsys, *(folder / name for name in names))
    assert status == 1
    assert (told["taken"], told["refused"]) == (2, 4)
    by_name = {Path(one["file"]).name: one for one in told["files"]}
    assert by_name["a.xlsx"]["agency"] == "Công an tỉnh Hải Minh"
    assert by_name["a.xlsx"]["changed"] > 1, "the totals follow"
    (problem,) = by_name["wrong.xlsx"]["problems"]
    assert (problem["sheet"], problem["cell"]) == ("B1", "F9")
    assert "không phải bảng tính" in by_name["list.xlsx"]["refusal"]
    assert "đã gửi" in by_name["sent.xlsx"]["refusal"]
    assert "Không mở được tệp" in by_name["missing.xlsx"]["refusal"]
    police.refresh_from_db()
    assert police.cells["B1.d150.c3"] == 4, "nothing of the wrong file"


def test_all_good_is_status_zero_and_again_changes_nothing(inbox: tuple[Path, list[Filing]], capsys: Any) -> None:
    folder, _ = inbox
    assert imported(capsys, folder / "a.xlsx")[0] == 0
    status, told = imported(capsys, folder / "a.xlsx")
    assert (status, told["files"][0]["changed"]) == (0, 0)


def test_the_list_for_people(inbox: tuple[Path, list[Filing]], capsys: Any) -> None:
    folder, _ = inbox
    assert main(["filings", "import", str(folder / "a.xlsx"), str(folder / "wrong.xlsx")]) == 1
    told = capsys.readouterr().out
    assert "Công an tỉnh Hải Minh, Quý I/2025" in told
    assert "B1, ô F9: Số âm" in told
    assert "Đã nhận 1 tệp, từ chối 1 tệp." in told

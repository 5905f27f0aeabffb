"""`haidang filings import`: every file whole or not at all, and what became of each."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from haidang.cli import main
from haidang.filings import queries
from haidang.filings.actions import report_nil, submit
from haidang.filings.expectations import expectations_of, findings_on
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


def test_many_files_read_by_several_processes_are_told_in_order(
    inbox: tuple[Path, list[Filing]], capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("haidang.cli.workbook_files.FEWEST_FILES", 1)
    folder, (police, _) = inbox
    names = ["a.xlsx", "list.xlsx", "b.xlsx", *["missing.xlsx"] * 40, "wrong.xlsx"]
    status = main(["filings", "import", *(str(folder / name) for name in names), "--json", "--processes", "2"])
    told = json.loads(capsys.readouterr().out)
    assert (status, told["taken"], told["refused"]) == (1, 2, 42)
    assert [Path(one["file"]).name for one in told["files"]] == names
    police.refresh_from_db()
    assert police.cells["B1.d150.c3"] == 4


def test_a_reader_that_is_ended_leaves_its_files_named_and_unsaved(
    inbox: tuple[Path, list[Filing]], capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("haidang.cli.workbook_files.FEWEST_FILES", 1)
    monkeypatch.setattr("haidang.cli.workbook_files.read_file", lambda _: os._exit(9))
    folder, (police, _) = inbox
    status = main(["filings", "import", *[str(folder / "a.xlsx")] * 90, "--json", "--processes", "2"])
    told = json.loads(capsys.readouterr().out)
    assert (status, told["taken"], told["refused"]) == (1, 0, 90)
    assert {one["refusal"][:28] for one in told["files"]} == {"Tiến trình đọc tệp bị ngắt g"}
    police.refresh_from_db()
    assert police.cells == {}


@pytest.mark.parametrize("count", ["0", "65"])
def test_a_senseless_number_of_processes_is_refused(count: str, capsys: Any) -> None:
    assert main(["filings", "import", "a.xlsx", "--processes", count]) == 2
    assert "từ 1 đến 64" in capsys.readouterr().err


def test_what_is_left_to_do_before_submission_is_counted(
    inbox: tuple[Path, list[Filing]], cast: Cast, capsys: Any
) -> None:
    folder, (police, _) = inbox
    (folder / "odd.xlsx").write_bytes(
        filled_in(police, {"B1.d150.c3": 1, "B1.d150.c4": 0, "B1.d150.c5": 0, "B1.d150.c6": 2})
    )
    told = imported(capsys, folder / "odd.xlsx", folder / "b.xlsx")[1]
    odd, blank = told["files"]
    police.refresh_from_db()
    found = findings_on(police, expectations_of(police.obligation))
    assert odd["blocking"] == sum(one.level == "block" for one in found) > 0
    assert (blank["blocking"], blank["to_explain"]) == (0, 0)
    assert main(["filings", "import", str(folder / "odd.xlsx")]) == 0
    assert "trước khi gửi còn" in capsys.readouterr().out

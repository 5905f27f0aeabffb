"""`haidang filings import`: every file whole or not at all, and what became of each."""

from __future__ import annotations

import json
import os
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from haidang.cli import main
from haidang.filings import actions, queries
from haidang.filings.actions import report_nil, submit
from haidang.filings.content import forms_for
from haidang.filings.expectations import expectations_of, findings_on
from haidang.filings.models import Filing
from haidang.filings.workbooks.workbook import identity_token

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
    assert by_name["missing.xlsx"]["refusal"] == "Không mở được tệp: không có tệp này. Kiểm tra đường dẫn."
    assert (by_name["wrong.xlsx"]["agency"], by_name["wrong.xlsx"]["cycle"]) == ("Công an tỉnh Hải Minh", "Quý I/2025")
    assert by_name["sent.xlsx"]["cycle"] == "Đã gửi", "whose it says it is, for whoever calls them"
    assert by_name["list.xlsx"]["agency"] == ""
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


def test_the_json_is_what_its_readers_were_promised(inbox: tuple[Path, list[Filing]], capsys: Any) -> None:
    folder, _ = inbox
    _, told = imported(capsys, folder / "a.xlsx", folder / "wrong.xlsx")
    assert list(told) == ["taken", "refused", "files"]
    for one in told["files"]:
        assert {name: type(value) for name, value in one.items()} == {
            "file": str, "taken": bool, "agency": str, "cycle": str, "changed": int, "blocking": int,
            "to_explain": int, "refusal": str, "problems": list,
        }  # fmt: skip
    (problem,) = told["files"][1]["problems"]
    assert list(problem) == ["sheet", "cell", "problem", "proposal"]


def test_two_files_of_one_filing_never_overwrite_each_other(inbox: tuple[Path, list[Filing]], capsys: Any) -> None:
    folder, (police, _) = inbox
    token = identity_token(police.obligation, forms_for(police.obligation), police.revision)
    for name, cells in {"one": {"B1.d150.c3": 4}, "copy": {"B1.d150.c3": 4}, "other": {"B1.d150.c3": 5}}.items():
        (folder / f"{name}.xlsx").write_bytes(filled_in(police, cells, token))
    status, told = imported(capsys, *(folder / f"{name}.xlsx" for name in ("one", "copy", "other")))
    assert (status, [one["taken"] for one in told["files"]]) == (1, [True, True, False])
    assert "đang có 4, trong tệp là 5" in told["files"][2]["problems"][0]["problem"]
    police.refresh_from_db()
    assert police.cells["B1.d150.c3"] == 4
    again = imported(capsys, *(folder / f"{name}.xlsx" for name in ("one", "other")))[1]
    assert [one["changed"] for one in again["files"]] == [0, 0], "running it again changes nothing"


def test_a_database_that_gives_out_leaves_what_was_taken_in_and_names_the_rest(
    inbox: tuple[Path, list[Filing]], capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, (police, _) = inbox
    monkeypatch.setattr("haidang.cli.filings_import._SAVED_AT_ONCE", 1)
    saving = actions.import_addressed_workbooks
    tried: list[int] = []

    def fails_once(actor: Any, workbooks: Any, taken_in: Any) -> Any:
        tried.append(len(workbooks))
        if len(tried) == 2:
            raise OperationalError("database is locked")
        return saving(actor, workbooks, taken_in)

    monkeypatch.setattr(actions, "import_addressed_workbooks", fails_once)
    status, told = imported(capsys, folder / "a.xlsx", folder / "b.xlsx", folder / "a.xlsx")
    assert (status, [one["taken"] for one in told["files"]]) == (1, [True, False, True])
    assert told["files"][1]["refusal"] == "Cơ sở dữ liệu không ghi được (database is locked). Nạp lại tệp này."
    police.refresh_from_db()
    assert police.cells["B1.d150.c3"] == 4


def test_a_file_put_right_and_sent_again_replaces_what_it_said_before(
    inbox: tuple[Path, list[Filing]], cast: Cast, capsys: Any
) -> None:
    folder, (police, _) = inbox
    token = identity_token(police.obligation, forms_for(police.obligation), police.revision)
    first, again = folder / "first.xlsx", folder / "again.xlsx"
    first.write_bytes(filled_in(police, {"B1.d150.c3": 4, "B1.d150.c4": 1}, token))
    again.write_bytes(filled_in(police, {"B1.d150.c3": 5, "B1.d150.c4": 2}, token))
    assert imported(capsys, first)[0] == 0
    police.refresh_from_db()
    actions.save_cells(cast.son, police, {"B1.d150.c4": 7}, police.revision)
    status, told = imported(capsys, again)
    assert (status, [one["cell"] for one in told["files"][0]["problems"]]) == (1, ["F9"]), "typed on screen since"
    police.refresh_from_db()
    actions.save_cells(cast.son, police, {"B1.d150.c4": 1}, police.revision)
    assert imported(capsys, again)[0] == 0
    police.refresh_from_db()
    assert (police.cells["B1.d150.c3"], police.cells["B1.d150.c4"]) == (5, 2)


def test_readers_that_are_ended_before_the_first_file_leave_all_named_once(
    inbox: tuple[Path, list[Filing]], capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: Any) -> Any:
        raise BrokenProcessPool("ended")

    monkeypatch.setattr("haidang.cli.workbook_files.FEWEST_FILES", 1)
    monkeypatch.setattr("haidang.cli.workbook_files.ProcessPoolExecutor.submit", ended)
    folder, _ = inbox
    status = main(["filings", "import", *[str(folder / "a.xlsx")] * 90, "--json", "--processes", "2"])
    told = json.loads(capsys.readouterr().out)
    assert (status, told["taken"], told["refused"]) == (1, 0, 90)

"""haidang figures and haidang facts, as a person at the keyboard meets them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from haidang.cli import main

from .conftest import Province, accept, reports

WINDOW = ["--from", "2024-01-01", "--to", "15/6/2025"]


def told(capsys: Any, *arguments: str) -> list[dict[str, Any]]:
    assert main(["figures", *arguments, "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_json_has_value_slices_coverage_and_sources(province: Province, capsys: Any) -> None:
    accept(province.filings["police", "2024"], reports(5))
    accept(province.filings["border", "2025"], reports(4))
    figure = told(capsys, "--cell", "B1.core.c2", *WINDOW, "--sources")[0]
    assert (figure["value"], figure["state"], figure["unit"]) == (9, "number", "tin")
    assert figure["coverage"] == {"received": 2, "expected": 6, "waived": 0}
    assert [(s["label"], s["value"], s["partial"]) for s in figure["slices"]] == [("2024", 5, False), ("2025", 4, True)]
    assert [s["value"] for s in figure["sources"]] == [5, 4]
    assert [s["version_id"] for s in figure["sources"]] == figure["version_ids"]


def test_indicators_baseline_versions_and_grouping(province: Province, capsys: Any) -> None:
    accept(province.filings["police", "2024"], reports(5))
    found = told(
        capsys, "--indicator", "reports_new", *WINDOW, "--by", "agency", "--baseline", "2016-01-01", "31/12/2020",
        "--versions", "first",
    )  # fmt: skip
    by_name = {figure["group"]["name"]: figure for figure in found}
    assert by_name["Công an tỉnh Hải Minh"]["value"] == 5
    assert by_name["Công an huyện Sông Con"]["value"] is None
    assert by_name["Công an tỉnh Hải Minh"]["comparison"]["text"] == "không so sánh được"


def test_the_table_tells_a_person_the_same(province: Province, capsys: Any) -> None:
    accept(province.filings["police", "2024"], reports(5))
    assert main(["figures", "--cell", "B1.core.c2", "--area", "S9", "--sources", *WINDOW]) == 0
    out = capsys.readouterr().out
    assert "nhận đủ 1/6" in out
    assert "Công an tỉnh Hải Minh, Năm 2024, lần gửi 1" in out
    assert "Còn 5 báo cáo chưa được tiếp nhận" in out


def test_without_codes_every_indicator_is_told_over_the_window_of_the_review(province: Province, capsys: Any) -> None:
    province.plan.data_from, province.plan.data_to = (
        province.cycles["2024"].window_from,
        province.cycles["2025"].window_to,
    )
    province.plan.save()
    found = told(capsys)
    assert len(found) > 20
    assert {(f["window"]["from"], f["window"]["to"]) for f in found} == {("2024-01-01", "2025-06-15")}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--cell", "B1.nothing.c2"], "Không có chỉ số hoặc ô nào mang mã"),
        (["--from", "2024-01-01"], "cần cả ngày đầu và ngày cuối"),
        (["--from", "2025-01-01", "--to", "2024-01-01"], "kết thúc (2024-01-01) trước khi bắt đầu"),
        (["--from", "31/02/2025", "--to", "2025-06-15"], "Không có ngày 31/02/2025"),
        (["--area", "00"], "Không có địa bàn nào mang mã 00"),
        (["--versions", "hôm qua"], "không phải là ngày"),
    ],
)
def test_a_wrong_word_is_answered_with_one_sentence(
    province: Province, capsys: Any, arguments: list[str], sentence: str
) -> None:
    assert main(["figures", *arguments]) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.out == ""


def test_an_empty_database_says_what_to_do(db: None, capsys: Any) -> None:
    assert main(["figures"]) == 2
    assert "haidang demo" in capsys.readouterr().err


def test_facts_rebuild_tells_what_it_wrote(province: Province, capsys: Any) -> None:
    accept(province.filings["police", "2024"], reports(5))
    assert main(["facts", "rebuild", "--json"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert (written["facts"], written["versions"]) == (4, 1)
    assert main(["facts", "rebuild"]) == 0
    assert written["sha256"] in capsys.readouterr().out

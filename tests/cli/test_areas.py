"""`haidang areas` and `haidang agencies`, as a person at the keyboard uses them."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from haidang.cli import main


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(list(words))
    output = capsys.readouterr()
    return status, output.out, output.err


def rows(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict]:
    status, out, _err = asked(capsys, *words, "--json")
    assert status == 0
    return json.loads(out)


def test_63_provinces_one_day_and_34_the_next(capsys):
    before = Counter(row["level"] for row in rows(capsys, "areas", "--on", "2025-06-30"))
    after = Counter(row["level"] for row in rows(capsys, "areas", "--on", "2025-07-01"))
    assert before == {"province": 63, "district": 696, "commune": 10_035}
    assert after == {"province": 34, "commune": 3_321}


def test_code_24_names_two_provinces(capsys):
    def named(on: str) -> dict:
        [row] = [row for row in rows(capsys, "areas", "--on", on, "--level", "province") if row["code"] == "24"]
        return row

    old, new = named("2025-06-30"), named("2025-07-01")
    assert (old["name"], old["valid_to"]) == ("Tỉnh Bắc Giang", "2025-06-30")
    assert (new["name"], new["valid_from"]) == ("Tỉnh Bắc Ninh", "2025-07-01")
    assert (old["level"], old["parent"], old["valid_from"]) == ("province", None, None)


def test_the_areas_right_under_one(capsys):
    districts = rows(capsys, "areas", "--on", "30/6/2025", "--parent", "11")
    assert {row["level"] for row in districts} == {"district"}
    assert {row["parent"] for row in districts} == {"11"}
    assert len(rows(capsys, "areas", "--on", "1/7/2025", "--parent", "11")) == 45


def test_the_table_says_what_it_counted(capsys):
    status, out, _err = asked(capsys, "areas", "--on", "2025-07-01", "--level", "province")
    assert status == 0
    assert "Tỉnh Bắc Ninh" in out
    assert out.strip().endswith("Ngày 01/7/2025: 34 cấp tỉnh, 0 cấp huyện, 0 cấp xã.")


@pytest.mark.parametrize("typed", ["2025-02-30", "hôm nay", "", "31/4/2025", "9" * 400])
def test_a_bad_date_gets_one_sentence(capsys, typed):
    status, out, err = asked(capsys, "areas", "--on", typed)
    assert (status, out) == (2, "")
    assert err.startswith("Ngày ở --on không dùng được")
    assert err.count("\n") == 1


def test_an_unknown_parent_gets_one_sentence(capsys):
    status, _out, err = asked(capsys, "areas", "--on", "2025-07-01", "--parent", "101")
    assert status == 2
    assert err == "Ngày 01/7/2025 không có địa bàn mang mã “101”. Bỏ --parent để xem các mã.\n"


def test_days_before_the_record_carry_a_warning(capsys):
    status, out, err = asked(capsys, "areas", "--on", "2005-01-01", "--level", "province", "--json")
    assert status == 0
    assert len(json.loads(out)) == 63
    assert err.startswith("Danh mục chỉ đúng từ ngày 01/8/2008")


def test_agencies_with_their_successors_by_function(capsys):
    agencies = {row["code"]: row for row in rows(capsys, "agencies", "--area", "24", "--on", "2025-02-28")}
    labour = agencies["24.so-ldtbxh"]
    assert labour["name"] == "Sở Lao động - Thương binh và Xã hội tỉnh Bắc Giang"
    assert (labour["function"], labour["level"], labour["area"]) == ("labour", "province", "24")
    assert (labour["valid_from"], labour["valid_to"]) == (None, "2025-02-28")
    support = [heir for heir in labour["successors"] if heir["function"] == "victim_support"]
    assert support == [
        {
            "function": "victim_support",
            "code": "24.so-y-te",
            "name": "Sở Y tế tỉnh Bắc Giang",
            "from": "2025-03-01",
            "instrument": "Nghị định 45/2025/NĐ-CP ngày 28/02/2025",
        }
    ]


def test_the_code_of_the_area_is_read_on_the_day(capsys):
    names = [row["name"] for row in rows(capsys, "agencies", "--area", "24", "--on", "2025-07-01")]
    assert "Công an tỉnh Bắc Ninh" in names
    assert not any("Bắc Giang" in name for name in names)


def test_agencies_by_function_and_of_the_centre(capsys):
    found = rows(capsys, "agencies", "--area", "11", "--on", "2025-03-01", "--function", "victim_support")
    assert [row["name"] for row in found] == ["Sở Y tế tỉnh Điện Biên"]
    central = [row["name"] for row in rows(capsys, "agencies", "--area", "TW", "--on", "2025-03-01")]
    assert "Bộ Công an" in central


def test_a_phrase_of_a_plan(capsys):
    status, out, _err = asked(
        capsys,
        "agencies",
        "--area",
        "11",
        "--on",
        "2023-01-01",
        "--phrase",
        "UBND các huyện, thị xã, thành phố",
        "--json",
    )
    answer = json.loads(out)
    assert status == 0
    assert len(answer["agencies"]) == 10
    assert answer["unmatched"] == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--area", "99"], "Không có địa bàn nào mang mã “99”"),
        (["--area", "27"], "Mã này từng là Tỉnh Bắc Ninh"),
        (["--area", "11", "--function", "poetry"], "Không có chức năng “poetry”"),
    ],
)
def test_wrong_questions_get_one_sentence(capsys, words, sentence):
    status, out, err = asked(capsys, "agencies", "--on", "2025-07-01", *words)
    assert (status, out) == (2, "")
    assert sentence in err

"""The eight forms as data: they load, hang together, compute, and a broken file names what is wrong and where."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from haidang.catalogue.checks import check_totals
from haidang.catalogue.computing import compute
from haidang.catalogue.forms import FORMS, all_forms, form, forms_in_force, forms_of, load_form
from haidang.catalogue.specfiles import SpecError

SMALL = """
code = "X1"
version = 1
valid_from = 2021-01-01
title = "Biểu thử"
mark = "biểu thử"
unit = "vụ"
functions = [{ function = "police", levels = ["province"] }]
rows = [
  { code = "t", name = "Tổng", group = "g", formula = "sum(a, b)" },
  { code = "a", name = "Dòng a", group = "g" },
  { code = "b", name = "Dòng b", group = "g" },
  { code = "other", name = "Dòng khác", group = "h" },
]
columns = [
  { code = "c1", name = "Đầu kỳ", type = "count", flow = "stock_open", applies = ["g"] },
  { code = "c2", name = "Mới", type = "count", flow = "flow_in" },
  { code = "c3", name = "Tổng số", type = "count", flow = "total", formula = "c1 + c2", applies = ["g"] },
  { code = "c4", name = "Tỷ lệ", type = "percent", flow = "rate", formula = "c2 / c3", applies = ["g"] },
  { code = "c5", name = "Ghi chú", type = "text", flow = "none" },
]
checks = [{ code = "few", level = "block", check = "c2 <= c3", message = "{row}: {left} quá {right}." }]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "x1.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_eight_forms_are_there_and_say_that_they_are_reconstructed():
    forms = all_forms()
    assert [spec.code for spec in forms] == [f"B{number}" for number in range(1, 9)]
    assert {spec.mark for spec in forms} == {"dựng lại theo đề cương, chưa phải biểu chính thức"}


def test_every_form_has_filers_lines_columns_and_checks():
    for spec in all_forms():
        assert spec.functions and spec.rows and spec.columns and spec.bound_checks, spec.code
        assert len(spec.input_cells) + len(spec.formulas) == len(spec.cells)


def test_a_form_is_asked_by_code_and_an_unknown_one_is_refused():
    assert form("B5").title.startswith("Tiếp nhận, xác minh")
    with pytest.raises(KeyError):
        form("B9")
    with pytest.raises(KeyError):
        form("B5", version=7)


def test_who_files_what():
    on = date(2023, 6, 1)
    assert [spec.code for spec in forms_of("procuracy", "province", on)] == ["B3", "B7", "B8"]
    assert "B4" in {spec.code for spec in forms_of("court", "district", on)}
    assert forms_of("procuracy", "commune", on) == ()


def test_forms_in_force_depend_on_the_day():
    assert len(forms_in_force(date(2023, 1, 1))) == 8
    assert forms_in_force(date(2015, 12, 31)) == ()


def test_the_hash_is_of_the_content_and_not_of_the_writing(tmp_path):
    first = load_form(written(tmp_path, SMALL)).sha256
    assert load_form(written(tmp_path, "# lời ghi\n" + SMALL.replace("version = 1", "version  =  1"))).sha256 == first
    assert load_form(written(tmp_path, SMALL.replace("Dòng a", "Dòng A"))).sha256 != first


def test_cells_exist_only_where_the_column_applies(tmp_path):
    spec = load_form(written(tmp_path, SMALL))
    assert spec.has_cell("a", "c1") and not spec.has_cell("other", "c1")
    assert spec.has_cell("other", "c2")
    assert spec.is_computed("t.c2") and spec.is_computed("a.c3") and not spec.is_computed("a.c2")


def test_lines_and_columns_are_computed_and_percent_is_of_the_sums(tmp_path):
    spec = load_form(written(tmp_path, SMALL))
    done = compute(spec, {"a.c1": 1, "a.c2": 3, "b.c1": 2, "b.c2": 4, "other.c2": 9})
    assert (done["t.c1"], done["t.c2"], done["t.c3"]) == (3, 7, 10)
    assert (done["a.c4"], done["t.c4"]) == (75, 70)
    assert done["other.c2"] == 9


def test_a_blank_stays_blank_and_zero_stays_zero(tmp_path):
    spec = load_form(written(tmp_path, SMALL))
    assert compute(spec, {}) == {}
    done = compute(spec, {"a.c1": 0, "a.c2": 0})
    assert (done["a.c3"], done["t.c3"]) == (0, 0)
    assert done["a.c4"] == "nd"
    assert "b.c3" not in done


def test_a_line_outside_the_function_is_outside_in_its_totals_too(tmp_path):
    spec = load_form(written(tmp_path, SMALL))
    done = compute(spec, {"a.c1": "na", "a.c2": "na", "b.c1": "na", "b.c2": "na"})
    assert done["t.c3"] == "na"


def test_a_typed_total_and_an_unknown_cell_do_not_survive(tmp_path):
    spec = load_form(written(tmp_path, SMALL))
    done = compute(spec, {"a.c1": 1, "a.c2": 1, "t.c1": 99, "zz.c1": 4, "a.c5": "ghi chú"})
    assert done["t.c1"] == 1
    assert "zz.c1" not in done
    assert done["a.c5"] == "ghi chú"


def test_the_identity_of_form_one_by_hand():
    entered = {"d150.c1": 2, "d150.c3": 5, "d150.c4": 1, "d150.c5": 0, "d150.c7": 1, "d150.c8": 2, "d150.c9": 3}
    done = compute(form("B1"), entered | {"d150.c11": 4, "d150.c12": 1, "d150.c13": 0})
    assert done["d150.c2"] == 6
    assert done["d150.c10"] == 2 + 6 + 1 + 2 - 3
    assert (done["d150.c14"], done["d150.c15"]) == (5, 3)
    assert done["d150.c17"] == 62.5
    assert done["core.c15"] == done["t.c15"] == 3


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "X1"', 'code = "x 1"', "khóa code"),
        ('unit = "vụ"', "", "thiếu khóa unit"),
        ('unit = "vụ"', 'unit = "vụ"\ncolour = "red"', "không biết khóa colour"),
        ('formula = "sum(a, b)"', 'formula = "sum(a, z)"', "rows[0].formula"),
        ('formula = "c1 + c2"', 'formula = "c1 + c3"', "quay vòng"),
        ('formula = "c1 + c2"', 'formula = "c1 +* c2"', "columns[2].formula"),
        ('formula = "c1 + c2"', 'formula = "c1 + c5"', "ô chữ"),
        ('formula = "c2 / c3"', 'formula = "c2 / c9"', "columns[3].formula"),
        ('flow = "stock_open"', 'flow = "sideways"', "columns[0].flow"),
        ('check = "c2 <= c3"', 'check = "c2 <= c77"', "checks[0].check"),
        ('check = "c2 <= c3"', 'check = "c2 + c3"', "dấu so sánh"),
        ("{left} quá {right}", "{left} quá {who}", "checks[0].message"),
        ('code = "b", name', 'code = "a", name', "rows[2].code"),
        ('code = "other"', 'code = "c9"', "rows[3].code"),
        ('applies = ["g"]', 'applies = ["nowhere"]', "columns[0].applies"),
        ("valid_from = 2021-01-01", 'valid_from = "2021-02-30"', "valid_from"),
        ('code = "X1"', 'code = "X1', "TOML"),
    ],
)
def test_a_broken_file_is_refused_with_its_name_and_key(tmp_path, old, new, said):
    assert old in SMALL
    with pytest.raises(SpecError) as refused:
        load_form(written(tmp_path, SMALL.replace(old, new, 1)))
    assert "x1.toml" in str(refused.value)
    assert said in str(refused.value)


def test_a_file_that_is_missing_too_large_or_not_utf8_is_refused(tmp_path):
    with pytest.raises(SpecError, match="không mở được"):
        load_form(tmp_path / "none.toml")
    with pytest.raises(SpecError, match="1 MB"):
        load_form(written(tmp_path, "#" * 1_000_001))
    (tmp_path / "x1.toml").write_bytes(b'code = "\xff"')
    with pytest.raises(SpecError, match="UTF-8"):
        load_form(tmp_path / "x1.toml")


def test_one_version_of_a_form_stands_in_one_file(tmp_path):
    for name in ("b1.toml", "b1-copy.toml"):
        (tmp_path / name).write_bytes((FORMS / "b1.toml").read_bytes())
    with pytest.raises(SpecError, match="hai tệp"):
        all_forms(tmp_path)


def test_an_office_adds_the_next_version_as_a_file(tmp_path):
    text = (FORMS / "b1.toml").read_text(encoding="utf-8")
    (tmp_path / "b1.toml").write_text(text.replace("valid_from", "valid_to = 2025-12-31\nvalid_from"), "utf-8")
    later = text.replace("version = 1", "version = 2").replace("valid_from = 2016-01-01", "valid_from = 2026-01-01")
    (tmp_path / "b1-2.toml").write_text(later, "utf-8")
    assert form("B1", folder=tmp_path).version == 2
    assert [spec.version for spec in forms_in_force(date(2024, 1, 1), tmp_path)] == [1]
    assert [spec.version for spec in forms_in_force(date(2026, 1, 1), tmp_path)] == [2]


def test_a_form_may_want_the_totals_of_the_paper_typed(tmp_path):
    plain = load_form(written(tmp_path, SMALL))
    wanting = load_form(written(tmp_path, SMALL.replace('unit = "vụ"', 'unit = "vụ"\ntyped_totals = true')))
    assert (plain.typed_totals, wanting.typed_totals) == (False, True)
    assert wanting.total_cells == ("t.c1", "t.c2", "t.c3", "a.c3", "b.c3")
    computed = compute(wanting, {"a.c1": 2, "a.c2": 3, "b.c1": 0, "b.c2": 0})
    told = check_totals(wanting, computed, {"t.c1": 2, "t.c2": 3})
    assert [(one.check, one.level, one.cells) for one in told] == [
        ("total_missing", "block", ("t.c3",)),
        ("total_missing", "block", ("a.c3",)),
    ], "line b adds up to zero: nothing need be typed there"
    assert told[0].message == "Tổng: chưa ghi số tổng trên giấy ở cột c3. Ghi vào ô “số ghi” bên cạnh số máy tính."
    assert check_totals(wanting, computed, {"t.c1": 2, "t.c2": 3, "t.c3": 5, "a.c3": 5}) == []
    assert check_totals(plain, computed, {}) == []
    assert check_totals(wanting, {}, {}) == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (SMALL.replace('unit = "vụ"', 'unit = "vụ"\ntyped_totals = "có"'), "typed_totals"),
        (
            """
code = "X1"
version = 1
valid_from = 2021-01-01
title = "Biểu thử"
mark = "biểu thử"
unit = "vụ"
typed_totals = true
functions = [{ function = "police", levels = ["province"] }]
rows = [{ code = "a", name = "Dòng a", group = "g" }]
columns = [{ code = "c1", name = "Mới", type = "count", flow = "flow_in" }]
""",
            "typed_totals",
        ),
    ],
)
def test_typed_totals_that_cannot_be_are_named(tmp_path, text, key):
    with pytest.raises(SpecError, match=key):
        load_form(written(tmp_path, text))

"""Outlines: the shipped one is whole, and a wrong one is refused with file and key."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from haidang.catalogue.agency_functions import read_organs
from haidang.catalogue.outlines import OUTLINES, chart_template, load_outline, outline
from haidang.catalogue.specfiles import SpecError
from haidang.kernel.windows import Window

SHIPPED = OUTLINES / "closing-2021-2025.toml"


def test_the_closing_outline_has_three_parts_and_every_heading_under_them() -> None:
    closing = outline("closing-2021-2025")
    assert [part.label for part in closing.children("")] == ["Phần I", "Phần II", "Phần III"]
    assert [item.label for item in closing.children("II")] == [
        "I.", "II.", "III.", "IV.", "V.", "VI.", "VII.", "VIII.", "IX.", "X.",
    ]  # fmt: skip
    assert len(closing.children("I.I")) == 6
    assert len(closing.children("II.I.1")) == 6
    assert len(closing.children("II.X")) == 4
    assert "".join(section.label[0] for section in closing.children("III.II")) == "abcdđeghi"


def test_it_compares_its_own_window_with_five_whole_years() -> None:
    closing = outline("closing-2021-2025")
    assert closing.window == Window(date(2021, 2, 9), date(2025, 6, 15))
    assert closing.baseline == Window(date(2016, 1, 1), date(2020, 12, 31))


def test_a_label_is_the_number_as_printed() -> None:
    closing = outline("closing-2021-2025")
    assert [closing.section(code).label for code in ("II.II", "II.II.2", "II.II.2.1", "II.II.2.1.a")] == [
        "II.", "2.", "2.1.", "a)",
    ]  # fmt: skip


def test_every_heading_that_holds_no_other_asks_somebody_to_write_and_guides_them() -> None:
    closing = outline("closing-2021-2025")
    leaves = [section for section in closing.sections if not closing.children(section.code)]
    assert [section.code for section in leaves if not (section.contributors and section.guidance)] == []


def test_a_figure_has_the_unit_of_the_column_it_sums() -> None:
    closing = outline("closing-2021-2025")
    assert [(f.code, f.unit) for f in closing.figures if closing.figure_column(f.code).unit != f.unit] == []


def test_every_figure_is_used() -> None:
    closing = outline("closing-2021-2025")
    used = {code for section in closing.sections for code in section.used_figures}
    assert {figure.code for figure in closing.figures} == used


def test_the_outline_draws_at_least_three_charts() -> None:
    charts = [chart for section in outline("closing-2021-2025").sections for chart in section.charts]
    assert len(charts) >= 3
    assert all(chart_template(chart.spec)["data"] == {"name": "figures"} for chart in charts)


def test_the_hash_holds_for_the_content_not_for_the_layout(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    spaced, changed = tmp_path / "spaced.toml", tmp_path / "changed.toml"
    spaced.write_text("# a remark\n" + text, encoding="utf-8")
    changed.write_text(text.replace("Ưu điểm", "Kết quả nổi bật"), encoding="utf-8")
    assert load_outline(spaced).sha256 == load_outline(SHIPPED).sha256
    assert load_outline(changed).sha256 != load_outline(SHIPPED).sha256


@pytest.mark.parametrize(
    ("before", "after", "key", "problem"),
    [
        ('code = "I.I.1"', 'code = "I.III.1"', "sections[2].code", "mục cha I.III"),
        ('code = "I.I.2"', 'code = "I.I.1"', "sections[3].code", "đã dùng ở trên"),
        ('cell = "B1.core.c2"', 'cell = "B1.core.c99"', "figures[0].cell", "B1.core.c99"),
        ('told = ["documents"]', 'told = ["nothing-such"]', "sections[10]", "nothing-such"),
        ('kind = "part"', 'kind = "item"', "sections[0].kind", "part"),
        ("to = 2025-06-15", "to = 2020-06-15", "window", "kết thúc trước khi bắt đầu"),
        ('{ form = "B8", landscape = true }', '{ form = "B9" }', "annexes[7].form", "B9"),
        ('kind = "part"', 'kind = "chapter"', "sections[0].kind", "chapter"),
    ],
)
def test_a_wrong_outline_is_refused_where_it_is_wrong(
    tmp_path: Path, before: str, after: str, key: str, problem: str
) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(SHIPPED.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        load_outline(wrong)
    assert caught.value.key == key
    assert problem in str(caught.value)


def test_an_unknown_outline_or_chart_is_said_to_be_unknown() -> None:
    with pytest.raises(KeyError, match="không có đề cương"):
        outline("closing-1999")
    with pytest.raises(KeyError, match="không có mẫu biểu đồ"):
        chart_template("no-such-chart")


def test_those_who_contribute_are_functions_that_agencies_have() -> None:
    closing = outline("closing-2021-2025")
    known = {organ.function for organ in read_organs() if organ.level == "province"}
    assert {name for section in closing.sections for name in section.contributors} <= known

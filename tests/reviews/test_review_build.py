"""The composed report and its .docx: whole, marked, reproducible, in the layout of the decree."""

from __future__ import annotations

import io
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn

from haidang.catalogue.outlines import Outline
from haidang.kernel.cells import BLANK, Cell
from haidang.office.nd30_checks import check_document
from haidang.reviews import sentences
from haidang.reviews.build import compose
from haidang.reviews.content import FormColumn, FormRow, FormTotals, Material, Nature, YearSeries
from haidang.reviews.document import Paragraph, ReviewDocument, SectionState
from haidang.reviews.render import docx_bytes
from haidang.reviews.tables import figures_table, filing_counts_table, form_tables

Make = Callable[..., YearSeries]


@pytest.fixture(scope="session")
def review(closing: Outline, material: Material) -> ReviewDocument:
    return compose(closing, material)


@pytest.fixture(scope="session")
def rendered(review: ReviewDocument) -> bytes:
    return docx_bytes(review)


def paragraphs(review: ReviewDocument, code: str) -> list[Paragraph]:
    section = next(each for each in review.sections if each.section.code == code)
    return [block for block in section.blocks if isinstance(block, Paragraph)]


def test_no_section_of_the_outline_is_left_out(closing: Outline, review: ReviewDocument) -> None:
    assert [each.section.code for each in review.sections] == [section.code for section in closing.sections]


def test_a_section_that_asked_and_got_nothing_says_so(review: ReviewDocument) -> None:
    assert "III.I" in review.codes(SectionState.EMPTY)
    assert paragraphs(review, "III.I") == [Paragraph("(Chưa có nội dung đóng góp)", missing=True)]


def test_a_heading_that_asks_nobody_is_not_called_empty(review: ReviewDocument) -> None:
    assert "II.X" in review.codes(SectionState.HEADING)
    assert paragraphs(review, "II.X") == []


def test_figures_without_words_are_a_state_of_their_own(review: ReviewDocument) -> None:
    assert "II.II.2.1.a" in review.codes(SectionState.FIGURES_ONLY)
    assert not any(each.missing for each in paragraphs(review, "II.II.2.1.a"))


def test_a_contribution_stands_under_its_section_with_its_source_at_its_end(review: ReviewDocument) -> None:
    told = [each for each in paragraphs(review, "I.I.1") if "Thủ đoạn" in each.text or each.source]
    assert [each.source for each in told] == ["", "(Nguồn: Công an tỉnh, bản nộp lần 2)"]
    assert "I.I.1" in review.codes(SectionState.READY)


def test_the_standing_agencys_own_words_carry_no_source(review: ReviewDocument) -> None:
    own = next(each for each in paragraphs(review, "II.X.1") if "phối hợp" in each.text)
    assert own.source == ""


def test_lists_that_identify_persons_are_pointed_to_and_never_printed(review: ReviewDocument) -> None:
    told = paragraphs(review, "II.II.2.1.c")
    assert "không in kèm báo cáo này" in told[-1].text


def test_the_report_has_at_least_three_charts_and_says_what_each_shows(review: ReviewDocument) -> None:
    assert len(review.charts) >= 3
    assert [chart.caption.split(".")[0] for chart in review.charts] == [
        f"Hình {number}" for number in range(1, len(review.charts) + 1)
    ]
    assert all("2021*: " in chart.description for chart in review.charts if chart.template == "yearly-bars")


def test_tables_are_numbered_and_carry_the_notes_on_part_years_and_length(review: ReviewDocument) -> None:
    assert [table.caption.split(".")[0] for table in review.tables] == [
        f"Bảng {number}" for number in range(1, len(review.tables) + 1)
    ]
    notes = review.tables[0].notes
    assert notes[0].startswith("* Năm 2021 tính từ 09/02/2021") and "52,2 tháng" in notes[1]


def test_a_figure_line_shows_years_total_baseline_and_change(make_series: Make) -> None:
    table = figures_table("Bảng 1", [make_series()])
    assert [column.title for column in table.columns] == [
        "Chỉ tiêu", "2021*", "2022", "2023", "2024", "2025*", "Cả kỳ", "2016-\n2020", "Tăng, giảm",
        "Tăng, giảm (%)",
    ]  # fmt: skip
    assert table.rows == (("Số vụ án khởi tố mới", "4", "6", "7", "9", "5", "31", "44", "−13", "−29,5"),)
    assert table.unit == "vụ"


def test_figures_asked_for_in_different_years_share_a_table_with_gaps(make_series: Make) -> None:
    whole = make_series()
    none, two = replace(whole, slices=()), replace(whole, slices=whole.slices[3:])
    table = figures_table("Bảng", [none, two, whole])
    assert [row[1:6] for row in table.rows] == [
        ("...", "...", "...", "...", "..."),
        ("...", "...", "...", "9", "5"),
        ("4", "6", "7", "9", "5"),
    ]
    assert "... Chưa có số liệu." in table.notes


def test_a_change_from_nothing_has_no_percentage(make_series: Make) -> None:
    for base, change in ((0, ("+31", "–")), (None, ("–", "–"))):
        table = figures_table("", [make_series(baseline=base)])
        assert table.rows[0][-2:] == change
        assert table.notes[-1].startswith("– Không so sánh được")


def test_a_rate_changes_by_points_and_the_table_says_so(make_series: Make) -> None:
    rate = make_series("r", "Tỷ lệ", "%", (90, 91, 92.5, 93, 94), 88.1, Nature.RATE, total=92.3)
    table = figures_table("", [rate])
    assert table.rows[0][-2:] == ("+4,2", "–")
    assert table.notes[-1] == "Chỉ tiêu tính bằng %: tăng, giảm là số điểm phần trăm."


def test_a_table_without_a_number_is_not_printed(closing: Outline, material: Material, make_series: Make) -> None:
    empty = {code: replace(one, slices=make_series(values=(None,) * 5).slices, total=BLANK, baseline=BLANK)
             for code, one in material.figures.items()}  # fmt: skip
    bare = compose(closing, replace(material, figures=empty, filing_counts=(), contributions=(), texts={}))
    assert (bare.tables, bare.charts) == ((), ())
    assert "I.I" in bare.codes(SectionState.EMPTY)


def test_filings_received_are_counted_by_form_and_year(material: Material) -> None:
    table = filing_counts_table("Bảng", material.filing_counts)
    assert [column.title for column in table.columns] == ["Biểu", "2021*", "2022", "2023", "2024", "2025*", "Cả kỳ"]
    assert table.rows[0][1:] == ("24/24", "24/24", "24/24", "23/24", "24/24", "119/120")


def test_who_has_not_reported_is_named_once_under_the_filings_received(closing: Outline, material: Material) -> None:
    late = {code: replace(one, missing=("Còn 1 báo cáo chưa được tiếp nhận: Sở Y tế.",))
            for code, one in material.figures.items()}  # fmt: skip
    noted = [
        table for table in compose(closing, replace(material, figures=late)).tables if "Sở Y tế" in str(table.notes)
    ]
    assert [(table.columns[0].title, len(table.notes)) for table in noted] == [("Biểu", 1)]


def form(columns: tuple[FormColumn, ...], rows: tuple[FormRow, ...]) -> FormTotals:
    return FormTotals("B1", "Biểu", "", "vụ", columns, rows, 1, 1)


def test_a_wide_form_is_cut_between_groups_into_even_parts() -> None:
    columns = tuple(FormColumn(f"c{n}", f"Nhóm {(n - 1) // 8}", f"Cột {n}") for n in range(1, 33))
    tables = form_tables(form(columns, (FormRow("Dòng", 0, True, {c.code: BLANK for c in columns[:31]}),
                                        FormRow("Khác", 0, True, {"c1": BLANK, "c32": BLANK}))))  # fmt: skip
    assert [len(table.columns) for table in tables] == [17, 17]
    assert [table.caption for table in tables] == ["Bảng 1/2", "Bảng 2/2"]
    assert [row[0] for row in tables[0].rows] == ["Dòng", "Khác"]
    assert (tables[0].rows[0][1:3], tables[0].rows[1][1:3]) == (("...", "..."), ("...", ""))


def test_columns_that_share_no_line_stand_in_tables_of_their_own() -> None:
    columns = tuple(FormColumn(f"c{n}", "", f"Cột {n}") for n in range(1, 6))
    lines = (
        FormRow("A. Cơ sở", 0, True, {"c1": Cell.of(1), "c2": Cell.of(2)}),
        FormRow("B. Người", 0, True, {"c3": Cell.of(3), "c5": Cell.of(5)}),
        FormRow("Trong đó", 1, False, {"c4": Cell.of(4), "c5": Cell.of(5)}),
    )
    tables = form_tables(form(columns, lines))
    assert [table.caption for table in tables] == ["Bảng 1/2", "Bảng 2/2"]
    assert tables[0].rows == (("A. Cơ sở", "1", "2"),)
    assert [row[1:] for row in tables[1].rows] == [("3", "", "5"), ("", "4", "5")]


def test_large_numbers_need_more_parts_than_small_ones() -> None:
    columns = tuple(FormColumn(f"c{n}", "", f"Cột {n}") for n in range(1, 17))
    parts = [
        len(form_tables(form(columns, (FormRow("Dòng", 0, False, {c.code: Cell.of(value) for c in columns}),))))
        for value in (7, 1_234_567_890.5)
    ]
    assert parts == [1, 3]


def test_a_line_that_heads_others_is_repeated_with_them_and_never_ends_a_page() -> None:
    columns = tuple(FormColumn(f"c{n}", "", f"Cột {n}") for n in range(1, 30))
    rows = (
        FormRow("A. Chung", 0, True, {"c1": Cell.of(1)}),
        FormRow("Dòng chung", 1, False, {"c1": Cell.of(1)}),
        FormRow("B. Riêng", 0, True, {"c2": Cell.of(2)}),
        FormRow("Dòng riêng", 1, False, {"c29": Cell.of(2), "c2": Cell.of(3)}),
        FormRow("C. Cả", 0, True, {column.code: Cell.of(0) for column in columns[:28]}),
    )
    last = form_tables(form(columns, rows))[-1]
    assert [row[0].strip() for row in last.rows] == ["B. Riêng", "Dòng riêng", "C. Cả"]
    assert last.kept_rows == {0}


def test_there_is_one_annex_a_form_with_roman_labels(review: ReviewDocument) -> None:
    assert [annex.label for annex in review.annexes][:4] == ["Phụ lục I", "Phụ lục II", "Phụ lục III", "Phụ lục IV"]
    assert len(review.annexes) == 8
    assert "chưa phải biểu chính thức" in " ".join(review.annexes[0].paragraphs)


def test_the_opening_says_both_windows_and_the_closing_ends_the_body(review: ReviewDocument) -> None:
    assert "09/02/2021" in review.opening[1] and "52,2 tháng" in review.opening[1] and "60 tháng" in review.opening[1]
    assert review.closing.endswith("./.")


def test_the_same_material_gives_the_same_bytes(closing: Outline, material: Material, rendered: bytes) -> None:
    assert docx_bytes(compose(closing, material)) == rendered


def test_the_document_keeps_the_layout_rules(rendered: bytes) -> None:
    assert [finding for finding in check_document(rendered) if finding.passed is False] == []


def test_invented_figures_are_marked_in_a_box_and_on_every_page(rendered: bytes) -> None:
    document = docx.Document(io.BytesIO(rendered))
    assert any(p.text == sentences.FICTIONAL_NOTE for p in document.paragraphs)
    assert document.sections[0].first_page_header.paragraphs[0].text == sentences.FICTIONAL_MARK
    assert document.sections[0].header.paragraphs[-1].text == sentences.FICTIONAL_MARK


def test_a_real_report_carries_no_such_mark(closing: Outline, material: Material) -> None:
    real = replace(material, head=replace(material.head, fictional=False), annexes=())
    document = docx.Document(io.BytesIO(docx_bytes(compose(closing, real))))
    assert not any("GIẢ ĐỊNH" in p.text for p in document.paragraphs)
    assert not any(p.text for p in document.sections[0].first_page_header.paragraphs)


@pytest.fixture(scope="module")
def pages(rendered: bytes, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The text of each page of the report as LibreOffice prints it."""
    if shutil.which("soffice") is None or shutil.which("pdftotext") is None:
        pytest.skip("cần LibreOffice và pdftotext")
    folder = tmp_path_factory.mktemp("pdf")
    path = folder / "review.docx"
    path.write_bytes(rendered)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    told = subprocess.run(["pdftotext", str(path.with_suffix(".pdf")), "-"], capture_output=True, text=True, check=True)
    return unicodedata.normalize("NFC", told.stdout).split("\f")[:-1]


def test_every_word_survives_the_way_to_pdf_with_its_diacritics(rendered: bytes, pages: list[str]) -> None:
    def words(text: str) -> set[str]:
        return set("".join(c if c.isalpha() else " " for c in unicodedata.normalize("NFC", text)).split())

    document, told = docx.Document(io.BytesIO(rendered)), "\n".join(pages)
    written = "".join(node.text or "" for node in document.element.body.iter(qn("w:t")))
    assert words("\n".join(p.text for p in document.paragraphs)) - words(told) == set()
    assert {c for c in written if c.isalpha()} <= set(told)


def test_no_page_of_the_pdf_is_empty_but_for_its_head(pages: list[str]) -> None:
    told = [page.replace(sentences.FICTIONAL_MARK, "").strip() for page in pages]
    assert [number for number, text in enumerate(told, start=1) if not any(c.isalpha() for c in text)] == []


def test_no_number_of_a_table_is_broken_over_two_lines(review: ReviewDocument, pages: list[str]) -> None:
    told = set("\n".join(pages).split())
    tables = [*review.tables, *(table for annex in review.annexes for table in annex.tables)]
    cells = {cell for table in tables for row in table.rows for cell in row[1:] if len(cell) > 3 and cell[-1].isdigit()}
    assert len(cells) > 50 and cells - told == set()

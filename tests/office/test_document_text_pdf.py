"""PDF made by LibreOffice from Word: columns, tables, page numbers."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from docx import Document

from haidang.office.document_text import extract_text


@pytest.fixture(scope="module")
def pdf(tmp_path_factory):
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice (soffice) is not installed: no PDF can be made")
    folder = tmp_path_factory.mktemp("pdf")
    document = Document()
    letterhead = document.add_table(rows=2, cols=2)
    texts = ("UBND TỈNH SƠN HẢI", "CỘNG HÒA XÃ HỘI", "Số: 1/KH-UBND", "Sơn Hải, ngày 02 tháng 3 năm 2024")
    for cell, text in zip((cell for row in letterhead.rows for cell in row.cells), texts, strict=True):
        cell.text = text
    document.add_paragraph("KẾ HOẠCH")
    document.add_paragraph("- Treo áp phích tại bến xe, cảng cá, chợ và nhà văn hóa; " * 4)
    table = document.add_table(rows=2, cols=3)
    table.style = "Table Grid"
    cells = (
        "Nội dung công việc",
        "Cơ quan chủ trì",
        "Thời gian",
        "Mở hội nghị triển khai kế hoạch đến tận thôn, bản",
        "Sở Y tế",
        "Quý I",
    )
    for cell, text in zip((cell for row in table.rows for cell in row.cells), cells, strict=True):
        cell.text = text
    document.save(str(folder / "a.docx"))
    command = [soffice, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(folder), str(folder / "a.docx")], check=True, capture_output=True, timeout=180
    )
    return extract_text(folder / "a.pdf")


def test_two_columns_come_one_after_the_other(pdf):
    lines = [line for line in pdf.text.splitlines() if line.strip()]
    assert lines[:4] == ["UBND TỈNH SƠN HẢI", "Số: 1/KH-UBND", "CỘNG HÒA XÃ HỘI", "Sơn Hải, ngày 02 tháng 3 năm 2024"]


def test_a_ruled_table_comes_as_rows_with_wrapped_cells_joined(pdf):
    rows = [line for line in pdf.text.splitlines() if line.startswith("|")]
    assert rows == [
        "| Nội dung công việc | Cơ quan chủ trì | Thời gian |",
        "| Mở hội nghị triển khai kế hoạch đến tận thôn, bản | Sở Y tế | Quý I |",
    ]


def test_every_diacritic_is_kept(pdf):
    assert "Treo áp phích tại bến xe, cảng cá, chợ và nhà văn hóa" in " ".join(pdf.text.split())
    assert pdf.pages == 1

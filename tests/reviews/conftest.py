"""An invented report (số liệu giả định) on the shipped outline: small numbers that can be added up by hand."""

from __future__ import annotations

from datetime import date

import pytest

from haidang.catalogue.forms import forms_in_force
from haidang.catalogue.outlines import Outline, outline
from haidang.kernel.cells import BLANK, Cell
from haidang.kernel.windows import Window
from haidang.office.nd30 import Letterhead, Signature
from haidang.reviews.content import (
    Contribution,
    FilingCount,
    FormColumn,
    FormRow,
    FormTotals,
    Head,
    Material,
    Nature,
    Slice,
    YearSeries,
)

BASELINE = Window(date(2016, 1, 1), date(2020, 12, 31))
WINDOW = Window(date(2021, 2, 9), date(2025, 6, 15))


def series(
    code: str = "cases-opened",
    name: str = "Số vụ án khởi tố mới",
    unit: str = "vụ",
    values: tuple[float | None, ...] = (4, 6, 7, 9, 5),
    baseline: float | None = 44,
    nature: Nature = Nature.FLOW,
    received: int = 24,
    total: float | None = None,
) -> YearSeries:
    """A figure of five years, 31 in all unless told otherwise, against 44 in 2016-2020."""
    known = [value for value in values if value is not None]
    whole = total if total is not None else (known[-1] if nature is Nature.STOCK else sum(known)) if known else None
    slices = tuple(
        Slice(window, BLANK if value is None else Cell.of(value), received, 24)
        for window, value in zip(WINDOW.by_calendar_year(), values, strict=True)
    )
    return YearSeries(
        code=code,
        name=name,
        unit=unit,
        nature=nature,
        window=WINDOW,
        slices=slices,
        total=BLANK if whole is None else Cell.of(whole),
        baseline_window=BASELINE,
        baseline=BLANK if baseline is None else Cell.of(baseline),
        version_ids=(1, 2, 3),
    )


def head(fictional: bool = True) -> Head:
    """The letterhead of an invented committee."""
    return Head(
        letterhead=Letterhead(
            issuing_body="Ban Chỉ đạo 138",
            parent_body="Ủy ban nhân dân tỉnh Hải Minh",
            symbol="BC-BCĐ138",
            place="Hải Minh",
            month_year="tháng 6 năm 2025",
        ),
        kind="Báo cáo",
        subject="Tổng kết thực hiện Chương trình phòng, chống mua bán người\ngiai đoạn 2021 - 2025, tầm nhìn 2030",
        addressees=("Ban Chỉ đạo 138/CP", "Bộ Công an"),
        signature=Signature(
            authority=("TM. Ban Chỉ đạo", "KT. Trưởng ban", "Phó Trưởng ban"),
            signer="Nguyễn Văn Mẫu",
            recipients=("Như trên", "Thành viên Ban Chỉ đạo 138 tỉnh", "Các sở, ban, ngành tỉnh"),
            archive="VT, CAT",
        ),
        mandate="Kế hoạch số 12/KH-UBND ngày 04/4/2025 của UBND tỉnh Hải Minh",
        bases=("Căn cứ Luật Phòng, chống mua bán người", "Căn cứ Chương trình của tỉnh giai đoạn 2021 - 2025"),
        fictional=fictional,
    )  # fmt: skip


def whole_material(closing: Outline) -> Material:
    """Every figure of the outline, two contributions, one own text, all eight forms."""
    figures = {}
    for place, figure in enumerate(closing.figures):
        flow = closing.figure_column(figure.code).flow
        nature = {"stock_close": Nature.STOCK, "rate": Nature.RATE}.get(flow, Nature.FLOW)
        if nature is Nature.RATE:
            values, total, base = (90.5, 91.0, 92.5, 93.0, 94.2), 92.3, 88.1
        else:
            # Every ninth figure is in hundreds of thousands: tables must hold those too.
            scale = 12_345 if place % 9 == 4 else 1
            values = tuple(float((place * 7 + year * 3) % 40 * scale) for year in range(5))
            total, base = None, (60.0 + place) * scale
        figures[figure.code] = series(figure.code, figure.name, figure.unit, values, base, nature, total=total)
    annexes = tuple(
        FormTotals(
            code=form.code,
            title=form.title,
            mark=form.mark,
            unit=form.unit,
            columns=tuple(FormColumn(c.code, c.group, c.name) for c in form.columns if not c.is_text),
            rows=tuple(
                FormRow(
                    row.name,
                    row.indent,
                    row.formula is not None,
                    {
                        c.code: Cell.of((number * 5 + at) % 60)
                        for at, c in enumerate(form.columns)
                        if not c.is_text and form.has_cell(row.code, c.code)
                    },
                )
                for number, row in enumerate(form.rows)
            ),
            received=118,
            expected=120,
            note=form.note,
        )
        for form in forms_in_force(closing.window.end)
    )
    counts = tuple(
        FilingCount(form.code, form.title, label, 23 if label == "2024" else 24, 24)
        for form in forms_in_force(closing.window.end)
        for label in ("2021*", "2022", "2023", "2024", "2025*")
    )
    contributions = (
        Contribution("I.I.1", "Công an tỉnh", 2, "Thủ đoạn mới là lừa đảo qua mạng.\nHứa việc nhẹ (giả định)."),
        Contribution("II.VI.3", "Bộ đội Biên phòng tỉnh", 1, "Văn phòng liên lạc hoạt động đều (nội dung giả định)."),
    )  # fmt: skip
    texts = {"II.X.1": "Công tác phối hợp được duy trì (nội dung giả định)."}
    return Material(head(), WINDOW, BASELINE, figures, contributions, texts, annexes, counts)


@pytest.fixture(scope="session")
def closing() -> Outline:
    return outline("closing-2021-2025")


@pytest.fixture(scope="session")
def material(closing: Outline) -> Material:
    return whole_material(closing)


@pytest.fixture
def make_series():
    return series

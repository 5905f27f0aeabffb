"""How large the invented province and its figures are.

The sizes lean on what is published for the country (91 new cases in 2024, 126 to 336 victims a year): a border
province has a few per cent of that, so most yearly counts have one digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from haidang.catalogue.forms import ColumnSpec, FormSpec, RowSpec
from haidang.kernel.windows import Window


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much to build: how many districts the province has, and the seed of its figures."""

    districts: int = 8
    seed: int = 138


FULL = Sizes()
SMALL = Sizes(districts=1)

LEVEL_SHARE = {"province": 1.0, "district": 0.2, "commune": 0.06}
FORM_SIZE = {"B1": 1.6, "B2": 1.5, "B3": 1.2, "B4": 1.0, "B5": 0.6, "B6": 0.7, "B7": 2.0, "B8": 1.0}
UNIT_SIZE = {"lượt người": 60.0, "bản": 40.0, "triệu đồng": 5.0, "ngày": 10.0, "mô hình": 0.5, "cơ sở": 0.4}
TRAINED = 5.0  # persons a class
YEAR_SHARE = {2021: 0.7, 2022: 0.9, 2023: 1.0, 2024: 1.25, 2025: 1.2}

# Weights of the values of dimensions; those not named weigh 1.
WEIGHTS: Mapping[tuple[str, str], float] = {
    ("offence", "d150"): 1.6, ("offence", "d151"): 0.9, ("offence", "d152"): 0.03, ("offence", "d153"): 0.08,
    ("offence", "d154"): 0.03,
    ("sex", "male"): 0.55, ("sex", "female"): 1.45,
    ("age", "under_16"): 0.5, ("age", "from_16_to_17"): 0.7,
    ("purpose", "sexual"): 1.2, ("purpose", "labour"): 1.4, ("purpose", "organs"): 0.05, ("purpose", "other"): 0.4,
    ("country", "laos"): 0.15, ("country", "thailand"): 0.08, ("country", "malaysia"): 0.05,
    ("country", "other"): 0.08,
    ("origin", "foreigner"): 0.05,
}  # fmt: skip
ACCUSED = {"male": 1.3, "female": 0.7}  # the sexes the other way round than among victims
# Routes changed: to China before 2021, to Cambodia, Myanmar and within the country since.
BEFORE_2021 = {"vietnam": 0.4, "china": 2.2, "cambodia": 0.15, "myanmar": 0.05}
SINCE_2021 = {"vietnam": 1.1, "china": 0.5, "cambodia": 1.2, "myanmar": 0.35}
# The first that stands in "group name" of a column says how rare it is.
RARITIES = (
    ("tiền án", 0.3), ("quốc tịch nước ngoài", 0.08), ("khuyết tật", 0.05), ("dân tộc thiểu số", 0.6),
    ("không có việc làm", 0.7),
    ("phục hồi", 0.05), ("chuyển", 0.04), ("tách", 0.02), ("nhập vào", 0.02), ("tạm đình chỉ", 0.1), ("đình chỉ", 0.03),
    ("trả hồ sơ", 0.08), ("phúc thẩm", 0.25), ("kiến nghị", 0.25), ("111", 0.2), ("quá hạn", 0.05),
    ("không khởi tố", 0.35), ("không đủ điều kiện", 0.25), ("từ chối", 0.06), ("bị can", 1.6), ("bị cáo", 1.6),
    ("số lớp", 0.35), ("dự toán", 5.0), ("tài trợ", 0.2),
)  # fmt: skip


def years_of(window: Window) -> float:
    """The window's weight in years, each calendar year by its share of the trend and of its days."""
    return sum(YEAR_SHARE.get(part.start.year, 1.0) * part.days / 365 for part in window.by_calendar_year())


def expected(form: FormSpec, cell: str, level: str, window: Window) -> float:
    """How large an entered cell is on average, for an agency of this level over this window."""
    row, column = form.cells[cell]
    size = FORM_SIZE.get(form.code, 1.0) * LEVEL_SHARE[level] * UNIT_SIZE.get(column.unit or "", 1.0)
    if form.code == "B7" and column.unit == "người":
        size *= TRAINED
    if column.flow not in ("stock_open", "stock_close"):
        size *= years_of(window)
    return max(size * _weight(row, column, window) * _rarity(row, column), 1e-6)


def _weight(row: RowSpec, column: ColumnSpec, window: Window) -> float:
    routes = BEFORE_2021 if window.end.year < 2021 else SINCE_2021
    accused = "bị can" in column.group.casefold() or "bị cáo" in column.group.casefold()
    weight = 1.0
    for dimension, value in (*row.dims, *column.dims):
        if dimension == "country":
            weight *= routes.get(value, WEIGHTS.get((dimension, value), 1.0))
        elif dimension == "sex" and accused:
            weight *= ACCUSED[value]
        else:
            weight *= WEIGHTS.get((dimension, value), 1.0)
    return weight


def _rarity(row: RowSpec, column: ColumnSpec) -> float:
    """How seldom something happens beside what usually happens: cases move, come back or are dropped rarely."""
    told = f"{column.group} {column.name}".casefold()
    if column.flow == "stock_open":
        return 0.2
    return next((share for words, share in RARITIES if words in told), 1.0)

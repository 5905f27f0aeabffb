"""Dates as Vietnamese documents write them."""

from __future__ import annotations

import re
from datetime import date

from haidang.kernel.windows import Window

_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
_TYPED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


def short_date(day: date) -> str:
    """ "09/02/2021", "12/6/2025": as NĐ 30/2020 pads: days under 10, and months 1 and 2 only."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def day_month(day: date) -> str:
    """ "12/6": for tables."""
    return f"{day.day}/{day.month}"


def near_date(day: date, today: date) -> str:
    """ "12/6" of this year, "12/6/2024" of another one."""
    return day_month(day) if day.year == today.year else short_date(day)


def long_date(day: date) -> str:
    """ "ngày 08 tháng 3 năm 2021" (NĐ 30/2020, Phụ lục I, mục II.4)."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def sentence_date(day: date) -> str:
    """ "Thứ Năm, 10/7/2025": for sentences on screen."""
    return f"{_WEEKDAYS[day.weekday()]}, {day.day}/{day.month}/{day.year}"


def window_text(window: Window) -> str:
    """ "từ ngày 09/02/2021 đến ngày 15/6/2025"."""
    return f"từ ngày {short_date(window.start)} đến ngày {short_date(window.end)}"


def parse_date(text: str) -> date:
    """A date typed by a person, "30/6/2025" or "2025-06-30". ValueError, with the reason in Vietnamese, otherwise.

    Years outside EARLIEST_YEAR-LATEST_YEAR are slips of the finger: no duty of this system falls there.
    """
    typed = text.strip()
    match = _TYPED.fullmatch(typed)
    iso = _ISO.fullmatch(typed)
    if not match and not iso:
        raise ValueError(f"“{typed}” không phải là ngày. Ví dụ: 30/6/2025.")
    parts = [int(part) for part in (match or iso).groups()]  # type: ignore[union-attr]
    day, month, year = parts if match else reversed(parts)
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f"Năm phải từ {EARLIEST_YEAR} đến {LATEST_YEAR}, không phải {year}. Ví dụ: 30/6/2025.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"Không có ngày {typed} trong lịch. Ví dụ: 30/6/2025.") from None

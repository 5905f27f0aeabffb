"""What one entry of a workbook means: a number, a reason for having none, blank; or why it is none of these."""

from __future__ import annotations

import math
import re
from datetime import date, time, timedelta

from haidang.kernel.numbers import format_number, parse_number
from haidang.kernel.text import bare, squeeze
from haidang.office.workbook import NOT_APPLICABLE_WORD, NOT_AVAILABLE_WORD
from haidang.office.workbook_sheets import CellError

LARGEST = 10**12
_WORDS = {
    "ktcn": "na",
    "khong thuoc chuc nang": "na",
    "na": "na",
    "ccsl": "nd",
    "chua co so lieu": "nd",
    "nd": "nd",
}
_NOTHING = frozenset({"khong", "khong co", "khong phat sinh", "khong co phat sinh"})
_THOUSANDS_BY_COMMA = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_NUMBER_AND_WORDS = re.compile(r"([0-9][0-9., ]*?) ?[^\W\d_].*")
# How far a whole number worked out in binary fractions lies from itself at most.
_BINARY_REST = 1e-9
_LOOKALIKES = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
_STATES = f"{NOT_APPLICABLE_WORD} (không thuộc chức năng), {NOT_AVAILABLE_WORD} (chưa có số liệu), hoặc để trống"


class NotAValue(ValueError):
    """What stands in a cell cannot be its value; `problem` and `proposal` are for the person who filled it."""

    def __init__(self, problem: str, proposal: str) -> None:
        super().__init__(f"{problem} {proposal}")
        self.problem = problem
        self.proposal = proposal


def read_value(raw: object, *, whole: bool) -> int | float | str | None:
    """The value of one entry: a number not below 0 (`whole`: a count), "na", "nd", or None for blank; else NotAValue.

    Digits typed as text are taken; a text with separators is not, because a point may mean either thing.
    """
    if isinstance(raw, bool):
        raise NotAValue("Ô chứa TRUE/FALSE, không phải số.", f"Nhập số, {_STATES}.")
    if isinstance(raw, int | float):
        return check_number(raw, whole=whole)
    if isinstance(raw, CellError):
        raise NotAValue(f"Ô đang báo lỗi {raw}.", f"Xoá, rồi nhập số, {_STATES}.")
    if isinstance(raw, date | time | timedelta):
        raise NotAValue(f"Ô đã bị đổi thành ngày giờ ({raw}).", "Đặt định dạng ô là Số (Number) rồi nhập lại số.")
    return _read_words(str(raw), whole=whole)


def check_number(number: float | int, *, whole: bool) -> int | float:
    """The number, as an integer when it is whole; NotAValue when negative, too large, or a fraction in a count."""
    if isinstance(number, float) and not math.isfinite(number):
        raise NotAValue("Ô chứa một số không xác định.", "Nhập lại số.")
    if number < 0:
        raise NotAValue(f"Số âm ({as_shown(number)}).", f"Nhập số không âm: {as_shown(abs(number))} hoặc để trống.")
    if number > LARGEST:
        raise NotAValue("Số quá lớn.", f"Số lớn nhất nhận được là {format_number(LARGEST)}; kiểm tra đơn vị tính.")
    if number == int(number):
        return int(number)
    if whole and abs(number - round(number)) <= _BINARY_REST * number:
        return round(number)
    if whole:
        raise NotAValue(f"Số lẻ ({as_shown(number)}) trong ô đếm.", "Nhập số nguyên.")
    return number


def _read_words(text: str, *, whole: bool) -> int | float | str | None:
    words = squeeze(text)
    if not words:
        return None
    if state := _WORDS.get(bare(words)):
        return state
    if re.fullmatch(r"[0-9]+", words):
        return check_number(int(words) if len(words) <= 15 else math.inf, whole=whole)
    if re.fullmatch(r"[-–—−]+|[.…]+|[xX]", words):
        raise NotAValue(f"Dấu “{words}” chưa rõ nghĩa.", f"Nhập 0 nếu không phát sinh; {_STATES} nếu chưa nhập.")
    raise _not_a_number(words, whole=whole)


def _not_a_number(words: str, *, whole: bool) -> NotAValue:
    """What to say of words in a number cell; what is proposed would be taken."""
    said = f"“{shortened(words)}”"
    if bare(words) in _NOTHING:
        return NotAValue(f"{said} là chữ, không phải số.", f"Nhập 0 nếu không phát sinh; {_STATES} nếu chưa nhập.")
    if _THOUSANDS_BY_COMMA.fullmatch(words):
        thousands = f"Nhập lại dạng số: {words.replace(',', '')} nếu dấu phẩy phân cách hàng nghìn."
        return NotAValue(f"{said} là chữ, không phải số.", thousands)
    if (number := _parsed(words)) is not None:
        return NotAValue(f"{said} là chữ, không phải số.", _proposed("Nhập lại dạng số: {}.", number, whole=whole))
    if (number := _parsed(words.translate(_LOOKALIKES))) is not None:
        proposal = _proposed("Có phải là {}? Nhập lại số.", number, whole=whole)
        return NotAValue(f"{said} có chữ cái lẫn trong số.", proposal)
    beside = _NUMBER_AND_WORDS.fullmatch(words)
    if beside and (number := _parsed(beside[1])) is not None:
        return NotAValue(f"{said} có chữ đi kèm số.", _proposed("Chỉ nhập số: {}.", number, whole=whole))
    return NotAValue(f"Không hiểu {said}.", f"Nhập số, {_STATES}.")


def _parsed(words: str) -> int | float | None:
    try:
        return parse_number(words)
    except ValueError:
        return None


def _proposed(sentence: str, number: int | float, *, whole: bool) -> str:
    """The sentence with the number, or what to do where it would be refused as well."""
    try:
        return sentence.format(_plain(check_number(number, whole=whole)))
    except NotAValue as error:
        return f"{error.problem} {error.proposal}"


def as_shown(raw: object) -> str:
    """What stands in a cell, in words."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return _plain(raw)
    if isinstance(raw, date):
        return f"{raw:%d/%m/%Y}"
    return str(raw)


def _plain(number: float | int) -> str:
    """The number as it is typed into a cell: no thousands separator, a comma for decimals."""
    if isinstance(number, float) and number.is_integer() and abs(number) < LARGEST * 1000:
        number = int(number)
    return str(number).replace(".", ",")


def shortened(text: str) -> str:
    """The text, cut where it is too long to be repeated in a sentence."""
    return text if len(text) <= 40 else f"{text[:40]}…"

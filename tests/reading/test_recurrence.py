"""Tasks that come round, in many wordings; and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.kernel.calendars import Period
from haidang.reading.recurrence import LIKELY, SURE, UNSURE, recurrence_in


@pytest.mark.parametrize(
    ("text", "period", "least"),
    [
        ("Hằng tháng kiểm tra sổ trực ban tại trạm.", Period.MONTH, SURE),
        ("Hàng quý họp giao ban ba lực lượng.", Period.QUARTER, SURE),
        ("Định kỳ hằng quý rà soát danh sách hộ vắng mặt.", Period.QUARTER, SURE),
        ("Định kỳ 6 tháng kiểm tra cơ sở lưu trú.", Period.HALF_YEAR, SURE),
        ("Kiểm tra cơ sở lưu trú 06 tháng/lần.", Period.HALF_YEAR, LIKELY),
        ("Kiểm tra cơ sở lưu trú sáu tháng một lần (Công an xã).", Period.HALF_YEAR, LIKELY),
        ("Tổ chức diễn tập ít nhất 02 lần/năm.", Period.HALF_YEAR, SURE),
        ("Tổ chức diễn tập 4 đợt/năm.", Period.QUARTER, SURE),
        ("Phát bản tin một lần/tháng.", Period.MONTH, SURE),
        ("Thăm hỏi gia đình nạn nhân, mỗi quý một lần.", Period.QUARTER, LIKELY),
        ("Mở lớp tập huấn cho tuyên truyền viên hằng năm.", Period.YEAR, LIKELY),
        ("Hưởng ứng ngày 30/7 hằng năm bằng một buổi nói chuyện.", Period.YEAR, UNSURE),
        ("Duy trì giao ban thường niên với huyện bạn.", Period.YEAR, UNSURE),
        ("Hằng quý, hằng năm rà soát địa bàn.", Period.QUARTER, SURE),
    ],
)
def test_how_often_is_read(text, period, least):
    found = recurrence_in(text)
    assert found is not None
    assert (found.period, found.confidence >= least) == (period, True)
    assert text[found.start : found.end].strip()


@pytest.mark.parametrize(
    "text",
    [
        "Xây dựng kế hoạch công tác hằng năm.",
        "Bố trí trong dự toán ngân sách hằng năm của đơn vị.",
        "Định kỳ hằng quý tổng hợp, báo cáo kết quả về Công an tỉnh.",
        "Định kỳ hằng quý (trước ngày 12/3) và năm (trước ngày 12/12) báo cáo về Sở.",
        "Đánh giá kết quả theo từng năm trên các mặt.",
        "Phấn đấu giảm số vụ hằng năm.",
        "Thực hiện theo quý định của ngành.",
        "Tổ chức một đợt cao điểm trong năm 2025.",
        "",
    ],
)
def test_what_is_done_once_or_only_reported_has_no_rhythm(text):
    assert recurrence_in(text) is None


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(text):
    found = recurrence_in(text)
    assert found is None or 0 <= found.start < found.end <= len(text)


def test_a_very_long_text_is_bounded():
    assert recurrence_in("từ " * 100_000 + "hằng quý") is None

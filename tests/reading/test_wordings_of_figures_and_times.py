"""Wordings of targets, windows and reporting dates that are easily read wrong."""

from __future__ import annotations

from datetime import date

import pytest

OPENING = "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ít nhất chín mươi phần trăm (90%) số hộ ký cam kết.", [(">=", 90)]),
        ("70% số xã vùng cao trở lên có câu lạc bộ.", [(">=", 70)]),
        ("Trên 95% học sinh từ lớp sáu trở lên biết bơi.", [(">", 95)]),
        ("Số người chết do tai nạn không vượt quá 1.100 người.", [("<=", 1100)]),
        ("Huy động 2.500 lượt đoàn viên; phát 10.000 tờ rơi.", [("=", 2500), ("=", 10000)]),
        ("Chuyển hóa thành công 03 địa bàn trọng điểm.", [("=", 3)]),
        ("Giảm 10% số vụ vào năm 2023 và 20% vào năm 2024.", [("reduce", 10), ("reduce", 20)]),
        ("l00% chi hội được phổ biến luật.", [("=", 100)]),
        ("Duy trì ít nhất hai (02) “Địa chỉ tin cậy” ở mỗi xã.", [(">=", 2)]),
        ("Giảm cả ba tiêu chí về số vụ, số người chết, số người bị thương.", [("reduce", None)]),
    ],
)
def test_comparators_and_counts(read, text, expected):
    plan = read(f"{OPENING}I. MỤC TIÊU\n- {text}\nII. NHIỆM VỤ\n- Mở lớp.\n")
    assert [(target.comparator, target.value) for target in plan.targets] == expected


def days(first, last):
    return (date.fromisoformat(first) if first else None, date.fromisoformat(last))


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("Lễ ra quân: 08 giờ 00 ngày 30/7/2024.", days("2024-07-30", "2024-07-30")),
        ("Tổ chức hội nghị cấp tỉnh, dự kiến ngày 27/6/2024.", days("2024-06-27", "2024-06-27")),
        ("Tổ chức Lễ phát động ngày 15/8/2024 tại quảng trường.", days("2024-08-15", "2024-08-15")),
        ("Đến hết ngày 30/11/2024 hoàn thành rà soát.", days(None, "2024-11-30")),
        ("Từ nay đến hết ngày 31/12/2024 tập trung rà soát.", days(None, "2024-12-31")),
        ("Chậm nhất đến hết tháng 9/2024 hoàn thành kiểm tra.", days(None, "2024-09-30")),
        (
            "Thực hiện Chương trình trên báo chí, thời gian từ tháng 5 đến tháng 6/2024.",
            days("2024-05-01", "2024-06-30"),
        ),
        ("Xây dựng kế hoạch giai đoạn và hằng năm, ban hành trước ngày 15/9/2024.", days(None, "2024-09-15")),
        ("Lập kế hoạch, gửi Sở Y tế trước ngày 20/4/2024. Định kỳ hằng quý đôn đốc.", days(None, "2024-04-20")),
        ("Số liệu từ ngày 15/12/2023 đến ngày 14/12/2024 được cập nhật.", None),
        ("Thực hiện theo Kế hoạch số 12/KH-UBND ngày 15/3/2024.", None),
        ("Hằng năm, trước ngày 15/3 các xã đăng ký.", None),
        ("Treo áp phích hưởng ứng ngày 26/6.", None),
    ],
)
def test_windows_in_more_wordings(read, text, window):
    (task,) = read(f"{OPENING}I. MỤC TIÊU\n1. Làm tốt.\nII. NHIỆM VỤ\n- {text}\n").tasks
    assert task.window == window


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            "Định kỳ trước ngày 10/6 và ngày 10/12 hằng năm báo cáo về Sở Y tế.",
            [("half_year", "10/6"), ("year", "10/12")],
        ),
        (
            "Hằng tháng báo cáo trước ngày 14; báo cáo sơ kết trước ngày 31/10/2024, báo cáo tổng kết "
            "trước ngày 20/12/2024 về Sở Y tế.",
            [("once", "2024-10-31"), ("once", "2024-12-20")],
        ),
        ("Báo cáo kết quả về Sở Y tế vào ngày 14 của tháng cuối quý.", [("quarter", "14 của tháng cuối quý")]),
        (
            "Định kỳ 03 tháng, 06 tháng, 01 năm báo cáo về Sở Y tế.",
            [("quarter", None), ("half_year", None), ("year", None)],
        ),
        (
            "Gửi báo cáo sơ kết 6 tháng đầu năm trước ngày 15/6, báo cáo tổng kết năm trước ngày 15/12 về Sở Y tế.",
            [("half_year", "15/6"), ("year", "15/12")],
        ),
    ],
)
def test_periods_and_dates_in_more_wordings(read, item, expected):
    plan = read(f"{OPENING}I. MỤC TIÊU\n1. Làm tốt.\nII. TỔ CHỨC THỰC HIỆN\n1. {item}\n")
    assert [(duty.period.value, duty.due) for duty in plan.reporting] == expected
    assert {duty.to for duty in plan.reporting} == {"Sở Y tế"}


def test_sending_a_plan_of_ones_own_is_a_task_even_beside_a_report(read):
    text = (
        "3. Các đơn vị trực thuộc\n"
        "Căn cứ Kế hoạch này xây dựng kế hoạch của đơn vị, gửi về Sở Y tế trước ngày 20/4/2024."
    )
    (task,) = read(f"{OPENING}I. MỤC TIÊU\n1. Làm tốt.\nII. TỔ CHỨC THỰC HIỆN\n{text}\n").tasks
    assert task.lead == ("Các đơn vị trực thuộc",)

"""RULES of targets: one entry per number, comparators, directions without a number, spans, tables."""

from __future__ import annotations

import pytest


def targets(read, text, heading="I. MỤC TIÊU"):
    return read(
        f"KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\n"
        f"{heading}\n{text}\nII. NHIỆM VỤ\n- Mở lớp học.\n"
    ).targets


@pytest.mark.parametrize(
    ("text", "comparator", "value", "unit"),
    [
        ("1. Tỷ lệ giải quyết đạt trên 90%.", ">", 90, "%"),
        ("1. Khám phá hơn 85% số vụ.", ">", 85, "%"),
        ("1. Ít nhất 40% số xã có mô hình.", ">=", 40, "%"),
        ("1. Đạt 95% trở lên số vụ được truy tố.", ">=", 95, "%"),
        ("1. Từ 70% trở lên số hộ được tuyên truyền.", ">=", 70, "%"),
        ("1. Đạt và vượt 80% kế hoạch.", ">=", 80, "%"),
        ("1. Bảo đảm ≥ 75% học sinh được học.", ">=", 75, "%"),
        ("1. Không quá 3% tin báo quá hạn.", "<=", 3, "%"),
        ("1. Tỷ lệ tái nghiện dưới 10%.", "<=", 10, "%"),
        ("1. 97,5% trẻ em được tiêm chủng.", "=", 97.5, "%"),
        ("1. Giảm 5% số vụ so với năm trước.", "reduce", 5, "%"),
        ("1. Tăng 10% số vụ phát hiện.", "increase", 10, "%"),
        ("1. Giảm 08 vụ (từ 29 xuống 21).", "reduce", 8, "vụ"),
        ("1. 09/09 huyện có kế hoạch.", "=", 9, "huyện"),
        ("1. Mỗi xã có hai (02) mô hình.", "=", 2, "mô hình"),
    ],
)
def test_a_number_that_must_be_reached_with_its_comparator(read, text, comparator, value, unit):
    (target,) = targets(read, text)
    assert (target.comparator, target.value, target.unit) == (comparator, value, unit)


def test_one_sentence_may_give_several(read):
    found = targets(read, "1. 100% tin báo được tiếp nhận, tỷ lệ giải quyết đạt trên 90%; 95% số vụ được truy tố.")
    assert [(target.comparator, target.value) for target in found] == [("=", 100), (">", 90), ("=", 95)]
    assert [target.text for target in found] == [
        "100% tin báo được tiếp nhận",
        "tỷ lệ giải quyết đạt trên 90%",
        "95% số vụ được truy tố",
    ]


@pytest.mark.parametrize("word", ["Phấn đấu ", "Bảo đảm ", ""])
def test_the_span_leaves_leading_wishes_out(read, word):
    (target,) = targets(read, f"1. {word}100% nạn nhân được hỗ trợ.")
    assert target.text == "100% nạn nhân được hỗ trợ"


@pytest.mark.parametrize("verb", ["giảm", "kéo giảm", "làm giảm"])
def test_a_direction_with_a_countable_object_and_no_figure(read, verb):
    (target,) = targets(read, f"1. Phấn đấu {verb} số nạn nhân bị mua bán.")
    assert (target.comparator, target.value, target.unit) == ("reduce", None, None)
    assert target.text == f"{verb} số nạn nhân bị mua bán"


@pytest.mark.parametrize(
    "text", ["1. Kiềm chế tội phạm.", "1. Hạn chế sai phạm.", "1. Thu hẹp địa bàn.", "1. Giảm nguy cơ bị mua bán."]
)
def test_bare_restraint_is_no_target(read, text):
    assert targets(read, text) == ()


def test_years_dates_and_paper_numbers_are_no_targets(read):
    assert (
        targets(read, "1. Thực hiện Quyết định số 719/QĐ-TTg ngày 09/02/2021, giai đoạn 2021 - 2025, Điều 150.") == ()
    )


def test_tasks_and_annex_outlines_give_no_targets(read):
    text = (
        "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\nI. NHIỆM VỤ\n- Phấn đấu 100% xã có mô hình.\n"
        "Nơi nhận:\n- Lưu: VT.\nĐỀ CƯƠNG\nI. MỤC TIÊU\n1. Đạt 90%.\n"
    )
    assert read(text).targets == ()


def test_an_indicator_table_gives_the_last_milestone_of_each_row(read):
    table = (
        "| TT | Chỉ tiêu | Đơn vị tính | Năm 2023 | Năm 2025 |\n|---|---|---|---|---|\n"
        "| 1 | Tỷ lệ xã có mô hình | % | 40 | 60 |\n| 2 | Số lớp tập huấn | lớp | 3 | ≥ 5 |\n"
    )
    found = targets(read, table, "I. CHỈ TIÊU")
    assert [(target.text, target.comparator, target.value, target.unit) for target in found] == [
        ("60", "=", 60, "%"),
        ("≥ 5", ">=", 5, "lớp"),
    ]


def test_a_level_to_be_reached_is_no_size_of_a_change(read):
    found = targets(read, "1. Giảm tỷ lệ tái phạm từ 45% xuống còn 40%; tăng tỷ lệ biết chữ lên trên 85%.")
    assert [(target.comparator, target.value) for target in found] == [("<=", 40), (">", 85)]


def test_an_indicator_table_may_name_units_and_who_is_responsible(read):
    table = (
        "| TT | Chỉ tiêu | Đơn vị | Kết quả 2023 | Kế hoạch 2024 | Cơ quan phụ trách |\n|---|---|---|---|---|---|\n"
        "| 1 | Số lớp tập huấn | lớp | 3 | 5 | Sở Y tế |\n"
    )
    (target,) = targets(read, table, "I. CHỈ TIÊU")
    assert (target.text, target.value, target.unit) == ("5", 5, "lớp")


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        (
            "1. 100% xã, phường tổ chức tuyên truyền ít nhất 02 lần trong năm.",
            ["100% xã, phường tổ chức tuyên truyền", "ít nhất 02 lần trong năm"],
        ),
        (
            "1. 100% các xã, phường, thị trấn tổ chức tuyên truyền ít nhất 02 lần trong năm.",
            ["100% các xã, phường, thị trấn tổ chức tuyên truyền", "ít nhất 02 lần trong năm"],
        ),
        ("1. 90% cơ quan và doanh nghiệp có tối thiểu 01 đội.", ["90% cơ quan và doanh nghiệp", "tối thiểu 01 đội"]),
        (
            "1. 100% xã, phường có mô hình, mở ít nhất 02 lớp.",
            ["100% xã, phường có mô hình", "mở ít nhất 02 lớp"],
        ),
    ],
)
def test_a_list_of_those_who_must_reach_a_figure_is_not_parted(read, text, spans):
    found = targets(read, text)
    assert [target.text for target in found] == spans
    assert found[0].unit == "%" and found[1].comparator == ">="


def test_a_share_of_more_than_all_is_doubted_but_a_growth_is_not(read):
    over, whole, growth = targets(read, "1. 109% xã có loa; 100% xã có kẻng; tăng 150% số lớp.")
    assert (over.rule, over.confidence <= 0.75) == ("target.percent.over", True)
    assert whole.rule == growth.rule == "target.percent"
    assert min(whole.confidence, growth.confidence) > 0.75


def test_a_cell_of_more_than_all_is_doubted(read):
    table = (
        "| STT | Chỉ tiêu | Năm 2024 |\n|---|---|---|\n| 1 | Tỷ lệ xã có loa | 109% |\n| 2 | Tỷ lệ xã có kẻng | 95% |"
    )
    over, sure = targets(read, table)
    assert (over.rule, over.value, over.confidence <= 0.75) == ("target.table.over", 109, True)
    assert sure.rule == "target.table"

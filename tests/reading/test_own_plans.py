"""Who must issue a plan of its own and by when, in many invented wordings; and plans that are nobody's duty."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.catalogue.vocabulary import reading_vocabulary
from haidang.reading.own_plans import own_plan_clauses

HEAD = "KẾ HOẠCH Phòng ngừa năm 2025 Ủy ban nhân dân tỉnh ban hành kế hoạch như sau: I. NHIỆM VỤ 1. Tuyên truyền. "


def clauses(text: str, year: int | None = 2025):
    return own_plan_clauses(HEAD + text, reading_vocabulary(), year)


@pytest.mark.parametrize(
    ("text", "who", "addressee", "due", "strict"),
    [
        (
            "Các sở, ban, ngành tỉnh căn cứ kế hoạch này xây dựng kế hoạch thực hiện, gửi về Công an tỉnh trước ngày "
            "15/3/2025.",
            ("Các sở, ban, ngành tỉnh",), "Công an tỉnh", date(2025, 3, 15), True,
        ),
        (
            "UBND các huyện, thị xã, thành phố ban hành văn bản triển khai thực hiện, gửi Sở Y tế chậm nhất ngày 20/4.",
            ("UBND các huyện, thị xã, thành phố",), "Sở Y tế", date(2025, 4, 20), False,
        ),
        (
            "Giao Sở Tư pháp, Sở Nội vụ xây dựng kế hoạch cụ thể để triển khai, hoàn thành trước ngày 10 tháng 5 năm "
            "2025 và gửi về UBND tỉnh (qua Công an tỉnh).",
            ("Sở Tư pháp", "Sở Nội vụ"), "UBND tỉnh (qua Công an tỉnh)", date(2025, 5, 10), True,
        ),
        (
            "Đề nghị các cơ quan, địa phương xây dựng và ban hành kế hoạch, văn bản triển khai tại đơn vị mình.",
            None, "", None, False,
        ),
        (
            "Căn cứ Kế hoạch này, UBND các xã, phường xây dựng chương trình, kế hoạch thực hiện phù hợp tình hình địa "
            "phương.",
            ("UBND các xã, phường",), "", None, False,
        ),
    ],
)  # fmt: skip
def test_who_to_whom_and_by_when(text, who, addressee, due, strict):
    (found,) = clauses(text)
    assert (found.addressee, found.due_on, found.strict) == (addressee, due, strict)
    if who:
        assert found.who == who
    told = (HEAD + text)[found.start : found.end].lower()
    assert "kế hoạch" in told or "văn bản" in told


def test_days_counted_from_the_issue_are_told_as_a_number():
    (found,) = clauses(
        "Các sở, ban, ngành xây dựng kế hoạch thực hiện, gửi Công an tỉnh trong 15 ngày làm việc kể từ ngày ban hành."
    )
    assert (found.within_days, found.working, found.due_on) == (15, True, None)


def test_the_more_is_said_the_surer_it_is():
    dated = clauses("Các sở xây dựng kế hoạch thực hiện, gửi về Công an tỉnh trước ngày 15/3/2025.")
    bare = clauses("Các sở, ban, ngành xây dựng kế hoạch để triển khai thực hiện.")
    assert dated[0].confidence > bare[0].confidence


def test_the_date_of_a_report_in_the_same_sentence_is_not_the_plans():
    (found,) = clauses(
        "Các sở, ban, ngành xây dựng kế hoạch triển khai thực hiện; gửi báo cáo kết quả năm trước ngày 15/12/2025."
    )
    assert found.due_on is None


@pytest.mark.parametrize(
    "text",
    [
        "Công an tỉnh xây dựng kế hoạch kiểm tra liên ngành.",
        "Sở Y tế xây dựng kế hoạch truyền thông năm 2025.",
        "Công an tỉnh tham mưu UBND tỉnh ban hành kế hoạch thực hiện.",
        "Ủy ban nhân dân tỉnh xây dựng kế hoạch với những nội dung như sau:",
        "Các sở báo cáo kết quả về Công an tỉnh trước ngày 15/12/2025.",
        "Trên đây là kế hoạch của tỉnh.",
    ],
)
def test_other_plans_are_nobodys_duty(text):
    assert clauses(text) == []


def test_two_mentions_of_the_same_agencies_ask_for_one_plan():
    found = clauses(
        "1. Các sở, ban, ngành xây dựng kế hoạch tổng kết của mình. 2. Các sở, ban, ngành xây dựng xong kế hoạch tổng "
        "kết gửi về Sở Y tế trước ngày 25/4/2025."
    )
    assert [clause.due_on for clause in found] == [date(2025, 4, 25)]


def test_paragraphs_part_what_has_no_full_stop():
    first, second = "Các sở xây dựng kế hoạch triển khai thực hiện", "Sở Y tế mua thuốc, gửi về kho trước ngày 1/6/2025"
    text = f"{HEAD}{first} {second}"
    found = own_plan_clauses(text, reading_vocabulary(), 2025, [len(HEAD), len(HEAD) + len(first) + 1])
    assert [clause.due_on for clause in found] == [None]


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text):
    whole = "I. A " + text
    for clause in own_plan_clauses(whole, reading_vocabulary(), 2025, range(0, len(whole), 7)):
        assert 0 <= clause.start < clause.end <= len(whole)

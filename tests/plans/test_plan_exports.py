"""What can be taken away: the task table, the annex, the calendar."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.accounts.actors import SYSTEM
from haidang.kernel import clock
from haidang.office.calendar_feed import Event, calendar_text
from haidang.office.task_table import TaskLine, TaskTable, task_annex, task_workbook
from tests.plans.conftest import accept_plan

MADE = datetime(2025, 7, 10, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def that_day():
    with clock.fixed_at(date(2025, 7, 10)):
        yield


def table(*lines: TaskLine) -> TaskTable:
    return TaskTable("Phân công nhiệm vụ", "Kế hoạch số 7/KH-UBND", "UBND", date(2025, 2, 10), "10/7/2025", lines)


def test_a_text_that_looks_like_a_formula_stays_a_text():
    content = task_workbook(table(TaskLine("II.1", "=1+1", "@a", "+b", "-c", "Xong đúng hạn", "30/6/2025")))
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in page[5]] == ["1", "II.1", "=1+1", "@a", "+b", "-c", "Xong đúng hạn", "30/6/2025"]
    assert {cell.data_type for cell in page[5]} == {"s"}


def test_the_annex_names_who_does_what_by_when():
    made = docx.Document(
        io.BytesIO(task_annex(table(TaskLine("II.1", "Mở lớp", "Sở Y tế", "Công an", "Hạn 30/6/2025", ""))))
    )
    words = "\n".join(paragraph.text for paragraph in made.paragraphs)
    assert "PHỤ LỤC" in words
    assert "(Kèm theo Kế hoạch số 7/KH-UBND)" in words
    assert [cell.text for cell in made.tables[0].rows[1].cells] == [
        "1",
        "Mở lớp",
        "Sở Y tế",
        "Công an",
        "Hạn 30/6/2025",
    ]


def test_the_same_table_gives_the_same_bytes():
    one = table(TaskLine("II.1", "Mở lớp", "Sở Y tế", "", "", ""))
    assert task_workbook(one) == task_workbook(one)
    assert task_annex(one) == task_annex(one)


def test_a_calendar_has_a_whole_day_for_each_event():
    text = calendar_text("Việc", [Event("a@b", date(2025, 12, 31), "Hạn; báo cáo, quý", "dòng 1\ndòng 2")], MADE)
    assert "DTSTART;VALUE=DATE:20251231\r\nDTEND;VALUE=DATE:20260101\r\n" in text
    assert "DTSTAMP:20250710T030000Z" in text
    assert "SUMMARY:Hạn\\; báo cáo\\, quý" in text
    assert "DESCRIPTION:dòng 1\\ndòng 2" in text
    assert calendar_text("Việc", [], MADE).endswith("END:VCALENDAR\r\n")


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_breaks_a_calendar(summary, description):
    text = calendar_text("Việc", [Event("a@b", date(2025, 7, 1), summary, description)], MADE)
    lines = text.removesuffix("\r\n").split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert all("\n" not in line and "\r" not in line for line in lines)
    unfolded = text.replace("\r\n ", "").split("\r\n")
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("END:VEVENT") == 1


# screens


def test_the_board_offers_both_files_and_only_to_who_sees_the_plan(client, place, draft):
    client.force_login(place.ha)
    assert client.get(f"/ke-hoach/{draft.pk}/nhiem-vu.xlsx").status_code == 404
    accept_plan(SYSTEM, draft)
    book = client.get(f"/ke-hoach/{draft.pk}/nhiem-vu.xlsx")
    assert "nhiem-vu-7-kh-ubnd.xlsx" in book["Content-Disposition"]
    page = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert [page.cell(row, 3).value for row in (5, 6)] == [task.text for task in draft.tasks.all()]
    assert "Số liệu giả định" in page["A2"].value
    annex = client.get(f"/ke-hoach/{draft.pk}/phu-luc.docx")
    assert len(docx.Document(io.BytesIO(annex.content)).tables[0].rows) == 3
    client.force_login(place.tam)
    assert client.get(f"/ke-hoach/{draft.pk}/phu-luc.docx").status_code == 404


def test_the_calendar_has_what_is_left_to_do_and_needs_a_sign_in(client, place, draft):
    accept_plan(SYSTEM, draft)
    assert client.get("/lich.ics").status_code == 302
    client.force_login(place.bao)
    answer = client.get("/lich.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    text = answer.content.decode().replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20250630" in text
    assert "Hạn: Tuyên truyền tại các bến tàu" in text
    assert re.search(r"URL:http://testserver/ke-hoach/\d+/nhiem-vu/\d+/", text)
    client.force_login(place.ha)
    assert "BEGIN:VEVENT" not in client.get("/lich.ics").content.decode()

"""Tasks that come round: their turns, a note for each, what was missed, and how screens and lists tell it."""

from __future__ import annotations

import itertools
import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from haidang.accounts.actors import SYSTEM, Refused
from haidang.audit.models import Entry
from haidang.kernel import clock
from haidang.kernel.calendars import Period
from haidang.plans.actions import accept_plan
from haidang.plans.board import tasks_by_agency
from haidang.plans.following import progress_of, recurrence_of, stands_of, tallies
from haidang.plans.models import Extension, ProgressNote, Task
from haidang.plans.progress import Bucket, begun, occurrence_on, occurrences_of, turn_words
from haidang.plans.recording import (
    ask_extension,
    decide_extension,
    excuse_agency,
    record_progress,
    set_recurrence,
)
from haidang.plans.timetable import Sort, timetable_of

TODAY = date(2025, 7, 10)  # in the third quarter; the plan was issued on 10/2/2025


@pytest.fixture(autouse=True)
def that_day():
    with clock.fixed_at(TODAY):
        yield


@pytest.fixture
def plan(place, draft):
    Task.objects.filter(plan=draft, position=0).update(
        text="Hằng quý tuyên truyền tại các bến tàu (Công an tỉnh chủ trì).", window_to=None
    )
    return accept_plan(SYSTEM, draft, waiver="mẫu")


@pytest.fixture
def task(plan) -> Task:
    return plan.tasks.get(position=0)


def stand_of(task, on=TODAY):
    (stand,) = stands_of([task], on)[task.pk]
    return stand


def note(place, task, turn="", state="done", on=TODAY):
    actor = place.actor(place.bao)
    return record_progress(actor, task, place.police, state=state, on=on, text="Đã làm.", occurrence=turn)


# turns


def test_the_turns_of_a_task_end_with_its_own_days():
    turns = occurrences_of(Period.QUARTER, date(2025, 2, 10), date(2025, 11, 30))
    assert [(t.key, t.first, t.last) for t in turns] == [
        ("2025-Q1", date(2025, 2, 10), date(2025, 3, 31)),
        ("2025-Q2", date(2025, 4, 1), date(2025, 6, 30)),
        ("2025-Q3", date(2025, 7, 1), date(2025, 9, 30)),
        ("2025-Q4", date(2025, 10, 1), date(2025, 11, 30)),
    ]
    assert turns[1].words == "quý II/2025"


@pytest.mark.parametrize(
    ("period", "first", "last", "keys"),
    [
        (Period.MONTH, date(2025, 11, 5), date(2026, 1, 2), ["2025-M11", "2025-M12", "2026-M1"]),
        (Period.HALF_YEAR, date(2025, 1, 1), date(2025, 12, 31), ["2025-H1", "2025-H2"]),
        (Period.YEAR, date(2023, 5, 1), date(2025, 12, 31), ["2023", "2024", "2025"]),
        (Period.YEAR, date(2025, 2, 1), date(2025, 12, 31), []),
        (None, date(2025, 1, 1), date(2025, 12, 31), []),
        (Period.ONCE, date(2025, 1, 1), date(2025, 12, 31), []),
        (Period.MONTH, None, date(2025, 12, 31), []),
        (Period.MONTH, date(2025, 12, 31), date(2025, 1, 1), []),
        (Period.MONTH, date(1990, 1, 1), date(2025, 1, 1), []),
    ],
)
def test_turns_by_period(period, first, last, keys):
    assert [turn.key for turn in occurrences_of(period, first, last)] == keys


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("2025-Q3", "quý III/2025"),
        ("2025-M12", "tháng 12/2025"),
        ("2025", "năm 2025"),
        ("2025-Q9", "2025-Q9"),
        ("x", "x"),
    ],
)
def test_a_turn_in_words(key, words):
    assert turn_words(key) == words


@given(
    st.sampled_from([Period.MONTH, Period.QUARTER, Period.HALF_YEAR, Period.YEAR]),
    st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(0, 1500), st.integers(-40, 1600),
)  # fmt: skip
def test_turns_lie_one_behind_the_other_and_cover_all_days(period, first, length, ahead):
    last = date.fromordinal(first.toordinal() + length)
    turns = occurrences_of(period, first, last)
    if not turns:
        return
    assert (turns[0].first, turns[-1].last) == (first, last)
    for before, after in itertools.pairwise(turns):
        assert (after.first - before.last).days == 1
    day = date.fromordinal(first.toordinal() + ahead)
    assert occurrence_on(turns, day) == begun(turns, day)[-1]


# how far


def test_a_task_comes_round_as_its_text_says_or_as_a_person_sets_it(place, task):
    assert recurrence_of(task) is Period.QUARTER
    changed = set_recurrence(place.actor(place.bao), task, "month")
    assert recurrence_of(changed) is Period.MONTH
    assert stand_of(set_recurrence(SYSTEM, task, "none")).turns == ()
    assert Entry.objects.filter(action="task.recurrence_set").count() == 2
    with pytest.raises(ValidationError):
        set_recurrence(SYSTEM, task, "century")
    for user in (place.ha, place.lam, place.tam):
        with pytest.raises(Refused):
            set_recurrence(place.actor(user), task, "none")


def test_turns_that_nobody_noted_were_missed(task):
    stand = stand_of(task)
    assert [turn.occurrence.key for turn in stand.missed] == ["2025-Q1", "2025-Q2"]
    assert (stand.bucket, stand.last_day, stand.days) == (Bucket.OVERDUE, date(2025, 9, 30), 101)
    whole = progress_of([task], TODAY)[task.pk]
    assert (whole.bucket, whole.turn.key, whole.missed) == (Bucket.OVERDUE, "2025-Q3", ("quý I/2025", "quý II/2025"))


def test_each_turn_has_its_own_note_and_its_own_bucket(place, task):
    note(place, task, "2025-Q1", on=date(2025, 3, 20))
    note(place, task, "2025-Q2", on=date(2025, 7, 5))
    stand = stand_of(task)
    assert [turn.bucket for turn in stand.turns] == [Bucket.DONE, Bucket.DONE_LATE, Bucket.OPEN]
    assert stand.bucket is Bucket.OPEN
    note(place, task, "2025-Q3")
    assert stand_of(task).bucket is Bucket.DONE_LATE
    assert progress_of([task], TODAY)[task.pk].missed == ()


def test_a_turn_that_is_done_does_not_do_the_next_one(place, task):
    for turn in ("2025-Q1", "2025-Q2", "2025-Q3"):
        note(place, task, turn)
    assert stand_of(task, date(2025, 10, 1)).bucket is Bucket.OPEN
    assert stand_of(task, date(2026, 1, 1)).bucket is Bucket.OVERDUE


def test_a_note_without_a_turn_speaks_of_the_current_one(place, task):
    assert note(place, task).occurrence == "2025-Q3"


def test_an_older_note_counts_for_the_turn_that_its_day_lies_in(place, task):
    ProgressNote.objects.create(
        task=task, agency=place.police, state="done", on=date(2025, 5, 2), text="Cũ.", written_at=clock.now()
    )
    assert [turn.occurrence.key for turn in stand_of(task).missed] == ["2025-Q1"]


def test_a_turn_that_has_not_begun_or_is_none_is_refused(place, task):
    for turn in ("2025-Q4", "2024-Q4", "x"):
        with pytest.raises(ValidationError, match="không có kỳ này"):
            note(place, task, turn)


def test_more_time_is_for_one_turn(place, task):
    actor = place.actor(place.bao)
    first = ask_extension(actor, task, place.police, date(2025, 8, 1), "Mưa bão.", occurrence="2025-Q2")
    ask_extension(actor, task, place.police, date(2025, 11, 1), "Thiếu người.", occurrence="2025-Q3")
    assert Extension.objects.filter(outcome="").count() == 2
    with pytest.raises(ValidationError, match="đang chờ quyết định"):
        ask_extension(actor, task, place.police, date(2025, 8, 9), "Nữa.", occurrence="2025-Q2")
    decide_extension(place.actor(place.lam), first, granted_to=date(2025, 7, 31), ruling="")
    assert [turn.occurrence.key for turn in stand_of(task).missed] == ["2025-Q1"]


def test_an_excuse_is_of_the_whole_task(place, plan, task):
    row = task.assignments.get(role="lead")
    row.agencies.add(place.justice)
    excuse_agency(SYSTEM, task, place.justice, "Không có bến tàu.")
    stands = {stand.agency: stand.excused for stand in stands_of([task], TODAY)[task.pk]}
    assert stands == {place.police: False, place.justice: True}


def test_a_plan_is_told_in_four_numbers_with_its_turns(place, plan, task):
    assert tallies([plan.pk], TODAY)[plan.pk][Bucket.OVERDUE] == 1
    for turn in ("2025-Q1", "2025-Q2", "2025-Q3"):
        note(place, task, turn, on=date(2025, 3, 1))
    assert tallies([plan.pk], TODAY)[plan.pk][Bucket.DONE] == 1


# screens


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_my_work_lists_the_current_turn_and_those_that_were_missed(client, place, task):
    note(place, task, "2025-Q1", on=date(2025, 3, 1))
    client.force_login(place.bao)
    page = text_of(client.get("/"))
    assert "(quý II/2025)" in page
    assert "(quý III/2025)" in page
    assert "(quý I/2025)" not in page
    calendar = client.get("/lich.ics").content.decode().replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20250930" in calendar
    uids = re.findall(r"UID:(\S+)", calendar)
    assert len(set(uids)) == len(uids)


def test_the_page_of_a_task_notes_a_turn_and_sets_the_cycle(client, place, plan, task):
    client.force_login(place.bao)
    page = f"/ke-hoach/{plan.pk}/nhiem-vu/{task.pk}/"
    shown = text_of(client.get(page))
    assert "quý II/2025: bỏ lỡ" in shown
    assert "định kỳ, nay là quý III/2025" in shown
    values = {"state": "done", "on": "1/7/2025", "text": "Đã làm.", "occurrence": "2025-Q2"}
    answer = client.post(f"{page}tien-do/", values, follow=True)
    assert "quý II/2025: xong quá hạn" in text_of(answer)
    assert client.post(f"{page}tien-do/", values | {"occurrence": "2025-Q4"}).status_code == 422
    assert "Đã ghi chu kỳ" in text_of(client.post(f"{page}chu-ky/", {"recurrence": "none"}, follow=True))
    assert client.post(f"{page}chu-ky/", {"recurrence": "x"}).status_code == 422
    client.force_login(place.ha)
    assert client.post(f"{page}chu-ky/", {"recurrence": "none"}).status_code == 403


def test_the_board_tells_turns_and_lists_by_section_and_by_time(client, place, plan, task):
    client.force_login(place.bao)
    assert "bỏ lỡ: quý I/2025, quý II/2025" in text_of(client.get(f"/ke-hoach/{plan.pk}/"))
    sections = text_of(client.get(f"/ke-hoach/{plan.pk}/?xem=muc"))
    assert "II. NHIỆM VỤ" in sections
    times = text_of(client.get(f"/ke-hoach/{plan.pk}/?xem=thoi-gian"))
    for words in ("Tháng 3/2025", "việc định kỳ: quý III/2025", "hạn báo cáo", "Không ghi ngày: làm cả năm"):
        assert words in times
    assert "Theo cơ quan" in text_of(client.get(f"/ke-hoach/{plan.pk}/?xem=la"))


def test_the_timetable_knows_campaigns_deadlines_named_days_and_duties(place, plan):
    for position, (text, start, end) in enumerate(
        (
            ("Mở cao điểm", date(2025, 7, 1), date(2025, 9, 30)),
            ("Nộp danh sách", None, date(2025, 5, 4)),
            ("Treo cờ phướn trong dịp 30/7.", None, None),
            ("Đi dự ngày 30/7/2024 ở tỉnh bạn.", None, None),
        ),
        start=5,
    ):
        Task.objects.create(plan=plan, position=position, text=text, window_from=start, window_to=end)
    rows = {row.task.pk: row for group in tasks_by_agency(plan, TODAY) for row in group.tasks}
    table = timetable_of(plan, rows.values(), TODAY)
    told = {(m.sort, m.words): (m.first, m.last) for m in table.moments if m.sort is not Sort.TURN}
    assert told[Sort.CAMPAIGN, "Mở cao điểm"] == (date(2025, 7, 1), date(2025, 9, 30))
    assert told[Sort.DEADLINE, "Nộp danh sách"] == (date(2025, 5, 4), date(2025, 5, 4))
    assert told[Sort.NAMED_DAY, "Treo cờ phướn trong dịp 30/7."] == (date(2025, 7, 30), date(2025, 7, 30))
    assert told[Sort.REPORT, "Báo cáo quý: trước 12/3"] == (date(2025, 3, 11), date(2025, 3, 11))
    assert "Đi dự ngày 30/7/2024 ở tỉnh bạn." in {row.task.text for row in table.undated}
    assert list(table.moments) == sorted(table.moments, key=lambda m: (m.first, m.last, m.sort, m.words))

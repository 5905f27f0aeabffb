"""The four buckets from days alone, and titles in sentence case."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.kernel.text import squeeze
from haidang.plans.progress import Bucket, bucket_of, days_late, last_day_of, tally, worst
from haidang.plans.rules import due_text
from haidang.plans.wording import shown_title

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
LAST = date(2025, 6, 30)


@pytest.mark.parametrize(
    ("done_on", "today", "bucket", "late"),
    [
        (None, date(2025, 6, 30), Bucket.OPEN, 0),
        (None, date(2025, 7, 1), Bucket.OVERDUE, 1),
        (date(2025, 6, 30), date(2025, 9, 1), Bucket.DONE, 0),
        (date(2025, 7, 4), date(2025, 9, 1), Bucket.DONE_LATE, 4),
    ],
)
def test_the_last_day_itself_is_in_time(done_on, today, bucket, late):
    assert bucket_of(LAST, done_on, today) is bucket
    assert days_late(LAST, done_on, today) == late


def test_without_a_deadline_nothing_is_ever_late():
    assert bucket_of(None, None, date(2099, 1, 1)) is Bucket.OPEN
    assert bucket_of(None, date(2099, 1, 1), date(2099, 1, 2)) is Bucket.DONE
    assert days_late(None, None, date(2099, 1, 1)) == 0


def test_a_task_without_dates_ends_with_its_plan_and_an_extension_counts_before_both():
    assert last_day_of(LAST, 2025) == LAST
    assert last_day_of(None, 2025) == date(2025, 12, 31)
    assert last_day_of(None, None) is None
    assert last_day_of(LAST, 2025, date(2025, 8, 1)) == date(2025, 8, 1)


@given(st.none() | DAYS, st.none() | DAYS, DAYS)
def test_a_bucket_is_late_exactly_when_days_are_counted(last_day, done_on, today):
    late = bucket_of(last_day, done_on, today) in (Bucket.DONE_LATE, Bucket.OVERDUE)
    assert late == (days_late(last_day, done_on, today) > 0)


@given(DAYS, st.none() | DAYS, DAYS, st.integers(0, 400))
def test_more_time_never_makes_anything_later(last_day, done_on, today, more):
    before, after = last_day, last_day + timedelta(days=more)
    assert days_late(after, done_on, today) <= days_late(before, done_on, today)


@given(st.lists(st.sampled_from(list(Bucket))))
def test_a_tally_counts_everything_once_and_the_whole_is_as_bad_as_its_worst_part(buckets):
    assert sum(tally(buckets).values()) == len(buckets)
    whole = worst(buckets)
    assert (whole is Bucket.OVERDUE) == (Bucket.OVERDUE in buckets)
    assert (whole in (Bucket.DONE, Bucket.DONE_LATE)) == (not {Bucket.OVERDUE, Bucket.OPEN} & set(buckets))


def test_a_due_date_is_read_as_people_write_it():
    assert due_text("2025-06-10") == "10/6/2025"
    assert due_text("12/3") == "12/3"
    assert due_text("cuối mỗi quý") == "cuối mỗi quý"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("PHÒNG NGỪA TẠI TỈNH BẾN SƯƠNG NĂM 2025", "Phòng ngừa tại tỉnh Bến Sương năm 2025"),
        ("TỔNG KẾT QUÝ IV CỦA UBND VÀ BAN CHỈ ĐẠO 138/TW", "Tổng kết quý IV của UBND và Ban Chỉ đạo 138/TW"),
        ("CÔNG TÁC VỀ PHÁP LUẬT Ở VIỆT NAM", "Công tác về pháp luật ở Việt Nam"),
        ("về việc Tổng kết ABC", "Về việc Tổng kết ABC"),
        ("", ""),
    ],
)
def test_capitals_become_sentence_case_and_names_stay(title, shown):
    assert shown_title(title, ("Tỉnh Bến Sương (giả định)", "Bến Sương")) == shown


@given(st.text(alphabet="AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXYẾỘỮ 0123456789/-,", max_size=80))
def test_a_shown_title_never_changes_the_words(title):
    assert shown_title(title, ("Tỉnh Bến Sương",)).casefold() == " ".join(title.split()).casefold()


@given(st.text(max_size=80))
def test_a_title_with_small_letters_only_gains_its_first_capital(title):
    written = squeeze(f"{title} nhỏ")
    assert shown_title(written)[-len(written) + 1 :] == written[1:]

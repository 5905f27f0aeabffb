"""The five sample plans, counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from haidang.kernel.windows import Window
from haidang.reading.calendar import reporting_calendar

FILES = [
    ("1-tong-ket-2021-2025.md", 0, 12, 1),
    ("2-ke-hoach-nam-2025.txt", 6, 20, 4),
    ("3-chuong-trinh-nam-2021.md", 6, 14, 3),
    ("4-ban-chi-dao-2023.txt", 4, 16, 2),
    ("5-tong-ket-ngan.txt", 0, 12, 1),
]


@pytest.mark.parametrize(("name", "targets", "tasks", "duties"), FILES)
def test_targets_tasks_and_duties_are_as_counted(read, samples, name, targets, tasks, duties):
    reading = read((samples / name).read_text(encoding="utf-8"))
    assert (len(reading.targets), len(reading.tasks), len(reading.reporting)) == (targets, tasks, duties)


@pytest.mark.parametrize("name", [name for name, *_ in FILES])
def test_every_sample_says_that_it_is_invented_and_is_of_the_invented_province(read, samples, name):
    text = (samples / name).read_text(encoding="utf-8")
    assert "số liệu giả định" in text
    reading = read(text)
    assert reading.place == "Sơn Hải"
    assert reading.issuer.endswith("tỉnh Sơn Hải")


@pytest.mark.parametrize("name", [name for name, *_ in FILES])
def test_spans_are_the_text_itself(read, samples, name):
    reading = read((samples / name).read_text(encoding="utf-8"))
    for item in (*reading.targets, *reading.tasks):
        assert reading.text[item.span[0] : item.span[1]] == item.text


def test_the_closing_plan_has_its_window_and_its_date(read, samples):
    reading = read((samples / FILES[0][0]).read_text(encoding="utf-8"))
    (entry,) = reporting_calendar(reading)
    assert entry.window == Window(date(2021, 2, 9), date(2025, 6, 15))
    assert (entry.due_on, entry.strict, entry.to) == (date(2025, 6, 20), True, "Công an tỉnh (Phòng Tham mưu)")


def test_the_annual_plan_has_four_dates(read, samples):
    reading = read((samples / FILES[1][0]).read_text(encoding="utf-8"))
    found = [(entry.cycle, entry.due_on) for entry in reporting_calendar(reading)]
    assert found == [
        ("quý I/2025", date(2025, 3, 12)),
        ("06 tháng/2025", date(2025, 6, 12)),
        ("quý III/2025", date(2025, 9, 12)),
        ("năm 2025", date(2025, 12, 12)),
    ]


def test_word_and_pdf_versions_of_the_samples_give_the_same_tasks(read, samples, to_docx, to_pdf, vocabulary, tmp_path):
    from haidang.office.document_text import extract_text

    names = [name for name, *_ in FILES]
    words = []
    for name in names:
        words.append(tmp_path / f"{name}.docx")
        to_docx((samples / name).read_text(encoding="utf-8"), words[-1], vocabulary)
    to_pdf(words, tmp_path)
    for name, word in zip(names, words, strict=True):
        expected = [
            (task.section, task.text_start, task.lead)
            for task in read((samples / name).read_text(encoding="utf-8")).tasks
        ]
        for path in (word, word.with_suffix(".pdf")):
            found = [(task.section, task.text_start, task.lead) for task in read(extract_text(path).text).tasks]
            assert found == expected, path.name

"""What holds for any text: the reader never raises, its spans point at what it says, and layout changes nothing."""

from __future__ import annotations

import re
import textwrap
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.catalogue.vocabulary import reading_vocabulary
from haidang.reading.blocks import blocks_of
from haidang.reading.normal_form import normal_form
from haidang.reading.outline import outline_of
from haidang.reading.reader import read_plan

VOCABULARY = reading_vocabulary()

# Pieces that plans are made of, in any order: the reader must stand whatever comes.
PIECES = st.sampled_from(
    [
        "KẾ HOẠCH",
        "I. MỤC TIÊU",
        "II. NHIỆM VỤ",
        "III. TỔ CHỨC THỰC HIỆN",
        "1. Công tác chung",
        "2.1. Truyền thông",
        "a) Nội dung",
        "b) Phân công trách nhiệm",
        "(1) Tuyên truyền;",
        "- Sở Y tế chủ trì, phối hợp với Công an tỉnh.",
        "+ Báo cáo trước ngày 31/2 và 15/13.",
        "100% xã có mô hình; giảm 5% số vụ",
        "(Công an tỉnh thực hiện)",
        "| 1 | a |",
        "|---|---|",
        "| STT | Nội dung | Chủ trì | Thời gian |",
        "Định kỳ quý (trước 12/3) báo cáo về",
        "từ ngày 30/2 đến 1/1/0000",
        "Nơi nhận:",
        "- Lưu: VT.",
        "TM. UBND",
        "Giao Sở Y tế:",
        "tiết (1) đến (99), trừ nội dung (2)",
        "quý IV/9999",
        "tháng 13",
        "((",
        "))",
        "****",
        "#",
        "\\r\\n",
        "<br>",
        "Phần thứ hai",
        "Số: /KH-UBND",
        "Sơn Hải, ngày tháng năm 2025",
        "X. ",
        "-",
        "1.",
    ]
)
DOCUMENTS = st.lists(PIECES | st.text(max_size=30), max_size=25).flatmap(
    lambda parts: st.sampled_from(["\n", " ", "\n\n"]).map(lambda glue: glue.join(["KẾ HOẠCH", *parts]))
)


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS | st.text(max_size=300))
def test_reading_never_raises_and_every_span_lies_in_the_normal_form(text):
    reading = read_plan(text, VOCABULARY)
    form = normal_form(text).text
    for item in (*reading.targets, *reading.tasks, *reading.reporting):
        start, end = item.span
        assert 0 <= start < end <= len(form)
    reading.to_json()


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS)
def test_a_span_that_crosses_no_page_number_is_the_text_itself(text):
    reading = read_plan(text, VOCABULARY)
    form = normal_form(text).text
    for item in (*reading.targets, *reading.tasks):
        start, end = item.span
        assert _letters(item.text) in _letters(form[start:end]) or re.search(r"\d", form[start:end])


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400) | DOCUMENTS)
def test_the_normal_form_is_collapsed_and_maps_back(text):
    form = normal_form(text)
    assert "  " not in form.text
    assert form.text == form.text.strip()
    assert len(form.origins) == len(form.text)
    assert list(form.origins) == sorted(form.origins)
    assert all(0 <= origin < len(text) for origin in form.origins)
    for line in form.lines:
        assert form.text[line.start : line.end] == line.text


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS)
def test_no_line_is_lost_every_one_belongs_to_one_node(text):
    lines = [
        line
        for line in normal_form(text).lines
        if not re.fullmatch(r"[-–—\s]*(?:Trang\s+)?\d{1,3}(?:\s*/\s*\d{1,3})?[-–—\s]*", line.text, re.I)
    ]
    blocks = blocks_of(lines, VOCABULARY)
    root = outline_of(blocks)
    held = [id(block) for node in root.walk() for block in (node.rows or ([node.block] if node.block else []))]
    assert len(held) == len(set(held))
    assert _letters("".join(line.text for line in lines)) == _letters("".join(block.full for block in blocks))


def _letters(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(params=["2-ke-hoach-nam-2025.txt", "3-chuong-trinh-nam-2021.md", "1-tong-ket-2021-2025.md"])
def sample(request, samples):
    return (samples / request.param).read_text(encoding="utf-8")


def summary(reading):
    """What must not change with the layout: everything but the spans."""
    plain = reading.to_json()
    for key in ("targets", "tasks", "reporting"):
        plain[key] = [{name: value for name, value in item.items() if name != "span"} for item in plain[key]]
    return plain


def test_decomposed_unicode_reads_the_same(sample, read):
    assert summary(read(unicodedata.normalize("NFD", sample))) == summary(read(sample))


def test_blank_lines_and_page_numbers_read_the_same(sample, read):
    spread = re.sub(r"\n\n", "\n\n\n\n", sample)
    assert summary(read(spread)) == summary(read(sample))
    lines = spread.split("\n\n\n\n")
    middle = len(lines) // 2
    numbered = "\n\n\n\n".join([*lines[:middle], "2", *lines[middle:]])
    assert summary(read(numbered))["tasks"] == summary(read(sample))["tasks"]


def test_windows_line_ends_read_the_same(sample, read):
    assert summary(read(sample.replace("\n", "\r\n"))) == summary(read(sample))


def test_without_emphasis_the_tasks_are_the_same(sample, read):
    plain = re.sub(r"\*+", "", sample)
    assert summary(read(plain))["tasks"] == summary(read(sample))["tasks"]
    assert summary(read(plain))["targets"] == summary(read(sample))["targets"]


@pytest.mark.parametrize("width", [72, 80, 95])
def test_hard_wrapped_text_gives_the_same_tasks_duties_and_targets(sample, read, width):
    plain = re.sub(r"\*+|^#+ ", "", sample, flags=re.MULTILINE)
    paragraphs = [line.strip() for line in plain.split("\n") if line.strip()]
    wrapped = "\n".join(
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) for line in paragraphs
    )
    was, now = summary(read(sample)), summary(read(wrapped))
    assert [(task["section"], task["text_start"], task["lead"], task["coordinating"]) for task in now["tasks"]] == [
        (task["section"], task["text_start"], task["lead"], task["coordinating"]) for task in was["tasks"]
    ]
    assert now["reporting"] == was["reporting"]
    assert [(target["text"], target["value"]) for target in now["targets"]] == [
        (target["text"], target["value"]) for target in was["targets"]
    ]
    assert now["title"] == was["title"]

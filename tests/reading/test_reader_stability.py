"""White space and page breaks change nothing of a reading: samples, laid out anew at random."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = ["2-ke-hoach-nam-2025.txt", "3-chuong-trinh-nam-2021.md", "4-ban-chi-dao-2023.txt", "5-tong-ket-ngan.txt"]


def summary(reading):
    """The reading without its spans."""
    plain = reading.to_json()
    for key in ("targets", "tasks", "reporting"):
        plain[key] = [{name: value for name, value in item.items() if name != "span"} for item in plain[key]]
    return plain


@pytest.fixture(scope="module")
def plans(samples, read):
    texts = {name: (samples / name).read_text(encoding="utf-8") for name in NAMES}
    return {name: (text, summary(read(text))) for name, text in texts.items()}


def spread(line, chance):
    """The line with single spaces made two, three or a hard one, and spaces at its ends."""
    words = re.split(r"(?<=\S) (?=\S)", line)
    return " " * chance.randrange(3) + "".join(word + chance.choice([" ", "  ", "   ", "\xa0"]) for word in words)


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(NAMES), st.integers(0, 10_000))
def test_spaces_read_the_same(plans, read, name, seed):
    text, was = plans[name]
    chance = random.Random(seed)
    assert summary(read("\n".join(spread(line, chance) for line in text.split("\n")))) == was


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(NAMES), st.integers(0, 10_000), st.sampled_from(["\f", "\n\n{}\n\n", "\n{}\n\f", "\n- {} -\n"]))
def test_page_breaks_between_paragraphs_read_the_same(plans, read, name, seed, page_break):
    text, was = plans[name]
    paragraphs = text.split("\n\n")
    chance = random.Random(seed)
    at = sorted(chance.sample(range(4, max(5, len(paragraphs) - 6)), k=min(3, max(1, len(paragraphs) - 11))))
    for number, index in reversed(list(enumerate(at, 2))):
        paragraphs.insert(index, page_break.format(number))
    now = summary(read("\n\n".join(paragraphs)))
    assert now["tasks"] == was["tasks"]
    assert now["targets"] == was["targets"]
    assert now["reporting"] == was["reporting"]

"""What a person asks of the figures: read from the address, with a sentence for whatever cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from haidang.catalogue.indicators import all_indicators
from haidang.kernel.dates import parse_date, short_date
from haidang.kernel.numbers import count_in
from haidang.kernel.windows import Window
from haidang.statistics.queries import By, Versions

SPLITS: tuple[tuple[By, str], ...] = (("year", "Năm"), ("area", "Địa bàn"), ("agency", "Cơ quan"))
VERSION_CHOICES = (("latest", "Mới nhất"), ("first", "Tiếp nhận lần đầu"), ("on", "Tại ngày"))
TOPIC = "nhom:"
MOST_YEARS = 60


@dataclass(frozen=True)
class Question:
    """One question; `errors` say what in it cannot be read, by field. The texts are as typed, to be shown again."""

    indicator: str
    start: str
    end: str
    base_start: str
    base_end: str
    area: int | None
    plan: int | None
    split: By
    versions: str
    as_of: str
    window: Window | None = None
    baseline: Window | None = None
    version_rule: Versions = "latest"
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def splits(self) -> tuple[tuple[By, str], ...]:
        """How figures can be broken down."""
        return SPLITS

    @property
    def version_choices(self) -> tuple[tuple[str, str], ...]:
        """Which versions can be asked for."""
        return VERSION_CHOICES

    @property
    def codes(self) -> list[str]:
        """The measures asked for: a whole topic, an indicator with its parts, or one cell.

        Broken down by area or agency the rows are those, so it is one measure at a time: the first.
        """
        codes = self._codes()
        return codes if self.split == "year" else codes[:1]

    def _codes(self) -> list[str]:
        if self.indicator.startswith(TOPIC):
            topic = self.indicator.removeprefix(TOPIC)
            return [one.code for one in all_indicators() if one.topic == topic]
        return [self.indicator, *(one.code for one in all_indicators() if one.part_of == self.indicator)]

    def address_of(self, **changes: str) -> str:
        """The query string of this question with some of it changed."""
        asked = {
            "chi-so": self.indicator,
            "tu": self.start,
            "den": self.end,
            "goc-tu": self.base_start,
            "goc-den": self.base_end,
            "dia-ban": str(self.area or ""),
            "ke-hoach": str(self.plan or ""),
            "theo": self.split,
            "ban": self.versions,
            "ngay": self.as_of,
        }
        return urlencode({key: value for key, value in {**asked, **changes}.items() if value})


@dataclass(frozen=True, slots=True)
class Defaults:
    """What is asked when nothing is said: the window and baseline of a review, the area one stands over."""

    window: Window
    baseline: Window | None
    area: int | None


def read_question(asked: Mapping[str, str], defaults: Defaults) -> Question:
    """The question in the address; what is missing is the default, what is unreadable an error."""
    first = all_indicators()[0].topic
    split = asked.get("theo", "year")
    base_start, base_end = _base_texts(asked, defaults)
    question = Question(
        indicator=asked.get("chi-so", "").strip()[:80] or f"{TOPIC}{first}",
        start=asked.get("tu", "").strip()[:20] or short_date(defaults.window.start),
        end=asked.get("den", "").strip()[:20] or short_date(defaults.window.end),
        base_start=base_start,
        base_end=base_end,
        area=_area(asked, defaults),
        plan=count_in(asked.get("ke-hoach", "")),
        split=next((value for value, _ in SPLITS if value == split), "year"),
        versions=asked.get("ban", "") if asked.get("ban", "") in dict(VERSION_CHOICES) else "latest",
        as_of=asked.get("ngay", "").strip()[:20],
    )
    return _understood(question)


def _base_texts(asked: Mapping[str, str], defaults: Defaults) -> tuple[str, str]:
    """The baseline as typed; that of the review only when nothing at all was asked yet."""
    if "tu" in asked or "goc-tu" in asked or defaults.baseline is None:
        return asked.get("goc-tu", "").strip()[:20], asked.get("goc-den", "").strip()[:20]
    return short_date(defaults.baseline.start), short_date(defaults.baseline.end)


def _area(asked: Mapping[str, str], defaults: Defaults) -> int | None:
    text = asked.get("dia-ban")
    if text is None and not asked:
        return defaults.area
    return count_in(text or "")


def _understood(question: Question) -> Question:
    errors: dict[str, str] = {}
    window = _window(question.start, question.end, "window", errors)
    given = question.base_start or question.base_end
    baseline = _window(question.base_start, question.base_end, "baseline", errors) if given else None
    rule: Versions = "first" if question.versions == "first" else "latest"
    if question.versions == "on":
        rule = _day(question.as_of, "as_of", errors) or "latest"
    return replace(question, window=window, baseline=baseline, version_rule=rule, errors=errors)


def _window(start: str, end: str, name: str, errors: dict[str, str]) -> Window | None:
    first, last = _day(start, name, errors), _day(end, name, errors)
    if first is None or last is None:
        return None
    if last < first:
        errors[name] = f"Đến ngày {short_date(last)} trước từ ngày {short_date(first)}. Đổi lại hai ngày."
        return None
    if last.year - first.year >= MOST_YEARS:
        errors[name] = f"Khoảng dài quá {MOST_YEARS} năm. Chọn khoảng ngắn hơn."
        return None
    return Window(first, last)


def _day(text: str, name: str, errors: dict[str, str]) -> date | None:
    try:
        return parse_date(text)
    except ValueError as error:
        errors[name] = str(error) if text else "Ghi đủ ngày. Ví dụ: 30/6/2025."
        return None

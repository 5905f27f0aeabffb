"""From an outline and its material to the closing report: pure, so the same input gives the same document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from haidang.catalogue.outlines import Outline, Section
from haidang.kernel.dates import window_text
from haidang.office.nd30 import Letterhead
from haidang.reviews import pictures, sentences, tables, words
from haidang.reviews.content import FormTotals, Head, Material, YearSeries
from haidang.reviews.document import Annex, Block, ComposedSection, Paragraph, ReviewDocument, SectionState

_ROMAN_SIGNS = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def compose(outline: Outline, material: Material) -> ReviewDocument:
    """The report on this outline. A figure that is missing is said to be missing; no section is left out."""
    numbers = _Numbers()
    sections = tuple(_section(section, material, numbers) for section in outline.sections)
    return ReviewDocument(
        head=material.head,
        window=material.window,
        opening=tuple(_opening(material)),
        sections=sections,
        closing=_closing(material.head),
        annexes=_annexes(outline, material),
    )


@dataclass(slots=True)
class _Numbers:
    """Tables and pictures are numbered through the whole body."""

    tables: int = 0
    charts: int = 0

    def next_table(self, title: str) -> str:
        self.tables += 1
        return f"Bảng {self.tables}. {title}"


def _section(section: Section, material: Material, numbers: _Numbers) -> ComposedSection:
    figures = list(_figure_blocks(section, material, numbers))
    told = list(words.word_blocks(section, material))
    lists = [Paragraph(sentences.separate_list_sentence(title)) for title in section.lists]
    blocks = [*figures, *told, *lists]
    state = _state(section, bool(figures), bool(told))
    if state is SectionState.EMPTY:
        blocks.insert(0, Paragraph(sentences.MISSING_TEXT, missing=True))
    return ComposedSection(section, state, tuple(blocks))


def _state(section: Section, has_figures: bool, has_words: bool) -> SectionState:
    if has_words:
        return SectionState.READY
    if has_figures:
        return SectionState.FIGURES_ONLY
    return SectionState.EMPTY if section.expects_text else SectionState.HEADING


def _figure_blocks(section: Section, material: Material, numbers: _Numbers) -> Iterator[Block]:
    """Sentences, then how complete they are, then the tables, then the charts."""
    told = [series for series in _known(section.told, material.figures) if series.has_numbers]
    yield from (Paragraph(sentences.told(series, first=place == 0)) for place, series in enumerate(told))
    if coverage := sentences.coverage_sentence(_with_numbers(_known(section.used_figures, material.figures))):
        yield Paragraph(coverage)
    for table in section.tables:
        if series := _with_numbers(_known(table.figures, material.figures)):
            yield tables.figures_table(numbers.next_table(table.title), series)
    for spec in section.charts:
        if drawn := pictures.chart(spec, _known(spec.figures, material.figures), numbers.charts + 1):
            numbers.charts += 1
            yield drawn
    if section.filing_coverage and material.filing_counts:
        missing = (note for series in material.figures.values() for note in series.missing)
        caption = numbers.next_table("Việc thực hiện các biểu mẫu thống kê")
        yield tables.filing_counts_table(caption, material.filing_counts, missing)


def _known(codes: Sequence[str], figures: Mapping[str, YearSeries]) -> list[YearSeries]:
    return [figures[code] for code in codes if code in figures]


def _with_numbers(series: Sequence[YearSeries]) -> list[YearSeries]:
    """All of them when any has a number, else none: a table of dots tells nothing."""
    return list(series) if any(each.has_numbers for each in series) else []


def _opening(material: Material) -> Iterator[str]:
    head = material.head
    issuer = head.letterhead.issuing_body
    asked = f"Thực hiện {head.mandate}, {issuer}" if head.mandate else issuer
    yield f"{asked} báo cáo {head.subject[:1].lower()}{head.subject[1:]}".replace("\n", " ") + " như sau:"
    yield (
        f"Mốc thời gian thống kê số liệu: {window_text(material.window)} ({sentences.months(material.window)} tháng); "
        f"so sánh với {sentences.period_name(material.baseline)} ({sentences.months(material.baseline)} tháng). "
        "Năm có dấu * là năm tính chưa đủ 12 tháng."
    )
    marks = dict.fromkeys(form.mark for form in material.annexes if form.mark)
    if marks:
        yield f"Số liệu lấy từ các biểu tại phụ lục; các biểu này {'; '.join(marks)}."


def _closing(head: Head) -> str:
    subject = f"{head.subject[:1].lower()}{head.subject[1:]}".replace("\n", " ")
    return f"Trên đây là {head.kind} {subject}./."


def _annexes(outline: Outline, material: Material) -> tuple[Annex, ...]:
    """The forms, then the texts that the body only mentions."""
    with_texts = words.moves_texts(outline, material)
    count = len(material.annexes) + with_texts
    labels = [f"Phụ lục {_roman(place)}" if count > 1 else "Phụ lục" for place in range(1, count + 1)]
    forms = [_annex(form, label) for form, label in zip(material.annexes, labels, strict=False)]
    return (*forms, *([words.annex_of_texts(outline, material, labels[-1])] if with_texts else []))


def _roman(number: int) -> str:
    """4 as "IV"."""
    told = ""
    for value, sign in _ROMAN_SIGNS:
        count, number = divmod(number, value)
        told += sign * count
    return told


def _annex(form: FormTotals, label: str) -> Annex:
    received = f"{form.received}/{form.expected} báo cáo phải gửi"
    asked = form.expected > 0
    paragraphs = [
        f"Biểu {form.code}: cộng toàn địa bàn, cả kỳ. Đã tiếp nhận {received}."
        if asked
        else f"Biểu {form.code}: không có kỳ báo cáo nào yêu cầu biểu này trong thời gian tổng kết.",
        f"Biểu {form.mark}." if form.mark else "",
        form.note,
    ]
    printed = tables.form_tables(form) if asked else ()
    return Annex(label, form.title, tuple(filter(None, paragraphs)), printed, form.landscape)


def annex_reference(head: Head) -> str:
    """ "Kèm theo Báo cáo số      /BC-BCĐ ngày ... của ...": the line under the title of an annex."""
    letterhead: Letterhead = head.letterhead
    number = letterhead.number_line().removeprefix("Số: ")
    when = letterhead.place_date_line().partition(", ")[2]
    return f"Kèm theo {head.kind} số {number} {when} của {letterhead.issuing_body}"

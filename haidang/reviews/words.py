"""The words of a section: the standing agency's own, those of the organs of the area, and those from below it.

Texts of the levels below are printed in the section while they are few. Of more, the section names the units, and an
annex holds every text: nothing that was contributed is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from haidang.catalogue.outlines import Outline, Section
from haidang.reviews import sentences
from haidang.reviews.content import Contribution, Material
from haidang.reviews.document import Annex, AnnexPart, Paragraph

MOST_IN_FULL: Final = 6
LEVELS: Final = {"province": "cấp tỉnh", "district": "cấp huyện", "commune": "cấp xã"}


def word_blocks(section: Section, material: Material) -> Iterator[Paragraph]:
    """What is printed under a heading, each contribution with its source."""
    own = _lines(material.texts.get(section.code, ""))
    contributions = _of(section, material)
    moved = _moved(contributions)
    yield from map(Paragraph, own)
    printed = [each for each in contributions if each not in moved]
    for contribution in printed:
        yield from _contributed(contribution)
    if moved:
        yield Paragraph(_mention(moved, more=bool(own or printed)))


def annex_of_texts(outline: Outline, material: Material, label: str) -> Annex:
    """The annex with the texts that sections only mention, section by section in the order of the outline."""
    moved = [(section, _moved(_of(section, material))) for section in outline.sections]
    units = [each for _section, contributions in moved for each in contributions]
    parts = tuple(
        AnnexPart(f"{section_path(section)}: {section.title}", tuple(_all_contributed(contributions)))
        for section, contributions in moved
        if contributions
    )
    return Annex(label, f"Đóng góp của đơn vị {_levels(units)}", (), (), landscape=False, parts=parts)


def moves_texts(outline: Outline, material: Material) -> bool:
    """Whether any section has more texts from below than it prints."""
    return any(_moved(_of(section, material)) for section in outline.sections)


def section_path(section: Section) -> str:
    """ "Phần II, mục II, khoản 2.1, điểm a" for "II.II.2.1.a"."""
    part, *rest = section.code.split(".")
    clauses = ".".join(piece for piece in rest if piece.isdigit())
    items = [f"mục {piece}" for piece in rest if piece.isupper()]
    points = [f"điểm {piece}" for piece in rest if piece.islower()]
    return ", ".join([f"Phần {part}", *items, *([f"khoản {clauses}"] if clauses else []), *points])


def _of(section: Section, material: Material) -> list[Contribution]:
    return [each for each in material.contributions if each.section == section.code]


def _moved(contributions: Iterable[Contribution]) -> list[Contribution]:
    below = [each for each in contributions if each.below]
    return below if len(below) > MOST_IN_FULL else []


def _mention(moved: Sequence[Contribution], *, more: bool) -> str:
    """How many units wrote, where to find it, and their names: "Ngoài ra, 7 đơn vị cấp huyện có nội dung ..."."""
    names = list(dict.fromkeys(each.unit or each.agency for each in moved))
    return (
        f"{'Ngoài ra, ' if more else 'Có '}{len(names)} đơn vị {_levels(moved)} có nội dung đóng góp cho mục này "
        f"(toàn văn tại phụ lục cuối báo cáo): {'; '.join(names)}."
    )


def _levels(contributions: Iterable[Contribution]) -> str:
    found = {each.level for each in contributions}
    return ", ".join(words for level, words in LEVELS.items() if level in found) or "cấp dưới"


def _all_contributed(contributions: Iterable[Contribution]) -> Iterator[Paragraph]:
    for contribution in contributions:
        yield from _contributed(contribution)


def _contributed(contribution: Contribution) -> Iterator[Paragraph]:
    lines = _lines(contribution.text)
    source = sentences.source_line(contribution.agency, contribution.submission)
    for place, line in enumerate(lines, start=1):
        yield Paragraph(line, source if place == len(lines) else "")


def _lines(text: str) -> list[str]:
    return [line for raw in text.splitlines() if (line := " ".join(raw.split()))]

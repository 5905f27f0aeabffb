"""What agencies wrote, by level: few texts from below stand in the section, of more it names the units only."""

from __future__ import annotations

import io
from dataclasses import replace

import docx
import pytest

from haidang.catalogue.outlines import Outline
from haidang.office.nd30_checks import check_document
from haidang.reviews.build import compose
from haidang.reviews.content import Contribution, Material
from haidang.reviews.document import Paragraph, ReviewDocument
from haidang.reviews.render import docx_bytes
from haidang.reviews.words import section_path

OWN = Contribution("I.I.1", "Công an tỉnh", 1, "Lời của tỉnh (giả định).", "Công an tỉnh", "province")


def local(number: int, section: str = "I.I.1", level: str = "district", cycle: str = "") -> Contribution:
    unit = f"UBND huyện {number}"
    return Contribution(section, f"{unit}{cycle}", 1, f"Lời thứ {number} (giả định).", unit, level, below=True)


def composed(closing: Outline, material: Material, *contributions: Contribution) -> ReviewDocument:
    return compose(closing, replace(material, contributions=contributions, texts={}))


def words(document: ReviewDocument, code: str = "I.I.1") -> list[Paragraph]:
    section = next(each for each in document.sections if each.section.code == code)
    return [each for each in section.blocks if isinstance(each, Paragraph) and "giả định" in each.text + each.source]


def mention(document: ReviewDocument, code: str = "I.I.1") -> list[str]:
    section = next(each for each in document.sections if each.section.code == code)
    return [
        each.text for each in section.blocks if isinstance(each, Paragraph) and "nội dung đóng góp cho" in each.text
    ]


def test_six_texts_from_below_stand_in_the_section_in_full(closing: Outline, material: Material) -> None:
    document = composed(closing, material, OWN, *map(local, range(6)))
    assert len(words(document)) == 7 and mention(document) == []
    assert len(document.annexes) == 8


def test_of_seven_the_section_names_the_units_and_an_annex_holds_the_texts(
    closing: Outline, material: Material
) -> None:
    document = composed(closing, material, OWN, *map(local, range(7)))
    assert [each.text for each in words(document)] == ["Lời của tỉnh (giả định)."]
    assert mention(document) == [
        "Ngoài ra, 7 đơn vị cấp huyện có nội dung đóng góp cho mục này (toàn văn tại phụ lục cuối báo cáo): "
        "UBND huyện 0; UBND huyện 1; UBND huyện 2; UBND huyện 3; UBND huyện 4; UBND huyện 5; UBND huyện 6."
    ]
    annex = document.annexes[-1]
    assert (annex.label, annex.title) == ("Phụ lục IX", "Đóng góp của đơn vị cấp huyện")
    assert [(part.title.partition(":")[0], len(part.paragraphs)) for part in annex.parts] == [
        ("Phần I, mục I, khoản 1", 7)
    ]
    assert annex.parts[0].paragraphs[6] == Paragraph("Lời thứ 6 (giả định).", "(Nguồn: UBND huyện 6, bản nộp lần 1)")


def test_units_are_counted_not_their_texts_and_nobody_stands_before_them(closing: Outline, material: Material) -> None:
    twice = [local(n, cycle=f", kỳ {year}", level="commune") for n in range(4) for year in ("2023", "2024")]
    document = composed(closing, material, *twice)
    assert mention(document)[0].startswith("Có 4 đơn vị cấp xã có nội dung đóng góp cho mục này")
    assert len(document.annexes[-1].parts[0].paragraphs) == 8


def test_nothing_is_lost_and_the_annex_follows_the_outline(closing: Outline, material: Material) -> None:
    later = [local(n, "II.VI.3", "commune") for n in range(20, 30)]
    earlier = [local(n) for n in range(7)]
    document = composed(closing, material, *later, OWN, *earlier)
    annex = document.annexes[-1]
    assert annex.title == "Đóng góp của đơn vị cấp huyện, cấp xã"
    assert [part.title.partition(":")[0] for part in annex.parts] == [
        "Phần I, mục I, khoản 1",
        "Phần II, mục VI, khoản 3",
    ]
    content = docx_bytes(document)
    assert [each for each in check_document(content) if each.passed is False] == []
    told = "\n".join(p.text for p in docx.Document(io.BytesIO(content)).paragraphs)
    assert all(told.count(each.text) == 1 for each in (*later, OWN, *earlier))


def test_the_annex_alone_needs_no_number(closing: Outline, material: Material) -> None:
    document = composed(closing, replace(material, annexes=()), *map(local, range(7)))
    assert [annex.label for annex in document.annexes] == ["Phụ lục"]


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("I", "Phần I"),
        ("II.X", "Phần II, mục X"),
        ("I.I.1", "Phần I, mục I, khoản 1"),
        ("II.II.2.1.a", "Phần II, mục II, khoản 2.1, điểm a"),
        ("III.II.e", "Phần III, mục II, điểm e"),
    ],
)
def test_a_section_is_named_by_part_item_clause_and_point(closing: Outline, code: str, path: str) -> None:
    assert section_path(closing.section(code)) == path

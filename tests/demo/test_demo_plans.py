"""Which province a plan belongs to, and what the demo does with files that say nothing of it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from haidang.agencies.register import Register
from haidang.catalogue.agency_functions import national_register
from haidang.catalogue.vocabulary import reading_vocabulary
from haidang.demo import province
from haidang.demo.plans import SAMPLES, find_plans, plan_files, province_of, samples_needed
from haidang.office.document_text import extract_text
from haidang.reading.model import PlanReading
from haidang.reading.reader import read_plan


@pytest.fixture(scope="module")
def register() -> Register:
    return national_register().extended(province.areas(), province.traits(), province.lineage())


def reading(**more: object) -> PlanReading:
    return PlanReading(is_plan=True, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"place": "Sơn Hải", "issued_on": date(2025, 3, 1)}, "S1"),
        ({"place": "Bắc Giang", "issued_on": date(2025, 3, 1)}, "24"),
        ({"issuer": "UBND tỉnh Bắc Ninh", "issued_on": date(2025, 3, 1)}, "27"),
        ({"issuer": "UBND tỉnh Bắc Ninh", "issued_on": date(2025, 8, 1)}, "24"),
        ({"issuer": "UBND tỉnh", "text": "trên địa bàn tỉnh Lạng Sơn", "year_to": 2024}, "20"),
    ],
)
def test_a_plan_belongs_to_the_province_it_names_on_its_day(
    told: dict[str, object], code: str, register: Register
) -> None:
    area = province_of(reading(**told), register)
    assert area is not None and area.code == code


def test_a_plan_that_names_no_province_belongs_to_none(register: Register) -> None:
    assert province_of(reading(issuer="UBND thành phố", text="trên địa bàn thành phố", year_to=2025), register) is None


def test_the_samples_are_all_of_the_invented_province_and_two_of_them_suffice(register: Register) -> None:
    found = find_plans(plan_files(SAMPLES), register, print)
    assert len(found) == 5
    assert all(item.fictional for item in found)
    needed = samples_needed(found)
    assert [item.is_review for item in needed] == [True, False]
    assert needed[1].reading.year_to == 2025


def test_files_that_are_no_plans_are_named_and_left_out(tmp_path: Path, register: Register) -> None:
    (tmp_path / "note.txt").write_text("Mua gạo, mắm và rau cho bữa tối.", encoding="utf-8")
    (tmp_path / "broken.docx").write_bytes(b"not a document")
    (tmp_path / "picture.png").write_bytes(b"")
    lines: list[str] = []
    assert find_plans(plan_files(tmp_path), register, lines.append) == []
    assert [line.partition(":")[0] for line in lines] == ["Bỏ qua broken.docx", "Bỏ qua note.txt"]


@pytest.mark.real_plans
def test_the_real_plans_find_their_provinces(real_plans: Path, register: Register) -> None:
    for path in sorted(real_plans.glob("seed-*.txt")):
        told = json.loads(path.with_suffix("").with_suffix(".gold.json").read_text(encoding="utf-8"))
        area = province_of(read_plan(extract_text(path).text, reading_vocabulary()), register)
        if told["place"] is None:
            assert area is None
        else:
            assert area is not None and area.place == told["place"]

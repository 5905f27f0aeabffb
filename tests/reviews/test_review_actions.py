"""Opening, writing and building a closing report over real rows: figures add up, refusals hold, the rest is frozen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import docx
import pytest

from haidang.accounts.actors import NOBODY, SYSTEM, Actor, Refused, Role, Seat
from haidang.agencies.models import Agency, Area
from haidang.audit.models import Entry
from haidang.catalogue.outlines import outline
from haidang.cli import main
from haidang.filings.models import Cycle, Filing, FilingState, Obligation, Ruling, Version
from haidang.kernel.calendars import Regime
from haidang.kernel.cells import Cell
from haidang.plans.models import Plan, PlanState
from haidang.reviews import actions, queries
from haidang.reviews.document import SectionState
from haidang.reviews.models import Build, Review

NOON = datetime(2025, 6, 19, 5, tzinfo=UTC)
YEARS = {
    "2016-2020": (date(2016, 1, 1), date(2020, 12, 31), 44),
    "2021": (date(2021, 2, 9), date(2021, 12, 31), 4),
    "2022": (date(2022, 1, 1), date(2022, 12, 31), 6),
    "2023": (date(2023, 1, 1), date(2023, 12, 31), 7),
    "2024": (date(2024, 1, 1), date(2024, 12, 31), 9),
    "2025": (date(2025, 1, 1), date(2025, 6, 15), 5),
}


@dataclass
class Committee:
    """An invented province with one police and one health agency, and the filings of its closing plan."""

    area: Area
    police: Agency
    health: Agency
    plan: Plan
    filings: dict[tuple[str, str], Filing]

    def actor(self, agency: Agency, role: Role) -> Actor:
        return Actor(None, "Hà", (Seat(role, agency.pk, agency.name, self.area.path, agency.standing),))

    @property
    def consolidator(self) -> Actor:
        return self.actor(self.police, Role.CONSOLIDATOR)

    @property
    def stranger(self) -> Actor:
        return self.actor(self.health, Role.APPROVER)


def accepted(filing: Filing, cells: dict[str, Any], sections: dict[str, str] | None = None) -> Version:
    number = filing.versions.count() + 1
    version = Version.objects.create(
        filing=filing, number=number, cells=cells, sections=sections or {}, forms={}, submitted_at=NOON,
        sha256=f"{filing.pk}-{number}",
    )  # fmt: skip
    Ruling.objects.create(version=version, outcome="accepted", decided_at=NOON)
    filing.state = FilingState.ACCEPTED
    filing.save()
    return version


@pytest.fixture
def committee(db: None) -> Committee:
    where = Area.objects.create(code="S9", name="Tỉnh Hải Minh (giả định)", kind="Tỉnh", level="province")
    where.path = str(where.pk)
    where.save()
    police, health = (
        Agency.objects.create(code=f"hm-{function}", name=name, function=function, level="province", area=where,
                              standing=function == "police")
        for function, name in (("police", "Công an tỉnh Hải Minh"), ("health", "Sở Y tế tỉnh Hải Minh"))
    )  # fmt: skip
    plan = Plan.objects.create(
        area=where, state=PlanState.ACCEPTED, number="12/KH-UBND", issued_on=date(2025, 4, 4), is_review=True,
        issuer="UBND tỉnh Hải Minh", file_name="plan.txt", file_sha256="0" * 64, text="", reading={},
        imported_at=NOON, fictional=True,
    )  # fmt: skip
    filings = {}
    for label, (start, end, cases) in YEARS.items():
        cycle = Cycle.objects.create(
            plan=plan, label=label, window_from=start, window_to=end, due_on=date(2025, 6, 20), strict=True,
            regime=Regime.PLAN, forms=["B2", "B5"], baseline=label == "2016-2020",
        )  # fmt: skip
        for agency in (police, health):
            obligation = Obligation.objects.create(cycle=cycle, agency=agency)
            filings[agency.function, label] = Filing.objects.create(obligation=obligation, changed_at=NOON)
        accepted(filings["police", label], {"B2.d150.c3": cases, "B2.d151.c3": 0})
    return Committee(where, police, health, plan, filings)


@pytest.fixture
def review(committee: Committee) -> Review:
    return actions.open_review(committee.consolidator, committee.plan)


def test_a_review_takes_the_window_and_baseline_of_its_outline_and_is_opened_once(committee: Committee) -> None:
    opened = actions.open_review(committee.consolidator, committee.plan)
    assert (opened.window.start, opened.window.end) == (date(2021, 2, 9), date(2025, 6, 15))
    assert opened.baseline is not None and opened.baseline.end == date(2020, 12, 31)
    assert actions.open_review(committee.consolidator, committee.plan) == opened
    assert Entry.objects.filter(action="reviews.opened").count() == 1


def test_a_plan_that_names_its_own_window_gives_it(committee: Committee) -> None:
    committee.plan.data_from, committee.plan.data_to = date(2021, 1, 1), date(2025, 5, 31)
    committee.plan.save()
    opened = actions.open_review(SYSTEM, committee.plan)
    assert (opened.window.start, opened.window.end) == (date(2021, 1, 1), date(2025, 5, 31))


def test_figures_are_sums_of_accepted_filings_with_their_versions(committee: Committee, review: Review) -> None:
    figures = queries.composed(committee.consolidator, review)
    told = next(each for each in figures.sections if each.section.code == "II.II.2.1.a").blocks[0]
    # 4 + 6 + 7 + 9 + 5 = 31, against 44.
    assert "là 31 vụ; trong đó năm 2021*: 4 vụ; năm 2022: 6 vụ" in told.text
    assert "(44 vụ), giảm 13 vụ (29,5\u00a0%)" in told.text


def test_a_correction_counts_instead_of_what_it_corrects(committee: Committee, review: Review) -> None:
    accepted(committee.filings["police", "2024"], {"B2.d150.c3": 10, "B2.d151.c3": 0})
    from haidang.reviews.gathering import figure_series

    series = figure_series(committee.consolidator, review, outline(actions.CLOSING))["cases-opened"]
    assert series.total == Cell.of(32)
    assert [each.label for each in series.slices] == ["2021*", "2022", "2023", "2024", "2025*"]


def test_only_accepted_words_are_contributed_in_their_last_accepted_version(
    committee: Committee, review: Review
) -> None:
    filing = committee.filings["police", "2025"]
    accepted(filing, {"B2.d150.c3": 5}, {"I.I.1": "Bản hai (giả định).", "B7.meeting.c16": "không phải mục"})
    Version.objects.create(
        filing=filing,
        number=3,
        cells={},
        sections={"I.I.1": "Chưa tiếp nhận."},
        forms={},
        submitted_at=NOON,
        sha256="x",
    )
    document = queries.composed(committee.consolidator, review)
    section = queries.section_of(document, "I.I.1")
    assert section is not None and section.state is SectionState.READY
    assert [(b.text, b.source) for b in section.blocks] == [
        ("Bản hai (giả định).", "(Nguồn: Công an tỉnh Hải Minh, bản nộp lần 2)")
    ]


def test_agencies_speak_in_the_order_of_the_outline_and_name_the_cycle_when_they_wrote_twice(
    committee: Committee, review: Review
) -> None:
    words = {"II.III.1.2": "Nội dung giả định."}
    accepted(committee.filings["health", "2024"], {}, words)
    for year in ("2024", "2023"):
        accepted(committee.filings["police", year], {"B2.d150.c3": 1}, words)
    section = queries.section_of(queries.composed(committee.consolidator, review), "II.III.1.2")
    assert section is not None
    assert [block.source for block in section.blocks] == [
        "(Nguồn: Công an tỉnh Hải Minh, kỳ 2023, bản nộp lần 2)",
        "(Nguồn: Công an tỉnh Hải Minh, kỳ 2024, bản nộp lần 2)",
        "(Nguồn: Sở Y tế tỉnh Hải Minh, bản nộp lần 1)",
    ]


def test_building_writes_the_file_and_freezes_figures_versions_and_hash(
    committee: Committee, review: Review, tmp_path: Path
) -> None:
    build = actions.build_review(committee.consolidator, review, tmp_path / "bao-cao.docx")
    content = (tmp_path / "bao-cao.docx").read_bytes()
    assert build.sha256 == hashlib.sha256(content).hexdigest()
    assert build.figures["cases-opened"]["total"] == 31
    assert build.figures["cases-opened"]["years"] == {"2021*": 4, "2022": 6, "2023": 7, "2024": 9, "2025*": 5}
    assert len(build.figures["cases-opened"]["version_ids"]) == 6
    assert Entry.objects.get(action="reviews.built").details["sha256"] == build.sha256
    assert any("SỐ LIỆU GIẢ ĐỊNH" in p.text for p in docx.Document(tmp_path / "bao-cao.docx").paragraphs)


def test_the_same_filings_build_the_same_bytes(committee: Committee, review: Review) -> None:
    first, second = (actions.build_review(committee.consolidator, review) for _ in range(2))
    assert (first.sha256, first.file_path) == (second.sha256, second.file_path)
    assert Path(first.file_path).is_file()
    assert Build.objects.count() == 2


def test_a_document_knows_which_of_its_figures_have_changed_since(committee: Committee, review: Review) -> None:
    build = actions.build_review(committee.consolidator, review)
    assert queries.changes_since(committee.consolidator, build) == []
    accepted(committee.filings["police", "2024"], {"B2.d150.c3": 10, "B2.d151.c3": 0})
    changes = [each for each in queries.changes_since(committee.consolidator, build) if each.code == "cases-opened"]
    assert [(each.label, each.printed, each.now) for each in changes] == [("2024", 9, 10), ("Cả kỳ", 31, 32)]


def test_own_words_are_saved_with_a_revision_and_an_audit_row(committee: Committee, review: Review) -> None:
    saved = actions.write_text(committee.consolidator, review, "II.X.1", " Phối hợp tốt (giả định). ", revision=0)
    assert (saved.texts, saved.revision) == ({"II.X.1": "Phối hợp tốt (giả định)."}, 1)
    emptied = actions.write_text(committee.consolidator, saved, "II.X.1", "  ", revision=1)
    assert (emptied.texts, emptied.revision) == ({}, 2)
    assert Entry.objects.filter(action="reviews.text_saved").count() == 2


def test_a_save_over_somebody_elses_is_stopped(committee: Committee, review: Review) -> None:
    actions.write_text(committee.consolidator, review, "II.X.1", "một", revision=0)
    with pytest.raises(actions.StaleText, match="vừa được người khác lưu"):
        actions.write_text(committee.consolidator, review, "II.X.2", "hai", revision=0)


@pytest.mark.parametrize(
    ("section", "text", "words"), [("IX.I", "x", "không có mục"), ("II.X.1", "x" * 20_001, "tối đa")]
)
def test_an_unknown_section_or_too_long_a_text_is_refused(
    committee: Committee, review: Review, section: str, text: str, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        actions.write_text(committee.consolidator, review, section, text, revision=0)


def test_other_agencies_neither_see_nor_write_nor_build_it(
    committee: Committee, review: Review, tmp_path: Path
) -> None:
    for actor in (committee.stranger, NOBODY):
        assert list(queries.visible_reviews(actor)) == []
        with pytest.raises(Refused):
            queries.composed(actor, review)
        with pytest.raises(Refused):
            actions.write_text(actor, review, "II.X.1", "x", revision=0)
        with pytest.raises(Refused):
            actions.build_review(actor, review, tmp_path / "x.docx")
    assert not (tmp_path / "x.docx").exists()


def test_a_leader_builds_and_reads_but_does_not_write(committee: Committee, review: Review, tmp_path: Path) -> None:
    leader = committee.actor(committee.police, Role.LEADER)
    assert queries.review_of(leader, committee.plan) == review
    assert actions.build_review(leader, review, tmp_path / "x.docx").sha256
    with pytest.raises(Refused, match="cán bộ tổng hợp"):
        actions.write_text(leader, review, "II.X.1", "x", revision=0)


def test_no_review_is_opened_for_a_plan_nobody_accepted(committee: Committee) -> None:
    committee.plan.state = PlanState.DRAFT
    with pytest.raises(Refused, match="chưa được chấp nhận"):
        actions.open_review(committee.consolidator, committee.plan)


def test_the_command_builds_the_report_and_says_what_is_in_it(
    committee: Committee, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "tong-ket.docx"
    assert main(["review", "build", "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["plan"], told["window_from"], told["window_to"]) == ("12/KH-UBND", "2021-02-09", "2025-06-15")
    assert (told["fictional"], told["filings"]) == (True, 6)
    assert out.is_file()
    assert main(["review", "build", "--out", str(out)]) == 0
    assert "Số liệu giả định." in capsys.readouterr().out


def test_the_command_prints_number_day_and_signer_when_they_are_given(committee: Committee, tmp_path: Path) -> None:
    out = tmp_path / "tong-ket.docx"
    given = ["--number", "45", "--dated", "27/6/2025", "--signer", "Nguyễn Văn Mẫu"]
    assert main(["review", "build", "--out", str(out), *given]) == 0
    paper = docx.Document(out)
    told = "\n".join(p.text for table in paper.tables for row in table.rows for c in row.cells for p in c.paragraphs)
    assert "Số: 45/BC-UBND" in told and "Hải Minh, ngày 27 tháng 6 năm 2025" in told and "Nguyễn Văn Mẫu" in told
    assert paper.core_properties.created is not None and paper.core_properties.created.date() == date(2025, 6, 27)


def test_the_totals_of_whole_forms_are_those_of_the_figures(
    committee: Committee, review: Review, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(40):
        document = queries.composed(committee.consolidator, review, with_annexes=True)
    annex = next(each for each in document.annexes if "Biểu B2:" in each.paragraphs[0])
    place = next(n for n, column in enumerate(annex.tables[0].columns) if column.title.endswith("(c3)"))
    totals = {row[0].strip(): row[place] for row in annex.tables[0].rows}
    # 4 + 6 + 7 + 9 + 5 under Điều 150, none under 151: the baseline of 44 is not of the window.
    assert [value for name, value in totals.items() if name.startswith(("Điều 150", "Điều 151"))] == ["31", "0"]
    assert "Đã tiếp nhận 5/5" in annex.paragraphs[0]


def test_the_standing_agency_speaks_first_then_the_province_then_districts_and_communes(
    committee: Committee, review: Review
) -> None:
    cycle = Cycle.objects.get(plan=committee.plan, label="2025")
    words = {"II.III.1.2": "Nội dung giả định."}
    for level, function in (("commune", "peoples_committee"), ("district", "police"), ("province", "labour")):
        path = committee.area.path + {"province": "", "district": "/7", "commune": "/7/8"}[level]
        where = Area.objects.filter(path=path).first() or Area.objects.create(
            code=path[-1], name=f"Nơi {path}", kind="Huyện", level=level, path=path
        )
        agency = Agency.objects.create(
            code=f"x-{level}", name=f"Cơ quan {level}", function=function, level=level, area=where
        )
        filing = Filing.objects.create(
            obligation=Obligation.objects.create(cycle=cycle, agency=agency), changed_at=NOON
        )
        accepted(filing, {}, words)
    for agency in ("health", "police"):
        accepted(committee.filings[agency, "2025"], {}, words)
    from haidang.reviews.gathering import contributions

    found = contributions(review, outline(actions.CLOSING))
    assert [(each.unit, each.below) for each in found] == [
        ("Công an tỉnh Hải Minh", False),
        ("Cơ quan province", False),
        ("Sở Y tế tỉnh Hải Minh", False),
        ("Cơ quan district", True),
        ("Cơ quan commune", True),
    ]


def test_of_several_closing_plans_the_command_takes_the_one_that_filings_were_asked_for(
    committee: Committee, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Plan.objects.create(
        area=committee.area, state=PlanState.ACCEPTED, number="99/KH-UBND", issued_on=date(2025, 5, 1), is_review=True,
        file_name="other.txt", file_sha256="1" * 64, text="", reading={}, imported_at=NOON,
    )  # fmt: skip
    assert main(["review", "build", "--out", str(tmp_path / "x.docx"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["plan"] == "12/KH-UBND"


def test_on_a_demonstration_the_report_is_marked_whatever_the_plan(
    committee: Committee, review: Review, settings: Any
) -> None:
    committee.plan.fictional = False
    committee.plan.save()
    fresh = Review.objects.select_related("plan__area").get(pk=review.pk)
    for demonstration in (False, True):
        settings.DEMO = demonstration
        assert queries.composed(committee.consolidator, fresh).head.fictional is demonstration


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--out", "bao-cao.pdf"], "đuôi .docx"),
        (["--out", "/khong/co/thu-muc/x.docx"], "Không có thư mục"),
        (["--out", "x.docx", "--plan", "99/KH"], "Không có kế hoạch đã chấp nhận mang số 99/KH"),
        (["--out", "x.docx", "--number", "0"], "phải từ 1 đến 99999"),
        (["--out", "x.docx", "--dated", "31/2/2025"], "31/2/2025"),
        (["--out", "x.docx", "--signer", "M" * 200], "Tên người ký dài 200 ký tự"),
    ],
)
def test_the_command_refuses_in_one_sentence(
    committee: Committee, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review", "build", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_the_command_says_what_to_do_when_there_is_no_closing_plan(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review", "build", "--out", "x.docx"]) == 2
    assert "haidang demo" in capsys.readouterr().err

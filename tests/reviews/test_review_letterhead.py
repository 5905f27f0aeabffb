"""Who issues a report, to whom it goes and who signs: what the plan says first, stated defaults where it is silent."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import docx
import pytest

from haidang.agencies.models import Area
from haidang.kernel.windows import Window
from haidang.office.nd30 import OfficialDocument
from haidang.office.nd30_checks import check_document
from haidang.plans.models import Duty, Plan
from haidang.reviews.content import Head, Issue
from haidang.reviews.letterhead import DEFAULT_ADDRESSEES, DEFAULT_RECIPIENTS, OPEN_SIGNER, head_of
from haidang.reviews.models import Review

WINDOW = Window(date(2021, 2, 9), date(2025, 6, 15))
STEERING = "Ban Chỉ đạo phòng, chống tội phạm tỉnh Hải Minh"


def planned(addressee: str = "", level: str = "province", **said: Any) -> Review:
    """A review for an invented plan that says no more than it is given here."""
    name = {"province": "Tỉnh Hải Minh (giả định)", "district": "Huyện Đá Bạc (giả định)"}[level]
    area = Area.objects.create(code="S9", name=name, kind=name.split()[0], level=level, path="9")
    plan = Plan.objects.create(
        area=area, file_name="p.txt", file_sha256="0" * 64, text="", reading={},
        imported_at=datetime(2025, 4, 5, tzinfo=UTC), **said,
    )  # fmt: skip
    if addressee:
        Duty.objects.create(plan=plan, period="once", addressee=addressee, position=0)
    return Review(
        plan=plan, title="Báo cáo tổng kết năm 2025", window_from=WINDOW.start, window_to=WINDOW.end
    )  # fmt: skip


def head(addressee: str = "", issue: Issue | None = None, level: str = "province", **said: Any) -> Head:
    return head_of(planned(addressee, level, **said), issue or Issue())


@pytest.mark.django_db
class TestHead:
    def test_a_plan_of_the_committee_is_answered_by_the_committee(self) -> None:
        found = head(issuer="UBND tỉnh Hải Minh", number="067/KH-UBND", place="Hải Minh")
        assert found.letterhead.issuing_body == "Ủy ban nhân dân tỉnh Hải Minh"
        assert (found.letterhead.parent_body, found.letterhead.symbol) == ("", "BC-UBND")
        assert found.signature.authority == ("TM. Ủy ban nhân dân", "Chủ tịch")

    def test_a_steering_committee_stands_under_the_committee_and_signs_with_both_posts(self) -> None:
        found = head(issuer=STEERING, number="17/KH-BCĐ")
        assert (found.letterhead.parent_body, found.letterhead.symbol) == ("Ủy ban nhân dân tỉnh Hải Minh", "BC-BCĐ")
        assert found.signature.authority == ("Trưởng ban", "Chủ tịch Ủy ban nhân dân\ntỉnh Hải Minh")

    @pytest.mark.parametrize(
        ("issuer", "symbol", "parent"),
        [
            ("UBND tỉnh Hải Minh", "BC-UBND", ""),
            (STEERING, "BC-BCĐ", "Ủy ban nhân dân tỉnh Hải Minh"),
            ("Công an tỉnh Hải Minh", "BC-CAT", "Bộ Công an"),
            ("Sở Y tế", "BC-SYT", "Ủy ban nhân dân tỉnh Hải Minh"),
            ("", "BC-BCĐ138", "Ủy ban nhân dân tỉnh Hải Minh"),
        ],
    )
    def test_without_a_number_the_symbol_comes_from_the_issuer(self, issuer: str, symbol: str, parent: str) -> None:
        found = head(issuer=issuer)
        assert (found.letterhead.symbol, found.letterhead.parent_body) == (symbol, parent)

    def test_the_report_goes_up_to_the_central_organs_that_received_the_plan(self) -> None:
        recipients = [
            "- Ban Chỉ đạo 138/CP (b/c);", "Bộ Công an (để b/c)", "Bộ Chỉ huy quân sự tỉnh", "Các sở, ngành tỉnh (t/h)",
            "Lưu: VT, NC.",
        ]  # fmt: skip
        found = head(recipients=recipients)
        assert found.addressees == ("Ban Chỉ đạo 138/CP", "Bộ Công an")
        assert found.signature.recipients == ("Như trên", "Bộ Chỉ huy quân sự tỉnh", "Các sở, ngành tỉnh")
        assert found.signature.archive == "VT, NC"

    def test_one_organ_written_in_two_ways_gets_the_report_once(self) -> None:
        recipients = ["Ban Chỉ đạo 138/CP (qua Bộ Công an)", "BCĐ 138/CP (b/c, p/hợp)", "Tòa án tỉnh (p/hợp, t/h)"]
        found = head("Ban Chỉ đạo 138/CP", recipients=recipients)
        assert found.addressees == ("Ban Chỉ đạo 138/CP",)
        assert found.signature.recipients == ("Như trên", "Tòa án tỉnh")

    def test_an_issuer_without_the_name_of_its_territory_gets_that_of_the_area(self) -> None:
        assert head(issuer="UBND tỉnh").letterhead.issuing_body == "Ủy ban nhân dân tỉnh Hải Minh"

    def test_an_addressee_of_a_duty_goes_before_the_recipients_when_it_stands_above(self) -> None:
        assert head("Bộ Y tế", recipients=["Ban Chỉ đạo 138/CP"]).addressees == ("Bộ Y tế",)

    def test_an_agency_of_the_area_that_collects_is_not_whom_the_report_goes_to(self) -> None:
        found = head("Công an tỉnh (Phòng Tham mưu)", recipients=["Thủ tướng Chính phủ (b/c)"])
        assert found.addressees == ("Thủ tướng Chính phủ",)

    def test_a_plan_that_says_nothing_gets_the_defaults_and_leaves_the_rest_open(self) -> None:
        found = head()
        assert found.addressees == DEFAULT_ADDRESSEES
        assert found.signature.recipients == ("Như trên", *DEFAULT_RECIPIENTS)
        assert (found.signature.signer, found.signature.archive) == (OPEN_SIGNER, "VT")
        assert (found.letterhead.number, found.letterhead.dated, found.letterhead.place) == (None, None, "Hải Minh")

    def test_the_report_of_a_district_goes_to_its_province(self) -> None:
        found = head("Công an tỉnh", level="district", issuer="UBND huyện Đá Bạc")
        assert found.addressees == ("Công an tỉnh",)
        assert found.letterhead.issuing_body == "Ủy ban nhân dân huyện Đá Bạc"

    def test_number_day_and_signer_are_printed_when_given(self) -> None:
        found = head(issue=Issue(7, date(2025, 6, 27), " Nguyễn Văn Mẫu "), issuer="UBND tỉnh Hải Minh")
        assert found.letterhead.number_line() == "Số: 07/BC-UBND"
        assert found.letterhead.place_date_line() == "Hải Minh, ngày 27 tháng 6 năm 2025"
        assert found.signature.signer == "Nguyễn Văn Mẫu"

    @pytest.mark.parametrize("issuer", ["UBND tỉnh Hải Minh", STEERING, "Công an tỉnh Hải Minh", ""])
    def test_whoever_issues_it_the_paper_keeps_the_layout_rules(self, issuer: str) -> None:
        found = head(issuer=issuer, issue=Issue(7, date(2025, 6, 27), "Nguyễn Văn Mẫu"))
        paper = OfficialDocument(title="Báo cáo", author="Hải Minh", dated=date(2025, 6, 27))
        paper.letterhead(found.letterhead)
        paper.title(found.kind, found.subject)
        paper.addressed_to(found.addressees)
        paper.paragraph("Các đơn vị đã tổ chức truyền thông tới người dân ở địa bàn trọng điểm (giả định)./.")
        paper.signature(found.signature)
        assert [each for each in check_document(paper.to_bytes()) if each.passed is False] == []
        assert docx.Document(io.BytesIO(paper.to_bytes())).paragraphs[0].text == "BÁO CÁO"

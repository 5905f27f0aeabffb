"""The workspace of the closing report: outline, words, sources, building and fetching; closed to everybody else."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from django.test import Client

from haidang.filings import actions
from haidang.reviews.models import Build, Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(whole_world: Any) -> Any:
    """The report of the plan, opened by the consolidator; the border guard's 2023 filing is in, with words."""
    world = whole_world
    visit(world, "consolidator").post("/tong-ket/mo/", {"plan": world.plan.pk})
    cells = {}
    for code in ("B1", "B2", "B6", "B7", "B8"):
        cells |= world.filled(code)
    cells["B2.d150.c3"] = cells["B2.vietnam.c3"] = 2
    clerk = world.actor("clerk")
    actions.save_cells(clerk, world.filing(world.guard), cells, 0)
    section = next(each for each in outline(world).sections_for("border_guard"))
    actions.save_section(clerk, world.filing(world.guard), section.code, "Tuyến biên giới yên ổn.", 1)
    for finding in findings(world.filing(world.guard)):
        actions.explain(clerk, world.filing(world.guard), finding.key, "đúng")
    actions.accept(world.actor("consolidator"), actions.submit(clerk, world.filing(world.guard)))
    world.section = section
    return world


def outline(world: Any) -> Any:
    from haidang.reviews.queries import outline_of

    return outline_of(Review.objects.get(plan=world.plan))


def findings(filing: Any) -> Any:
    from haidang.filings.queries import filing_findings

    return [one for one in filing_findings(filing) if one.level == "explain"]


def visit(world: Any, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def test_the_report_is_opened_once_from_its_plan(whole_world: Any) -> None:
    client = visit(whole_world, "consolidator")
    assert "Mở báo cáo tổng kết" in client.get("/tong-ket/").content.decode()
    first = client.post("/tong-ket/mo/", {"plan": whole_world.plan.pk})
    assert client.post("/tong-ket/mo/", {"plan": whole_world.plan.pk})["Location"] == first["Location"]
    assert Review.objects.count() == 1
    assert client.get("/tong-ket/")["Location"] == first["Location"]


@pytest.mark.parametrize("name", ["clerk", "stranger"])
def test_others_find_no_report(opened: Any, name: str) -> None:
    client, path = visit(opened, name), f"/tong-ket/{Review.objects.get().pk}/"
    assert "do cơ quan thường trực soạn" in client.get("/tong-ket/").content.decode()
    assert client.get(path).status_code == 404
    for address in ("muc/", "lap/"):
        assert client.post(path + address, {"section": "I.I", "revision": "0", "text": "x"}).status_code == 404
    assert client.get(f"{path}ban/1/").status_code == 404
    assert client.post("/tong-ket/mo/", {"plan": opened.plan.pk}).status_code in (403, 404)
    assert Review.objects.get().texts == {}


def test_a_section_shows_who_wrote_what_and_who_is_awaited(opened: Any) -> None:
    path = f"/tong-ket/{Review.objects.get().pk}/"
    page = visit(opened, "consolidator").get(f"{path}?muc={opened.section.code}").content.decode()
    assert "Tuyến biên giới yên ổn." in page
    assert "Bộ đội Biên phòng tỉnh Thử Nghiệm" in page
    assert re.search(r'<span class="lt s-ext">C</span><span>Công an tỉnh Thử Nghiệm</span>', page)


def test_what_is_left_before_building_agrees_with_the_count_of_ready_sections(opened: Any) -> None:
    page = visit(opened, "consolidator").get(f"/tong-ket/{Review.objects.get().pk}/").content.decode()
    ready, asked = map(int, re.search(r"(\d+) / (\d+) sẵn sàng", page).groups())  # type: ignore[union-attr]
    told = re.search(r"(\d+) mục chưa sẵn sàng: ([^<]+)", page)
    assert ready < asked
    assert told
    assert int(told[1]) == asked - ready == sum(map(int, re.findall(r"\d+", told[2])))


def test_own_words_are_kept_and_a_stale_save_gives_them_back(opened: Any) -> None:
    review = Review.objects.get()
    client, path = visit(opened, "consolidator"), f"/tong-ket/{review.pk}/"
    code = opened.section.code
    client.post(f"{path}muc/", {"section": code, "revision": "0", "text": "Nhìn chung\r\nổn định."})
    assert Review.objects.get().texts == {code: "Nhìn chung\nổn định."}
    stale = client.post(f"{path}muc/", {"section": code, "revision": "0", "text": "Bản khác"})
    assert stale.status_code == 409
    assert "Bản khác" in stale.content.decode()
    assert Review.objects.get().texts == {code: "Nhìn chung\nổn định."}


def test_who_only_sees_the_report_does_not_write_in_it(opened: Any) -> None:
    review = Review.objects.get()
    client, path = visit(opened, "police_clerk"), f"/tong-ket/{review.pk}/"
    page = client.get(path).content.decode()
    assert "Lưu mục này" not in page
    assert "Lập báo cáo</button>" not in page
    sent = {"section": opened.section.code, "revision": "0", "text": "x"}
    assert client.post(f"{path}muc/", sent).status_code == 403
    assert client.post(f"{path}lap/").status_code == 403


def test_the_document_is_built_fetched_and_flagged_when_a_figure_changes(opened: Any) -> None:
    review = Review.objects.get()
    client, path = visit(opened, "consolidator"), f"/tong-ket/{review.pk}/"
    client.post(f"{path}lap/")
    build = Build.objects.get()
    fetched = client.get(f"{path}ban/{build.pk}/")
    assert fetched["Content-Disposition"].startswith('attachment; filename="bao-cao-tong-ket-')
    body = zipfile.ZipFile(io.BytesIO(b"".join(fetched.streaming_content))).read("word/document.xml").decode()
    assert "Tuyến biên giới yên ổn." in body
    assert "Không số liệu nào đổi từ bản lập gần nhất" in client.get(path).content.decode()

    clerk = opened.actor("clerk")
    filing = actions.correct(clerk, opened.filing(opened.guard))
    actions.save_cells(clerk, filing, {"B2.d150.c3": 3, "B2.vietnam.c3": 3}, filing.revision)
    for finding in findings(opened.filing(opened.guard)):
        actions.explain(clerk, opened.filing(opened.guard), finding.key, "đúng")
    version = actions.submit(clerk, opened.filing(opened.guard), "Sót một vụ", "9/BC")
    actions.accept(opened.actor("consolidator"), version)
    page = client.get(path).content.decode()
    assert re.search(r"\d+ số liệu đã đổi từ bản lập gần nhất", page)
    assert 'class="lt s-late"' in page
    assert client.get(f"{path}ban/{build.pk + 1}/").status_code == 404


def test_a_document_that_is_gone_from_the_disk_says_what_to_do(opened: Any) -> None:
    from pathlib import Path

    client, path = visit(opened, "consolidator"), f"/tong-ket/{Review.objects.get().pk}/"
    client.post(f"{path}lap/")
    build = Build.objects.get()
    Path(build.file_path).unlink()
    answer = client.get(f"{path}ban/{build.pk}/", follow=True)
    assert "không còn trên máy chủ" in answer.content.decode()


def test_the_workspace_runs_under_the_strict_policy(opened: Any) -> None:
    page = visit(opened, "consolidator").get(f"/tong-ket/{Review.objects.get().pk}/").content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page)

"""The figures explorer through Django's client: hand-counted numbers, their sources, and refusals in words."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from haidang.filings import actions
from haidang.web.figures.chart import Bar, draw

pytestmark = pytest.mark.django_db
YEARS = "tu=01/01/2023&den=31/12/2024"


def accepted(world: Any, agency: Any, clerk: str, at: int, c3: int) -> None:
    """One accepted filing of B1 and B2: c3 reports on line d150, all of them resolved."""
    cells = world.filled("B1") | world.filled("B2") | {"B1.d150.c3": c3, "B1.d150.c12": c3}
    filing = world.filing(agency, at)
    actions.save_cells(world.actor(clerk), filing, cells, filing.revision)
    actions.accept(world.actor("consolidator"), actions.submit(world.actor(clerk), world.filing(agency, at)))


@pytest.fixture
def counted(world: Any) -> Any:
    """2023: border guard 2, police 3. 2024: border guard 7; the police have not filed."""
    accepted(world, world.guard, "clerk", 0, 2)
    accepted(world, world.police, "police_clerk", 0, 3)
    accepted(world, world.guard, "clerk", 1, 7)
    return world


def page_of(world: Any, name: str, query: str, path: str = "/so-lieu/") -> Any:
    client = Client()
    client.force_login(world.users[name])
    return client.get(f"{path}?{query}")


def row(page: str, name: str) -> list[str]:
    """The texts of the cells of the line with this heading."""
    found = re.search(rf'<th scope="row">{re.escape(name)}[^<]*</th>(.*?)</tr>', page, re.DOTALL)
    assert found is not None, f"no line {name}"
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", found[1], re.DOTALL)]


def test_years_total_and_coverage_are_the_hand_counted_ones(counted: Any) -> None:
    page = page_of(counted, "consolidator", f"chi-so=reports_new&{YEARS}").content.decode()
    assert row(page, "Tố giác, tin báo, kiến nghị khởi tố tiếp nhận mới") == ["5", "7", "12", "3/4"]
    assert "Còn 1 báo cáo chưa được tiếp nhận: Công an tỉnh Thử Nghiệm (Năm 2024)." in page
    assert re.search(r'<svg class="chart big"[^>]*aria-label="[^"]*2023 5, 2024 7', page)


def test_against_a_baseline_the_change_is_told_and_the_unlike_lengths_are_noted(counted: Any) -> None:
    query = "chi-so=reports_new&tu=01/01/2024&den=31/12/2024&goc-tu=01/01/2023&goc-den=31/12/2023"
    page = page_of(counted, "consolidator", query).content.decode()
    assert row(page, "Tố giác, tin báo, kiến nghị khởi tố tiếp nhận mới") == [
        "7",
        "7",
        "1/2",
        "5",
        "+2",
        "tăng 40\u00a0%",
    ]


def test_broken_down_by_agency_each_has_its_own_line(counted: Any) -> None:
    page = page_of(counted, "consolidator", f"chi-so=reports_new&{YEARS}&theo=agency").content.decode()
    assert row(page, "Bộ đội Biên phòng tỉnh Thử Nghiệm") == ["2", "7", "9", "2/2"]
    assert row(page, "Công an tỉnh Thử Nghiệm") == ["3", "–", "3", "1/2"]


def test_a_number_opens_the_versions_that_made_it(counted: Any) -> None:
    page = page_of(counted, "consolidator", f"chi-so=reports_new&{YEARS}").content.decode()
    link = next(each for each in re.findall(r'href="([^"]+)"', page) if "nguon-tu=01%2F01%2F2023" in each)
    opened = page_of(counted, "consolidator", html.unescape(link).partition("?")[2].partition("#")[0]).content.decode()
    assert "Nguồn của con số 5" in opened
    for agency, number in ((counted.guard, "2"), (counted.police, "3")):
        address = f"/bao-cao/{counted.obligation(agency).pk}/ban/1/?bieu=B1"
        assert re.search(
            rf'<a href="{re.escape(address)}">{agency.name}</a>.*?<td class="num">{number}</td>', opened, re.DOTALL
        )


def test_the_sources_have_a_page_of_their_own(counted: Any) -> None:
    answer = page_of(counted, "consolidator", f"chi-so=B1.d150.c3&{YEARS}", "/so-lieu/nguon/")
    page = answer.content.decode()
    assert "Nguồn của con số 12" in page
    assert page.count("/ban/1/?bieu=B1") == 3


def test_an_agency_sees_the_figures_of_its_own_filings_only(counted: Any) -> None:
    page = page_of(counted, "clerk", f"chi-so=reports_new&{YEARS}").content.decode()
    assert row(page, "Tố giác, tin báo, kiến nghị khởi tố tiếp nhận mới") == ["2", "7", "9", "2/2"]
    assert page_of(counted, "clerk", f"chi-so=reports_new&{YEARS}&dia-ban={counted.province.pk}").status_code == 403
    stranger = page_of(counted, "stranger", f"chi-so=reports_new&{YEARS}").content.decode()
    assert "Bộ đội Biên phòng tỉnh Thử Nghiệm" not in stranger


def test_a_correction_changes_the_latest_figure_and_not_the_first(counted: Any) -> None:
    filing = actions.correct(counted.actor("clerk"), counted.filing(counted.guard))
    actions.save_cells(counted.actor("clerk"), filing, {"B1.d150.c3": 4, "B1.d150.c12": 4}, filing.revision)
    version = actions.submit(counted.actor("clerk"), counted.filing(counted.guard), "Sót hai tin", "5/BC")
    actions.accept(counted.actor("consolidator"), version)
    name = "Tố giác, tin báo, kiến nghị khởi tố tiếp nhận mới"
    latest = page_of(counted, "consolidator", f"chi-so=reports_new&{YEARS}").content.decode()
    first = page_of(counted, "consolidator", f"chi-so=reports_new&{YEARS}&ban=first").content.decode()
    assert (row(latest, name)[0], row(first, name)[0]) == ("7", "5")
    sources = page_of(counted, "consolidator", f"chi-so=reports_new&{YEARS}", "/so-lieu/nguon/").content.decode()
    assert "Sót hai tin (văn bản 5/BC)" in sources
    assert f'href="/bao-cao/{counted.obligation(counted.guard).pk}/ban/">Xem khác biệt' in sources


def test_a_question_may_keep_to_one_plan(counted: Any) -> None:
    name = "Tố giác, tin báo, kiến nghị khởi tố tiếp nhận mới"
    query = f"chi-so=reports_new&{YEARS}&ke-hoach="
    assert row(page_of(counted, "consolidator", f"{query}{counted.plan.pk}").content.decode(), name)[2] == "12"
    assert row(page_of(counted, "consolidator", f"{query}{counted.plan.pk + 1}").content.decode(), name)[0] == "–"


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("tu=31/6/2023&den=31/12/2024", 422, "Không có ngày 31/6/2023 trong lịch"),
        ("tu=01/01/2025&den=31/12/2024", 422, "Đổi lại hai ngày"),
        ("tu=01/01/1950&den=31/12/2024", 422, "dài quá 60 năm"),
        (f"{YEARS}&goc-tu=01/01/2020", 422, "Ghi đủ ngày"),
        (f"{YEARS}&ban=on", 422, "Ghi đủ ngày"),
        (f"{YEARS}&chi-so=không.có", 404, "Không có chỉ số hoặc ô nào mang mã"),
        (f"{YEARS}&dia-ban=abc", 200, "Bảng số liệu"),
        (f"{YEARS}&dia-ban=999999", 404, "Không có địa bàn nào như địa chỉ đã ghi"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(counted: Any, query: str, status: int, told: str) -> None:
    answer = page_of(counted, "consolidator", query)
    assert answer.status_code == status
    assert told in answer.content.decode()
    assert page_of(counted, "consolidator", query, "/so-lieu/nguon/").status_code in (200, 404, 422)


def test_nothing_asked_yet_starts_from_the_plan_of_the_area(counted: Any) -> None:
    page = page_of(counted, "consolidator", "").content.decode()
    assert 'name="tu" value="01/01/2023"' in page
    assert 'aria-label="Đến ngày" value="31/12/2024"' in page


def test_a_bar_chart_starts_at_zero_and_marks_part_years() -> None:
    chart = draw("Số vụ", [Bar("2023", 5, part=True), Bar("2024", 10), Bar("2025", None)])
    assert chart is not None
    assert [bar.label for bar in chart.bars] == ["2023*", "2024", "2025"]
    heights = [float(bar.height) for bar in chart.bars]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)
    assert heights[2] == 0
    assert chart.bars[2].text == "chưa có số"
    assert chart.ticks[0].text == "0"
    assert draw("Số vụ", [Bar("2023", None)]) is None

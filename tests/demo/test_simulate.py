"""Invented filings in bulk: who owes what by date, and rows that the actions would have written."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest
from django.conf import settings

from haidang.accounts.actors import SYSTEM
from haidang.accounts.models import User
from haidang.agencies.models import Agency, Area
from haidang.agencies.queries import areas_on
from haidang.audit.queries import first_broken_entry
from haidang.cli import main
from haidang.demo.build import AlreadyThere, remembered
from haidang.demo.simulate import Simulated, past_quarters, simulate
from haidang.demo.simulate_rows import Rows
from haidang.filings.actions import accept
from haidang.filings.actions.submissions import version_sha256
from haidang.filings.content import findings_of, forms_for
from haidang.filings.models import Cycle, Filing, FilingState, Obligation, Ruling, Version
from haidang.filings.queries import filings_awaiting
from haidang.filings.rules import is_nil
from haidang.kernel import clock
from haidang.kernel.clock import VIET_NAM
from haidang.kernel.windows import Window
from haidang.plans.models import Plan
from haidang.statistics.queries import figures

TODAY = datetime(2025, 10, 10, 9, tzinfo=VIET_NAM)
CAO_BANG = "04"


@pytest.fixture
def made(db: None) -> Simulated:
    with clock.fixed_at(TODAY):
        return simulate(2, lambda line: None, province=CAO_BANG, forms=("B1", "B5"))


def test_the_last_quarters_are_those_whose_due_dates_are_past() -> None:
    found = past_quarters(3, date(2025, 10, 10))
    assert [one.label for one in found] == ["Quý I/2025", "Quý II/2025", "Quý III/2025"]
    assert found[-1].window == Window(date(2025, 6, 15), date(2025, 9, 14))
    assert [one.label for one in past_quarters(1, date(2025, 9, 25))] == ["Quý II/2025"]


def test_rows_are_those_that_the_actions_would_have_written(made: Simulated) -> None:
    _communes_owe_by_the_day(made)
    _versions_hold_together()
    _figures_are_the_sums_of_accepted_cells()
    _work_goes_on_from_there()
    assert first_broken_entry() is None
    told = remembered(settings.VAR)
    assert told is not None and "giả định" in told["note"]


def _communes_owe_by_the_day(made: Simulated) -> None:
    before, after = (
        {area.pk for area in areas_on(day, "commune")} for day in (date(2025, 6, 25), date(2025, 9, 25))
    )  # fmt: skip
    owing = [
        set(Agency.objects.filter(level="commune", obligations__cycle__due_on=day).values_list("area_id", flat=True))
        for day in (date(2025, 6, 25), date(2025, 9, 25))
    ]
    assert owing == [before, after]
    assert (made.communes_first, made.communes_last) == (len(before), len(after))
    assert len(before) > len(after) > 0
    assert not Obligation.objects.filter(cycle__due_on="2025-09-25", agency__level="district").exists()


def _versions_hold_together() -> None:
    states = Counter(Filing.objects.values_list("state", flat=True))
    assert set(states) == set(FilingState.values)
    checked = set()
    for version in Version.objects.select_related("filing__obligation__cycle", "filing__obligation__agency"):
        assert version.sha256 == version_sha256(version)
        obligation = version.filing.obligation
        if version.sha256 in checked:
            continue
        checked.add(version.sha256)
        forms = forms_for(obligation)
        assert set(version.forms) == {form.code for form in forms}
        found = findings_of(forms, version.cells, {}, {})
        assert not [finding for finding in found if finding.level == "block"]
    for filing in Filing.objects.exclude(received_at=None):
        assert filing.nil == is_nil(filing.cells)
    assert not Filing.objects.filter(state=FilingState.RETURNED).exclude(received_at=None).exists()


def _figures_are_the_sums_of_accepted_cells() -> None:
    with clock.fixed_at(TODAY):
        (figure,) = figures(SYSTEM, ["B1.d150.c3"], Window(date(2025, 3, 15), date(2025, 9, 14)))
    latest: dict[int, Any] = {}
    for ruling in Ruling.objects.filter(outcome="accepted").select_related("version").order_by("version__number"):
        latest[ruling.version.filing_id] = ruling.version.cells.get("B1.d150.c3")
    assert figure.value == sum(value for value in latest.values() if isinstance(value, int))
    assert figure.value


def _work_goes_on_from_there() -> None:
    waiting = filings_awaiting(SYSTEM)
    ruling = accept(SYSTEM, waiting[0])
    assert ruling.pk == Ruling.objects.count()
    assert Filing.objects.get(pk=waiting[0].filing_id).state == FilingState.ACCEPTED


def test_it_refuses_a_database_that_holds_anything(db: None) -> None:
    User.objects.create(username="ai-do")
    with pytest.raises(AlreadyThere, match="đã có dữ liệu"):
        simulate(1, lambda line: None, province=CAO_BANG)
    assert not Obligation.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--cycles", "0"], "Số kỳ phải từ 1 đến 80"),
        (["--cycles", "81"], "Số kỳ phải từ 1 đến 80"),
        (["--cycles", "1", "--forms", "B1,B99"], "Không có biểu “B99”"),
        (["--cycles", "1", "--forms", "B1,"], "Không có biểu “”"),
        (["--cycles", "1", "--province", "00"], "mã “00”"),
    ],
)
def test_the_command_says_what_is_wrong(
    db: None, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(["simulate", "--areas", "province", *arguments]) == 2
    assert told in capsys.readouterr().err
    assert not Agency.objects.exists()


def test_the_command_tells_what_it_made(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--areas", "province", "--province", CAO_BANG, "--cycles", "1", "--forms", "B1, B1", "--json"]
    assert main(["simulate", *arguments]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["obligations"] == Obligation.objects.count()
    assert told["versions"] == Version.objects.count()
    assert told["facts"] > 0
    assert {tuple(cycle.forms) for cycle in Cycle.objects.all()} == {("B1",)}


def test_a_province_that_changed_its_kind_goes_on_under_one_plan(db: None) -> None:
    with clock.fixed_at(datetime(2025, 4, 10, 9, tzinfo=VIET_NAM)):
        simulate(2, lambda line: None, province="46", forms=("B1",))
    assert [area.kind for area in areas_on(date(2024, 12, 25), "province")] == ["tỉnh"]
    assert [area.kind for area in areas_on(date(2025, 3, 25), "province")] == ["thành phố"]
    cycles = list(Cycle.objects.order_by("due_on"))
    assert [cycle.due_on for cycle in cycles] == [date(2024, 12, 25), date(2025, 3, 25)]
    assert len({cycle.plan_id for cycle in cycles}) == 1
    assert all(cycle.obligations.exists() for cycle in cycles)


@pytest.mark.django_db
def test_columns_that_are_not_named_take_the_default_of_the_model() -> None:
    rows = Rows(Plan)
    area = Area.objects.create(code="98", name="Tỉnh Hải Minh", kind="Tỉnh", level="province", path="1")
    rows.add(area_id=area.pk, file_name="a.txt", file_sha256="0" * 64, text="", reading="{}", imported_at=TODAY)
    rows.finish()
    plan = Plan.objects.get()
    assert (plan.legal_bases, plan.paragraphs, plan.state, plan.issued_on) == ([], [], "draft", None)

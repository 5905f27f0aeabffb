"""The demo, built small: every state is there, and figures of its report are the sums of the filings' cells."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from haidang.accounts.actors import SYSTEM
from haidang.accounts.models import User
from haidang.agencies.queries import actor_for
from haidang.audit.models import Entry
from haidang.audit.queries import first_broken_entry
from haidang.catalogue.forms import form
from haidang.catalogue.outlines import outline
from haidang.cli import main
from haidang.demo.build import AlreadyThere, Demo, build_demo, remembered
from haidang.demo.people import PASSWORD
from haidang.demo.plans import SAMPLES
from haidang.demo.sizes import SMALL
from haidang.filings.actions.reminders import send_digests
from haidang.filings.models import Filing, FilingState, Obligation, Ruling, Version
from haidang.kernel.windows import Window
from haidang.plans.models import Plan
from haidang.reviews.models import Build
from haidang.statistics.queries import figures, year_series

WINDOW = Window(date(2021, 2, 9), date(2025, 6, 15))
BASELINE = Window(date(2016, 1, 1), date(2020, 12, 31))


def review_plan() -> Plan:
    return Plan.objects.get(review__isnull=False)


def test_it_says_what_it_made_and_remembers_it(built: Any, demo: Demo) -> None:
    _demo, lines, var = built
    assert len(demo.plans) == 9  # five of the province, and four of its family; the merger is told apart
    assert len(demo.accounts) == 12  # ten of the province, one of the centre, one of the merged province
    assert Path(demo.report).is_file()
    assert any("tiếp nhận" in line for line in lines)
    told = remembered(var)
    assert told is not None and told == json.loads(json.dumps(told))
    assert (told["obligations"], told["facts"]) == (Obligation.objects.count(), demo.facts)


def test_every_state_of_a_filing_is_there(demo: Demo) -> None:
    states = Counter(Filing.objects.filter(revision__gt=0).values_list("state", flat=True))
    assert set(states) == set(FilingState.values)
    assert states[FilingState.ACCEPTED] > 100
    assert Obligation.objects.exclude(waived_reason="").filter(handed_to=None).count() == 1
    assert Obligation.objects.filter(handed_to__isnull=False).exists()
    assert Filing.objects.filter(revision=0, obligation__waived_reason="").exists()


def test_one_filing_is_late_one_left_returned_one_corrected(demo: Demo) -> None:
    cycles = review_plan().cycles.all()
    late = [
        filing.obligation.agency.code
        for filing in Filing.objects.filter(obligation__cycle__in=cycles, received_at__isnull=False)
        if filing.received_at and filing.obligation.cycle.due.days_late(filing.received_at.date()) > 0
    ]
    assert late == ["S1.ldld"]
    returned = Filing.objects.get(obligation__cycle__in=cycles, state=FilingState.RETURNED)
    assert returned.obligation.agency.code == "S1.hoi-ccb"
    assert "giả định" in Ruling.objects.get(version__filing=returned).comment
    second = Version.objects.get(number=2)
    assert (second.filing.obligation.agency.code, second.document_number) == ("S1.so-y-te", "217/BC-SYT")
    assert "giả định" in second.reason
    assert Ruling.objects.get(version=second).outcome == "accepted"


def test_three_figures_of_the_report_are_the_sums_of_the_filings_cells(demo: Demo) -> None:
    plan = review_plan()
    frozen = Build.objects.get().figures
    cells = {code: spec.cell for code, spec in outline("closing-2021-2025").figures_by_code.items()}
    for code in (
        "cases-opened",
        "reports-new",
        "victims-identified" if "victims-identified" in cells else "trials-new",
    ):
        total, before = (by_hand(plan, cells[code], baseline=baseline) for baseline in (False, True))
        assert (frozen[code]["total"], frozen[code]["baseline"]) == (total, before)
        assert sum(frozen[code]["years"].values()) == total > 0
        figure = year_series(SYSTEM, [cells[code]], WINDOW, BASELINE, plan.area, plan_id=plan.pk)[cells[code]]
        assert figure.value == total


def by_hand(plan: Plan, cell: str, *, baseline: bool) -> int:
    """The sum of one computed cell over the last accepted version of each filing, as it stands in the filings."""
    last: dict[int, dict[str, Any]] = {}
    rulings = Ruling.objects.filter(
        outcome="accepted", version__filing__obligation__cycle__plan=plan,
        version__filing__obligation__cycle__baseline=baseline,
    )  # fmt: skip
    for ruling in rulings.select_related("version").order_by("version__number"):
        last[ruling.version.filing_id] = ruling.version.cells
    return sum(cells.get(cell, 0) for cells in last.values() if isinstance(cells.get(cell, 0), int))


def test_the_correction_is_what_figures_use_and_the_first_report_stays(demo: Demo) -> None:
    plan = review_plan()
    year = Window(date(2024, 1, 1), date(2024, 12, 31))
    latest = figures(SYSTEM, ["B7.meeting.c1"], year, plan.area, plan_id=plan.pk)[0]
    first = figures(SYSTEM, ["B7.meeting.c1"], year, plan.area, plan_id=plan.pk, versions="first")[0]
    assert (latest.value or 0) - (first.value or 0) == 4


def test_what_one_cycle_leaves_over_the_next_one_opens_with(demo: Demo) -> None:
    plan = review_plan()
    spec = form("B2")
    police = {
        filing.obligation.cycle.window: filing.cells
        for filing in Filing.objects.filter(obligation__cycle__plan=plan, obligation__agency__code="S1.cong-an")
    }
    windows = sorted(police)
    for before, after in itertools.pairwise(windows):
        for row in (row.code for row in spec.rows if row.group == "offence" and not row.formula):
            assert police[after][f"B2.{row}.c1"] == police[before][f"B2.{row}.c21"]


def test_the_audit_chain_is_whole_and_the_people_are_real_actors(demo: Demo) -> None:
    assert first_broken_entry() is None
    accepted = Entry.objects.filter(action="filings.accepted")
    assert accepted.exists()
    consolidators = {"Trần Thu Hà (mẫu)", "Cán bộ tổng hợp 1 (mẫu)", "Cán bộ tổng hợp 2 (mẫu)"}
    assert set(accepted.values_list("actor", flat=True)) == consolidators


def test_the_accounts_sign_in_and_the_stranger_sees_nothing_of_others(demo: Demo) -> None:
    for account in demo.accounts:
        assert User.objects.get(username=account.username).check_password(PASSWORD)
    stranger = actor_for(User.objects.get(username="nguoila"), date(2025, 6, 1))
    figure = figures(stranger, ["B1.core.c2"], WINDOW)[0]
    assert (figure.value, figure.coverage.expected) == (None, 0)


def test_the_digests_of_the_demo_go_to_addresses_that_are_nobodys(demo: Demo) -> None:
    digests = send_digests(SYSTEM, dry_run=True)
    assert digests.sent and not digests.without_address
    assert {one.person.email.partition("@")[2] for one in digests.sent} == {"hai-dang.example"}


def test_everything_invented_says_so(demo: Demo) -> None:
    assert "giả định" in demo.province
    assert all(plan.fictional for plan in Plan.objects.all())
    for version in Version.objects.all():
        assert all("giả định" in text for text in version.sections.values())
        assert all("giả định" in text for text in version.explanations.values())


def test_a_database_with_data_is_left_alone(demo: Demo) -> None:
    before = Filing.objects.count()
    with pytest.raises(AlreadyThere, match="HAIDANG_VAR"):
        build_demo(SAMPLES, print, SMALL)
    assert Filing.objects.count() == before


def test_the_command_run_again_builds_nothing_and_prints_what_is_there(demo: Demo, capsys: Any) -> None:
    before = Entry.objects.count()
    assert main(["demo", "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["report"] == demo.report
    assert "haidang demo --again" in captured.err
    assert main(["demo"]) == 0
    out = capsys.readouterr().out
    assert PASSWORD in out and demo.report in out and "nguoila" in out
    assert Entry.objects.count() == before


def test_the_command_refuses_a_folder_that_is_not_there(demo: Demo, capsys: Any) -> None:
    assert main(["demo", "--plans", "/nowhere/plans"]) == 2
    assert "Không có thư mục kế hoạch" in capsys.readouterr().err


def test_the_command_leaves_a_database_alone_that_the_demo_did_not_fill(
    demo: Demo, settings: Any, tmp_path: Path, capsys: Any
) -> None:
    settings.VAR = tmp_path
    assert main(["demo", "--again"]) == 2
    assert "HAIDANG_VAR" in capsys.readouterr().err
    assert Filing.objects.exists()

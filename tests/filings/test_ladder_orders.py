"""Every action of the ladder as every role, in every order, asked twice, and against a report above that holds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haidang.accounts.actors import Actor, Refused, Role
from haidang.agencies.models import Agency
from haidang.audit.models import Entry
from haidang.audit.queries import first_broken_entry
from haidang.filings import actions
from haidang.filings.actions.submissions import version_sha256
from haidang.filings.consolidating.below import below_of
from haidang.filings.models import Filing, FilingState, Obligation, Reopening, Ruling, Version
from haidang.filings.queries import difference
from haidang.filings.sources import mark_of_plan

from .conftest import Cast, make_actor, make_agency, make_area

MOVES = ("submit", "withdraw", "accept", "return_", "correct", "keep", "reopen", "waive", "unwaive")


@dataclass
class Tower:
    """A commune's police, those of its province (standing) and of the centre (standing), and everybody's people."""

    cast: Cast
    filing: Filing
    above: Filing
    people: dict[str, Actor]

    def do(self, move: str, who: str, filing: Filing | None = None) -> Any:
        """Make the move on the commune's filing as it stands (or another one), with words where they are needed."""
        filing = Filing.objects.get(pk=(filing or self.filing).pk)
        obligation = Obligation.objects.select_related("agency__area", "cycle").get(pk=filing.obligation_id)
        filing.obligation = obligation
        last = Version.objects.filter(filing=filing).order_by("number").last()
        actor = self.people[who]
        jobs: dict[str, Callable[[], Any]] = {
            "submit": lambda: actions.submit(actor, filing, f"Lần {last.number if last else 0}.", "12/CAX"),
            "withdraw": lambda: actions.withdraw(actor, last, "Gửi nhầm.") if last else refuse(),
            "accept": lambda: actions.accept(actor, last) if last else refuse(),
            "return_": lambda: actions.return_(actor, last, "Xem lại.") if last else refuse(),
            "correct": lambda: actions.correct(actor, filing),
            "keep": lambda: actions.keep_accepted(actor, filing),
            "reopen": lambda: actions.reopen(actor, filing, "Sai số."),
            "waive": lambda: actions.waive(actor, obligation, "Không phát sinh."),
            "unwaive": lambda: actions.unwaive(actor, obligation),
        }
        return jobs[move]()


def refuse() -> None:
    raise Refused("Chưa có bản nào.")


@pytest.fixture
def tower(cast: Cast) -> Tower:
    return build_tower(cast)


def build_tower(cast: Cast) -> Tower:
    below = make_agency("hm-st-police", "Công an xã Sơn Trà", "police", cast.commune)
    sibling_area = make_area("98002", "Xã Sơn Hà", "commune", cast.province)
    sibling = make_agency("hm-sh-police", "Công an xã Sơn Hà", "police", sibling_area)
    ministry = Agency.objects.create(code="bca", name="Bộ Công an", function="police", level="central", standing=True)
    cycle = cast.cycle(forms=("B1",))
    people = {
        "clerk": make_actor("xa", below, Role.CLERK),
        "approver": make_actor("xa-duyet", below, Role.APPROVER),
        "viewer": make_actor("xa-lanhdao", below, Role.LEADER),
        "administrator": make_actor("xa-quantri", below, Role.ADMINISTRATOR),
        "sibling": make_actor("xa-khac", sibling, Role.CLERK, Role.APPROVER, Role.CONSOLIDATOR),
        "parent": cast.ha,
        "parent's clerk": make_actor("tinh-nhap", cast.police, Role.CLERK),
        "parent's leader": make_actor("tinh-lanhdao", cast.police, Role.LEADER),
        "parent's administrator": make_actor("tinh-quantri", cast.police, Role.ADMINISTRATOR),
        "department": cast.minh,
        "elsewhere": cast.stranger,
        "centre": central("tw", ministry, Role.CONSOLIDATOR),
        "centre's administrator": central("tw-quantri", ministry, Role.ADMINISTRATOR),
        "nobody": Actor(None, ""),
    }
    tower = Tower(cast, cast.filing(cycle, below), cast.filing(cycle, cast.police), people)
    actions.report_nil(people["clerk"], tower.filing, "B1", 0)
    return tower


def central(username: str, ministry: Agency, *roles: Role) -> Actor:
    """Somebody of the standing agency at the centre, which has no area and sees the whole country."""
    held = make_actor(username, Agency.objects.get(code="hm-police"), *roles)
    seats = tuple(type(seat)(seat.role, ministry.pk, ministry.name, "", True) for seat in held.seats)
    return Actor(held.user_id, held.name, seats)


OWN, ABOVE = {"clerk", "approver"}, {"parent", "centre"}
# What each move needs to have gone before, and who may make it then; everybody else is refused and changes nothing.
LADDER = [
    ("submit", [], OWN),
    ("withdraw", ["submit"], OWN),
    ("accept", ["submit"], ABOVE),
    ("return_", ["submit"], ABOVE),
    ("correct", ["submit", "accept"], OWN),
    ("keep", ["submit", "accept", "correct"], OWN),
    ("reopen", ["submit", "accept"], ABOVE),
    ("waive", [], ABOVE),
    ("unwaive", ["waive"], ABOVE),
]


@pytest.mark.parametrize(("move", "before", "allowed"), LADDER, ids=[move for move, _, _ in LADDER])
def test_each_move_is_for_its_own_roles_and_everybody_else_changes_nothing(
    tower: Tower, move: str, before: list[str], allowed: set[str]
) -> None:
    for step in before:
        tower.do(step, "clerk" if step in ("submit", "correct") else "parent")
    stood = snapshot(tower)
    for who in tower.people.keys() - allowed:
        with pytest.raises(Refused) as told:
            tower.do(move, who)
        assert str(told.value).endswith("."), "a refusal is a sentence"
        assert snapshot(tower) == stood, who
    tower.do(move, sorted(allowed)[0])
    assert snapshot(tower) != stood


def snapshot(tower: Tower) -> tuple[Any, ...]:
    """Everything that a move may change, the number of audit entries included."""
    filing = Filing.objects.get(pk=tower.filing.pk)
    waived = Obligation.objects.get(pk=filing.obligation_id).waived_reason
    counts = [model.objects.count() for model in (Version, Ruling, Reopening, Entry)]
    return filing.state, filing.received_at, filing.nil, waived, *counts


@pytest.mark.parametrize(("move", "before", "allowed"), LADDER, ids=[move for move, _, _ in LADDER])
def test_a_move_asked_twice_by_the_same_person_is_made_once(
    tower: Tower, move: str, before: list[str], allowed: set[str]
) -> None:
    for step in before:
        tower.do(step, "clerk" if step in ("submit", "correct") else "parent")
    who = "clerk" if allowed == OWN else "parent"
    first = tower.do(move, who)
    stood = snapshot(tower)
    if move == "submit":
        again = actions.submit(tower.people[who], tower.filing, "Lần 0.", "12/CAX")
    else:
        again = tower.do(move, who)
    assert snapshot(tower) == stood
    assert again.pk == first.pk


def test_a_submission_retried_after_it_was_accepted_is_the_accepted_version(tower: Tower) -> None:
    version = tower.do("submit", "clerk")
    tower.do("accept", "parent")
    assert actions.submit(tower.people["clerk"], tower.filing, "Lần 0.", "12/CAX").pk == version.pk
    assert Version.objects.count() == 1


def test_the_same_decision_by_somebody_else_or_in_other_words_is_refused(tower: Tower) -> None:
    version = tower.do("submit", "clerk")
    tower.do("return_", "parent")
    with pytest.raises(Refused, match="bị trả lại"):
        tower.do("return_", "centre")
    with pytest.raises(Refused, match="bị trả lại"):
        actions.return_(tower.people["parent"], version, "Lý do khác.")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(MOVES), st.sampled_from(("clerk", "parent", "centre"))), max_size=12))
def test_whatever_the_order_of_moves_what_is_kept_agrees_with_itself(
    tower: Tower, steps: list[tuple[str, str]]
) -> None:
    reset(tower)
    for move, who in steps:
        try:
            tower.do(move, who)
        except Refused:
            continue
        assert_consistent(tower)
    assert first_broken_entry() is None


def reset(tower: Tower) -> None:
    """Begin anew: hypothesis runs many orders within one test."""
    for model in (Reopening, Ruling, Version):
        model.objects.all().delete()
    Filing.objects.filter(pk=tower.filing.pk).update(state=FilingState.DRAFT, received_at=None, nil=False)
    Obligation.objects.update(waived_reason="")


def assert_consistent(tower: Tower) -> None:
    filing = Filing.objects.select_related("obligation").get(pk=tower.filing.pk)
    versions = list(Version.objects.filter(filing=filing).select_related("ruling").order_by("number"))
    outcomes = [getattr(getattr(one, "ruling", None), "outcome", "") for one in versions]
    assert [one.number for one in versions] == list(range(1, len(versions) + 1))
    assert all(one.sha256 == version_sha256(one) for one in versions)
    assert "" not in outcomes[:-1], "only the version sent last may wait"
    assert (filing.state == FilingState.SUBMITTED) == (outcomes[-1:] == [""])
    assert (filing.received_at is not None) == ("accepted" in outcomes or outcomes[-1:] == [""])
    assert filing.state != FilingState.ACCEPTED or [one for one in outcomes if one != "withdrawn"][-1] == "accepted"
    assert not filing.obligation.waived_reason or filing.received_at is None, "waived is neither received nor accepted"
    corrections = outcomes.index("accepted") + 1 if "accepted" in outcomes else len(versions)
    assert all(one.reason and one.document_number for one in versions[corrections:])


def test_what_waits_or_was_accepted_is_not_waived_any_more(tower: Tower) -> None:
    tower.do("submit", "clerk")
    with pytest.raises(Refused, match="đang chờ kiểm tra nên không miễn được"):
        tower.do("waive", "parent")
    tower.do("accept", "parent")
    with pytest.raises(Refused, match="số đang dùng để tổng hợp nên không miễn được"):
        tower.do("waive", "parent")
    tower.do("correct", "clerk")
    with pytest.raises(Refused, match="không miễn được"):
        tower.do("waive", "parent")


def test_what_was_returned_is_waived_and_then_neither_sent_nor_entered(tower: Tower) -> None:
    tower.do("submit", "clerk")
    tower.do("return_", "parent")
    tower.do("waive", "parent")
    with pytest.raises(Refused, match="được miễn"):
        tower.do("submit", "clerk")
    with pytest.raises(Refused, match="được miễn"):
        actions.report_nil(tower.people["clerk"], Filing.objects.get(pk=tower.filing.pk), "B1", 1)
    tower.do("unwaive", "parent")
    assert tower.do("submit", "clerk").number == 2


def test_what_was_waived_by_an_older_hand_is_not_accepted_on_top(tower: Tower) -> None:
    tower.do("submit", "clerk")
    Obligation.objects.filter(pk=tower.filing.obligation_id).update(waived_reason="Miễn từ trước.")
    with pytest.raises(Refused, match="Bỏ miễn trước"):
        tower.do("accept", "parent")


def whole_above(tower: Tower) -> None:
    """The province's report is to hold the communes' numbers, explains who is missing, and is sent and accepted."""
    son, pk = tower.cast.son, tower.above.pk
    actions.report_nil(son, tower.above, "B1", 0)
    held = Filing.objects.get(pk=pk)
    actions.set_whole(son, held, True, held.revision)
    actions.explain(son, Filing.objects.get(pk=pk), "cross.missing_below", "Còn xã chưa gửi, đã đôn đốc.")
    actions.accept(tower.people["centre"], actions.submit(son, Filing.objects.get(pk=pk)))


@pytest.mark.parametrize(("move", "who"), [("correct", "clerk"), ("reopen", "parent"), ("reopen", "centre")])
def test_acceptance_above_freezes_what_the_report_above_holds(tower: Tower, move: str, who: str) -> None:
    tower.do("submit", "clerk")
    tower.do("accept", "parent")
    whole_above(tower)
    with pytest.raises(Refused, match=r"nằm trong báo cáo gồm cả cấp dưới của Công an tỉnh Hải Minh, được tiếp nhận"):
        tower.do(move, who)
    tower.do("reopen", "centre", tower.above)
    tower.do(move, who)
    assert Filing.objects.get(pk=tower.filing.pk).state == FilingState.DRAFT


def test_a_correction_opened_before_the_acceptance_above_waits_until_the_report_above_is_opened(tower: Tower) -> None:
    tower.do("submit", "clerk")
    tower.do("accept", "parent")
    tower.do("correct", "clerk")
    whole_above(tower)
    tower.do("submit", "clerk")
    with pytest.raises(Refused, match="Chưa tiếp nhận bản đính chính này được"):
        tower.do("accept", "parent")
    tower.do("return_", "parent")
    tower.do("submit", "clerk")
    tower.do("reopen", "centre", tower.above)
    assert tower.do("accept", "parent").outcome == "accepted"


def test_a_late_first_report_is_still_taken_in_below_an_accepted_one(tower: Tower) -> None:
    whole_above(tower)
    tower.do("submit", "clerk")
    assert tower.do("accept", "parent").outcome == "accepted"


def test_own_numbers_above_freeze_nothing_below(tower: Tower) -> None:
    son = tower.cast.son
    tower.do("submit", "clerk")
    tower.do("accept", "parent")
    actions.report_nil(son, tower.above, "B1", 0)
    actions.accept(tower.people["centre"], actions.submit(son, Filing.objects.get(pk=tower.above.pk)))
    tower.do("correct", "clerk")
    assert Filing.objects.get(pk=tower.filing.pk).state == FilingState.DRAFT


def test_under_a_plan_from_above_the_standing_agency_does_not_decide_on_its_own_report(tower: Tower) -> None:
    country = make_area("TW", "Trung ương", "central")
    plan = tower.cast.plan
    plan.area = country
    plan.save()
    actions.report_nil(tower.cast.son, tower.above, "B1", 0)
    with pytest.raises(Refused, match=r"theo kế hoạch của cấp trên \(Trung ương\), không tự miễn"):
        tower.do("waive", "parent", tower.above)
    actions.submit(tower.cast.son, Filing.objects.get(pk=tower.above.pk))
    for move in ("accept", "return_"):
        with pytest.raises(Refused, match="không tự tiếp nhận, trả lại được"):
            tower.do(move, "parent", tower.above)
    tower.do("accept", "centre", tower.above)
    with pytest.raises(Refused, match="không tự mở lại được"):
        tower.do("reopen", "parent", tower.above)
    tower.do("submit", "clerk")
    assert tower.do("accept", "parent").outcome == "accepted", "an agency below it is decided on as ever"


def test_under_its_own_plan_the_standing_agency_decides_on_its_own_report(tower: Tower) -> None:
    actions.report_nil(tower.cast.son, tower.above, "B1", 0)
    actions.submit(tower.cast.son, Filing.objects.get(pk=tower.above.pk))
    assert tower.do("accept", "parent", tower.above).outcome == "accepted"


def test_a_note_stands_at_a_cell_that_the_form_has(tower: Tower) -> None:
    version = tower.do("submit", "clerk")
    ha = tower.people["parent"]
    for code in ("B1.khongco.c1", "B1.", "B5.t.c1", "X"):
        with pytest.raises(Refused, match="Không có ô hoặc mục"):
            actions.return_(ha, version, "Xem lại.", {code: "Sai."})
    cell = next(iter(version.forms)) + "." + sorted(version.cells)[0].partition(".")[2]
    with pytest.raises(Refused, match="dài hơn 500 ký tự"):
        actions.return_(ha, version, "Xem lại.", {cell: "x" * 501})
    with pytest.raises(Refused, match=r"dài hơn 2\.000 ký tự"):
        actions.return_(ha, version, "x" * 2001)
    assert actions.return_(ha, version, "Xem lại.", {cell: " Đối chiếu sổ. "}).notes == {cell: "Đối chiếu sổ."}


def test_opening_again_and_correcting_have_their_own_names_in_the_trail(tower: Tower) -> None:
    for step, who in (("submit", "clerk"), ("accept", "parent"), ("reopen", "parent"), ("submit", "clerk")):
        tower.do(step, who)
    tower.do("accept", "parent")
    tower.do("correct", "approver")
    named = Entry.objects.filter(subject_type="filings.filing").order_by("id").values_list("action", "actor")
    assert list(named)[-2:] == [("filings.accepted", "Ha"), ("filings.correcting", "Xa-Duyet")]
    assert ("filings.reopened", "Ha") in list(named)


def test_a_waived_agency_below_is_listed_with_its_reason_and_not_missing(tower: Tower) -> None:
    tower.do("waive", "parent")
    above = Obligation.objects.select_related("agency__area", "cycle").get(pk=tower.above.obligation_id)
    below = below_of(above)
    assert below is not None
    assert [(one.agency.name, one.waived_reason) for one in below.waived] == [
        ("Công an xã Sơn Trà", "Không phát sinh.")
    ]
    assert [one.agency.name for one in below.missing] == ["Công an xã Sơn Hà"]
    assert (below.received, below.expected) == (0, 1)


def test_what_a_report_rests_on_changes_with_each_waiver_and_its_reason(tower: Tower) -> None:
    """Waiving the 1st and 4th is not waiving the 2nd and 3rd, though their numbers add up alike."""
    plan = tower.cast.plan.pk
    tower.cast.cycle("Quý II/2025", forms=("B1",))
    first, second, third, fourth = Obligation.objects.order_by("pk").values_list("pk", flat=True)[:4]
    seen = {mark_of_plan(plan)}
    for pks in ([first, fourth], [second, third]):
        Obligation.objects.update(waived_reason="")
        Obligation.objects.filter(pk__in=pks).update(waived_reason="Không có.")
        seen.add(mark_of_plan(plan))
    Obligation.objects.exclude(waived_reason="").update(waived_reason="Lý do khác.")
    seen.add(mark_of_plan(plan))
    assert len(seen) == 4


def test_a_correction_opened_by_mistake_is_given_up_as_long_as_it_changes_nothing(tower: Tower) -> None:
    clerk, pk = tower.people["clerk"], tower.filing.pk
    tower.do("submit", "clerk")
    tower.do("accept", "parent")
    tower.do("correct", "clerk")
    actions.save_cells(clerk, Filing.objects.get(pk=pk), {"B1.d150.c11": 3}, 1)
    with pytest.raises(Refused, match="đã có thay đổi"):
        tower.do("keep", "clerk")
    actions.save_cells(clerk, Filing.objects.get(pk=pk), {"B1.d150.c11": 0}, 2)
    tower.do("keep", "clerk")
    assert Filing.objects.get(pk=pk).state == FilingState.ACCEPTED
    assert Version.objects.count() == 1
    assert Entry.objects.filter(action="filings.correction_dropped").count() == 1
    tower.do("correct", "clerk")
    tower.do("keep", "clerk")


def test_what_was_never_accepted_or_was_opened_from_above_is_not_given_up(tower: Tower) -> None:
    with pytest.raises(Refused, match="chưa được tiếp nhận lần nào"):
        tower.do("keep", "clerk")
    tower.do("submit", "clerk")
    tower.do("accept", "parent")
    tower.do("reopen", "parent")
    with pytest.raises(Refused, match="Cơ quan thường trực đã mở lại"):
        tower.do("keep", "clerk")


def test_a_correction_of_a_correction_keeps_every_version_with_its_reason(tower: Tower) -> None:
    clerk, pk = tower.people["clerk"], tower.filing.pk
    tower.do("submit", "clerk")
    tower.do("accept", "parent")
    for number, value in ((2, 3), (3, 5)):
        tower.do("correct", "clerk")
        held = Filing.objects.get(pk=pk)
        actions.save_cells(clerk, held, {"B1.d150.c3": value}, held.revision)
        with pytest.raises(Refused, match="phải có lý do và số văn bản đính chính"):
            actions.submit(clerk, Filing.objects.get(pk=pk))
        actions.submit(clerk, Filing.objects.get(pk=pk), f"Sót vụ {number}.", f"{number}/CAX")
        tower.do("accept", "centre")
    versions = list(Version.objects.order_by("number"))
    assert [one.cells["B1.d150.c3"] for one in versions] == [0, 3, 5]
    assert [one.reason for one in versions] == ["Lần 0.", "Sót vụ 2.", "Sót vụ 3."]
    assert [change.before for change in difference(versions[1], versions[2], []) if "d150.c3" in change.code] == [3]
    assert all(version_sha256(one) == one.sha256 for one in versions)

"""How sure the reader is: shares counted on plans it had not seen, lowered by doubt, and true on the real plans."""

from __future__ import annotations

import json
import sys

import pytest

from haidang.reading.confidence import BEFORE, COUNTED, DOUBTED, confidence_of
from haidang.reading.reader import read_plan

HEAD = "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\nI. MỤC TIÊU\n"


@pytest.mark.parametrize("rule", sorted(COUNTED))
def test_a_confidence_is_the_share_of_what_was_counted(rule):
    given, right = COUNTED[rule]
    assert 0 <= right <= given
    assert confidence_of(rule) == (right + BEFORE[1]) / (given + BEFORE[0])


def test_doubt_lowers_and_an_uncounted_rule_is_not_sure():
    assert confidence_of("bracket", doubted=True) == DOUBTED < 0.9 <= confidence_of("bracket")
    assert confidence_of("a rule nobody counted") < 0.9


def tasks(read, text):
    return read(HEAD + "1. Làm tốt.\nII. NHIỆM VỤ\n1. Chung\n" + text + "\n").tasks


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("a) Phòng Chính trị, nề nếp và trật tự:\n- Mở lớp.", True),
        ("a) Phòng Chính trị:\n- Mở lớp.", False),
        ("- Mở lớp vào dịp tháng 5 âm lịch, ngày 5/5/2024 (Sở Y tế thực hiện).", False),
        ("- Mở lớp sau ngày 5/5/2024 (Sở Y tế thực hiện).", True),
    ],
)
def test_names_that_may_go_on_and_times_not_understood_are_doubted(read, text, doubted):
    (task,) = tasks(read, text)
    assert (task.confidence <= DOUBTED) is doubted


@pytest.mark.parametrize(
    ("text", "doubted"), [("90% số xã có loa, số còn lại tối thiểu có kẻng.", True), ("90% số xã có loa.", False)]
)
def test_a_comparison_beside_an_exact_figure_is_doubted(read, text, doubted):
    (target,) = read(HEAD + f"1. {text}\nII. NHIỆM VỤ\n- Mở lớp.\n").targets
    assert (target.confidence <= DOUBTED) is doubted


def test_a_report_to_nobody_is_doubted(read):
    text = HEAD + "1. Tốt.\nII. TỔ CHỨC THỰC HIỆN\n1. Báo cáo năm trước ngày 12/12{}.\n"
    sure = read(text.format(" về Sở Y tế")).reporting[0].confidence
    assert read(text.format("")).reporting[0].confidence <= DOUBTED < sure


@pytest.fixture(scope="module")
def judged(plan_files, read):
    """(confidence, whether it is right) of every target, task and duty read from the real plans."""
    tools = plan_files[0].parents[1] / "tools"
    if not (tools / "score_reading.py").is_file():
        pytest.skip("../shared/tools/score_reading.py is not here")
    sys.path.insert(0, str(tools))
    try:
        import score_reading
    finally:
        sys.path.remove(str(tools))
    found = []
    for path in plan_files:
        gold = json.loads(path.with_suffix(".gold.json").read_text())
        said = json.loads(json.dumps(read(path.read_text()).to_json()))
        for kind, same in (
            ("tasks", lambda one, other: score_reading.same_task(one, other) and _same_rest(one, other)),
            ("targets", score_reading.same_target),
            ("reporting", score_reading.same_duty),
        ):
            right = [id(read_item) for _, read_item in score_reading.pair(gold[kind], said[kind], same)]
            found += [(item["confidence"], id(item) in right) for item in said[kind]]
    return found


def _same_rest(gold, read):
    return all((gold[key] or None) == (read[key] or None) for key in ("section", "lead", "coordinating", "window"))


@pytest.mark.real_plans
def test_of_items_said_to_be_sure_at_least_95_in_100_are_right(judged):
    """All items; a task counts as right only with its section, lead, coordinators and window."""
    sure = [right for confidence, right in judged if confidence >= 0.9]
    assert len(sure) >= 20
    assert sum(sure) / len(sure) >= 0.95


def test_nothing_that_was_recognised_from_a_picture_is_sure(vocabulary):
    text = (
        HEAD + "1. Ít nhất 95% số xã có loa.\nII. NHIỆM VỤ\n1. Mở lớp (Sở Y tế thực hiện).\n"
        "2. Báo cáo năm trước ngày 12/12 về Sở Y tế.\n"
    )
    typed, scanned = read_plan(text, vocabulary), read_plan(text, vocabulary, recognised=True)
    for sure, doubted in [(typed.targets, scanned.targets), (typed.tasks, scanned.tasks)]:
        assert sure[0].confidence > DOUBTED >= doubted[0].confidence
    assert all(duty.confidence <= DOUBTED for duty in scanned.reporting) and scanned.reporting
    assert (scanned.targets[0].text, scanned.tasks[0].lead) == (typed.targets[0].text, typed.tasks[0].lead)

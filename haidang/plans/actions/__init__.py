"""Changing plans: import, correct, accept, discard. Each checks its policy, changes, and leaves an audit row.

What changes a draft is also kept as a step of its review, which can be undone.
"""

from haidang.plans.actions.accepting import NotAccepted, accept_plan
from haidang.plans.actions.correcting import accept_items, correct_duty, correct_header, correct_target, correct_task
from haidang.plans.actions.importing import NothingRead, NotImported, discard_plan, import_plan
from haidang.plans.actions.naming import add_named_agency, match_phrase, unmatch_phrase
from haidang.plans.actions.regrouping import (
    add_from_passage,
    ignore_item,
    merge_task,
    name_agency,
    retype_item,
    split_task,
)
from haidang.plans.actions.steps import Stale, redo_step, undo_step

__all__ = [
    "NotAccepted",
    "NotImported",
    "NothingRead",
    "Stale",
    "accept_items",
    "accept_plan",
    "add_from_passage",
    "add_named_agency",
    "correct_duty",
    "correct_header",
    "correct_target",
    "correct_task",
    "discard_plan",
    "ignore_item",
    "import_plan",
    "match_phrase",
    "merge_task",
    "name_agency",
    "redo_step",
    "retype_item",
    "split_task",
    "undo_step",
    "unmatch_phrase",
]

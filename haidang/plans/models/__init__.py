"""Plans as accepted: targets, tasks with their agencies, and duties to report."""

from haidang.plans.models.items import Assignment, Duty, Found, Target, Task
from haidang.plans.models.measures import TargetBasis
from haidang.plans.models.plan import Plan, PlanState
from haidang.plans.models.progress import Evidence, Extension, ProgressNote, WorkState

__all__ = [
    "Assignment",
    "Duty",
    "Evidence",
    "Extension",
    "Found",
    "Plan",
    "PlanState",
    "ProgressNote",
    "Target",
    "TargetBasis",
    "Task",
    "WorkState",
]

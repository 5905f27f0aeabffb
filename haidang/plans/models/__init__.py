"""Plans as accepted: targets, tasks with their agencies, and duties to report."""

from haidang.plans.models.family import OwnPlanAsk, OwnPlanIssued, PlanLink, TargetTakenUp, TaskTakenUp
from haidang.plans.models.feeds import FeedKey
from haidang.plans.models.items import Assignment, Duty, Found, Target, Task
from haidang.plans.models.measures import TargetBasis
from haidang.plans.models.plan import Plan, PlanState
from haidang.plans.models.progress import Evidence, Extension, ProgressNote, WorkState
from haidang.plans.models.review import Answer, LeadWaiver, ReviewStep

__all__ = [
    "Answer",
    "Assignment",
    "Duty",
    "Evidence",
    "Extension",
    "FeedKey",
    "Found",
    "LeadWaiver",
    "OwnPlanAsk",
    "OwnPlanIssued",
    "Plan",
    "PlanLink",
    "PlanState",
    "ProgressNote",
    "ReviewStep",
    "Target",
    "TargetBasis",
    "TargetTakenUp",
    "Task",
    "TaskTakenUp",
    "WorkState",
]

"""The files that plans were imported from, kept as they came in, to be taken away by whoever sees the plan."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from haidang.accounts.actors import Actor
from haidang.audit.actions import record
from haidang.office import kept_files
from haidang.plans.models import Plan
from haidang.plans.queries import plan_for


def folder() -> Path:
    """Where the files lie, outside every folder that a web server shows."""
    return Path(settings.MEDIA_ROOT) / "originals"


def keep(content: bytes) -> str:
    """Keep a file's bytes; returns their hash, which the plan has in `file_sha256`."""
    return kept_files.keep(folder(), content)


def is_kept(plan: Plan) -> bool:
    """Whether the plan's file is here: plans that were imported before files were kept have none."""
    return kept_files.place_of(folder(), plan.file_sha256).is_file()


def open_original(actor: Actor, pk: int) -> tuple[Plan, Path] | None:
    """The plan and its file, and an audit row; None when none was kept.

    Plan.DoesNotExist for a plan that the actor may not see, whether or not it exists.
    """
    plan = plan_for(actor, pk)
    if not is_kept(plan):
        return None
    record(
        "plan.original_opened", plan, actor_id=actor.user_id, actor=actor.name, agency=actor.agency_name[:120],
        file=plan.file_name, sha256=plan.file_sha256,
    )  # fmt: skip
    return plan, kept_files.place_of(folder(), plan.file_sha256)


def forget(sha256: str) -> None:
    """Remove a file that no plan was imported from any more."""
    if not Plan.objects.filter(file_sha256=sha256).exists():
        kept_files.place_of(folder(), sha256).unlink(missing_ok=True)

"""Changing closing reports: open one for a plan, write in it, build its document with the figures frozen."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from haidang.accounts.actors import Actor, Refused, require
from haidang.audit.actions import record
from haidang.catalogue.outlines import Outline
from haidang.catalogue.outlines import outline as outline_named
from haidang.kernel import clock
from haidang.plans.models import Plan
from haidang.reviews import freezing, gathering, policies
from haidang.reviews.build import compose
from haidang.reviews.content import Issue, Material
from haidang.reviews.document import ReviewDocument
from haidang.reviews.gathering import NOT_ISSUED
from haidang.reviews.models import Build, Review
from haidang.reviews.queries import outline_of
from haidang.reviews.render import docx_bytes

CLOSING = "closing-2021-2025"
MOST_TEXT = 20_000
MOST_NUMBER = 99_999
MOST_NAME = 120


class StaleText(Exception):
    """Somebody else saved the report since the actor opened it; nothing was saved."""


@transaction.atomic
def open_review(actor: Actor, plan: Plan, *, outline_code: str = CLOSING) -> Review:
    """The report of this plan on the newest version of an outline; the one there already is returned as it is.

    The window is the one the plan names for its data, else the outline's. Raises Refused.
    """
    require(policies.may_open(actor, plan))
    if (existing := Review.objects.select_related("plan__area").filter(plan=plan).first()) is not None:
        return existing
    outline = outline_named(outline_code)
    review = Review.objects.create(
        plan=plan,
        title=f"Báo cáo {outline.title}",
        outline_code=outline.code,
        outline_version=outline.version,
        window_from=plan.data_from or outline.window.start,
        window_to=plan.data_to or outline.window.end,
        baseline_from=outline.baseline.start,
        baseline_to=outline.baseline.end,
    )
    _note(actor, "opened", review, outline=outline.code, version=outline.version, sha256=outline.sha256)
    return review


@transaction.atomic
def write_text(actor: Actor, review: Review, section: str, text: str, *, revision: int) -> Review:
    """Save the standing agency's own words for one section; an empty text takes them out.

    `revision` is the one the actor saw. StaleText when somebody saved in between, Refused for an unknown section or a
    text that is too long.
    """
    require(policies.may_write(actor, review))
    held = Review.objects.select_for_update(of=("self",)).select_related("plan__area").get(pk=review.pk)
    if section not in outline_of(held).sections_by_code:
        raise Refused(f"Đề cương không có mục {section}. Tải lại trang và chọn mục trong danh sách.")
    if len(text) > MOST_TEXT:
        raise Refused(f"Nội dung dài {len(text)} ký tự, tối đa {MOST_TEXT}. Rút gọn hoặc chuyển bớt sang phụ lục.")
    if held.revision != revision:
        raise StaleText("Báo cáo vừa được người khác lưu. Tải lại trang để xem bản mới rồi lưu lại nội dung của mình.")
    texts = {code: words for code, words in held.texts.items() if code != section}
    if text.strip():
        texts[section] = text.strip()
    held.texts, held.revision = texts, held.revision + 1
    held.save(update_fields=["texts", "revision"])
    _note(actor, "text_saved", held, section=section, length=len(text.strip()))
    return held


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report gathered and composed, ready to be written."""

    outline: Outline
    material: Material
    document: ReviewDocument


def prepare(actor: Actor, review: Review, issue: Issue = NOT_ISSUED) -> Prepared:
    """Gather and compose the report as it stands now, issued under this number, day and name. Raises Refused."""
    require(policies.may_build(actor, review))
    if issue.number is not None and not 1 <= issue.number <= MOST_NUMBER:
        raise Refused(f"Số của báo cáo là {issue.number}; phải từ 1 đến {MOST_NUMBER}. Ghi lại số hoặc để trống.")
    if len(issue.signer) > MOST_NAME:
        raise Refused(f"Tên người ký dài {len(issue.signer)} ký tự, tối đa {MOST_NAME}. Chỉ ghi họ và tên.")
    outline = outline_of(review)
    material = gathering.gather(actor, review, outline, issue=issue)
    return Prepared(outline, material, compose(outline, material))


def build_review(
    actor: Actor,
    review: Review,
    out: Path | None = None,
    prepared: Prepared | None = None,
    *,
    issue: Issue = NOT_ISSUED,
) -> Build:
    """Write the document and keep what it says: its figures, the filings behind them, the file and its hash.

    Without `out` the file goes among the reports of the data folder, named by its content. The same filings and texts
    give the same bytes. `prepared` saves gathering twice and holds its own `issue`. Raises Refused, OSError when the
    file cannot be written.
    """
    require(policies.may_build(actor, review))
    ready = prepared or prepare(actor, review, issue)
    content = docx_bytes(ready.document)
    sha256 = hashlib.sha256(content).hexdigest()
    path = out or Path(settings.REPORTS) / f"bao-cao-tong-ket-{review.pk}-{sha256[:12]}.docx"
    _write(path, content)
    with transaction.atomic():
        build = Build.objects.create(
            review=review,
            built_at=clock.now(),
            built_by_id=actor.user_id,
            figures=freezing.frozen_figures(ready.outline, ready.material.figures),
            version_ids=freezing.version_ids_of(ready.material.figures.values()),
            file_path=str(path.resolve()),
            sha256=sha256,
        )
        _note(actor, "built", build, review=review.pk, sha256=sha256, versions=len(build.version_ids))
    return build


def _write(path: Path, content: bytes) -> None:
    """Put the file in its place in one step, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)


def _note(actor: Actor, action: str, subject: Review | Build, **details: Any) -> None:
    record(
        f"reviews.{action}",
        subject,
        actor_id=actor.user_id,
        actor=actor.name,
        agency=actor.agency_name[:120],
        **details,
    )

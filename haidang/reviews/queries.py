"""Reading closing reports. The actor comes first; nothing is returned that the policies refuse."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from haidang.accounts.actors import Actor, require
from haidang.catalogue.outlines import Outline, outline
from haidang.plans.models import Plan
from haidang.reviews import gathering, policies
from haidang.reviews.build import compose
from haidang.reviews.document import ComposedSection, ReviewDocument, SectionState
from haidang.reviews.models import Build, Review


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a report is: sections by state, of those that ask for text."""

    ready: int
    figures_only: int
    empty: int

    @property
    def asked(self) -> int:
        """Sections that expect anything."""
        return self.ready + self.figures_only + self.empty


def visible_reviews(actor: Actor) -> QuerySet[Review]:
    """The reports of the plans in areas that the actor stands over, newest window first."""
    rows = (
        Review.objects.select_related("plan__area").defer("plan__text", "plan__reading").order_by("-window_to", "-id")
    )
    allowed = [row.pk for row in rows if policies.may_view(actor, row)]
    return rows.filter(pk__in=allowed)


def review_of(actor: Actor, plan: Plan) -> Review | None:
    """The report of this plan, if one was opened and the actor may see it."""
    return visible_reviews(actor).filter(plan=plan).first()


def outline_of(review: Review) -> Outline:
    """The outline in the version the report was opened with. KeyError when its file is gone."""
    return outline(review.outline_code, review.outline_version)


def composed(actor: Actor, review: Review, *, with_annexes: bool = False) -> ReviewDocument:
    """The report as it would be printed now. Raises Refused."""
    require(policies.may_view(actor, review))
    specification = outline_of(review)
    return compose(specification, gathering.gather(actor, review, specification, with_annexes=with_annexes))


def section_of(document: ReviewDocument, code: str) -> ComposedSection | None:
    """One section of a composed report."""
    return next((each for each in document.sections if each.section.code == code), None)


def progress_of(document: ReviewDocument) -> Progress:
    """How many sections are ready, hold figures only, or are empty."""
    return Progress(
        *(len(document.codes(state)) for state in (SectionState.READY, SectionState.FIGURES_ONLY, SectionState.EMPTY))
    )


def builds_of(actor: Actor, review: Review) -> QuerySet[Build]:
    """The documents built so far, newest first. Raises Refused."""
    require(policies.may_view(actor, review))
    return review.builds.select_related("built_by").defer("figures", "version_ids")

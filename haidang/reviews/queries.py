"""Reading closing reports. The actor comes first; nothing is returned that the policies refuse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from haidang.accounts.actors import Actor, require
from haidang.catalogue.outlines import Outline, outline
from haidang.plans.models import Plan
from haidang.reviews import freezing, gathering, policies
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


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that is no longer what a built document prints; `label` is a year, "Cả kỳ" or the baseline."""

    code: str
    name: str
    label: str
    printed: Any
    now: Any


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


def changes_since(actor: Actor, build: Build) -> list[Change]:
    """The figures that differ from those frozen in a document, because filings were accepted since. Raises Refused."""
    require(policies.may_view(actor, build.review))
    specification = outline_of(build.review)
    now = freezing.frozen_figures(specification, gathering.figure_series(actor, build.review, specification))
    return [change for code, figure in now.items() for change in _changes(code, figure, build.figures.get(code, {}))]


def _changes(code: str, now: Mapping[str, Any], printed: Mapping[str, Any]) -> Iterator[Change]:
    found, known = _values(now), _values(printed)
    for label in dict.fromkeys([*known, *found]):
        if known.get(label) != found.get(label):
            yield Change(code, now["name"], label, known.get(label), found.get(label))


def _values(figure: Mapping[str, Any]) -> dict[str, Any]:
    return {**figure.get("years", {}), "Cả kỳ": figure.get("total"), "Kỳ so sánh": figure.get("baseline")}


def builds_of(actor: Actor, review: Review) -> QuerySet[Build]:
    """The documents built so far, newest first. Raises Refused."""
    require(policies.may_view(actor, review))
    return review.builds.select_related("built_by").defer("figures", "version_ids")

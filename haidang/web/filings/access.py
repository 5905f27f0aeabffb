"""Opening a filing for a request: the row, whether the actor may see it, and what stands around it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.urls import reverse

from haidang.accounts.actors import Actor
from haidang.catalogue.forms import FormSpec
from haidang.catalogue.outlines import Outline, Section
from haidang.filings import content
from haidang.filings.content import FilingFinding
from haidang.filings.expectations import Expectations, expectations_of, findings_on, findings_to_send
from haidang.filings.owntasks import plan_sets_tasks
from haidang.filings.queries import obligation_for
from haidang.reviews.plans import outline_for

if TYPE_CHECKING:
    from haidang.filings.models import Filing, Obligation, Version


@dataclass(frozen=True)
class Opened:
    """One filing that the actor may see."""

    actor: Actor
    obligation: Obligation
    filing: Filing

    @property
    def address(self) -> str:
        """Where its page is."""
        return reverse("filings:filing", args=[self.obligation.pk])

    @cached_property
    def forms(self) -> tuple[FormSpec, ...]:
        """The forms that the agency files for the cycle."""
        return content.forms_for(self.obligation)

    @cached_property
    def expected(self) -> Expectations:
        """What the filing is held against: its past, and the agencies below."""
        return expectations_of(self.obligation)

    @cached_property
    def findings(self) -> list[FilingFinding]:
        """Everything to put right or to explain in the filing as it was opened."""
        return findings_on(self.filing, self.expected)

    @property
    def findings_to_send(self) -> list[FilingFinding]:
        """What stands against sending it as it is, with its blanks."""
        return findings_to_send(self.filing, self.expected)

    @cached_property
    def versions(self) -> list[Version]:
        """What was submitted, the latest first, each with its ruling."""
        return list(
            self.filing.versions.select_related("ruling__decided_by", "reopening__opened_by", "submitted_by").order_by(
                "-number"
            )
        )

    @property
    def was_accepted(self) -> bool:
        """Whether some version was accepted, so that the next one is a correction."""
        return any(outcome_of(version) == "accepted" for version in self.versions)

    @cached_property
    def outline(self) -> Outline | None:
        """The outline of the closing report that the cycle feeds; None when its plan asks for none."""
        cycle = self.obligation.cycle
        return None if cycle.baseline else outline_for(cycle.plan)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections of that outline that agencies with this function write for."""
        return self.outline.sections_for(self.obligation.agency.function) if self.outline else ()

    @cached_property
    def tasked(self) -> bool:
        """Whether the plan of the cycle sets tasks."""
        return plan_sets_tasks(self.obligation.cycle)

    def form_or_404(self, code: str) -> FormSpec:
        """The form with this code among those filed; the page is not there otherwise."""
        found = next((form for form in self.forms if form.code == code), None)
        if found is None:
            raise Http404("no such form")
        return found

    def version_or_404(self, number: int) -> Version:
        """The version with this number; the page is not there otherwise."""
        found = next((version for version in self.versions if version.number == number), None)
        if found is None:
            raise Http404("no such version")
        return found


def open_filing(actor: Actor, pk: int) -> Opened:
    """The filing for this obligation; Http404 when there is none, and alike when the actor may not see it."""
    try:
        obligation = obligation_for(actor, pk)
    except ObjectDoesNotExist:
        raise Http404("no such obligation") from None
    filing = obligation.filing
    filing.obligation = obligation
    return Opened(actor, obligation, filing)


def outcome_of(version: Version) -> str:
    """What was said of the version: "accepted", "returned", or "" while it waits."""
    ruling = getattr(version, "ruling", None)
    return ruling.outcome if ruling is not None else ""

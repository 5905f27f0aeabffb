"""What a closing report is made from: figures by year, agencies' texts, forms with totals, and the letterhead.

Nothing here knows the database; `actions` gathers these, `build` turns them into a document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from haidang.kernel.cells import BLANK, Cell, CellState
from haidang.kernel.windows import Window
from haidang.office.nd30 import Letterhead, Signature


class Nature(StrEnum):
    """How a figure adds over time: events add up, a stock is that of the last day, a rate is worked out anew."""

    FLOW = "flow"
    STOCK = "stock"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Slice:
    """One year of a figure. `received` of `expected` agencies have an accepted filing behind it."""

    window: Window
    cell: Cell
    received: int
    expected: int

    @property
    def partial(self) -> bool:
        """Whether it is only a part of its calendar year."""
        return not self.window.is_full_calendar_year()

    @property
    def label(self) -> str:
        """ "2022"; a part-year carries a star: "2021*"."""
        return f"{self.window.end.year}{'*' if self.partial else ''}"

    @property
    def complete(self) -> bool:
        """Whether every agency that owed has reported."""
        return self.received >= self.expected


@dataclass(frozen=True, slots=True)
class YearSeries:
    """A figure by year, in total, and in the baseline period; `version_ids` are the filings that made it.

    `note` stands under every table with the figure; `missing` names who has not reported, and stands once.
    """

    code: str
    name: str
    unit: str
    nature: Nature
    window: Window
    slices: tuple[Slice, ...]
    total: Cell
    baseline_window: Window
    baseline: Cell = BLANK
    version_ids: tuple[int, ...] = ()
    note: str = ""
    missing: tuple[str, ...] = ()

    @property
    def in_points(self) -> bool:
        """Whether it is a percentage, whose changes are told in points; an average changes like any amount."""
        return self.nature is Nature.RATE and self.unit == "%"

    @property
    def has_numbers(self) -> bool:
        """Whether there is any number to tell, tabulate or draw."""
        return any(cell.state is CellState.NUMBER for cell in (self.total, *(each.cell for each in self.slices)))


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one agency wrote for one section, in its n-th submission.

    `agency` is the name as printed, with the cycle where it wrote in several; `unit` is the bare name. `below` marks
    the levels under the area of the plan ("district", "commune" for a province).
    """

    section: str
    agency: str
    submission: int
    text: str
    unit: str = ""
    level: str = ""
    below: bool = False


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of a form in an annex."""

    code: str
    group: str
    name: str


@dataclass(frozen=True, slots=True)
class FormRow:
    """A line of a form in an annex; `cells` by column code, a missing column does not apply to this line."""

    name: str
    indent: int
    strong: bool
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class FormTotals:
    """A whole form with its totals over the window, for one annex."""

    code: str
    title: str
    mark: str
    unit: str
    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...]
    received: int
    expected: int
    note: str = ""
    landscape: bool = True


@dataclass(frozen=True, slots=True)
class FilingCount:
    """Of one form in one year: how many filings were due, how many were accepted."""

    form: str
    title: str
    label: str
    received: int
    expected: int


@dataclass(frozen=True, slots=True)
class Issue:
    """What only those who issue the report know; what is not given is left open to be filled by hand."""

    number: int | None = None
    dated: date | None = None
    signer: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """Everything about the report that is no section: who issues it, to whom, on what basis, who signs.

    `mandate` names the plan that asked for the report ("Kế hoạch số ... ngày ... của ..."); `fictional` marks every
    page. `kind` and `subject` are tên loại and trích yếu; a line break in the subject is kept.
    """

    letterhead: Letterhead
    kind: str
    subject: str
    addressees: tuple[str, ...]
    signature: Signature
    mandate: str = ""
    bases: tuple[str, ...] = ()
    fictional: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """All that `compose` needs beside the outline; `texts` are the standing agency's own, by section code.

    `window` and `baseline` are those of the figures; a plan may cut them otherwise than the outline does.
    """

    head: Head
    window: Window
    baseline: Window
    figures: Mapping[str, YearSeries]
    contributions: tuple[Contribution, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    annexes: tuple[FormTotals, ...] = ()
    filing_counts: tuple[FilingCount, ...] = ()

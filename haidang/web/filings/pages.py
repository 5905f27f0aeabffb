"""What the page of one filing shows, built from rows that a query has already let through. Knows no request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from haidang.accounts.actors import Actor
from haidang.catalogue.forms import FormSpec
from haidang.catalogue.outlines import Section
from haidang.filings.content import FilingFinding
from haidang.filings.expectations import offered_words
from haidang.filings.queries import CellChange
from haidang.filings.rules import FilingState, last_day_of
from haidang.kernel import clock
from haidang.kernel.dates import short_date
from haidang.web.filings.grid import anchor_of, cell_text, shown_text

if TYPE_CHECKING:
    from haidang.filings.models import Filing, Obligation

SECTIONS_TAB, TASKS_TAB, FILES_TAB = "loi-van", "nhiem-vu", "tep"
MOST_LINKS = 6
MOST_FINDINGS = 60


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a cell: its code, where it stands, and its words."""

    code: str
    address: str
    words: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as the page shows it."""

    code: str
    anchor: str
    blocks: bool
    message: str
    cells: tuple[str, ...]
    links: tuple[Link, ...]
    explanation: str
    offered: str = ""

    @property
    def css(self) -> str:
        """The state class: an error, something to explain, or something explained."""
        if self.blocks:
            return "s-over"
        return "s-ok" if self.explanation else "s-late"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder."""

    words: str
    past: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of the filing: a form, or its words; `mark` counts what must be put right in it."""

    address: str
    words: str
    title: str
    current: bool
    mark: str = ""
    mark_words: str = ""


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section of the outline that the agency writes for."""

    code: str
    number: str
    title: str
    guidance: str
    text: str
    remarks: tuple[RemarkView, ...] = ()

    @property
    def anchor(self) -> str:
        """The id of the section on the page."""
        return section_anchor(self.code)

    @property
    def lines(self) -> int:
        """How tall the box is: as long as its text, between 4 and 24 lines."""
        return min(24, max(4, self.text.count("\n") + len(self.text) // 90 + 2))


@dataclass(frozen=True, slots=True)
class Change:
    """A cell or section that differs between two states of a filing."""

    code: str
    words: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ReasonView:
    """Why some cells are not the agency's: the reason ("" when none was given), how many, and links to the first."""

    reason: str
    count: int
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class RemarkView:
    """Something said of a cell: the link to it, who said it for which agency, when, and the words."""

    link: Link
    by: str
    agency: str
    at: datetime
    text: str


def title_of(obligation: Obligation) -> str:
    """The heading of a filing: "Báo cáo năm 2024", "Báo cáo 06 tháng đầu năm 2025"."""
    label = obligation.cycle.label
    return label if label.casefold().startswith("báo cáo") else f"Báo cáo {label[:1].lower()}{label[1:]}"


def due_words(obligation: Obligation) -> str:
    """ "phải nộp trước 12/6/2025 (còn 64 ngày)", or when it was received; an extension stands beside it."""
    due, extended_to = obligation.due, obligation.extended_to
    written = f"phải nộp {'trước' if due.strict else 'chậm nhất'} {short_date(due.on)}"
    if extended_to and extended_to > due.last_day:
        written += f", được gia hạn đến hết {short_date(extended_to)}"
    received = obligation.filing.received_at
    if received is not None:
        return f"{written}, nhận ngày {short_date(received.astimezone(clock.VIET_NAM).date())}"
    days = (last_day_of(due, extended_to) - clock.today()).days
    distance = "hôm nay là ngày cuối" if days == 0 else f"còn {days} ngày" if days > 0 else f"đã quá {-days} ngày"
    return f"{written} ({distance})"


def finding_views(
    findings: Iterable[FilingFinding], forms: Mapping[str, FormSpec], page_address: str, filing: Filing
) -> tuple[FindingView, ...]:
    """The findings in the order in which they must be met: errors, then what is to be explained, then what is."""
    views = [_finding_view(one, forms, page_address, offered_words(one, filing)) for one in findings]
    views.sort(key=lambda view: (not view.blocks, bool(view.explanation)))
    return tuple(views[:MOST_FINDINGS])


def _finding_view(
    finding: FilingFinding, forms: Mapping[str, FormSpec], page_address: str, offered: str
) -> FindingView:
    links = tuple(cell_link(code, forms, page_address) for code in finding.cells[:MOST_LINKS])
    anchor = finding.key.replace(".", "-").replace(":", "-")
    return FindingView(
        finding.key, anchor, finding.level == "block", finding.message, finding.cells, links, finding.explanation,
        "" if finding.level == "block" else offered,
    )  # fmt: skip


def cell_link(code: str, forms: Mapping[str, FormSpec], page_address: str) -> Link:
    """The link to a cell in its grid, or to the texts for a section of the outline."""
    if code.partition(".")[0] not in forms:
        return Link(code, f"{page_address}?bieu={SECTIONS_TAB}#{section_anchor(code)}", f"Lời văn, mục {code}")
    form = code.partition(".")[0]
    return Link(code, f"{page_address}?bieu={form}#{anchor_of(code)}", short_name(code, forms))


def section_anchor(code: str) -> str:
    """The id of a section on the page of its filing."""
    return "m-" + code.replace(".", "-")


def short_name(code: str, forms: Mapping[str, FormSpec]) -> str:
    """A cell in a few words: "Biểu 1: Tổng số, c10"."""
    form_code, _, local = code.partition(".")
    form = forms.get(form_code)
    if form is None or local not in form.cells:
        return code
    row, column = form.cells[local]
    return f"Biểu {form.number}: {row.name}, {column.code}"


@dataclass(frozen=True, slots=True)
class NoteView:
    """What a return asks at one cell or section, and what the agency said to it (`answer` None: not yet put right)."""

    link: Link
    text: str
    answer: Any = None


def notes_view(
    ruling: Any, forms: Mapping[str, FormSpec], page_address: str, titles: Mapping[str, str] | None = None
) -> tuple[NoteView, ...]:
    """What was asked at single places when a version was returned, each with a link; one query where there is any.

    `titles` names sections by code.
    """
    noted = ruling.notes if ruling is not None else {}
    answers = {one.code: one for one in ruling.answers.all()} if noted else {}
    return tuple(
        NoteView(_named_link(code, forms, page_address, titles or {}), str(text), answers.get(code))
        for code, text in noted.items()
    )


def _named_link(code: str, forms: Mapping[str, FormSpec], page_address: str, titles: Mapping[str, str]) -> Link:
    link = cell_link(code, forms, page_address)
    return Link(code, link.address, titles[code]) if code in titles else link


def reason_views(
    reasons: Mapping[str, str], forms: Mapping[str, FormSpec], page_address: str
) -> tuple[ReasonView, ...]:
    """Cells that are not the agency's by their reason, those without one first."""
    cells: dict[str, list[str]] = {}
    for code, reason in reasons.items():
        cells.setdefault(reason, []).append(code)
    return tuple(
        ReasonView(reason, len(codes), tuple(cell_link(code, forms, page_address) for code in codes[:MOST_LINKS]))
        for reason, codes in sorted(cells.items(), key=lambda pair: bool(pair[0]))
    )


def marks_of(findings: Iterable[FilingFinding]) -> dict[str, str]:
    """The mark of each cell: "!" where something blocks, else "?" where something must still be explained."""
    marks: dict[str, str] = {}
    for finding in findings:
        if finding.level == "block":
            marks.update(dict.fromkeys(finding.cells, "!"))
        elif not finding.explanation:
            for code in finding.cells:
                marks.setdefault(code, "?")
    return marks


def tallies(findings: Iterable[FilingFinding]) -> tuple[int, int]:
    """How many findings block, and how many are still to be explained."""
    listed = list(findings)
    blocking = sum(finding.level == "block" for finding in listed)
    return blocking, sum(finding.level != "block" and not finding.explanation for finding in listed)


def ladder_of(state: str, *, corrects: bool, filed_before: bool, waived: bool) -> tuple[Step, ...]:
    """The steps of a filing on its way: entered, sent (again), accepted; a return or a correction shows as such.

    Of what was waived before anything was sent there is nothing to climb: the one step says so.
    """
    if waived and not filed_before:
        return (Step("Miễn", past=False, current=True),)
    entering = "Đính chính" if corrects else "Trả lại, đang sửa" if state == FilingState.RETURNED else "Nhập số liệu"
    sending = "Gửi lại" if filed_before and state in (FilingState.RETURNED, FilingState.DRAFT) else "Gửi, chờ kiểm tra"
    at = {FilingState.DRAFT: 0, FilingState.RETURNED: 0, FilingState.SUBMITTED: 1, FilingState.ACCEPTED: 2}[
        FilingState(state)
    ]
    words = (entering, sending, "Tiếp nhận")
    return tuple(Step(text, past=number < at, current=number == at) for number, text in enumerate(words))


def section_views(
    sections: Iterable[Section], texts: Mapping[str, str], remarks: Iterable[RemarkView] = ()
) -> tuple[SectionView, ...]:
    """The sections that an agency writes for, with what it has written and what was said of each."""
    said = tuple(remarks)
    return tuple(
        SectionView(
            section.code, section.label, section.title, section.guidance, texts.get(section.code, ""),
            tuple(one for one in said if one.link.code == section.code),
        )
        for section in sections
    )  # fmt: skip


def changes_view(
    changes: Iterable[CellChange], forms: Mapping[str, FormSpec], titles: Mapping[str, str]
) -> list[Change]:
    """Differences as the page shows them; `titles` names sections by code."""
    return [Change(one.code, titles.get(one.code) or _change_name(one, forms), *_texts(one, forms)) for one in changes]


def _change_name(change: CellChange, forms: Mapping[str, FormSpec]) -> str:
    """A cell in a few words; what is no cell as the change itself calls it."""
    short = short_name(change.code, forms)
    return change.name if short == change.code else short


def _texts(change: CellChange, forms: Mapping[str, FormSpec]) -> tuple[str, str]:
    return _text(change.code, change.before, forms), _text(change.code, change.after, forms)


def _text(code: str, raw: Any, forms: Mapping[str, FormSpec]) -> str:
    form_code, _, local = code.partition(".")
    form = forms.get(form_code)
    return shown_text(form, local, raw) if form is not None and local in form.cells else cell_text(raw)


def owner_of(actor: Actor, filing: Filing) -> str:
    """Names the person and the filing, so that unsent cells in a browser are never sent by somebody else."""
    return f"{actor.user_id}.{filing.pk}"


def submit_words(state: str, *, corrects: bool) -> str:
    """The verb of sending, as the button and its question say it."""
    if corrects:
        return "Gửi bản đính chính"
    return "Gửi lại báo cáo" if state == FilingState.RETURNED else "Gửi báo cáo"

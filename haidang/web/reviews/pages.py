"""What the workspace of a closing report shows, from the report as it would be printed now. Knows no request."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.http import urlencode

from haidang.accounts.actors import Actor, require
from haidang.catalogue.outlines import Outline, Section, chart_template
from haidang.filings.sources import filers_by_function, mark_of_plan
from haidang.kernel import clock
from haidang.kernel.cells import CellState
from haidang.kernel.dates import short_date
from haidang.kernel.numbers import format_number
from haidang.office.charts import render_png
from haidang.office.nd30_tables import Table
from haidang.reviews import gathering, policies
from haidang.reviews.build import compose
from haidang.reviews.content import Contribution, Material, YearSeries
from haidang.reviews.document import Chart, ComposedSection, Paragraph, ReviewDocument, SectionState
from haidang.reviews.freezing import frozen_figures
from haidang.reviews.queries import outline_of

if TYPE_CHECKING:
    from haidang.reviews.models import Build, Review

MOST_WAITING = 12
MOST_KEPT = 8
_kept: dict[tuple[Any, ...], tuple[Material, ReviewDocument]] = {}
READY, DRAFT, WAITING, STALE, EMPTY, HEADING = (
    ("s-ok", "✓", "sẵn sàng"),
    ("s-due", "~", "nháp, mới có số liệu"),
    ("s-ext", "C", "chờ cơ quan"),
    ("s-late", "!", "số liệu đã đổi từ bản lập gần nhất"),
    ("s-none", "", "trống"),
    ("s-none", "", "tiêu đề"),
)


@dataclass(frozen=True)
class Node:
    """A heading of the outline in the tree: its letter and the headings below it."""

    code: str
    label: str
    title: str
    css: str
    sign: str
    words: str
    address: str
    current: bool
    writable: bool
    children: tuple[Node, ...]


@dataclass(frozen=True)
class Workspace:
    """The report as it stands: material, composed sections, who owes words, and what changed since the last build."""

    review: Review
    outline: Outline
    material: Material
    document: ReviewDocument
    owing: Mapping[str, Sequence[tuple[str, int]]]
    changed: frozenset[str]

    @cached_property
    def composed(self) -> dict[str, ComposedSection]:
        """Composed sections by code."""
        return {each.section.code: each for each in self.document.sections}

    @cached_property
    def told_by(self) -> dict[str, list[Contribution]]:
        """Contributions by section."""
        found: dict[str, list[Contribution]] = defaultdict(list)
        for contribution in self.material.contributions:
            found[contribution.section].append(contribution)
        return found

    def waiting(self, section: Section) -> list[str]:
        """The agencies asked to write for this section that have not (or whose words are not accepted yet)."""
        asked = [name for function in section.contributors for name, _pk in self.owing.get(function, ())]
        heard = tuple(contribution.agency for contribution in self.told_by.get(section.code, ()))
        return [name for name in dict.fromkeys(asked) if not any(_is_of(one, name) for one in heard)]

    def state(self, section: Section) -> tuple[str, str, str]:
        """The letter of a section. A figure that changed goes before everything else."""
        if any(code in self.changed for code in section.used_figures):
            return STALE
        match self.composed[section.code].state:
            case SectionState.HEADING:
                return HEADING
            case SectionState.READY:
                return READY
            case SectionState.FIGURES_ONLY:
                return WAITING if self.waiting(section) else DRAFT
        return WAITING if self.waiting(section) else EMPTY


def workspace_of(actor: Actor, review: Review, last: Build | None) -> Workspace:
    """Everything about the report, annexes aside. Raises Refused."""
    require(policies.may_view(actor, review))
    outline = outline_of(review)
    material, document = _composed(actor, review, outline)
    now = frozen_figures(outline, material.figures)
    before = last.figures if last else now
    changed = frozenset(code for code, figure in now.items() if _said(before.get(code, {})) != _said(figure))
    return Workspace(review, outline, material, document, filers_by_function(review.plan_id), changed)


def _composed(actor: Actor, review: Review, outline: Outline) -> tuple[Material, ReviewDocument]:
    """The report composed, kept while nothing that it rests on changes: walking from section to section is instant.

    Whoever may view the report stands over its whole area, so that it is the same for all of them.
    """
    key = (review.pk, outline.sha256, clock.today(), _state_of(review))
    if key not in _kept:
        material = gathering.gather(actor, review, outline, with_annexes=False)
        while len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = material, compose(outline, material)
    return _kept[key]


def _state_of(review: Review) -> tuple[Any, ...]:
    """What changes when the report would: its own texts, what is accepted and owed, the plan's words."""
    plan = review.plan
    named = (review.revision, review.title, review.window, review.baseline, plan.number, plan.imported_at)
    return *named, *mark_of_plan(plan.pk)


def _said(figure: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers of a frozen figure: which filings made them is not what is printed."""
    return {key: figure.get(key) for key in ("years", "total", "baseline")}


def _is_of(heading: str, name: str) -> bool:
    """Whether a contribution headed "Công an tỉnh, kỳ Năm 2023" is of the agency with this name."""
    return heading == name or heading.startswith(f"{name}, kỳ ")


def tree_of(space: Workspace, current: str) -> tuple[Node, ...]:
    """The outline as a tree with its letters."""
    return tuple(_node(space, section, current) for section in space.outline.children(""))


def _node(space: Workspace, section: Section, current: str) -> Node:
    css, sign, words = space.state(section)
    address = f"{reverse('reviews:workspace', args=[space.review.pk])}?{urlencode({'muc': section.code})}#ed"
    children = tuple(_node(space, each, current) for each in space.outline.children(section.code))
    return Node(
        section.code, section.label, section.title, css, sign, words, address,
        section.code == current, section.kind != "part", children,
    )  # fmt: skip


def section_view(space: Workspace, section: Section) -> dict[str, Any]:
    """One section open: what will be printed, who wrote what, what each number comes from."""
    composed = space.composed[section.code]
    own = space.material.texts.get(section.code, "")
    waiting = space.waiting(section)
    return {
        "section": section,
        "blocks": [_block(block) for block in composed.blocks if not _is_words(block, space, section)],
        "figures": [_figure(space, code) for code in section.used_figures if code in space.material.figures],
        "contributions": [_contribution(space, one) for one in space.told_by.get(section.code, ())],
        "text": own,
        "waiting": waiting[:MOST_WAITING],
        "waiting_more": max(0, len(waiting) - MOST_WAITING),
        "empty": composed.state is SectionState.EMPTY,
    }


def _is_words(block: Any, space: Workspace, section: Section) -> bool:
    """Whether a block repeats the words shown apart (own text, contributions) or only says that they are missing."""
    if not isinstance(block, Paragraph):
        return False
    words = [space.material.texts.get(section.code, ""), *(one.text for one in space.told_by.get(section.code, ()))]
    lines = {" ".join(line.split()) for text in words for line in text.splitlines()}
    return block.missing or block.text in lines


def _block(block: Any) -> dict[str, Any]:
    if isinstance(block, Table):
        heads = [column.title for column in block.columns]
        rows = [
            {"name": row[0], "cells": row[1:], "strong": at in block.strong_rows} for at, row in enumerate(block.rows)
        ]
        return {
            "kind": "table",
            "title": block.caption,
            "unit": block.unit,
            "heads": heads,
            "rows": rows,
            "notes": block.notes,
        }
    if isinstance(block, Chart):
        picture = render_png(chart_template(block.template), block.rows, scale=1.5)
        data = base64.b64encode(picture.png).decode()
        return {
            "kind": "chart",
            "title": block.caption,
            "words": block.description,
            "picture": f"data:image/png;base64,{data}",
        }
    return {"kind": "paragraph", "text": block.text}


def _figure(space: Workspace, code: str) -> dict[str, Any]:
    """One number of the section with the address of its sources."""
    series: YearSeries = space.material.figures[code]
    review = space.review
    asked: dict[str, str | int] = {
        "chi-so": space.outline.figures_by_code[code].cell,
        "tu": short_date(review.window.start),
        "den": short_date(review.window.end),
        "dia-ban": review.plan.area_id,
        "ke-hoach": review.plan_id,
    }
    number = (
        format_number(series.total.value)
        if series.total.state is CellState.NUMBER and series.total.value is not None
        else "chưa có số"
    )
    return {
        "name": series.name,
        "text": f"{number} {series.unit}" if number[0].isdigit() else number,
        "changed": code in space.changed,
        "address": f"{reverse('figures:lineage')}?{urlencode(asked)}",
    }


def _contribution(space: Workspace, one: Contribution) -> dict[str, Any]:
    pks = [pk for agencies in space.owing.values() for name, pk in agencies if _is_of(one.agency, name)]
    address = f"{reverse('filings:filing', args=[pks[0]])}?bieu=loi-van" if pks else ""
    return {"agency_name": one.agency, "text": one.text, "submission": one.submission, "address": address}


def tallies_of(space: Workspace) -> list[dict[str, str]]:
    """What to look at before building, each with its sign and its words."""
    unready = [state for section in _asked(space) if (state := space.state(section)) != READY]
    lacking = sorted({name for section in space.outline.sections for name in space.waiting(section)})
    return [
        _tally(
            not space.changed,
            "s-late",
            "!",
            f"{len(space.changed)} số liệu đã đổi từ bản lập gần nhất",
            "Không số liệu nào đổi từ bản lập gần nhất",
        ),
        _tally(
            not lacking,
            "s-ext",
            "C",
            f"{len(lacking)} cơ quan chưa có lời văn được tiếp nhận",
            "Cơ quan nào cũng đã có lời văn được tiếp nhận",
        ),
        _tally(
            not unready,
            "s-nil",
            "–",
            f"{len(unready)} mục chưa sẵn sàng: {_unready_words(unready)}",
            "Mục nào cũng đã sẵn sàng",
        ),
    ]


def _unready_words(states: Sequence[tuple[str, str, str]]) -> str:
    """ "3 chờ cơ quan, 1 trống (được in kèm ghi chú)": each state that holds a section up, with how many it holds."""
    counts = [(state, states.count(state)) for state in (DRAFT, WAITING, STALE, EMPTY)]
    return ", ".join(
        f"{count} {state[2]}" + (" (được in kèm ghi chú)" if state is EMPTY else "") for state, count in counts if count
    )


def _tally(good: bool, css: str, sign: str, ill: str, well: str) -> dict[str, str]:
    return {"css": "s-ok", "sign": "✓", "words": well} if good else {"css": css, "sign": sign, "words": ill}


def counts_of(space: Workspace) -> tuple[int, int]:
    """Sections ready, of those that ask for anything."""
    asked = _asked(space)
    return sum(space.state(section) == READY for section in asked), len(asked)


def _asked(space: Workspace) -> list[Section]:
    """The sections that ask for anything: all but plain headings."""
    return [
        section for section in space.outline.sections if space.composed[section.code].state is not SectionState.HEADING
    ]


def first_section(sections: Iterable[Section]) -> Section:
    """Where to begin: the first heading that is no part."""
    return next(section for section in sections if section.kind != "part")

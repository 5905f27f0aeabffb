"""Tasks: which nodes of the outline ask for something, who does it, and when.

Roles come, strongest first, from the item's own bracket or "chủ trì", a "Phân công" block, a bracket that stands alone
below, the lead-in or agency heading above, and the grammatical subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from haidang.kernel.text import fold
from haidang.reading.assignments import (
    PREFIX,
    Assigner,
    Bracket,
    Roles,
    distinct,
)
from haidang.reading.blocks import has_ended
from haidang.reading.confidence import confidence_of
from haidang.reading.dates import speaks_of_time, strict_in, window_in, window_in_cell
from haidang.reading.duties import duties_in, only_reports
from haidang.reading.handouts import Handouts
from haidang.reading.items import Item, ItemStore
from haidang.reading.markers import LEAD_IN, ROMAN
from haidang.reading.model import TaskReading
from haidang.reading.outline import Node, is_heading
from haidang.reading.sections import Kind, is_funding, is_organising, kind_of
from haidang.reading.tables import span_of, task_rows

_CLOSING = re.compile(
    r"(?:Trên đây là|Trong quá trình (?:triển khai|tổ chức|thực hiện)|Quá trình (?:triển khai "
    r"|tổ chức )?thực hiện[^.]{0,40}(?:nếu|có)|Kế hoạch này (?:có hiệu lực|thay thế|được)"
    r"|Nhận được [Kk]ế hoạch)"
)


class TaskFinder:
    """Finds the tasks of one plan."""

    def __init__(self, assigner: Assigner, year: int | None) -> None:
        self.assigner = assigner
        self.year = year
        self.store = ItemStore()
        self.handouts = Handouts(assigner, year, self.store)
        self.tables: list[TaskReading] = []
        self._lead_ins: dict[int, Roles | None] = {}  # heading -> who leads what stands right below it
        self._marked: dict[int, bool] = {}

    def find(self, root: Node) -> list[TaskReading]:
        """The tasks of the outline, in order of the text."""
        self._walk(root)
        tasks = [self._finished(item) for item in self.store.items]
        return sorted([*tasks, *self.tables], key=lambda task: task.span)

    def annex_rows(self, nodes: Iterable[Node]) -> list[TaskReading]:
        """Tasks in tables after the signature."""
        return [task for node in nodes if node.is_table for task in self._rows(node, "PL")]

    def _walk(self, node: Node) -> None:
        for child in node.children:
            if child.is_table:
                if kind_of(child) not in (Kind.OBJECTIVES, Kind.NOTHING):
                    self.tables += self._rows(child, None)
            elif not self.handouts.take_in(child):
                self._place(child)
                self._walk(child)

    def _place(self, node: Node) -> None:
        """Make items of a node that asks for something."""
        if not self._asks(node):
            return
        self.store.add(node, self._parts(node))

    def _asks(self, node: Node) -> bool:
        kind = kind_of(node)
        text = node.text
        if (
            kind in (Kind.OBJECTIVES, Kind.NOTHING)
            or not text.strip()
            or node.parent is None
            or node.parent.block is None
        ):
            return False
        if is_funding(text) or (node.is_paragraph and self._closes(node)) or text.startswith("Trên đây là"):
            return False
        if self._is_container(node) or (node.rank <= ROMAN and not has_ended(text)):
            return False
        if node.is_paragraph and not self._paragraph_assigns(node):
            return False
        return not self._only_yields_duties(node, kind)

    def _closes(self, node: Node) -> bool:
        """A closing paragraph: "Trên đây là ...", or a general demand at the very end of the plan."""
        demand = re.match(r"(?:Yêu cầu|Đề nghị) (?:các|thủ trưởng|lãnh đạo)", node.text, re.IGNORECASE)
        return bool(_CLOSING.match(node.text)) or bool(demand and node.text.rstrip().endswith("./."))

    def _is_container(self, node: Node) -> bool:
        """Whether what stands below carries the content, so that the node is a heading or lead-in."""
        below = [child for child in node.children if child.is_table or not self.handouts.describes(child)]
        if not below:
            return False
        if is_heading(node):
            return True
        acts = node.is_bullet and has_ended(node.text) and self.assigner.vocabulary.begins_with_verb(node.text)
        short = not acts and len(node.text.split()) <= 12 and self.assigner.subject(node.text) is None
        return node.block is not None and (node.block.heading_style or short)

    def _paragraph_assigns(self, node: Node) -> bool:
        assert node.parent is not None
        if re.match(r"\s*\(", node.text):
            return False
        text = node.text
        if self.assigner.subject(text) or self.assigner.brackets(text) or self.assigner.explicit(text):
            return True
        words = [fold(word) for word in re.findall(r"\w+", text[:40])]
        acts = bool(self.assigner.vocabulary.verb_phrases.length_at(words, 0))
        return acts and not self._has_marked_children(node.parent)

    def _has_marked_children(self, node: Node) -> bool:
        if id(node) not in self._marked:
            self._marked[id(node)] = any(not child.is_paragraph for child in node.children)
        return self._marked[id(node)]

    def _only_yields_duties(self, node: Node, kind: Kind) -> bool:
        organising = is_organising(node) or kind is Kind.REPORTING
        context = node.parent.text if node.parent else ""
        if not duties_in(node.text, self.assigner, organising, context if kind is Kind.REPORTING else "", monthly=True):
            return False
        return kind is Kind.REPORTING or only_reports(node.text, self.assigner)

    def _parts(self, node: Node) -> list[Item]:
        """The item, cut where parts carry their own brackets."""
        text = node.text
        brackets = self.assigner.brackets(text)
        explicit = self._explicit(text)
        if len(brackets) < 2:
            end = brackets[0].end if brackets and not text[brackets[0].end :].strip(" .;,/") else len(text)
            return [Item(node, 0, end, own=self._own(brackets, explicit))]
        items, start = [], 0
        for bracket in brackets:
            gap = re.match(r"[\s.;,]*(?:và\s+)?", text[start:])
            begin = start + (gap.end() if gap and start else 0)
            items.append(Item(node, begin, bracket.end, own=bracket.roles))
            start = bracket.end
        return items

    def _own(self, brackets: Sequence[Bracket], explicit: Roles | None) -> Roles | None:
        return brackets[0].roles if brackets else explicit

    def _explicit(self, text: str) -> Roles | None:
        subject = self.assigner.subject(text)
        if subject and (subject.explicit or subject.labelled):
            return subject
        return self.assigner.explicit(text)

    def _finished(self, item: Item) -> TaskReading:
        roles = self._roles(item)
        text = item.text.strip()
        shift = len(item.text) - len(item.text.lstrip())
        assert item.node.block is not None
        span = item.node.block.span(item.start + shift, item.start + shift + len(text))
        window = item.window or window_in(text, self.year)
        kind = "bullet" if item.node.is_bullet else "paragraph" if item.node.is_paragraph else "item"
        lead = tuple(dict.fromkeys(roles.lead))
        doubtful = any(self.assigner.may_be_cut(item.node.text, name) for name in (*lead, *roles.coordinating))
        doubtful = doubtful or (not roles.coordinating and self.assigner.speaks_of_help(item.text))
        doubtful = doubtful or roles.doubtful or (window is None and speaks_of_time(text, self.year))
        return TaskReading(
            item.node.section,
            text,
            lead,
            roles.coordinating,
            window,
            span,
            f"task.{kind}+{roles.rule}",
            confidence_of(roles.rule, doubted=doubtful),
            item.strict if item.window else strict_in(text, self.year, window) if window else None,
        )

    def _roles(self, item: Item) -> Roles:
        text = item.text
        lead_in = self._lead_in_below(item.node)
        subject = self.assigner.subject(text)
        in_text = self.assigner.coordinators(text)
        own = item.own
        outer = item.above or (None if own else item.alone)
        if outer and item.above and own and own.rule.startswith("bracket"):
            outer = None
        if outer and not outer.lead:
            base = own or lead_in or subject
            outer = replace(
                outer,
                lead=base.lead if base else (),
                coordinating=distinct((base.coordinating if base else ()) + outer.coordinating),
            )
        chosen = outer or own
        if chosen is None and lead_in is not None:
            specific = subject is not None and lead_in.collective and not subject.collective
            chosen = None if specific else lead_in
        if chosen is None:
            chosen = subject or Roles((), in_text, "none")
        return chosen if chosen.coordinating else chosen.with_coordinators(in_text)

    def _lead_in_below(self, node: Node) -> Roles | None:
        if id(node.parent) not in self._lead_ins:
            self._lead_ins[id(node.parent)] = self._lead_in(node)
        return self._lead_ins[id(node.parent)]

    def _lead_in(self, node: Node) -> Roles | None:
        """The agency that a lead-in or agency heading above names."""
        for above in node.ancestors():
            text = above.text
            announced = self.handouts.announced.get(id(above))
            if announced:
                return replace(announced, rule="lead-in")
            if above.rank <= ROMAN:
                return self._named_by_section(text)
            roles = self.assigner.subject(text) or (
                self.assigner.explicit(text) if text.rstrip().endswith(":") else None
            )
            brackets = self.assigner.brackets(text)
            if brackets:
                return self.assigner.doubted(replace(brackets[-1].roles, rule="lead-in"), text)
            if roles and roles.lead and (text.rstrip().endswith(":") or above.rank == LEAD_IN or not has_ended(text)):
                return self.assigner.doubted(replace(roles, rule="lead-in"), text)
        return None

    def _named_by_section(self, title: str) -> Roles | None:
        """A section's title that is an agency's name and nothing else: "III. CÔNG AN TỈNH"."""
        asked = PREFIX.match(title)
        names = self.assigner.reader(title).list_at(asked.end() if asked else 0)
        if names is None or title[names.end :].strip(" .:"):
            return None
        return Roles(names.texts, (), "lead-in", collective=all(name.collective for name in names.names))

    def _rows(self, node: Node, annex: str | None) -> list[TaskReading]:
        found = []
        for row in task_rows(node.rows, self.assigner):
            parts = (
                [annex, row.group, row.number] if annex else [node.parent.section if node.parent else "", row.number]
            )
            told = window_in_cell(row.time, self.year, row.finishing) if row.time else None
            window = told or window_in(row.task.text, self.year)
            found.append(
                TaskReading(
                    ".".join(part for part in parts if part),
                    row.task.text,
                    row.lead,
                    row.coordinating,
                    window,
                    span_of(row.block, row.task),
                    "task.row+table",
                    confidence_of("table"),
                    strict_in(row.time if told else row.task.text, self.year, window) if window else None,
                )
            )
        return found

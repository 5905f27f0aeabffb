"""Tasks: which nodes of the outline ask for something, who does it, and when.

Roles come, strongest first, from the item's own bracket or "chủ trì", a "Phân công" block, a bracket that stands alone
below, the lead-in or agency heading above, and the grammatical subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from haidang.kernel.text import fold
from haidang.reading.assignments import (
    Assigner,
    Bracket,
    Roles,
    clauses_of,
    distinct,
    is_attribute_label,
    refers_back,
    time_label,
)
from haidang.reading.blocks import has_ended
from haidang.reading.dates import window_in, window_in_cell
from haidang.reading.duties import duties_in, only_reports
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
_BLOCK_TITLE = re.compile(
    r"(?:phân công|trách nhiệm thực hiện|(?:cơ quan|đơn vị) (?:chủ trì|thực hiện)|tổ chức thực hiện"
    r"|trách nhiệm (?:của|các)|phân công trách nhiệm)"
)
_ONLY_ROLE = re.compile(
    r"[\s,]*(?:(?:chịu trách nhiệm|có trách nhiệm|chủ trì|phối hợp|tham gia|tổ chức|triển khai|,"
    r"|và)\s*)*(?:thực hiện)?[\s.;]*$",
    re.IGNORECASE,
)
_BLOCK_LINE = re.compile(r"^\s*Phân công[^:.]{0,50}:\s*")

MOST_SIBLINGS = 500  # how far back a label or block looks

CONFIDENCE = {
    "bracket": 0.96,
    "bracket.names": 0.85,
    "bracket.alone": 0.94,
    "label": 0.95,
    "block": 0.94,
    "lead-in": 0.94,
    "chairs": 0.93,
    "given": 0.93,
    "subject.chairs": 0.95,
    "subject": 0.88,
    "table": 0.95,
    "none": 0.7,
}


@dataclass(slots=True, eq=False)
class Item:
    """A task in the making: node.text[start:end]."""

    node: Node
    start: int
    end: int
    own: Roles | None = None  # its bracket, "chủ trì" or "Giao"
    above: Roles | None = None  # a block or label
    alone: Roles | None = None  # a bracket that stands alone below
    window: tuple[date | None, date] | None = None

    @property
    def text(self) -> str:
        """The item's words."""
        return self.node.text[self.start : self.end]


class TaskFinder:
    """Finds the tasks of one plan."""

    def __init__(self, assigner: Assigner, year: int | None) -> None:
        self.assigner = assigner
        self.year = year
        self.items: list[Item] = []
        self.tables: list[TaskReading] = []
        self._by_node: dict[int, list[Item]] = {}
        self._alone_after: dict[int, int] = {}
        self._lead_ins: dict[int, Roles | None] = {}  # heading -> who leads what stands right below it
        self._marked: dict[int, bool] = {}
        self._inside: dict[int, set[int]] = {}  # heading -> all nodes below it
        self._rank_among: dict[int, int] = {}  # node -> its place among its siblings
        self._said_of: dict[int, list[Item]] = {}  # label line -> the items it speaks of

    def find(self, root: Node) -> list[TaskReading]:
        """The tasks of the outline, in order of the text."""
        self._walk(root)
        tasks = [self._finished(item) for item in self.items]
        return sorted([*tasks, *self.tables], key=lambda task: task.span)

    def annex_rows(self, nodes: Iterable[Node]) -> list[TaskReading]:
        """Tasks in tables after the signature."""
        return [task for node in nodes if node.is_table for task in self._rows(node, "PL")]

    def _walk(self, node: Node) -> None:
        for place, child in enumerate(node.children):
            self._rank_among[id(child)] = place
            if child.is_table:
                if kind_of(child) not in (Kind.OBJECTIVES, Kind.NOTHING):
                    self.tables += self._rows(child, None)
            elif self._is_block(child):
                self._resolve_block(child)
            elif not self._applies_upward(child):
                self._place(child)
                self._walk(child)

    def _place(self, node: Node) -> None:
        """Make items of a node that asks for something."""
        if not self._asks(node):
            return
        parts = self._parts(node)
        self._by_node[id(node)] = parts
        self.items += parts

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
        below = [child for child in node.children if child.is_table or not self._describes(child)]
        if not below:
            return False
        if is_heading(node):
            return True
        short = len(node.text.split()) <= 12 and self.assigner.subject(node.text) is None
        return node.block is not None and (node.block.heading_style or short)

    def _describes(self, node: Node) -> bool:
        """Whether the node only says who, when or where of the item above."""
        text = node.text
        return bool(
            self._lone_bracket(node)
            or self.assigner.labelled_roles(text)
            or time_label(text) is not None
            or is_attribute_label(text)
        )

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
        if not duties_in(node.text, self.assigner, organising, context if kind is Kind.REPORTING else ""):
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

    # What stands below items and applies to them

    def _applies_upward(self, node: Node) -> bool:
        """Take in a lone bracket, a label ("Cơ quan chủ trì: ...") or a time; True when the node was one."""
        text = node.text
        lone = self._lone_bracket(node)
        if lone:
            self._give_alone(node, lone)
            return True
        if _BLOCK_LINE.match(text) and self._earlier_items(node):
            self._resolve_lines(node, [_BLOCK_LINE.sub("", text)])
            return True
        roles = self.assigner.labelled_roles(text)
        time = time_label(text)
        if roles is None and time is None and not (is_attribute_label(text) and id(node.parent) in self._by_node):
            return False
        targets = self._described(node)
        if not targets:
            return False
        for item in targets:
            if roles:
                item.above = _merged(item.above, roles)
            if time is not None:
                item.window = window_in_cell(
                    time, self.year, bool(re.search(r"hoàn thành|thời hạn", text[:40], re.IGNORECASE))
                )
        return True

    def _lone_bracket(self, node: Node) -> Roles | None:
        match = re.fullmatch(r"\s*\((.*)\)\s*[.;]?\s*(?:\./\.)?", node.text, re.DOTALL)
        return self.assigner.bracket_roles(match[1]) if match and node.is_paragraph else None

    def _give_alone(self, node: Node, roles: Roles) -> None:
        """To all items above without their own, back to the bracket before or the start of the second-level heading."""
        scope = self._second_level(node)
        begin = self._alone_after.get(id(scope), 0)
        inside = self._inside.setdefault(id(scope), set()) or {id(each) for each in scope.walk()}
        self._inside[id(scope)] = inside
        for item in self.items[begin:]:
            if id(item.node) in inside and item.own is None and item.above is None:
                item.alone = replace(roles, rule="bracket.alone")
        self._alone_after[id(scope)] = len(self.items)

    def _second_level(self, node: Node) -> Node:
        numbered = [at for at in reversed(list(node.ancestors())) if at.label is not None]
        below_top = [at for at in numbered if len(at.labels()) >= 2]
        return (below_top or numbered or [node.parent or node])[0]

    def _described(self, node: Node) -> list[Item]:
        """The items that a label line speaks of: its parent, or the siblings above without a label of their own."""
        parent = node.parent
        if parent is not None and id(parent) in self._by_node:
            return self._by_node[id(parent)]
        before = self._siblings_before(node)
        if before and id(before[-1]) in self._said_of:
            found = self._said_of[id(before[-1])]
        else:
            found = self._unlabelled(before)
        self._said_of[id(node)] = found
        return found

    def _siblings_before(self, node: Node) -> list[Node]:
        place = self._rank_among[id(node)]
        return node.parent.children[max(0, place - MOST_SIBLINGS) : place] if node.parent else []

    def _unlabelled(self, siblings: Sequence[Node]) -> list[Item]:
        """The items of the siblings, from the last one up to the first that a label has spoken of."""
        found: list[Item] = []
        for sibling in reversed(siblings):
            items = [item for each in sibling.walk() for item in self._by_node.get(id(each), [])]
            if self._describes(sibling) or any(item.above or item.window for item in items):
                break
            found += items
        return found

    # "Phân công" blocks

    def _is_block(self, node: Node) -> bool:
        """A heading "Phân công ..." below the items it hands out, whose lines refer back or only name roles."""
        if (
            node.rank <= ROMAN
            or not node.children
            or not _BLOCK_TITLE.match(fold(node.text))
            or not self._earlier_items(node)
        ):
            return False
        lines = [child.text for child in node.walk() if child is not node and not child.children]
        return any(refers_back(line) for line in lines) or all(self._only_names_roles(line) for line in lines)

    def _only_names_roles(self, line: str) -> bool:
        roles = self.assigner.subject(line)
        if roles is None or not roles.lead:
            return bool(self.assigner.labelled_roles(line))
        everybody = (*roles.lead, *roles.coordinating)
        rest = re.sub(r"^\s*(?:Đề nghị|Giao|Mời)\s+", "", line)
        for name in sorted(everybody, key=len, reverse=True):
            rest = rest.replace(name, "")
        rest = re.sub(r"phối hợp(?:\s+với)?|[,;]|\bvà\b|\bcùng\b|\bvới\b", " ", rest)
        return bool(_ONLY_ROLE.match(rest))

    def _earlier_items(self, node: Node) -> list[Item]:
        """The items below the same heading, above the node."""
        if node.parent is None or node.parent.block is None:
            return []
        siblings = self._siblings_before(node)
        own = self._by_node.get(id(node.parent), [])
        return own + [
            item for sibling in siblings for each in sibling.walk() for item in self._by_node.get(id(each), [])
        ]

    def _resolve_block(self, node: Node) -> None:
        self._resolve_lines(node, [child.text for child in node.walk() if child is not node and not child.children])

    def _resolve_lines(self, node: Node, lines: Sequence[str]) -> None:
        items = self._earlier_items(node)
        general: list[tuple[Item, tuple[str, ...]]] = []
        for line in lines:
            for clause in clauses_of(line, self.assigner):
                for item in items:
                    labels = self._labels_below(item.node, node.parent)
                    if clause.labels is not None and not labels & clause.labels:
                        continue
                    if labels & clause.but:
                        continue
                    if clause.roles.collective and not clause.roles.lead:
                        general.append((item, clause.roles.coordinating))
                    else:
                        item.above = _merged(item.above, clause.roles)
        for item, names in general:
            item.above = _merged(item.above, Roles((), names, "block"))

    def _labels_below(self, node: Node, top: Node | None) -> set[str]:
        labels: set[str] = set()
        at: Node | None = node
        while at is not None and at is not top:
            if at.label:
                labels |= {at.label, at.section}
            at = at.parent
        return labels

    # Finishing

    def _finished(self, item: Item) -> TaskReading:
        roles = self._roles(item)
        text = item.text.strip()
        shift = len(item.text) - len(item.text.lstrip())
        assert item.node.block is not None
        span = item.node.block.span(item.start + shift, item.start + shift + len(text))
        window = item.window or window_in(text, self.year)
        kind = "bullet" if item.node.is_bullet else "paragraph" if item.node.is_paragraph else "item"
        lead = tuple(dict.fromkeys(roles.lead))
        return TaskReading(
            item.node.section,
            text,
            lead,
            roles.coordinating,
            window,
            span,
            f"task.{kind}+{roles.rule}",
            CONFIDENCE.get(roles.rule, 0.8),
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
            if above.rank <= ROMAN:
                return None
            text = above.text
            roles = self.assigner.subject(text) or (
                self.assigner.explicit(text) if text.rstrip().endswith(":") else None
            )
            brackets = self.assigner.brackets(text)
            if brackets:
                return replace(brackets[-1].roles, rule="lead-in")
            if roles and roles.lead and (text.rstrip().endswith(":") or above.rank == LEAD_IN or not has_ended(text)):
                return replace(roles, rule="lead-in")
        return None

    def _rows(self, node: Node, annex: str | None) -> list[TaskReading]:
        found = []
        for row in task_rows(node.rows, self.assigner):
            parts = (
                [annex, row.group, row.number] if annex else [node.parent.section if node.parent else "", row.number]
            )
            window = window_in_cell(row.time, self.year, row.finishing) if row.time else None
            found.append(
                TaskReading(
                    ".".join(part for part in parts if part),
                    row.task.text,
                    row.lead,
                    row.coordinating,
                    window or window_in(row.task.text, self.year),
                    span_of(row.block, row.task),
                    "task.row+table",
                    CONFIDENCE["table"],
                )
            )
        return found


def _merged(first: Roles | None, more: Roles) -> Roles:
    """Roles handed out by several lines together; who leads in one does not coordinate as well."""
    if first is None:
        return more
    lead = distinct(first.lead + more.lead)
    coordinating = distinct(first.coordinating + more.coordinating)
    return replace(first, lead=lead, coordinating=tuple(name for name in coordinating if name not in lead))

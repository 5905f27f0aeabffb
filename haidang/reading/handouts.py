"""What hands items out from below: lone brackets, labels ("Cơ quan chủ trì: ..."), "Phân công" blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from haidang.kernel.text import fold
from haidang.reading.assignments import Assigner, Roles, is_attribute_label, time_label
from haidang.reading.dates import strict_in, window_in_cell
from haidang.reading.items import Item, ItemStore, merged
from haidang.reading.markers import ROMAN
from haidang.reading.outline import Node
from haidang.reading.references import Clause, clauses_of, refers_back, without_all

MOST_HANDING_OUT = 500  # characters of a paragraph that only hands out the items above
_BLOCK_TITLE = re.compile(
    r"(?:phân công|trách nhiệm thực hiện|(?:cơ quan|đơn vị) (?:chủ trì|thực hiện)|tổ chức thực hiện"
    r"|trách nhiệm (?:của|các)|phân công trách nhiệm)"
)
_ONLY_ROLE = re.compile(
    r"[\s,]*(?:(?:chịu trách nhiệm|có trách nhiệm|chủ trì|phối hợp|tham gia|tổ chức|triển khai|,"
    r"|và)\s*)*(?:thực hiện)?[\s.;]*$",
    re.IGNORECASE,
)
_BLOCK_LINE = re.compile(r"^\s*(?:Phân công|Trách nhiệm thực hiện|Phân công trách nhiệm)[^:.]{0,50}:\s*")


class Handouts:
    """Takes in the nodes that hand items out, and writes the roles onto the items above them."""

    def __init__(self, assigner: Assigner, year: int | None, store: ItemStore) -> None:
        self.assigner = assigner
        self.year = year
        self.store = store
        self._alone_after: dict[int, int] = {}  # heading -> how many items came before its last lone bracket
        self._inside: dict[int, set[int]] = {}  # heading -> all nodes below it
        self.announced: dict[int, Roles] = {}  # heading -> who does what stands below labels that come first
        self._said_of: dict[int, list[Item]] = {}  # label line -> the items it speaks of

    def take_in(self, node: Node) -> bool:
        """Resolve a block, bracket, label or time onto the items it speaks of; False when the node is none of them."""
        if self._is_block(node):
            lines = [child.text for child in node.walk() if child is not node and not child.children]
            self._resolve_lines(node, self.store.earlier(node), lines)
            return True
        return self._applies_upward(node)

    def describes(self, node: Node) -> bool:
        """Whether the node only says who, when or where of the item above."""
        text = node.text
        return bool(
            self._lone_bracket(node)
            or _BLOCK_LINE.match(text)
            or self.assigner.labelled_roles(text)
            or time_label(text) is not None
            or is_attribute_label(text)
        )

    def _applies_upward(self, node: Node) -> bool:
        """Take in a lone bracket, a label ("Cơ quan chủ trì: ...") or a time; True when the node was one."""
        text = node.text
        lone = self._lone_bracket(node)
        if lone:
            self._give_alone(node, lone)
            return True
        if _BLOCK_LINE.match(text):
            anchor = self._anchor(node)
            items = self.store.earlier(anchor) + (self.store.below([anchor]) if anchor is not node else [])
            if items:
                self._resolve_lines(anchor, items, [_BLOCK_LINE.sub("", text)])
                return True
        by_number = self._hands_out_by_number(node)
        rest = text if by_number else without_all(text)
        if rest is not None and (by_number or self._only_names_roles(rest)) and (items := self.store.earlier(node)):
            self._resolve_lines(node, items, [rest])
            return True
        roles = self.assigner.labelled_roles(text)
        time = time_label(text)
        if roles is None and time is None and not (is_attribute_label(text) and self.store.of(node.parent)):
            return False
        targets = self._described(node)
        if not targets:
            return roles is not None and self._announces(node, roles)
        for item in targets:
            if roles:
                item.above = merged(item.above, self.assigner.doubted(roles, text))
            if time is not None:
                item.window = window_in_cell(
                    time, self.year, bool(re.search(r"hoàn thành|thời hạn", text[:40], re.IGNORECASE))
                )
                item.strict = strict_in(time, self.year, item.window) if item.window else None
        return True

    def _hands_out_by_number(self, node: Node) -> bool:
        """Whether a paragraph only says who does which of the items above: "Giao A chủ trì nội dung (2); B ... (1)"."""
        if (
            not node.is_paragraph
            or len(node.text) > MOST_HANDING_OUT
            or "(" not in node.text
            or not refers_back(node.text)
        ):
            return False
        clauses = clauses_of(node.text, self.assigner)
        named = {label for item in self.store.earlier(node) if (label := self._nearest_label(item.node))}
        return all(
            clause.labels and clause.labels <= named and (clause.roles.lead or clause.roles.coordinating)
            for clause in clauses
        )

    def _announces(self, node: Node, roles: Roles) -> bool:
        """Take in a label that stands before what it speaks of: "* Chủ trì: A" / "* Nội dung: ..."."""
        above = node.parent
        later = above.children[node.place + 1 :] if above else []
        if above is None or above.block is None or all(self.describes(sibling) for sibling in later):
            return False
        self.announced[id(above)] = merged(self.announced.get(id(above)), self.assigner.doubted(roles, node.text))
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
        for item in self.store.items[begin:]:
            if id(item.node) in inside and item.own is item.above is item.alone is None:
                item.alone = replace(self.assigner.doubted(roles, node.text), rule="bracket.alone")
        self._alone_after[id(scope)] = len(self.store.items)

    def _second_level(self, node: Node) -> Node:
        numbered = [at for at in reversed(list(node.ancestors())) if at.label is not None]
        below_top = [at for at in numbered if len(at.labels()) >= 2]
        return (below_top or numbered or [node.parent or node])[0]

    def _described(self, node: Node) -> list[Item]:
        """The items that a label line speaks of: its parent, or the siblings above without a label of their own."""
        if self.store.of(node.parent):
            return self.store.of(node.parent)
        before = self.store.siblings_before(node)
        if before and id(before[-1]) in self._said_of:
            found = self._said_of[id(before[-1])]
        else:
            found = self._unlabelled(before)
        self._said_of[id(node)] = found
        return found

    def _unlabelled(self, siblings: Sequence[Node]) -> list[Item]:
        """The items of the siblings, from the last one up to the first that a label has spoken of."""
        found: list[Item] = []
        for sibling in reversed(siblings):
            items = self.store.below([sibling])
            if self.describes(sibling) or any(item.above or item.window for item in items):
                break
            found += items
        return found

    def _is_block(self, node: Node) -> bool:
        """A heading "Phân công ..." below the items it hands out, whose lines refer back or only name roles."""
        if (
            node.rank <= ROMAN
            or not node.children
            or not _BLOCK_TITLE.match(fold(node.text))
            or not self.store.earlier(node)
        ):
            return False
        lines = [child.text for child in node.walk() if child is not node and not child.children]
        return any(refers_back(line) for line in lines) or all(self._only_names_roles(line) for line in lines)

    def _only_names_roles(self, line: str) -> bool:
        roles = self.assigner.subject(line)
        if roles is None or not roles.lead:
            return bool(self.assigner.labelled_roles(line))
        everybody = (*roles.lead, *roles.coordinating)
        rest = re.sub(r"^\s*(?:Đề nghị|Giao|Mời)(?:\s+cho)?\s+", "", line, flags=re.IGNORECASE)
        for name in sorted(everybody, key=len, reverse=True):
            rest = rest.replace(name, "")
        rest = re.sub(r"phối hợp(?:\s+với)?|[,;]|\bvà\b|\bcùng\b|\bvới\b", " ", rest)
        return bool(_ONLY_ROLE.match(rest))

    def _resolve_lines(self, node: Node, items: Sequence[Item], lines: Sequence[str]) -> None:
        """Write the roles of each line onto the items it refers to; general coordinators come last."""
        general: list[tuple[Item, tuple[str, ...]]] = []
        for line in lines:
            for clause in clauses_of(line, self.assigner):
                for item in self._spoken_of(clause, items, node.parent):
                    roles = self.assigner.doubted(_helping(clause.roles, item), line)
                    if roles.collective and not roles.lead:
                        general.append((item, roles.coordinating))
                    else:
                        item.above = merged(item.above, roles)
        for item, names in general:
            item.above = merged(item.above, Roles((), names, "block"))

    def _spoken_of(self, clause: Clause, items: Sequence[Item], top: Node | None) -> list[Item]:
        """The items that a clause refers to. A label means the items it stands at; else those below a heading of it."""
        if clause.labels is None:
            return [item for item in items if not self._labels_below(item.node, top) & clause.but]
        nearest = {label for item in items if (label := self._nearest_label(item.node)) in clause.labels}
        return [
            item
            for item in items
            if (
                self._nearest_label(item.node) in nearest
                or self._labels_below(item.node, top) & clause.labels - nearest
            )
            and not self._labels_below(item.node, top) & clause.but
        ]

    def _nearest_label(self, node: Node) -> str | None:
        return next((at.label for at in (node, *node.ancestors()) if at.label), None)

    def _anchor(self, node: Node) -> Node:
        """The node, or the first of the bullets it is nested in: "* Phân công ..." below a list speaks of the list."""
        while node.parent is not None and node.parent.is_bullet:
            node = node.parent
        return node

    def _labels_below(self, node: Node, top: Node | None) -> set[str]:
        labels: set[str] = set()
        at: Node | None = node
        while at is not None and at is not top:
            if at.label:
                labels |= {at.label, at.section}
            at = at.parent
        return labels


def _helping(roles: Roles, item: Item) -> Roles:
    """ "A phối hợp B thực hiện" where B leads the item already: A coordinates."""
    leads = set(map(fold, item.above.lead)) if item.above else set()
    if roles.helps and roles.coordinating and all(fold(name) in leads for name in roles.coordinating):
        return replace(roles, lead=(), coordinating=roles.lead)
    return roles

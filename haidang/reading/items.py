"""Tasks in the making, found again by the node they came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from haidang.reading.assignments import Roles, distinct
from haidang.reading.outline import Node

MOST_SIBLINGS = 500  # how far back a label or block looks


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
    strict: bool | None = None  # of that window

    @property
    def text(self) -> str:
        """The item's words."""
        return self.node.text[self.start : self.end]


class ItemStore:
    """The items of one plan, in order of the text."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self._by_node: dict[int, list[Item]] = {}

    def add(self, node: Node, items: list[Item]) -> None:
        """Keep the items of a node."""
        self._by_node[id(node)] = items
        self.items += items

    def of(self, node: Node | None) -> list[Item]:
        """The items of the node itself."""
        return self._by_node.get(id(node), [])

    def below(self, nodes: Iterable[Node]) -> list[Item]:
        """The items of the nodes and of all that stands below them."""
        return [item for node in nodes for each in node.walk() for item in self.of(each)]

    def siblings_before(self, node: Node) -> list[Node]:
        """The nodes above a node, below the same heading, nearest last."""
        begin = max(0, node.place - MOST_SIBLINGS)
        return node.parent.children[begin : node.place] if node.parent else []

    def earlier(self, node: Node) -> list[Item]:
        """The items below the same heading as the node, above it."""
        if node.parent is None or node.parent.block is None:
            return []
        return self.of(node.parent) + self.below(self.siblings_before(node))


def merged(first: Roles | None, more: Roles) -> Roles:
    """Roles handed out by several lines together; who leads in one does not coordinate as well."""
    if first is None:
        return more
    lead = distinct(first.lead + more.lead)
    coordinating = distinct(first.coordinating + more.coordinating)
    coordinating = tuple(name for name in coordinating if name not in lead)
    return replace(first, lead=lead, coordinating=coordinating, doubtful=first.doubtful or more.doubtful)

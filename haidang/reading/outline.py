"""The heading tree: blocks nested by their markers, with the section label of each.

Ranks nest naturally (part, Roman, number, letter, "(1)", bullet); what is printed decides, so repeated, skipped or lost
numbers are kept as they are. A lead-in paragraph that ends in ":" holds the bullets below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from haidang.reading.blocks import Block, has_ended, is_capitals
from haidang.reading.markers import BULLET, LEAD_IN, LOW_NUMBER, NUMBER, ROMAN

UNASKED = object()


@dataclass(slots=True, eq=False)
class Node:
    """A heading, item, paragraph or table of the plan, with what stands below it."""

    block: Block | None
    rank: float
    label: str | None = None
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    rows: list[Block] = field(default_factory=list)  # a table's rows
    place: int = 0  # among its siblings
    title_tells: object = UNASKED  # what the title was found to say of the section (sections.py), kept

    @property
    def text(self) -> str:
        """The text without its marker."""
        return self.block.text if self.block else ""

    @property
    def mended(self) -> str:
        """The text with misread marks of common words put right, of the same length: for matching, never shown."""
        return self.block.mended if self.block else ""

    @property
    def is_table(self) -> bool:
        """Whether the node is a table."""
        return bool(self.rows)

    @property
    def is_paragraph(self) -> bool:
        """Whether it has no marker."""
        return self.block is not None and self.block.marker is None and not self.rows

    @property
    def is_bullet(self) -> bool:
        """Whether it is marked by a bullet."""
        return self.block is not None and self.block.marker is not None and self.block.marker.rank == BULLET

    def ancestors(self) -> Iterator[Node]:
        """The nodes above, nearest first, the root left out."""
        node = self.parent
        while node is not None and node.block is not None:
            yield node
            node = node.parent

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()

    def labels(self) -> list[str]:
        """The labels from the top; a decimal label replaces the numbers it repeats ("2" before "2.1")."""
        path: list[str] = []
        for node in [*reversed(list(self.ancestors())), self]:
            if node.label is None:
                continue
            while path and node.label.startswith(path[-1] + "."):
                path.pop()
            path.append(node.label)
        return path

    @property
    def section(self) -> str:
        """The labels joined with dots: "II.2.a.3"."""
        return ".".join(self.labels())


def outline_of(blocks: Sequence[Block]) -> Node:
    """The tree of `blocks`; every block is in exactly one node. The root has no block."""
    builder = _Builder()
    for block in blocks:
        builder.place(block)
    return builder.root


@dataclass(slots=True)
class _Builder:
    root: Node = field(default_factory=lambda: Node(None, -1))
    open: list[Node] = field(default_factory=list)  # from the top down; the root is not among them

    def place(self, block: Block) -> None:
        if block.row:
            self._row(block)
        elif block.marker is None:
            self._paragraph(block)
        else:
            self._marked(block)

    def _top(self) -> Node:
        return self.open[-1] if self.open else self.root

    def _attach(self, node: Node, parent: Node) -> None:
        node.parent = parent
        node.place = len(parent.children)
        parent.children.append(node)

    def _marked(self, block: Block) -> None:
        assert block.marker is not None
        rank = self._rank(block)
        while self.open and self.open[-1].rank >= rank:
            self.open.pop()
        node = Node(block, rank, block.marker.label)
        self._attach(node, self._top())
        self.open.append(node)

    def _rank(self, block: Block) -> float:
        marker = block.marker
        assert marker is not None
        if marker.rank == BULLET:
            return self._bullet_rank(marker.sign)
        if marker.rank == NUMBER and marker.sign == ")" and self._is_open(NUMBER, "."):
            return LOW_NUMBER
        return marker.rank

    def _is_open(self, rank: float, sign: str) -> bool:
        return any(
            node.rank == rank and node.block and node.block.marker and node.block.marker.sign == sign
            for node in self.open
        )

    def _bullet_rank(self, sign: str) -> float:
        """A kind of bullet already open is a sibling; a new kind goes below."""
        dash = "-–—"
        for node in self.open:
            above = node.block.marker.sign if node.is_bullet and node.block and node.block.marker else ""
            if above and (above == sign or (above in dash and sign in dash)):
                return node.rank
        lowest = max((node.rank for node in self.open), default=0)
        return max(BULLET, lowest + 1) if lowest >= BULLET else BULLET

    def _row(self, block: Block) -> None:
        top = self._holder()
        if top.children and top.children[-1].is_table:
            top.children[-1].rows.append(block)
            return
        node = Node(block, LEAD_IN, None, rows=[block])
        self._attach(node, top)

    def _holder(self) -> Node:
        """The nearest open node that stands above bullets: what a table or paragraph belongs to."""
        return next((node for node in reversed(self.open) if node.rank < LEAD_IN and is_heading(node)), self.root)

    def _paragraph(self, block: Block) -> None:
        while self.open and self.open[-1].rank >= LEAD_IN:
            self.open.pop()
        while self.open and not is_heading(self.open[-1]):
            self.open.pop()
        node = Node(block, LEAD_IN)
        self._attach(node, self._top())
        if block.text.rstrip().endswith(":"):
            self.open.append(node)


def is_heading(node: Node) -> bool:
    """Whether the node reads as a heading or lead-in: it does not end as a sentence does, or ends in ":"."""
    text = node.text.rstrip()
    return not text or text.endswith(":") or node.rank <= ROMAN or not has_ended(text) or is_capitals(text)

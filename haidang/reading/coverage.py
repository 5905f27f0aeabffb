"""Where every piece of a plan's text belongs: its head, title, opening, a node of its outline, its tail, or a page.

What "no text is lost" means, and what can be checked of it: the pieces cover the lines of the normal form without gap
or overlap (`gaps_of` is empty), and the normal form drops nothing of the source but marks and white space.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from haidang.reading.blocks import Block, blocks_of, is_page_number, running_lines
from haidang.reading.model import Span
from haidang.reading.normal_form import Line, NormalForm
from haidang.reading.outline import Node, outline_of
from haidang.reading.vocabulary import ReadingVocabulary
from haidang.reading.zones import zones_of


class Part(StrEnum):
    """What a piece of text is part of."""

    HEAD = "head"
    DECISION = "decision"
    TITLE = "title"
    OPENING = "opening"
    NODE = "node"
    TAIL = "tail"
    PAGE = "page"  # page numbers, running headers and footers


@dataclass(frozen=True, slots=True)
class Piece:
    """text[start:end] of the normal form and what it belongs to; of the body also the node of the outline."""

    part: Part
    span: Span
    node: Node | None = None


def pieces_of(form: NormalForm, vocabulary: ReadingVocabulary) -> list[Piece]:
    """The pieces of a text in order. A text that is no plan is all head."""
    zones = zones_of(form.lines, vocabulary)
    running = running_lines(form.lines)
    pages = [line for index, line in enumerate(form.lines) if index in running or is_page_number(line)]
    known = [
        *_lines(Part.HEAD, zones.head),
        *_lines(Part.DECISION, zones.decision),
        *_lines(Part.OPENING, zones.opening),
        *_lines(Part.TAIL, zones.tail),
        *_lines(Part.PAGE, pages),
    ]
    body = {line.start for line in zones.body}
    placed = body | {piece.span[0] for piece in known}
    title = [line for line in form.lines if line.start not in placed]
    nodes = _nodes(outline_of(blocks_of(zones.body, vocabulary)))
    return sorted([*known, *_lines(Part.TITLE, title), *nodes], key=lambda piece: piece.span)


def _lines(part: Part, lines: Sequence[Line]) -> Iterator[Piece]:
    return (Piece(part, (line.start, line.end)) for line in lines)


def _nodes(root: Node) -> Iterator[Piece]:
    """The pieces of each node's own text, its marker with the first."""
    for node in root.walk():
        for block in node.rows or ([node.block] if node.block else []):
            for span in _spans(block):
                yield Piece(Part.NODE, span, node)


def _spans(block: Block) -> list[Span]:
    spans = list(block.pieces)
    if block.marker is not None and spans:
        spans[0] = (block.first.start, spans[0][1])
    return spans


def gaps_of(form: NormalForm, pieces: Sequence[Piece]) -> list[Span]:
    """The stretches of the normal form that belong to no piece or to two; white space between pieces is none."""
    gaps: list[Span] = []
    reached = 0
    for piece in sorted(pieces, key=lambda each: each.span):
        start, end = piece.span
        if start < reached or form.text[reached:start].strip():
            gaps.append((min(start, reached), max(start, reached)))
        reached = max(reached, end)
    if form.text[reached:].strip():
        gaps.append((reached, len(form.text)))
    return gaps

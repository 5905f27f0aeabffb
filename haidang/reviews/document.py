"""The closing report as a plain structure, before any file format: sections with their blocks, and annexes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from haidang.catalogue.outlines import Section
from haidang.kernel.windows import Window
from haidang.office.charts import Row
from haidang.office.nd30_tables import Table
from haidang.reviews.content import Head


class SectionState(StrEnum):
    """What a section holds. A heading asks nobody for text; an empty section asked and got neither text nor figures."""

    READY = "ready"
    FIGURES_ONLY = "figures"
    EMPTY = "empty"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words of the body; `source` says who wrote them, for what agencies contributed."""

    text: str
    source: str = ""
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart to draw: the template, its rows, the caption, and its content in words for those who do not see it."""

    template: str
    rows: tuple[Row, ...]
    caption: str
    description: str


Block = Paragraph | Table | Chart


@dataclass(frozen=True, slots=True)
class ComposedSection:
    """A heading of the outline with what stands under it."""

    section: Section
    state: SectionState
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class AnnexPart:
    """A heading inside an annex with the words under it."""

    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex: its label is given when there are several ("Phụ lục I"). It holds tables, or words in parts."""

    label: str
    title: str
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...]
    landscape: bool
    parts: tuple[AnnexPart, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewDocument:
    """The whole report, in printed order."""

    head: Head
    window: Window
    opening: tuple[str, ...]
    sections: tuple[ComposedSection, ...]
    closing: str
    annexes: tuple[Annex, ...]

    def blocks(self) -> Iterable[Block]:
        """Every block of the body."""
        return (block for section in self.sections for block in section.blocks)

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The charts, in order."""
        return tuple(block for block in self.blocks() if isinstance(block, Chart))

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables of the body, in order."""
        return tuple(block for block in self.blocks() if isinstance(block, Table))

    def codes(self, state: SectionState) -> tuple[str, ...]:
        """The codes of the sections in this state."""
        return tuple(each.section.code for each in self.sections if each.state is state)

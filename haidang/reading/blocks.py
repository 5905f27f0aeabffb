"""Lines joined into blocks: one heading, item, paragraph or table row each, whatever the line breaks of the source.

A new block begins at a marker (number, letter, bullet), at a heading and, in text that is not hard-wrapped, at a new
paragraph. A line that begins in lower case always belongs to the block above. Page numbers are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from haidang.reading.markers import BULLET, NUMBER, PAREN, ROMAN, Marker, marker_of
from haidang.reading.model import Span
from haidang.reading.normal_form import Line
from haidang.reading.vocabulary import ReadingVocabulary

LEAST_PAGES = 3  # how often a header or footer comes back
LETTERHEAD = 12  # lines that may be of the letterhead
LEAST_ECHO = 10  # characters of a letterhead's line that comes back
MOST_LOOSE = 3  # words that a broken paragraph may leave on its first line: "- Sở" / "Y tế mở lớp"
MOST_WIDTH = 140  # characters of a line in hard-wrapped text
LEAST_LOW = 0.08  # share of its lines that begin in mid-sentence
LEAST_REACH = 0.7  # of the width, however ragged the lines of a proportional font are
MOST_BLANK = 0.1  # share of the lines broken in mid-sentence that a blank line (a page's end) may follow
RAGGED = 0.04  # share of the lines broken in mid-sentence that may be shorter than the reach
MOST_CHARACTERS = 20_000  # of one block
_PAGE_NUMBER = re.compile(r"[-–—\s]*(?:Trang\s+)?\d{1,3}(?:\s*/\s*\d{1,3})?[-–—\s]*", re.IGNORECASE)
_ENDED = re.compile(r"(?:[.;:!?…]|\./\.)[\"”’)\]]*$")
_CLOSING = re.compile(r"(?:Nơi nhận|Trên đây|TM\.|KT\.|TL\.|TUQ\.)")
_WHOLE_BRACKET = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)\s*[.;]?$")
_REFERRING = ("tiết", "điểm", "mục", "khoản", "ý", "từ", "đến", "và", "dung", "số", "trừ")  # "... tại tiết / (1)"
_JOINERS = (
    "và",
    "của",
    "với",
    "cho",
    "các",
    "về",
    "tại",
    "trong",
    "là",
    "để",
    "từ",
    "đến",
    "ngày",
    "tháng",
    "năm",
    "số",
)


def is_page_number(line: Line) -> bool:
    """Whether the line is a page number and nothing else."""
    return bool(_PAGE_NUMBER.fullmatch(line.text)) and not line.text.startswith("|")


def running_lines(lines: Sequence[Line]) -> set[int]:
    """Indices of the lines that page headers left in the text: short ones that come back beside page numbers.

    A line counts when it comes at least three times (its own numbers aside) and stands beside a page number each time
    but perhaps one, or counts the pages itself ("Kế hoạch ... - Trang 3").
    """
    places: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        if len(line.text) < 120 and not line.text.startswith("|") and not is_page_number(line):
            places.setdefault(re.sub(r"\d+", "#", line.text), []).append(index)
    found: set[int] = set()
    for at in places.values():
        if len(at) < LEAST_PAGES or marker_of(lines[at[0]].text) is not None:
            continue
        if sum(_beside_page_number(lines, index) for index in at) >= len(at) - 1 or _counts_pages(lines, at):
            found.update(at)
    return found | _letterheads_again(lines)


def _letterheads_again(lines: Sequence[Line]) -> set[int]:
    """Lines beside a page number that begin as a line of the letterhead in capitals does, however rarely they come."""
    head = [line.text for line in lines[:LETTERHEAD] if is_capitals(line.text) and len(line.text) >= LEAST_ECHO]
    return {
        index
        for index in range(LETTERHEAD, len(lines))
        if _beside_page_number(lines, index)
        and marker_of(lines[index].text) is None
        and any(
            lines[index].text.startswith(text) or (is_capitals(lines[index].text) and text in lines[index].text)
            for text in head
        )
    }


def _beside_page_number(lines: Sequence[Line], index: int) -> bool:
    around = (index - 1, index + 1)
    return any(0 <= other < len(lines) and is_page_number(lines[other]) for other in around)


def _counts_pages(lines: Sequence[Line], at: Sequence[int]) -> bool:
    """Whether the last number of the lines goes up by one from each to the next."""
    numbers = [re.findall(r"\d+", lines[index].text)[-1:] for index in at]
    pages = [int(number[0][:6]) for number in numbers if number]
    return len(pages) == len(at) and all(after == before + 1 for before, after in pairwise(pages))


def has_ended(text: str) -> bool:
    """Whether the text ends as a sentence, clause or lead-in does."""
    return bool(_ENDED.search(text[-20:].rstrip()))


@dataclass(slots=True)
class Block:
    """A run of lines that belong together. `text` leaves the marker and page numbers out."""

    marker: Marker | None
    first: Line
    pieces: list[Span] = field(default_factory=list)
    text: str = ""
    mended: str = ""  # the text with misread marks of common words put right: for matching, never shown
    row: bool = False
    last: Line | None = None

    def add(self, line: Line, skip: int = 0) -> None:
        """Append a line, without its first `skip` characters."""
        visible = line.text[skip:]
        glue = " " if self.text and line.start > (self.last or line).end else ""
        self.pieces.append((line.start + skip, line.end))
        self.text += glue + visible
        self.last = line

    @property
    def full(self) -> str:
        """The text with its marker, as printed."""
        length = self.marker.length if self.marker else 0
        return self.first.text[:length] + self.text

    @property
    def heading_style(self) -> bool:
        """Whether it is printed as a heading: bold, marked "#", or in capitals."""
        return bool(self.first.bold or self.first.heading) or is_capitals(self.text)

    def position(self, offset: int) -> int:
        """The offset in the normal form of `offset` in the text."""
        for index, (start, end) in enumerate(self.pieces):
            if offset <= end - start:
                return start + offset
            offset -= end - start
            glue = int(index + 1 < len(self.pieces) and self.pieces[index + 1][0] > end)
            if offset < glue:
                return end
            offset -= glue
        return self.pieces[-1][1]

    def span(self, start: int, end: int) -> Span:
        """The span in the normal form of text[start:end]."""
        return self.position(start), self.position(end - 1) + 1 if end > start else self.position(start)


def _last_word(text: str) -> str:
    words = text[-60:].lower().split()
    return words[-1] if words else ""


def is_capitals(text: str) -> bool:
    """Whether the text has letters and nearly all are capitals."""
    letters = [char for char in text[:300] if char.isalpha()]
    return len(letters) >= 4 and sum(char.isupper() for char in letters) >= 0.9 * len(letters)


def is_section_title(line: Line, vocabulary: ReadingVocabulary) -> bool:
    """Whether the line is a section's title printed in capitals without its number: "TỔ CHỨC THỰC HIỆN"."""
    return is_capitals(line.text) and vocabulary.is_section_title(line.text)


@dataclass(frozen=True, slots=True)
class Wrapping:
    """Whether the source breaks its lines at a width, and at which.

    `reach`: how far a line would have gone with the first word of the next one; shorter lines end a paragraph.
    `spaced`: a blank line ends a paragraph too, because none stands inside sentences.
    """

    hard: bool
    width: int
    reach: float
    spaced: bool


def wrapping_of(lines: Sequence[Line]) -> Wrapping:
    """Hard-wrapped text has many lines of about the same length, and lines that begin in mid-sentence."""
    lengths = sorted(len(line.text) for line in lines if not line.text.startswith("|"))
    if len(lengths) < 8:
        return Wrapping(False, 0, 0, False)
    width = lengths[int(len(lengths) * 0.9)]
    broken = [(line, after) for line, after in pairwise(lines) if _goes_on_low(after)]
    reached = sorted(len(line.text) + 1 + len(after.text.split()[0]) for line, after in broken)
    hard = width <= MOST_WIDTH and len(broken) >= max(3, LEAST_LOW * len(lines))
    reach = min(max(reached[int(len(reached) * RAGGED)], LEAST_REACH * width), width + 1) if hard else 0
    spaced = sum(bool(after.blank_before) for _, after in broken) <= MOST_BLANK * len(broken)
    return Wrapping(hard, width, reach, spaced)


def _goes_on_low(line: Line) -> bool:
    """Whether the line begins in mid-sentence: in lower case, with no mark of an item."""
    return line.text[0].islower() and marker_of(line.text) is None


def blocks_of(lines: Sequence[Line], vocabulary: ReadingVocabulary) -> list[Block]:
    """The blocks of a stretch of lines, in order."""
    kept = [part for line in lines if not is_page_number(line) for part in _bounded(line)]
    blocks = _Joiner(wrapping_of(lines), vocabulary).join(kept)
    for block in blocks:
        block.mended = vocabulary.mended(block.text)
    return blocks


def _bounded(line: Line) -> list[Line]:
    """The line, cut where it is longer than any paragraph is: work on a block stays bounded whatever comes in."""
    if len(line.text) <= MOST_CHARACTERS:
        return [line]
    starts = range(0, len(line.text), MOST_CHARACTERS)
    texts = [line.text[start : start + MOST_CHARACTERS] for start in starts]
    return [
        replace(line, text=text, start=line.start + start, end=line.start + start + len(text))
        for start, text in zip(starts, texts, strict=True)
    ]


@dataclass(slots=True)
class _Joiner:
    wrapping: Wrapping
    vocabulary: ReadingVocabulary
    blocks: list[Block] = field(default_factory=list)
    last_number: int = 0

    def join(self, lines: Sequence[Line]) -> list[Block]:
        for line in lines:
            if line.text.startswith("|"):
                self._begin(line, None, row=True)
                continue
            above = self.blocks[-1] if self.blocks and not self.blocks[-1].row else None
            marker = Marker(BULLET, None, 0, "*") if line.star else marker_of(line.text)
            if marker is None and self._lost_its_number(line, above):
                marker = Marker(ROMAN, None, 0, "title")
            if above is not None and len(above.text) + len(line.text) > MOST_CHARACTERS:
                above = None
            if above is None or (marker is not None and self._plausible(marker, line, above)):
                self._begin(line, marker)
            elif marker is not None or self._continues(above, line):
                above.add(line)
            else:
                self._begin(line, None)
        return self.blocks

    def _begin(self, line: Line, marker: Marker | None, row: bool = False) -> None:
        block = Block(marker, line, row=row)
        block.add(line, marker.length if marker else 0)
        self.blocks.append(block)
        if marker and marker.rank <= NUMBER:
            self.last_number = (marker.number or 0) if marker.rank == NUMBER else 0

    def _lost_its_number(self, line: Line, above: Block | None) -> bool:
        """Whether the line is a section's title in capitals without a number, not the second line of a heading."""
        goes_on = above is not None and above.marker is not None and (is_capitals(above.text) or not above.text)
        if goes_on or not is_capitals(line.text):
            return False
        begins = above is not None and has_ended(above.text) and self.vocabulary.begins_as_section(line.text)
        return begins or self.vocabulary.is_section_title(line.text)

    def _plausible(self, marker: Marker, line: Line, above: Block) -> bool:  # noqa: PLR0911 (one case, one return)
        """Whether what looks like a marker begins an item, rather than going on with the sentence above."""
        rest = line.text[marker.length :]
        open_sentence = not has_ended(above.text)
        if (
            marker.rank == PAREN
            and open_sentence
            and self._wrapped_full(above, 0.6)
            and _last_word(above.text) in _REFERRING
        ):
            return False
        if marker.rank == PAREN and marker.number and marker.number > 1:
            return f"({marker.number - 1})" not in above.text or above.text.rstrip().endswith(".")
        if marker.rank == PAREN and marker.number == 1 and self._wrapped_full(above, 0.7):
            return "(2)" not in rest
        if marker.rank == BULLET and open_sentence:
            before = " ".join(above.text[-60:].lower().split()[-2:])
            acts = self.vocabulary.begins_with_verb(rest)  # "Phòng Chính trị" / "- Hướng dẫn ...": a bullet of its own
            if above.text.endswith(("-", "–")) or (before in self.vocabulary.dashed_names and not acts):
                return False
            if not self.wrapping.hard:
                return True
            in_list = above.marker is None or above.marker.rank == BULLET or above.heading_style
            goes_on = (rest[:1].islower() or rest[:1].isdigit()) and self._wrapped_full(above, 0.6)
            return not goes_on and (in_list or len(above.pieces) < 3)
        closed = above.text.startswith("(") and above.text.endswith(")")
        if (
            marker.rank == NUMBER
            and open_sentence
            and not closed
            and self._was_full(above, line)
            and not above.heading_style
        ):
            return marker.number in (1, self.last_number + 1)
        return True

    def _continues(self, above: Block, line: Line) -> bool:  # noqa: PLR0911 (one case, one return)
        first = line.text[0]
        if above.marker and not above.text:  # "PHẦN I" on a line of its own: the title follows
            return True
        if first.islower() or first in ",;.)%/…”":
            return True
        if _CLOSING.match(line.text):
            return False
        if _WHOLE_BRACKET.match(line.text) and not self.wrapping.hard:
            return False
        styled = bool(line.bold or line.heading or is_capitals(line.text))
        if has_ended(above.text):
            parted = self.wrapping.spaced and line.blank_before > 0
            return self._was_full(above, line) and first != "(" and not styled and not parted
        if above.heading_style or styled:
            return above.heading_style and styled and bool(above.marker or is_capitals(above.text))
        if _last_word(above.text) in _JOINERS or above.text.endswith((",", "-", "–")):
            return True
        if self._hangs(above):
            return True
        if self.wrapping.hard:
            return self._was_full(above, line)
        return len((above.last or above.first).text) > 60

    def _hangs(self, above: Block) -> bool:
        """Whether the block is only the first words of a broken paragraph: a bullet's, or of an organ's name."""
        words = above.text.split()
        if len(words) > MOST_LOOSE or has_ended(above.text) or above.heading_style or len(above.pieces) > 1:
            return False
        plain = above.marker is None or above.marker.rank == BULLET
        return (plain and self.wrapping.hard) or self.vocabulary.breaks_off(above.text)

    def _was_full(self, above: Block, line: Line) -> bool:
        """Whether the line above broke because it was full: the first word of `line` had no room left on it."""
        last = (above.last or above.first).text
        return self.wrapping.hard and len(last) + 1 + len(line.text.split()[0]) >= self.wrapping.reach

    def _wrapped_full(self, above: Block, share: float) -> bool:
        return self.wrapping.hard and len((above.last or above.first).text) >= share * self.wrapping.width

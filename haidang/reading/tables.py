"""Tables: rows of tasks ("Nội dung | Chủ trì | Phối hợp | Thời gian") and of indicators with milestone columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from haidang.kernel.text import fold
from haidang.reading.assignments import Assigner
from haidang.reading.blocks import Block
from haidang.reading.letters import compiled
from haidang.reading.markers import marker_of
from haidang.reading.model import Span
from haidang.reading.names import NameList

_KINDS = (
    ("number", r"^(?:stt|tt|số tt|số thứ tự|no\.?)$"),
    ("coordinating", r"^(?!.*chủ trì).*phối hợp"),
    (
        "lead",
        r"chủ trì|phụ trách|chịu trách nhiệm|(?:cơ quan|đơn vị|bộ phận|người|tổ chức|lực lượng).*thực hiện"
        r"|^(?:cơ quan|đơn vị)$|phân công|đầu mối",
    ),
    ("time", r"thời gian|tiến độ|thời hạn|hoàn thành|lộ trình|thời điểm|^hạn"),
    ("indicator", r"chỉ tiêu|chỉ số"),
    ("task", r"nội dung|nhiệm vụ|công việc|hoạt động|giải pháp|đầu việc|tên (?:văn bản|đề án|chương trình)|việc"),
    ("unit", r"đơn vị tính|đvt|^đơn vị$"),
    ("note", r"ghi chú|sản phẩm|kết quả|kinh phí|căn cứ"),
)
_GROUP = re.compile(r"(?:[IVX]+|[A-HĐ])\.?$")
_SAME = {"nt", "như trên", "“", '"', "''", "-nt-", "//", "n/t"}
_EMPTY = {"", "-", "–", "—", "…", "..."}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: block.text[start:end]."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A row that asks for something, with the cells as they apply ("nt" already replaced)."""

    block: Block
    group: str
    number: str
    task: Cell
    lead: tuple[str, ...]
    coordinating: tuple[str, ...]
    time: str
    finishing: bool


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """A row of an indicator table: its name, unit and the cell of the last milestone."""

    block: Block
    name: str
    unit: str
    cell: Cell


def cells_of(block: Block) -> list[Cell]:
    """The cells of a row written "| a | b |"."""
    cells, start = [], 1
    text = block.text
    for match in re.finditer(r"(?<!\\)\||$", text[1:]):
        end = match.start() + 1
        if start > len(text):
            break
        raw = text[start:end]
        shift = len(raw) - len(raw.lstrip())
        if end < len(text) or raw.strip():
            cells.append(Cell(raw.strip(), start + shift, start + shift + len(raw.strip())))
        start = end + 1
    return cells


def columns_of(rows: Sequence[Block]) -> tuple[list[str], int]:
    """The kind of each column, and how many rows make the header."""
    width = max(len(cells_of(row)) for row in rows)
    titles = [""] * width
    kinds: list[str] = []
    for depth, row in enumerate(rows[:3], start=1):
        for index, cell in enumerate(cells_of(row)):
            titles[index] += " " + fold(cell.text)
        kinds = _kinds(titles)
        following = cells_of(rows[depth]) if depth < len(rows) else []
        if not _is_header(following):
            return kinds, depth
    return kinds, min(3, len(rows))


def _kinds(titles: Sequence[str]) -> list[str]:
    kinds = [_kind(title.strip()) for title in titles]
    if "indicator" in kinds and "task" not in kinds:  # beside indicators "Đơn vị" is the unit
        kinds = ["unit" if title.strip() == "đơn vị" else kind for kind, title in zip(kinds, titles, strict=True)]
    return kinds


def _is_header(cells: Sequence[Cell]) -> bool:
    """Whether a row goes on with the header: no number first, and its cells are column titles."""
    filled = [cell for cell in cells if cell.text]
    if not filled or (cells and re.match(r"\d|[IVX]+\b", cells[0].text)):
        return False
    return all(_kind(fold(cell.text)) and len(cell.text) < 40 for cell in filled)


def _kind(title: str) -> str:
    return next((kind for kind, pattern in _KINDS if re.search(pattern, title)), "")


def task_rows(rows: Sequence[Block], assigner: Assigner) -> Iterator[TaskRow]:
    """The task rows of a table; none when its columns do not hand out work."""
    kinds, header = columns_of(rows)
    subject = next((kind for kind in ("task", "indicator") if kind in kinds), None)
    if subject is None or not {"lead", "coordinating"} & set(kinds):
        return
    column = {kind: kinds.index(kind) for kind in reversed(kinds) if kind}
    time_titles = " ".join(fold(cell.text) for row in rows[:header] for cell in cells_of(row))
    finishing = bool(re.search(r"hoàn thành|thời hạn|\bhạn\b", time_titles))
    groups: list[str] = []
    number, above = "", {"lead": "", "coordinating": "", "time": ""}
    for row in rows[header:]:
        cells = cells_of(row)
        if _is_group(cells, column):
            groups = _below(groups, _group_label(cells))
            continue
        number = _at(cells, column.get("number")).rstrip(".)") or number
        if column[subject] >= len(cells) or not cells[column[subject]].text:
            continue
        for kind in above:
            said = _at(cells, column.get(kind))
            if fold(said).strip(" .") not in _SAME:
                above[kind] = said
        lead, coordinating = _agencies(above["lead"], above["coordinating"], assigner)
        time = "" if fold(above["time"]) in _EMPTY else above["time"]
        yield TaskRow(row, ".".join(groups), number, cells[column[subject]], lead, coordinating, time, finishing)


def indicator_rows(rows: Sequence[Block]) -> Iterator[IndicatorRow]:
    """The rows of an indicator table, with the last milestone's cell."""
    kinds, header = columns_of(rows)
    if "indicator" not in kinds and "task" not in kinds:
        return
    name = kinds.index("indicator") if "indicator" in kinds else kinds.index("task")
    unit = kinds.index("unit") if "unit" in kinds else None
    values = [index for index, kind in enumerate(kinds) if index > name and kind in ("", "time") and index != unit]
    for row in rows[header:]:
        cells = cells_of(row)
        filled = [index for index in values if index < len(cells) and re.search(r"\d", cells[index].text)]
        if filled and _at(cells, name):
            yield IndicatorRow(row, _at(cells, name), _at(cells, unit), cells[filled[-1]])


def span_of(row: Block, cell: Cell) -> Span:
    """The cell's span in the normal form."""
    return row.span(cell.start, cell.end)


_SMALL_WORDS = compiled(r"(?: (?!và |các )[[:lower:]]+){1,4}(?=\s*(?:[,;.+•–-]|$))")
_ROLE = re.compile(r"thực hiện|chủ trì|phối hợp|tham mưu|chịu trách nhiệm|làm đầu mối|phụ trách|hướng dẫn|liên quan")


def names_in_cell(text: str, assigner: Assigner) -> tuple[str, ...]:
    """All organs named in a cell, whatever separates them; the cell's own words when none is known."""
    if fold(text).strip(" .") in _EMPTY:
        return ()
    names: list[str] = []
    if re.match(r"[-–+•]\s", text):  # a list inside the cell: each dash begins another organ
        parts = re.split(r"(?:^|\s)[-–+•]\s+", text)
        return tuple(dict.fromkeys(name for part in parts if part for name in names_in_cell(part, assigner)))
    reader, offset = assigner.reader(text), 0
    while offset < len(text):
        gap = re.match(r"[\s,;.+•–-]*(?:và\s+)?", text[offset:])
        offset += gap.end() if gap else 0
        found = reader.list_at(offset)
        if found:
            rest = _rest_of_name(text, found, assigner)
            names += [
                *found.texts[:-1],
                found.texts[-1] + text[found.names[-1].end : rest] if rest else found.texts[-1],
            ]
            offset = max(rest or found.end, offset + 1)
        else:
            step = re.match(r"\S*\s*", text[offset:])
            offset += max(1, step.end() if step else 1)
    return tuple(dict.fromkeys(names)) or (text,)


def _rest_of_name(text: str, found: NameList, assigner: Assigner) -> int | None:
    """Where a name goes on to: in a cell words in small letters up to a sign belong to it, if they do not act."""
    more = _SMALL_WORDS.match(text, found.end)
    if more is None or found.end != found.names[-1].end or _ROLE.search(more.group()):
        return None
    return more.end()


def _agencies(lead: str, coordinating: str, assigner: Assigner) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if re.search(r"chủ trì|phối hợp", lead, re.IGNORECASE):
        roles = assigner.bracket_roles(lead)
        if roles:
            return roles.lead, roles.coordinating or names_in_cell(coordinating, assigner)
    return names_in_cell(lead, assigner), names_in_cell(coordinating, assigner)


def _at(cells: Sequence[Cell], index: int | None) -> str:
    return cells[index].text if index is not None and index < len(cells) else ""


def _is_group(cells: Sequence[Cell], column: dict[str, int]) -> bool:
    filled = {cell.text for cell in cells if cell.text}
    if len(filled) == 1:
        return True
    number = _at(cells, column.get("number"))
    others = [_at(cells, column.get(kind)) for kind in ("lead", "coordinating", "time")]
    return bool(_GROUP.match(number)) and not any(others)


def _below(groups: list[str], label: str) -> list[str]:
    """The labels of the open groups: Roman numerals stand below capital letters, a sibling replaces its sibling."""
    if not label:
        return groups
    roman = bool(re.fullmatch(r"[IVX]+", label))
    kept = [above for above in groups if roman and not re.fullmatch(r"[IVX]+", above)]
    return [*kept, label]


def _group_label(cells: Sequence[Cell]) -> str:
    first = next(cell.text for cell in cells if cell.text)
    if _GROUP.match(first):
        return first.rstrip(".")
    marker = marker_of(first)
    return marker.label or "" if marker else ""

"""Outlines of closing reports as data: sections, who contributes, what is told in words, tables, charts, annexes.

Read from specs/outlines/*.toml. A section's code is its path: "II.II.2.1.a" is Phần II, mục II, khoản 2, khoản nhỏ
2.1, điểm a. Figures name cells of forms ("B2.core.c3"), so an outline and the forms it rests on are checked together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

from haidang.catalogue.forms import FORMS, ColumnSpec, forms_in_force
from haidang.catalogue.locations import SPECS
from haidang.catalogue.specfiles import SpecError, content_hash, read_spec
from haidang.kernel.windows import Window

OUTLINES = SPECS / "outlines"
CHARTS = SPECS / "charts"

Kind = Literal["part", "item", "clause", "point"]


@dataclass(frozen=True, slots=True)
class FigureSpec:
    """A number that the report uses: its name in words, its unit, and the cell it adds up ("B2.core.c3")."""

    code: str
    name: str
    unit: str
    cell: str

    @property
    def form(self) -> str:
        """The code of the form that holds the cell."""
        return self.cell.partition(".")[0]

    @property
    def form_cell(self) -> str:
        """The cell within its form: "core.c3"."""
        return self.cell.partition(".")[2]


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table by year, in total and against the baseline; one line a figure."""

    title: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """A chart: which template of specs/charts, and which figures it draws."""

    spec: str
    title: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of the outline. `contributors` are functions of agencies, `told` figures written out in words."""

    code: str
    kind: Kind
    title: str
    guidance: str = ""
    contributors: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    tables: tuple[TableSpec, ...] = ()
    charts: tuple[ChartSpec, ...] = ()
    lists: tuple[str, ...] = ()
    filing_coverage: bool = False

    @property
    def parent(self) -> str:
        """The code of the section above; empty for a part."""
        return self.code.rpartition(".")[0]

    @property
    def depth(self) -> int:
        """How many clauses deep: 1 for "1.", 2 for "1.1."; 0 outside clauses."""
        return sum(piece.isdigit() for piece in self.code.split("."))

    @property
    def label(self) -> str:
        """The number as printed: "Phần I", "II.", "2.1.", "a)"."""
        last = self.code.rpartition(".")[2]
        if self.kind == "part":
            return f"Phần {last}"
        if self.kind == "clause":
            return ".".join(piece for piece in self.code.split(".") if piece.isdigit()) + "."
        return f"{last})" if self.kind == "point" else f"{last}."

    @property
    def used_figures(self) -> tuple[str, ...]:
        """Every figure that the section tells, tabulates or draws, each once."""
        tables = (code for table in self.tables for code in table.figures)
        charts = (code for chart in self.charts for code in chart.figures)
        return tuple(dict.fromkeys([*self.told, *tables, *charts]))

    @property
    def expects_text(self) -> bool:
        """Whether agencies are asked to write here; other headings only hold those below them."""
        return bool(self.contributors)


@dataclass(frozen=True, slots=True)
class AnnexSpec:
    """A form printed as an annex with its totals."""

    form: str
    landscape: bool = True


@dataclass(frozen=True, eq=False)
class Outline:
    """One version of one outline. Two are the same exactly when their `sha256` agree."""

    code: str
    version: int
    title: str
    source: str
    notes: tuple[str, ...]
    window: Window
    baseline: Window
    figures: tuple[FigureSpec, ...]
    sections: tuple[Section, ...]
    annexes: tuple[AnnexSpec, ...]
    sha256: str
    path: Path

    @cached_property
    def sections_by_code(self) -> dict[str, Section]:
        """Sections by code."""
        return {section.code: section for section in self.sections}

    @cached_property
    def figures_by_code(self) -> dict[str, FigureSpec]:
        """Figures by code."""
        return {figure.code: figure for figure in self.figures}

    def section(self, code: str) -> Section:
        """The section with this code; KeyError when there is none."""
        return self.sections_by_code[code]

    def children(self, code: str) -> tuple[Section, ...]:
        """The sections right below this one, in printed order; the parts for ""."""
        return tuple(section for section in self.sections if section.parent == code)

    def sections_for(self, function: str) -> tuple[Section, ...]:
        """The sections that agencies with this function contribute to."""
        return tuple(section for section in self.sections if function in section.contributors)

    def figure_column(self, code: str, folder: Path = FORMS) -> ColumnSpec:
        """The form column that a figure sums: its type, unit and how it adds over time."""
        figure = self.figures_by_code[code]
        forms = {form.code: form for form in forms_in_force(self.window.end, folder)}
        return forms[figure.form].cells[figure.form_cell][1]


def load_outline(path: Path, forms: Path = FORMS) -> Outline:
    """The outline in one file, wholly checked: schema, tree, figures, cells, charts. SpecError names file and key."""
    document = read_spec(path, "outline")
    outline = Outline(
        code=document["code"],
        version=document["version"],
        title=document["title"],
        source=document["source"],
        notes=tuple(document.get("notes", ())),
        window=_window(path, document, "window"),
        baseline=_window(path, document, "baseline"),
        figures=tuple(FigureSpec(**item) for item in document["figures"]),
        sections=tuple(_section(item) for item in document["sections"]),
        annexes=tuple(AnnexSpec(**item) for item in document["annexes"]),
        sha256=content_hash(document),
        path=path,
    )
    _verify_tree(outline)
    _verify_figures(outline, forms)
    return outline


def all_outlines(folder: Path = OUTLINES) -> tuple[Outline, ...]:
    """Every outline in the folder, by code and version; read once."""
    return _all_outlines(folder)


def outline(code: str, version: int | None = None, folder: Path = OUTLINES) -> Outline:
    """The outline with this code, the newest version unless one is named; KeyError when there is none."""
    found = [each for each in all_outlines(folder) if each.code == code and version in (None, each.version)]
    if not found:
        raise KeyError(f"không có đề cương {code}" + (f" phiên bản {version}" if version is not None else ""))
    return found[-1]


def chart_template(name: str) -> dict[str, Any]:
    """The Vega-Lite template of this name in specs/charts; KeyError when there is none."""
    return json.loads(json.dumps(_chart_template(name)))


@lru_cache
def _chart_template(name: str) -> dict[str, Any]:
    path = CHARTS / f"{name}.json"
    if not path.is_file():
        raise KeyError(f"không có mẫu biểu đồ {name}")
    template: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return template


@lru_cache
def _all_outlines(folder: Path) -> tuple[Outline, ...]:
    return tuple(
        sorted((load_outline(path) for path in folder.glob("*.toml")), key=lambda each: (each.code, each.version))
    )


def _window(path: Path, document: Mapping[str, Any], key: str) -> Window:
    try:
        start, end = (date.fromisoformat(str(document[key][end])) for end in ("from", "to"))
        return Window(start, end)
    except ValueError as error:
        raise SpecError(path, key, "khoảng ngày không có thật hoặc kết thúc trước khi bắt đầu") from error


def _section(item: Mapping[str, Any]) -> Section:
    return Section(
        code=item["code"],
        kind=item["kind"],
        title=item["title"],
        guidance=item.get("guidance", ""),
        contributors=tuple(item.get("contributors", ())),
        told=tuple(item.get("told", ())),
        tables=tuple(TableSpec(each["title"], tuple(each["figures"])) for each in item.get("tables", ())),
        charts=tuple(ChartSpec(each["spec"], each["title"], tuple(each["figures"])) for each in item.get("charts", ())),
        lists=tuple(item.get("lists", ())),
        filing_coverage=item.get("filing_coverage", False),
    )


def _verify_tree(outline: Outline) -> None:
    seen: set[str] = set()
    for index, section in enumerate(outline.sections):
        key = f"sections[{index}].code"
        if section.code in seen:
            raise SpecError(outline.path, key, f"mã {section.code} đã dùng ở trên")
        if section.parent and section.parent not in seen:
            raise SpecError(outline.path, key, f"mục cha {section.parent} của {section.code} chưa khai báo ở trên")
        if section.kind != _kind_of(section.code):
            raise SpecError(outline.path, f"sections[{index}].kind", f"mã {section.code} là {_kind_of(section.code)}")
        seen.add(section.code)


def _kind_of(code: str) -> Kind:
    pieces = code.split(".")
    if len(pieces) <= 2:
        return "part" if len(pieces) == 1 else "item"
    return "clause" if pieces[-1].isdigit() else "point"


def _verify_figures(outline: Outline, folder: Path) -> None:
    forms = {form.code: form for form in forms_in_force(outline.window.end, folder)}
    seen: set[str] = set()
    for index, figure in enumerate(outline.figures):
        if figure.code in seen:
            raise SpecError(outline.path, f"figures[{index}].code", f"mã {figure.code} đã dùng ở trên")
        if figure.form not in forms or figure.form_cell not in forms[figure.form].cells:
            raise SpecError(
                outline.path, f"figures[{index}].cell", f"ô {figure.cell} không có trong biểu đang hiệu lực"
            )
        seen.add(figure.code)
    for index, section in enumerate(outline.sections):
        for code in section.used_figures:
            if code not in seen:
                raise SpecError(outline.path, f"sections[{index}]", f"số liệu {code} chưa khai báo trong figures")
        for chart in section.charts:
            if not (CHARTS / f"{chart.spec}.json").is_file():
                raise SpecError(outline.path, f"sections[{index}].charts", f"không có mẫu biểu đồ {chart.spec}")
    for index, annex in enumerate(outline.annexes):
        if annex.form not in forms:
            raise SpecError(outline.path, f"annexes[{index}].form", f"không có biểu {annex.form} đang hiệu lực")

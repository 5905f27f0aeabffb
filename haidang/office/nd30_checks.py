"""Holds a .docx against the layout rules of NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I.

Components are found by what they say and where they stand, not by the names of styles, so that a document made by
anybody can be checked. Each finding names the place in the decree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from haidang.office.nd30 import MOTTO, NATION, POINT_LETTERS
from haidang.office.nd30_formatting import Formatting, Line, has_rule, lines_of, open_word, paragraph_text
from haidang.office.nd30_styles import FONT

_A4: Final = (210.0, 297.0)
_MARGINS_MM: Final = {"top": (20, 25), "bottom": (20, 25), "left": (30, 35), "right": (15, 20)}
_NUMBER_LINE = re.compile(r"Số:[\s\u00a0]*(\d*)[\s\u00a0]*/(\S+)")
_SYMBOL = re.compile(r"[A-ZĐ][A-ZĐa-z0-9]*(?:-[A-ZĐ0-9]+)*")
_DATE_LINE = re.compile(r"^\S.*,\s+ngày[\s\u00a0]+(\d*)[\s\u00a0]*tháng[\s\u00a0]+(\d*)[\s\u00a0]*năm[\s\u00a0]+(\d*)")
_ANNEX = re.compile(r"Phụ lục(?:\s+(\S+))?")
_KINDS: Final = (
    "NGHỊ QUYẾT", "QUYẾT ĐỊNH", "CHỈ THỊ", "QUY CHẾ", "QUY ĐỊNH", "THÔNG CÁO", "THÔNG BÁO", "HƯỚNG DẪN",
    "CHƯƠNG TRÌNH", "KẾ HOẠCH", "PHƯƠNG ÁN", "ĐỀ ÁN", "DỰ ÁN", "BÁO CÁO", "BIÊN BẢN", "TỜ TRÌNH", "CÔNG ĐIỆN",
)  # fmt: skip
_STAMPS: Final = (
    "TUYỆT MẬT", "TỐI MẬT", "MẬT", "HỎA TỐC", "THƯỢNG KHẨN", "KHẨN",
    "LƯU HÀNH NỘI BỘ", "XEM XONG TRẢ LẠI", "TRẢ LẠI SAU KHI HỌP",
)  # fmt: skip
_LONG = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule held against the document. `passed` None means that the component does not occur."""

    law: str
    component: str
    expected: str
    found: str
    passed: bool | None


@dataclass(frozen=True)
class _Paper:
    document: WordDocument
    lines: Sequence[Line]

    @cached_property
    def text_lines(self) -> list[Line]:
        return [line for line in self.lines if line.text]

    @property
    def signature_table(self) -> int | None:
        return next((line.table for line in self.text_lines if line.text.startswith("Nơi nhận")), None)

    @property
    def title_at(self) -> int:
        return next((at for at, line in enumerate(self.text_lines) if line.text in _KINDS), -1)

    def annexes(self) -> list[int]:
        return [
            at
            for at, line in enumerate(self.text_lines)
            if line.section > 0 and line.table is None and _ANNEX.fullmatch(line.text)
        ]


def check_document(data: bytes) -> list[Finding]:
    """Every rule held against the document in these bytes. UnreadableDocument when it is no .docx."""
    document = open_word(data)
    paper = _Paper(document, lines_of(document))
    checks: tuple[Callable[[_Paper], Iterator[Finding]], ...] = (
        _page, _fonts, _page_numbers, _nation, _issuer, _number_and_date, _stamps, _title, _addressees, _bases,
        _headings, _body, _signature, _recipients, _annexes,
    )  # fmt: skip
    return [finding for check in checks for finding in check(paper)]


def _page(paper: _Paper) -> Iterator[Finding]:
    sizes, margins = [], []
    for place, section in enumerate(paper.document.sections):
        width, height = (round(side.mm, 1) if side else 0.0 for side in (section.page_width, section.page_height))
        upright = (width, height) == _A4 or (place > 0 and (height, width) == _A4)
        sizes.append(upright)
        for side, (low, high) in _MARGINS_MM.items():
            length = getattr(section, f"{side}_margin")
            margins.append(length is not None and low - 0.5 <= length.mm <= high + 0.5)
    yield Finding("I.1, I.2", "Khổ giấy", "A4 210 × 297 mm, phụ lục được xoay ngang", _share(sizes), all(sizes))
    yield Finding("I.3", "Lề trang", "trên, dưới 20 - 25; trái 30 - 35; phải 15 - 20 mm", _share(margins), all(margins))


def _fonts(paper: _Paper) -> Iterator[Finding]:
    fonts = sorted({font for line in paper.lines for font in line.fonts})
    yield Finding("I.4", "Phông chữ", f"{FONT} ở mọi vị trí", ", ".join(fonts), fonts == [FONT])
    colours = sorted({colour for line in paper.lines for colour in line.colours})
    yield Finding("I.4", "Màu chữ", "đen", ", ".join(colours), colours == ["000000"])


def _page_numbers(paper: _Paper) -> Iterator[Finding]:
    sections = list(paper.document.sections)
    first = sections[0]
    field, align, size = _page_field(paper.document, first.header)
    shown = "không có" if field is None else f"{align}, cỡ {size:g}"
    good = field is not None and align == "center" and 13 <= size <= 14
    yield Finding("I.7", "Số trang", "giữa lề trên, chữ số Ả Rập, cỡ 13 - 14", shown, good)
    hidden = (
        first.different_first_page_header_footer and _page_field(paper.document, first.first_page_header)[0] is None
    )
    yield Finding("I.7", "Số trang, trang đầu", "không hiển thị", "không hiển thị" if hidden else "hiển thị", hidden)
    if len(sections) > 1:
        restarts = [
            (number := section._sectPr.find(qn("w:pgNumType"))) is not None and number.get(qn("w:start")) == "1"
            for section in sections[1:]
        ]
        yield Finding("I.7", "Số trang phụ lục", "đánh riêng theo từng phụ lục", _share(restarts), all(restarts))


def _nation(paper: _Paper) -> Iterator[Finding]:
    nation, motto = _first(paper, lambda each: each.text == NATION), _first(paper, lambda each: each.text == MOTTO)
    yield _looks("II.1", "Quốc hiệu", nation, sizes=(12, 13), bold=True)
    yield _looks("II.1", "Tiêu ngữ", motto, sizes=(13, 14), bold=True)
    yield _ruled(paper, "II.1", "Đường kẻ dưới Tiêu ngữ", MOTTO)


def _issuer(paper: _Paper) -> Iterator[Finding]:
    names = [line for line in paper.text_lines if line.table == 0 and line.cell == 0 and line.row == 0]
    if not names:
        yield Finding("II.2", "Tên cơ quan ban hành", "ở góc trái, trang đầu", "không có", False)
        return
    for above in names[:-1]:
        yield _looks("II.2", "Cơ quan chủ quản", above, sizes=(12, 13), bold=False, upper=True)
    yield _looks("II.2", "Cơ quan ban hành", names[-1], sizes=(12, 13), bold=True, upper=True)
    yield _ruled(paper, "II.2", "Đường kẻ dưới tên cơ quan", names[-1].text)


def _number_and_date(paper: _Paper) -> Iterator[Finding]:
    number = _first(paper, lambda each: each.text.startswith("Số:"))
    yield _looks("II.3", "Số, ký hiệu", number, sizes=(13, 13), bold=False)
    if number is not None:
        match = _NUMBER_LINE.fullmatch(number.text)
        good = bool(match and (not match[1] or len(match[1]) >= 2) and _SYMBOL.fullmatch(match[2]))
        yield Finding(
            "II.3", "Số, cách viết", "số dưới 10 có số 0 đứng trước; dấu / và - không cách", number.text, good
        )
    dated = _first(paper, lambda each: each.table == 0 and _DATE_LINE.match(each.text) is not None)
    yield _looks("II.4", "Địa danh, thời gian", dated, sizes=(13, 14), italic=True)
    if dated is not None:
        good = _padded(dated.text)
        yield Finding("II.4", "Ngày, tháng, cách viết", "ngày dưới 10, tháng 1, 2 có số 0 trước", dated.text, good)


def _padded(text: str) -> bool:
    """Whether days under 10 and months 1 and 2, and no others, carry a leading zero; a blank passes."""
    match = _DATE_LINE.match(text)
    day, month = (match[1], match[2]) if match else ("", "")
    return len(day) in (0, 2) and (not month or (len(month) == 2) == (int(month) <= 2 or int(month) >= 10))


def _stamps(paper: _Paper) -> Iterator[Finding]:
    marks = [line for line in paper.text_lines if line.text in _STAMPS]
    name = "Mức độ mật, khẩn, lưu hành"
    if not marks:
        yield Finding("III.2", name, "in hoa, đậm, cỡ 13 - 14", "không có", None)
    for line in marks:
        yield _looks("III.2", name, line, sizes=(13, 14), bold=True, upper=True)


def _title(paper: _Paper) -> Iterator[Finding]:
    at = paper.title_at
    if at < 0:
        about = _first(paper, lambda each: each.table == 0 and each.text.startswith("V/v "))
        if about is not None:
            yield _looks("II.5", "Trích yếu công văn", about, sizes=(12, 13), bold=False, centred=True)
        else:
            yield Finding("II.5", "Tên loại", "chữ in hoa, đứng trước trích yếu", "không có", False)
        return
    kind, subject = paper.text_lines[at], paper.text_lines[at + 1]
    yield _looks("II.5", "Tên loại", kind, sizes=(13, 14), bold=True, upper=True, centred=True)
    yield _looks("II.5", "Trích yếu", subject, sizes=(13, 14), bold=True, centred=True)
    yield _ruled(paper, "II.5", "Đường kẻ dưới trích yếu", subject.text)


def _addressees(paper: _Paper) -> Iterator[Finding]:
    line = _first(paper, lambda each: each.text.startswith("Kính gửi"))
    if line is None:
        yield Finding("II.9", "Kính gửi", "chỉ ở tờ trình, báo cáo gửi cấp trên, công văn", "không có", None)
        return
    yield _looks("II.9", "Kính gửi", line, sizes=(13, 14), bold=False, centred=True)
    several = line.text.split("\n")[1:]
    good = not several or (
        all(each.startswith("- ") for each in several)
        and all(each.endswith(";") for each in several[:-1])
        and several[-1].endswith(".")
    )
    yield Finding("II.9", "Kính gửi, nhiều nơi", "mỗi nơi một dòng, cuối dòng ; cuối cùng .", line.text[:80], good)


def _bases(paper: _Paper) -> Iterator[Finding]:
    bases = [
        line for line in paper.text_lines if line.text.startswith("Căn cứ ") and line.italic and line.table is None
    ]
    if not bases:
        yield Finding("II.6", "Căn cứ", "chữ nghiêng, mỗi căn cứ một dòng", "không có", None)
        return
    good = all(line.text.endswith(";") for line in bases[:-1]) and bases[-1].text.endswith(".")
    good = good and all(13 <= size <= 14 for line in bases for size in line.sizes)
    yield Finding("II.6", "Căn cứ", "nghiêng, cỡ 13 - 14, cuối dòng ; cuối cùng .", f"{len(bases)} căn cứ", good)


def _headings(paper: _Paper) -> Iterator[Finding]:
    body = [line for line in paper.text_lines if line.outline is not None and line.section == 0]
    kinds: tuple[tuple[str, str, str, Callable[[Line], bool]], ...] = (
        ("Phần", "“Phần” và số La Mã, tên in hoa, đậm, giữa", r"Phần ", _part_ok),
        ("Điều", "“Điều”, số Ả Rập, dấu chấm, đậm, thụt 1 hoặc 1,27 cm", r"Điều \d+\. ", _article_ok),
        ("Mục", "số La Mã, in hoa, đậm, cùng dòng với tên", r"[IVX]+\. ", lambda line: line.bold and _upper(line)),
        ("Khoản", "số Ả Rập và dấu chấm, có tên thì đậm", r"\d+(\.\d+)*\. ", lambda line: line.bold),
        ("Điểm", "chữ cái tiếng Việt và dấu ), không đậm", r"\w\) ", _point_ok),
    )
    for name, expected, opening, good in kinds:
        lines = [line for line in body if re.match(opening, line.text)]
        if not lines:
            yield Finding("II.6", name, expected, "không có", None)
            continue
        marks = [good(line) and all(13 <= size <= 14 for size in line.sizes) for line in lines]
        yield Finding("II.6", name, f"{expected}, cỡ 13 - 14", _share(marks), all(marks))


def _part_ok(line: Line) -> bool:
    label, _, title = line.text.partition("\n")
    upper = re.fullmatch(r"Phần [IVX]+", label) is not None and title == title.upper()
    return upper and line.bold and line.align == "center"


def _article_ok(line: Line) -> bool:
    return line.bold and _near(line.first_line_cm, 1, 1.27)


def _point_ok(line: Line) -> bool:
    return not line.bold and line.text[0] in POINT_LETTERS


def _upper(line: Line) -> bool:
    return line.text == line.text.upper()


def _body(paper: _Paper) -> Iterator[Finding]:
    body = _body_lines(paper)
    if not body:
        yield Finding("II.6", "Nội dung", "có đoạn văn", "không có", False)
        return
    rules: tuple[tuple[str, str, Callable[[Line], bool]], ...] = (
        ("Nội dung, canh đều", "canh đều hai lề", lambda line: line.align == "both"),
        ("Nội dung, thụt đầu dòng", "1 hoặc 1,27 cm", lambda line: _near(line.first_line_cm, 1, 1.27)),
        ("Nội dung, cách đoạn", "ít nhất 6 pt", lambda line: line.spacing_pt >= 6),
        ("Nội dung, giãn dòng", "từ dòng đơn đến 1,5", lambda line: 1 <= line.line_spacing <= 1.5),
        ("Nội dung, cỡ chữ", "13 - 14, đứng", lambda line: all(13 <= size <= 14 for size in line.sizes)),
    )
    for name, expected, good in rules:
        marks = [good(line) for line in body]
        yield Finding("II.6", name, expected, _share(marks), all(marks))
    yield Finding("II.6", "Kết thúc nội dung", "dấu ./.", body[-1].text[-40:], body[-1].text.endswith("./."))


def _body_lines(paper: _Paper) -> list[Line]:
    """Paragraphs of the body: long, neither heading, caption nor note, before the signature."""
    title = paper.title_at
    return [
        line
        for at, line in enumerate(paper.text_lines)
        if at > title + 1
        and line.table is None
        and line.section == 0
        and line.outline is None
        and not (line.bold or line.italic or line.text.startswith("Kính gửi"))
        and (len(line.text) >= _LONG or line.text.endswith("./."))
    ]


def _signature(paper: _Paper) -> Iterator[Finding]:
    cells = [line for line in paper.text_lines if line.table == paper.signature_table and line.cell == 1]
    if paper.signature_table is None or len(cells) < 2:
        yield Finding("II.7", "Quyền hạn, chức vụ, họ tên", "ở nửa bên phải", "không có", False)
        return
    authority, name = cells[:-1], cells[-1]
    good = all(line.bold and _upper(line) and _sized(line, 13, 14) for line in authority)
    shown = " / ".join(line.text for line in authority)
    yield Finding("II.7", "Quyền hạn, chức vụ", "in hoa, đậm, cỡ 13 - 14", shown, good)
    good = name.bold and _sized(name, 13, 14) and not _upper(name) and name.align == "center"
    yield Finding("II.7", "Họ và tên người ký", "chữ thường, đậm, cỡ 13 - 14, giữa", name.text, good)


def _recipients(paper: _Paper) -> Iterator[Finding]:
    cells = [line for line in paper.text_lines if line.table == paper.signature_table and line.cell == 0]
    if paper.signature_table is None or len(cells) < 2:
        yield Finding("II.9", "Nơi nhận", "ở bên trái, ngang chức vụ", "không có", False)
        return
    word, names = cells[0], cells[1:]
    good = word.bold and word.italic and word.sizes == {12}
    yield Finding("II.9", "Từ “Nơi nhận”", "cỡ 12, nghiêng, đậm", _look(word), good)
    good = all(line.sizes == {11} and not line.bold and line.text.startswith("- ") for line in names)
    good = good and all(line.text.endswith(";") for line in names[:-1])
    good = good and names[-1].text.startswith("- Lưu:") and names[-1].text.endswith(".")
    yield Finding(
        "II.9", "Danh sách nơi nhận", "cỡ 11, đứng, mỗi nơi một dòng, cuối là “- Lưu: …”.", f"{len(names)} dòng", good
    )


def _annexes(paper: _Paper) -> Iterator[Finding]:
    places = paper.annexes()
    if not places:
        yield Finding("III.1", "Phụ lục", "mỗi phụ lục một trang mới", "không có", None)
        return
    labels = [paper.text_lines[at] for at in places]
    numbered = [(_ANNEX.fullmatch(line.text) or [None, None])[1] or "" for line in labels]
    roman = len(labels) == 1 or all(re.fullmatch(r"[IVXLC]+", number) for number in numbered)
    good = roman and all(line.bold and line.align == "center" and line.sizes == {14} for line in labels)
    yield Finding(
        "III.1",
        "Từ “Phụ lục”",
        "cỡ 14, đậm, giữa; từ hai phụ lục đánh số La Mã",
        ", ".join(line.text for line in labels),
        good,
    )
    titles = [paper.text_lines[at + 1] for at in places]
    marks = [line.bold and _upper(line) and _sized(line, 13, 14) for line in titles]
    yield Finding("III.1", "Tên phụ lục", "in hoa, đậm, cỡ 13 - 14", _share(marks), all(marks))
    references = [paper.text_lines[at + 2] for at in places]
    marks = [line.text.startswith("(Kèm theo") and line.italic and _sized(line, 13, 14) for line in references]
    yield Finding("III.1", "Dòng “Kèm theo”", "trong ngoặc, nghiêng, cỡ 13 - 14", _share(marks), all(marks))


def _looks(
    law: str,
    component: str,
    line: Line | None,
    *,
    sizes: tuple[float, float],
    bold: bool | None = None,
    italic: bool = False,
    upper: bool = False,
    centred: bool = False,
) -> Finding:
    low, high = sizes
    words = [f"cỡ {low:g} - {high:g}" if low != high else f"cỡ {low:g}"]
    words += [word for word, on in (("đậm", bold), ("nghiêng", italic), ("in hoa", upper), ("giữa", centred)) if on]
    if line is None:
        return Finding(law, component, ", ".join(words), "không có", False)
    good = _sized(line, low, high) and line.italic == italic and (bold is None or line.bold == bold)
    good = good and (not upper or _upper(line)) and (not centred or line.align == "center")
    return Finding(law, component, ", ".join(words), _look(line), good)


def _ruled(paper: _Paper, law: str, component: str, text: str) -> Finding:
    """Whether a line is drawn right after the paragraph with this text."""
    for paragraph in paper.document.element.body.iter(qn("w:p")):
        if paragraph_text(paragraph) == text:
            following: Any = paragraph.getnext()
            drawn = has_rule(paragraph) or (
                following is not None and following.tag == qn("w:p") and has_rule(following)
            )
            return Finding(law, component, "đường kẻ nét liền", "có" if drawn else "không có", drawn)
    return Finding(law, component, "đường kẻ nét liền", "không có", False)


def _page_field(document: WordDocument, header: Any) -> tuple[Any, str, float]:
    """The paragraph of a header that shows the page number, its alignment and size."""
    formatting = Formatting(document)
    place = {"table": None, "row": None, "cell": None, "section": 0}
    for paragraph in header._element.iter(qn("w:p")):
        if any("PAGE" in (node.text or "") for node in paragraph.iter(qn("w:instrText"))):
            line = formatting.line(paragraph, place)
            return paragraph, line.align, max(line.sizes, default=0)
    return None, "", 0


def _first(paper: _Paper, picks: Callable[[Line], bool]) -> Line | None:
    return next((line for line in paper.text_lines if picks(line)), None)


def _sized(line: Line, low: float, high: float) -> bool:
    return bool(line.sizes) and all(low <= size <= high for size in line.sizes)


def _look(line: Line) -> str:
    sizes = ", ".join(f"{size:g}" for size in sorted(line.sizes))
    return f"cỡ {sizes}{', đậm' if line.bold else ''}{', nghiêng' if line.italic else ''}: {line.text[:40]}"


def _share(marks: Sequence[bool]) -> str:
    return f"{sum(marks)}/{len(marks)} đúng"


def _near(value: float, *wanted: float) -> bool:
    return any(abs(value - each) < 0.03 for each in wanted)

"""Official documents in the layout of NĐ 30/2020/NĐ-CP, Phụ lục I, Mẫu 1.4 (a document that has a tên loại).

`OfficialDocument` is written from top to bottom: letterhead, title, addressees, bases, body, signature, annexes.
The same calls give the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Cm, Mm

from haidang.kernel.dates import long_date
from haidang.office.nd30_package import package_bytes, set_properties, strip_blank_document
from haidang.office.nd30_styles import PAGE, apply_styles, estimated_width_cm, style_size
from haidang.office.nd30_tables import Table, table_element
from haidang.office.nd30_xml import (
    Text,
    boxed_xml,
    clean,
    page_number_xml,
    paragraph,
    paragraph_xml,
    rule_xml,
    two_column_table,
)

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
POINT_LETTERS = "abcdđeghiklmnopqrstuvxy"
_LEFT_CM, _RIGHT_CM = 6.6, 9.9
_STAMP_SIDE_CM = 1.6
_BLANK = "\u00a0" * 6
_LONG_TITLE_WORDS = 9
_YEARS = re.compile(r"(?<=\d{4}) - (?=\d{4})")
_TERRITORY = re.compile(r" (TỈNH|THÀNH PHỐ|HUYỆN|THỊ XÃ|QUẬN|XÃ|PHƯỜNG|ĐẶC KHU)(?= )")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues, under which symbol, where and when; a number or a day not yet given is left open to be filled.

    `symbol` is what follows the number, for example "BC-UBND". `dated` may be None with `month_year` as the open
    form ("tháng 6 năm 2025"). `about` is the subject of a công văn ("V/v ..."), which has no tên loại. `stamps` are
    the marks of secrecy, urgency or circulation ("MẬT", "HỎA TỐC", "LƯU HÀNH NỘI BỘ").
    """

    issuing_body: str
    symbol: str
    place: str
    parent_body: str = ""
    number: int | None = None
    dated: date | None = None
    month_year: str = ""
    about: str = ""
    stamps: tuple[str, ...] = ()

    def number_line(self) -> str:
        """ "Số: 05/BC-UBND": numbers under 10 padded, no spaces about / and - (Phụ lục I, mục II.3)."""
        return f"Số: {_BLANK if self.number is None else f'{self.number:02d}'}/{self.symbol}"

    def place_date_line(self) -> str:
        """ "Hải Minh, ngày 08 tháng 3 năm 2021" (Phụ lục I, mục II.4)."""
        when = long_date(self.dated) if self.dated else f"ngày{_BLANK}{self.month_year or f'tháng{_BLANK}năm{_BLANK}'}"
        return f"{self.place}, {when}"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: lines of authority ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), the name, and who receives the document."""

    authority: tuple[str, ...]
    signer: str
    recipients: tuple[str, ...]
    archive: str = "VT"


class OfficialDocument:
    """A document under construction; each call adds the next component, `to_bytes` ends it."""

    def __init__(self, *, title: str, author: str, dated: date, mark: str = "") -> None:
        """`mark` is printed at the head of every page (for example "Số liệu giả định"); `dated` stamps the file."""
        self._document = docx.Document()
        strip_blank_document(self._document)
        apply_styles(self._document)
        set_properties(self._document, title=clean(title), author=clean(author), on=dated, keywords=clean(mark))
        self._landscape = False
        section = self._document.sections[0]
        _set_page(section, landscape=False)
        _write_page_header(section, clean(mark))

    @property
    def text_width_cm(self) -> float:
        """Width between the margins of the current section."""
        return PAGE.text_width_cm(self._landscape)

    def letterhead(self, head: Letterhead) -> None:
        """Quốc hiệu, tiêu ngữ, issuing body, số and ký hiệu, place and date, marks (components 1-4, 5b, 10, 11)."""
        body = _broken_before_place(clean(head.issuing_body).upper(), "CoQuanBanHanh")
        above = _broken_before_place(clean(head.parent_body).upper(), "CoQuanChuQuan")
        parent = paragraph_xml("CoQuanChuQuan", above) if above else ""
        left = parent + paragraph_xml("CoQuanBanHanh", body) + _rule_under(body, "CoQuanBanHanh", _LEFT_CM, 0.42)
        right = paragraph_xml("QuocHieu", NATION) + paragraph_xml("TieuNgu", MOTTO)
        right += _rule_under(MOTTO, "TieuNgu", _RIGHT_CM, 1.0)
        number = paragraph_xml("SoKyHieu", head.number_line())
        if head.about:
            number += paragraph_xml("VeViec", f"V/v {head.about.removeprefix('V/v ')}")
        # An empty line keeps the boxes apart: Word joins neighbours that have the same border.
        boxes = (boxed_xml("DauMuc", clean(stamp).upper(), _STAMP_SIDE_CM) for stamp in head.stamps)
        number += paragraph_xml("DuongKe", "").join(boxes)
        lines = (number, paragraph_xml("DiaDanhNgay", head.place_date_line()))
        self._add(two_column_table(_LEFT_CM, _RIGHT_CM, [(left, right), lines]))

    def title(self, kind: str, subject: str) -> None:
        """Tên loại in capitals, trích yếu under it, and its rule (component 5a)."""
        self._add(paragraph("TenLoai", clean(kind).upper()))
        self._add(paragraph("TrichYeu", subject))
        self._add(parse_xml(_rule_under(subject, "TrichYeu", self.text_width_cm, 0.42)))

    def addressed_to(self, addressees: Sequence[str]) -> None:
        """Kính gửi: one addressee on the same line, several each on its own (component 9a)."""
        if len(addressees) == 1:
            self._add(paragraph("KinhGui", f"Kính gửi: {addressees[0]}"))
            return
        lines = [f"- {name}{'.' if name is addressees[-1] else ';'}" for name in addressees]
        self._add(paragraph("KinhGui", "\n".join(["Kính gửi:", *lines])))

    def bases(self, bases: Sequence[str]) -> None:
        """Căn cứ lines in italics, each ended by a semicolon, the last by a full stop (component 6)."""
        for place, basis in enumerate(bases, start=1):
            self._add(paragraph("CanCu", basis.rstrip(" .;") + ("." if place == len(bases) else ";")))

    def boxed(self, text: Text) -> None:
        """A remark in a box."""
        self._add(parse_xml(boxed_xml("KhungLuuY", text, 0.2)))

    def part(self, label: str, title: str) -> None:
        """ "Phần I" and under it the title in capitals: the first level of headings."""
        self._add(paragraph("Heading1", f"{label}\n{_last_words_together(clean(title).upper())}"))

    def item(self, label: str, title: str) -> None:
        """ "I. TÊN MỤC": the second level of headings."""
        self._add(paragraph("Heading2", f"{label} {clean(title).upper()}"))

    def clause(self, label: str, title: str) -> None:
        """ "1. Tên khoản": the third level of headings."""
        self._add(paragraph("Heading3", f"{label} {title}"))

    def subclause(self, label: str, title: str) -> None:
        """ "1.1. Tên khoản nhỏ": the fourth level; practice of reports, not named in the decree."""
        self._add(paragraph("Heading4", f"{label} {title}"))

    def point(self, label: str, title: str) -> None:
        """ "a) Tên điểm": the fifth level, not bold."""
        self._add(paragraph("Heading5", f"{label} {title}"))

    def paragraph(self, text: Text) -> None:
        """A paragraph of the body: justified, first line indented 1.27 cm."""
        self._add(paragraph("NoiDung", text))

    def table(self, table: Table) -> None:
        """A table with its caption and unit above and its notes below."""
        if table.caption:
            self._add(paragraph("TenBang", table.caption))
        if table.unit:
            self._add(paragraph("DonViTinh", f"Đơn vị tính: {table.unit}"))
        self._add(table_element(table, self.text_width_cm))
        for place, note in enumerate(table.notes, start=1):
            held = "<w:keepNext/>" if place < len(table.notes) else ""
            self._add(paragraph("GhiChuBang", note, properties=held))
        if not table.notes:
            # A paragraph must stand between two tables, else Word joins them; this one has next to no height.
            self._add(paragraph("NganCach", ""))

    def picture(self, png: bytes, *, caption: str, description: str, width_cm: float) -> None:
        """A picture with its caption below; `description` is read out to those who do not see it."""
        holder = self._document.add_paragraph()
        run = holder.add_run()
        inline = run.add_picture(io.BytesIO(png), width=Cm(min(width_cm, self.text_width_cm)))._inline
        inline.docPr.set("descr", clean(description))
        inline.docPr.set("name", clean(caption)[:80])
        holder._p.get_or_add_pPr().insert(0, parse_xml(f'<w:pStyle {nsdecls("w")} w:val="Hinh"/>'))
        self._add(paragraph("TenHinh", _last_words_together(clean(caption))))

    def signature(self, signature: Signature) -> None:
        """Nơi nhận at the left, authority, room for signature and seal, and name at the right (components 7-9b)."""
        left = paragraph_xml("NoiNhan", "Nơi nhận:")
        receivers = [*(f"- {name};" for name in signature.recipients), f"- Lưu: {signature.archive}."]
        left += "".join(paragraph_xml("NoiNhanDong", line) for line in receivers)
        right = "".join(paragraph_xml("ChucVu", clean(line).upper()) for line in signature.authority)
        right += paragraph_xml("ChoKy", "") * 4 + paragraph_xml("HoTen", signature.signer)
        self._add(paragraph("NoiDung", ""))
        half = self.text_width_cm / 2
        self._add(two_column_table(half, half, [(left, right)]))
        self._add(paragraph("DuongKe", ""))  # the body must not end with a table

    def annex(self, label: str, title: str, reference: str, *, landscape: bool = False) -> None:
        """A new section with its own page numbers: "Phụ lục I", its title, and what it goes with."""
        self._landscape = landscape
        section = self._document.add_section(WD_SECTION.NEW_PAGE)
        _end_section_in_last_paragraph(self._document.paragraphs[-1]._p)
        _set_page(section, landscape=landscape)
        _restart_page_numbers(section)
        self._add(paragraph("PhuLuc", label))
        self._add(paragraph("TenPhuLuc", _last_words_together(clean(title).upper())))
        self._add(paragraph("KemTheo", f"({reference})"))

    def to_bytes(self) -> bytes:
        """The finished .docx."""
        return package_bytes(self._document)

    def save(self, path: Path) -> None:
        """Write the finished .docx, replacing a file of that name."""
        path.write_bytes(self.to_bytes())

    def _add(self, element: BaseOxmlElement) -> None:
        self._document.element.body[-1].addprevious(element)  # the last child is the section, and stays the last


def _last_words_together(title: str) -> str:
    """A centred title whose last line is never a single word: its last three words, and its years, stay together."""
    title = _YEARS.sub("\u00a0-\u00a0", title)
    words = title.split(" ")
    return " ".join([*words[:-3], "\u00a0".join(words[-3:])]) if len(words) >= _LONG_TITLE_WORDS else title


def _broken_before_place(name: str, style_id: str) -> str:
    """A name of an organ that is too long for one line, broken before its territory."""
    if estimated_width_cm(name, style_size(style_id)) <= _LEFT_CM:
        return name
    return _TERRITORY.sub(r"\n\1", name, count=1)


def _rule_under(text: str, style_id: str, space_cm: float, share: float) -> str:
    """The rule under a text, `share` of the width of its widest line."""
    widest = max(estimated_width_cm(line, style_size(style_id)) for line in text.split("\n"))
    length = min(widest, space_cm)
    return rule_xml(length * share, space_cm)


def _set_page(section: Section, *, landscape: bool) -> None:
    short, long = Mm(PAGE.width_mm), Mm(PAGE.height_mm)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    section.top_margin, section.bottom_margin = Mm(PAGE.top_mm), Mm(PAGE.bottom_mm)
    section.left_margin, section.right_margin = Mm(PAGE.left_mm), Mm(PAGE.right_mm)
    section.header_distance, section.footer_distance = Mm(PAGE.header_mm), Mm(PAGE.header_mm)
    section.different_first_page_header_footer = True


def _write_page_header(section: Section, mark: str) -> None:
    """Number in the middle of the top margin, not on the first page; the mark, if any, on every page."""
    marked = paragraph_xml("DauTrang", mark) if mark else ""
    first = marked or paragraph_xml("SoTrang", "")
    for header, contents in ((section.header, (page_number_xml(), marked)), (section.first_page_header, (first,))):
        header.is_linked_to_previous = False
        root = header._element
        for child in list(root):
            root.remove(child)
        for content in filter(None, contents):
            root.append(parse_xml(content))


def _end_section_in_last_paragraph(holder: BaseOxmlElement) -> None:
    """Let the last paragraph of a section end it, not an empty one after it that may fall on a page of its own."""
    last = holder.getprevious()
    if last is None or last.tag != qn("w:p"):
        holder.find(qn("w:pPr")).insert(0, parse_xml(f'<w:pStyle {nsdecls("w")} w:val="NganCach"/>'))
        return
    last.get_or_add_pPr().append(holder.find(qn("w:pPr")).find(qn("w:sectPr")))
    holder.getparent().remove(holder)


def _restart_page_numbers(section: Section) -> None:
    properties = section._sectPr
    for old in properties.findall(qn("w:pgNumType")):
        properties.remove(old)
    numbering = parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="1"/>')
    margins = properties.find(qn("w:pgMar"))
    margins.addnext(numbering)

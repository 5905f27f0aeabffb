"""Page, fonts and Word styles of an official document: NĐ 30/2020/NĐ-CP, Phụ lục I, as data.

The decree gives ranges; `Page` and `STYLES` are our choice inside them. `nd30_checks` holds the ranges themselves.
Every style names Times New Roman in all four script slots: Word and LibreOffice otherwise take headings and
East Asian text from the theme, and the Vietnamese letters of the two fonts no longer match.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from haidang.kernel.text import bare

FONT: Final = "Times New Roman"
LANGUAGE: Final = "vi-VN"
FIRST_LINE_CM: Final = 1.27
TWIPS_PER_CM: Final = 1440 / 2.54

_UPPER_BOLD = {
    "A": 722, "B": 667, "C": 722, "D": 722, "E": 667, "G": 778, "H": 778, "I": 389, "K": 778, "L": 667, "M": 944,
    "N": 722, "O": 778, "P": 611, "Q": 778, "R": 722, "S": 556, "T": 667, "U": 722, "V": 722, "X": 722, "Y": 722,
}  # fmt: skip
_SIGNS_BOLD = {"+": 570, "−": 570, "-": 333, "×": 570, "%": 1000, "(": 333, ")": 333, "*": 500, "…": 1000}
_LOWER_BOLD = {"i": 278, "l": 278, "m": 833, "t": 333, "r": 389, "s": 389, "c": 444, "e": 444}


@dataclass(frozen=True, slots=True)
class Page:
    """A4 in millimetres with the margins of the decree (top and bottom 20-25, left 30-35, right 15-20)."""

    width_mm: float = 210
    height_mm: float = 297
    top_mm: float = 20
    bottom_mm: float = 20
    left_mm: float = 30
    right_mm: float = 15
    header_mm: float = 8

    def text_width_cm(self, landscape: bool = False) -> float:
        """Width between the side margins, in centimetres."""
        return ((self.height_mm if landscape else self.width_mm) - self.left_mm - self.right_mm) / 10


PAGE: Final = Page()


@dataclass(frozen=True, slots=True)
class StyleRule:
    """One paragraph style; sizes and spacing in points, indents in centimetres, `outline` is the heading level."""

    style_id: str
    name: str
    size: float = 14
    bold: bool = False
    italic: bool = False
    align: str = "center"
    first_line_cm: float = 0
    before: float = 0
    after: float = 0
    line: float = 1.0
    keep_next: bool = False
    outline: int | None = None


# The identifiers of the styles are also their names in `nd30`: a component of the decree is one style.
STYLES: Final = (
    StyleRule("QuocHieu", "Quốc hiệu", size=13, bold=True),
    StyleRule("TieuNgu", "Tiêu ngữ", size=14, bold=True),
    StyleRule("CoQuanChuQuan", "Cơ quan chủ quản", size=13),
    StyleRule("CoQuanBanHanh", "Cơ quan ban hành", size=13, bold=True),
    StyleRule("SoKyHieu", "Số, ký hiệu", size=13, before=2),
    StyleRule("DiaDanhNgay", "Địa danh, ngày tháng", size=14, italic=True, before=2),
    StyleRule("VeViec", "Trích yếu công văn", size=13, before=2),
    StyleRule("DauMuc", "Mức độ mật, khẩn, phạm vi lưu hành", size=13, bold=True, before=8, after=4),
    StyleRule("DuongKe", "Đường kẻ", size=2, before=3),
    StyleRule("NganCach", "Ngăn cách", size=1),
    StyleRule("TenLoai", "Tên loại văn bản", bold=True, before=18, keep_next=True),
    StyleRule("TrichYeu", "Trích yếu", bold=True, keep_next=True),
    StyleRule("KinhGui", "Kính gửi", before=12, after=12),
    StyleRule("CanCu", "Căn cứ", italic=True, align="both", first_line_cm=FIRST_LINE_CM, before=6, line=1.1),
    StyleRule("NoiDung", "Nội dung", align="both", first_line_cm=FIRST_LINE_CM, before=6, line=1.15),
    StyleRule("Heading1", "heading 1", bold=True, before=18, after=6, keep_next=True, outline=0),
    StyleRule(
        "Heading2",
        "heading 2",
        bold=True,
        align="left",
        first_line_cm=FIRST_LINE_CM,
        before=12,
        line=1.1,
        keep_next=True,
        outline=1,
    ),
    StyleRule(
        "Heading3",
        "heading 3",
        bold=True,
        align="left",
        first_line_cm=FIRST_LINE_CM,
        before=9,
        line=1.1,
        keep_next=True,
        outline=2,
    ),
    StyleRule(
        "Heading4",
        "heading 4",
        bold=True,
        align="left",
        first_line_cm=FIRST_LINE_CM,
        before=6,
        line=1.1,
        keep_next=True,
        outline=3,
    ),
    StyleRule(
        "Heading5",
        "heading 5",
        align="both",
        first_line_cm=FIRST_LINE_CM,
        before=6,
        line=1.15,
        keep_next=True,
        outline=4,
    ),
    StyleRule("KhungLuuY", "Khung lưu ý", size=13, italic=True, before=6, after=6),
    StyleRule("TenBang", "Tên bảng", size=13, bold=True, before=12, after=2, keep_next=True),
    StyleRule("DonViTinh", "Đơn vị tính", size=12, italic=True, align="right", after=2, keep_next=True),
    StyleRule("OBang", "Ô bảng", size=12, align="left", before=2, after=2),
    StyleRule("DauBang", "Đầu bảng", size=12, bold=True, before=2, after=2, keep_next=True),
    StyleRule("GhiChuBang", "Ghi chú bảng", size=11, italic=True, align="both", before=3, after=3),
    StyleRule("Hinh", "Hình", before=12, keep_next=True),
    StyleRule("TenHinh", "Tên hình", size=13, bold=True, before=2, after=4),
    StyleRule("PhuLuc", "Phụ lục", bold=True, keep_next=True, outline=0),
    StyleRule("TenPhuLuc", "Tên phụ lục", bold=True, keep_next=True),
    StyleRule("KemTheo", "Kèm theo", italic=True, after=6),
    StyleRule("ChucVu", "Quyền hạn, chức vụ", bold=True, keep_next=True),
    StyleRule("ChoKy", "Chỗ ký", size=14, keep_next=True),
    StyleRule("HoTen", "Họ tên", bold=True),
    StyleRule("NoiNhan", "Nơi nhận", size=12, bold=True, italic=True, align="left", keep_next=True),
    StyleRule("NoiNhanDong", "Nơi nhận, danh sách", size=11, align="left"),
    StyleRule("SoTrang", "Số trang", size=14),
    StyleRule("DauTrang", "Dấu ở đầu trang", size=9, italic=True),
)
_EXACT_TWIPS = {"DuongKe": 80, "NganCach": 20}
_SIZES = {rule.style_id: rule.size for rule in STYLES}


def twips(centimetres: float) -> int:
    """Centimetres as twentieths of a point, the unit of indents and widths in a .docx."""
    return round(centimetres * TWIPS_PER_CM)


def style_size(style_id: str) -> float:
    """The font size of a style, in points."""
    return _SIZES[style_id]


def estimated_width_cm(text: str, size: float) -> float:
    """About how wide a bold line of Times New Roman is: enough for rules, and on the safe side for columns."""
    return sum(map(_advance, text)) / 1000 * size / 72 * 2.54


@lru_cache(maxsize=2048)  # bounded: any text may come
def _advance(char: str) -> int:
    """The width of a letter in thousandths of the size; marks above and below it add nothing."""
    base = bare(char) or " "
    if char.isupper():
        return _UPPER_BOLD.get(base.upper(), 722)
    if char in _SIGNS_BOLD:
        return _SIGNS_BOLD[char]
    return _LOWER_BOLD.get(base, 530) if char.isalpha() else (500 if char.isdigit() else 290)


def apply_styles(document: WordDocument) -> None:
    """Replace every style of the blank document by ours, so that no theme font or stray style remains."""
    styles = document.styles.element
    for child in list(styles):
        styles.remove(child)
    styles.append(parse_xml(_defaults_xml()))
    styles.append(parse_xml(_normal_xml()))
    styles.append(parse_xml(_table_normal_xml()))
    for rule in STYLES:
        styles.append(parse_xml(_style_xml(rule)))


def fonts_xml() -> str:
    """The rFonts element that names the font in all four script slots."""
    return f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'


def size_xml(points: float) -> str:
    """The size elements, for Latin and for complex scripts."""
    half_points = round(points * 2)
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _defaults_xml() -> str:
    language = f'<w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="ar-SA"/>'
    run = f'<w:rPr>{fonts_xml()}<w:color w:val="000000"/>{size_xml(14)}{language}</w:rPr>'
    spacing = '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
    return (
        f"<w:docDefaults {nsdecls('w')}><w:rPrDefault>{run}</w:rPrDefault>"
        f"<w:pPrDefault><w:pPr>{spacing}</w:pPr></w:pPrDefault></w:docDefaults>"
    )


def _normal_xml() -> str:
    return (
        f'<w:style {nsdecls("w")} w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        f"<w:qFormat/><w:rPr>{fonts_xml()}{size_xml(14)}</w:rPr></w:style>"
    )


def _table_normal_xml() -> str:
    sides = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in
                    (("top", 0), ("left", 85), ("bottom", 0), ("right", 85)))  # fmt: skip
    return (
        f'<w:style {nsdecls("w")} w:type="table" w:default="1" w:styleId="TableNormal">'
        f'<w:name w:val="Normal Table"/><w:tblPr><w:tblCellMar>{sides}</w:tblCellMar></w:tblPr></w:style>'
    )


def _style_xml(rule: StyleRule) -> str:
    keep = "<w:keepNext/>" if rule.keep_next else ""
    exact = _EXACT_TWIPS.get(rule.style_id)
    lines, line = ("exact", exact) if exact else ("auto", round(rule.line * 240))
    spacing = (
        f'<w:spacing w:before="{round(rule.before * 20)}" w:after="{round(rule.after * 20)}" '
        f'w:line="{line}" w:lineRule="{lines}"/>'
    )
    indent = f'<w:ind w:firstLine="{twips(rule.first_line_cm)}"/>' if rule.first_line_cm else ""
    level = "" if rule.outline is None else f'<w:outlineLvl w:val="{rule.outline}"/>'
    weight = ("<w:b/><w:bCs/>" if rule.bold else "") + ("<w:i/><w:iCs/>" if rule.italic else "")
    following = '<w:next w:val="NoiDung"/>' if rule.outline is not None else ""
    return (
        f'<w:style {nsdecls("w")} w:type="paragraph" w:styleId="{rule.style_id}"><w:name w:val="{rule.name}"/>'
        f'<w:basedOn w:val="Normal"/>{following}<w:qFormat/>'
        f'<w:pPr>{keep}{spacing}{indent}<w:jc w:val="{rule.align}"/>{level}</w:pPr>'
        f"<w:rPr>{fonts_xml()}{weight}{size_xml(rule.size)}</w:rPr></w:style>"
    )

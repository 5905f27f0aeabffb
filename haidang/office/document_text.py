"""The text of a document somebody hands in: .txt, .md, .docx, .odt, .pdf, images. What a file is, its bytes say.

Everything is bounded (bytes, parts of a package, unpacked size, pages, characters); what cannot be read raises
UnreadableDocument with one Vietnamese sentence that says what is wrong and what to do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from haidang.office.scan_images import is_image
from haidang.office.text_encodings import SIGNS, decoded, in_unicode, raised

MOST_BYTES = 20_000_000
MOST_CHARACTERS = 1_000_000
MOST_LINES = 40_000  # a plan of sixty pages has about three thousand
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # also the wrapper of an encrypted .docx
_ODT_TYPE = b"application/vnd.oasis.opendocument.text"
_LOST_MARKS = re.compile(r"[^\W\d_]\?[^\W\d_]")  # "C?NG H?A": saved in an encoding without these letters
_SUFFIXES = {".txt": "text", ".md": "text", ".docx": "docx", ".odt": "odt", ".pdf": "pdf"} | dict.fromkeys(
    (".png", ".jpg", ".jpeg", ".tif", ".tiff"), "image"
)
SUFFIXES = tuple(_SUFFIXES)
Progress = Callable[[str], None]


class UnreadableDocument(Exception):
    """The file cannot be read; the text is one Vietnamese sentence for the person who handed it in."""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """Text with line breaks, rows of tables as "| a | b |". `kind`: "text", "docx", "odt", "pdf" or "image".

    `pages` is known of the last two; `scanned` are those (from 1) whose letters were recognised and may be wrong.
    """

    text: str
    kind: str
    pages: int | None = None
    scanned: tuple[int, ...] = ()


def _in_silence(_sentence: str) -> None:
    """What is told of progress when nobody listens."""


def extract_text(path: Path, progress: Progress = _in_silence) -> DocumentText:
    """The text of the file at `path`; UnreadableDocument when it is not a readable document of a known kind."""
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        kind = f"đuôi “{suffix}”" if suffix else f"“{path.name}” không có đuôi"
        raise UnreadableDocument(
            f"Không đọc được tệp {kind}; hãy dùng tệp .docx, .odt, .pdf, .txt, .md hoặc ảnh .png, .jpg, .tif."
        )
    try:
        if not path.is_file():
            raise UnreadableDocument(f"Không tìm thấy tệp “{path.name}”; hãy kiểm tra lại tên và thư mục.")
        _check_bytes(path.stat().st_size, path.name)
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableDocument(f"Không mở được tệp “{path.name}”; hãy kiểm tra quyền đọc tệp.") from error
    return text_of_bytes(content, path.name, progress)


def text_of_bytes(content: bytes, name: str, progress: Progress = _in_silence) -> DocumentText:
    """The text of a file's bytes; `name` (with its suffix) is used for the expected kind and in messages.

    `progress` is told, in Vietnamese sentences, how far the reading of a scan is, which takes seconds a page.
    """
    _check_bytes(len(content), name)
    if not content.strip(b"\x00 \t\r\n"):
        raise UnreadableDocument(f"Tệp “{name}” trống; hãy chọn tệp có nội dung kế hoạch.")
    expected = _SUFFIXES.get(Path(name).suffix.lower())
    kind = _kind(content)
    if kind == "old-office":
        raise UnreadableDocument(
            f"Tệp “{name}” là Word đời cũ (.doc) hoặc đang đặt mật khẩu; hãy mở bằng Word"
            f", bỏ mật khẩu và lưu lại dạng .docx."
        )
    if expected is not None and kind != expected:
        raise UnreadableDocument(
            f"Tệp “{name}” không đúng định dạng mà đuôi tệp cho biết; hãy xuất lại tệp .docx, .pdf hoặc .txt."
        )
    document = _document_of(kind, content, name, progress)
    document = replace(document, text=raised(in_unicode(document.text.translate(SIGNS))))
    if not document.text.strip():
        raise UnreadableDocument(f"Tệp “{name}” không có chữ nào; hãy chọn tệp có nội dung kế hoạch.")
    check_size(len(document.text), document.text.count("\n"), name)
    return document


def _document_of(kind: str, content: bytes, name: str, progress: Progress) -> DocumentText:
    """The text by the room that reads this kind; each is imported only when it is needed."""
    if kind == "docx":
        from haidang.office.docx_text import docx_text

        return DocumentText(docx_text(content, name), kind)
    if kind == "odt":
        from haidang.office.odt_text import odt_text

        return DocumentText(odt_text(content, name), kind)
    if kind == "pdf":
        from haidang.office.pdf_text import pdf_text

        return pdf_text(content, name, progress)
    if kind == "image":
        from haidang.office.scan_text import image_text

        return image_text(content, name, progress)
    return DocumentText(_plain_text(content, name), kind)


def _check_bytes(size: int, name: str) -> None:
    if size > MOST_BYTES:
        raise UnreadableDocument(
            f"Tệp “{name}” lớn hơn {MOST_BYTES // 1_000_000} MB; hãy tách riêng phần kế hoạch rồi đọc lại."
        )


def check_size(characters: int, lines: int, name: str) -> None:
    """UnreadableDocument when a text of so many characters and lines is longer than any plan."""
    if characters > MOST_CHARACTERS:
        most = f"{MOST_CHARACTERS:,}".replace(",", ".")
        raise UnreadableDocument(f"Tệp “{name}” dài quá {most} ký tự; hãy tách riêng phần kế hoạch rồi đọc lại.")
    if lines > MOST_LINES:
        raise UnreadableDocument(f"Tệp “{name}” có quá nhiều dòng; hãy tách riêng phần kế hoạch rồi đọc lại.")


def _kind(content: bytes) -> str:
    if content.startswith(_OLD_WORD):
        return "old-office"
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "odt" if _ODT_TYPE in content[:200] else "docx"
    if b"%PDF-" in content[:1024]:
        return "pdf"
    return "image" if is_image(content) else "text"


def _plain_text(content: bytes, name: str) -> str:
    """Text in UTF-8, UTF-16 or an old Vietnamese encoding; bytes that are no text are refused."""
    problem = UnreadableDocument(f"Tệp “{name}” không phải văn bản Unicode; hãy lưu lại bằng mã UTF-8.")
    text = decoded(content)
    if text is None:
        raise problem
    if len(_LOST_MARKS.findall(text)) > max(20, len(text) // 100):
        raise UnreadableDocument(f"Tệp “{name}” đã mất dấu tiếng Việt khi lưu; hãy lưu lại từ bản gốc bằng mã UTF-8.")
    controls = sum(unicodedata.category(char) == "Cc" and char not in "\t\r\n\f\v\x85" for char in text)
    if "\x00" in text or controls > max(2, len(text) // 200):
        raise problem
    return text

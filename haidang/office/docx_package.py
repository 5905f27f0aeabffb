"""The parts of a .docx by what they are to the document, however the program that wrote it named them."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from haidang.office.document_package import bytes_of, parsed
from haidang.office.document_text import UnreadableDocument

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MAIN = "word/document.xml"
# "Strict Open XML" says the same in other namespaces (ISO/IEC 29500, part 1).
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", R_ID[1:-3].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
)


@dataclass(frozen=True, slots=True)
class WordParts:
    """The document part and what it refers to, parsed."""

    document: etree._Element
    numbering: etree._Element | None
    styles: etree._Element | None
    footnotes: etree._Element | None
    endnotes: etree._Element | None
    edges: dict[str, etree._Element]  # headers and footers, by relationship


def word_parts(package: zipfile.ZipFile, name: str) -> WordParts:
    """The parts of a package; UnreadableDocument when it is no Word document."""
    main = next((path for _id, kind, path in _related(package, "", name) if kind == "officeDocument"), _MAIN)
    document = _part(package, main, name)
    if document is None or document.tag != W + "document":
        raise UnreadableDocument(f"Tệp “{name}” không phải tài liệu Word; hãy xuất lại tệp .docx.")
    related = list(_related(package, main, name))
    paths = {kind: path for _id, kind, path in related}

    def beside(kind: str) -> etree._Element | None:
        return _part(package, paths.get(kind, f"word/{kind}.xml"), name)

    edges = {
        key: part
        for key, kind, path in related
        if kind in ("header", "footer") and (part := _part(package, path, name)) is not None
    }
    return WordParts(document, beside("numbering"), beside("styles"), beside("footnotes"), beside("endnotes"), edges)


def _part(package: zipfile.ZipFile, path: str, name: str) -> etree._Element | None:
    content = bytes_of(package, path, name)
    if content is None:
        return None
    if b"purl.oclc.org/ooxml" in content[:4096]:
        for strict, usual in _STRICT:
            content = content.replace(strict, usual)
    return parsed(content, name)


def _related(package: zipfile.ZipFile, path: str, name: str) -> Iterator[tuple[str, str, str]]:
    """(id, kind, path) of what a part refers to inside the package; "" asks for the package's own."""
    folder, file = posixpath.split(path)
    root = _part(package, posixpath.join(folder, "_rels", f"{file}.rels"), name)
    for relation in root if root is not None else ():
        target = relation.get("Target", "")
        if not isinstance(relation.tag, str) or relation.get("TargetMode") == "External" or not target:
            continue
        kind = relation.get("Type", "").rpartition("/")[2]
        place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        yield relation.get("Id", ""), kind, place

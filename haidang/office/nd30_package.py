"""The .docx package: only the parts we need, and the same bytes for the same document."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any, Final

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from haidang.office.nd30_styles import LANGUAGE

_UNWANTED: Final = frozenset(
    {
        RT.THEME,
        RT.FONT_TABLE,
        RT.CUSTOM_XML,
        RT.NUMBERING,
        RT.WEB_SETTINGS,
        RT.THUMBNAIL,
        "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
    }
)
_ZIP_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_APP_XML: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Hải Đăng</Application></Properties>"
)


def strip_blank_document(document: WordDocument) -> None:
    """Drop what python-docx's blank document carries along: theme fonts, a thumbnail, old compatibility settings."""
    for relationships in (document.part.package.rels, document.part.rels):
        for key in [key for key, relation in relationships.items() if relation.reltype in _UNWANTED]:
            del relationships[key]
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/docProps/app.xml":
            part._blob = _APP_XML.encode()
    _set_compatibility(document)


def set_properties(document: WordDocument, *, title: str, author: str, on: date, keywords: str = "") -> None:
    """Title, author, language and dates; the dates are the document's own, never the clock's."""
    properties = document.core_properties
    stamp = datetime(on.year, on.month, on.day)
    properties.title, properties.author, properties.last_modified_by = title[:255], author[:255], author[:255]
    properties.language, properties.keywords, properties.comments = LANGUAGE, keywords[:255], ""
    properties.created = properties.modified = stamp
    properties.revision = 1


def package_bytes(document: WordDocument) -> bytes:
    """The file, with its members in a fixed order and without the time of writing."""
    raw, fixed = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            member = zipfile.ZipInfo(name, _ZIP_EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            target.writestr(member, source.read(name))
    return fixed.getvalue()


def _set_compatibility(document: WordDocument) -> None:
    settings: Any = document.settings.element
    for child in list(settings):
        settings.remove(child)
    settings.append(parse_xml(f'<w:zoom {nsdecls("w")} w:percent="100"/>'))
    settings.append(parse_xml(f'<w:defaultTabStop {nsdecls("w")} w:val="720"/>'))
    compatibility = parse_xml(f"<w:compat {nsdecls('w')}><w:compatSetting/></w:compat>")
    setting = compatibility[0]
    setting.set(qn("w:name"), "compatibilityMode")
    setting.set(qn("w:uri"), "http://schemas.microsoft.com/office/word")
    setting.set(qn("w:val"), "15")
    settings.append(compatibility)
    settings.append(parse_xml(f'<w:themeFontLang {nsdecls("w")} w:val="{LANGUAGE}"/>'))

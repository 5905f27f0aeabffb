"""To whom a report goes, as the text writes it: "UBND tỉnh (qua Sở Nội vụ)"."""

from __future__ import annotations

import re

from haidang.reading.assignments import Assigner
from haidang.reading.letters import compiled
from haidang.reading.names import NameReader

REPORTS = compiled(
    r"báo cáo|chế độ thông tin|gửi\s+(?:kết quả|số liệu|phụ lục|biểu)|thông tin(?:,)? báo cáo", re.IGNORECASE
)
_TO = compiled(
    r"(?:(?:gửi|nộp)(?:\s+(?!về)[[:lower:]]+){1,5}?\s+về|gửi"
    r"(?:\s+về)?|về|cho|tới|đến|báo cáo|trình|nộp(?:\s+về)?)(?=\s)",
    re.IGNORECASE,
)
_GLOSS = compiled(r"\s*\(\s*(?=(?:thông\s+)?qua\s|[[:upper:]])(?P<inside>[^()]*(?:\([^()]*\)[^()]*)*)\)")
# The plan's own organ, named by its kind alone: "gửi về Sở (qua Phòng ...)".
_BARE_ORGAN = compiled(
    r"\s+(?P<organ>Sở|Bộ|Cục|Chi cục|Hội|Ủy ban|Uỷ ban|Viện|Trường|Nhà trường|Trung tâm|Công ty|Bệnh viện|Tổng cục"
    r"|Phòng|Liên đoàn|Ban|Huyện|Tỉnh|Thành phố|Phường|Xã)"
    r"(?=\s*(?:[,;.()]|$)|\s+(?:trước|chậm nhất|để|qua|thông qua)\s)"
)
_THROUGH = compiled(r"\s*,?\s*(?:thông\s+)?qua\s+(?=[[:upper:]])")
# What tells how to reach the addressee, or when, and is no part of its name.
_CONTACT = compiled(
    r"(?:(?:^|\s*[,;:.–-]?\s*)(?:qua\s+)?(?:(?:theo|và|hoặc|số|tại)\s+)*"
    r"(?:điện thoại|đt|sđt|đtdđ|máy|fax|e-?mail|thư điện tử|hộp thư|địa chỉ|đường|trước|hạn|chậm nhất|ngày|đồng thời)"
    r"(?!\w)|\s*[,;:.–-]?\s*(?:số\s+)?\d{3,}[\d.]*(?![\d/])|\s*[,;:]\s*số\s+\d|\s*\S+@).*$",
    re.IGNORECASE | re.DOTALL,
)


def addressee_in(text: str, assigner: Assigner) -> str | None:
    """To whom a report goes, as written, with "(qua ...)"; None when the text does not say."""
    reader, printed = assigner.reader(text), text
    text = assigner.vocabulary.mended(text)
    best: tuple[int, str] | None = None
    reported = REPORTS.search(text)
    for match in _TO.finditer(text):
        word = match.group().lower()
        if (reported is None or reported.end() > match.end()) and not word.startswith(("gửi", "nộp", "báo cáo")):
            continue
        names = reader.list_at(match.end())
        bare = _BARE_ORGAN.match(text, match.end()) if names is None and word.endswith(("về", "gửi")) else None
        if (names is None and bare is None) or (word == "báo cáo" and re.match(r"\s*(?:của)", text[match.end() :])):
            continue
        begin, end = bare.span("organ") if bare else (names.names[0].start, names.names[-1].end) if names else (0, 0)
        written = printed[begin:end] + _through(printed, end, reader)
        rank = 3 if word.endswith("về") else 2 if word == "gửi" else 1
        if best is None or rank > best[0]:
            best = (rank, written)
    return best[1] if best else None


def _through(text: str, end: int, reader: NameReader) -> str:
    """What follows an addressee that ends at `end`: " (qua Công an tỉnh)", without telephone numbers and dates."""
    gloss = _GLOSS.match(text, end)
    if gloss:
        kept = _CONTACT.sub("", gloss["inside"]).rstrip(" ,;.:–-")
        return f" ({kept})" if kept not in ("", "qua", "thông qua") else ""
    through = _THROUGH.match(text, end)
    later = reader.list_at(through.end()) if through else None
    return text[end : later.names[-1].end] if later else ""

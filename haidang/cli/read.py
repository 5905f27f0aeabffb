"""Read an issued plan (.docx, .odt, .pdf, .txt, .md, .png, .jpg, .tif) into targets, tasks and duties to report.

  haidang read ke-hoach.docx          a summary to look at
  haidang read ke-hoach.docx --json   everything found, each with its span in the text, its rule and its confidence

Scans and pictures need tesseract with Vietnamese (packages tesseract-ocr and tesseract-ocr-vie); how far it is goes to
stderr. Nothing is stored: the reading is a proposal. Exit status 2 when the file cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from haidang.cli import UsageError

if TYPE_CHECKING:
    from haidang.reading.model import PlanReading

NOT_A_PLAN = "Văn bản này không phải là kế hoạch: không thấy tên loại, mục tiêu hay nhiệm vụ của một kế hoạch."

NOTHING_READ = (
    "Văn bản là kế hoạch nhưng không đọc được chỉ tiêu, nhiệm vụ hay chế độ báo cáo nào. "
    "Đọc lại từ bản toàn văn rõ chữ hơn."
)

NO_TASK_READ = "Không đọc được nhiệm vụ nào; hãy đối chiếu với bản gốc, hoặc đọc lại từ bản toàn văn rõ chữ hơn."


def register(parser: argparse.ArgumentParser) -> None:
    """The arguments of `haidang read`."""
    parser.add_argument("file", type=Path, help="the issued plan: .docx, .odt, .pdf, .txt, .md, .png, .jpg or .tif")
    parser.add_argument("--json", action="store_true", help="print the whole reading as JSON")


def run(args: argparse.Namespace) -> int:
    """Read the file and print what was found."""
    reading = read_file(args.file)
    if args.json:
        print(json.dumps(reading.to_json(), ensure_ascii=False, indent=1))
    elif reading.is_plan:
        print(summary_of(reading))
    return 0


def read_file(path: Path) -> PlanReading:
    """The reading of a file; UsageError when it cannot be read, a sentence on stderr for no plan, or an empty one."""
    from haidang.catalogue.vocabulary import reading_vocabulary
    from haidang.office.document_text import UnreadableDocument, extract_text
    from haidang.reading.reader import read_plan

    try:
        document = extract_text(path, lambda sentence: print(sentence, file=sys.stderr))
    except UnreadableDocument as error:
        raise UsageError(str(error)) from error
    if document.scanned:
        print(scanned_words(document.scanned, document.pages), file=sys.stderr)
    reading = read_plan(document.text, reading_vocabulary(), recognised=bool(document.scanned))
    if not reading.is_plan:
        print(NOT_A_PLAN, file=sys.stderr)
    elif reading.is_empty:
        print(NOTHING_READ, file=sys.stderr)
    elif not reading.tasks:
        print(NO_TASK_READ, file=sys.stderr)
    return reading


def scanned_words(scanned: tuple[int, ...], pages: int | None) -> str:
    """Which pages were recognised from pictures, and what that asks of the reader."""
    which = "Toàn bộ văn bản" if len(scanned) == pages else f"Trang {', '.join(map(str, scanned))}"
    return f"{which} được nhận dạng chữ từ ảnh quét, có thể sai vài chữ; hãy đối chiếu với bản gốc."


def summary_of(reading: PlanReading) -> str:
    """The reading as lines for a person."""
    issued = reading.issued_on.strftime("%d/%m/%Y") if reading.issued_on else "(chưa rõ)"
    lines = [
        f"Kế hoạch:       {reading.title or '(chưa rõ)'}",
        f"Số, ký hiệu:    {reading.number or '(chưa rõ)'}    Ngày: {issued}",
        f"Cơ quan:        {reading.issuer or '(chưa rõ)'}",
        f"Căn cứ:         {', '.join(reading.legal_bases) or '(không có)'}",
        f"Người ký:       {reading.signer or '(chưa rõ)'}",
        "",
        f"Chỉ tiêu ({len(reading.targets)})",
    ]
    lines += [
        f"  {sign_of(target.comparator, target.value, target.unit):<14} {_short(target.text, 88)}"
        for target in reading.targets
    ]
    lines += ["", f"Nhiệm vụ ({len(reading.tasks)})"]
    for task in reading.tasks:
        lines.append(f"  {task.section:<12} {_short(task.text, 92)}")
        lines += _who(task.lead, "chủ trì") + _who(task.coordinating, "phối hợp")
    lines += ["", f"Chế độ báo cáo ({len(reading.reporting)})"]
    for duty in reading.reporting:
        lines.append(
            f"  {PERIODS[duty.period.value]:<10} hạn {duty.due or '(chưa nêu)':<24} gửi {duty.to or '(chưa nêu)'}"
        )
    lines += ["", f"Nơi nhận ({len(reading.recipients)})", *(f"  - {name}" for name in reading.recipients)]
    return "\n".join(lines)


PERIODS = {
    "month": "hằng tháng",
    "quarter": "hằng quý",
    "half_year": "6 tháng",
    "nine_months": "9 tháng",
    "year": "năm",
    "once": "một lần",
}


def sign_of(comparator: str, value: float | None, unit: str | None) -> str:
    """ "≥ 90 %", "giảm 8 vụ", "giảm"."""
    words = {">=": "≥", "<=": "≤", "reduce": "giảm", "increase": "tăng"}
    figure = "" if value is None else f"{value:g}".replace(".", ",")
    return " ".join(part for part in (words.get(comparator, comparator), figure, unit or "") if part)


def _who(names: tuple[str, ...], role: str) -> list[str]:
    return [f"  {'':<12}   {role}: {_short('; '.join(names), 96)}"] if names else []


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"

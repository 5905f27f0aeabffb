"""Check the layout of an official document (.docx) against NĐ 30/2020/NĐ-CP, Phụ lục I.

    python tools/check_nd30.py FILE.docx [--json]

Prints one row a rule; exit status 1 when a rule is broken, 2 when the file cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from haidang.office.nd30_checks import Finding, check_document
from haidang.office.nd30_formatting import UnreadableDocument

MARKS = {True: "đạt", False: "SAI", None: "–"}


def main() -> int:
    """Read the arguments, check, print; returns the exit status."""
    parser = argparse.ArgumentParser(description="Kiểm tra thể thức văn bản theo NĐ 30/2020/NĐ-CP.")
    parser.add_argument("file", type=Path, help="tệp .docx")
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    args = parser.parse_args()
    try:
        findings = check_document(args.file.read_bytes())
    except OSError as error:
        print(f"Không mở được {args.file}: {error.strerror}.", file=sys.stderr)
        return 2
    except UnreadableDocument as error:
        print(f"{args.file.name}: {error}", file=sys.stderr)
        return 2
    print(
        json.dumps([asdict(each) for each in findings], ensure_ascii=False, indent=2) if args.json else table(findings)
    )
    return 1 if any(each.passed is False for each in findings) else 0


def table(findings: list[Finding]) -> str:
    """The findings as aligned rows, then the count."""
    rows = [
        f"{MARKS[each.passed]:<4} {each.law:<9} {each.component:<28} {' '.join(each.found.split())[:60]}"
        + (f"   (phải: {each.expected})" if each.passed is False else "")
        for each in findings
    ]
    broken = sum(each.passed is False for each in findings)
    return "\n".join([*rows, f"{len(findings)} quy định, {broken} sai."])


if __name__ == "__main__":
    sys.exit(main())

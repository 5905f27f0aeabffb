"""`haidang read` and `haidang calendar`: what they print, and how they refuse."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from haidang.cli import main
from haidang.cli.read import scanned_words

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "plans"
ANNUAL = str(SAMPLES / "2-ke-hoach-nam-2025.txt")


def test_read_prints_the_annotation_schema_with_origin(capsys):
    assert main(["read", ANNUAL, "--json"]) == 0
    reading = json.loads(capsys.readouterr().out)
    assert list(reading) == [
        "number", "issued_on", "issuer", "place", "title", "year_from", "year_to", "legal_bases",
        "targets", "tasks", "reporting", "recipients", "signer",
    ]  # fmt: skip
    assert list(reading["tasks"][0]) == [
        "section",
        "text_start",
        "lead",
        "coordinating",
        "window",
        "span",
        "rule",
        "confidence",
    ]
    assert list(reading["targets"][0]) == ["text", "comparator", "value", "unit", "span", "rule", "confidence"]
    assert list(reading["reporting"][0]) == ["period", "due", "to", "span", "rule", "confidence"]


def test_read_without_json_is_a_summary_for_people(capsys):
    assert main(["read", ANNUAL]) == 0
    out = capsys.readouterr().out
    assert "023/KH-UBND" in out
    assert "Nhiệm vụ (20)" in out
    assert "> 92 %" in out


def test_calendar_prints_a_list(capsys):
    assert main(["calendar", ANNUAL, "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)
    assert entries[0] == {
        "cycle": "quý I/2025",
        "window_from": "2024-12-15",
        "window_to": "2025-03-14",
        "due_on": "2025-03-12",
        "strict": True,
        "to": "Công an tỉnh",
    }
    assert len(entries) == 4


def test_calendar_for_people(capsys):
    """Due before 12/3, data to 14/3: the line says that its figures can only be provisional."""
    assert main(["calendar", ANNUAL]) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if "trước ngày 12/03/2025" in line)
    assert line.endswith("[hạn không sau ngày chốt số liệu: số tạm tính]")


def test_a_file_that_is_no_plan_gives_no_tasks_and_says_so(tmp_path, capsys):
    (tmp_path / "thu.txt").write_text("Kính gửi ông Bảy, mai họp lúc 8 giờ.", encoding="utf-8")
    assert main(["read", str(tmp_path / "thu.txt"), "--json"]) == 0
    captured = capsys.readouterr()
    reading = json.loads(captured.out)
    assert (reading["tasks"], reading["targets"], reading["reporting"]) == ([], [], [])
    assert "không phải là kế hoạch" in captured.err
    assert main(["calendar", str(tmp_path / "thu.txt"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_plan_with_nothing_to_follow_says_so(tmp_path, capsys):
    (tmp_path / "bia.txt").write_text("KẾ HOẠCH", encoding="utf-8")
    assert main(["read", str(tmp_path / "bia.txt")]) == 0
    captured = capsys.readouterr()
    assert "Nhiệm vụ (0)" in captured.out
    assert "không đọc được chỉ tiêu, nhiệm vụ hay chế độ báo cáo" in captured.err


@pytest.mark.parametrize("command", ["read", "calendar"])
@pytest.mark.parametrize(
    ("name", "content"),
    [("a.docx", b"not a zip"), ("a.txt", b""), ("a.pdf", b"%PDF-1.4"), ("missing.txt", None), ("a.xyz", b"text")],
)
def test_a_bad_file_is_one_sentence_and_exit_status_2(tmp_path, capsys, command, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert main([command, str(tmp_path / name), "--json"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "tệp" in captured.err.lower()


def test_reading_starts_without_django():
    code = (
        f"import sys; from haidang.cli import main; main(['read', {ANNUAL!r}, '--json']); sys.exit"
        f"('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, timeout=60).returncode == 0


@pytest.mark.parametrize(
    ("scanned", "pages", "words"),
    [((1, 2), 2, "Toàn bộ văn bản được nhận dạng"), ((2, 5), 9, "Trang 2, 5 được nhận dạng")],
)
def test_pages_that_were_recognised_are_named(scanned, pages, words):
    assert scanned_words(scanned, pages).startswith(words)

"""The console command as a whole: help without Django, one sentence for bad input, and a pipe that closes early."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from haidang.cli import COMMANDS, main


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "haidang", *words], capture_output=True, text=True, check=False)


def test_help_names_every_command_and_starts_no_django() -> None:
    code = """
import sys
from haidang.cli import main
try:
    main(["--help"])
except SystemExit:
    assert "django" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in COMMANDS)


def test_no_command_at_all_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([])
    assert stop.value.code == 2


def test_a_pipe_that_closes_early_is_no_error() -> None:
    command = f"{sys.executable} -m haidang areas --on 2025-06-30 --json | head -n 2"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_missing_file_is_one_sentence_and_status_2() -> None:
    done = run("read", "khong-co.docx")
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_taken_port_is_said_before_anything_is_built() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port))
    assert done.returncode == 2
    assert f"cổng {port}" in done.stderr
    assert "--port" in done.stderr

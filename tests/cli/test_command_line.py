"""The console command as a whole: help without Django, one sentence for bad input, and a pipe that closes early."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

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


def test_the_server_starts_from_a_process_that_never_opened_the_database(tmp_path: Path) -> None:
    """Its workers are forked: with the threads of a database or of an engine behind them they would wait for ever."""
    code = """
import sys, granian
granian.Granian.serve = lambda self: print("heavy:", sorted({"django", "duckdb", "pyarrow"} & set(sys.modules)))
from haidang.cli import main
sys.exit(main(["serve", "--port", "0"]))
"""
    environment = {name: value for name, value in os.environ.items() if name != "HAIDANG_DATABASE"}
    environment |= {"HAIDANG_VAR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "heavy: []" in done.stdout
    assert (tmp_path / "haidang.sqlite3").exists()


@pytest.mark.parametrize("port", ["99999", "abc", "-1"])
def test_a_port_that_cannot_be_is_refused(port: str) -> None:
    done = run("serve", f"--port={port}")
    assert done.returncode == 2
    assert "65535" in done.stderr

"""Commands that need the database say in one sentence what is missing, before any traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(var: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "HAIDANG_DATABASE"}
    return subprocess.run(
        [sys.executable, "-m", "haidang", *words],
        env=environment | {"HAIDANG_VAR": str(var)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("words", [("figures", "--json"), ("facts", "rebuild"), ("review", "build", "--out", "x.docx")])
def test_an_empty_database_is_said(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run(tmp_path, *words)
    assert done.returncode == 2
    assert "haidang serve" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_of_an_older_version_is_said(tmp_path: Path) -> None:
    migrate = [sys.executable, "-m", "django", "migrate", "-v0", "--settings", "haidang.project.settings"]
    environment = os.environ | {"HAIDANG_VAR": str(tmp_path)}
    environment.pop("HAIDANG_DATABASE", None)
    subprocess.run(migrate, env=environment, check=True)
    subprocess.run([*migrate, "filings", "0001"], env=environment, check=True)
    done = run(tmp_path, "facts", "rebuild")
    assert done.returncode == 2
    assert "cũ hơn" in done.stderr

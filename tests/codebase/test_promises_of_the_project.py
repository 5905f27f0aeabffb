"""The codebase keeps its promises: settings documented, nothing from outside, no borrowed text."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from haidang.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "haidang"
TEMPLATES = sorted(PACKAGE.glob("**/templates/**/*.html"))
ASSETS = sorted(path for path in PACKAGE.glob("**/static/**/*") if path.suffix in {".css", ".js", ".svg"})


def test_every_setting_is_documented() -> None:
    named = set(re.findall(r"HAIDANG_[A-Z_]+", (PACKAGE / "project" / "settings.py").read_text()))
    documented = set(re.findall(r"`(HAIDANG_[A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text()))
    assert named == documented


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_exists_teaches_and_is_documented(name: str) -> None:
    module = importlib.import_module(COMMANDS[name][0])
    assert module.__doc__
    assert callable(module.register)
    assert callable(module.run)
    assert f"haidang {name}" in (ROOT / "docs" / "operations.md").read_text()


def test_every_make_target_is_described() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.M))
    described = set(re.findall(r"^([a-z-]+):.*## \S", makefile, flags=re.M))
    assert targets == described


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_templates_hold_no_inline_style_script_or_foreign_address(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\sstyle=", text), "the content security policy refuses style attributes"
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "the content security policy refuses inline scripts"
    assert not re.search(r"\son[a-z]+=", text), "the content security policy refuses event attributes"
    assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", text), "nothing is fetched from elsewhere"


@pytest.mark.parametrize("asset", ASSETS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_assets_fetch_nothing_from_elsewhere(asset: Path) -> None:
    text = asset.read_text().replace("http://www.w3.org/", "")
    assert not re.search(r"""(?:url\(|import\s|fetch\()\s*["']?(?:https?:)?//""", text)


def test_no_text_of_the_real_plans_is_in_the_project(real_plans: Path) -> None:
    """Facts and headings carry over, others' sentences do not: no run of 30 words is shared."""
    size = 30
    theirs: set[tuple[str, ...]] = set()
    for plan in real_plans.glob("*.txt"):
        words = re.findall(r"\w+", plan.read_text().casefold())
        theirs.update(tuple(words[start : start + size]) for start in range(len(words) - size))
    ours = [
        path
        for folder in ("haidang", "specs", "samples", "docs", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".toml", ".md", ".txt", ".html", ".json"}
    ]
    for path in ours:
        words = re.findall(r"\w+", path.read_text(errors="ignore").casefold())
        shared = next((w for s in range(len(words) - size) if (w := tuple(words[s : s + size])) in theirs), None)
        assert shared is None, f"{path.relative_to(ROOT)} repeats a real plan: {' '.join(shared or ())}"


def test_the_locks_name_no_host_and_hash_every_package() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lock = (ROOT / name).read_text()
        assert "://" not in lock
        assert "--index-url" not in lock
        assert lock.count("--hash=sha256:") >= len(re.findall(r"^[a-z].*==", lock, flags=re.M))

"""What every test gets: a data folder of its own, and quick (weak) password hashing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
REAL_PLANS = Path(__file__).resolve().parents[2] / "shared" / "plans"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """No test writes into the checkout's var/."""
    settings.VAR = tmp_path
    settings.FACTS = tmp_path / "facts"
    settings.REPORTS = tmp_path / "reports"
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def real_plans() -> Path:
    """The folder of the five real plans, which are not part of the project."""
    if not REAL_PLANS.is_dir():
        pytest.skip(f"the real plans are not here ({REAL_PLANS}): their texts are not part of the project")
    return REAL_PLANS


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A real browser without a window, for the tests of one module."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: the browser tests need one")
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread; the rows that the tests read in between are read on purpose.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]

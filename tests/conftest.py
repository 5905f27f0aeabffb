"""What every test gets: a data folder of its own, and quick (weak) password hashing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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

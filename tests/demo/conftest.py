"""One small demo, built once a module, for tests that need the whole flow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from haidang.demo.build import Demo, build_demo, throw_away
from haidang.demo.plans import SAMPLES
from haidang.demo.sizes import SMALL


def put_into(settings: Any, var: Path) -> None:
    """Let everything that is written to disk go into this folder."""
    settings.VAR, settings.FACTS, settings.REPORTS = var, var / "facts", var / "reports"
    settings.MEDIA_ROOT = var / "files"


@pytest.fixture(scope="module")
def built(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Any:
    """One small demo for all the tests here; what it put into the database is thrown away afterwards."""
    from django.conf import settings

    var = tmp_path_factory.mktemp("demo")
    kept = {name: getattr(settings, name) for name in ("VAR", "FACTS", "REPORTS", "MEDIA_ROOT", "PASSWORD_HASHERS")}
    put_into(settings, var)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    lines: list[str] = []
    with django_db_blocker.unblock():
        demo = build_demo(SAMPLES, lines.append, SMALL)
        yield demo, lines, var
        throw_away(var)
    for name, value in kept.items():
        setattr(settings, name, value)


@pytest.fixture
def demo(built: Any, db: None, settings: Any) -> Demo:
    made, _lines, var = built
    put_into(settings, var)
    return made

"""The specifications as a whole, and what reading them costs."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_all_specifications_are_valid_together(capsys):
    main = runpy.run_path(str(ROOT / "tools" / "validate_specs.py"))["main"]
    assert main() == 0
    assert "8 forms" in capsys.readouterr().out


def test_reading_forms_and_indicators_starts_no_engine_and_no_django():
    program = (
        "import sys, haidang.catalogue.indicators as i, haidang.catalogue.checks as c, haidang.engine.facts\n"
        "i.all_indicators(); c.cross_checks()\n"
        "print([m for m in ('ibis', 'duckdb', 'pyarrow', 'django') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""docs/reading-rules.md: every rule names a test of the reader, and every test that it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
TABLE = HERE.parents[1] / "docs" / "reading-rules.md"
RULES = [
    line
    for line in TABLE.read_text(encoding="utf-8").split("## How sure")[0].splitlines()
    if line.startswith("| ") and line != "| rule | test |"
]


@pytest.mark.parametrize("row", RULES)
def test_every_rule_names_a_test_that_exists(row):
    rule, test = (cell.strip() for cell in row.strip("|").split(" | "))
    file, name = test.strip("`").split("::")
    assert rule
    assert f"def {name}(" in (HERE / file).read_text(encoding="utf-8")


def test_the_table_covers_every_group_of_rules():
    titles = re.findall(r"^## (\d)\.", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert titles == ["0", "1", "2", "3", "4", "5", "6"]
    assert len(RULES) > 100

"""Hold every form, check and indicator in specs/ against its schema and the others; exit 1 when one is wrong."""

from __future__ import annotations

import sys

from haidang.catalogue.checks import cross_checks
from haidang.catalogue.forms import all_forms
from haidang.catalogue.indicators import all_indicators
from haidang.catalogue.specfiles import SpecError


def main() -> int:
    """Print one line per kind of specification, or the first error."""
    try:
        forms, between, indicators = all_forms(), cross_checks(), all_indicators()
    except SpecError as error:
        print(f"specs: {error}", file=sys.stderr)
        return 1
    cells = sum(len(form.cells) for form in forms)
    checks = sum(len(form.bound_checks) for form in forms)
    print(
        f"specs: {len(forms)} forms, {cells} cells, {checks} checks within forms, {len(between)} between forms, "
        f"{len(indicators)} indicators"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

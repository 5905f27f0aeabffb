"""Hold every form, check and indicator in specs/ against its schema and the others; exit 1 when one is wrong."""

from __future__ import annotations

import sys
import tomllib

from haidang.catalogue.checks import cross_checks
from haidang.catalogue.forms import FormSpec, all_forms
from haidang.catalogue.indicators import all_indicators
from haidang.catalogue.locations import SPECS
from haidang.catalogue.specfiles import SpecError


def main() -> int:
    """Print one line per kind of specification, or the first error."""
    try:
        forms, between, indicators = all_forms(), cross_checks(), all_indicators()
        _filers_exist(forms)
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


def _filers_exist(forms: tuple[FormSpec, ...]) -> None:
    """Every function and level that files a form is one of the agencies' vocabulary."""
    known: set[tuple[str, str]] = set()
    for path in sorted((SPECS / "agencies").glob("*.toml")):
        for organ in tomllib.loads(path.read_text(encoding="utf-8")).get("organ", []):
            known.add((organ["function"], organ["level"]))
    for form in forms:
        for index, filer in enumerate(form.functions):
            for level in filer.levels:
                if (filer.function, level) not in known:
                    problem = f"không có cơ quan nào cấp {level} với chức năng {filer.function} trong specs/agencies"
                    raise SpecError(form.path, f"functions[{index}]", problem)


if __name__ == "__main__":
    raise SystemExit(main())

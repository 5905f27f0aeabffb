"""Why cells are not the agency's business: reasons kept with the explanations, so that a version carries them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_PREFIX = "na:"


def reason_key(code: str) -> str:
    """The key of a cell's reason among the explanations of a filing."""
    return _PREFIX + code


def is_reason(key: str) -> bool:
    """Whether a key of the explanations is that of a cell's reason, and explains no finding."""
    return key.startswith(_PREFIX)


def reasons_of(cells: Mapping[str, Any], explanations: Mapping[str, str]) -> dict[str, str]:
    """Every cell that is "không thuộc chức năng", with its reason; "" where none was given."""
    return {code: explanations.get(reason_key(code), "") for code, value in cells.items() if value == "na"}


def with_reasons(cells: Mapping[str, Any], explanations: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """The explanations with these reasons (by cell), and without those of cells that hold something else now."""
    told = dict(explanations) | {reason_key(code): reason for code, reason in given.items() if reason}
    return {
        key: text for key, text in told.items() if not is_reason(key) or cells.get(key.removeprefix(_PREFIX)) == "na"
    }

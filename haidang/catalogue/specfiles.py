"""Reading one specification file: TOML, held against its JSON Schema, with errors that name file and key.

Offices load their own files, so what is wrong is said in Vietnamese, with the place where it stands.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from haidang.catalogue.locations import SPECS

MOST_BYTES = 1_000_000


class SpecError(ValueError):
    """A specification file is wrong: `path` says which, `key` where in it, `problem` what (Vietnamese)."""

    def __init__(self, path: Path, key: str, problem: str) -> None:
        self.path, self.key, self.problem = path, key, problem
        where = f"{path.name}, khóa {key}" if key else path.name
        super().__init__(f"{where}: {problem}")


def read_spec(path: Path, schema: str) -> dict[str, Any]:
    """The document in `path`, valid against `specs/schemas/<schema>.schema.json`; else SpecError.

    Dates come back as `datetime.date`. Files over one megabyte are refused unread.
    """
    document = _read_toml(path)
    plain = json.loads(json.dumps(document, default=str))
    errors = sorted(_validator(schema).iter_errors(plain), key=lambda error: list(map(str, error.absolute_path)))
    for error in errors:
        raise SpecError(path, _key(error.absolute_path), _problem(error))
    return document


def content_hash(document: dict[str, Any]) -> str:
    """SHA-256 of the content, independent of comments, spacing and the order of keys."""
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SpecError(path, "", "tệp lớn hơn 1 MB; tệp đặc tả hợp lệ chỉ vài chục KB")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SpecError(path, "", f"không mở được tệp ({error.strerror}); kiểm tra đường dẫn và quyền đọc") from error
    except UnicodeDecodeError as error:
        raise SpecError(path, "", "tệp không phải văn bản UTF-8; lưu lại bằng mã UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SpecError(path, "", f"không đúng cú pháp TOML ({error})") from error


@lru_cache
def _validator(schema: str) -> Any:
    from jsonschema import Draft202012Validator

    text = (SPECS / "schemas" / f"{schema}.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def _key(parts: Iterable[str | int]) -> str:
    key = ""
    for part in parts:
        key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else part
    return key


def _problem(error: Any) -> str:
    expected, found = error.validator_value, error.instance
    if error.validator == "required":
        return "thiếu khóa " + ", ".join(key for key in expected if key not in found)
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        return f"không biết khóa {', '.join(key for key in found if key not in known)}; chỉ nhận {', '.join(known)}"
    problems = {
        "enum": f"giá trị {found!r} không được nhận; chỉ nhận {expected}",
        "type": f"sai kiểu dữ liệu; phải là {expected}",
        "pattern": f"giá trị {found!r} không đúng mẫu {expected}",
    }
    return problems.get(error.validator, f"không hợp lệ ({error.message})")

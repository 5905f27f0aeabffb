"""The reader's vocabulary, from specs/vocabulary/; knows no Django, so that `haidang read` starts fast."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from functools import lru_cache
from pathlib import Path

from haidang.catalogue.locations import SPECS
from haidang.reading.vocabulary import ReadingVocabulary


@lru_cache
def reading_vocabulary(folder: Path = SPECS / "vocabulary") -> ReadingVocabulary:
    """The words of every TOML file in `folder`, lists of the same name joined.

    Each file may carry any of the lists of ReadingVocabulary; ValueError (Vietnamese) for a key that is none of them.
    """
    names = {field.name for field in fields(ReadingVocabulary)}
    words: dict[str, list[str]] = {name: [] for name in names}
    for path in sorted(folder.glob("*.toml")):
        for key, value in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if key not in names:
                raise ValueError(f"{path.name}: không biết danh mục từ “{key}”; chỉ nhận {', '.join(sorted(names))}.")
            words[key] += value
    return ReadingVocabulary(**{name: tuple(dict.fromkeys(values)) for name, values in words.items()})

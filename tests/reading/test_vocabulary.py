"""The reader's vocabulary as data."""

from __future__ import annotations

import subprocess
import sys

import pytest

from haidang.catalogue.vocabulary import reading_vocabulary


def test_the_shipped_vocabulary_has_every_list(vocabulary):
    assert "công an" in vocabulary.organ_heads
    assert all(vars(vocabulary).get(name) for name in ("verbs", "levels", "collective_nouns", "ranks", "counted_nouns"))


def test_an_office_may_add_words_in_a_file_of_its_own(tmp_path):
    (tmp_path / "a.toml").write_text('organ_heads = ["công an"]', encoding="utf-8")
    (tmp_path / "b.toml").write_text('organ_heads = ["ban an toàn"]', encoding="utf-8")
    assert reading_vocabulary(tmp_path).organ_heads == ("công an", "ban an toàn")


def test_an_unknown_list_is_refused(tmp_path):
    (tmp_path / "a.toml").write_text('organs = ["x"]', encoding="utf-8")
    with pytest.raises(ValueError, match="organs"):
        reading_vocabulary(tmp_path)


def test_reading_needs_no_django():
    code = (
        "import sys; from haidang.catalogue.vocabulary import reading_vocabulary;"
        " from haidang.reading.reader import read_plan;"
        "read_plan('KẾ HOẠCH', reading_vocabulary()); sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0

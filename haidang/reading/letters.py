"""Regular expressions over Vietnamese letters: `[:upper:]` and `[:lower:]` inside a character class."""

from __future__ import annotations

import re

_LOWER = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"


def loosely(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """As `compiled`, but any plain space of the pattern may be missing in the text: scans lose them ("phối hợpvới")."""
    return compiled(pattern.replace(" ", r"\s?"), flags)


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """re.compile, with `[:upper:]` and `[:lower:]` standing for the Vietnamese letters of that case."""
    return re.compile(pattern.replace("[:upper:]", "A-Z" + _LOWER.upper()).replace("[:lower:]", "a-z" + _LOWER), flags)

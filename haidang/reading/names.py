"""Names of organs in running text: where one begins, where it ends, and lists of them.

A name is a head word ("Công an", "Sở"), then capitalised words each followed by at most one lower-case syllable ("Giáo
dục và Đào tạo"), levels and places ("tỉnh Sơn Hải", "các huyện, thị xã"), and qualifiers ("liên quan"). A verb ends it.
A collective ("các sở, ban, ngành, địa phương") stays whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from haidang.reading.name_parts import NameParts
from haidang.reading.vocabulary import ReadingVocabulary

MOST_NAMES = 40  # of one list


@dataclass(frozen=True, slots=True)
class Name:
    """One organ or collective: text[start:end]."""

    text: str
    start: int
    end: int
    collective: bool


@dataclass(frozen=True, slots=True)
class NameList:
    """Names that follow each other; `end` is where the last one, or its parenthesis, ends."""

    names: tuple[Name, ...]
    end: int

    @property
    def texts(self) -> tuple[str, ...]:
        """The names as written."""
        return tuple(name.text for name in self.names)


class NameReader(NameParts):
    """Reads names in one text."""

    def __init__(self, text: str, vocabulary: ReadingVocabulary) -> None:
        super().__init__(text, vocabulary)
        self._starts = [start for _, start, _ in self._tokens]
        self._lists: dict[int, NameList | None] = {}  # by the token that each begins at
        self._index = {start: index for index, (_, start, _) in enumerate(self._tokens)}

    def list_at(self, offset: int) -> NameList | None:
        """The list of names that begins at `offset` (white space before it is skipped), or None."""
        while offset < len(self.text) and self.text[offset].isspace():
            offset += 1
        index = self._index.get(offset)
        return None if index is None else self._list(index)

    def list_after_noun(self, offset: int) -> NameList | None:
        """The list that begins at `offset` with a bare noun of a group: "nhà trường và Đoàn Thanh niên xã"."""
        index = self._index.get(offset)
        size = self.vocabulary.collective_phrases.length_at(self._words, index) if index is not None else 0
        if index is None or not size:
            return None
        following = self._next_name(index + size)
        rest = self._list(self._index[following[1].start]) if following else None
        if rest is None:
            return None
        start, end = self._tokens[index][1], self._tokens[index + size - 1][2]
        return NameList((Name(self.text[start:end], start, end, True), *rest.names), rest.end)

    def lists_before(self, offset: int, reach: int = 60) -> Iterator[NameList]:
        """Lists of names that end right before `offset` (a comma may stand between), the longest first."""
        last = bisect_left(self._starts, offset)
        for index in range(max(0, last - reach), last):
            found = self._list(index)
            if found and found.end <= offset and self.text[found.end : offset].strip(" ,") == "":
                yield found

    def _list(self, index: int) -> NameList | None:
        if index not in self._lists:
            self._lists[index] = self._list_from(index)
        return self._lists[index]

    def _list_from(self, index: int) -> NameList | None:
        found = self._name(index)
        if found is None:
            return None
        names: list[Name] = []
        while found is not None and len(names) < MOST_NAMES:
            stop, name = found
            names.append(name)
            stop, end = self._after_gloss(stop, name)
            found = self._next_name(stop)
        return NameList(tuple(names), end)

    def _after_gloss(self, stop: int, name: Name) -> tuple[int, int]:
        """Past a parenthesis that only explains the name just read."""
        if stop < len(self._tokens) and self._words[stop] == "(":
            close = self._closing(stop)
            inside = self.text[self._tokens[stop][2] : self._tokens[close][1]] if close else ""
            if close and not _ASSIGNS.search(inside):
                return close + 1, self._tokens[close][2]
        return stop, name.end

    def _closing(self, index: int) -> int | None:
        depth = 0
        for at in range(index, min(len(self._words), index + 60)):
            depth += {"(": 1, ")": -1}.get(self._words[at], 0)
            if depth == 0:
                return at
        return None

    def _next_name(self, index: int) -> tuple[int, Name] | None:
        """The name after a separator: a comma, a semicolon, "và", or a comma and "và"."""
        at = index
        if self._is(at, ",", ";"):
            at += 1
            if self._is(at, "và"):
                at += 1
        elif self._is(at, "và", "&"):
            at += 1
        else:
            return None
        return self._name(at) or self._unit_named(at)

    def _unit_named(self, at: int) -> tuple[int, Name] | None:
        """In a list, a head in lower case right before its own name: "..., trung tâm GDTX"."""
        head = self.vocabulary.capital_phrases.length_at(self._words, at)
        unclear = self.vocabulary.not_organ_phrases.length_at(self._words, at)
        if not head or unclear or not self._capital(at + head):
            return None
        return self._finished(at, self._body(at + head, plural=False), False)

    def _name(self, index: int) -> tuple[int, Name] | None:
        """The name that begins at token `index`, with the token after it."""
        begin = index
        while begin + 1 < len(self._words) and self._words[begin] == self._words[begin + 1] == "các":
            begin += 1
        words, vocabulary = self._words, self.vocabulary
        if begin >= len(words) or vocabulary.not_organ_phrases.length_at(words, begin):
            return None
        body = self._collective_end(begin)
        if body is not None:
            return self._finished(begin, self._body(body, plural=True), True)
        officer = self._officer_end(begin)
        if officer is not None:
            return self._finished(begin, officer, False)
        head = vocabulary.head_phrases.length_at(words, begin)
        if head:
            first = max(self._purpose_end(begin, head), self._speciality_end(begin, head))
            return self._finished(begin, self._body(first, plural=False), False)
        carrier = vocabulary.carrier_phrases.length_at(words, begin)
        if carrier and self._capital(begin + carrier):
            return self._finished(begin, self._body(begin + carrier, plural=False), False)
        return self._capital_name(begin)

    def _capital_name(self, begin: int) -> tuple[int, Name] | None:
        """The name whose head at token `begin` counts only with a capital letter and something of a name after it."""
        head = self.vocabulary.capital_phrases.length_at(self._words, begin) if self._capital(begin) else 0
        if not head:
            return None
        if self._is(begin + head, "và") and self._begins_organ(begin + head + 1):  # "Báo và Đài ..." is one organ
            second = self._name(begin + head + 1)
            if second is not None:
                return self._finished(begin, second[0], False)
        if not self._goes_on_as_name(begin + head):
            return None
        stop = self._body(begin + head, plural=False)
        alone = self.vocabulary.bare_phrases.length_at(self._words, begin) == head
        return self._finished(begin, stop, False) if stop > begin + head or alone else None

    def _officer_end(self, begin: int) -> int | None:
        """The token after an officer's organ or organs ("Trưởng các phòng thuộc Sở"), None when no officer begins."""
        post = self.vocabulary.post_head_phrases.length_at(self._words, begin) if self._capital(begin) else 0
        after = begin + post
        if not post or not (self._begins_organ(after) or self._is(after, "các")):
            return None
        organ = self._name(after)
        return organ[0] if organ else None

    def _goes_on_as_name(self, at: int) -> bool:
        """Whether the token after a capital head can belong to an organ's name: "Cụm loa" and "Tổ ấm" are none."""
        words, known = self._words, self.vocabulary
        if at >= len(words) or self._capital(at) or not words[at].isalpha() or words[at] == "các":
            return True
        kinds = (known.level_phrases, known.qualifier_phrases, known.name_phrases, known.bare_phrases)
        return any(kind.length_at(words, at) for kind in kinds) or bool(known.verb_phrases.length_at(words, at))

    def _speciality_end(self, begin: int, head: int) -> int:
        """The token after a phrase that begins inside the head: "trung tâm bảo trợ xã hội | tổng hợp"."""
        ends = (at + self.vocabulary.name_phrases.length_at(self._words, at) for at in range(begin + 1, begin + head))
        return max((*ends, begin + head))

    def _purpose_end(self, begin: int, head: int) -> int:
        """The token after a committee's purpose, which ends before its level; after the head when there is none."""
        words, vocabulary = self._words, self.vocabulary
        after = begin + head
        if not vocabulary.mission_phrases.length_at(words, begin) or not vocabulary.purpose_phrases.length_at(
            words, after
        ):
            return after
        for at in range(after, min(len(words), after + 32)):
            if words[at] in ".;:()":
                return after if words[at] != "(" else at
            if words[at] == "của" and self._capital(at + 1):  # "... của Chính phủ"
                return at + 1
            level = vocabulary.level_phrases.length_at(words, at)
            if level > vocabulary.name_phrases.length_at(words, at) and at > after + 1:
                return at
        return after

    def _finished(self, begin: int, stop: int, collective: bool) -> tuple[int, Name]:
        start, end = self._tokens[begin][1], self._tokens[stop - 1][2]
        if self._is(stop, "(") and not collective:
            close = self._closing(stop)
            if close and self.vocabulary.subunit_phrases.length_at(self._words, stop + 1) and self._capital(stop + 1):
                inside = self.text[self._tokens[stop][2] : self._tokens[close][1]]
                if not _ASSIGNS.search(inside):
                    stop, end = close + 1, self._tokens[close][2]
        text = re.sub(r"\b(\w+) \1\b(?!,? chống)", lambda match: match[1], self.text[start:end], flags=re.IGNORECASE)
        return stop, Name(text, start, end, collective)

    def _collective_end(self, index: int) -> int | None:
        """The token after the first noun of a collective, or None when none begins here."""
        words, vocabulary = self._words, self.vocabulary
        opener = vocabulary.opener_phrases.length_at(words, index)
        if opener:
            noun = vocabulary.collective_phrases.length_at(words, index + opener)
            level = vocabulary.level_phrases.length_at(words, index + opener)
            if not noun and not level:
                return None
            return index + opener + max(noun, level)
        noun = vocabulary.collective_phrases.length_at(words, index)
        after = index + noun + 1
        another = vocabulary.collective_phrases.length_at(words, after) if noun and self._is(after - 1, ",") else 0
        if another and vocabulary.head_phrases.length_at(words, after) <= another:
            return index + noun  # "Sở, ban, ngành ..." without "các"
        return None

    def _owner_end(self, at: int) -> int | None:
        """The token after the organ that a unit belongs to: "các phòng thuộc | cơ quan Hội Nông dân tỉnh"."""
        begin = at + 2 if self._words[at : at + 2] == ["cơ", "quan"] else at
        organ = self._name(begin) if self._begins_organ(begin) else None
        return organ[0] if organ else None


_ASSIGNS = re.compile(r"chủ trì|phối hợp|thực hiện", re.IGNORECASE)

"""The words the reader knows: what begins an organ's name, what ends it, collectives, levels, ranks, counted nouns.

The words themselves are data (specs/vocabulary/); this module only says which kinds there are and matches them fast.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from haidang.kernel.text import fold
from haidang.reading.misreadings import Mender

MOST_TITLE = 120  # characters
_WORD = re.compile(r"\w+(?:[/&]\w+)*|[^\w\s]")  # words as NameReader cuts them


class PhraseSet:
    """Phrases of one or more words, found at a place in a list of folded words; the longest phrase wins."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in set(phrases):
            words = tuple(_WORD.findall(fold(phrase)))
            self._by_first.setdefault(words[0], []).append(words)
        for choices in self._by_first.values():
            choices.sort(key=len, reverse=True)

    def length_at(self, words: Sequence[str], index: int) -> int:
        """How many words the longest phrase that begins at `index` has; 0 when none does."""
        if index >= len(words):
            return 0
        for phrase in self._by_first.get(words[index], ()):
            if tuple(words[index : index + len(phrase)]) == phrase:
                return len(phrase)
        return 0


@dataclass(frozen=True)
class ReadingVocabulary:
    """Lists of words by kind. Matching folds case and tone style, so each is written once."""

    organ_heads: tuple[str, ...]  # begin an organ's name wherever they stand ("ubnd", "công an")
    capital_heads: tuple[str, ...]  # begin one only with a capital letter ("Sở", "Hội", "Ban")
    not_organs: tuple[str, ...]  # phrases that look like an organ's beginning and are none ("hội nghị")
    collective_openers: tuple[str, ...]  # "các", "toàn thể"
    collective_nouns: tuple[str, ...]  # "sở", "ngành", "địa phương": together they name a group of organs
    levels: tuple[str, ...]  # "tỉnh", "thành phố", "cấp huyện"
    qualifiers: tuple[str, ...]  # "liên quan", "trên địa bàn": may close an organ's name
    name_words: tuple[str, ...]  # lower-case words inside organ names ("nhân dân")
    verbs: tuple[str, ...]  # end an organ's name, because they say what it does
    stop_words: tuple[str, ...]  # the short verbs and particles that end a name even right after a capital
    mission_heads: tuple[str, ...]  # committees whose name may say what they are for ("ban chỉ đạo phòng, chống ...")
    mission_words: tuple[str, ...]  # how such a purpose begins
    bare_heads: tuple[str, ...]  # the capital heads that are an organ's name by themselves ("Văn phòng")
    post_heads: tuple[str, ...]  # "Trưởng", "Kế toán": with the organ that follows they are one name
    subunit_heads: tuple[str, ...]  # "Phòng", "Cục": a parenthesis that begins so names a sub-unit and stays
    national_organs: tuple[str, ...]  # organs of the whole country: no territory is added to them
    posts: tuple[str, ...]  # "chủ tịch", "giám đốc": not part of a signer's name
    ranks: tuple[str, ...]  # "đại tá", "ths": taken off a signer's name
    counted_nouns: tuple[str, ...]  # "vụ", "mô hình": what a target may count
    section_words: tuple[str, ...]  # "mục tiêu", "tổ chức thực hiện": what titles of sections are made of
    section_joiners: tuple[str, ...]  # what joins them ("và", "chủ yếu")
    dashed_names: tuple[str, ...]  # beginnings of names that go on after a dash ("lao động - thương binh")
    carriers: tuple[str, ...]  # in lower case they carry a capitalised name ("lực lượng Hải quan", "ngành Y tế")
    often_misread: tuple[str, ...]  # phrases put right where only their marks are wrong ("phổi hợp")
    asking_words: tuple[str, ...]  # "giao cho", "đề nghị": who is asked stands after them
    name_halves: tuple[str, ...]  # first syllables of words that begin names ("công" of "công an")
    open_nouns: tuple[str, ...]  # want a description, which belongs to the name ("các cơ sở kinh doanh dịch vụ")

    @cached_property
    def _mender(self) -> Mender:
        return Mender(self.often_misread)

    def mended(self, text: str) -> str:
        """The text with misread marks of common phrases put right, for matching only; no place in it moves."""
        return self._mender.mended(text)

    @cached_property
    def head_phrases(self) -> PhraseSet:
        """Heads that need no capital letter."""
        return PhraseSet(self.organ_heads)

    @cached_property
    def capital_phrases(self) -> PhraseSet:
        """Heads that need one."""
        return PhraseSet(self.capital_heads)

    @cached_property
    def not_organ_phrases(self) -> PhraseSet:
        """What is no organ."""
        return PhraseSet(self.not_organs)

    @cached_property
    def opener_phrases(self) -> PhraseSet:
        """What opens a collective."""
        return PhraseSet(self.collective_openers)

    @cached_property
    def collective_phrases(self) -> PhraseSet:
        """The nouns of collectives."""
        return PhraseSet(self.collective_nouns)

    @cached_property
    def level_phrases(self) -> PhraseSet:
        """Levels of government."""
        return PhraseSet(self.levels)

    @cached_property
    def qualifier_phrases(self) -> PhraseSet:
        """What may close a name."""
        return PhraseSet(self.qualifiers)

    @cached_property
    def name_phrases(self) -> PhraseSet:
        """Lower-case words of names."""
        return PhraseSet(self.name_words)

    @cached_property
    def verb_phrases(self) -> PhraseSet:
        """What ends a name, with the spaces that scans lose inside ("chủtrì") too."""
        return PhraseSet((*self.verbs, *(verb.replace(" ", "") for verb in self.verbs)))

    @cached_property
    def stop_phrases(self) -> PhraseSet:
        """What ends a name even right after a capital."""
        return PhraseSet(self.stop_words)

    @cached_property
    def mission_phrases(self) -> PhraseSet:
        """Committees named after their purpose."""
        return PhraseSet(self.mission_heads)

    @cached_property
    def purpose_phrases(self) -> PhraseSet:
        """How a purpose begins."""
        return PhraseSet(self.mission_words)

    @cached_property
    def bare_phrases(self) -> PhraseSet:
        """Heads that stand alone."""
        return PhraseSet(self.bare_heads)

    @cached_property
    def post_head_phrases(self) -> PhraseSet:
        """Officers named by their organ."""
        return PhraseSet(self.post_heads)

    @cached_property
    def subunit_phrases(self) -> PhraseSet:
        """What begins a sub-unit's name."""
        return PhraseSet(self.subunit_heads)

    @cached_property
    def post_phrases(self) -> PhraseSet:
        """Posts of a signature block."""
        return PhraseSet(self.posts)

    @cached_property
    def rank_phrases(self) -> PhraseSet:
        """Ranks and degrees."""
        return PhraseSet(self.ranks)

    @cached_property
    def section_phrases(self) -> PhraseSet:
        """What titles of sections are made of."""
        return PhraseSet(self.section_words)

    @cached_property
    def joiner_phrases(self) -> PhraseSet:
        """What joins the words of such titles."""
        return PhraseSet(self.section_joiners)

    def is_section_title(self, text: str) -> bool:
        """Whether the text is the title of a plan's section and nothing else: "Nhiệm vụ và giải pháp chủ yếu"."""
        words = _WORD.findall(fold(text[:MOST_TITLE]))
        at = first = self.section_phrases.length_at(words, 0)
        while at < len(words):
            step = max(self.section_phrases.length_at(words, at), self.joiner_phrases.length_at(words, at))
            if not step:
                return False
            at += step
        return first > 0 and len(text) < MOST_TITLE

    def begins_with_verb(self, text: str) -> bool:
        """Whether the text begins with what an organ does."""
        return self.verb_phrases.length_at(_WORD.findall(fold(text[:MOST_TITLE])), 0) > 0

    def begins_as_section(self, text: str) -> bool:
        """Whether the text begins with a word of such titles, whatever follows: "Nội dung, hình thức tổng kết"."""
        words = _WORD.findall(fold(text[:MOST_TITLE]))
        return self.section_phrases.length_at(words, 0) > 0 and len(text) < MOST_TITLE

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        """Heads of names that are no name by themselves, and their first words."""
        heads = {fold(head) for head in self.capital_heads} - {fold(head) for head in self.bare_heads}
        return frozenset(heads | {head.split()[0] for head in heads} | {fold(word) for word in self.name_halves})

    def breaks_off(self, text: str) -> bool:
        """Whether the text is only the beginning of an organ's name, or the words that ask one to do something."""
        words = _WORD.findall(fold(text[:MOST_TITLE]))
        asked = self.asking_phrases.length_at(words, 0)
        return " ".join(words[asked:]) in self._beginnings or (asked > 0 and asked == len(words))

    @cached_property
    def asking_phrases(self) -> PhraseSet:
        """What asks somebody to do something."""
        return PhraseSet(self.asking_words)

    @cached_property
    def carrier_phrases(self) -> PhraseSet:
        """What carries a name."""
        return PhraseSet(self.carriers)

    @cached_property
    def open_phrases(self) -> PhraseSet:
        """Nouns that want a description."""
        return PhraseSet(self.open_nouns)

    @cached_property
    def counted_phrases(self) -> PhraseSet:
        """Counted nouns."""
        return PhraseSet(self.counted_nouns)

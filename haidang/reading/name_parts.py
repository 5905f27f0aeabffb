"""How far one organ's name goes: which words, commas, dashes and brackets still belong to it.

Words are tokens of the text, known by their folded form; `at`, `begin`, `first` and `index` are places among them.
"""

from __future__ import annotations

from functools import lru_cache

from haidang.kernel.text import fold
from haidang.reading.letters import compiled
from haidang.reading.vocabulary import ReadingVocabulary

# words; two that lost the space between them are parted where a capital begins ("tỉnhBãi Ốc")
_TOKEN = compiled(r"\w*?[[:lower:]]{2,}(?=[[:upper:]][[:lower:]])|\w+(?:[/&]\w+)*|[^\w\s]")
MOST_WORDS = 40  # of one name
MOST_DESCRIPTION = 6  # words after a noun that says little by itself
_folded = lru_cache(maxsize=16_384)(fold)  # the same few thousand syllables come again and again
_ABBREVIATED = {"tp", "tx", "tt", "h", "q", "p", "x"}
_ROLE_WORDS = {("chủ", "trì"), ("phối", "hợp"), ("thực", "hiện")}


def _once(tokens: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """The tokens, a word that is printed twice in a row as one: "các các sở"; "Phòng phòng, chống ..." is no such."""
    kept: list[tuple[str, int, int]] = []
    for word, start, end in tokens:
        if kept and len(word) > 1 and word.islower() and word != "phòng" and word == kept[-1][0].lower():
            kept[-1] = (kept[-1][0], kept[-1][1], end)
        else:
            kept.append((word, start, end))
    return kept


class NameParts:
    """The words of one text, and which of them go on with a name."""

    def __init__(self, text: str, vocabulary: ReadingVocabulary) -> None:
        self.text = text
        self.vocabulary = vocabulary
        self._tokens = _once([(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)])
        right = vocabulary.mended(text)  # only to know the words: what is shown is the text as printed
        self._words = [_folded(right[start : start + len(token)]) for token, start, _ in self._tokens]

    def _owner_end(self, at: int) -> int | None:
        """The token after the organ that a unit belongs to ("thuộc | ..."), which only a reader of names can tell."""
        raise NotImplementedError

    def _is(self, index: int, *words: str) -> bool:
        return index < len(self._words) and self._words[index] in words

    def _capital(self, index: int) -> bool:
        return index < len(self._tokens) and self._tokens[index][0][:1].isupper()

    def _body(self, index: int, plural: bool) -> int:
        """The token after the name whose head ends before `index`."""
        capital_before = plural is False and index > 0 and self._capital(index - 1)
        at = index
        while at < min(len(self._words), index + MOST_WORDS):
            step, capital_before = self._step(at, index, capital_before, plural)
            if not step:
                return at
            at += step
        return at

    def _step(  # noqa: PLR0911 (one case, one return)
        self, at: int, first: int, capital_before: bool, plural: bool
    ) -> tuple[int, bool]:
        """How many tokens at `at` go on with the name (0: it has ended), and whether a capital came last."""
        words, vocabulary = self._words, self.vocabulary
        word = words[at]
        if word in (",", "và", "/", "-", "–", ".", ":"):
            return self._joined(at, first, plural)
        if not word[0].isalnum():
            return 0, False
        if self._capital(at):
            return self._capital_step(at)
        if word == "tại" and self._capital(at + 1) and words[at - 2 : at] == ["việt", "nam"]:  # a mission abroad
            return 1, False
        of_many = at - 2 >= first and words[at - 2] == "các" and vocabulary.level_phrases.length_at(words, at - 1) == 1
        closers = max(
            vocabulary.level_phrases.length_at(words, at),
            vocabulary.qualifier_phrases.length_at(words, at),
            0 if of_many else vocabulary.name_phrases.length_at(words, at),  # "các xã | phát thanh": what they do
        )
        verb = vocabulary.verb_phrases.length_at(words, at)
        noun = vocabulary.collective_phrases.length_at(words, at) if plural else 0
        closers = max(closers, noun if noun > verb else 0)  # "các sở, ngành tổ chức ...": a verb here
        if closers and closers >= verb:
            return closers, False
        placed = (
            at - 2 >= first and self._capital(at - 1) and self._capital(at - 2)
        )  # "Bãi Ốc mở": a place, then a verb
        if (
            verb > 1
            or (verb and (placed or not capital_before or words[at - 1] == "sở"))
            or vocabulary.stop_phrases.length_at(words, at)
        ):
            return 0, False
        if word == "các":
            return self._plural_part(at)
        if word == "thuộc" and (owner := self._owner_end(at + 1)):
            return owner - at, False
        if word[0].isdigit():
            return 1, False
        if capital_before and not (placed and self._ends_in_place(at, first)):
            return 1, False
        return self._up_to_level(at, plural) or self._description(at) or self._long_field(at, first, plural), False

    def _long_field(self, at: int, first: int, plural: bool) -> int:
        """Lower-case words that go on with an organ's field ("Cục Quản lý | xuất nhập cảnh") up to a verb: how many."""
        begins = not plural and at - 2 >= first and (self._capital(at - 1) or self._capital(at - 2))
        if not begins or (self._capital(at - 1) and self._ends_in_place(at, first)):
            return 0
        for size in range(1, MOST_DESCRIPTION):
            end = at + size
            if end >= len(self._words) or self._words[end] == "và" or self._capital(end):
                return 0
            if not self._words[end].isalpha() or self.vocabulary.verb_phrases.length_at(self._words, end):
                return size
        return 0

    def _ends_in_place(self, at: int, first: int) -> bool:
        """Whether the capitals right before `at` are a place's name: "Việt Nam", "tỉnh Sơn Hải"."""
        begin = at
        while begin > first and self._capital(begin - 1):
            begin -= 1
        levels = self.vocabulary.level_phrases
        leveled = any(levels.length_at(self._words, begin - size) == size for size in (1, 2) if begin - size >= 0)
        return leveled or self._words[at - 2 : at] == ["việt", "nam"]

    def _description(self, at: int) -> int:
        """Lower-case words that say which ones an open noun right before `at` means, up to a verb or a sign: how many.

        "các cơ sở | cho thuê lưu trú | thực hiện"; 0 when no such noun stands there or no known end is in reach.
        """
        words, known = self._words, self.vocabulary
        if not any(known.open_phrases.length_at(words, at - size) == size for size in (1, 2, 3) if at >= size):
            return 0
        for size in range(1, MOST_DESCRIPTION):
            end = at + size
            ends = end >= len(words) or not words[end].isalpha() or self._capital(end)
            if ends or any(
                phrases.length_at(words, end)
                for phrases in (known.verb_phrases, known.level_phrases, known.qualifier_phrases)
            ):
                return size
        return 0

    def _capital_step(self, at: int) -> tuple[int, bool]:
        """A capitalised word of a name. "Tỉnh", "Huyện" are whole by themselves, others may want a second syllable."""
        if tuple(self._words[at : at + 2]) in _ROLE_WORDS:
            return 0, False
        phrase = self.vocabulary.name_phrases.length_at(self._words, at)
        level = self.vocabulary.level_phrases.length_at(self._words, at)
        if max(phrase, level) > 1 or level:
            return max(phrase, level), False
        return 1, True

    def _surely_ends(self, at: int) -> bool:
        """Whether a name, and no verb, ends right before token `at`."""
        dash = self._is(at, "-", "–") and self._capital(at + 1)
        role = tuple(self._words[at : at + 2]) in {("chủ", "trì"), ("phối", "hợp"), ("có", "trách"), ("chịu", "trách")}
        return dash or role or self._is(at, ":")

    def _up_to_level(self, at: int, plural: bool) -> int:
        """Lower-case words that lead to the name's level ("Kiểm soát bệnh tật tỉnh"): how many, 0 when none follows.

        A colon, a closing bracket, a dash before a capital or the words of a role end a name as a level does.
        """
        for size in range(1, 4):
            nearest = at + size
            if nearest >= len(self._words) or plural:
                return 0
            if self.vocabulary.level_phrases.length_at(self._words, nearest) or self._surely_ends(nearest):
                return size
            plain = self._words[nearest].isalpha() and not self._capital(nearest)
            if not plain or self.vocabulary.verb_phrases.length_at(self._words, nearest):
                return 0
        return 0

    def _plural_part(self, at: int) -> tuple[int, bool]:
        """ "các huyện", "các đơn vị" after an organ's head ("UBND các huyện")."""
        words, vocabulary = self._words, self.vocabulary
        length = max(
            vocabulary.level_phrases.length_at(words, at + 1), vocabulary.collective_phrases.length_at(words, at + 1)
        )
        return (1 + length, False) if length else (0, False)

    def _joined(self, at: int, first: int, plural: bool) -> tuple[int, bool]:
        """Whether a comma, "và", dash, slash or dot joins two parts of one name."""
        words, vocabulary = self._words, self.vocabulary
        word = words[at]
        if word == ".":
            return (
                (1, False)
                if words[at - 1] in _ABBREVIATED and self._capital(at + 1) and self._capital(at - 1)
                else (0, False)
            )
        if word == ":":
            return (1, False) if self._lists_after_colon(at, first, plural) else (0, False)
        if word in "-–/":
            go_on = bool(
                self._capital(at + 1)
                or vocabulary.name_phrases.length_at(words, at + 1)
                or (word == "/" and at > first)
            )
            return (1, False) if go_on and at + 1 < len(words) else (0, False)  # a dash never splits a name
        after = at + 2 if word == "," and self._is(at + 1, "và") else at + 1
        if self._organ_after(after, plural):
            return 0, False
        return self._next_part(at, after, first, plural)

    def _lists_after_colon(self, at: int, first: int, plural: bool) -> bool:
        """Whether fields or places follow a colon: "các Sở: Y tế, ..."; "các đoàn thể xã: Tuyên truyền ..." is none."""
        acts = self.vocabulary.verb_phrases.length_at(self._words, at + 1) > 1
        if acts or not self._capital(at + 1) or self._begins_organ(at + 1):
            return False
        of_places = at - 2 >= first and self._is(at - 2, "các") and self._is(at - 1, "huyện", "xã", "phường")
        return of_places or (plural and self._is(at - 1, "sở", "ngành"))

    def _next_part(self, at: int, after: int, first: int, plural: bool) -> tuple[int, bool]:
        """Whether what stands after a comma or "và" goes on with the name, when no other organ begins there."""
        part = self._list_part(after, at, plural)
        if not part and (self._goes_on_after_colon(at, after, first, plural) or self._lists_places(first, at, after)):
            return after - at, False
        if not part and self._lists_purposes(first, at, after):
            return after - at + self.vocabulary.name_phrases.length_at(self._words, after), False
        return (after - at + part, False) if part else (after - at if self._inner(at) else 0, False)

    def _goes_on_after_colon(self, at: int, after: int, first: int, plural: bool) -> bool:
        """ "các Sở: Y tế, Tài chính": the names after the colon are not organs by themselves."""
        return plural and self._capital(after) and ":" in self._words[first:at]

    def _lists_places(self, first: int, at: int, after: int) -> bool:
        """Whether a separator at `at` goes on with the places of one name: "UBND các huyện Bãi Ốc, Sơn Hải"."""
        if not self._capital(after):
            return False
        for index in range(max(0, first - 4), at):
            level = self.vocabulary.level_phrases.length_at(self._words, index + 1) if self._is(index, "các") else 0
            place = index + 1 + level + (1 if self._is(index + 1 + level, ":") else 0)
            if level and place < at and self._capital(place):
                return True
        return False

    def _lists_purposes(self, first: int, at: int, after: int) -> bool:
        """Whether it goes on with what a unit prevents: "Phòng Phòng, chống ma túy | và tội phạm"."""
        prevents = any(self._words[index : index + 3] == ["phòng", ",", "chống"] for index in range(first, at))
        phrases = self.vocabulary
        return prevents and phrases.name_phrases.length_at(self._words, after) > phrases.verb_phrases.length_at(
            self._words, after
        )

    def _list_part(self, after: int, at: int, plural: bool) -> int:
        """Tokens of another level or collective noun after a separator ("các huyện, thị xã"; "các sở, ban")."""
        words, vocabulary = self._words, self.vocabulary
        level = vocabulary.level_phrases.length_at(words, after)
        after_level = any(
            vocabulary.level_phrases.length_at(words, at - size) == size for size in range(1, 4) if at - size >= 0
        )
        numbered = self._words[at - 1].isdigit() and any(
            vocabulary.level_phrases.length_at(words, at - 1 - size) == size for size in (1, 2) if at - 1 >= size
        )
        if level and numbered and words[after + level : after + level + 1] and words[after + level].isdigit():
            return level + 1  # "Chi hội khu vực 3, khu vực 5"
        if level and (after_level or plural) and not self._capital(at - 1):
            return level
        noun = vocabulary.collective_phrases.length_at(words, after)
        verb = vocabulary.verb_phrases.length_at(words, after)
        in_group = plural or self._is_group_word(at - 1)
        return noun if noun and noun >= verb and in_group else 0

    def _is_group_word(self, index: int) -> bool:
        return any(
            self.vocabulary.collective_phrases.length_at(self._words, index - size + 1) == size
            and self._is(index - size, "các")
            for size in range(1, 4)
            if index - size >= 0
        )

    def _begins_organ(self, index: int) -> bool:
        words, vocabulary = self._words, self.vocabulary
        if vocabulary.not_organ_phrases.length_at(words, index):
            return False
        capital = vocabulary.capital_phrases.length_at(words, index) if self._capital(index) else 0
        officer = vocabulary.post_head_phrases.length_at(words, index) if self._capital(index) else 0
        carrier = vocabulary.carrier_phrases.length_at(words, index)
        carried = carrier and self._capital(index + carrier)
        return bool(vocabulary.head_phrases.length_at(words, index) or capital or officer or carried)

    def _organ_after(self, index: int, plural: bool) -> bool:
        """Whether another organ or collective begins at `index`, so that a separator before it splits."""
        if index >= len(self._words):
            return True
        noun = self.vocabulary.collective_phrases.length_at(self._words, index)
        head = self.vocabulary.capital_phrases.length_at(self._words, index) if self._capital(index) else 0
        if plural and head > 1 and index + head < len(self._words) and self._words[index + head][0].isdigit():
            return True  # "các đồn Biên phòng, Hải đội 2"
        if plural and noun and not (self._capital(index) and self._capital(index + 1)):
            head = self.vocabulary.head_phrases.length_at(self._words, index)
            own = any(map(self._capital, range(index + 1, index + max(head, noun) + 1)))
            if (
                own and not self._capital(index) and self._named_before(index)
            ):  # "các phòng Tư pháp, trường THPT": each has its own name
                return True
            return noun <= head and (
                self._capital(index) or self._capital(index + head) or self._is(index + head, "các")
            )
        return self._begins_organ(index) or bool(self.vocabulary.opener_phrases.length_at(self._words, index))

    def _named_before(self, index: int) -> bool:
        """Whether a capital stands among the last words before the separator before `index`."""
        return any(self._capital(at) for at in range(max(0, index - 3), index - 1))

    def _inner(self, at: int) -> bool:  # noqa: PLR0911 (one case, one return)
        """A separator inside a proper name: "Giáo dục và Đào tạo"; "Văn hóa, Thể thao và Du lịch"."""
        if not self._capital(at + 1):
            return False
        if self._words[at] == "và":
            return not self._is_level_before(at)
        ahead = at + 1
        while ahead < min(len(self._words), at + 14):
            if self._is(ahead, "và"):
                return self._capital(ahead + 1) and not self._organ_after(ahead + 1, False)
            if self._is(ahead, ",") and (not self._capital(ahead + 1) or self._organ_after(ahead + 1, False)):
                return False
            if not (self._words[ahead][0].isalnum() or self._words[ahead] in "-–,"):
                return False
            if self.vocabulary.verb_phrases.length_at(self._words, ahead) and not self._capital(ahead):
                return False
            ahead += 1
        return False

    def _is_level_before(self, at: int) -> bool:
        return bool(self.vocabulary.level_phrases.length_at(self._words, at - 1)) and not self._capital(at - 1)

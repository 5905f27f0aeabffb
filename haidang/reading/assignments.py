"""Who does what, in the words of one sentence: lead and coordinating agencies, brackets, labels, back-references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from haidang.kernel.text import fold
from haidang.reading.letters import compiled, loosely
from haidang.reading.names import NameList, NameReader
from haidang.reading.vocabulary import ReadingVocabulary

_COORDINATION = loosely(
    r"(?<!\w)(?:phối hợp|hiệp đồng)(?: chặt chẽ| đồng bộ| tốt| thường xuyên)?(?: cùng)?(?: với)?(?:\s?:)?(?=\s"
    r"|[[:upper:]][[:lower:]])"
    r"|(?:(?<=[\s,])|^)cùng(?: với)?(?=\s)"
    r"|(?:có|với) sự (?:tham gia|phối hợp|tham gia phối hợp) của(?=\s)",
    re.IGNORECASE,
)
_NOUN_BEFORE = compiled(
    r"(?:cơ chế|quy chế|công tác|hoạt động|sự|chế độ|chương trình|kế hoạch|việc|quan hệ|thỏa thuận|quy trình|hiệu quả"
    r"|văn bản|nội dung|kết quả|mối|quy định|nguyên tắc)\s+$",
    re.IGNORECASE,
)
_ASK = r"(?:[Kk]ính đề nghị|[Đđ]ề nghị|[Gg]iao(?: nhiệm vụ)?(?: cho)?|[Yy]êu cầu|[Mm]ời|[Pp]hân công)"
PREFIX = compiled(rf"\s*(?:{_ASK}|[Tt]rách nhiệm (?:của|thực hiện của)|[Nn]hiệm vụ của|Đối với|Về phía)\s*:?\s+")
_TAGS = compiled(
    r"(?:<(?:script|style)[^<>]{0,200}>[^<>]{0,200}|</?[a-z][^<>]{0,200}>|\s)*", re.IGNORECASE
)  # left over from a web page, before the text
_ASSIGNING = compiled(r"\s*(?:[Gg]iao|[Pp]hân công|(?:[Kk]ính )?[Đđ]ề nghị|[Mm]ời)(?: nhiệm vụ)?(?: cho)?\s+")
_GIVES = compiled(r"(?<!\w)(?<!bàn )(?<!chuyển )(?<!tiếp )(?<!được )[Gg]iao\s+(?=[[:upper:]])")
_TOPIC = compiled(r"[[:upper:]][^:.;()]{3,80}:\s+(?=[[:upper:]])")  # "Công tác chỉ đạo: Sở Y tế tham mưu ..."
_DONE_BY = compiled(r"(?<!\w)do\s+(?=[[:upper:]])")
_ADVERBIAL = compiled(
    r"(?:Căn cứ|Trên cơ sở|Thực hiện|Định kỳ|Hằng|Hàng|Trước|Chậm nhất|Từ|Trong|Sau|Khi|Để|Nhằm|Theo|Ngay sau"
    r"|Quá trình"
    r"|Ngoài|Ngày|Quý|Tháng|Năm|Tiếp tục|Triển khai|Vào|Cùng với|Bên cạnh)(?=\s)"
)
_CHAIRS = loosely(
    r"[\s,]*(?:(?:với (?:vai trò|tư cách)(?: là)?|là) (?:cơ quan|đơn vị)[^.;:]{0,60}?,? )?(?:chủ trì"
    r"|chịu trách nhiệm chính|đảm nhận|làm (?:cơ quan |đơn vị )?đầu mối)",
    re.IGNORECASE,
)
_IN_THE_ROLE_OF = compiled(r"(?:^|\s)(?:là|vai trò|tư cách)\s+$", re.IGNORECASE)
_HELPS = loosely(
    r"(?:có trách nhiệm\s+)?(?:cùng\s+)?(?:phối hợp|tham gia)(?!\s+(?:với|của))"
    r"(?:\s+(?:thực hiện|phối hợp|tham gia|tổ chức|triển khai)(?:\s+các\s+(?:nội dung|nhiệm vụ|công việc|hoạt động)"
    r"(?:\s+(?:sau|trên|này))?)?)?\s*(?=[.;:,)]|$)",
    re.IGNORECASE,
)
_TAKE_PART = loosely(r"cùng (?:tham gia|phối hợp)(?:\s+(?:phối hợp|thực hiện))?\s*(?=[.;]|$)", re.IGNORECASE)
_LEADS = loosely(r"(?<!\w)(?:chủ trì|chịu trách nhiệm chính|đảm nhận)(?!\w)", re.IGNORECASE)
_ONLY_HELPS = loosely(
    r"[\s,]*(?:có trách nhiệm|chịu trách nhiệm)\s+(?:cùng\s+)?(?:tham gia\s+)?phối hợp(?=[\s.,;:]|$)", re.IGNORECASE
)
_BRACKET_TAIL = loosely(
    r"[\s,;:.-]*(?:chủ trì|thực hiện|phối hợp|chịu trách nhiệm|đảm nhận|đảm nhiệm|tham mưu|triển khai"
    r"|phụ trách|hướng dẫn"
    r"|theo dõi|cùng|tổ chức|làm đầu mối|là (?:cơ quan|đơn vị))",
    re.IGNORECASE,
)
_TIME_FIRST = compiled(
    r"\s*(?:(?:trong|từ|đến|trước|vào|hết|xong|hoàn thành|chậm nhất|dự kiến|ngày|tháng|quý|năm|tuần|cuối|đầu"
    r"|[IVX]{1,3}|[\d/.–-]+)\s*)+[,;:]\s+(?=[[:upper:]]|các\s)",
    re.IGNORECASE,
)  # "(tháng 7/2025, Sở Y tế thực hiện)"
_LABEL = compiled(
    r"(?:(?<=[.;,(])\s*|^\s*)(?:(?:[Cc]ơ quan|[Đđ]ơn vị|[Bb]ộ phận|[Ll]ực lượng|[Tt]ổ chức"
    r"|[Cc]ác cơ quan|[Cc]ác đơn vị|[Nn]gành)\s+)?"
    r"(?P<role>[Cc]hủ trì|[Tt]hực hiện|[Pp]hụ trách|[Pp]hối hợp|[Cc]hịu trách nhiệm|[Đđ]ầu mối"
    r"|[Tt]ham mưu|[Pp]hân công)"
    r"(?:\s+(?:thực hiện|tham mưu|chính|tổ chức|trách nhiệm|nhiệm vụ|chủ trì|triển khai))*\s*:\s*"
)
_INLINE_LABEL = compiled(
    r"[.;:,]\s+(?=(?:(?:Cơ quan|Đơn vị|cơ quan|đơn vị)\s+(?:chủ trì|thực hiện|phụ trách)[^:.;]{0,25}|Chủ trì\s?):)"
)
_TIME_LABEL = compiled(
    r"^\s*(?:Thời gian|Thời hạn|Tiến độ|Thời điểm)(?:\s+(?:thực hiện|hoàn thành|triển khai|tổ chức"
    r"|và địa điểm))*\s*:\s*",
    re.IGNORECASE,
)
_OTHER_LABEL = compiled(
    r"^\s*(?:Sản phẩm|Kết quả|Kinh phí|Nguồn kinh phí|Địa điểm|Thành phần|Hình thức|Đối tượng|Số lượng"
    r"|Quy mô|Phạm vi)(?:\s+[^\W\d_]+){0,4}\s*:\s*"
)

_GOES_ON = compiled(r"\s+(?=[^\W\d_])|,\s+(?=[[:lower:]])")


@dataclass(frozen=True, slots=True)
class Roles:
    """Leads and coordinators as written. `rule` says how they were found; `explicit`: by "chủ trì" or "Giao"."""

    lead: tuple[str, ...]
    coordinating: tuple[str, ...]
    rule: str
    explicit: bool = False
    collective: bool = False  # all the leads are collectives
    labelled: bool = False  # the name stands before a colon
    helps: bool = False  # "A phối hợp B": A only helps where B leads already
    doubtful: bool = False  # a name may go on after its end

    def with_coordinators(self, more: tuple[str, ...]) -> Roles:
        """These roles, and coordinators that stand elsewhere in the item."""
        return replace(
            self,
            coordinating=distinct(self.coordinating + tuple(n for n in more if fold(n) not in map(fold, self.lead))),
        )


@dataclass(frozen=True, slots=True)
class Bracket:
    """A parenthesis text[start:end], both parentheses included, that assigns."""

    start: int
    end: int
    roles: Roles


def distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names without repetitions, in order; case is no difference."""
    return tuple({fold(name): name for name in reversed(names)}[key] for key in dict.fromkeys(map(fold, names)))


class Assigner:
    """Reads roles with one vocabulary."""

    def __init__(self, vocabulary: ReadingVocabulary) -> None:
        self.vocabulary = vocabulary
        self._readers = lru_cache(maxsize=64)(
            partial(NameReader, vocabulary=vocabulary)
        )  # the same item is asked for several things in turn

    def reader(self, text: str) -> NameReader:
        """A reader of names in `text`."""
        return self._readers(text)

    def may_be_cut(self, text: str, name: str) -> bool:
        """Whether the name, where it stands in `text`, is followed by a word that is no known verb: it may go on."""
        at = text.find(name)
        following = _GOES_ON.match(text, at + len(name)) if at >= 0 else None
        if following is None:
            return False
        words = [fold(word) for word in re.findall(r"\w+|[^\w\s]", text[following.end() :][:60])]
        known = self.vocabulary
        kinds = (known.verb_phrases, known.stop_phrases, known.collective_phrases, known.level_phrases)
        return words[0] != "và" and not any(kind.length_at(words, 0) for kind in kinds)

    def doubted(self, roles: Roles, text: str) -> Roles:
        """The roles that were read in `text`, marked where one of their names may go on there after its end."""
        return replace(
            roles,
            doubtful=roles.doubtful or any(self.may_be_cut(text, name) for name in (*roles.lead, *roles.coordinating)),
        )

    def speaks_of_help(self, text: str) -> bool:
        """Whether "phối hợp" stands in the text as a verb, so that somebody should be read to help."""
        text = self.vocabulary.mended(text)
        verbs = re.finditer(r"(?<!\w)phối hợp(?!\w)", text, re.IGNORECASE)
        return any(not _NOUN_BEFORE.search(text[max(0, match.start() - 40) : match.start()]) for match in verbs)

    def coordinators(self, text: str, reader: NameReader | None = None) -> tuple[str, ...]:
        """Organs that somebody works with ("phối hợp với X", "cùng X"); a noun ("cơ chế phối hợp") does not count."""
        reader = reader or self.reader(text)
        text = self.vocabulary.mended(text)
        found: tuple[str, ...] = ()
        for match in _COORDINATION.finditer(text):
            if match.group()[:4].lower() in ("phối", "hiệp") and _NOUN_BEFORE.search(
                text[max(0, match.start() - 40) : match.start()]
            ):
                continue
            at = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip())
            names = reader.list_at(at) or reader.list_after_noun(at)
            found += names.texts if names else ()
        for match in _TAKE_PART.finditer(text):
            names = next(reader.lists_before(match.start()), None)
            if names and re.search(r"[;.]\s*$", text[: names.names[0].start]):
                found += names.texts
        return distinct(found)

    def bracket_roles(self, content: str) -> Roles | None:
        """The roles in the text of a parenthesis, or None when it does not assign."""
        while (first := content.partition(";"))[2] and (
            time_label(first[0]) is not None or is_attribute_label(first[0])
        ):
            content = first[2]
        labelled = self.labelled_roles(content)
        if labelled:
            return replace(labelled, rule="bracket")
        timed = _TIME_FIRST.match(content)
        content = content[timed.end() :] if timed else content
        reader, content = self.reader(content), self.vocabulary.mended(content)
        opening = re.match(r"\s*(?:[Dd]o|[Gg]iao|[Đđ]ề nghị)\s+", content)
        names = reader.list_at(opening.end() if opening else 0)
        if names is None:
            return None
        tail = content[names.end :]
        if tail.strip(" .;,") and not _BRACKET_TAIL.match(tail):
            return None
        bare = not tail.strip(" .;,")
        others = self.coordinators(content, reader) + self._helpers(content, names, reader)
        rule = "bracket.names" if bare else "bracket"
        return Roles(names.texts, distinct(others), rule, explicit=not bare)

    def _helpers(self, content: str, lead: NameList, reader: NameReader) -> tuple[str, ...]:
        """Organs after the lead that "phối hợp" themselves: "A chủ trì; B, C phối hợp"."""
        found: tuple[str, ...] = ()
        for match in _HELPS.finditer(content[lead.end :]):
            names = next(reader.lists_before(lead.end + match.start()), None)
            if names and names.names[0].start >= lead.end:
                found += names.texts
        return found

    def brackets(self, text: str) -> list[Bracket]:
        """The parentheses of `text` that assign. One with names only must close a clause and not explain a name."""
        found = []
        for start, end in _parentheses(text):
            roles = self.bracket_roles(text[start + 1 : end - 1])
            if roles is None:
                continue
            if roles.rule == "bracket.names":
                closes = re.match(r"\s*(?:[.;,]|$)", text[end:])
                if not closes or self._names_end_at(text, start):
                    continue
            found.append(Bracket(start, end, roles))
        return found

    def _names_end_at(self, text: str, offset: int) -> bool:
        """Whether an organ's name ends right before `offset`."""
        before = text[max(0, offset - 200) : offset]
        return any(True for _ in self.reader(before).lists_before(len(before)))

    def labelled_roles(self, text: str) -> Roles | None:
        """Roles given by labels: "Cơ quan chủ trì: A; phối hợp: B". None when the text does not begin with one."""
        matches = list(_LABEL.finditer(self.vocabulary.mended(text)))
        if not matches or text[: matches[0].start()].strip(" -"):
            return None
        lead: tuple[str, ...] = ()
        coordinating: tuple[str, ...] = ()
        for match, following in zip(matches, [*matches[1:], None], strict=True):
            part = text[match.end() : following.start() if following else len(text)]
            reader = self.reader(part)
            opening = re.match(rf"\s*(?:{_ASK}|[Dd]o)\s+", part)
            names = reader.list_at(opening.end() if opening else 0)
            if match["role"].lower() == "phối hợp":
                coordinating += names.texts if names else ()
                continue
            lead += names.texts if names else ()
            coordinating += self.coordinators(part, reader)
        return Roles(lead, distinct(coordinating), "label", explicit=True) if lead or coordinating else None

    def subject(self, text: str) -> Roles | None:
        """The grammatical subject of the item, with its coordinators."""
        reader, text = self.reader(text), self.vocabulary.mended(text)
        found = self._subject_names(text, reader)
        if found is None:
            return None
        names, given = found
        tail = text[names.end :]
        chairs = bool(_CHAIRS.match(tail))
        others = self.coordinators(text, reader)
        if chairs:
            others = distinct(others + self._helpers(text, names, reader))
        elif self._only_help(tail, others):
            together = distinct(names.texts + others)
            return Roles((), together, "subject", collective=all(name.collective for name in names.names))
        return Roles(
            names.texts,
            self._others(others, names.texts),
            "subject.chairs" if chairs or given else "subject",
            explicit=chairs or given,
            collective=all(name.collective for name in names.names),
            labelled=tail.lstrip().startswith(":"),
        )

    def explicit(self, text: str) -> Roles | None:
        """Roles of "X chủ trì", "do X thực hiện" or "Giao X" anywhere in the item."""
        reader, printed = self.reader(text), text
        text = self.vocabulary.mended(text)
        for match in _LEADS.finditer(text):
            names = next(reader.lists_before(match.start()), None)
            if names and not _IN_THE_ROLE_OF.search(text[: names.names[0].start]):
                helpers = self._helpers(text, names, reader)
                others = self._others(distinct(self.coordinators(text, reader) + helpers), names.texts)
                return Roles(names.texts, others, "chairs", explicit=True)
        inline = _INLINE_LABEL.search(text)
        labelled = self.labelled_roles(printed[inline.end() :]) if inline else None
        if labelled:
            return labelled
        given = _DONE_BY.search(text)
        if (
            given
            and (names := reader.list_at(given.end()))
            and re.match(r"\s*(?:thực hiện|đảm nhận|phụ trách|tổ chức)", text[names.end :])
        ):
            return Roles(names.texts, self.coordinators(text, reader), "chairs", explicit=True)
        for match in _GIVES.finditer(text):
            names = reader.list_at(match.end())
            if names:
                others = self._others(self.coordinators(text, reader), names.texts)
                return Roles(names.texts, others, "given", explicit=True)
        return None

    def _only_help(self, tail: str, others: tuple[str, ...]) -> bool:
        """Whether a subject and those beside it only work with whoever leads: "A cùng B có trách nhiệm phối hợp"."""
        beside = re.match(r"[\s,]*(?:cùng|và)(?:\s+với)?\s+", tail)
        names = self.reader(tail).list_at(beside.end()) if beside else None
        after = tail[names.end :] if names else tail
        helps = _ONLY_HELPS.match(after)
        return bool(helps) and not self.coordinators(after)

    def _others(self, names: tuple[str, ...], lead: tuple[str, ...]) -> tuple[str, ...]:
        leads = set(map(fold, lead))
        return tuple(name for name in names if fold(name) not in leads)

    def _subject_names(self, text: str, reader: NameReader) -> tuple[NameList, bool] | None:
        tags = _TAGS.match(text)
        begin = tags.end() if tags else 0
        prefix = PREFIX.match(text, begin)
        names = reader.list_at(prefix.end() if prefix else begin)
        if names:
            return names, bool(_ASSIGNING.match(text, begin))
        topic = _TOPIC.match(text)
        names = reader.list_at(topic.end()) if topic else None
        if names and self._acts(text[names.end :]):
            return names, False
        if not _ADVERBIAL.match(text):
            return None
        for offset, given in self._after_adverbial(text):
            names = reader.list_at(offset)
            if names and self._acts(text[names.end :]):
                return names, given
        return None

    def _after_adverbial(self, text: str) -> Iterator[tuple[int, bool]]:
        """Where the subject may begin after "Căn cứ ..., ": after each comma of the first sentence."""
        stop = re.search(r"(?<=[^\W\d_]{2})\.\s", text)
        for match in re.finditer(
            rf"[,):]\s+(?P<ask>{_ASK}\s+)?"
            rf"|(?<=\s)(?P<asked>{_ASK}\s+)",
            text[: min(600, stop.start() if stop else 600)],
        ):
            asked = match["ask"] or match["asked"] or ""
            yield match.end(), asked.strip().lower().startswith("giao")

    def _acts(self, tail: str) -> bool:
        """Whether what follows a name is what it does."""
        words = [fold(word) for word in re.findall(r"\w+|[^\w\s]", tail[:60])]
        while words and words[0] in (",", ";"):
            words.pop(0)
        return bool(words) and (words[0] == ":" or bool(self.vocabulary.verb_phrases.length_at(words, 0)))


def time_label(text: str) -> str | None:
    """What follows "Thời gian thực hiện:" and the like, or None."""
    match = _TIME_LABEL.match(text)
    return text[match.end() :] if match else None


def is_attribute_label(text: str) -> bool:
    """Whether the line only describes the item above: product, place, who takes part."""
    return bool(_OTHER_LABEL.match(text))


def _parentheses(text: str) -> list[tuple[int, int]]:
    """The outermost parentheses, as spans."""
    spans, depth, start = [], 0, 0
    for index, char in enumerate(text):
        if char == "(":
            start = index if depth == 0 else start
            depth += 1
        elif char == ")" and depth:
            depth -= 1
            if depth == 0:
                spans.append((start, index + 1))
    return spans

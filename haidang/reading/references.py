"""Back-references of lines that hand items out: "tiết (1)", "từ (1) đến (3)", "trừ (4)", "các nội dung trên"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from haidang.reading.assignments import PREFIX, Assigner, Roles
from haidang.reading.letters import compiled

_UNITS = r"(?:tiết|điểm|mục|khoản|nội dung|ý|hoạt động|nhiệm vụ|phần|việc)"
_NUMBER = r"(?:\(\s*(?:\d{1,2}|[a-zđ])\s*\)|\d{1,2}(?:\.\d{1,2})*(?![\d/%])|[a-zđ](?=\s*(?:[,.;)]|và\s|đến\s|$)))"
_REFERENCE = compiled(
    rf"(?:{_UNITS}\s*)?(?:từ\s*)?(?:(?:các\s*)?{_UNITS}\s*)(?:từ\s*)?(?:số\s*)?(?P<first>{_NUMBER})"
    rf"(?P<more>(?:\s*(?:,|;|và|đến|-|–)\s*(?:(?:các\s*)?{_UNITS}\s*)?(?:số\s*)?{_NUMBER})*)"
    rf"|(?:từ\s*)(?P<range>\(\d{{1,2}}\)\s*(?:đến|-|–)\s*\(\d{{1,2}}\))"
    rf"|(?P<all>(?:các\s*)?(?:hoạt động|nội dung|nhiệm vụ|công việc|biện pháp|giải pháp"
    rf"|công tác)\s*(?:đã\s*)?(?:nêu\s*|nói\s*)?(?:ở\s*)?(?:trên|này|còn lại))",
    re.IGNORECASE,
)
_STEP = compiled(rf"(?P<link>,|;|và|đến|-|–)?\s*(?:(?:các\s+)?{_UNITS}\s+)?(?:số\s+)?(?P<number>{_NUMBER})")


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a "Phân công" line: its roles and the labels it refers to (None: all the items above)."""

    roles: Roles
    labels: frozenset[str] | None
    but: frozenset[str] = frozenset()


def clauses_of(text: str, assigner: Assigner) -> list[Clause]:
    """The clauses of a line that hands out items: "A thực hiện tiết (1), phối hợp với B thực hiện tiết (2)"."""
    cuts = list(_REFERENCE.finditer(text))
    clauses: list[Clause] = []
    begin = 0
    leads: tuple[str, ...] = ()
    for cut in cuts:
        labels = _labels(cut)
        if re.search(r"trừ\s+(?:các\s+)?$", text[max(0, cut.start() - 20) : cut.start()]):
            if clauses:
                clauses[-1] = replace(clauses[-1], but=labels or frozenset())
            begin = cut.end()
            continue
        roles = _clause_roles(text[begin : cut.end()], assigner, leads)
        leads = roles.lead or leads
        clauses.append(Clause(roles, labels, _taken(clauses) if cut.group().endswith("còn lại") else frozenset()))
        begin = cut.end()
    if not clauses:
        clauses.append(Clause(_clause_roles(text, assigner, ()), None))
    elif re.match(
        r"\s*,?\s*(?:phối hợp|cùng|(?:có|với) sự)(?!\w)", text[begin:]
    ):  # "... thực hiện tiết (3), phối hợp với B"
        roles = clauses[-1].roles
        clauses[-1] = replace(clauses[-1], roles=roles.with_coordinators(assigner.coordinators(text[begin:])))
    elif text[begin:].startswith(";"):  # "... thực hiện tiết (3); B phối hợp"
        more = _clause_roles(text[begin:], assigner, ())
        if not more.lead:
            clauses[-1] = replace(clauses[-1], roles=clauses[-1].roles.with_coordinators(more.coordinating))
    return clauses


def _taken(clauses: list[Clause]) -> frozenset[str]:
    """The labels that earlier clauses of the line have handed out."""
    return frozenset(label for clause in clauses for label in (clause.labels or ()) if label not in clause.but)


def without_all(text: str) -> str | None:
    """The text without "các nội dung trên" and the like; None when it does not refer to all the items above."""
    found = next((match for match in _REFERENCE.finditer(text) if match["all"]), None)
    return f"{text[: found.start()]} {text[found.end() :]}".strip() if found else None


def refers_back(text: str) -> bool:
    """Whether the line refers to items above by number or as "các nội dung trên"."""
    return bool(_REFERENCE.search(text))


def _clause_roles(text: str, assigner: Assigner, leads: tuple[str, ...]) -> Roles:
    """Lead and coordinators of one clause; "X phối hợp thực hiện" makes X a coordinator."""
    text = re.sub(r"^[\s,;.]*(?:và|đồng thời)?\s*", "", text)
    labelled = assigner.labelled_roles(text)
    if labelled:
        return labelled
    reader = assigner.reader(text)
    prefix = PREFIX.match(text)
    names = reader.list_at(prefix.end() if prefix else 0)
    with_whom = assigner.coordinators(text, reader)
    if names is None:
        return Roles(leads, with_whom, "block")
    tail = assigner.vocabulary.mended(text)[names.end :]
    helps = bool(re.match(r"[\s,]*(?:có trách nhiệm\s+)?(?:phối hợp|tham gia)", tail, re.IGNORECASE))
    collective = all(name.collective for name in names.names)
    if helps and not with_whom:
        return Roles((), names.texts, "block", collective=collective)
    others = tuple(name for name in with_whom if name not in names.texts)
    return Roles(names.texts, others, "block", collective=collective, helps=helps)


def _labels(match: re.Match[str]) -> frozenset[str] | None:
    if match["all"]:
        return None
    listed = match["range"] or match["first"] + (match["more"] or "")
    labels: list[str] = []
    for step in _STEP.finditer(listed):
        label = step["number"].strip("() ")
        if step["link"] in ("đến", "-", "–") and labels and label.isdigit() and labels[-1].isdigit():
            labels += [str(number) for number in range(int(labels[-1]) + 1, int(label) + 1)]
        else:
            labels.append(label)
    return frozenset(labels)

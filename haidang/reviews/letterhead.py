"""Who issues the report, under which symbol, to whom it goes and who signs: as the plan says, with stated defaults."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from django.conf import settings

from haidang.agencies.models import Level
from haidang.kernel.dates import short_date
from haidang.kernel.windows import Window
from haidang.office.nd30 import Letterhead, Signature
from haidang.plans.models import Plan
from haidang.reviews.content import Head, Issue
from haidang.reviews.models import Review

DEFAULT_ISSUER: Final = "Ban Chỉ đạo 138"
DEFAULT_ADDRESSEES: Final = ("Ban Chỉ đạo 138/CP", "Bộ Công an")
DEFAULT_RECIPIENTS: Final = ("Thành viên Ban Chỉ đạo 138", "Cơ quan thường trực Ban Chỉ đạo 138")
OPEN_SIGNER: Final = "(Họ và tên)"
_COMMITTEE, _STEERING = "Ủy ban nhân dân", "Ban Chỉ đạo"
_SYMBOL = re.compile(r"/[^/-]+-([A-ZĐ][A-ZĐ0-9]*)")
_TERRITORY = re.compile(r"(?<= )(tỉnh|thành phố|huyện|thị xã|quận|xã|phường|đặc khu) .*")
_INVENTED = re.compile(r"\s*\(giả định\)")
_HOW = r"(?:để )?(?:[bpt]/\w+|báo cáo|thực hiện|phối hợp)"
_MANNER = re.compile(rf"\s*\({_HOW}(?:\s*[,;]\s*{_HOW})*\)", re.IGNORECASE)
_STEERING_SHORT = re.compile(r"^BC[ĐD]\b")
_BARE_TERRITORY = re.compile(r" (?:tỉnh|thành phố|huyện|thị xã|quận|xã|phường|đặc khu)$", re.IGNORECASE)
_ARCHIVE = re.compile(r"\W*Lưu\s*:?\s*(.*)")
_CENTRAL = re.compile(
    r"Ban Chỉ đạo .*(?:/CP|Chính phủ|Trung ương)|Bộ (?!Chỉ huy|đội|Tư lệnh)[A-ZĐ]|(?:Phó )?Thủ tướng|"
    r"(?:Văn phòng )?Chính phủ"
)
_PROVINCIAL = re.compile(r"(?:UBND|Ủy ban nhân dân|Ban Chỉ đạo .*|Công an|Sở .*) (?:tỉnh|thành phố)\b")


def head_of(review: Review, issue: Issue) -> Head:
    """Everything above and below the text of the report.

    The report is issued by whoever issued the plan, under that organ's letters of the plan's number; without an
    issuer by the steering committee. It goes up: to the organs above the area that a duty of the plan names as
    addressee, else to those among the plan's recipients, else to the central steering committee and the Ministry.
    The others that received the plan receive the report. Number, day and name of the signer stay open unless given.
    On a demonstration every report is marked as invented, whatever plan it is for.
    """
    plan = review.plan
    area = _lowered(_INVENTED.sub("", plan.area.name))
    issuer = _BARE_TERRITORY.sub(f" {area}", _spelt_out(plan.issuer)) or DEFAULT_ISSUER
    addressees = addressees_of(plan)
    receivers, archive = _receivers(plan, addressees)
    return Head(
        letterhead=Letterhead(
            issuing_body=issuer,
            parent_body=_parent(issuer, area),
            symbol=f"BC-{_symbol(plan.number, issuer)}",
            place=plan.place or _bare_name(plan),
            number=issue.number,
            dated=issue.dated,
            month_year=f"tháng {_padded_month(review.window)} năm {review.window.end.year}",
        ),
        kind="Báo cáo",
        subject=_broken(review.title.removeprefix("Báo cáo ").strip()),
        addressees=addressees,
        signature=Signature(
            authority=_authority(issuer, area),
            signer=issue.signer.strip() or OPEN_SIGNER,
            recipients=("Như trên", *receivers),
            archive=archive,
        ),
        mandate=_mandate(plan),
        fictional=plan.fictional or settings.DEMO,
    )


def addressees_of(plan: Plan) -> tuple[str, ...]:
    """The organs above the plan's area to which its report goes."""
    asked = [duty.addressee for duty in plan.duties.all()]
    for named in (asked, plan.recipients):
        if above := [name for name in map(_plain, named) if _stands_above(name, plan)]:
            return tuple(dict.fromkeys(above))
    return DEFAULT_ADDRESSEES


def _receivers(plan: Plan, addressees: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Who receives a copy, and who keeps the file; the addressees are "Như trên"."""
    archive, receivers = "VT", []
    told = {"", "Như trên", *map(_organ, addressees)}
    for line in plan.recipients:
        if kept := _ARCHIVE.fullmatch(line.strip()):
            archive = kept.group(1).strip(" .;") or archive
        elif _organ(_plain(line)) not in told:
            receivers.append(_plain(line))
    return tuple(dict.fromkeys(receivers)) or DEFAULT_RECIPIENTS, archive


def _stands_above(name: str, plan: Plan) -> bool:
    if _CENTRAL.match(name):
        return True
    return plan.area.level in (Level.DISTRICT, Level.COMMUNE) and _PROVINCIAL.match(name) is not None


def _plain(line: str) -> str:
    """A recipient without its dash, its end and how it receives: "- Bộ Công an (để b/c);" is "Bộ Công an"."""
    bare = _MANNER.sub("", line.strip().lstrip("-+–").strip().rstrip(".;").strip())
    return _STEERING_SHORT.sub(_STEERING, bare)


def _organ(name: str) -> str:
    """The organ alone: "Ban Chỉ đạo 138/CP" of "Ban Chỉ đạo 138/CP (qua Bộ Công an)"."""
    return name.partition(" (")[0]


def _symbol(number: str, issuer: str) -> str:
    """The letters of the organ: those in the number of its plan, else UBND, BCĐ138, or its initials."""
    if found := _SYMBOL.search(number):
        return found.group(1)
    if issuer.startswith(_COMMITTEE):
        return "UBND"
    if issuer.startswith(_STEERING):
        return "BCĐ138" if "138" in issuer or issuer == DEFAULT_ISSUER else "BCĐ"
    return "".join(word[0].upper() for word in re.findall(r"[^\W\d]+", _TERRITORY.sub(r"\1", issuer)))


def _parent(issuer: str, area: str) -> str:
    """The organ above the issuer: none above a people's committee, the Ministry above the police."""
    if issuer.startswith(_COMMITTEE):
        return ""
    return "Bộ Công an" if issuer.startswith("Công an") else f"{_COMMITTEE} {area}"


def _authority(issuer: str, area: str) -> tuple[str, ...]:
    """On whose behalf and in which post: a committee decides as one, others sign as their head."""
    if issuer.startswith(_COMMITTEE):
        return (f"TM. {_COMMITTEE}", "Chủ tịch")
    if issuer.startswith(_STEERING):
        return ("Trưởng ban", f"Chủ tịch {_COMMITTEE}\n{area}")
    return ("Giám đốc" if issuer.startswith(("Công an", "Sở ")) else "Thủ trưởng cơ quan",)


def _spelt_out(issuer: str) -> str:
    return _INVENTED.sub("", re.sub(r"^UBND\b", _COMMITTEE, issuer.strip()))


def _mandate(plan: Plan) -> str:
    words = ["Kế hoạch"]
    if plan.number:
        words.append(f"số {plan.number}")
    if plan.issued_on:
        words.append(f"ngày {short_date(plan.issued_on)}")
    if plan.issuer:
        words.append(f"của {plan.issuer}")
    return " ".join(words)


def _broken(subject: str) -> str:
    """The subject with a line break before its period, where it is long."""
    return subject.replace(" giai đoạn", "\ngiai đoạn", 1) if len(subject) > 60 else subject


def _lowered(name: str) -> str:
    """ "Tỉnh Sơn Hải" inside a name: "tỉnh Sơn Hải"."""
    return name[:1].lower() + name[1:]


def _bare_name(plan: Plan) -> str:
    """ "Sơn Hải" of "Tỉnh Sơn Hải (giả định)": the place of the date line."""
    name = plan.area.name.removeprefix(plan.area.kind).strip() or plan.area.name
    return name.partition(" (")[0]


def _padded_month(window: Window) -> str:
    month = window.end.month
    return f"{month:02d}" if month <= 2 else str(month)

"""Keeping what a phrase means in an area, and adding agencies that the register does not have. All of it is audited."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from haidang.accounts.actors import Actor, require
from haidang.agencies import policies
from haidang.agencies.aliases import alias_key
from haidang.agencies.models import Agency, AgencyAlias, Area
from haidang.agencies.queries import in_force
from haidang.agencies.rules import common_span
from haidang.audit.actions import record
from haidang.kernel import clock
from haidang.kernel.text import fold, slug, squeeze

ADDED = "them-"  # begins the code, after the area's, of an agency that people added
LONGEST_PHRASE = 300
_LONGEST_CODE = 80


def _check_span(valid_from: date | None, valid_to: date | None) -> None:
    if valid_from and valid_to and valid_to < valid_from:
        raise ValidationError({"valid_to": "Ngày cuối trước ngày đầu. Sửa một trong hai ngày."})


@transaction.atomic
def keep_alias(
    actor: Actor,
    area: Area,
    phrase: str,
    *,
    agency: Agency | None = None,
    expression: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> AgencyAlias:
    """From now on the phrase means this agency, or this expression, in the area and below it, on these days.

    ValidationError when it means nothing or two things, or the area has an alias for the phrase on some of these days.
    """
    require(policies.may_name_agencies(actor, area))
    words, meant = squeeze(phrase), squeeze(expression)
    if not alias_key(words) or len(words) > LONGEST_PHRASE:
        raise ValidationError("Cụm từ trống hoặc dài quá 300 ký tự.")
    if (agency is None) == (not meant):
        raise ValidationError("Chọn một cơ quan, hoặc một nhóm cơ quan, cho cụm từ này.")
    _check_span(valid_from, valid_to)
    for other in AgencyAlias.objects.filter(area=area, key=alias_key(words)):
        if common_span((other.valid_from, other.valid_to), (valid_from, valid_to)):
            raise ValidationError(f"“{words}” đã được khớp trong thời gian đó. Bỏ khớp cũ trước.")
    alias = AgencyAlias.objects.create(
        area=area, phrase=words, key=alias_key(words), agency=agency, expression=meant, valid_from=valid_from,
        valid_to=valid_to, made_by_id=actor.user_id, made_at=clock.now(),
    )  # fmt: skip
    _audit(
        actor, "agencies.alias.kept", alias, phrase=words, agency_code=agency.code if agency else "", expression=meant
    )
    return alias


@transaction.atomic
def drop_alias(actor: Actor, alias: AgencyAlias) -> None:
    """The phrase means what the register says again. Plans that were accepted keep the agencies they were given."""
    require(policies.may_name_agencies(actor, alias.area))
    _audit(actor, "agencies.alias.dropped", alias, phrase=alias.phrase)
    alias.delete()


@transaction.atomic
def add_agency(
    actor: Actor,
    area: Area,
    name: str,
    function: str,
    functions: Collection[str],
    *,
    short_name: str = "",
    established_by: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Agency:
    """An agency of the area that the register does not have. `functions` are the codes to choose `function` from.

    ValidationError, by field, for a name that is empty, too long or taken, an unknown function, days out of order.
    """
    require(policies.may_name_agencies(actor, area))
    words = squeeze(name)
    if not words or len(words) > 200:
        raise ValidationError({"name": "Ghi tên cơ quan, nhiều nhất 200 ký tự."})
    if function not in functions:
        raise ValidationError({"function": "Chọn chức năng trong danh sách."})
    _check_span(valid_from, valid_to)
    taken = in_force(Agency.objects.filter(area=area), valid_from or clock.today())
    if any(fold(other) == fold(words) for other in taken.values_list("name", flat=True)):
        raise ValidationError({"name": f"Địa bàn đã có {words}. Khớp cụm từ với cơ quan đó."})
    agency = Agency.objects.create(
        code=_free_code(area, words), name=words, short_name=squeeze(short_name)[:120], function=function,
        level=area.level, area=area, established_by=squeeze(established_by)[:200], valid_from=valid_from,
        valid_to=valid_to,
    )  # fmt: skip
    record(
        "agencies.agency.added", agency, actor_id=actor.user_id, actor=actor.name, agency=actor.agency_name[:120],
        code=agency.code, name=words, function=function, valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip
    return agency


def _free_code(area: Area, name: str) -> str:
    """A code from the name, numbered when it is taken."""
    stem = f"{area.code}.{ADDED}{slug(name)}"[:_LONGEST_CODE]
    taken = set(Agency.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for n in range(len(taken) + 1) if (code := f"{stem}-{n + 1}" if n else stem) not in taken)


def was_added(agency: Agency) -> bool:
    """Whether people added the agency; those of the register cannot be taken out."""
    return agency.code.partition(".")[2].startswith(ADDED)


@transaction.atomic
def take_out_agency(actor: Actor, agency: Agency) -> None:
    """Take out an agency that was added by mistake, with its aliases. ValidationError when something hangs on it."""
    if agency.area is None or not was_added(agency):
        raise ValidationError("Cơ quan trong danh mục chung không bỏ được; chỉ bỏ được cơ quan do mình thêm.")
    require(policies.may_name_agencies(actor, agency.area))
    record(
        "agencies.agency.taken_out", agency, actor_id=actor.user_id, actor=actor.name,
        agency=actor.agency_name[:120], code=agency.code, name=agency.name,
    )  # fmt: skip
    AgencyAlias.objects.filter(agency=agency).delete()
    in_use = agency.assignments.exists()  # an accepted plan gave it work: that link would go without a word
    try:
        if not in_use:
            agency.delete()
    except ProtectedError:
        in_use = True
    if in_use:
        raise ValidationError(f"{agency.name} đã có việc, người hoặc báo cáo nên không bỏ được.")


def _audit(actor: Actor, action: str, alias: AgencyAlias, **details: object) -> None:
    record(
        action, alias, actor_id=actor.user_id, actor=actor.name, agency=actor.agency_name[:120],
        area=alias.area.code, **details,
    )  # fmt: skip

"""Acting on what was chosen on the chasing board. Each is first asked for with its consequence, then done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from haidang.accounts.actors import Actor, Refused, require
from haidang.catalogue.holidays import work_calendar
from haidang.filings.actions import chasing as actions
from haidang.filings.actions import escalating
from haidang.filings.chasing.chosen import MOST_CHOSEN, chosen_obligations
from haidang.filings.chasing.letters import LetterFacts, default_facts, is_late
from haidang.filings.chasing.reminders import is_owed
from haidang.filings.content import plain_text
from haidang.filings.policies import may_chase
from haidang.filings.queries import Owed
from haidang.filings.rules import ESCALATED_AFTER_REMINDER, ESCALATED_WHEN_OVERDUE
from haidang.kernel import clock
from haidang.kernel.dates import parse_date, short_date
from haidang.kernel.numbers import count_in, format_number
from haidang.web.filings.board_asked import asked_again

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DAYS_TO_REPLY = 5
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen, by whom, and what was typed."""

    request: HttpRequest
    actor: Actor
    rows: list[Owed]
    today: date

    def typed(self, name: str) -> str:
        """A field of the form, without its ends and what no document takes."""
        return plain_text(str(self.request.POST.get(name, "")))

    def day(self, name: str, what: str) -> date:
        """A day that must be given; Refused says what is wrong with it."""
        try:
            return parse_date(self.typed(name))
        except ValueError as error:
            raise Refused(f"{what} chưa đúng. {error}") from error


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can be done to what was chosen: its heading, its button, and the function that does it."""

    heading: str
    button: str
    act: Callable[[Chosen], HttpResponse]


@require_POST
def chase(request: HttpRequest) -> HttpResponse:
    """Ask what is to be done to the chosen obligations; with `lam`, do it. What was typed is never lost."""
    step = STEPS.get(str(request.POST.get("viec")))
    if step is None:
        raise Http404("no such step")
    actor: Actor = request.actor  # type: ignore[attr-defined]
    ids = {pk for text in request.POST.getlist("o") if (pk := count_in(text)) is not None}
    if not 0 < len(ids) <= MOST_CHOSEN:
        told = f"Chọn nhiều nhất {MOST_CHOSEN} nghĩa vụ một lần." if ids else "Chưa chọn nghĩa vụ nào."
        messages.error(request, f"{told} Đánh dấu ô trên bảng rồi chọn việc cần làm.")
        return _to_board(request)
    chosen = Chosen(request, actor, _rows(actor, ids), clock.today())
    for one in chosen.rows:
        require(may_chase(actor, one.obligation))
    if request.POST.get("lam") != "1":
        return _question(chosen, step)
    try:
        return step.act(chosen)
    except actions.SomeRefused as refusal:
        return _question(chosen, step, str(refusal), refusal.reasons)
    except Refused as refusal:
        return _question(chosen, step, str(refusal))


def _rows(actor: Actor, ids: set[int]) -> list[Owed]:
    try:
        return chosen_obligations(actor, ids, clock.today())
    except ObjectDoesNotExist:
        raise Http404("no such obligation") from None


def _board_of(request: HttpRequest) -> str:
    """The address of the board as it was filtered when the obligations were chosen on it."""
    query = asked_again(str(request.POST.get("bang", ""))).query(chon="")
    return f"{reverse('filings:chasing')}?{query}" if query else reverse("filings:chasing")


def _to_board(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(_board_of(request))


def _question(
    chosen: Chosen, step: Step, problem: str = "", reasons: Mapping[int, str] = MappingProxyType({})
) -> HttpResponse:
    """Ask, or ask again with what was wrong; `reasons` by obligation that it cannot be done to: it is not ticked."""
    word = str(chosen.request.POST["viec"])
    concerned = is_late if word == "cong-van" else is_owed
    owed = [one for one in chosen.rows if concerned(one)]
    blocked = dict(escalating.not_yet(chosen.rows, chosen.today)) if word == "bao-cao" else {}
    typed = {name: chosen.typed(name) for name in chosen.request.POST}
    context = {
        "word": word,
        "step": step,
        "rows": [(one, concerned(one), {**blocked, **reasons}.get(one.obligation.pk, "")) for one in chosen.rows],
        "agencies": len({one.obligation.agency_id for one in chosen.rows}),
        "owed": len(owed),
        "blocked": len(blocked),
        "typed": _filled(chosen, word, owed) | typed if problem else _filled(chosen, word, owed),
        "problem": problem,
        "board": _board_of(chosen.request),
        "came_from": asked_again(str(chosen.request.POST.get("bang", ""))).query(chon=""),
        "rule": (ESCALATED_WHEN_OVERDUE, ESCALATED_AFTER_REMINDER),
        "above": escalating.agencies_above(chosen.actor, chosen.rows, chosen.today) if word == "bao-cao" else [],
    }
    return render(chosen.request, "filings/chase.html", context, status=422 if problem else 200)


def _filled(chosen: Chosen, word: str, owed: Sequence[Owed]) -> dict[str, str]:
    """What the form says before anybody types."""
    reply = work_calendar().next_working(chosen.today + timedelta(days=DAYS_TO_REPLY))
    if word == "nhac":
        return {"words": f"Đề nghị cơ quan gửi báo cáo còn thiếu chậm nhất hết ngày {short_date(reply)} để tổng hợp."}
    if word == "bao-cao":
        return {"words": "Các đơn vị sau quá hạn, đã được nhắc mà chưa gửi báo cáo. Đề nghị lãnh đạo chỉ đạo đôn đốc."}
    if word == "cong-van":
        facts = default_facts(actions.issuing_agency(chosen.actor, chosen.rows), chosen.today, reply)
        return {
            "issuing_body": facts.issuing_body,
            "parent_body": facts.parent_body,
            "symbol": facts.symbol,
            "place": facts.place,
            "authority": facts.authority,
            "reply_by": short_date(reply),
        }
    return {}


def _remind(chosen: Chosen) -> HttpResponse:
    done = actions.remind_all(chosen.actor, chosen.rows, chosen.typed("words"), settings.SITE)
    told = f"Đã nhắc {done.obligations} nghĩa vụ, gửi {done.mails} thư."
    if done.unreached:
        told += f" Chưa có địa chỉ thư nào nhận được: {', '.join(done.unreached[:5])}"
        told += f" và {len(done.unreached) - 5} cơ quan khác" if len(done.unreached) > 5 else ""
        told += ". Lời nhắc hiện trên trang báo cáo của các cơ quan này."
    elif not done.mails:
        told = f"Lời nhắc này vừa được ghi cho {done.obligations} nghĩa vụ; không gửi lần hai."
    messages.success(chosen.request, told)
    return _to_board(chosen.request)


def _extend(chosen: Chosen) -> HttpResponse:
    to = chosen.day("to", "Ngày cuối được nộp")
    count = actions.extend_all(chosen.actor, chosen.rows, to, chosen.typed("reason"))
    messages.success(chosen.request, f"Đã gia hạn {count} nghĩa vụ đến hết {short_date(to)}.")
    return _to_board(chosen.request)


def _waive(chosen: Chosen) -> HttpResponse:
    count = actions.waive_all(chosen.actor, chosen.rows, chosen.typed("reason"))
    messages.success(chosen.request, f"Đã miễn {count} nghĩa vụ. Lý do được ghi kèm số tổng hợp.")
    return _to_board(chosen.request)


def _letter(chosen: Chosen) -> HttpResponse:
    document = actions.write_letter(chosen.actor, chosen.rows, _facts(chosen), chosen.today)
    answer = HttpResponse(document, content_type=DOCX)
    name = quote(f"cong-van-don-doc-{chosen.today:%Y-%m-%d}.docx")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


def _facts(chosen: Chosen) -> LetterFacts:
    """What was typed about the letter; Refused names the field that is wrong."""
    must = {
        "issuing_body": "Cơ quan ban hành",
        "symbol": "Ký hiệu",
        "place": "Địa danh",
        "authority": "Chức vụ người ký",
    }
    for name, what in must.items():
        if not chosen.typed(name):
            raise Refused(f"Chưa ghi {what[:1].lower()}{what[1:]}. Ghi rồi tải công văn.")
    texts = {name: chosen.typed(name) for name in (*must, "parent_body", "signer")}
    long = next((text for text in texts.values() if len(text) > _LONGEST), None)
    if long is not None:
        raise Refused(f"“{long[:40]}…” dài hơn {_LONGEST} ký tự. Rút gọn rồi tải công văn.")
    number = chosen.typed("number")
    if number and count_in(number, digits=6) is None:
        raise Refused(f"Số công văn “{number[:20]}” không phải số. Ghi số, hoặc để trống cho văn thư ghi.")
    return LetterFacts(
        issuing_body=texts["issuing_body"],
        parent_body=texts["parent_body"],
        symbol=texts["symbol"],
        place=texts["place"],
        reply_by=chosen.day("reply_by", "Hạn gửi"),
        authority=texts["authority"],
        signer=texts["signer"],
        number=int(number) if number else None,
        dated=chosen.day("dated", "Ngày công văn") if chosen.typed("dated") else None,
    )


def _escalate(chosen: Chosen) -> HttpResponse:
    above = escalating.agencies_above(chosen.actor, chosen.rows, chosen.today)
    to = next((agency for agency in above if str(agency.pk) == chosen.typed("to_agency")), None)
    if to is None:
        raise Refused("Chọn nơi nhận báo cáo.")
    done = escalating.escalate_all(chosen.actor, chosen.rows, to, chosen.typed("words"), settings.SITE)
    messages.success(chosen.request, _escalated_words(done))
    return _to_board(chosen.request)


def _escalated_words(done: escalating.Escalated) -> str:
    repeated = (
        f"{format_number(done.repeated)} nghĩa vụ đã báo cáo tới {done.told.name} hôm nay, không báo cáo lần hai."
    )
    if not done.obligations:
        return f"Không gửi gì thêm: {repeated}"
    told = f"Đã báo cáo {format_number(done.obligations)} nghĩa vụ tới {done.told.name}"
    told += f", gửi {done.mails} thư cho lãnh đạo."
    if done.unreached:
        told += f" Thư không tới: {', '.join(done.unreached[:5])} (chưa có địa chỉ hoặc máy chủ thư không nhận)."
    elif not done.mails:
        told += " Nơi nhận chưa có tài khoản lãnh đạo nào."
    return f"{told} {repeated}" if done.repeated else told


STEPS = {
    "nhac": Step("Nhắc nộp báo cáo", "Gửi lời nhắc", _remind),
    "gia-han": Step("Gia hạn nộp báo cáo", "Gia hạn", _extend),
    "mien": Step("Miễn báo cáo", "Miễn báo cáo", _waive),
    "bao-cao": Step("Báo cáo cấp trên về đơn vị quá hạn", "Gửi báo cáo", _escalate),
    "cong-van": Step("Công văn đôn đốc", "Tải công văn", _letter),
}

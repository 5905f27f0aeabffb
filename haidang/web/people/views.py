""" "Người dùng": the people in an administrator's reach, their roles and accounts. Others are not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haidang.accounts.actions import close_account, reopen_account, reset_password
from haidang.accounts.actors import Actor, require
from haidang.accounts.policies import may_administer, may_open_accounts
from haidang.accounts.rules import AccountProblem, generated_password
from haidang.agencies.actions import add_person, appoint, end_membership
from haidang.agencies.people import (
    Listed,
    administered_agencies,
    administered_areas,
    people_listed,
    people_within,
    person_within,
)
from haidang.kernel import clock
from haidang.kernel.numbers import count_in
from haidang.web.people.forms import EndForm, NewPersonForm, RoleForm

if TYPE_CHECKING:
    from haidang.agencies.models import Agency

PAGE_SIZE = 50
MOST_SOUGHT = 100


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """The people in reach, fifty to a page, found by name or account. The number of queries is fixed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    sought = request.GET.get("tim", "").strip()[:MOST_SOUGHT]
    pages = Paginator(people_within(actor, sought), PAGE_SIZE)
    page = pages.get_page(request.GET.get("trang"))
    context = {
        "people": people_listed(actor, list(page.object_list), clock.today()),
        "page": page,
        "sought": sought,
        "query": f"{urlencode({'tim': sought})}&" if sought else "",
    }
    return render(request, "people/people.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Make an account with roles at one agency of the chosen area; its first password is shown here, once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(may_open_accounts(actor))
    offer = _offer(request, actor)
    form = NewPersonForm(offer["agencies"], request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        password = generated_password()
        try:
            user = add_person(
                actor, form.cleaned_data["account"], form.cleaned_data["name"], form.chosen_agency,
                form.chosen_roles(), password=password, valid_from=clock.today(),
            )  # fmt: skip
        except AccountProblem as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            return render(request, "people/handed_over.html", {"person": user, "password": password, "fresh": True})
    return render(request, "people/add.html", offer | {"form": form}, status=422 if form.errors else 200)


@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: the roles held at agencies in reach, and what may be done with the account."""
    return _person_page(request, _found(request, pk))


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the person a role for a time."""
    listed = _found(request, pk)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = RoleForm(_offer(request, actor)["agencies"], request.POST)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            appoint(
                actor, listed.person.user, form.chosen_agency, chosen["role"],
                valid_from=chosen["valid_from"], valid_to=chosen["valid_to"],
            )  # fmt: skip
        except ValueError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Đã giao vai trò ở {form.chosen_agency.name} cho {listed.person.user}.")
            return HttpResponseRedirect(reverse("people:person", args=[pk]))
    return _person_page(request, listed, form, status=422)


@require_POST
def end(request: HttpRequest, pk: int, membership_pk: int) -> HttpResponse:
    """End a role after a day."""
    listed = _found(request, pk)
    membership = next((row for row in listed.seen if row.pk == membership_pk), None)
    if membership is None:
        raise Http404("no such membership in reach")
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Chưa kết thúc vai trò. " + " ".join(map(str, form.errors["last_day"])))
        return HttpResponseRedirect(reverse("people:person", args=[pk]))
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return _done(
        request, pk, lambda: end_membership(actor, membership, form.cleaned_data["last_day"]),
        f"Đã ghi ngày cuối cho vai trò ở {membership.agency.name}.",
    )  # fmt: skip


@never_cache
@require_POST
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the person another password, shown here once; the old one no longer works."""
    listed = _found(request, pk)
    password = reset_password(request.actor, listed.person)  # type: ignore[attr-defined]
    return render(request, "people/handed_over.html", {"person": listed.person.user, "password": password})


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The person no longer signs in."""
    listed = _found(request, pk)
    told = f"Đã đóng tài khoản {listed.person.user.username}. Việc đã làm vẫn còn trong nhật ký."
    return _done(request, pk, lambda: close_account(request.actor, listed.person), told)  # type: ignore[attr-defined]


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """The person signs in again."""
    listed = _found(request, pk)
    told = f"Đã mở lại tài khoản {listed.person.user.username}, với mật khẩu và vai trò như trước."
    return _done(request, pk, lambda: reopen_account(request.actor, listed.person), told)  # type: ignore[attr-defined]


def _done(request: HttpRequest, pk: int, act: Callable[[], object], told: str) -> HttpResponse:
    """Do it, and tell on the person's page that it is done or what stands in the way."""
    try:
        act()
    except ValueError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, told)
    return HttpResponseRedirect(reverse("people:person", args=[pk]))


def _found(request: HttpRequest, pk: int) -> Listed:
    """The person, or a page that is not there: nobody learns of people out of their reach."""
    listed = person_within(request.actor, pk, clock.today())  # type: ignore[attr-defined]
    if listed is None:
        raise Http404("no such person in reach")
    return listed


def _person_page(request: HttpRequest, listed: Listed, form: RoleForm | None = None, status: int = 200) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    offer = _offer(request, actor)
    person_ = listed.person
    context = offer | {
        "listed": listed,
        "person": person_.user,
        "past": [row for row in listed.seen if row not in listed.lasting],
        "decision": may_administer(actor, person_.user.pk, person_.seats),
        "form": form or RoleForm(offer["agencies"], initial={"valid_from": clock.today()}),
    }
    return render(request, "people/person.html", context, status=status)


def _offer(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """The areas where the actor gives roles, the one chosen, and its agencies."""
    today = clock.today()
    areas = administered_areas(actor, today)
    numbers = [pk for pk, _name in areas]
    chosen = count_in(request.GET.get("dia-ban", ""))
    area = chosen if chosen in numbers else next(iter(numbers), None)
    agencies: list[Agency] = administered_agencies(actor, today, area)
    return {"areas": areas, "area": area, "agencies": agencies}

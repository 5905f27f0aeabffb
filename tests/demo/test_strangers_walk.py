"""A stranger walks every address of the site, with the numbers of another agency's rows: 403 or 404, each time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from haidang.accounts.actors import SYSTEM, Role
from haidang.accounts.models import User
from haidang.agencies.actions import appoint, load_register
from haidang.agencies.models import Agency, Membership
from haidang.catalogue.agency_functions import national_register
from haidang.demo.build import Demo
from haidang.filings.models import BoardView, Filing, FilingFile, FilingState
from haidang.kernel import clock
from haidang.plans.evidence import keep
from haidang.plans.family_owing import asks_of, owing_of
from haidang.plans.family_tree import kin_of
from haidang.plans.models import Evidence, Plan, TargetBasis
from haidang.reviews.models import Build
from haidang.web.filings.chasing import STEPS

# Addresses without a row of anybody's: lists, forms and choices, which show a stranger nothing of others.
OF_NOBODY = {
    "work:home", "work:theme", "plans:list", "plans:import", "filings:filings", "filings:chasing", "figures:explorer",
    "figures:lineage", "reviews:workspace", "reviews:open", "account_login", "account_logout", "account_inactive",
    "filings:chasing_workbook", "filings:chase", "filings:keep_view",
    "work:calendar", "work:feeds", "people:list", "people:add", "people:password", "people:journal", "people:check",
    "people:move",
}  # fmt: skip


def addresses(resolver: URLResolver, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """Every (name, route) below a resolver."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{entry.namespace}:" if entry.namespace else namespace
            yield from addresses(entry, route, inner)
        elif isinstance(entry, URLPattern):
            yield namespace + (entry.name or "?"), route


ALL = sorted(set(addresses(get_resolver())))
BY_SECRET = {"work:feed"}  # open to whoever has the address: walked in tests/plans/test_feeds.py
WITH_ROWS = [(name, route) for name, route in ALL if "<" in route and name not in BY_SECRET]


def test_every_address_is_either_walked_or_known_to_be_nobodys() -> None:
    assert len(WITH_ROWS) > 25
    assert {name for name, route in ALL if "<" not in route} <= OF_NOBODY


@pytest.fixture
def stranger(demo: Demo, client: Client) -> Client:
    """Somebody with every role there is, but at the standing agency of another province."""
    load_register(national_register(), provinces=["20"])
    agency = Agency.objects.get(area__code="20", function="police", level="province", valid_to=None, standing=True)
    user = User.objects.create(username="nguoi.tinh.khac")
    for role in Role:
        appoint(SYSTEM, user, agency, role, valid_from=date(2015, 1, 1))
    client.force_login(user)
    return client


def rows_of_others() -> dict[str, dict[str, Any]]:
    """For each room, the numbers that its addresses take, of rows that exist and belong to the invented province."""
    filing = Filing.objects.filter(state=FilingState.ACCEPTED).select_related("obligation").first()
    view, _ = BoardView.objects.get_or_create(person=User.objects.get(username="tonghop"), name="Của mình")
    attached = filing and FilingFile.objects.create(
        filing=filing, name="ban-ky.pdf", size=5, sha256=keep(b"%PDF-"), added_at=filing.changed_at
    )
    build, seat = Build.objects.first(), Membership.objects.get(user__username="nhaplieu")
    proved = Evidence.objects.filter(
        note__task__extensions__isnull=False, note__task__plan__targets__bases__isnull=False
    )
    evidence = proved.select_related("note__task__plan").first()
    assert filing and attached and build and evidence
    task = evidence.note.task
    basis = TargetBasis.objects.filter(target__plan=task.plan).first()
    older = Plan.objects.filter(area=task.plan.area).exclude(pk=task.plan_id).first()
    assert basis and older
    asked = next(
        (plan, row.agency)
        for plan in Plan.objects.filter(area=task.plan.area, own_plan_asks=None).exclude(state="draft")
        for row in owing_of(plan, kin_of(plan), asks_of(plan), clock.today()).rows
    )
    return {
        "family": {"pk": asked[0].pk, "agency_pk": asked[1].pk, "parent_pk": older.pk},
        "filings": {
            "pk": filing.obligation_id,
            "number": 1,
            "form_code": next(iter(filing.cells)).partition(".")[0],
            "code": next(iter(filing.cells)),
            "cycle": filing.obligation.cycle_id,
            "view": view.pk,
            "task_pk": task.pk,
            "file_pk": attached.pk,
        },
        "plans": {
            "pk": task.plan_id,
            "item_pk": task.pk,
            "kind": "nhiem-vu",
            "to": "che-do",
            "task_pk": task.pk,
            "target_pk": basis.target_id,
            "basis_pk": basis.pk,
            "file_pk": evidence.pk,
            "extension_pk": task.extensions.all()[0].pk,
            "older_pk": older.pk,
        },
        "work": {"membership_pk": seat.pk},
        "people": {"pk": seat.user_id, "membership_pk": seat.pk},
        "reviews": {"pk": build.review_id, "build_pk": build.pk},
    }


@pytest.mark.parametrize(("name", "route"), WITH_ROWS, ids=[name for name, _route in WITH_ROWS])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_refused_everywhere(stranger: Client, name: str, route: str, method: str) -> None:
    numbers = rows_of_others().get(name.partition(":")[0], {})
    converters = re.findall(r"<(?:(\w+):)?(\w+)>", route)
    missing = {parameter for _kind, parameter in converters} - set(numbers)
    assert not missing, f"{name} takes {missing}: give rows_of_others() a row of another agency for it"
    address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(numbers[m[1]]), route)
    before = Filing.objects.count(), Plan.objects.count()
    response = getattr(stranger, method)(address)
    assert response.status_code in {403, 404, 405}, f"{method} {address}"
    if response.status_code == 405:
        other = "post" if method == "get" else "get"
        assert getattr(stranger, other)(address).status_code in {403, 404}
    assert (Filing.objects.count(), Plan.objects.count()) == before


@pytest.mark.parametrize("step", sorted(STEPS))
def test_a_stranger_is_refused_rows_named_in_the_body(stranger: Client, step: str) -> None:
    """Chasing many at once takes its rows there, not in the address."""
    sent = {"viec": step, "lam": "1", "o": [rows_of_others()["filings"]["pk"]]}
    assert stranger.post("/bao-cao/don-doc/chon/", sent).status_code in {403, 404}


@pytest.mark.parametrize(("name", "route"), WITH_ROWS, ids=[name for name, _route in WITH_ROWS])
def test_the_same_addresses_exist_for_those_they_belong_to(demo: Demo, client: Client, name: str, route: str) -> None:
    """Without this the walk could pass on numbers that nobody has."""
    client.force_login(User.objects.get(username="tonghop"))
    numbers = rows_of_others()[name.partition(":")[0]]
    address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(numbers[m[1]]), route)
    assert client.get(address).status_code in {200, 302, 403, 405}, address


@pytest.mark.parametrize(
    "address", ["/", "/ke-hoach/", "/bao-cao/", "/bao-cao/don-doc/", "/so-lieu/", "/tong-ket/", "/nguoi-dung/"]
)
def test_lists_show_a_stranger_nothing_of_the_province(stranger: Client, address: str) -> None:
    page = stranger.get(address).content.decode()
    shown = re.sub(r"<(header|nav)[\s\S]*?</\1>", "", page)
    assert "Sơn Hải" not in shown


@pytest.mark.parametrize(("name", "route"), WITH_ROWS, ids=[name for name, _route in WITH_ROWS])
def test_whoever_is_not_signed_in_is_sent_to_sign_in(client: Client, db: None, name: str, route: str) -> None:
    address = "/" + re.sub(r"<(?:(\w+):)?(\w+)>", lambda m: "1" if m[1] == "int" else "nhiem-vu", route)
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")

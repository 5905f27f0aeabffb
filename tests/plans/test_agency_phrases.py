"""Phrases that name no agency of the list: matched, added, let go; and what other plans of the area make of them."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from haidang.accounts.actors import Refused
from haidang.agencies.aliases import agencies_like, alias_key
from haidang.agencies.models import Agency, AgencyAlias, AgencyLineage
from haidang.agencies.naming import add_agency, keep_alias, take_out_agency
from haidang.audit.models import Entry
from haidang.plans.actions import add_named_agency, match_phrase, unmatch_phrase
from haidang.plans.models import Assignment, Plan
from haidang.plans.questions import gate_of
from haidang.plans.resolving import agencies_named, names_of
from tests.plans.conftest import accept_plan, make_agency, make_area

CLUB = "Câu lạc bộ Hoa Sim"
DAY = date(2025, 2, 10)


@pytest.fixture
def unknown(draft: Plan) -> Plan:
    """The draft, with a task led by somebody whom nobody knows."""
    Assignment.objects.create(task=draft.tasks.get(position=1), role="lead", position=0, phrase=CLUB)
    return draft


def test_a_phrase_matched_with_an_agency_means_it_from_then_on(place, unknown):
    actor = place.actor(place.bao)
    assert len(gate_of(unknown).unresolved) == 1
    match_phrase(actor, unknown, CLUB, agency=place.justice)
    assert agencies_named([CLUB, "câu lạc bộ “Hoa Sim”"], place.area, DAY) == {
        CLUB: (place.justice.pk,), "câu lạc bộ “Hoa Sim”": (place.justice.pk,),
    }  # fmt: skip
    assert gate_of(unknown).unresolved == ()
    accept_plan(actor, unknown)
    assert unknown.tasks.get(position=1).assignments.get().agencies.get() == place.justice
    assert Entry.objects.get(action="agencies.alias.kept").details["phrase"] == CLUB


def test_it_holds_below_the_area_and_not_beside_it(place, unknown):
    match_phrase(place.actor(place.bao), unknown, CLUB, agency=place.justice)
    commune = make_area("X1001", "Xã Bãi Dài", "commune", place.area)
    assert agencies_named([CLUB], commune, DAY)[CLUB] == (place.justice.pk,)
    assert agencies_named([CLUB], place.next_door, DAY)[CLUB] == ()


def test_a_phrase_may_stand_for_an_expression(place, unknown):
    match_phrase(place.actor(place.bao), unknown, CLUB, expression="Sở Y tế, Sở Tư pháp")
    assert agencies_named([CLUB], place.area, DAY)[CLUB] == (place.health.pk, place.justice.pk)
    with pytest.raises(ValidationError, match="chưa nêu được cơ quan nào"):
        match_phrase(place.actor(place.bao), unknown, "Khác", expression="Hội Xyz Abc")


def test_only_the_piece_that_means_nothing_takes_the_alias(place, unknown):
    phrase = f"Sở Y tế, {CLUB}"
    (before,) = names_of([phrase], place.area, DAY)
    assert (before.count, before.unknown) == (1, (CLUB,))
    match_phrase(place.actor(place.bao), unknown, CLUB, agency=place.justice)
    (after,) = names_of([phrase], place.area, DAY)
    assert (after.count, after.unknown, len(after.aliases)) == (2, (), 1)


def test_an_alias_of_an_agency_that_is_gone_means_those_that_took_over(place, unknown):
    match_phrase(place.actor(place.bao), unknown, CLUB, agency=place.justice)
    heir = make_agency(place.area, "moi", "Cơ quan mới", "justice", valid_from=date(2025, 6, 1))
    Agency.objects.filter(pk=place.justice.pk).update(valid_to=date(2025, 5, 31))
    AgencyLineage.objects.create(old=place.justice, new=heir, function="justice", on=date(2025, 6, 1), instrument="x")
    assert agencies_named([CLUB], place.area, DAY)[CLUB] == (place.justice.pk,)
    assert agencies_named([CLUB], place.area, date(2025, 7, 1))[CLUB] == (heir.pk,)


def test_an_alias_is_dated_and_two_never_overlap(place):
    actor = place.actor(place.bao)
    keep_alias(actor, place.area, CLUB, agency=place.justice, valid_to=date(2025, 6, 30))
    keep_alias(actor, place.area, CLUB, agency=place.health, valid_from=date(2025, 7, 1))
    assert agencies_named([CLUB], place.area, date(2025, 6, 30))[CLUB] == (place.justice.pk,)
    assert agencies_named([CLUB], place.area, date(2025, 7, 1))[CLUB] == (place.health.pk,)
    with pytest.raises(ValidationError, match="đã được khớp trong thời gian đó"):
        keep_alias(actor, place.area, CLUB, agency=place.police, valid_from=date(2025, 6, 1))
    with pytest.raises(ValidationError, match="Ngày cuối trước ngày đầu"):
        keep_alias(actor, place.area, "Khác", agency=place.police, valid_from=DAY, valid_to=date(2025, 1, 1))


@pytest.mark.parametrize("phrase", ["", " ;. ", "a" * 301])
def test_an_empty_or_too_long_phrase_is_refused(place, phrase):
    with pytest.raises(ValidationError, match="Cụm từ trống"):
        keep_alias(place.actor(place.bao), place.area, phrase, agency=place.health)


def test_an_alias_means_exactly_one_thing(place):
    for more in ({}, {"agency": place.health, "expression": "Sở Y tế"}):
        with pytest.raises(ValidationError, match="Chọn một cơ quan"):
            keep_alias(place.actor(place.bao), place.area, CLUB, **more)


def test_an_agency_is_added_with_its_days_and_meant_by_the_phrase(place, unknown):
    actor = place.actor(place.bao)
    made = add_named_agency(
        actor, unknown, CLUB, name="Câu lạc bộ Hoa Sim tỉnh Bến Sương", function="youth_affairs",
        valid_from=date(2024, 1, 1),
    )  # fmt: skip
    assert (made.area, made.level, made.code) == (place.area, "province", "X1.them-cau-lac-bo-hoa-sim-tinh-ben-suong")
    assert agencies_named([CLUB], place.area, DAY)[CLUB] == (made.pk,)
    with pytest.raises(ValidationError, match="Địa bàn đã có"):
        add_agency(actor, place.area, "câu lạc bộ hoa sim tỉnh bến sương", "health", {"health"})
    with pytest.raises(ValidationError, match="Chọn chức năng"):
        add_agency(actor, place.area, "Khác", "magic", {"health"})
    with pytest.raises(ValidationError, match="Ghi tên cơ quan"):
        add_agency(actor, place.area, " ", "health", {"health"})


def test_letting_go_takes_the_added_agency_with_it(place, unknown):
    actor = place.actor(place.bao)
    made = add_named_agency(actor, unknown, CLUB, name=CLUB, function="youth_affairs")
    unmatch_phrase(actor, unknown, AgencyAlias.objects.get())
    assert not AgencyAlias.objects.exists()
    assert not Agency.objects.filter(pk=made.pk).exists()
    assert len(gate_of(unknown).unresolved) == 1


def test_an_added_agency_with_work_stays(place, unknown):
    actor = place.actor(place.bao)
    made = add_named_agency(actor, unknown, CLUB, name=CLUB, function="youth_affairs")
    accept_plan(actor, unknown)
    with pytest.raises(ValidationError, match="đã có việc"):
        take_out_agency(actor, made)
    assert Agency.objects.filter(pk=made.pk).exists()
    with pytest.raises(Refused, match="đã được chấp nhận"):
        unmatch_phrase(actor, unknown, AgencyAlias.objects.get())
    with pytest.raises(ValidationError, match="danh mục chung"):
        take_out_agency(actor, place.health)


@pytest.mark.parametrize("who", ["ha", "lam", "tam", "nobody"])
def test_only_the_standing_agencys_consolidator_says_what_phrases_mean(place, unknown, who):
    actor = place.actor(getattr(place, who))
    for change in (
        lambda: match_phrase(actor, unknown, CLUB, agency=place.health),
        lambda: add_named_agency(actor, unknown, CLUB, name=CLUB, function="health"),
        lambda: keep_alias(actor, place.area, CLUB, agency=place.health),
        lambda: add_agency(actor, place.area, CLUB, "health", {"health"}),
    ):
        with pytest.raises(Refused):
            change()
    assert not AgencyAlias.objects.exists()


def test_agencies_are_found_by_any_of_their_words_without_marks(place):
    assert [one.name for one in agencies_like(place.area, DAY, "y te")] == ["Sở Y tế tỉnh Bến Sương"]
    assert agencies_like(place.area, DAY, "  ") == []
    assert agencies_like(place.area, DAY, "khong co") == []


def test_phrases_are_compared_without_case_and_punctuation():
    assert alias_key(" Câu lạc bộ  “HOA SIM”; ") == alias_key("câu lạc bộ Hoa Sim")


# the page


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def officer(client, place):
    client.force_login(place.bao)
    return client


def test_the_page_lists_what_is_unknown_and_matches_it(officer, place, unknown):
    page = f"/ke-hoach/{unknown.pk}/ra-soat/co-quan/"
    assert f"{CLUB} chủ trì 1 nhiệm vụ" in text_of(officer.get(page))
    chosen = officer.get(page, {"cum": CLUB, "tim": "tu phap"})
    assert "Sở Tư pháp tỉnh Bến Sương" in text_of(chosen)
    answer = officer.post(page, {"cum": CLUB, "co-quan": place.justice.pk}, follow=True)
    assert f"“{CLUB}” từ nay là Sở Tư pháp tỉnh Bến Sương" in text_of(answer)
    assert "Bỏ khớp" in text_of(answer)
    officer.post(f"{page}bo/", {"khop": AgencyAlias.objects.get().pk})
    assert not AgencyAlias.objects.exists()
    assert officer.post(f"{page}bo/", {"khop": "9999"}).status_code == 404


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"co-quan": "999999"}, "Chọn một cơ quan trong danh sách."),
        ({"nhom": "Hội Xyz Abc"}, "chưa nêu được cơ quan nào"),
        ({}, "Chọn một cơ quan, hoặc một nhóm cơ quan"),
        ({"viec": "them", "name": "", "function": "health"}, "Ghi tên cơ quan."),
        ({"viec": "them", "name": "Sở Y tế tỉnh Bến Sương", "function": "health"}, "Địa bàn đã có"),
        ({"viec": "them", "name": "x", "function": "magic"}, "chọn trong danh sách"),
    ],
)
def test_what_cannot_be_matched_is_explained(officer, unknown, sent, words):
    answer = officer.post(f"/ke-hoach/{unknown.pk}/ra-soat/co-quan/", {"cum": CLUB, **sent})
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not AgencyAlias.objects.exists()


def test_an_agency_is_added_on_the_page(officer, place, unknown):
    sent = {"cum": CLUB, "viec": "them", "name": CLUB, "function": "youth_affairs", "valid_from": "1/1/2024"}
    officer.post(f"/ke-hoach/{unknown.pk}/ra-soat/co-quan/", sent)
    assert Agency.objects.get(name=CLUB).valid_from == date(2024, 1, 1)


def test_the_editor_leads_to_the_page_for_what_is_unknown(officer, unknown):
    task = unknown.tasks.get(position=1)
    page = officer.get(f"/ke-hoach/{unknown.pk}/ra-soat/nhiem-vu/{task.pk}/").content.decode()
    assert "Khớp hoặc thêm cơ quan" in page

"""A plan that was recognised from pictures is accepted only once somebody says that it was compared."""

from __future__ import annotations

from pathlib import Path

from django.urls import reverse

from haidang.audit.models import Entry
from haidang.office.document_text import DocumentText
from haidang.plans.actions import import_plan, importing
from haidang.plans.models import Plan
from haidang.plans.queries import items_of
from haidang.plans.questions import gate_of

SAMPLE = (Path(__file__).resolve().parents[2] / "samples" / "plans" / "2-ke-hoach-nam-2025.txt").read_text("utf-8")


def asked(plan):
    return [question for question in gate_of(plan).questions if question.kind == "scanned"]


def test_recognised_pages_are_asked_about_by_number(place, monkeypatch):
    scan = DocumentText(SAMPLE, "pdf", 3, (1, 3))
    monkeypatch.setattr(importing, "text_of_bytes", lambda _content, _name: scan)
    plan = import_plan(place.actor(place.bao), place.area, "quet.pdf", b"%PDF-1.4")
    (question,) = asked(Plan.objects.select_related("area").get(pk=plan.pk))
    assert question.words.startswith("Trang 1, 3 của tệp quet.pdf được nhận dạng chữ từ ảnh quét")
    assert [(choice.code, choice.leads_to) for choice in question.choices] == [("compared", ""), ("review", "review")]
    assert Entry.objects.get(action="plan.imported").details["scanned"] == 2


def test_a_plan_with_text_of_its_own_is_not_asked_about(place):
    plan = import_plan(place.actor(place.bao), place.area, "ke-hoach.txt", SAMPLE.encode())
    assert asked(plan) == []


def test_the_review_of_a_scan_warns_and_lets_nothing_be_confirmed_unseen(place, client, monkeypatch):
    scan = DocumentText(SAMPLE, "image", 1, (1,))
    monkeypatch.setattr(importing, "text_of_bytes", lambda _content, _name: scan)
    plan = import_plan(place.actor(place.bao), place.area, "quet.png", b"\x89PNG")
    assert items_of(plan) and max(item.confidence for item in items_of(plan)) <= 0.75
    client.force_login(place.bao)
    page = client.get(reverse("plans:review", args=[plan.pk])).content.decode()
    assert "Văn bản được nhận dạng từ ảnh: đối chiếu từng con số với bản gốc" in page
    assert reverse("plans:original", args=[plan.pk]) in page
    assert "accept-all" not in page  # the button that confirms all sure items together


def test_the_review_of_typed_text_does_not_warn(place, client):
    plan = import_plan(place.actor(place.bao), place.area, "ke-hoach.txt", SAMPLE.encode())
    client.force_login(place.bao)
    assert "nhận dạng từ ảnh" not in client.get(reverse("plans:review", args=[plan.pk])).content.decode()

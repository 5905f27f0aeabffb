"""What goes with the numbers of a filing: files, tasks, comments on sections, answers to a return, a nil report."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from django.core import mail

from haidang.accounts.actors import SYSTEM, Refused
from haidang.accounts.models import User
from haidang.agencies.models import Membership
from haidang.audit.models import Entry
from haidang.filings.actions import (
    answer_note,
    attach,
    comment_cell,
    comment_section,
    open_file,
    report_nil,
    return_,
    save_cells,
    submit,
    take_off,
)
from haidang.filings.actions.reminders import send_digests
from haidang.filings.actions.submissions import version_sha256
from haidang.filings.attachments import MOST_ATTACHED, attached_to
from haidang.filings.models import Filing, Version
from haidang.filings.owntasks import own_tasks
from haidang.filings.talk import waiting_for
from haidang.kernel import clock
from haidang.plans.models import Assignment, Task
from haidang.plans.recording import record_progress

from .conftest import Cast, filled

PDF = b"%PDF-1.7 ban ky"


def office_file(*parts: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        for part in parts:
            package.writestr(part, "<x/>")
    return held.getvalue()


@pytest.fixture
def filing(cast: Cast) -> Filing:
    return report_nil(cast.lan, cast.filing(cast.cycle(), cast.health), "B5", 0).filing


# ---- files


def test_a_file_is_kept_by_its_content_and_goes_with_the_version(cast: Cast, filing: Filing) -> None:
    (file,) = attach(cast.lan, filing, [("C:\\tmp\\ban ky.pdf", PDF)])
    assert (file.name, file.size) == ("ban ky.pdf", len(PDF))
    version = Version.objects.get(pk=submit(cast.minh, filing).pk)
    assert version.files == [{"name": "ban ky.pdf", "size": len(PDF), "sha256": file.sha256}]
    assert version.sha256 == version_sha256(version)
    opened = open_file(cast.ha, filing, file.pk)
    assert opened is not None
    assert opened[1].read_bytes() == PDF
    assert Entry.objects.filter(action="filings.file_opened", actor="Ha").count() == 1


def test_the_same_file_twice_is_one(cast: Cast, filing: Filing) -> None:
    attach(cast.lan, filing, [("a.pdf", PDF)])
    assert attach(cast.lan, filing, [("b.pdf", PDF)]) == []
    assert [one.name for one in attached_to(filing)] == ["a.pdf"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("chay.exe", b"MZ\x90", "không phải .pdf"),
        ("nen.zip", office_file("a.txt"), "không phải .pdf"),
        ("gia.pdf", b"MZ\x90 not a pdf", "Nội dung tệp gia.pdf không phải dạng .pdf"),
        ("nen.docx", office_file("a.txt"), "không đúng đuôi"),
        ("macro.docx", office_file("word/document.xml", "word/vbaProject.bin"), "có macro"),
        ("rong.pdf", b"", "rỗng"),
        ("to.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024), "lớn hơn 10 MB"),
    ],
)
def test_what_is_no_document_is_refused_whatever_its_name(
    cast: Cast, filing: Filing, name: str, content: bytes, told: str
) -> None:
    with pytest.raises(Refused, match=told):
        attach(cast.lan, filing, [("tot.pdf", PDF), (name, content)])
    assert attached_to(filing) == [], "all or none"


def test_files_are_counted(cast: Cast, filing: Filing) -> None:
    attach(cast.lan, filing, [(f"{at}.pdf", PDF + bytes([at])) for at in range(MOST_ATTACHED)])
    with pytest.raises(Refused, match=f"nhiều nhất {MOST_ATTACHED} tệp"):
        attach(cast.lan, filing, [("them.pdf", PDF)])


def test_a_file_taken_off_stays_with_the_version_that_was_sent_with_it(cast: Cast, filing: Filing) -> None:
    (file,) = attach(cast.lan, filing, [("a.pdf", PDF)])
    version = submit(cast.minh, filing)
    with pytest.raises(Refused):
        take_off(cast.lan, filing, file.pk)
    return_(cast.ha, version, "Gửi bản ký khác.")
    take_off(cast.lan, filing, file.pk)
    assert attached_to(filing) == []
    assert version.files[0]["sha256"] == file.sha256
    assert open_file(cast.ha, filing, file.pk) is not None
    with pytest.raises(Refused, match="không còn đính kèm"):
        take_off(cast.lan, filing, file.pk)


def test_strangers_and_checkers_attach_nothing_and_strangers_open_nothing(cast: Cast, filing: Filing) -> None:
    (file,) = attach(cast.lan, filing, [("a.pdf", PDF)])
    for actor in (cast.stranger, cast.ha):
        with pytest.raises(Refused):
            attach(actor, filing, [("b.pdf", PDF + b"2")])
    with pytest.raises(Refused):
        open_file(cast.stranger, filing, file.pk)
    assert open_file(cast.ha, filing, file.pk + 1000) is None


# ---- tasks


@pytest.fixture
def task(cast: Cast) -> Task:
    task = Task.objects.create(plan=cast.plan, position=1, section="II.1", text="Tổ chức truyền thông.", rule="typed")
    lead = Assignment.objects.create(task=task, position=1, role="lead", phrase="Sở Y tế")
    lead.agencies.add(cast.health)
    return task


def test_a_version_keeps_what_was_said_of_tasks_by_then(cast: Cast, filing: Filing, task: Task) -> None:
    assert [one.pk for one, _ in own_tasks(filing.obligation)] == [task.pk]
    assert own_tasks(cast.filing(filing.obligation.cycle, cast.police).obligation) == []
    with clock.fixed_at(date(2025, 3, 1)):
        record_progress(cast.lan, task, cast.health, state="doing", on=date(2025, 2, 1), text="Đã mở hai lớp.")
        version = submit(cast.minh, filing)
        record_progress(cast.lan, task, cast.health, state="done", on=date(2025, 2, 28), text="Đã xong.")
    (said,) = Version.objects.get(pk=version.pk).tasks
    assert (said["section"], said["state"], said["on"], said["said"]) == (
        "II.1",
        "đang làm",
        "01/02/2025",
        "Đã mở hai lớp.",
    )


def test_an_agency_that_said_nothing_sends_nothing_of_tasks(cast: Cast, filing: Filing, task: Task) -> None:
    assert submit(cast.minh, filing).tasks == []


# ---- answers to a return


@pytest.fixture
def returned(cast: Cast, filing: Filing) -> Filing:
    return_(cast.ha, submit(cast.minh, filing), "Xem lại.", notes_of(filing))
    filing.refresh_from_db()
    return filing


def notes_of(filing: Filing) -> dict[str, str]:
    return {sorted(filing.cells)[0]: "đối chiếu sổ"}


def test_the_agency_marks_each_place_as_put_right_and_takes_it_back(cast: Cast, returned: Filing) -> None:
    (code,) = notes_of(returned)
    answer = answer_note(cast.lan, returned, code, "Đã sửa theo sổ.")
    assert answer is not None
    assert (answer.text, answer.ruling.outcome) == ("Đã sửa theo sổ.", "returned")
    answer_note(cast.lan, returned, code, "Đã sửa lại lần nữa.")
    assert answer.ruling.answers.get().text == "Đã sửa lại lần nữa."
    assert answer_note(cast.lan, returned, code, done=False) is None
    assert not answer.ruling.answers.exists()


def test_only_what_was_asked_is_answered_and_only_by_the_agency(cast: Cast, returned: Filing) -> None:
    with pytest.raises(Refused, match="không hỏi gì"):
        answer_note(cast.lan, returned, "B5.x.c1")
    with pytest.raises(Refused):
        answer_note(cast.ha, returned, next(iter(notes_of(returned))))


# ---- comments on sections, and who waits for whom


def test_a_section_is_commented_on_like_a_cell(cast: Cast, filing: Filing) -> None:
    section = section_of_some_outline()
    comment = comment_section(cast.ha, filing, section, "Nêu rõ địa bàn.")
    assert (comment.code, comment.by_filer) == (section, False)
    assert comment_section(cast.lan, filing, section, "Đã nêu.").by_filer
    with pytest.raises(Refused, match="Không có mục này"):
        comment_section(cast.ha, filing, "khong-co", "?")


def section_of_some_outline() -> str:
    from haidang.catalogue.outlines import all_outlines

    return next(code for outline in all_outlines() for code in outline.sections_by_code)


def test_who_had_the_last_word_waits_for_the_other_side(cast: Cast, filing: Filing) -> None:
    code = sorted(filing.cells)[0]
    comment_cell(cast.ha, filing, code, "Vì sao bằng 0?")
    (asked,) = waiting_for(cast.lan)
    assert (asked.obligation.pk, asked.places, asked.text) == (filing.obligation_id, 1, "Vì sao bằng 0?")
    assert waiting_for(cast.ha) == []
    assert waiting_for(cast.stranger) == []
    comment_cell(cast.lan, filing, code, "Không phát sinh.")
    assert waiting_for(cast.lan) == []
    assert [one.text for one in waiting_for(cast.ha)] == ["Không phát sinh."]


def test_the_digest_tells_of_comments_but_not_what_they_say(cast: Cast, filing: Filing) -> None:
    person = User.objects.get(pk=cast.lan.user_id)
    person.email = "lan@example.vn"
    person.save()
    Membership.objects.create(user=person, agency=cast.health, role="clerk")
    with clock.fixed_at(date(2025, 1, 5)):  # nothing is due yet
        assert send_digests(SYSTEM).sent == []
        comment_cell(cast.ha, filing, sorted(filing.cells)[0], "Bí mật nghiệp vụ")
        send_digests(SYSTEM)
    (letter,) = mail.outbox
    assert "Ghi chú chờ trả lời ở 1 báo cáo" in letter.subject
    assert f"/bao-cao/{filing.obligation_id}/" in letter.body
    assert "Bí mật" not in letter.body


# ---- nothing to report


def test_nothing_to_report_in_every_form_at_once(cast: Cast) -> None:
    filing = cast.filing(cast.cycle(forms=("B1", "B2")), cast.police)
    saved = report_nil(cast.son, filing, "", 0)
    assert all(saved.filing.cells[code] == 0 for code in filled("B1") | filled("B2"))


def test_a_negative_number_is_kept_and_said_to_be_none(cast: Cast) -> None:
    from haidang.filings.queries import filing_findings

    filing = cast.filing(cast.cycle(forms=("B1",)), cast.police)
    saved = save_cells(cast.son, filing, {"B1.d150.c3": -5}, 0)
    (finding,) = [one for one in filing_findings(saved.filing) if ".kind:" in one.key]
    assert finding.level == "block"
    assert "số −5 âm" in finding.message

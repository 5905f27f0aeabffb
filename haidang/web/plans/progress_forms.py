"""What is typed on a task's page: a note of progress, a request for more time, a decision on it, an excuse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from haidang.plans.evidence import MOST_BYTES, MOST_FILES, SUFFIXES, shown_name
from haidang.plans.recording import LONGEST_NOTE, LONGEST_REASON
from haidang.plans.rules import RECURRENCES
from haidang.web.plans.forms import DayField, area_field, choice_field, line_field

if TYPE_CHECKING:
    from haidang.agencies.models import Agency
    from haidang.plans.following import Stand

STATES = [("doing", "đang làm"), ("done", "xong"), ("not_started", "chưa bắt đầu")]


class ManyFiles(forms.FileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, or none; too many or too large ones are refused before any of them is read."""

    def __init__(self, **kwargs: Any) -> None:
        widget = ManyFiles({"class": "input", "multiple": True, "accept": ",".join(SUFFIXES)})
        super().__init__(**{"required": False, "widget": widget, **kwargs})

    def to_python(self, value: Any) -> list[UploadedFile]:  # type: ignore[override]
        """The uploads."""
        files = [value] if isinstance(value, UploadedFile) else list(value or ())
        if len(files) > MOST_FILES:
            raise ValidationError(f"Chọn {len(files)} tệp; mỗi lần ghi đính kèm nhiều nhất {MOST_FILES}.")
        for file in files:
            if (file.size or 0) > MOST_BYTES:
                size = MOST_BYTES // 1024 // 1024
                raise ValidationError(f"Tệp {shown_name(file.name or '')} lớn hơn {size} MB. Nén hoặc tách tệp.")
        return files


class _OfAgency(forms.Form):
    """A form about one of several agencies; with a single one there is nothing to choose. `ids` keeps forms apart."""

    ids = "note"

    def __init__(self, agencies: Iterable[Agency], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{self.ids}_%s", **kwargs})
        self.agencies = {agency.pk: agency for agency in agencies}
        choices = [(pk, agency.name) for pk, agency in self.agencies.items()]
        self.fields["agency"] = choice_field("Cơ quan", choices, required=len(choices) > 1)
        if len(choices) == 1:
            self.fields["agency"].widget = forms.HiddenInput()
            self.fields["agency"].initial = choices[0][0]
        self.order_fields(["agency"])

    def agency(self) -> Agency:
        """The chosen agency, or the only one."""
        chosen = self.cleaned_data.get("agency")
        return self.agencies[int(chosen)] if chosen else next(iter(self.agencies.values()))


def turn_choices(stands: Sequence[Stand]) -> list[tuple[str, str]]:
    """The turns that have begun, the current one first, as [key, words]; none for what is done once."""
    return [(turn.occurrence.key, turn.occurrence.words) for turn in reversed(stands[0].turns)] if stands else []


class _OfTurn(_OfAgency):
    """A form about one turn of a task that comes round ([key, words] each, the current one first)."""

    def __init__(self, turns: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if turns:
            self.fields["occurrence"] = choice_field("Kỳ", turns)
            self.order_fields(["agency", "occurrence"])


class NoteForm(_OfTurn):
    """How far an agency is with the task."""

    state = choice_field("Tình trạng", STATES)
    on = DayField(label="Ngày", required=True, help_text="Ngày làm xong, hoặc ngày của việc đang ghi.",
                  error_messages={"required": "Ghi ngày. Ví dụ: 30/6/2025."})  # fmt: skip
    text = area_field("Đã làm được gì", rows=3, required=True, most=LONGEST_NOTE)
    document_number = line_field(
        "Số, ký hiệu văn bản", 60, hint="Kế hoạch, báo cáo, quyết định đã ban hành; có thì ghi."
    )
    evidence = FilesField(
        label="Tệp minh chứng",
        help_text=f"{', '.join(SUFFIXES)}; nhiều nhất {MOST_FILES} tệp, mỗi tệp {MOST_BYTES // 1024 // 1024} MB. "
        "Không đính kèm tệp có thông tin về nạn nhân.",
    )


class AskForm(_OfTurn):
    """A request for more time."""

    ids = "ask"
    wanted_to = DayField(label="Xin lùi đến ngày", required=True, error_messages={"required": "Ghi ngày xin lùi đến."})
    reason = area_field("Lý do", rows=2, required=True, most=LONGEST_REASON)


class ExcuseForm(_OfAgency):
    """That an agency need not do the task."""

    ids = "excuse"
    reason = area_field("Lý do", rows=2, required=True, most=LONGEST_REASON)


class RecurrenceForm(forms.Form):
    """How often the task comes round."""

    recurrence = choice_field("Chu kỳ", RECURRENCES)


class RulingForm(forms.Form):
    """A decision on a request for more time."""

    granted_to = DayField(label="Gia hạn đến ngày")
    ruling = line_field("Ý kiến", LONGEST_REASON, hint="Không gia hạn thì ghi lý do.")

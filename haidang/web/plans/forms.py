"""What an officer may type about a plan. Forms only read and check what was typed; actions change plans."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from haidang.kernel.dates import parse_date, short_date
from haidang.office.document_text import MOST_BYTES, SUFFIXES
from haidang.plans.rules import COMPARATORS, PERIODS

if TYPE_CHECKING:
    from haidang.agencies.models import Area
    from haidang.plans.models import Duty, Plan, Target, Task

STRICTNESS = [("", "chưa rõ"), ("yes", "trước ngày (không tính ngày đó)"), ("no", "chậm nhất ngày (tính cả ngày đó)")]
_STRICT = {"yes": True, "no": False, "": None}


class DayField(forms.CharField):
    """A date typed as people write it: 30/6/2025. Cleans to a date, or None when empty."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"class": "input", "inputmode": "numeric", "placeholder": "30/6/2025", "size": 10})
        super().__init__(**{"required": False, "max_length": 10, "widget": widget, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        """Show a date in the Vietnamese way."""
        return short_date(value) if isinstance(value, date) else value

    def clean(self, value: Any) -> Any:
        """The date; ValidationError with the reason otherwise."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_date(text)
        except ValueError as problem:
            raise ValidationError(str(problem)) from problem

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare as dates."""
        return super().has_changed(self.prepare_value(initial), data)


def line_field(label: str, most: int, *, required: bool = False, hint: str = "") -> forms.CharField:
    """One line of text."""
    messages = {"required": f"Ghi {label.lower()}.", "max_length": f"{label} dài quá {most} ký tự. Rút gọn lại."}
    widget = forms.TextInput({"class": "input"})
    return forms.CharField(
        label=label, required=required, max_length=most, widget=widget, help_text=hint, error_messages=messages
    )


def area_field(
    label: str, *, rows: int = 3, required: bool = False, hint: str = "", most: int = 20000
) -> forms.CharField:
    """Several lines of text."""
    widget = forms.Textarea({"class": "area", "rows": rows})
    return forms.CharField(
        label=label, required=required, widget=widget, help_text=hint, max_length=most,
        error_messages={"required": f"Ghi {label.lower()}."},
    )  # fmt: skip


def choice_field(label: str, choices: Any, *, required: bool = True, hint: str = "") -> forms.ChoiceField:
    """One of a list."""
    return forms.ChoiceField(
        label=label, choices=choices, required=required, widget=forms.Select({"class": "select"}), help_text=hint,
        error_messages={"required": f"Chọn {label.lower()}.", "invalid_choice": f"{label}: chọn trong danh sách."},
    )  # fmt: skip


def add_errors(form: forms.Form, problem: ValidationError) -> None:
    """Each error at its field; what has no field of its own, above the form."""
    if not hasattr(problem, "error_dict"):
        form.add_error(None, problem)
        return
    for name, errors in problem.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


class ImportForm(forms.Form):
    """A plan's file, and the area it is for when the actor stands over several."""

    error_css_class = "bad"
    file = forms.FileField(
        label="Tệp kế hoạch",
        help_text="Word (.docx), .odt, PDF, .txt, .md, hoặc ảnh .png, .jpg, .tif; nhiều nhất 20 MB. "
        "Bản quét, ảnh chụp được nhận dạng chữ, mất vài giây mỗi trang.",
        widget=forms.FileInput({"class": "input", "accept": ",".join(SUFFIXES)}),
        error_messages={"required": "Chọn một tệp kế hoạch.", "empty": "Tệp này rỗng. Chọn lại tệp kế hoạch."},
    )

    def __init__(self, areas: QuerySet[Area], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = {area.pk: area for area in areas}
        if len(self.areas) > 1:
            self.fields["area"] = choice_field("Địa bàn", [(area.pk, area.name) for area in self.areas.values()])

    def clean_file(self) -> Any:
        """Refuse what is too large or of another kind before reading any of it."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise ValidationError(f"Tệp {upload.name} lớn hơn 20 MB. Nén ảnh trong tệp, hoặc nạp bản chỉ có chữ.")
        if not upload.name.lower().endswith(SUFFIXES):
            raise ValidationError(f"Tệp {upload.name} không phải {', '.join(SUFFIXES)}. Lưu lại bằng một dạng đó.")
        return upload

    def area(self) -> Area:
        """The chosen area, or the only one."""
        chosen = self.cleaned_data.get("area")
        return self.areas[int(chosen)] if chosen else next(iter(self.areas.values()))


class HeaderForm(forms.Form):
    """The head of a plan."""

    number = line_field("Số, ký hiệu", 60)
    issued_on = DayField(label="Ngày ban hành", help_text="Cơ quan được tìm theo bộ máy của ngày này.")
    issuer = line_field("Cơ quan ban hành", 200)
    place = line_field("Địa danh", 100)
    title = area_field("Trích yếu", rows=3, required=True)
    year_from = forms.IntegerField(
        label="Từ năm", required=False, min_value=2000, max_value=2100, widget=forms.NumberInput({"class": "input"})
    )
    year_to = forms.IntegerField(
        label="Đến năm", required=False, min_value=2000, max_value=2100, widget=forms.NumberInput({"class": "input"})
    )
    signer = line_field("Người ký", 120)
    is_review = forms.BooleanField(label="Kế hoạch tổng kết một giai đoạn", required=False)
    data_from = DayField(label="Số liệu từ ngày")
    data_to = DayField(label="Số liệu đến ngày")

    @classmethod
    def of(cls, plan: Plan) -> HeaderForm:
        """The form filled from a plan."""
        return cls(initial={name: getattr(plan, name) for name in cls.base_fields})


class TargetForm(forms.Form):
    """One target."""

    text = area_field("Nội dung", rows=4, required=True)
    comparator = choice_field("So sánh", COMPARATORS)
    value = forms.DecimalField(
        label="Mức", required=False, max_digits=14, decimal_places=2, localize=True,
        widget=forms.TextInput({"class": "input", "inputmode": "decimal"}),
        help_text="Để trống khi chỉ nêu hướng giảm hoặc tăng.",
        error_messages={"invalid": "Mức là một con số. Ví dụ: 92,5."},
    )  # fmt: skip
    unit = line_field("Đơn vị", 60, hint="%, vụ, mô hình …")

    @classmethod
    def filled(cls, row: Target) -> dict[str, Any]:
        """Initial values from a row."""
        return {name: getattr(row, name) for name in cls.base_fields}


class TaskForm(forms.Form):
    """One task with its agency phrases, one a line."""

    text = area_field("Nội dung", rows=4, required=True)
    lead = area_field("Cơ quan chủ trì", rows=2, hint="Mỗi dòng một cơ quan hoặc một nhóm cơ quan, như văn bản viết.")
    coordinating = area_field("Cơ quan phối hợp", rows=2, hint="Văn bản không nêu thì để trống.")
    window_from = DayField(label="Bắt đầu")
    window_to = DayField(label="Hạn")
    window_strict = choice_field("Cách tính hạn", STRICTNESS, required=False)
    section = line_field("Mục", 60, hint="Theo cách đánh số của kế hoạch, ví dụ II.2.1")

    def clean_window_strict(self) -> bool | None:
        """Whether the day before the deadline is the last in time; None when nobody knows."""
        return _STRICT[self.cleaned_data["window_strict"]]

    @classmethod
    def filled(cls, row: Task) -> dict[str, Any]:
        """Initial values from a row."""
        phrases: dict[str, list[str]] = {"lead": [], "coordinating": []}
        for assignment in row.assignments.all():
            phrases[assignment.role].append(assignment.phrase)
        return {
            "section": row.section,
            "text": row.text,
            "window_from": row.window_from,
            "window_to": row.window_to,
            "window_strict": {True: "yes", False: "no", None: ""}[row.window_strict],
            **{role: "\n".join(found) for role, found in phrases.items()},
        }


class DutyForm(forms.Form):
    """One duty to report."""

    period = choice_field("Kỳ", PERIODS)
    due = line_field(
        "Hạn", 60, hint="12/6 cho mọi năm, 20/6/2025 cho một lần, hoặc bằng lời như văn bản. Không nêu thì để trống."
    )
    strict = choice_field("Cách tính hạn", STRICTNESS, required=False)
    addressee = line_field("Gửi về", 300)
    owed_by = area_field(
        "Cơ quan phải báo cáo", rows=2, hint="Mỗi dòng một cơ quan hoặc nhóm; để trống: mọi cơ quan có biểu phải nộp."
    )

    def clean_due(self) -> str:
        """A full date is kept in ISO form, as the reader gives it."""
        text: str = self.cleaned_data["due"].strip()
        if text.count("/") == 2:
            try:
                return parse_date(text).isoformat()
            except ValueError as problem:
                raise ValidationError(str(problem)) from problem
        return text

    def clean_strict(self) -> bool | None:
        """True for "trước ngày", False for "chậm nhất", None when not known."""
        return _STRICT[self.cleaned_data["strict"]]

    @classmethod
    def filled(cls, row: Duty) -> dict[str, Any]:
        """Initial values from a row."""
        due = row.due
        with suppress(ValueError):  # words of the plan stay as they are
            due = short_date(date.fromisoformat(due))
        strict = {True: "yes", False: "no", None: ""}[row.strict]
        return {
            "period": row.period, "due": due, "strict": strict, "addressee": row.addressee,
            "owed_by": "\n".join(row.owed_by),
        }  # fmt: skip

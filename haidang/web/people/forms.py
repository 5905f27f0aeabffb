"""What an administrator may type about people. Forms only read and check what was typed; actions change accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from haidang.accounts.actors import ROLE_NAMES, Role
from haidang.web.plans.forms import DayField, line_field

if TYPE_CHECKING:
    from haidang.agencies.models import Agency

ROLES = [(role.value, ROLE_NAMES[role]) for role in Role]
UNKNOWN_AGENCY = "Cơ quan này không có trong danh sách của địa bàn đã chọn. Chọn lại địa bàn, rồi chọn cơ quan."


def _agency_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label="Cơ quan",
        coerce=int,
        widget=forms.Select({"class": "select"}),
        error_messages={"required": "Chọn cơ quan.", "invalid_choice": UNKNOWN_AGENCY},
    )


class _AtAgency(forms.Form):
    """A form that names one of the agencies offered."""

    agency = _agency_field()

    def __init__(self, agencies: Sequence[Agency], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._agencies = {agency.pk: agency for agency in agencies}
        self.fields["agency"].choices = [(agency.pk, agency.name) for agency in agencies]  # type: ignore[attr-defined]

    @property
    def chosen_agency(self) -> Agency:
        """The agency chosen, once the form is valid."""
        return self._agencies[self.cleaned_data["agency"]]


class NewPersonForm(_AtAgency):
    """An account with its first roles at one agency."""

    account = line_field("Tên tài khoản", 150, required=True, hint="Chữ không dấu và chữ số. Ví dụ: lan.nguyen.")
    name = line_field("Họ và tên", 120, required=True)
    roles = forms.MultipleChoiceField(
        label="Vai trò",
        choices=ROLES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Chọn ít nhất một vai trò.", "invalid_choice": "Vai trò này không có. Chọn lại."},
    )

    field_order = ["name", "account", "agency", "roles"]

    def chosen_roles(self) -> list[Role]:
        """The roles ticked, once the form is valid."""
        return [Role(value) for value in self.cleaned_data["roles"]]


class RoleForm(_AtAgency):
    """A role for a time."""

    role = forms.TypedChoiceField(
        label="Vai trò",
        choices=ROLES,
        coerce=Role,
        widget=forms.Select({"class": "select"}),
        error_messages={"required": "Chọn vai trò.", "invalid_choice": "Vai trò này không có. Chọn lại."},
    )
    valid_from = DayField(label="Từ ngày", required=True, error_messages={"required": "Ghi ngày bắt đầu."})
    valid_to = DayField(label="Đến hết ngày", help_text="Để trống khi chưa có ngày kết thúc.")


class EndForm(forms.Form):
    """The last day of a role."""

    last_day = DayField(label="Ngày cuối", required=True, error_messages={"required": "Ghi ngày cuối của vai trò."})

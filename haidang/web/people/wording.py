"""The journal in Vietnamese: actions, what they were about, and the details worth showing. Unknown words stay."""

from __future__ import annotations

from typing import Any

from haidang.accounts.actors import ROLE_NAMES, Role

ACTIONS = {
    "accounts.account.opened": "Lập tài khoản",
    "accounts.account.closed": "Đóng tài khoản",
    "accounts.account.reopened": "Mở lại tài khoản",
    "accounts.password.reset": "Cấp lại mật khẩu",
    "accounts.password.changed": "Đổi mật khẩu của mình",
    "agencies.membership.given": "Giao vai trò",
    "agencies.membership.ended": "Kết thúc vai trò",
    "agencies.alias.kept": "Khớp cụm từ với cơ quan",
    "agencies.alias.dropped": "Bỏ khớp cụm từ",
    "agencies.agency.added": "Thêm cơ quan",
    "agencies.agency.taken_out": "Bỏ cơ quan đã thêm",
    "agencies.register.loaded": "Nạp danh mục địa bàn, cơ quan",
    "plan.imported": "Nạp kế hoạch",
    "plan.accepted": "Chấp nhận kế hoạch",
    "plan.original_opened": "Tải văn bản gốc của kế hoạch",
    "plan.discarded": "Bỏ kế hoạch chưa chấp nhận",
    "plan.header_corrected": "Sửa phần đầu kế hoạch",
    "plan.item_added": "Thêm mục của kế hoạch",
    "plan.item_corrected": "Sửa mục của kế hoạch",
    "plan.item_confirmed": "Rà mục của kế hoạch",
    "plan.items_confirmed": "Rà nhiều mục của kế hoạch",
    "plan.item_ignored": "Bỏ qua mục của kế hoạch",
    "plan.item_restored": "Lấy lại mục đã bỏ qua",
    "plan.item_retyped": "Đổi loại mục của kế hoạch",
    "plan.agency_named": "Gán cơ quan cho nhiệm vụ",
    "plan.step_undone": "Hoàn tác khi rà soát",
    "plan.step_redone": "Làm lại khi rà soát",
    "plan.replaced": "Thay thế kế hoạch",
    "plan.task_split": "Tách nhiệm vụ",
    "plan.task_merged": "Gộp nhiệm vụ",
    "task.progress": "Ghi tiến độ nhiệm vụ",
    "task.excused": "Cho thôi nhiệm vụ",
    "task.extension_asked": "Đề nghị gia hạn nhiệm vụ",
    "task.extension_granted": "Cho gia hạn nhiệm vụ",
    "task.extension_refused": "Không cho gia hạn nhiệm vụ",
    "task.extension_moot": "Khép đề nghị gia hạn khi nhiệm vụ xong",
    "task.evidence_opened": "Mở tệp minh chứng",
    "filings.cycle_opened": "Mở kỳ báo cáo",
    "filings.cycle_moved": "Chuyển kỳ báo cáo sang kế hoạch mới",
    "filings.saved": "Lưu số liệu đang nhập",
    "filings.explained": "Giải trình số liệu",
    "filings.commented": "Ghi ý kiến vào ô hoặc mục",
    "filings.scope_set": "Ghi phạm vi của số liệu",
    "filings.attached": "Đính kèm tệp vào báo cáo",
    "filings.taken_off": "Bỏ tệp khỏi báo cáo",
    "filings.file_opened": "Mở tệp của báo cáo",
    "filings.note_answered": "Đánh dấu đã sửa ý kiến trả lại",
    "filings.note_reopened": "Bỏ dấu đã sửa ý kiến trả lại",
    "filings.workbook_imported": "Nạp bảng tính",
    "filings.submitted": "Gửi báo cáo",
    "filings.withdrawn": "Rút báo cáo đã gửi",
    "filings.accepted": "Tiếp nhận báo cáo",
    "filings.returned": "Trả lại báo cáo",
    "filings.reopened": "Mở lại báo cáo",
    "filings.correcting": "Mở đính chính báo cáo",
    "filings.correction_dropped": "Thôi đính chính báo cáo",
    "filings.extended": "Gia hạn nộp báo cáo",
    "filings.waived": "Miễn nộp báo cáo",
    "filings.unwaived": "Bỏ miễn nộp báo cáo",
    "filings.reminded": "Nhắc nộp báo cáo",
    "filings.digest_sent": "Gửi bản tin nhắc việc",
    "reviews.opened": "Mở báo cáo tổng kết",
    "reviews.text_saved": "Sửa lời văn báo cáo tổng kết",
    "reviews.built": "Lập báo cáo tổng kết",
}
SUBJECTS = {
    "accounts.user": "tài khoản",
    "agencies.membership": "vai trò",
    "agencies.area": "địa bàn",
    "agencies.agency": "cơ quan",
    "agencies.agencyalias": "cách gọi cơ quan",
    "plans.plan": "kế hoạch",
    "plans.task": "nhiệm vụ",
    "filings.cycle": "kỳ báo cáo",
    "filings.obligation": "nghĩa vụ báo cáo",
    "filings.filing": "báo cáo",
    "filings.version": "bản đã nộp",
    "reviews.review": "báo cáo tổng kết",
    "reviews.build": "bản báo cáo tổng kết",
}
DETAILS = {
    "username": "tài khoản",
    "role": "vai trò",
    "agency_code": "mã cơ quan",
    "last_day": "ngày cuối",
    "label": "kỳ",
    "file": "tệp",
    "version": "bản",
    "section": "mục",
    "reason": "lý do",
    "comment": "ý kiến",
}
MOST_SHOWN = 160


def action_words(action: str) -> str:
    """What was done; the name itself when we have no words for it."""
    return ACTIONS.get(action, action)


def subject_words(kind: str, number: str) -> str:
    """What it was done to: "báo cáo số 12"."""
    return f"{SUBJECTS.get(kind, kind)} số {number}"


def detail_words(details: dict[str, Any]) -> str:
    """The details that tell a reader something, in one line: "vai trò: quản trị; mã cơ quan: 24.cong-an"."""
    told = ((DETAILS[key], _value(key, value)) for key, value in details.items() if key in DETAILS and value != "")
    line = "; ".join(f"{name}: {value}" for name, value in told)
    return line if len(line) <= MOST_SHOWN else line[: MOST_SHOWN - 1].rstrip() + "…"


def _value(key: str, value: Any) -> str:
    known = key == "role" and value in set(Role)
    return ROLE_NAMES[Role(value)] if known else str(value)

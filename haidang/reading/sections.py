"""What a section of the plan is for: objectives, tasks, organisation, reporting, or nothing asked of anybody."""

from __future__ import annotations

import re
from enum import Enum

from haidang.kernel.text import fold
from haidang.reading.markers import LEAD_IN, NUMBER, ROMAN
from haidang.reading.outline import UNASKED, Node

MOST_ASKED = 200  # siblings that are asked for their numbers


class Kind(Enum):
    """What stands in a section."""

    OBJECTIVES = "objectives"
    TASKS = "tasks"
    ORGANISING = "organising"
    REPORTING = "reporting"
    NOTHING = "nothing"


_OBJECTIVES = re.compile(r"mục tiêu|chỉ tiêu|mục đích|yêu cầu|quan điểm|phương châm|nguyên tắc")
_WORK = re.compile(r"nhiệm vụ|giải pháp|nội dung|hoạt động|phân công|tổ chức thực hiện|công tác trọng tâm|biện pháp")
_ORGANISING = re.compile(
    r"tổ chức thực hiện|tổ chức triển khai|phân công|trách nhiệm|chế độ|tiến độ|lộ trình|kiểm tra, giám sát"
)
_REPORTING = re.compile(r"^(?:về )?(?:chế độ |công tác )?(?:thông tin,? )?báo cáo|^chế độ|báo cáo$")
_FUNDING = re.compile(
    r"^(?:về )?(?:nguồn )?(?:kinh phí|ngân sách|dự toán)|^bảo đảm kinh phí|^đảm bảo kinh phí"
    r"|^nguồn lực|^nguồn (?:vốn|tài chính)|^cơ chế tài chính"
)
_BACKGROUND = re.compile(
    r"^(?:căn cứ|cơ sở|sự cần thiết|tình hình|thực trạng|đặc điểm|bối cảnh|đánh giá|kết quả|khái quát"
    r"|phạm vi|đối tượng|thời gian|địa điểm"
    r"|giải thích|chủ đề|thông điệp|khẩu hiệu|dự báo|thuận lợi|khó khăn|tồn tại|thành phần)"
)


def kind_of(node: Node) -> Kind:
    """The kind of the section that `node` stands in: the nearest heading that tells wins, tasks otherwise."""
    chain = [node, *node.ancestors()]
    for at in chain:
        if _begins_anew(at):
            return Kind.TASKS
        kind = _told_by(at) if at.children or at is not node else None
        if kind is not None:
            return kind
    return Kind.TASKS


def _begins_anew(node: Node) -> bool:
    """Whether numbers began at 1 again since the section's objectives: the heading of what follows was lost."""
    above = node.parent
    if (
        node.rank not in (NUMBER, LEAD_IN)
        or node.place > MOST_ASKED
        or above is None
        or _told_by(above) is not Kind.OBJECTIVES
    ):
        return False
    return sum(child.label == "1" and child.rank == NUMBER for child in above.children[: node.place + 1]) > 1


def is_funding(text: str) -> bool:
    """Whether an item speaks of money: "Kinh phí thực hiện ..."."""
    return bool(_FUNDING.match(fold(text)))


def _told_by(node: Node) -> Kind | None:
    if node.title_tells is UNASKED:
        node.title_tells = _kind_of_heading(node)
    return node.title_tells if isinstance(node.title_tells, Kind) else None


def _kind_of_heading(node: Node) -> Kind | None:  # noqa: PLR0911 (one case, one return)
    title = fold(node.mended.split(":")[0])
    top = node.rank <= ROMAN or node.parent is None or node.parent.block is None
    if _FUNDING.match(title):
        return Kind.NOTHING
    if len(title.split()) > (30 if top else 12):
        return None
    if _REPORTING.match(title):
        return Kind.REPORTING
    if not top:
        if re.match(
            r"(?:các )?(?:mục tiêu|chỉ tiêu|mục đích|yêu cầu(?! các| thủ trưởng| lãnh đạo| đơn vị| cơ quan"
            r"| ubnd| chủ tịch| sở| công an))",
            title,
        ) and not _WORK.search(title):
            return Kind.OBJECTIVES
        return Kind.TASKS if re.match(r"(?:các )?(?:nhiệm vụ|giải pháp|nội dung)", title) else None
    objectives, work = _OBJECTIVES.search(title), _WORK.search(title)
    if objectives and not work:
        return Kind.OBJECTIVES
    if objectives and work:
        return None
    if _BACKGROUND.match(title) and not work:
        return Kind.NOTHING
    return Kind.ORGANISING if _ORGANISING.search(title) else Kind.TASKS


def is_organising(node: Node) -> bool:
    """Whether the node stands in the organisation section or a schedule, where duties to report are set."""
    return any(
        _ORGANISING.search(fold(at.mended)) or _REPORTING.match(fold(at.mended.split(":")[0]))
        for at in node.ancestors()
        if len(at.text) < 160
    )

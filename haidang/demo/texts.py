"""Invented contributions to the closing report: a few plain sentences by topic, each marked as invented."""

from __future__ import annotations

import random

from haidang.catalogue.outlines import Outline, Section
from haidang.kernel.text import fold

MARK = "(Số liệu giả định.)"
WRITTEN_SHARE = 0.7  # of the sections an agency is asked for; the others stay open, as in life

# The first whose word stands in the heading speaks; {agency} and {count} are filled in.
TOPICS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("truyền thông", (
        "{agency} đã tổ chức {count} đợt truyền thông tại các xã giáp biên và khu nhà trọ công nhân, kết hợp phát "
        "thanh bằng tiếng phổ thông và tiếng dân tộc.",
        "Nội dung gắn với thủ đoạn rủ rê việc nhẹ, thu nhập cao qua mạng; người dân phản hồi qua tổ tự quản nhiều hơn.",
    )),
    ("nguyên nhân", (
        "Nguyên nhân chủ yếu là thiếu việc làm ổn định ở địa bàn vùng cao, chênh lệch thu nhập và việc làm quen, kết "
        "bạn qua mạng xã hội thiếu kiểm chứng.",
        "Quản lý cư trú, lao động tự do qua biên giới ở một số xã còn sơ hở.",
    )),
    ("nạn nhân", (
        "{agency} phối hợp tiếp nhận, xác minh theo đúng thời hạn; {count} trường hợp được tư vấn tâm lý ngay khi tiếp "
        "nhận.",
        "Khó khăn chính là người trở về ngại khai báo và không còn giấy tờ tùy thân.",
    )),
    ("điều tra", (
        "Các vụ án được phân công điều tra viên có kinh nghiệm, lời khai của người bị hại được ghi hình từ đầu.",
        "{agency} đã trao đổi {count} lượt thông tin với lực lượng chức năng các tỉnh bạn để truy tìm đối tượng.",
    )),
    ("truy tố", (
        "{agency} kiểm sát từ khi thụ lý tin báo, ban hành {count} yêu cầu điều tra; không có trường hợp oan, sai.",
    )),
    ("xét xử", (
        "{agency} đưa {count} vụ ra xét xử kịp thời, bảo đảm xét xử kín khi người bị hại dưới 18 tuổi.",
    )),
    ("tội phạm", (
        "Tình hình diễn biến phức tạp theo hướng dùng mạng xã hội để tuyển người, đưa sang nước thứ ba qua đường mòn.",
        "Trong kỳ, {agency} ghi nhận {count} phương thức, thủ đoạn cần cảnh báo tới cơ sở.",
    )),
    ("hợp tác", (
        "{agency} duy trì {count} cuộc trao đổi thông tin với lực lượng đối diện bên kia biên giới.",
    )),
    ("kinh phí", (
        "Kinh phí bố trí từ ngân sách địa phương và lồng ghép các chương trình; phần chi cho hỗ trợ nạn nhân còn hạn "
        "chế.",
    )),
    ("kiến nghị", (
        "Đề nghị cấp trên hướng dẫn thống nhất mẫu biểu và bố trí kinh phí riêng cho hỗ trợ ban đầu.",
        "Đề nghị tăng cường tập huấn nhận biết nạn nhân cho cán bộ cấp xã.",
    )),
    ("dự báo", (
        "Trong thời gian tới, thủ đoạn lừa đưa người đi lao động trái phép trên mạng dự báo còn phức tạp.",
    )),
    ("tập huấn", (
        "{agency} đã mở {count} lớp cho cán bộ cơ sở về nhận biết nạn nhân và quy trình chuyển tuyến.",
    )),
    ("khó khăn", (
        "Cán bộ ở cơ sở kiêm nhiệm, thay đổi sau sắp xếp tổ chức bộ máy; số liệu giữa các ngành có lúc chưa khớp.",
    )),
)  # fmt: skip
OTHERWISE = (
    "{agency} đã triển khai nội dung này theo kế hoạch, lồng ghép trong {count} hoạt động chuyên môn hằng năm.",
    "Kết quả cơ bản đạt yêu cầu; tồn tại là công tác phối hợp ở một số địa bàn chưa thường xuyên.",
)


def contributions(outline: Outline, function: str, agency: str, draw: random.Random) -> dict[str, str]:
    """What an agency with this function writes, by section code; it leaves some sections open."""
    asked = [section for section in outline.sections if function in section.contributors]
    return {section.code: _text(section, agency, draw) for section in asked if draw.random() < WRITTEN_SHARE}


def _text(section: Section, agency: str, draw: random.Random) -> str:
    heading = fold(section.title)
    sentences = next((said for word, said in TOPICS if word in heading), OTHERWISE)
    told = [sentence.format(agency=agency, count=draw.randint(2, 18)) for sentence in sentences]
    return " ".join([*told, MARK])

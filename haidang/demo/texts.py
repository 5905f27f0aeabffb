"""Invented contributions to the closing report: a few plain sentences by topic, each marked as invented."""

from __future__ import annotations

import random

from haidang.catalogue.outlines import Outline, Section
from haidang.kernel.text import fold

MARK = "(Số liệu giả định.)"
# How many of the sections that an agency is asked for it writes: districts leave most to the province.
WRITTEN_SHARE = {"province": 0.75, "district": 0.06}
SENTENCES_A_TEXT = 2

# The first whose word stands in the heading speaks: an agency takes two of its sentences; {agency} and {count} are
# filled in.
TOPICS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("truyền thông", (
        "{agency} đã tổ chức {count} đợt truyền thông tại các xã giáp biên và khu nhà trọ công nhân.",
        "Nội dung gắn với thủ đoạn rủ rê việc nhẹ, thu nhập cao qua mạng; người dân phản hồi nhiều hơn qua tổ tự quản.",
        "{count} lượt phát thanh bằng tiếng phổ thông và tiếng dân tộc được phát vào phiên chợ.",
        "Tài liệu được viết ngắn, có tranh, phát cho người sắp đi làm ăn xa.",
        "Hình thức sân khấu hóa thu hút đông người xem nhưng chi phí cao nên chưa làm được thường xuyên.",
    )),
    ("nguyên nhân", (
        "Nguyên nhân chủ yếu là thiếu việc làm ổn định ở địa bàn vùng cao và chênh lệch thu nhập với nơi đến.",
        "Việc làm quen, kết bạn qua mạng xã hội thiếu kiểm chứng khiến nhiều người trẻ bị lừa.",
        "Quản lý cư trú, lao động tự do qua biên giới ở một số xã còn sơ hở.",
        "Một bộ phận nạn nhân và gia đình giấu việc vì mặc cảm, nên tin báo đến muộn.",
    )),
    ("nạn nhân", (
        "{agency} phối hợp tiếp nhận, xác minh đúng thời hạn; {count} trường hợp được tư vấn tâm lý ngay.",
        "Khó khăn chính là người trở về ngại khai báo và không còn giấy tờ tùy thân.",
        "Phần lớn nạn nhân là người trẻ, thiếu việc làm, được rủ rê qua người quen hoặc mạng xã hội.",
        "Việc giữ bí mật thông tin về nơi ở, nơi học được thực hiện trong mọi trường hợp.",
        "{count} gia đình được thăm hỏi, giới thiệu việc làm sau khi người thân trở về.",
    )),
    ("điều tra", (
        "Các vụ án được phân công điều tra viên có kinh nghiệm, lời khai của người bị hại được ghi hình từ đầu.",
        "{agency} đã trao đổi {count} lượt thông tin với lực lượng chức năng các tỉnh bạn để truy tìm đối tượng.",
        "Khó khăn là dữ liệu điện tử ở nước ngoài thu thập chậm, nhiều đối tượng chưa rõ nhân thân.",
    )),
    ("truy tố", (
        "{agency} kiểm sát từ khi thụ lý tin báo, ban hành {count} yêu cầu điều tra.",
        "Không có trường hợp đình chỉ do không phạm tội; hồ sơ trả để điều tra bổ sung chủ yếu về tình tiết tuổi.",
    )),
    ("xét xử", (
        "{agency} đưa {count} vụ ra xét xử kịp thời, bảo đảm xét xử kín khi người bị hại dưới 18 tuổi.",
        "Phiên tòa rút kinh nghiệm được tổ chức cùng viện kiểm sát; mức án bảo đảm tính răn đe.",
    )),
    ("tội phạm", (
        "Tình hình diễn biến phức tạp theo hướng dùng mạng xã hội để tuyển người, đưa sang nước thứ ba qua đường mòn.",
        "Trong kỳ, {agency} ghi nhận {count} phương thức, thủ đoạn cần cảnh báo tới cơ sở.",
        "Đối tượng thường là người quen biết, cùng địa bàn, móc nối với người Việt Nam ở bên kia biên giới.",
        "Mua bán người trong nước vào cơ sở kinh doanh dịch vụ nhạy cảm có chiều hướng tăng.",
    )),
    ("hợp tác", (
        "{agency} duy trì {count} cuộc trao đổi thông tin với lực lượng đối diện bên kia biên giới.",
        "Việc xác minh nhân thân, trao trả được rút ngắn nhờ đường dây nóng giữa hai bên.",
        "Phiên dịch tiếng dân tộc trong hội đàm còn thiếu.",
    )),
    ("kinh phí", (
        "Kinh phí bố trí từ ngân sách địa phương và lồng ghép các chương trình.",
        "Phần chi cho hỗ trợ ban đầu còn hạn chế, chủ yếu dựa vào nguồn xã hội hóa.",
    )),
    ("kiến nghị", (
        "Đề nghị cấp trên hướng dẫn thống nhất mẫu biểu và bố trí kinh phí riêng cho hỗ trợ ban đầu.",
        "Đề nghị tăng cường tập huấn nhận biết nạn nhân cho cán bộ cấp xã.",
        "Đề nghị sớm kết nối dữ liệu giữa công an, y tế và tòa án để không phải đối chiếu tay.",
    )),
    ("dự báo", (
        "Trong thời gian tới, thủ đoạn lừa đưa người đi lao động trái phép trên mạng dự báo còn phức tạp.",
        "Người chưa đủ 18 tuổi tiếp tục là nhóm có nguy cơ cao.",
    )),
    ("tập huấn", (
        "{agency} đã mở {count} lớp cho cán bộ cơ sở về nhận biết nạn nhân và quy trình chuyển tuyến.",
        "Giảng viên là người làm án và cán bộ hỗ trợ, học qua tình huống.",
    )),
    ("khó khăn", (
        "Cán bộ ở cơ sở kiêm nhiệm, thay đổi sau sắp xếp tổ chức bộ máy.",
        "Số liệu giữa các ngành có lúc chưa khớp do thời điểm chốt số khác nhau.",
    )),
)  # fmt: skip
OTHERWISE = (
    "{agency} đã triển khai nội dung này theo kế hoạch, lồng ghép trong {count} hoạt động chuyên môn hằng năm.",
    "Kết quả cơ bản đạt yêu cầu; tồn tại là công tác phối hợp ở một số địa bàn chưa thường xuyên.",
    "{agency} đã ban hành {count} văn bản hướng dẫn và phân công đầu mối theo dõi.",
    "Qua kiểm tra, các đơn vị thực hiện đúng nội dung được giao; một số việc chậm so với tiến độ.",
    "Nội dung này được đưa vào chương trình công tác năm và kiểm điểm khi sơ kết sáu tháng.",
)


def contributions(outline: Outline, function: str, level: str, agency: str, draw: random.Random) -> dict[str, str]:
    """What an agency with this function writes, by section code; it leaves some sections open."""
    asked = [section for section in outline.sections if function in section.contributors]
    share = WRITTEN_SHARE.get(level, 0.0)
    return {section.code: _text(section, agency, draw) for section in asked if draw.random() < share}


def _text(section: Section, agency: str, draw: random.Random) -> str:
    heading = fold(section.title)
    sentences = next((said for word, said in TOPICS if word in heading), OTHERWISE)
    taken = draw.sample(sentences, SENTENCES_A_TEXT)
    return " ".join([*(sentence.format(agency=agency, count=draw.randint(2, 18)) for sentence in taken), MARK])

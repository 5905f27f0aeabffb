"""The grammar of organ names: heads, officers, specialities, levels with capitals, dashes, and verbs that end them."""

from __future__ import annotations

import pytest

from haidang.reading.names import NameReader

HEAD = (
    "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\nI. MỤC TIÊU\n1. Làm tốt.\nII. NHIỆM VỤ\n1. Chung\n"
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Công an Tỉnh xác minh tin báo", ["Công an Tỉnh"]),
        ("Hội Nông dân Huyện đồng hành cùng", ["Hội Nông dân Huyện"]),
        ("Ban Tuyên giáo Tỉnh ủy định hướng", ["Ban Tuyên giáo Tỉnh ủy"]),
        ("Đồn Biên phòng cửa khẩu Bãi Ốc kiểm soát", ["Đồn Biên phòng cửa khẩu Bãi Ốc"]),
        ("Hải quan cửa khẩu Bãi Ốc, Công an xã", ["Hải quan cửa khẩu Bãi Ốc", "Công an xã"]),
        ("Phòng giao dịch Ngân hàng Chính sách xã hội quận", ["Phòng giao dịch Ngân hàng Chính sách xã hội quận"]),
        ("các cơ quan đại diện Việt Nam ở nước ngoài", ["các cơ quan đại diện Việt Nam ở nước ngoài"]),
        ("Trung tâm Bảo trợ xã hội tổng hợp thành phố bố trí", ["Trung tâm Bảo trợ xã hội tổng hợp thành phố"]),
        ("Phòng Chính trị, tư tưởng, Thanh tra huyện", ["Phòng Chính trị, tư tưởng", "Thanh tra huyện"]),
        (
            "Báo và Phát thanh, Truyền hình Sơn Hải đưa tin; Sở Y tế",
            ["Báo và Phát thanh, Truyền hình Sơn Hải"],
        ),
        (
            "Ngân hàng Nhà nước - Chi nhánh tỉnh Sơn Hải, Sở Y tế",
            ["Ngân hàng Nhà nước - Chi nhánh tỉnh Sơn Hải", "Sở Y tế"],
        ),
        (
            "Trưởng các phòng thuộc Sở, Hiệu trưởng các trường trực thuộc căn cứ",
            ["Trưởng các phòng thuộc Sở", "Hiệu trưởng các trường trực thuộc"],
        ),
        ("Kế toán Ủy ban nhân dân phường tham mưu", ["Kế toán Ủy ban nhân dân phường"]),
        ("Công đoàn ngành Y tế vận động", ["Công đoàn ngành Y tế"]),
        ("Các Tổ công nghệ số cộng đồng hướng dẫn", ["Các Tổ công nghệ số cộng đồng"]),
        ("Chủ tịch UBND các quận, huyện tổ chức triển khai", ["Chủ tịch UBND các quận, huyện"]),
        ("các sở, ngành tổ chức kiểm tra", ["các sở, ngành"]),
        ("các cơ quan, tổ chức liên quan", ["các cơ quan, tổ chức liên quan"]),
        ("Cơ sở dữ liệu quốc gia", None),
        ("UBND các huyện Bãi Ốc, Cồn Sậy, Sở Y tế", ["UBND các huyện Bãi Ốc, Cồn Sậy", "Sở Y tế"]),
        ("Các phòng thuộc cơ quan Hội Nông dân tỉnh căn cứ", ["Các phòng thuộc cơ quan Hội Nông dân tỉnh"]),
        ("Phòng Phòng, chống ma túy và tội phạm chủ trì", ["Phòng Phòng, chống ma túy và tội phạm"]),
        ("Đồn Biên phòng Cửa khẩu quốc tế Bãi Ốc, Sở Y tế", ["Đồn Biên phòng Cửa khẩu quốc tế Bãi Ốc", "Sở Y tế"]),
        ("Phòng Hậu cần - Kỹ thuật bảo đảm", ["Phòng Hậu cần - Kỹ thuật"]),
        ("Phòng Tham mưu tham mưu Bộ Chỉ huy", ["Phòng Tham mưu"]),
        ("Văn phòng, Sở Y tế", ["Văn phòng", "Sở Y tế"]),
        ("Bộ Chỉ huy (qua Phòng Tham mưu)", ["Bộ Chỉ huy"]),
        ("Sở Sở Y tế chủ trì", ["Sở Y tế"]),
        ("Khoa Vi sinh vật - Ký sinh trùng phối hợp với", ["Khoa Vi sinh vật - Ký sinh trùng"]),
        ("Ban Quản lý chợ đầu mối: Kê khai", ["Ban Quản lý chợ đầu mối"]),
        ("Các trường mầm non, tiểu học tổ chức", ["Các trường mầm non, tiểu học"]),
        ("Bộ phận Công tác học sinh in sách", ["Bộ phận Công tác học sinh"]),
        ("Bộ phận người dân còn chủ quan", None),
        ("Cụm loa truyền thanh phát tin", None),
        ("Công an phường và Phường đoàn", ["Công an phường", "Phường đoàn"]),
    ],
)
def test_names_begin_and_end_where_the_language_says(vocabulary, text, names):
    found = NameReader(text, vocabulary).list_at(0)
    assert (list(found.texts) if found else None) == names


def only(read, text):
    (task,) = read(HEAD + text + "\n").tasks
    return list(task.lead), list(task.coordinating)


@pytest.mark.parametrize(
    ("text", "lead", "coordinating"),
    [
        ("- Sở Y tế là cơ quan chủ trì; Sở Nội vụ phối hợp thực hiện.", ["Sở Y tế"], ["Sở Nội vụ"]),
        ("- In sổ tay, do Sở Tư pháp chủ trì, Tỉnh đoàn phối hợp.", ["Sở Tư pháp"], ["Tỉnh đoàn"]),
        ("- In sổ tay (Sở Tư pháp chủ trì; Tỉnh đoàn, Sở Y tế phối hợp).", ["Sở Tư pháp"], ["Tỉnh đoàn", "Sở Y tế"]),
        ("- Sở Y tế chịu trách nhiệm chính; Sở Nội vụ cùng tham gia.", ["Sở Y tế"], ["Sở Nội vụ"]),
        ("- In sổ tay; Sở Tư pháp chịu trách nhiệm chính.", ["Sở Tư pháp"], []),
        ("- Cùng Sở Tư pháp in sổ tay.", [], ["Sở Tư pháp"]),
        (
            "- Các sở, ngành cùng UBND các huyện có trách nhiệm phối hợp thực hiện.",
            [],
            ["Các sở, ngành", "UBND các huyện"],
        ),
        ("- Các sở, ngành có trách nhiệm phối hợp với Sở Y tế thực hiện.", ["Các sở, ngành"], ["Sở Y tế"]),
        ("- Vận động doanh nghiệp; Sở Nội vụ, Tỉnh đoàn cùng tham gia.", [], ["Sở Nội vụ", "Tỉnh đoàn"]),
        ("- Sở Y tế ký kế hoạch hiệp đồng với Sở Nội vụ.", ["Sở Y tế"], []),
        ("- In sổ tay. Chủ trì: Sở Y tế; phối hợp: Sở Nội vụ.", ["Sở Y tế"], ["Sở Nội vụ"]),
        ("- In sổ tay. Cơ quan thực hiện: Sở Y tế, UBND các xã. Thời gian: năm 2024.", ["Sở Y tế", "UBND các xã"], []),
        ("- In sổ tay. Cơ quan chủ trì: Sở Y tế; phối hợp: Sở Nội vụ.", ["Sở Y tế"], ["Sở Nội vụ"]),
        ("- In sổ tay. Cơ quan chủ trì: Sở Y tế. Cơ quan phối hợp: Sở Nội vụ.", ["Sở Y tế"], ["Sở Nội vụ"]),
    ],
)
def test_more_ways_to_say_who_leads_and_who_helps(read, text, lead, coordinating):
    assert only(read, text) == (lead, coordinating)


def test_a_lead_in_names_its_helpers_after_the_leader(read):
    text = (
        HEAD + "Sở Y tế là cơ quan chủ trì; Sở Nội vụ, UBND các xã phối hợp thực hiện các nội dung:\n"
        "- Khám bệnh.\n- Cấp thuốc.\n"
    )
    assert [(task.lead, task.coordinating) for task in read(text).tasks] == [
        (("Sở Y tế",), ("Sở Nội vụ", "UBND các xã"))
    ] * 2


@pytest.mark.parametrize("title", ["MỤC TIÊU, CHỈ TIÊU", "MỤC TIÊU", "MỤC ĐÍCH, YÊU CẦU", "CHỈ TIÊU CỤ THỂ"])
def test_sections_are_known_by_their_titles_where_the_numbers_were_lost(read, title):
    text = (
        f"KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\n{title}\n1. 90% số xã có tủ sách.\n"
        "NHIỆM VỤ VÀ GIẢI PHÁP CHỦ YẾU\n1. Truyền thông\n- Mở lớp.\nTỔ CHỨC THỰC HIỆN\n1. Sở Y tế đôn đốc.\n"
    )
    plan = read(text)
    assert [target.value for target in plan.targets] == [90]
    assert [(task.section, task.text) for task in plan.tasks] == [("1", "Mở lớp."), ("1", "Sở Y tế đôn đốc.")]


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("- In sách (Sở Y tế chủ trì, phối hợp với Sở Nội vụ).", True),
        ("- In sách (Sở Y tế chủ trì, phối hợp với những ai có lòng).", False),
        ("- Sở Y tế chủ trì, phối hợp với Hội Hoa lan cây cảnh mở lớp.", False),
    ],
)
def test_a_task_whose_names_may_be_wrong_is_said_with_less_confidence(read, text, sure):
    (task,) = read(HEAD + text + "\n").tasks
    assert (task.confidence >= 0.9) is sure

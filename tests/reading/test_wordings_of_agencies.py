"""Wordings of names and roles as offices write them: descriptions, carriers, dashes, labels, who only has a role."""

from __future__ import annotations

import pytest

HEAD = (
    "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\nI. MỤC TIÊU\n1. Làm tốt.\nII. NHIỆM VỤ\n1. Chung\n"
)


def roles(read, text):
    return [(list(task.lead), list(task.coordinating)) for task in read(HEAD + text + "\n").tasks]


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        (
            "Các cơ sở khám bệnh, chữa bệnh trên địa bàn tỉnh thực hiện",
            ["Các cơ sở khám bệnh, chữa bệnh trên địa bàn tỉnh"],
        ),
        (
            "Các cơ quan thông tấn, báo chí trên địa bàn tỉnh đăng tin",
            ["Các cơ quan thông tấn, báo chí trên địa bàn tỉnh"],
        ),
        ("Các cơ sở cho thuê lưu trú ký cam kết", ["Các cơ sở cho thuê lưu trú"]),
        ("Các bệnh viện, trung tâm y tế đặt bảng chỉ dẫn", ["Các bệnh viện, trung tâm y tế"]),
        ("Ban Quản lý các khu công nghiệp tỉnh yêu cầu chủ xưởng", ["Ban Quản lý các khu công nghiệp tỉnh"]),
        ("Ban nhân dân các khu vực, ấp tổ chức họp", ["Ban nhân dân các khu vực, ấp"]),
        ("Cảnh sát giao thông, Thanh tra giao thông kiểm tra xe", ["Cảnh sát giao thông", "Thanh tra giao thông"]),
        ("Phòng Y tế - Trung tâm Y tế huyện tiếp nhận", ["Phòng Y tế - Trung tâm Y tế huyện"]),
        ("Công an phường - Cơ quan Thường trực theo dõi", ["Công an phường - Cơ quan Thường trực"]),
        ("Ngành Giáo dục tuyên truyền", ["Ngành Giáo dục"]),
        ("Đại sứ quán Việt Nam tại Xứ Đảo hỗ trợ", ["Đại sứ quán Việt Nam tại Xứ Đảo"]),
        ("Cục Đường thủy Việt Nam rào chắn bến", ["Cục Đường thủy Việt Nam"]),
        (
            "Các sở, ban, ngành, thành viên Ban Chỉ đạo 9 tỉnh triển khai",
            ["Các sở, ban, ngành", "thành viên Ban Chỉ đạo 9 tỉnh"],
        ),
        (
            "Các tổ chức chính trị - xã hội, Trung tâm Văn hóa xã vận động",
            ["Các tổ chức chính trị - xã hội", "Trung tâm Văn hóa xã"],
        ),
    ],
)
def test_a_name_goes_on_as_far_as_its_description_does(read, text, lead):
    assert roles(read, f"- {text} đầy đủ.") == [(lead, [])]


@pytest.mark.parametrize(
    ("text", "lead", "coordinating"),
    [
        ("In sách (Sở Y tế chủ trì; phối hợp: Sở Tư pháp, Sở Nội vụ).", ["Sở Y tế"], ["Sở Tư pháp", "Sở Nội vụ"]),
        (
            "Sở Y tế với vai trò cơ quan thường trực chủ trì phối hợp cùng các sở, ngành hướng dẫn.",
            ["Sở Y tế"],
            ["các sở, ngành"],
        ),
        (
            "Chủ trì, phối hợp với lực lượng Hải quan, Cảnh sát biển giữ gìn bến bãi.",
            [],
            ["lực lượng Hải quan", "Cảnh sát biển"],
        ),
        (
            "Sở Y tế phối hợp với trường học và Đoàn Thanh niên xã khảo sát ao hồ.",
            ["Sở Y tế"],
            ["trường học", "Đoàn Thanh niên xã"],
        ),
        (
            "Sở Y tế phối hợp với Công an các xã nơi xảy ra vụ việc cấp cứu.",
            ["Sở Y tế"],
            ["Công an các xã nơi xảy ra vụ việc"],
        ),
        ("Sở Y tế phối hợp với VNPT Bãi Ốc xóa vùng lõm sóng.", ["Sở Y tế"], ["VNPT Bãi Ốc"]),
    ],
)
def test_who_coordinates_in_more_wordings(read, text, lead, coordinating):
    assert roles(read, "- " + text) == [(lead, coordinating)]


def test_being_the_standing_organ_is_a_role_and_no_other_organ(read):
    assert roles(read, "a) Công an tỉnh\n- Là cơ quan Thường trực, chủ trì theo dõi việc làm.") == [
        (["Công an tỉnh"], [])
    ]


def test_a_line_may_name_its_helpers_after_the_items_it_hands_out(read):
    text = (
        "a) Nội dung\n(1) In sách.\n(2) Mở lớp.\nb) Phân công trách nhiệm\n"
        "- Sở Tư pháp chủ trì thực hiện tiết (1).\n"
        "- Đề nghị Tỉnh đoàn chủ trì thực hiện tiết (2), phối hợp với Sở Y tế."
    )
    assert roles(read, text) == [(["Sở Tư pháp"], []), (["Tỉnh đoàn"], ["Sở Y tế"])]


LEADER = (["Sở Y tế"], ["Công an tỉnh"])


@pytest.mark.parametrize(
    "line",
    [
        "* Trách nhiệm thực hiện: Sở Y tế chủ trì, phối hợp với Công an tỉnh.",
        "* Phân công: Sở Y tế chủ trì, phối hợp với Công an tỉnh.",
        "Các nội dung trên giao Sở Y tế chủ trì, phối hợp với Công an tỉnh thực hiện.",
        "Giao Sở Y tế chủ trì, phối hợp với Công an tỉnh thực hiện các nội dung trên.",
        "Cơ quan chủ trì: Sở Y tế; cơ quan phối hợp: Công an tỉnh.",
    ],
)
def test_a_line_below_a_list_may_hand_out_the_list_in_any_wording(read, line):
    assert roles(read, f"- Mở lớp.\n- In sách.\n{line}") == [LEADER, LEADER]


@pytest.mark.parametrize(
    "bracket",
    [
        "(Thời gian: quý II/2024; chủ trì: Sở Y tế; phối hợp: Công an tỉnh)",
        "(Sở Y tế chủ trì, phối hợp với Công an tỉnh; hoàn thành trước 30/6/2024)",
        "(Chủ trì: Sở Y tế; Phối hợp: Công an tỉnh)",
    ],
)
def test_a_bracket_may_also_say_when(read, bracket):
    assert roles(read, f"- Mở lớp {bracket}.") == [LEADER]


def test_a_clause_after_the_last_item_names_who_helps_with_it(read):
    text = (
        "1.1. Nội dung:\na) Mở lớp.\nb) In sách.\n1.2. Phân công thực hiện:\n- Sở Y tế thực hiện điểm a.\n"
        "- Công an tỉnh thực hiện điểm b; Sở Y tế phối hợp."
    )
    assert roles(read, text) == [(["Sở Y tế"], []), (["Công an tỉnh"], ["Sở Y tế"])]


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("Công chức Văn hóa - Xã hội xã tham mưu chi trả trợ cấp", ["Công chức Văn hóa - Xã hội xã"]),
        ("Bí thư Chi bộ, Trưởng các thôn nắm chắc từng hộ", ["Bí thư Chi bộ", "Trưởng các thôn"]),
        ("BCH Quân sự xã tuần tra", ["BCH Quân sự xã"]),
        ("Cơ quan Cảnh sát điều tra các cấp chọn án", ["Cơ quan Cảnh sát điều tra các cấp"]),
        ("Cục Quản lý bến bãi thủy hướng dẫn", ["Cục Quản lý bến bãi thủy"]),
        ("Các trường Mầm non, Tiểu học, THCS mở hội thi", ["Các trường Mầm non, Tiểu học, THCS"]),
        ("Các đồn Biên phòng, Hải đội 2 duy trì", ["Các đồn Biên phòng", "Hải đội 2"]),
        ("Đoàn Đặc nhiệm miền Trung tuần tra", ["Đoàn Đặc nhiệm miền Trung"]),
        ("Thanh tra Sở đưa việc này vào kế hoạch", ["Thanh tra Sở"]),
        ("Các đoàn thể xã: Tuyên truyền, vận động", ["Các đoàn thể xã"]),
        ("UBND các huyện: Hòn Mê, Sông Con bố trí nơi ở", ["UBND các huyện: Hòn Mê, Sông Con"]),
        ("Đài Truyền thanh các xã phát thanh hai buổi", ["Đài Truyền thanh các xã"]),
    ],
)
def test_officers_long_fields_and_places_after_a_colon(read, text, lead):
    assert roles(read, f"- {text} mỗi tuần.") == [(lead, [])]


def test_a_bullet_after_an_agency_that_might_go_on_with_a_dash_is_a_bullet(read):
    found = roles(read, "2. Phòng Chính trị\n- Hướng dẫn các đơn vị.\n- Mở lớp.")
    assert found[1:] == [(["Phòng Chính trị"], [])] * 2

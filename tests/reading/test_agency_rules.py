"""RULES of agencies: names, lists, lead and coordinating, brackets, "Phân công" blocks, lead-ins, tables."""

from __future__ import annotations

import pytest

from haidang.reading.names import NameReader

HEAD = (
    "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\nI. MỤC TIÊU\n1. Làm tốt.\nII. NHIỆM VỤ\n1. Chung\n"
)


def only(read, text):
    (task,) = read(HEAD + text + "\n").tasks
    return task.lead, task.coordinating


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sở Văn hóa, Thể thao và Du lịch, Sở Y tế chủ trì", ["Sở Văn hóa, Thể thao và Du lịch", "Sở Y tế"]),
        ("Sở Giáo dục và Đào tạo và Công an tỉnh thực hiện", ["Sở Giáo dục và Đào tạo", "Công an tỉnh"]),
        ("các sở, ban, ngành, địa phương triển khai", ["các sở, ban, ngành, địa phương"]),
        ("UBND các huyện, thị xã, thành phố tổ chức", ["UBND các huyện, thị xã, thành phố"]),
        ("UBND cấp huyện, cấp xã rà soát", ["UBND cấp huyện, cấp xã"]),
        (
            "các sở, ban, ngành, thành viên Ban Chỉ đạo 138 tỉnh; UBND cấp huyện căn cứ",
            ["các sở, ban, ngành", "thành viên Ban Chỉ đạo 138 tỉnh", "UBND cấp huyện"],
        ),
        ("các các cơ quan, đơn vị liên quan", ["các cơ quan, đơn vị liên quan"]),
        ("Công an tỉnh (Phòng Tham mưu) trước ngày", ["Công an tỉnh (Phòng Tham mưu)"]),
        ("Công an tỉnh (Cơ quan thường trực), Sở Y tế kiểm tra", ["Công an tỉnh", "Sở Y tế"]),
        ("Sở Lao động - Thương binh và Xã hội tư vấn", ["Sở Lao động - Thương binh và Xã hội"]),
        (
            "Bộ Chỉ huy Bộ đội Biên phòng tỉnh, Tòa án nhân dân tỉnh",
            ["Bộ Chỉ huy Bộ đội Biên phòng tỉnh", "Tòa án nhân dân tỉnh"],
        ),
        ("Trung tâm Kiểm soát bệnh tật tỉnh khám", ["Trung tâm Kiểm soát bệnh tật tỉnh"]),
        ("Các Sở: Y tế, Tài chính, Nội vụ chủ trì", ["Các Sở: Y tế, Tài chính, Nội vụ"]),
        ("Hội nghị triển khai", None),
        ("Ban hành kế hoạch", None),
        ("Phòng, chống tội phạm", None),
    ],
)
def test_names_and_lists_of_names(vocabulary, text, names):
    found = NameReader(text, vocabulary).list_at(0)
    assert (list(found.texts) if found else None) == names


@pytest.mark.parametrize(
    ("text", "lead", "coordinating"),
    [
        ("- Treo áp phích (Sở Y tế chủ trì, phối hợp với Công an tỉnh thực hiện).", ["Sở Y tế"], ["Công an tỉnh"]),
        ("- Treo áp phích (Sở Y tế thực hiện).", ["Sở Y tế"], []),
        (
            "- Treo áp phích (Sở Y tế, Sở Tư pháp phối hợp Công an tỉnh thực hiện).",
            ["Sở Y tế", "Sở Tư pháp"],
            ["Công an tỉnh"],
        ),
        ("- Treo áp phích (như: bến xe, cảng cá).", [], []),
        ("- Sở Y tế chủ trì, phối hợp với Công an tỉnh treo áp phích.", ["Sở Y tế"], ["Công an tỉnh"]),
        ("- Sở Y tế treo áp phích; phối hợp với Công an tỉnh phát tờ rơi.", ["Sở Y tế"], ["Công an tỉnh"]),
        ("- Sở Y tế cùng Hội Phụ nữ tỉnh treo áp phích.", ["Sở Y tế"], ["Hội Phụ nữ tỉnh"]),
        ("- Sở Y tế tổ chức hội thi, có sự tham gia của Tỉnh đoàn.", ["Sở Y tế"], ["Tỉnh đoàn"]),
        ("- Sở Y tế chỉ đạo Trung tâm Y tế các huyện khám sàng lọc.", ["Sở Y tế"], []),
        ("- Sở Y tế duy trì cơ chế phối hợp với Công an tỉnh.", ["Sở Y tế"], []),
        ("- Sở Y tế nâng cao hiệu quả công tác phối hợp với Công an tỉnh.", ["Sở Y tế"], []),
        ("- Giao Sở Y tế treo áp phích.", ["Sở Y tế"], []),
        ("- Đề nghị Tòa án nhân dân tỉnh xét xử lưu động.", ["Tòa án nhân dân tỉnh"], []),
        ("- Căn cứ kế hoạch này, các sở, ban, ngành xây dựng kế hoạch.", ["các sở, ban, ngành"], []),
        ("- Sở Y tế: Khám sàng lọc.", ["Sở Y tế"], []),
        ("- Tổ chức hội nghị, do Sở Y tế chủ trì.", ["Sở Y tế"], []),
        ("- Treo áp phích.", [], []),
    ],
)
def test_who_leads_and_who_coordinates(read, text, lead, coordinating):
    assert only(read, text) == (tuple(lead), tuple(coordinating))


def test_a_bracket_alone_applies_to_items_above_without_their_own(read):
    text = (
        HEAD + "- Treo áp phích.\n- Lực lượng Công an phát tờ rơi.\n- Phát thanh "
        "(Sở Y tế thực hiện).\n- Giao Sở Tư pháp in sách.\n\n"
        "(Các sở, ban, ngành thực hiện)\n\n- Nhắn tin.\n- Gửi thư.\n\n(Công an tỉnh chủ trì"
        ", phối hợp các địa phương thực hiện)\n"
    )
    assert [(task.lead, task.coordinating) for task in read(text).tasks] == [
        (("Các sở, ban, ngành",), ()),
        (("Các sở, ban, ngành",), ()),
        (("Sở Y tế",), ()),
        (("Sở Tư pháp",), ()),
        (("Công an tỉnh",), ("các địa phương",)),
        (("Công an tỉnh",), ("các địa phương",)),
    ]


def test_a_bracket_alone_reaches_over_sub_headings_of_its_second_level_heading(read):
    text = (
        HEAD.replace("1. Chung\n", "") + "2. Hợp tác\n2.1. Ký quy chế.\n2.2. Trao đổi tin.\n\n(Sở Ngoại vụ thực hiện)\n"
    )
    assert [task.lead for task in read(text).tasks] == [("Sở Ngoại vụ",), ("Sở Ngoại vụ",)]


BLOCK = (
    "a) Nội dung\n(1) Tuyên truyền.\n(2) Tập huấn, gồm:\n- Mở lớp.\n- In sách.\n(3) Kiểm tra.\n"
    "(4) Các xã phối hợp sơ kết.\nb) Phân công trách nhiệm\n"
)


@pytest.mark.parametrize(
    ("lines", "leads"),
    [
        ("- Công an tỉnh chủ trì thực hiện các nội dung trên.", ["Công an tỉnh"] * 5),
        ("- Sở Y tế chủ trì thực hiện tiết (1) và tiết (3).", ["Sở Y tế", "", "", "Sở Y tế", ""]),
        ("- Sở Y tế thực hiện các hoạt động từ (1) đến (3).", ["Sở Y tế"] * 4 + [""]),
        (
            "- Sở Y tế thực hiện các nội dung từ (1) đến (4), trừ nội dung (2).",
            ["Sở Y tế", "", "", "Sở Y tế", "Sở Y tế"],
        ),
        (
            "- Sở Y tế thực hiện tiết (1).\n- Công an tỉnh thực hiện các tiết (2), (3) và (4).",
            ["Sở Y tế", "Công an tỉnh", "Công an tỉnh", "Công an tỉnh", "Công an tỉnh"],
        ),
    ],
)
def test_a_block_is_resolved_onto_items_and_its_lines_are_no_tasks(read, lines, leads):
    found = read(HEAD + BLOCK + lines + "\n").tasks
    assert [task.section for task in found] == ["II.1.a.1", "II.1.a.2", "II.1.a.2", "II.1.a.3", "II.1.a.4"]
    said = ["; ".join(task.lead) for task in found]
    assert said[:4] == leads[:4]
    if leads[4]:
        assert said[4] == leads[4]  # the block outranks the subject "Các xã"


def test_named_coordinators_first_then_the_general_ones(read):
    lines = (
        "- Sở Y tế chủ trì thực hiện các hoạt động trên.\n- Các sở, ban, ngành phối hợp thực hiện.\n"
        "- Đề nghị Tòa án nhân dân tỉnh phối hợp thực hiện các hoạt động tại tiết (3).\n"
    )
    found = {task.section: task.coordinating for task in read(HEAD + BLOCK + lines).tasks}
    assert found["II.1.a.1"] == ("Các sở, ban, ngành",)
    assert found["II.1.a.3"] == ("Tòa án nhân dân tỉnh", "Các sở, ban, ngành")


def test_one_line_may_hand_out_two_items_differently(read):
    line = (
        "- Công an tỉnh thực hiện các hoạt động tại tiết (1)"
        ", phối hợp với Sở Y tế thực hiện các hoạt động tại tiết (3).\n"
    )
    found = {task.section: (task.lead, task.coordinating) for task in read(HEAD + BLOCK + line).tasks}
    assert found["II.1.a.1"] == (("Công an tỉnh",), ())
    assert found["II.1.a.3"] == (("Công an tỉnh",), ("Sở Y tế",))


def test_a_lead_ins_agencies_apply_to_its_bullets(read):
    text = HEAD + "a. Công an tỉnh chủ trì, phối hợp với Sở Y tế:\n- Mở lớp.\n- Phối hợp với Sở Tư pháp in sách.\n"
    assert [(task.lead, task.coordinating) for task in read(text).tasks] == [(("Công an tỉnh",), ("Sở Y tế",))] * 2


def test_an_agency_heading_leads_and_the_item_names_its_coordinators(read):
    text = HEAD.replace("1. Chung\n", "") + "1. Sở Y tế\n- Mở lớp.\n- Phối hợp với Sở Tư pháp in sách.\n"
    assert [(task.lead, task.coordinating) for task in read(text).tasks] == [
        (("Sở Y tế",), ()),
        (("Sở Y tế",), ("Sở Tư pháp",)),
    ]


def test_labels_below_an_item_say_who_and_when(read):
    text = (
        HEAD + "1.1. Tập huấn cho cán bộ xã.\n- Cơ quan chủ trì: Sở Y tế.\n- Cơ quan phối hợp: Sở Tư pháp"
        ", Tỉnh đoàn.\n- Thời gian thực hiện: Quý III/2024.\n1.2. Treo áp phích.\nĐơn vị thực hiện: Công an tỉnh.\n"
    )
    first, second = read(text).tasks
    assert (first.lead, first.coordinating) == (("Sở Y tế",), ("Sở Tư pháp", "Tỉnh đoàn"))
    assert [day.isoformat() for day in first.window] == ["2024-07-01", "2024-09-30"]
    assert second.lead == ("Công an tỉnh",)


def test_a_topic_before_the_subject_is_no_agency(read):
    assert only(read, "1.1. Công tác chỉ đạo: Phòng Y tế tham mưu văn bản.") == (("Phòng Y tế",), ())


def test_labels_inside_an_item_say_who(read):
    text = (
        "- Mở 10 lớp học. Đơn vị chủ trì: Sở Y tế; đơn vị phối hợp: Sở Tư pháp, UBND các xã. Thời gian: tháng 5/2024."
    )
    assert only(read, text) == (("Sở Y tế",), ("Sở Tư pháp", "UBND các xã"))


def test_a_section_named_after_an_agency_leads_what_stands_in_it(read):
    text = (
        HEAD.replace("II. NHIỆM VỤ\n1. Chung\n", "") + "II. CÔNG AN TỈNH\n- Mở lớp.\nIII. NHIỆM VỤ KHÁC\n- In sách.\n"
    )
    assert [task.lead for task in read(text).tasks] == [("CÔNG AN TỈNH",), ()]


def test_who_helps_the_leader_of_a_block_coordinates(read):
    lines = "- Công an tỉnh chủ trì thực hiện các nội dung trên.\n- Các sở, ngành phối hợp Công an tỉnh thực hiện.\n"
    assert {(task.lead, task.coordinating) for task in read(HEAD + BLOCK + lines).tasks} == {
        (("Công an tỉnh",), ("Các sở, ngành",))
    }


def test_a_line_that_hands_out_the_bullets_above_is_no_task(read):
    text = HEAD + (
        "- Mở lớp.\n- In sách.\n* Phân công thực hiện: Sở Y tế chủ trì"
        ", phối hợp Công an tỉnh thực hiện các nội dung trên.\n"
    )
    assert [(task.text, task.lead, task.coordinating) for task in read(text).tasks] == [
        ("Mở lớp.", ("Sở Y tế",), ("Công an tỉnh",)),
        ("In sách.", ("Sở Y tế",), ("Công an tỉnh",)),
    ]


def test_organs_that_help_inside_a_bracket_coordinate(read):
    text = "- In sách (Sở Tư pháp chủ trì; Sở Y tế, các sở, ngành liên quan phối hợp)."
    assert only(read, text) == (("Sở Tư pháp",), ("Sở Y tế", "các sở, ngành liên quan"))

"""Letterheads and signature blocks as they come: run-on places, organs of the whole country, tables, odd names."""

from __future__ import annotations

import pytest

BODY = "I. MỤC TIÊU\n1. Làm tốt.\nII. NHIỆM VỤ\n1. Sở Y tế mở lớp.\n"


def plan(read, *, head="", title="Phòng ngừa năm 2024", opening="UBND tỉnh ban hành kế hoạch:", tail=""):
    return read(f"{head}KẾ HOẠCH\n{title}\n\n{opening}\n{BODY}{tail}")


@pytest.mark.parametrize(
    ("opening", "title", "issuer"),
    [
        (
            "Ban Chỉ đạo phòng, chống thiên tai của Chính phủ ban hành kế hoạch:",
            "Phòng ngừa năm 2024",
            "Ban Chỉ đạo phòng, chống thiên tai của Chính phủ",
        ),
        ("UBND xã xây dựng kế hoạch:", "Phòng ngừa trên địa bàn xã Bãi Ốc\n9 tháng cuối năm 2024", "UBND xã Bãi Ốc"),
        ("UBND phường xây dựng kế hoạch:", "Phòng ngừa trên địa bàn phường Bãi Ốc 2", "UBND phường Bãi Ốc 2"),
        ("UBND Tỉnh ban hành kế hoạch:", "Phòng ngừa trên địa bàn tỉnh Sơn Hải", "UBND tỉnh Sơn Hải"),
        ("UBND xã xây dựng kế hoạch:", "Phòng ngừa trên địa bàn xã Ea H’Mơ", "UBND xã Ea H’Mơ"),
    ],
)
def test_the_issuer_takes_its_own_place_and_nothing_more(read, opening, title, issuer):
    head = "Hà Nội, ngày 02 tháng 3 năm 2024\n"
    assert plan(read, head=head, title=title, opening=opening).issuer == issuer


def test_a_date_left_blank_in_typed_columns_still_gives_the_place(read):
    head = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nBãi Ốc, ngày        tháng 8 năm 2024\n"
    found = plan(read, head=head)
    assert (found.place, found.issued_on) == ("Bãi Ốc", None)


def test_the_dated_place_outranks_the_name_of_a_newspaper(read):
    text = "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nSở Y tế tỉnh ban hành kế hoạch:\n" + BODY + "- Báo Hoa Sen đưa tin.\n"
    found = read("Sơn Hải, ngày 02 tháng 3 năm 2024\n" + text)
    assert (found.place, found.issuer) == ("Sơn Hải", "Sở Y tế tỉnh Sơn Hải")


def test_a_caption_broken_over_lines_is_no_title(read):
    found = plan(
        read, title="Phòng ngừa năm 2024\n(Ban hành kèm theo Quyết định số 9/QĐ-UBND ngày\n05/5/2024 của UBND tỉnh)"
    )
    assert (found.title, found.year_to) == ("Phòng ngừa năm 2024", 2024)


TABLE = (
    "\n| **Nơi nhận:** | **TM. ỦY BAN NHÂN DÂN** |\n|---|---|\n"
    "| - Sở Y tế;<br>- Lưu: VT. | **CHỦ TỊCH**<br><br>**Lò Thị Nhung** |\n"
)


@pytest.mark.parametrize(
    ("tail", "recipients", "signer"),
    [
        (TABLE, ("Sở Y tế", "Lưu: VT"), "Lò Thị Nhung"),
        (
            "Nơi nhận:\nNhư trên;\nSở Y tế;\nLưu: VT.\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nLò Thị Nhung\n",
            ("Như trên", "Sở Y tế", "Lưu: VT"),
            "Lò Thị Nhung",
        ),
        (
            "Nơi nhận: TM. ỦY BAN NHÂN DÂN\n- Sở Y tế; CHỦ TỊCH\n- Lưu: VT, NC. Lò Thị Nhung\n",
            ("Sở Y tế", "Lưu: VT, NC"),
            "Lò Thị Nhung",
        ),
        (
            "Nơi nhận:\n- Sở Y tế;\n- Lưu: VT.\n\n---\n\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nH’Loan Mlô\n",
            ("Sở Y tế", "Lưu: VT"),
            "H’Loan Mlô",
        ),
        ("Nơi nhận:\n- Sở Y tế.\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nY Bình K'buôr\n", ("Sở Y tế",), "Y Bình K'buôr"),
    ],
)
def test_recipients_and_signer_in_their_layouts(read, tail, recipients, signer):
    found = plan(read, tail=tail)
    assert (found.recipients, found.signer) == (recipients, signer)

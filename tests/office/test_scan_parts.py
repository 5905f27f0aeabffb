"""The parts of reading a scan that need no program: headers of images, words set upright, rules, mended numbers."""

from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.office.scan_images import JPEG, PNG, is_image, page_sizes
from haidang.office.scan_mending import mended
from haidang.office.scan_rules import Rule, rules_of
from haidang.office.scan_words import ScannedPage, Word, page_lines, pages_of

# headers


def png(width, height):
    return PNG + struct.pack(">I4sII", 13, b"IHDR", width, height)


def jpeg(width, height):
    other = b"\xff\xe0" + struct.pack(">H", 4) + b"ab"
    return b"\xff\xd8" + other + b"\xff\xff\xc2" + struct.pack(">HBHHB", 11, 8, height, width, 1)


def tiff(*sizes, order="<"):
    made = (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(order + "I", 8)
    for index, (width, height) in enumerate(sizes):
        after = 0 if index + 1 == len(sizes) else len(made) + 2 + 24 + 4
        made += struct.pack(order + "H", 2) + struct.pack(order + "HHIHH", 256, 3, 1, width, 0)
        made += struct.pack(order + "HHII", 257, 4, 1, height) + struct.pack(order + "I", after)
    return made


def test_the_size_of_each_page_is_told_by_the_header():
    assert page_sizes(png(2480, 3508), 9) == [(2480, 3508)]
    assert page_sizes(jpeg(640, 480), 9) == [(640, 480)]
    assert page_sizes(tiff((10, 20), (30, 40)), 9) == [(10, 20), (30, 40)]
    assert page_sizes(tiff((10, 20), order=">"), 9) == [(10, 20)]


def test_a_tiff_whose_pages_go_round_for_ever_ends():
    loop = bytearray(tiff((10, 20)))
    loop[-4:] = struct.pack("<I", 8)
    assert len(page_sizes(bytes(loop), 5)) == 6


@pytest.mark.parametrize(
    "content",
    [PNG, JPEG, b"\xff\xd8\xff\xe0\x00", b"II*\x00", b"II*\x00\x00\x00\x00\x00", tiff((1, 2))[:20], PNG[:8] + b"x"],
)
def test_a_broken_header_is_told(content):
    assert is_image(content)
    with pytest.raises(ValueError):
        page_sizes(content, 5)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([PNG, JPEG, b"II*\x00", b"MM\x00*"]), st.binary(max_size=200))
def test_no_header_does_worse_than_be_refused(start, rest):
    with contextlib.suppress(ValueError):
        assert all(len(size) == 2 for size in page_sizes(start + rest, 5))


# words


def line_of(number, x, y, *texts, size=20):
    words = []
    for text in texts:
        words.append(Word(text, (1, 1, number), x, y, size * len(text) / 2, size))
        x += size * len(text) / 2 + size / 2
    return words


def page(words, rules=(), size=(1000, 1400)):
    return ScannedPage(*map(float, size), tuple(words), tuple(rules))


PLAN = [
    *line_of(1, 100, 100, "ỦY", "BAN"),
    *line_of(2, 600, 102, "CỘNG", "HÒA"),
    *line_of(3, 100, 140, "Số:", "12/KH-UBND"),
    *line_of(4, 600, 141, "Độc", "lập"),
    *line_of(
        5, 100, 200, "Thực", "hiện", "kế", "hoạch", "của", "tỉnh", "về", "phòng", "ngừa", "và", "hỗ", "trợ", "nạn"
    ),
    *line_of(6, 100, 240, "nhân", "trên", "địa", "bàn."),
]
READ = [
    "ỦY BAN",
    "Số: 12/KH-UBND",
    "CỘNG HÒA",
    "Độc lập",
    "Thực hiện kế hoạch của tỉnh về phòng ngừa và hỗ trợ nạn",
    "nhân trên địa bàn.",
]


def test_columns_come_one_after_the_other():
    assert [line for line in page_lines(page(PLAN)) if line] == READ


@pytest.mark.parametrize("side", ["right", "left", "over"])
def test_a_page_on_its_side_or_head_is_set_upright(side):
    turned = []
    for word in PLAN:
        x, y, w, h = word.left, word.top, word.width, word.height
        place = {
            "right": (1400 - y - h, x, h, w),
            "left": (y, 1000 - x - w, h, w),
            "over": (1000 - x - w, 1400 - y - h, w, h),
        }[side]
        turned.append(Word(word.text, word.line, *place))
    size = (1000, 1400) if side == "over" else (1400, 1000)
    assert [line for line in page_lines(page(turned, size=size)) if line] == READ


def test_cells_between_rules_come_as_rows():
    rules = [Rule(90, y, 900, y) for y in (90, 150, 210)] + [Rule(x, 90, x, 210) for x in (90, 500, 900)]
    words = [
        *line_of(1, 100, 110, "Nội", "dung"), *line_of(2, 510, 110, "Chủ", "trì"),
        *line_of(3, 100, 170, "Họp"), *line_of(4, 510, 170, "Sở", "Y", "tế"),
    ]  # fmt: skip
    assert page_lines(page(words, rules)) == ["| Nội dung | Chủ trì |", "| Họp | Sở Y tế |"]


def test_the_table_of_the_program_is_read_and_stains_are_left_out():
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
    rows = [
        "1\t1\t0\t0\t0\t0\t0\t0\t1000\t1400\t-1\t",
        "5\t1\t1\t1\t1\t1\t10\t20\t5\t30\t20\t-",
        "5\t1\t1\t1\t1\t2\t30\t20\t50\t30\t96.5\tHọp",
        "5\t1\t1\t1\t1\t3\t90\t20\t5\t30\t20\t~",
        "1\t2\t0\t0\t0\t0\t0\t0\t900\t1300\t-1\t",
    ]
    first, second = pages_of("\n".join([head, *rows]))
    assert [word.text for word in first.words] == ["-", "Họp"]
    assert (second.width, second.height, second.words) == (900, 1300, ())
    assert page_lines(second) == []


# rules


def test_rules_are_found_though_turned_a_little_and_letters_are_none(tmp_path):
    width, height = 400, 300
    rows = [bytearray(b"\xff" * width) for _ in range(height)]
    for x in range(20, 380):
        rows[50 + x // 100][x] = 0  # falls by three pixels on its way
    for y in range(40, 260):
        rows[y][200] = 0
    for y in range(100, 108):
        for x in range(30, 38):
            rows[y][x] = 0
    (tmp_path / "a.pgm").write_bytes(b"P5 %d %d 255\n" % (width, height) + b"".join(rows))
    lying, standing = rules_of(tmp_path / "a.pgm")
    assert (lying.x1, lying.x2, standing.y1, standing.y2) == (20, 380, 40, 260)
    assert 50 <= lying.y1 <= 53
    assert standing.x1 == 200


def test_what_is_no_picture_is_told(tmp_path):
    (tmp_path / "a.pgm").write_bytes(b"P6 1 1 255\n")
    with pytest.raises(ValueError):
        rules_of(tmp_path / "a.pgm")


# mending


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        (
            ["1.MỤC TIÊU", "II NHIỆM VỤ", "II. TỔ CHỨC THỰC HIỆN"],
            ["I. MỤC TIÊU", "II. NHIỆM VỤ", "III. TỔ CHỨC THỰC HIỆN"],
        ),
        (["IL. MỤC ĐÍCH", "H. NHIỆM VỤ", "IH. TỔ CHỨC"], ["I. MỤC ĐÍCH", "II. NHIỆM VỤ", "III. TỔ CHỨC"]),
        (["I. Mục tiêu", "I. Nhiệm vụ", "IV. Khác"], ["I. Mục tiêu", "II. Nhiệm vụ", "IV. Khác"]),
        (["1. MỤC TIÊU", "2. NHIỆM VỤ"], ["1. MỤC TIÊU", "2. NHIỆM VỤ"]),
        (["I. MỤC TIÊU", "1. CHUNG", "II. KHÁC"], ["I. MỤC TIÊU", "1. CHUNG", "II. KHÁC"]),
        (["II. KHÁC", "PHẦNII", "I. MỚI"], ["II. KHÁC", "PHẦN II", "I. MỚI"]),
        (["VI. A LÔ", "VI. DỮ LIỆU", "VII. TÀI LIỆU"], ["VI. A LÔ", "VII. DỮ LIỆU", "VIII. TÀI LIỆU"]),
        (["TỔNG KẾT NĂM", "TM. ỦY BAN", "LỄ PHÁT ĐỘNG"], ["TỔNG KẾT NĂM", "TM. ỦY BAN", "LỄ PHÁT ĐỘNG"]),
        (["4. Họp", "9. In", "6. Phát"], ["4. Họp", "5. In", "6. Phát"]),
        (["4. Họp", ". In", "6. Phát"], ["4. Họp", "5. In", "6. Phát"]),
        (["4. Họp", "9. In", "1. Mới"], ["4. Họp", "5. In", "1. Mới"]),
        (["8. Họp", "9. In", "10. Phát"], ["8. Họp", "9. In", "10. Phát"]),
        (["- Họp", ". Sở Y tế"], ["- Họp", "- Sở Y tế"]),
        (["_= Sở Y tế", "-.100% xã", "+ Họp", "~ In"], ["- Sở Y tế", "- 100% xã", "+ Họp", "- In"]),
        (["|", " ` ", "Ï", "Họp. _", "_ phố"], ["Họp.", "phố"]),
        (["| a | b |", "", "(1) Họp"], ["| a | b |", "", "(1) Họp"]),
    ],
)
def test_numbers_and_bullets_are_as_their_order_proves(found, meant):
    assert mended(found) == meant


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(alphabet="IVXLH1|.,- abcĐỦ", max_size=30), max_size=12))
def test_mending_never_fails_and_keeps_words(found):
    words = [word for line in found for word in line.split() if len(word) > 2 and word.isalpha() and word.islower()]
    kept = " ".join(mended(found))
    assert all(word in kept for word in words)

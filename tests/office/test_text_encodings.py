"""Old Vietnamese encodings: told from the bytes or from text opened as if it were Latin, and turned into Unicode."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.office.document_text import UnreadableDocument, text_of_bytes
from haidang.office.text_encodings import decoded, from_tcvn3, from_vni, in_unicode

PLAN = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nKẾ HOẠCH\n"
    "Phòng, chống tội phạm trên địa bàn tỉnh năm 2024; các sở, ban, ngành và thành phố thực hiện, báo cáo."
)
TCVN3 = (
    "CéNG HßA X· HéI CHñ NGHÜA VIÖT NAM\n§éc lËp - Tù do - H¹nh phóc\nKÕ HO¹CH\n"
    "Phßng, chèng téi ph¹m trªn ®Þa bµn tØnh n¨m 2024; c¸c së, ban, ngµnh vµ thµnh phè thùc hiÖn, b¸o c¸o."
)
VNI = (
    "COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM\nÑoäc laäp - Töï do - Haïnh phuùc\nKEÁ HOAÏCH\n"
    "Phoøng, choáng toäi phaïm treân ñòa baøn tænh naêm 2024; caùc sôû, ban, ngaønh vaø thaønh phoá thöïc hieän, "
    "baùo caùo."
)


@pytest.mark.parametrize(
    "content",
    [
        PLAN.encode(),
        PLAN.encode("utf-8-sig"),
        PLAN.encode("utf-16"),
        PLAN.encode("utf-16-le"),
        PLAN.encode("utf-16-be"),
        TCVN3.encode("latin-1"),
        VNI.encode("latin-1"),
        TCVN3.encode(),
        VNI.encode(),
    ],
    ids=["utf-8", "utf-8 marked", "utf-16", "utf-16-le", "utf-16-be", "tcvn3", "vni", "tcvn3 pasted", "vni pasted"],
)
def test_the_same_plan_in_any_encoding_gives_the_same_text(content):
    assert text_of_bytes(content, "a.txt").text == PLAN


def test_every_vietnamese_vowel_comes_back_from_vni():
    assert from_vni("aø aù aû aõ aï aê aè aé aú aü aë aâ aà aá aå aã aä") == "à á ả ã ạ ă ằ ắ ẳ ẵ ặ â ầ ấ ẩ ẫ ậ"
    assert from_vni("ôø ôù ôû ôõ ôï öø öù öû öõ öï ì í æ ó ò î ñ") == "ờ ớ ở ỡ ợ ừ ứ ử ữ ự ì í ỉ ĩ ị ỵ đ"


def test_every_vietnamese_vowel_comes_back_from_tcvn3():
    assert from_tcvn3("µ ¸ ¶ · ¹ ¨ » ¾ ¼ ½ Æ © Ç Ê È É Ë ®") == "à á ả ã ạ ă ằ ắ ẳ ẵ ặ â ầ ấ ẩ ẫ ậ đ"
    assert from_tcvn3("ê í ë ì î õ ø ö ÷ ù × Ý Ø Ü Þ þ") == "ờ ớ ở ỡ ợ ừ ứ ử ữ ự ì í ỉ ĩ ị ỵ"


@pytest.mark.parametrize("text", [PLAN, "Señor Muñoz, café à la crème, Ångström, naïve, öffnen, Größe", "plain words"])
def test_text_that_is_right_stays_as_it_is(text):
    assert in_unicode(text) == text


@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạếềộợữ ,.\n", max_size=400))
def test_unicode_vietnamese_is_never_taken_for_an_old_encoding(text):
    assert in_unicode(text) == text


@given(st.binary(max_size=400))
def test_any_bytes_are_decoded_or_refused(content):
    assert decoded(content) is None or isinstance(decoded(content), str)


def test_a_file_that_lost_its_marks_is_refused():
    with pytest.raises(UnreadableDocument, match="mất dấu tiếng Việt"):
        text_of_bytes(b"K? HO?CH Ph?ng ng?a t?i ph?m tr?n ??a b?n x? n?m 2024\n" * 20, "a.txt")


LETTER = (
    "Ủy ban nhân dân tỉnh ban hành kế hoạch phòng, chống tội phạm năm 2024. Sở Y tế chủ trì, phối hợp với Công an tỉnh "
    "và các cơ quan, đơn vị thực hiện trên địa bàn; báo cáo kết quả trước ngày 15 tháng 12.\n"
)


def test_a_few_quotes_of_another_encoding_in_utf_8_are_read():
    content = LETTER.encode() + b"\x93Kh\xc3\xb4ng\x94 \x96 h\xe1\xba\xbft.\n" + LETTER.encode()
    assert text_of_bytes(content, "a.txt").text == f"{LETTER}“Không” – hết.\n{LETTER}"


def test_text_that_is_mostly_of_another_encoding_is_no_utf_8_with_quotes():
    with pytest.raises(UnreadableDocument, match="Unicode"):
        text_of_bytes("Kế".encode() + bytes(range(0x80, 0xC0)) * 3, "a.txt")


def test_utf_8_that_was_encoded_twice_is_read():
    twice = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in LETTER.encode())
    assert text_of_bytes(twice.encode(), "a.txt").text == LETTER


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_marks_of_order_and_unicode_forms_make_no_difference(encoding):
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, LETTER)
        assert unicodedata.normalize("NFC", text_of_bytes(text.encode(encoding), "a.txt").text) == LETTER


def as_windows_1258(text):
    """As keyboards of that time typed it: letters with a roof, breve or horn as one code, the tone after it."""
    codes = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tones = [mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323"]
        base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tones))
        codes.append((base + "".join(tones)).encode("cp1258"))
    return b"".join(codes)


def test_windows_1258_with_its_separate_marks_is_composed():
    assert text_of_bytes(as_windows_1258(LETTER), "a.txt").text == LETTER


def test_vietnamese_and_other_words_in_unicode_stay_as_they_are():
    text = LETTER + "Résumé, Ångström, naïve, café: Pháp, Đức.\n"
    assert text_of_bytes(text.encode(), "a.md").text == text

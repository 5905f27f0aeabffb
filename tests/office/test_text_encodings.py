"""Old Vietnamese encodings: told from the bytes or from text opened as if it were Latin, and turned into Unicode."""

from __future__ import annotations

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

"""Whether items are taken up below: shared terms, levels of targets, and what a person says before any nearness."""

from __future__ import annotations

from decimal import Decimal

import pytest

from haidang.plans.coverage import Item, Level, Taken, level_of, matches_of, terms_of, whole


def task(pk: int, text: str, plan: int = 1) -> Item:
    return Item(pk, plan, text)


def target(pk: int, text: str, comparator: str, value: str | None, plan: int = 1, unit: str = "%") -> Item:
    return Item(pk, plan, text, "", comparator, None if value is None else Decimal(value), unit)


ABOVE = [
    task(1, "Lắp biển cảnh báo ở bến đò và nhà ga (Sở Xây dựng chủ trì thực hiện)."),
    task(2, "Dạy tiếng Lào cho cán bộ trạm kiểm soát."),
]
BELOW = [
    task(11, "Lắp biển cảnh báo tại bến đò, chợ huyện (Phòng Kinh tế thực hiện).", plan=2),
    task(12, "Trồng cây ven đường.", plan=2),
    task(13, "Mua sổ trực ban.", plan=3),
    *(
        task(20 + number, text, plan=3)
        for number, text in enumerate(
            ("Sửa mái trường", "Nạo vét kênh", "Đếm trâu bò", "Vá đường thôn", "Sơn cổng chợ")
        )
    ),
]


def test_what_says_the_same_is_taken_up_and_the_shared_terms_are_told():
    found = matches_of(ABOVE, BELOW, {})
    (match,) = found[1]
    assert (match.below, match.plan, match.taken) == (11, 2, Taken.YES)
    assert any("biển cảnh báo" in term for term in match.terms)
    assert found[2] == []
    assert whole(found[2]) is Taken.NO


def test_the_same_texts_give_the_same_answer_in_any_order():
    again = matches_of(list(reversed(ABOVE)), list(reversed(BELOW)), {})
    assert again[1] == matches_of(ABOVE, BELOW, {})[1]


def test_who_does_it_and_empty_words_count_for_nothing():
    assert terms_of("Lắp biển (Sở Xây dựng chủ trì, phối hợp Công an tỉnh thực hiện)") == ("lắp biển",)
    assert terms_of("tổ chức triển khai thực hiện kế hoạch") == ()


def test_a_person_counts_before_any_nearness():
    denied = matches_of(ABOVE, BELOW, {(1, 11): False})
    assert whole(denied[1]) is Taken.NO
    said = matches_of(ABOVE, BELOW, {(2, 12): True})
    assert whole(said[2]) is Taken.YES


def test_only_the_nearest_item_of_each_plan_is_shown():
    more = [*BELOW, task(14, "Lắp biển cảnh báo ở bến đò và nhà ga.", plan=2)]
    assert [match.below for match in matches_of(ABOVE, more, {})[1]] == [14]


@pytest.mark.parametrize(
    ("above", "below", "level"),
    [
        (("=", "100"), ("=", "100"), Level.SAME),
        ((">=", "90"), (">=", "85"), Level.LOWER),
        ((">=", "90"), (">", "92"), Level.HIGHER),
        ((">", "90"), (">=", "90"), Level.LOWER),
        ((">=", "90"), (">", "90"), Level.HIGHER),
        (("<=", "5"), ("<=", "8"), Level.LOWER),
        (("<=", "5"), ("<=", "3"), Level.HIGHER),
        (("reduce", "10"), ("reduce", "5"), Level.LOWER),
        (("reduce", None), ("reduce", "5"), Level.UNKNOWN),
        ((">=", "90"), ("reduce", "5"), Level.UNKNOWN),
    ],
)
def test_levels_are_compared_in_their_own_direction(above, below, level):
    assert level_of(target(1, "a", *above), target(2, "a", *below)) is level


def test_levels_of_other_units_are_not_compared():
    assert level_of(target(1, "a", ">=", "90"), target(2, "a", ">=", "85", unit="vụ")) is Level.UNKNOWN


def test_a_direction_is_never_taken_up_by_a_level():
    above = [target(1, "kéo giảm số vụ cháy rừng", "reduce", None)]
    below = [target(11, "kéo giảm số vụ cháy rừng", ">=", "90", plan=2)]
    assert matches_of(above, below, {})[1] == []

"""Plans of a real province beside the samples: somebody of that province can sign in and see them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from haidang.demo.build import build_demo, remembered
from haidang.demo.further import add_plans, new_files
from haidang.demo.people import PASSWORD
from haidang.demo.sizes import SMALL

PLAN = """ỦY BAN NHÂN DÂN
TỈNH LẠNG SƠN

Số: 9/KH-UBND
Lạng Sơn, ngày 03 tháng 3 năm 2025

KẾ HOẠCH
Phòng, chống mua bán người năm 2025 (văn bản giả định)

Thực hiện nhiệm vụ năm 2025, UBND tỉnh ban hành kế hoạch như sau:

I. MỤC TIÊU

- Trên 90% tin báo được giải quyết.

II. NHIỆM VỤ

1. Công an tỉnh chủ trì rà soát địa bàn trọng điểm.

III. TỔ CHỨC THỰC HIỆN

1. Các sở, ngành báo cáo kết quả năm về UBND tỉnh (qua Công an tỉnh) trước ngày 10/12/2025.

Nơi nhận:
- Như trên;
- Lưu: VT.
"""


@pytest.mark.django_db
def test_plans_of_other_provinces_have_somebody_who_sees_them_and_more_can_be_added(
    tmp_path: Path, client: Client, settings: Any
) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "ke-hoach.txt").write_text(PLAN)
    demo = build_demo(tmp_path / "plans", lambda line: None, SMALL)
    account = next(account for account in demo.accounts if account.agency == "Công an tỉnh Lạng Sơn")
    assert "Lạng Sơn" in account.note
    assert client.login(username=account.username, password=PASSWORD)
    page = client.get("/ke-hoach/").content.decode()
    assert "9/KH-UBND" in page
    assert "Sơn Hải" not in page

    told = remembered(tmp_path)
    assert told is not None
    assert new_files(tmp_path / "plans", told) == []
    (tmp_path / "plans" / "khac.txt").write_text(PLAN.replace("LẠNG SƠN", "CAO BẰNG").replace("Lạng Sơn", "Cao Bằng"))
    (tmp_path / "plans" / "nam-sau.txt").write_text(PLAN.replace("2025", "2026").replace(": 9/", ": 8/"))
    told = add_plans(new_files(tmp_path / "plans", told), told, lambda line: None)
    seats = [account["agency"] for account in told["accounts"]]
    assert seats.count("Công an tỉnh Lạng Sơn") == 1, "whoever imported the first plan imports the next as well"
    assert seats[-1] == "Công an tỉnh Cao Bằng"
    assert "8/KH-UBND" in client.get("/ke-hoach/").content.decode()
    assert new_files(tmp_path / "plans", remembered(tmp_path) or {}) == []

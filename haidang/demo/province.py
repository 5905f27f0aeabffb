"""The invented province: areas as records, so that the register gives it the same organs as a real one.

Its codes carry a letter, which no real code has; its name says "(giả định)", and so do the names of all its agencies.
On 01/7/2025 its districts end and its communes merge, as happened everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from haidang.agencies.records import AreaEdge, AreaRecord, Trait

CODE = "S1"
PLACE = "Sơn Hải"
NAME = f"Tỉnh {PLACE} (giả định)"
LAST_DISTRICT_DAY = date(2025, 6, 30)
REFORM = date(2025, 7, 1)
INSTRUMENT = "Văn bản giả định về sắp xếp đơn vị hành chính"

# district: kind, name, its communes (kind, name); the two new communes that the old ones went into
DISTRICTS: tuple[tuple[str, str, tuple[tuple[str, str], ...], tuple[str, str]], ...] = (
    ("Thành phố", "Sơn Hải", (("Phường", "Cầu Muối"), ("Phường", "Chợ Củi"), ("Phường", "Bến Gạch"),
     ("Phường", "Ao Sen"), ("Xã", "Đồng Vối")), ("Cầu Muối", "Ao Sen")),
    ("Thị xã", "Cửa Mành", (("Phường", "Cửa Mành"), ("Phường", "Lạch Đá"), ("Phường", "Xóm Chài"),
     ("Xã", "Bãi Trăng"), ("Xã", "Cồn Sậy")), ("Cửa Mành", "Bãi Trăng")),
    ("Huyện", "Thượng Lũng", (("Thị trấn", "Thượng Lũng"), ("Xã", "Lũng Mây"), ("Xã", "Pa Khe"),
     ("Xã", "Nậm Bươm"), ("Xã", "Sàng Đá")), ("Thượng Lũng", "Nậm Bươm")),
    ("Huyện", "Hạ Lũng", (("Thị trấn", "Hạ Lũng"), ("Xã", "Khe Vàng"), ("Xã", "Bản Ngõa"),
     ("Xã", "Tà Lềnh"), ("Xã", "Đèo Gió Nhỏ")), ("Hạ Lũng", "Tà Lềnh")),
    ("Huyện", "Vân Đài", (("Thị trấn", "Vân Đài"), ("Xã", "Gò Mít"), ("Xã", "Đồng Nếp"),
     ("Xã", "Cây Thị"), ("Xã", "Bàu Cạn Con")), ("Vân Đài", "Cây Thị")),
    ("Huyện", "Suối Lau", (("Thị trấn", "Suối Lau"), ("Xã", "Ia Mưl"), ("Xã", "Đắk Lơ Nhỏ"),
     ("Xã", "Kon Rơm"), ("Xã", "Chư Pơl")), ("Suối Lau", "Kon Rơm")),
    ("Huyện", "Bến Cau", (("Thị trấn", "Bến Cau"), ("Xã", "Rạch Nứa"), ("Xã", "Vàm Lục"),
     ("Xã", "Kinh Mới Đôi"), ("Xã", "Giồng Sến")), ("Bến Cau", "Giồng Sến")),
    ("Huyện", "Đảo Mun", (("Thị trấn", "Đảo Mun"), ("Xã", "Hòn Rớ"), ("Xã", "Bãi Ốc"),
     ("Xã", "Mũi Quạt"), ("Xã", "Vụng Sao")), ("Đảo Mun", "Mũi Quạt")),
)  # fmt: skip
OLD_COMMUNES_TO_FIRST = 3  # of five: three merge into the first new commune, two into the second


def areas(districts: int = len(DISTRICTS)) -> list[AreaRecord]:
    """The province with its first `districts` districts, their communes, and the communes after the reform."""
    return [
        AreaRecord(CODE, NAME, "Tỉnh", "province", None, None, ""),
        *(record for number in range(1, districts + 1) for record in _district(number)),
    ]


def traits() -> list[Trait]:
    """It has a border, hence a border guard."""
    return [Trait("border", frozenset((CODE,)), None, None)]


def lineage(districts: int = len(DISTRICTS)) -> list[AreaEdge]:
    """Which commune went into which on the day of the reform."""
    return [
        AreaEdge(_old_code(number, place), _commune_after(number, place), "merged", True, INSTRUMENT, REFORM)
        for number in range(1, districts + 1)
        for place in range(1, len(DISTRICTS[number - 1][2]) + 1)
    ]


def _district(number: int) -> Iterator[AreaRecord]:
    kind, name, communes, after = DISTRICTS[number - 1]
    code = f"S{number:02d}"
    yield AreaRecord(code, f"{kind} {name}", kind, "district", None, LAST_DISTRICT_DAY, CODE, abolished_by=INSTRUMENT)
    for place, (commune_kind, commune) in enumerate(communes, start=1):
        yield AreaRecord(
            _old_code(number, place), f"{commune_kind} {commune}", commune_kind, "commune", None, LAST_DISTRICT_DAY,
            code, abolished_by=INSTRUMENT,
        )  # fmt: skip
    commune_kind = "Phường" if kind == "Thành phố" else "Xã"
    for place, commune in enumerate(after, start=1):
        yield AreaRecord(
            _new_code(number, place), f"{commune_kind} {commune}", commune_kind, "commune", REFORM, None, CODE,
            established_by=INSTRUMENT,
        )  # fmt: skip


def _old_code(number: int, place: int) -> str:
    return f"S{number:02d}{place:02d}"


def _new_code(number: int, place: int) -> str:
    return f"S{number:02d}5{place}"


def _commune_after(number: int, place: int) -> str:
    return _new_code(number, 1 if place <= OLD_COMMUNES_TO_FIRST else 2)

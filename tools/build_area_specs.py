#!/usr/bin/env python3
"""Make specs/areas/*.csv from the lists of the PyPI package vietnamadminunits and from the later resolutions.

    .venv/bin/python tools/build_area_specs.py                     download the package, write specs/areas
    .venv/bin/python tools/build_area_specs.py --wheel FILE        the same from a wheel that is at hand
    .venv/bin/python tools/build_area_specs.py --check FOLDER      compare what is written with other lists of the units

The package (MIT, (c) 2025 Tran Ngoc Minh Hieu) is read as data, never imported and never a dependency: its lists of
63 provinces / 696 districts / 10,035 communes and of 34 / 3,321, and its mapping of old communes to new ones. What the
package does not know (dates, instruments, the changes after August 2025) stands below as tables.
"""

from __future__ import annotations

import argparse
import csv
import json
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from haidang.kernel.text import fold

PACKAGE = "vietnamadminunits==1.0.4"
TARGET = Path(__file__).resolve().parents[1] / "specs" / "areas"
REFORM = date(2025, 7, 1)
HUE_CITY = date(2025, 1, 1)
PROVINCES_MERGED = "202/2025/QH15"
DISTRICTS_ENDED = "203/2025/QH15"
HUE_RAISED = "175/2024/QH15"

# The resolution of 16/6/2025 that rearranged the communes of each of the 34 provinces (key: code from 01/7/2025).
COMMUNE_RESOLUTION = {
    "91": 1654, "96": 1655, "01": 1656, "04": 1657, "24": 1658, "48": 1659, "66": 1660, "11": 1661, "75": 1662,
    "82": 1663, "52": 1664, "42": 1665, "33": 1666, "56": 1667, "92": 1668, "31": 1669, "12": 1670, "68": 1671,
    "20": 1672, "15": 1673, "37": 1674, "46": 1675, "25": 1676, "51": 1677, "40": 1678, "22": 1679, "44": 1680,
    "14": 1681, "80": 1682, "19": 1683, "08": 1684, "79": 1685, "38": 1686, "86": 1687,
}  # fmt: skip

# A province became a city under central authority: code, first day, instrument.
RAISED_TO_CITY = [
    ("75", date(2026, 4, 30), "30/2026/QH16"),
    ("22", date(2026, 9, 1), "36/2026/QH16"),
    ("24", date(2026, 9, 20), "39/2026/QH16"),
]
# Communes (xã) that became wards (phường), name and code unchanged: first day, instrument, codes.
RAISED_TO_WARD = [
    (date(2026, 4, 30), "237/NQ-UBTVQH16",
     ["25270", "25357", "25363", "26116", "26170", "26248", "26326", "26368", "26425", "26485"]),
    (date(2026, 9, 20), "388/NQ-UBTVQH16",
     ["07294", "07375", "07399", "07444", "07840", "09193", "09292", "09313", "09319", "09454", "09475", "09496"]),
]  # fmt: skip
# Codes in the package that the newer published lists of codes correct.
CODE_CORRECTIONS = {("22", "06970"): "06978"}  # xã Ba Chẽ

# Pairs in the package that the resolution contradicts: thị trấn Thủ Thừa went whole into xã Thủ Thừa (1682, item 20).
FALSE_PAIRS = {("28036", "28087")}

KINDS = ("Thành phố", "Tỉnh", "Quận", "Huyện", "Thị xã", "Thị trấn", "Phường", "Xã", "Đặc khu")

PROVINCE_SOURCES = """
01=01 04=04 08=02,08 11=11 12=12 14=14 15=10,15 19=06,19 20=20 22=22 24=24,27 25=25,26,17 31=31,30 33=33,34
37=37,35,36 38=38 40=40 42=42 44=44,45 46=46 48=48,49 51=51,62 52=52,64 56=56,58 66=66,54 68=68,67,60 75=75,70
79=79,74,77 80=80,72 82=82,87 86=86,83,84 91=91,89 92=92,93,94 96=96,95
"""

INSTRUMENTS = """
175/2024/QH15|Nghị quyết|2024-11-30|Quốc hội|thành lập thành phố Huế trực thuộc trung ương|2025-01-01|có
202/2025/QH15|Nghị quyết|2025-06-12|Quốc hội|sắp xếp đơn vị hành chính cấp tỉnh|2025-07-01|có
203/2025/QH15|Nghị quyết|2025-06-16|Quốc hội|sửa đổi Hiến pháp; kết thúc hoạt động của cấp huyện|2025-07-01|có
72/2025/QH15|Luật|2025-06-16|Quốc hội|Luật Tổ chức chính quyền địa phương|2025-07-01|có
19/2025/QĐ-TTg|Quyết định|2025-06-30|Thủ tướng Chính phủ|danh mục và mã số các đơn vị hành chính|2025-07-01|có
30/2026/QH16|Nghị quyết||Quốc hội|thành lập thành phố Đồng Nai|2026-04-30|chưa xác minh ngày ban hành
237/NQ-UBTVQH16|Nghị quyết|2026-04-14|Ủy ban Thường vụ Quốc hội|thành lập 10 phường ở Đồng Nai|2026-04-30|có
36/2026/QH16|Nghị quyết||Quốc hội|thành lập thành phố Quảng Ninh|2026-09-01|chưa xác minh ngày ban hành
39/2026/QH16|Nghị quyết||Quốc hội|thành lập thành phố Bắc Ninh|2026-09-20|chưa xác minh ngày ban hành
388/NQ-UBTVQH16|Nghị quyết|2026-08-04|Ủy ban Thường vụ Quốc hội|thành lập 12 phường ở Bắc Ninh|2026-09-20|có
"""


@dataclass(frozen=True)
class Area:
    """One row of areas.csv; empty dates are open ends."""

    code: str
    name: str
    kind: str
    level: str
    valid_from: str
    valid_to: str
    parent_code: str
    established_by: str
    abolished_by: str


@dataclass(frozen=True)
class Edge:
    """One row of lineage.csv: `old` (in force until the day before `on`) went into `new` (in force from `on`)."""

    old: str
    new: str
    kind: str
    extent: str
    instrument: str
    on: str


@dataclass(frozen=True)
class Package:
    """The lists of the package: names by code, parents, and the pairs old commune (or island district), new commune."""

    old_provinces: dict[str, str]
    districts: dict[str, tuple[str, str]]
    old_communes: dict[str, tuple[str, str]]
    new_provinces: dict[str, str]
    new_communes: dict[str, tuple[str, str]]
    pairs: list[tuple[str, str]]


def download(folder: Path) -> Path:
    """The wheel of the package, fetched with pip into `folder`, without its dependencies."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), PACKAGE]
    subprocess.run(command, check=True)  # noqa: S603
    return next(folder.glob("vietnamadminunits-*.whl"))


def read_package(wheel: Path, folder: Path) -> Package:
    """The package's lists, taken from its SQLite file and its mapping."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extract("vietnamadminunits/data/dataset.db", folder)
        mapping = json.loads(archive.read("vietnamadminunits/data/converter_2025.json"))
    with sqlite3.connect(folder / "vietnamadminunits/data/dataset.db") as base:
        old = base.execute(
            "SELECT provinceCode, province, districtCode, district, wardCode, ward, provinceKey, districtKey, wardKey"
            " FROM admin_units_legacy"
        ).fetchall()
        new = base.execute("SELECT provinceCode, province, wardCode, ward, provinceKey, wardKey FROM admin_units")
        new_rows = [(p, pn, CODE_CORRECTIONS.get((p, w), w), wn, pk, wk) for p, pn, w, wn, pk, wk in new]
    old_keys = {f"{row[6]}_{row[7]}_{row[8] or ''}": row[4] or row[2] for row in old}
    new_keys = {(row[4], row[5]): row[2] for row in new_rows}
    return Package(
        old_provinces={row[0]: row[1] for row in old},
        districts={row[2]: (tidy(row[3]), row[0]) for row in old},
        old_communes={row[4]: (tidy(row[5]), row[2]) for row in old if row[4]},
        new_provinces={row[0]: row[1] for row in new_rows},
        new_communes={row[2]: (tidy(row[3]), row[0]) for row in new_rows},
        pairs=sorted({(old_keys[o], new_keys[n]) for o, n in mapped_keys(mapping)}),
    )


def mapped_keys(mapping: dict[str, dict]) -> Iterable[tuple[str, tuple[str, str]]]:
    """The package's pairs, as its own keys: old unit, (new province, new commune)."""
    for province, communes in mapping["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, olds in communes.items():
            yield from ((old, (province, commune)) for old in olds)
    for province, divided in mapping["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, news in divided.items():
            yield from ((old, (province, new["newWardKey"])) for new in news)


def tidy(name: str) -> str:
    """The name with its kind written one way: "Thị Trấn Prao" gives "Thị trấn Prao"."""
    kind = next(kind for kind in KINDS if name.lower().startswith(kind.lower() + " "))
    return kind + name[len(kind) :]


def kind_of(name: str) -> str:
    """ "Thị trấn Phó Bảng" gives "thị trấn": the kind is how the name begins."""
    return next(kind for kind in KINDS if name.startswith(kind + " ")).lower()


def eve(day: date) -> str:
    """The day before, in ISO."""
    return (day - timedelta(days=1)).isoformat()


def sources() -> dict[str, list[str]]:
    """New province code to the old codes that went into it."""
    return {new: olds.split(",") for new, olds in (part.split("=") for part in PROVINCE_SOURCES.split())}


def province_rows(package: Package) -> tuple[list[Area], list[Edge]]:
    """The 63 old provinces, the 23 made from 52 of them, Huế's two names."""
    areas, edges = [], []
    on = REFORM.isoformat()
    for new, olds in sources().items():
        name = package.new_provinces[new]
        if len(olds) == 1:
            areas.append(Area(new, name, kind_of(name), "province", "", "", "", "", ""))
            continue
        for old in olds:
            was = package.old_provinces[old]
            areas.append(Area(old, was, kind_of(was), "province", "", eve(REFORM), "", "", PROVINCES_MERGED))
            edges.append(Edge(old, new, "merged", "whole", PROVINCES_MERGED, on))
        areas.append(Area(new, name, kind_of(name), "province", on, "", "", PROVINCES_MERGED, ""))
    return succeed(areas, edges, "46", HUE_CITY, HUE_RAISED, before="Tỉnh Thừa Thiên Huế")


def succeed(
    areas: list[Area], edges: list[Edge], code: str, on: date, instrument: str, *, before: str = "", after: str = ""
) -> tuple[list[Area], list[Edge]]:
    """The open row of `code` cut in two at `on`: it was called `before`, or is called `after` from then."""
    row = next(area for area in areas if area.code == code and not area.valid_to)
    old, new = before or row.name, after or row.name
    first = replace(row, name=old, kind=kind_of(old), valid_to=eve(on), abolished_by=instrument)
    then = replace(row, name=new, kind=kind_of(new), valid_from=on.isoformat(), established_by=instrument)
    kept = [area for area in areas if area is not row]
    return [*kept, first, then], [*edges, Edge(code, code, "kind_changed", "whole", instrument, on.isoformat())]


def lower_rows(package: Package) -> tuple[list[Area], list[Edge]]:
    """Districts and communes until 2025-06-30, communes from 2025-07-01, and the edges between them."""
    new_of = {old: new for new, olds in sources().items() for old in olds}
    end, on = eve(REFORM), REFORM.isoformat()
    areas = [
        Area(code, name, kind_of(name), "district", "", end, parent, "", DISTRICTS_ENDED)
        for code, (name, parent) in package.districts.items()
    ]
    for code, (name, district) in package.old_communes.items():
        number = resolution(new_of[package.districts[district][1]])
        areas.append(Area(code, name, kind_of(name), "commune", "", end, district, "", number))
    for code, (name, province) in package.new_communes.items():
        areas.append(Area(code, name, kind_of(name), "commune", on, "", province, resolution(province), ""))
    return areas, commune_edges(package)


def resolution(province: str) -> str:
    """The number of the resolution on the communes of a province (its code from 01/7/2025)."""
    return f"{COMMUNE_RESOLUTION[province]}/NQ-UBTVQH15"


def commune_edges(package: Package) -> list[Edge]:
    """Old to new communes (and the five island districts that had no communes), with what happened."""
    pairs = without_confused_namesakes(package)
    outs, ins = both_ways(pairs)
    edges = []
    for old, new in pairs:
        was = (package.old_communes.get(old) or package.districts[old])[0]
        now, province = package.new_communes[new]
        whole = len(outs[old]) == 1
        kind = what_happened(was, now, whole=whole, alone=len(ins[new]) == 1)
        extent = "whole" if whole else "part"
        edges.append(Edge(old, new, kind, extent, resolution(province), REFORM.isoformat()))
    return edges


def both_ways(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Old code to its new ones, and new code to its old ones."""
    outs: dict[str, list[str]] = defaultdict(list)
    ins: dict[str, list[str]] = defaultdict(list)
    for old, new in pairs:
        outs[old].append(new)
        ins[new].append(old)
    return outs, ins


def without_confused_namesakes(package: Package) -> list[tuple[str, str]]:
    """The package's pairs less those that it made by mixing up communes of one name in one new province.

    "Phường 4" of Tân An and of Tây Ninh both went, in the package, to what each of them went to. Of such rivals a new
    commune keeps those whose district (or, when there is none, whose old province) sent it other communes, of names
    that are no others'; the rest lose the edge, as long as another one is left to them.
    """
    outs, ins = both_ways(package.pairs)
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for old, (name, _district) in package.old_communes.items():
        groups[name, package.new_communes[outs[old][0]][1]].append(old)
    alone = {group[0] for group in groups.values() if len(group) == 1}
    dropped = set(FALSE_PAIRS)
    for group in groups.values():
        for new in {new for old in group for new in outs[old]}:
            rivals = [old for old in group if new in outs[old]]
            rightful = with_neighbours(rivals, [old for old in ins[new] if old in alone], package)
            dropped |= {(old, new) for old in rivals if rightful and old not in rightful and len(outs[old]) > 1}
    return [pair for pair in package.pairs if pair not in dropped]


def with_neighbours(rivals: list[str], sources: list[str], package: Package) -> list[str]:
    """Those of the rivals that share a district with one of the sources, or failing that a province; all if one."""
    if len(rivals) < 2:
        return rivals
    district = {code: package.old_communes[code][1] for code in (*rivals, *sources)}
    province = {code: package.districts[district[code]][1] for code in district}
    for above in (district, province):
        if found := [old for old in rivals if above[old] in {above[code] for code in sources}]:
            return found
    return rivals


def what_happened(was: str, now: str, *, whole: bool, alone: bool) -> str:
    """The kind of an edge between two communes."""
    if not whole:
        return "split"
    if not alone:
        return "merged"
    if was == now:
        return "continued"
    return "kind_changed" if was.removeprefix(prefix(was)) == now.removeprefix(prefix(now)) else "renamed"


def prefix(name: str) -> str:
    """The kind as it stands in the name."""
    return name[: len(kind_of(name))]


def later_changes(areas: list[Area], edges: list[Edge]) -> tuple[list[Area], list[Edge]]:
    """Provinces that became cities and communes that became wards in 2026."""
    for code, on, instrument in RAISED_TO_CITY:
        name = next(area.name for area in areas if area.code == code and not area.valid_to)
        areas, edges = succeed(areas, edges, code, on, instrument, after=name.replace("Tỉnh", "Thành phố"))
    for on, instrument, codes in RAISED_TO_WARD:
        for code in codes:
            name = next(area.name for area in areas if area.code == code and not area.valid_to)
            areas, edges = succeed(areas, edges, code, on, instrument, after=name.replace("Xã", "Phường"))
    return areas, edges


def instruments() -> list[tuple[str, ...]]:
    """The rows of instruments.csv, the 34 resolutions on communes included."""
    standing = "Ủy ban Thường vụ Quốc hội"
    subject = "sắp xếp các đơn vị hành chính cấp xã năm 2025"
    numbers = sorted(COMMUNE_RESOLUTION.items(), key=lambda item: item[1])
    communes = [
        (
            f"{number}/NQ-UBTVQH15",
            "Nghị quyết",
            "2025-06-16",
            standing,
            f"{subject} (mã tỉnh {code})",
            "2025-07-01",
            "có",
        )
        for code, number in numbers
    ]
    known = [tuple(line.split("|")) for line in INSTRUMENTS.split("\n") if line]
    return [*known, *communes]


def write(path: Path, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """A CSV file, UTF-8, LF."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heads)
        writer.writerows(rows)


def build(wheel: Path | None, target: Path) -> None:
    """Write areas.csv, lineage.csv and instruments.csv into `target`."""
    with tempfile.TemporaryDirectory() as folder:
        package = read_package(wheel or download(Path(folder)), Path(folder))
    upper, upper_edges = province_rows(package)
    lower, lower_edges = lower_rows(package)
    areas, edges = later_changes(upper + lower, upper_edges + lower_edges)
    order = {"province": 0, "district": 1, "commune": 2}
    areas.sort(key=lambda area: (order[area.level], area.code, area.valid_from))
    edges.sort(key=lambda edge: (len(edge.new), edge.on, edge.old, edge.new))
    target.mkdir(parents=True, exist_ok=True)
    write(target / "areas.csv", [f.name for f in fields(Area)], map(astuple, areas))
    write(target / "lineage.csv", [f.name for f in fields(Edge)], map(astuple, edges))
    heads = ("number", "form", "issued_on", "issuer", "subject", "in_operation_from", "verified")
    write(target / "instruments.csv", heads, instruments())
    print(f"{len(areas)} areas, {len(edges)} edges, {len(instruments())} instruments -> {target}")


def check(folder: Path, target: Path) -> int:
    """Compare the written files with other lists (the CSV and JSON of `folder`); returns the count of differences."""
    with (target / "areas.csv").open(encoding="utf-8") as file:
        areas = [Area(**row) for row in csv.DictReader(file)]
    with (target / "lineage.csv").open(encoding="utf-8") as file:
        edges = [Edge(**row) for row in csv.DictReader(file)]
    differences = 0
    for title, mine, theirs in comparisons(folder, areas, edges):
        odd = sorted(map(str, mine ^ theirs))
        differences += len(odd)
        print(f"{title}: {len(mine)} here, {len(theirs)} there, {len(odd)} differ{': ' if odd else ''}{odd[:12]}")
    return differences


def comparisons(folder: Path, areas: list[Area], edges: list[Edge]) -> Iterable[tuple[str, set, set]]:
    """Pairs of sets that should be equal: codes with parents, names (loosely), pairs old to new."""
    old_communes = rows_of(folder / "vn-legacy-wards-2025-06-30.csv")
    old_districts = rows_of(folder / "vn-legacy-districts-2025-06-30.csv")
    pairs = rows_of(folder / "vn-legacy-to-2025-wards.csv")
    units = json.loads((folder / "vn-units-2026-04-30.full.json").read_text(encoding="utf-8"))
    before = {area.code: area for area in areas if in_force(area, "2025-06-30")}
    after = {area.code: area for area in areas if in_force(area, "2026-04-30")}
    provinces = {row["Mã TP"]: row["Tỉnh / Thành Phố"] for row in old_districts}
    yield "old provinces", loose(before, 2), {(code, fold(name)) for code, name in provinces.items()}
    yield "old districts", parents(before, 3), {(row["Mã"], row["Mã TP"]) for row in old_districts}
    yield "old communes", parents(before, 5), {(row["Mã"], row["Mã QH"]) for row in old_communes}
    yield "old commune names", loose(before, 5), {(row["Mã"], fold(row["Tên"])) for row in old_communes}
    yield "new provinces", loose(after, 2), {(unit["Code"], fold(unit["FullName"])) for unit in units}
    yield "new communes", parents(after, 5), {(w["Code"], unit["Code"]) for unit in units for w in unit["Wards"]}
    names = {(ward["Code"], fold(ward["FullName"])) for unit in units for ward in unit["Wards"]}
    yield "new commune names", loose(after, 5), names
    moved = {(edge.old, edge.new) for edge in edges if edge.on == "2025-07-01" and len(edge.new) == 5}
    yield "old to new communes", moved, {(old_code(row), row["newWardCode"]) for row in pairs}
    reused = Counter(edge.old for edge in edges if len(edge.new) == 2 and edge.on == "2025-07-01")
    yield "old provinces merged more than once", {old for old, times in reused.items() if times > 1}, set()


def in_force(area: Area, day: str) -> bool:
    """Whether the row is in force on an ISO day."""
    return (not area.valid_from or area.valid_from <= day) and (not area.valid_to or day <= area.valid_to)


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file with a header."""
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def old_code(row: dict[str, str]) -> str:
    """The old code of a row of the mapping, re-padded (it writes them as numbers), or its district's."""
    return f"{int(float(row['wardCode'])):05d}" if row["wardCode"] else f"{int(row['districtCode']):03d}"


def parents(areas: dict[str, Area], digits: int) -> set[tuple[str, str]]:
    """Code and parent of the areas whose codes have so many digits."""
    return {(code, area.parent_code) for code, area in areas.items() if len(code) == digits}


def loose(areas: dict[str, Area], digits: int) -> set[tuple[str, str]]:
    """Code and folded name of the areas whose codes have so many digits."""
    return {(code, fold(area.name)) for code, area in areas.items() if len(code) == digits}


def main() -> int:
    """Build, or check what was built."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path, help="the package's wheel, when it is at hand")
    parser.add_argument(
        "--check", type=Path, metavar="FOLDER", help="compare with the lists in this folder; no writing"
    )
    parser.add_argument("--target", type=Path, default=TARGET, help="where to write (or what to check)")
    args = parser.parse_args()
    if args.check:
        print(f"{check(args.check, args.target)} differences")
        return 0
    build(args.wheel, args.target)
    return 0


if __name__ == "__main__":
    sys.exit(main())

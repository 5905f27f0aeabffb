"""Facts: one row per entered cell of one accepted version, as two Parquet files that can be rebuilt at any time.

`facts.parquet` holds the cells, `versions.parquet` one row per version and form (derived from the same facts), so that
choosing versions and windows touches a small table. One number, the sheet, joins them. Facts are written part by part,
a part for each province: no more than one part is ever in memory. Writing the same facts in any order gives the same
bytes.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from haidang.kernel.clock import VIET_NAM
from haidang.kernel.windows import Window

if TYPE_CHECKING:
    import pyarrow as pa

FACTS_FILE = "facts.parquet"
VERSIONS_FILE = "versions.parquet"
MOST_VALUE = 10**12  # sums are exact decimals with six places; larger values do not fit their whole part
VERSION_COLUMNS = (
    "version_id",
    "version_number",
    "agency",
    "area_key",
    "area_path",
    "form",
    "window_from",
    "window_to",
    "accepted_at",
    "superseded",
    "provisional",
)
MOST_FORMS = 64  # of one version
_ORDER = ("area_path", "agency", "form", "window_from", "window_to", "version_id", "cell")
_GROUP = 131_072  # rows that are written and read together
_DISAGREE = "the facts of one version disagree about its agency, area, window or date"
_SETTINGS: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 3,
    "use_dictionary": True,
    "write_statistics": True,
    "version": "2.6",
    "data_page_version": "1.0",
    "store_schema": False,
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One cell of one accepted version.

    `area_path` joins the keys of the areas from province down by "/". `value` is given exactly when `state` is
    "number". `accepted_at` must know its time zone. `superseded`: a later version of the same filing is accepted too.
    `provisional`: the figures were due before their window ended. One version may hold several forms.
    Blank cells are no facts.
    """

    agency: str
    area_key: str
    area_path: str
    form: str
    row: str
    column: str
    state: Literal["number", "na", "nd"]
    value: float | None
    window: Window
    version_id: int
    version_number: int
    accepted_at: datetime
    superseded: bool
    provisional: bool

    def __post_init__(self) -> None:
        if (self.value is not None) != (self.state == "number"):
            raise ValueError(f"{self.cell}: a fact has a value exactly when its state is a number")
        if self.value is not None and not abs(self.value) < MOST_VALUE:
            raise ValueError(f"{self.cell}: {self.value} is not a number below {MOST_VALUE}")

    @property
    def cell(self) -> str:
        """The address across forms: "B1.d150.c1"."""
        return f"{self.form}.{self.row}.{self.column}"


@dataclass(frozen=True, slots=True)
class FactsSummary:
    """What was written: number of facts, of versions x forms, and the SHA-256 of the two files' bytes together."""

    facts: int
    versions: int
    sha256: str


def facts_schema() -> pa.Schema:
    """The columns of facts as they are given. `accepted_at` is the clock time in Viet Nam, without a zone."""
    import pyarrow as pa

    return pa.schema(
        [
            pa.field("agency", pa.string(), nullable=False),
            pa.field("area_key", pa.string(), nullable=False),
            pa.field("area_path", pa.string(), nullable=False),
            pa.field("form", pa.string(), nullable=False),
            pa.field("row", pa.string(), nullable=False),
            pa.field("column", pa.string(), nullable=False),
            pa.field("cell", pa.string(), nullable=False),
            pa.field("state", pa.string(), nullable=False),
            pa.field("value", pa.float64()),
            pa.field("window_from", pa.date32(), nullable=False),
            pa.field("window_to", pa.date32(), nullable=False),
            pa.field("version_id", pa.int64(), nullable=False),
            pa.field("version_number", pa.int32(), nullable=False),
            pa.field("accepted_at", pa.timestamp("us"), nullable=False),
            pa.field("superseded", pa.bool_(), nullable=False),
            pa.field("provisional", pa.bool_(), nullable=False),
        ]
    )


def stored_schema() -> pa.Schema:
    """The columns of facts.parquet as it is stored: `sheet` says which version and form, in one number."""
    import pyarrow as pa

    return facts_schema().append(pa.field("sheet", pa.int64(), nullable=False))


def versions_schema() -> pa.Schema:
    """The columns of versions.parquet."""
    import pyarrow as pa

    stored = stored_schema()
    return pa.schema([stored.field(name) for name in (*VERSION_COLUMNS, "sheet")])


def facts_table(facts: Iterable[Fact]) -> pa.Table:
    """The facts as an Arrow table with `facts_schema`."""
    import pyarrow as pa

    columns: dict[str, list[Any]] = {name: [] for name in facts_schema().names}
    plain = [field.name for field in fields(Fact) if field.name not in ("window", "accepted_at")]
    for fact in facts:
        for name in plain:
            columns[name].append(getattr(fact, name))
        columns["cell"].append(fact.cell)
        columns["window_from"].append(fact.window.start)
        columns["window_to"].append(fact.window.end)
        columns["accepted_at"].append(_local(fact.accepted_at))
    return pa.table(columns, schema=facts_schema())


def write_facts(facts: Iterable[Fact], folder: Path) -> FactsSummary:
    """Write both files into `folder` (made when missing), replacing what is there. ValueError for a repeated cell."""
    return write_facts_table(facts_table(facts), folder)


def write_facts_table(table: pa.Table, folder: Path) -> FactsSummary:
    """The same for facts that are columns already (see `facts_schema`)."""
    with FactsWriter(folder) as writer:
        for part in _parts(table):
            writer.add(part)
        return writer.finish()


class FactsWriter:
    """Both files, written part by part; nothing is in place before `finish`. Parts come in order of `root_of`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        import pyarrow.parquet as pq

        self._folder = folder
        self._mark = f"{os.getpid()}.{threading.get_ident()}.unfinished"
        self._file = pq.ParquetWriter(self._path(FACTS_FILE), stored_schema(), **_SETTINGS)
        self._versions: list[pa.Table] = []
        self._seen: set[int] = set()
        self.facts = self.groups = 0

    def add(self, table: pa.Table) -> None:
        """The facts of one part. ValueError for a cell twice, and for a version that disagrees with itself."""
        self.add_joined(*joined(table))

    def add_joined(self, facts: pa.Table, versions: pa.Table) -> None:
        """The same for facts and versions as `joined` gave them."""
        ids = set(versions["version_id"].to_pylist())
        if not self._seen.isdisjoint(ids):
            raise ValueError(_DISAGREE)
        self._seen |= ids
        if facts.num_rows:
            self._file.write_table(facts, row_group_size=_GROUP)
            self._versions.append(versions)
        self.facts += facts.num_rows
        self.groups += -(-facts.num_rows // _GROUP)

    def finish(self) -> FactsSummary:
        """Put both files in the place of those before."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._file.close()
        empty = versions_schema().empty_table()
        versions = pa.concat_tables([empty, *self._versions]).sort_by(
            [("version_id", "ascending"), ("form", "ascending")]
        )
        pq.write_table(versions, self._path(VERSIONS_FILE), row_group_size=_GROUP, **_SETTINGS)
        digest = hashlib.sha256()
        for name in (FACTS_FILE, VERSIONS_FILE):
            with self._path(name).open("rb") as written:
                while block := written.read(1 << 20):
                    digest.update(block)
            self._path(name).replace(self._folder / name)
        return FactsSummary(self.facts, versions.num_rows, digest.hexdigest())

    def __enter__(self) -> FactsWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        for name in (FACTS_FILE, VERSIONS_FILE):
            self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.{self._mark}"


def stored_part(folder: Path, root: str, first_group: int, groups: int) -> tuple[pa.Table, pa.Table]:
    """The facts and versions of one part as they lie in a folder, ready for `FactsWriter.add_joined`."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    with pq.ParquetFile(folder / FACTS_FILE) as stored:
        wanted = range(first_group, first_group + groups)
        facts = stored.read_row_groups(list(wanted)) if groups else stored_schema().empty_table()
    versions = pq.read_table(folder / VERSIONS_FILE)
    paths = versions["area_path"]
    inside = pc.or_(pc.equal(paths, root), pc.starts_with(paths, f"{root}/"))
    return facts.cast(stored_schema()), versions.filter(inside).cast(versions_schema())


def root_of(area_path: str) -> str:
    """The first step of a path: its province."""
    return area_path.partition("/")[0]


def joined(table: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The facts in order, and one row per version and form; both with the `sheet` that joins them.

    ValueError for a cell twice in one version, and for facts of one version that disagree about it.
    """
    facts = table.cast(facts_schema()).sort_by([(name, "ascending") for name in _ORDER])
    _refuse_repeats(facts)
    versions = _versions_of(facts)
    return facts.append_column(stored_schema().field("sheet"), _sheets(facts, versions)), versions


def _versions_of(table: pa.Table) -> pa.Table:
    """One row per version and form, in that order, with its sheet: a number that hangs on the version alone."""
    import numpy as np
    import pyarrow as pa

    keys = ["version_id", "form"]
    versions = table.select(VERSION_COLUMNS).group_by(list(VERSION_COLUMNS)).aggregate([])
    if versions.num_rows != versions.select(keys).group_by(keys).aggregate([]).num_rows:
        raise ValueError(_DISAGREE)
    versions = versions.select(VERSION_COLUMNS).sort_by([(key, "ascending") for key in keys])
    ids = versions["version_id"].to_numpy()
    place = np.arange(len(ids)) - np.searchsorted(ids, ids)
    if len(place) and place.max() >= MOST_FORMS:
        raise ValueError(f"one version holds more than {MOST_FORMS} forms")
    return versions.append_column(versions_schema().field("sheet"), pa.array(ids * MOST_FORMS + place, pa.int64()))


def _sheets(facts: pa.Table, versions: pa.Table) -> pa.Array:
    """The sheet of each fact."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    forms = pc.unique(versions["form"]).sort() if versions.num_rows else pa.array([], pa.string())
    width = max(1, len(forms))

    def key(table: pa.Table) -> Any:
        return table["version_id"].to_numpy() * width + pc.index_in(table["form"], value_set=forms).to_numpy()

    return pa.array(versions["sheet"].to_numpy()[np.searchsorted(key(versions), key(facts))], pa.int64())


def _parts(table: pa.Table) -> Iterator[pa.Table]:
    """The facts of each province by itself, in order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    paths = table["area_path"].combine_chunks().dictionary_encode()
    names = [root_of(path) for path in paths.dictionary.to_pylist()]
    roots = sorted(set(names))
    place = {root: number for number, root in enumerate(roots)}
    which = pa.array([place[name] for name in names], pa.int32()).take(paths.indices)
    by_root = table.take(pc.sort_indices(which))
    counts = {item["values"]: item["counts"] for item in pc.value_counts(which).to_pylist()}
    start = 0
    for number in range(len(roots)):
        yield by_root.slice(start, counts[number])
        start += counts[number]


class FactsTable:
    """The facts in a folder, open for questions; `fresh` adds accepted versions that are not in the files yet.

    `facts` and `versions` are Ibis tables. A folder without files is an empty table. DuckDB runs in memory and may
    fetch no extension. One object may serve several threads: its questions wait in turn.
    """

    def __init__(self, folder: Path, fresh: Iterable[Fact] = ()) -> None:
        import ibis

        self.lock = threading.Lock()
        self.connection = ibis.duckdb.connect(
            ":memory:", autoinstall_known_extensions=False, autoload_known_extensions=False
        )
        facts, versions = joined(facts_table(fresh))
        self.facts = self._table(folder / FACTS_FILE, facts)
        self.versions = self._table(folder / VERSIONS_FILE, versions)

    def _table(self, path: Path, fresh: pa.Table) -> Any:
        import ibis
        import pyarrow as pa

        # Parquet columns are read as nullable; tables in memory must say the same to be joined to them.
        nullable = pa.schema([field.with_nullable(True) for field in fresh.schema])
        in_memory = ibis.memtable(fresh.cast(nullable))
        if not path.exists():
            return in_memory
        stored = self.connection.read_parquet(path)
        return stored.union(in_memory) if fresh.num_rows else stored

    def close(self) -> None:
        """Give the memory back."""
        self.connection.disconnect()

    def __enter__(self) -> FactsTable:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("accepted_at must know its time zone")
    return moment.astimezone(VIET_NAM).replace(tzinfo=None)


def _refuse_repeats(table: pa.Table) -> None:
    distinct = table.select(["version_id", "cell"]).group_by(["version_id", "cell"]).aggregate([])
    if distinct.num_rows != table.num_rows:
        raise ValueError("one version holds the same cell twice")

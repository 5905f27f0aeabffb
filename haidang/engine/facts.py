"""Facts: one row per entered cell of one accepted version, as two Parquet files that can be rebuilt at any time.

`facts.parquet` holds the cells, `versions.parquet` one row per version and form (derived from the same facts), so that
choosing versions and windows touches a small table. Writing the same facts in any order gives the same bytes.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterable
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
_ORDER = ("area_path", "agency", "form", "window_from", "window_to", "version_id", "cell")
_SETTINGS: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 3,
    "row_group_size": 131_072,
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
    """The columns of facts.parquet. `accepted_at` is the clock time in Viet Nam, without a zone."""
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
    table = table.cast(facts_schema()).sort_by([(name, "ascending") for name in _ORDER])
    _refuse_repeats(table)
    versions = versions_of(table)
    folder.mkdir(parents=True, exist_ok=True)
    written = [_write(table, folder / FACTS_FILE), _write(versions, folder / VERSIONS_FILE)]
    digest = hashlib.sha256()
    for unfinished, path in written:
        digest.update(unfinished.read_bytes())
        unfinished.replace(path)
    return FactsSummary(table.num_rows, versions.num_rows, digest.hexdigest())


def versions_of(table: pa.Table) -> pa.Table:
    """One row per version and form, in that order. ValueError when one version's facts disagree about it."""
    keys = ["version_id", "form"]
    versions = table.select(VERSION_COLUMNS).group_by(list(VERSION_COLUMNS)).aggregate([])
    if versions.num_rows != versions.select(keys).group_by(keys).aggregate([]).num_rows:
        raise ValueError("the facts of one version disagree about its agency, area, window or date")
    return versions.select(VERSION_COLUMNS).sort_by([(key, "ascending") for key in keys])


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
        new = facts_table(fresh)
        self.facts = self._table(folder / FACTS_FILE, new)
        self.versions = self._table(folder / VERSIONS_FILE, versions_of(new))

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


def _write(table: pa.Table, path: Path) -> tuple[Path, Path]:
    import pyarrow.parquet as pq

    unfinished = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.unfinished")
    pq.write_table(table, unfinished, **_SETTINGS)
    return unfinished, path

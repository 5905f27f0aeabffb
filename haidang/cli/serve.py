"""Migrate the database and serve Hải Đăng on this machine.

haidang serve                     http://127.0.0.1:8138
haidang serve --demo --plans DIR  build the demonstration first (once), from the plans in DIR
"""

from __future__ import annotations

import argparse
import errno
import socket
import subprocess
import sys
from pathlib import Path

from haidang.cli import UsageError
from haidang.kernel.numbers import count_in


def register(parser: argparse.ArgumentParser) -> None:
    """The arguments of `haidang serve`."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=_port, default=8138)
    parser.add_argument("--workers", type=int, default=2, help="server processes (default: 2)")
    parser.add_argument("--demo", action="store_true", help="build the demonstration first, unless it is there")
    parser.add_argument("--plans", type=Path, default=Path("samples/plans"), help="folder of plans for --demo")


def run(args: argparse.Namespace) -> int:
    """Migrate, perhaps build the demonstration, then serve until stopped."""
    _refuse_a_taken_port(args.host, args.port)
    if status := _prepare(args):
        return status
    print(f"\nHải Đăng: http://{args.host}:{args.port}   (Ctrl+C để dừng)", flush=True)
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "haidang.project.wsgi:application",
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=args.workers,
        blocking_threads=4,
        log_access=False,
        websockets=False,
    ).serve()
    return 0


def _prepare(args: argparse.Namespace) -> int:
    """Bring the database in step, in a process of its own; its exit status.

    The server's workers are forked from this process: had it opened the database or asked for figures, they would
    inherit locks of threads that they do not have, and the first figure would wait for ever.
    """
    if args.demo:
        command = ["-m", "haidang", "demo", "--plans", str(args.plans)]
    else:
        command = ["-c", "from haidang.cli.django_setup import start_django; start_django(migrate=True)"]
    return subprocess.run([sys.executable, *command], check=False).returncode  # noqa: S603


def _port(text: str) -> int:
    port = count_in(text, digits=5)
    if port is None or port > 65535:
        raise argparse.ArgumentTypeError(f"{text} không phải là cổng; ghi một số từ 1 đến 65535")
    return port


def _refuse_a_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = "cổng đã có chương trình khác dùng" if error.errno == errno.EADDRINUSE else error.strerror
            raise UsageError(
                f"Không mở được cổng {port} ở {host}: {why}. Dừng chương trình kia, hoặc chọn cổng khác bằng --port."
            ) from error
    sys.stdout.flush()

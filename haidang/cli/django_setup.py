"""Starting Django for the commands that need the database, with plain words when the database is not ready."""

from __future__ import annotations

import os

from haidang.cli import UsageError


def start_django() -> None:
    """Load the settings and the rooms. Safe to call again; the database is not touched."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haidang.project.settings")
    import django

    django.setup()


def require_tables() -> None:
    """Go on only when the database answers and has our tables; UsageError says what to do otherwise."""
    from django.db import DatabaseError, connection

    try:
        tables = connection.introspection.table_names()
    except DatabaseError as error:
        raise UsageError(f"Không mở được cơ sở dữ liệu ({error}); kiểm tra biến HAIDANG_DATABASE.") from error
    if "filings_version" not in tables:
        raise UsageError(
            "Cơ sở dữ liệu chưa có bảng nào. Chạy “haidang demo” để dựng dữ liệu giả định, "
            "hoặc “haidang serve” để tạo cơ sở dữ liệu trống."
        )


def migrate() -> None:
    """Bring the tables up to date, quietly."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)

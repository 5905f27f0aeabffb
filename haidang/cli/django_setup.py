"""Starting Django for the commands that need the database, with plain words when the database is not ready."""

from __future__ import annotations

import os

from haidang.cli import UsageError


def start_django(*, migrate: bool = False) -> None:
    """Load the settings and the rooms; `migrate` also brings the tables up to date, quietly. Safe to call again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haidang.project.settings")
    import django

    django.setup()
    if migrate:
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connection

        settings.VAR.mkdir(parents=True, exist_ok=True)
        call_command("migrate", interactive=False, verbosity=0)
        if connection.vendor == "sqlite":
            count_rows()


def count_rows() -> None:
    """Let the database count what its tables hold, so that it picks the right index.

    Under a second for all that a country owes. PostgreSQL does this by itself while it runs; after very many rows
    written at once it is told to.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def require_tables() -> None:
    """Go on only when the database answers and has our tables; UsageError says what to do otherwise."""
    from django.db import DatabaseError, connection

    try:
        tables = connection.introspection.table_names()
    except DatabaseError as error:
        raise UsageError(f"Không mở được cơ sở dữ liệu ({error}); kiểm tra biến HAIDANG_DATABASE.") from error
    if "filings_version" not in tables:
        raise UsageError(
            "Cơ sở dữ liệu chưa có bảng nào. Chạy “haidang serve” để tạo cơ sở dữ liệu trống, "
            "hoặc “haidang demo” để dựng dữ liệu giả định."
        )
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise UsageError(
            "Cơ sở dữ liệu được tạo bởi bản phần mềm cũ hơn. Sao lưu rồi chạy “haidang serve” một lần để nâng cấp."
        )

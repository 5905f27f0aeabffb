"""Writing very many rows of one model quickly, with ids given here and content that is already encoded."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import DateTimeField, Field, JSONField, Model
from django.db.models.fields import NOT_PROVIDED

BATCH = 5_000


class Rows:
    """Rows to insert into the table of one model, which must be empty.

    `add` takes columns by name; those not named take the model's default. JSON columns take encoded text. After the
    last row `finish` tells the database which id comes next.
    """

    def __init__(self, model: type[Model]) -> None:
        self._model = model
        fields = list(model._meta.concrete_fields)
        quote = connection.ops.quote_name
        names = ", ".join(quote(str(field.column)) for field in fields)
        marks = ", ".join(["%s"] * len(fields))
        self._statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})"  # noqa: S608
        self._columns = [field.attname for field in fields]
        self._defaults = [_default(field) for field in fields]
        self._moments = {place for place, field in enumerate(fields) if isinstance(field, DateTimeField)}
        self._waiting: list[list[Any]] = []
        self.count = 0

    def add(self, **values: Any) -> int:
        """One row; returns its id."""
        self.count += 1
        row = [values.get(name, default) for name, default in zip(self._columns, self._defaults, strict=True)]
        row[self._columns.index("id")] = self.count
        for place in self._moments:
            row[place] = connection.ops.adapt_datetimefield_value(row[place])
        self._waiting.append(row)
        return self.count

    def flush(self) -> None:
        """Insert what waits."""
        with connection.cursor() as cursor:
            for start in range(0, len(self._waiting), BATCH):
                cursor.executemany(self._statement, self._waiting[start : start + BATCH])
        self._waiting.clear()

    def finish(self) -> None:
        """Insert what waits, and let the next id follow the last one given here."""
        self.flush()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [self._model]):
                cursor.execute(statement)


def _default(field: Field[Any, Any]) -> Any:
    """What a column takes that is not named: the field's default, JSON encoded; None where it has none."""
    if isinstance(field, JSONField):
        return json.dumps(field.get_default()) if field.has_default() else None
    return None if field.default is NOT_PROVIDED and field.null else field.get_default()

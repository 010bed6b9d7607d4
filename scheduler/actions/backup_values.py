"""Values of a copy as JSON, and tables made from what a copy says of its columns, so that an older one is readable."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Float, Integer, LargeBinary, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from scheduler.models.base import UtcDateTime

COLUMN_KINDS: dict[str, Callable[[Any], Any]] = {
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "bytes": b64decode,
    "json": lambda value: value,
    "flag": bool,
    "whole": int,
    "number": float,
    "text": str,
}
"""How a value comes back from JSON, by the kind of its column."""

TYPES: tuple[tuple[str, type[TypeEngine[Any]], Callable[[], TypeEngine[Any]]], ...] = (
    ("json", JSON, lambda: JSON(none_as_null=True)),
    ("moment", DateTime, UtcDateTime),
    ("day", Date, Date),
    ("bytes", LargeBinary, LargeBinary),
    ("flag", Boolean, Boolean),
    ("whole", Integer, Integer),
    ("number", Float, Float),
    ("text", String, Text),
)
"""A kind, the type of the models' columns that have it, and the type by which it is put back."""


def column_kind(column: Column[Any]) -> str:
    """The kind of a model's column, a key of COLUMN_KINDS."""
    stored = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return next(kind for kind, known, _ in TYPES if isinstance(stored, known))


def stored_table(name: str, facts: Mapping[str, Any]) -> Table:
    """A table of a copy: its columns by name and kind. `info` keeps its key, its late columns and its checksum."""
    made = {kind: make for kind, _, make in TYPES}
    columns = [Column(column, made[kind](), info={"kind": kind}) for column, kind in facts["columns"].items()]
    info = {"key": facts["key"], "late": facts["late"], "sha256": facts["sha256"]}
    return Table(name, MetaData(), *columns, info=info)


def to_json(value: Any) -> Any:
    """A value of a row as JSON can hold it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return b64encode(value).decode() if isinstance(value, bytes) else value


def from_json(kind: Callable[[Any], Any], value: Any) -> Any:
    """The value again; None stays None."""
    return None if value is None else kind(value)

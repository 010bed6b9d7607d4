"""A consistent copy of the whole database while it is in use, in one file both databases understand, and back.

The file is a ZIP: `manifest.json` (what made it, and each table's columns) and one `<table>.jsonl` a table, in an
order in which rows can be put back. Written beside its name and moved there when it is whole.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Table, func, inspect, select, text

from scheduler.actions.backup_values import COLUMN_KINDS, column_kind, from_json, stored_table, to_json
from scheduler.actions.ledger import record
from scheduler.database import Database
from scheduler.errors import BadInput, RuleBroken
from scheduler.models import Base
from scheduler.rules.permissions import Actor

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 500


@dataclass(frozen=True)
class Restored:
    """How many rows came back, and how many letters wait for an administrator."""

    rows: int
    held: int


def write_backup(database: Database, file: Path, *, now: datetime) -> int:
    """Write the copy; gives the number of rows. Raises RuleBroken("backup.damaged") when SQLite finds damage."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with database.snapshot() as connection:
            _refuse_damage(database, connection)
            with open(half, "wb", opener=_private) as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as copy:
                rows = _write_tables(connection, copy, revision=database.revision(connection), now=now)
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)
    return rows


def read_manifest(file: Path) -> dict[str, Any]:
    """What the copy says of itself. Raises BadInput where it is none of ours or was damaged."""
    try:
        with zipfile.ZipFile(file) as copy:
            manifest = json.loads(copy.read(MANIFEST))
            broken = copy.testzip()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        raise BadInput("backup.unreadable", file=str(file)) from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT or broken is not None:
        raise BadInput("backup.unreadable", file=str(file))
    return manifest


def restore_backup(database: Database, file: Path, *, over: bool = False, by: Actor, now: datetime) -> Restored:
    """Put the copy back, all or nothing.

    Into an empty database, or with `over` in the place of what is there. Letters not sent yet are held until an
    administrator lets them go, and every sign-in and one-time link is ended: what happened after the copy was made
    is not known here. Raises BadInput for a file that is none, RuleBroken where the database is not empty.
    """
    manifest = read_manifest(file)
    if database.revision() is None:
        database.upgrade(manifest["revision"])
    if database.revision() != manifest["revision"]:
        raise RuleBroken("backup.other-schema", found=manifest["revision"], here=str(database.revision()))
    tables = {name: stored_table(name, columns) for name, columns in manifest["tables"].items()}
    with database.transaction() as db:
        connection = db.connection()
        _make_room(connection, tables.values(), over=over)
        with zipfile.ZipFile(file) as copy:
            rows = sum(_put_back(connection, table, copy) for table in tables.values())
            for table in tables.values():
                _put_back_late(connection, table, copy)
        _set_counters(database, connection, tables.values())
        held = _hold(connection, tables, now)
    database.upgrade()
    with database.transaction() as db:
        record(db, "database.restored", by=by, now=now, made_at=manifest["made_at"], rows=rows, held=held)
    return Restored(rows, held)


def _hold(connection: Connection, tables: dict[str, Table], now: datetime) -> int:
    """Nothing leaves and nobody is signed in by what the copy remembers. Returns how many letters are held."""
    letters = tables["letters"]
    unsent = letters.update().where(letters.c.state.in_(("due", "sending")))
    held = connection.execute(unsent.values(state="held", lease=None, leased_until=None)).rowcount
    for name in ("sign_ins", "one_time_links"):
        table = tables[name]
        connection.execute(table.update().where(table.c.ends_at > now).values(ends_at=now))
    connection.execute(tables["job_beats"].delete())
    return held


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _refuse_damage(database: Database, connection: Connection) -> None:
    if database.sqlite and connection.execute(text("PRAGMA quick_check")).scalar() != "ok":
        raise RuleBroken("backup.damaged")


def _write_tables(connection: Connection, copy: zipfile.ZipFile, *, revision: str | None, now: datetime) -> int:
    tables: dict[str, Any] = {}
    total = 0
    for table in Base.metadata.sorted_tables:
        late = {column.name for column in _late_columns(table)}
        rows, digest = 0, hashlib.sha256()
        with copy.open(f"{table.name}.jsonl", "w", force_zip64=True) as out:
            for line in _lines_of(connection, table):
                out.write(line)
                digest.update(line)
                rows += 1
        columns = {column.name: column_kind(column) for column in table.columns}
        key = [column.name for column in table.primary_key]
        tables[table.name] = {"columns": columns, "key": key, "late": sorted(late), "rows": rows}
        tables[table.name]["sha256"] = digest.hexdigest()
        total += rows
    manifest = {"format": FORMAT, "revision": revision, "made_at": now.isoformat(), "tables": tables}
    copy.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return total


def _lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    query = select(table).order_by(*table.primary_key)
    for row in connection.execution_options(stream_results=True, yield_per=CHUNK).execute(query):
        values = [to_json(value) for value in row]
        yield (json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _late_columns(table: Table) -> Iterable[Any]:
    """Columns that point at rows which may be put back after their own: they are filled in at the end."""
    order = {found.name: place for place, found in enumerate(Base.metadata.sorted_tables)}
    for column in table.columns:
        if any(order[key.column.table.name] >= order[table.name] for key in column.foreign_keys):
            yield column


def _make_room(connection: Connection, tables: Iterable[Table], *, over: bool) -> None:
    known = set(inspect(connection).get_table_names())
    for table in tables:
        if table.name not in known:
            raise BadInput("backup.unreadable", file=table.name)
        if not over and connection.execute(select(func.count()).select_from(table)).scalar():
            raise RuleBroken("backup.not-empty")
    if over:
        _empty(connection)


def _empty(connection: Connection) -> None:
    for table in Base.metadata.sorted_tables:
        for column in _late_columns(table):
            connection.execute(table.update().values({column.name: None}))
    for table in reversed(Base.metadata.sorted_tables):
        connection.execute(table.delete())


def _put_back(connection: Connection, table: Table, copy: zipfile.ZipFile) -> int:
    late = set(table.info["late"])
    done, digest = 0, hashlib.sha256()
    with copy.open(f"{table.name}.jsonl") as lines:
        for chunk in _chunks(lines, digest):
            rows = [_row(table, line) for line in chunk]
            connection.execute(table.insert(), [row | dict.fromkeys(late) for row in rows])
            done += len(rows)
    if digest.hexdigest() != table.info["sha256"]:
        raise BadInput("backup.unreadable", file=f"{table.name}.jsonl")
    return done


def _put_back_late(connection: Connection, table: Table, copy: zipfile.ZipFile) -> None:
    """Second pass: what points forward, or at another row of the same table."""
    late = table.info["late"]
    if not late:
        return
    key = table.c[table.info["key"][0]]
    with copy.open(f"{table.name}.jsonl") as lines:
        for chunk in _chunks(lines, hashlib.sha256()):
            for row in (_row(table, line) for line in chunk):
                values = {name: row[name] for name in late if row[name] is not None}
                if values:
                    connection.execute(table.update().where(key == row[key.name]).values(values))


def _row(table: Table, line: bytes) -> dict[str, Any]:
    values = json.loads(line)
    return {
        column.name: from_json(COLUMN_KINDS[column.info["kind"]], value)
        for column, value in zip(table.columns, values, strict=True)
    }


def _chunks(lines: IO[bytes], digest: Any) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    for line in lines:
        digest.update(line)
        chunk.append(line)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _set_counters(database: Database, connection: Connection, tables: Iterable[Table]) -> None:
    """PostgreSQL counts ids in sequences, which know nothing of rows that came with theirs."""
    if database.sqlite:
        return
    for table in tables:
        if table.info["key"] == ["id"]:
            name = {"name": table.name}
            sequence = connection.execute(text("SELECT pg_get_serial_sequence(:name, 'id')"), name).scalar()
            newest = connection.execute(select(func.max(table.c.id))).scalar()
            if sequence and newest:
                connection.execute(text("SELECT setval(:sequence, :newest)"), {"sequence": sequence, "newest": newest})

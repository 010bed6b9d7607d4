"""A copy while the product runs, and back: whole, into either database, and nothing leaves by itself afterwards."""

import threading
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from scheduler.actions.backup import read_manifest, restore_backup, write_backup
from scheduler.actions.delivery import release_held
from scheduler.database import Database
from scheduler.errors import BadInput, RuleBroken
from scheduler.models import Attachment, Base, Entry, JobBeat, Letter, OneTimeLink, SignIn, Unit
from scheduler.queries.outbox import due_letters
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW, make_account, make_day, make_office, make_published, make_unit
from tests.jobs.outbox import queue


@pytest.fixture
def other(bare_url: str) -> Iterator[Database]:
    """Another database without any schema, on either kind."""
    database = Database(bare_url)
    yield database
    database.engine.dispose()


def fill(database: Database) -> None:
    with database.transaction() as db:
        office, chairman = make_office(db)
        merged = make_unit(db, "00001", name="Phường cũ")
        merged.successor_id = make_unit(db, "00099", name="Phường mới").id
        make_published(db, office, chairman, day=date(2026, 12, 10), attend=["Công an phường"], sequence=2)
        make_day(db, date(2026, 1, 2))
        account = make_account(db, office)
        db.add(SignIn(secret_hash="a", account_id=account.id, created_at=NOW, seen_at=NOW, ends_at=NOW + timedelta(1)))
        db.add(
            OneTimeLink(
                secret_hash="b", account_id=account.id, purpose="password", made_at=NOW, ends_at=NOW + timedelta(3)
            )
        )
        content = bytes(range(256)) * 40
        db.add(
            Attachment(
                unit_id=office.id, slug="x", name="thông báo.pdf", media_type="application/pdf", sha256="", at=NOW,
                content=content,
            )
        )  # fmt: skip
        db.add(JobBeat(job="delivery", ticked_at=NOW))
        queue(db)
        sent = db.get_one(Letter, queue(db))
        sent.state = "sent"


def content_of(database: Database, *besides: str) -> dict[str, list[Any]]:
    """Every row of every table but these."""
    with database.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
            if table.name not in besides
        }


CHANGED = ("letters", "sign_ins", "one_time_links", "job_beats", "ledger")


def test_a_copy_comes_back_whole_into_either_database(database: Database, other: Database, tmp_path: Path) -> None:
    fill(database)
    rows = write_backup(database, tmp_path / "copy.zip", now=NOW)
    restored = restore_backup(other, tmp_path / "copy.zip", by=COMMAND_LINE, now=NOW)
    assert restored.rows == rows > 10
    assert content_of(other, *CHANGED) == content_of(database, *CHANGED)
    with other.transaction() as db:
        unit = make_unit(db, "new", name="Sau khi phục hồi")
        assert unit.id > db.scalar(select(func.max(Unit.id)).where(Unit.code != "new"))


def test_nothing_leaves_and_nobody_is_signed_in_after_a_restore(
    database: Database, other: Database, tmp_path: Path
) -> None:
    fill(database)
    write_backup(database, tmp_path / "copy.zip", now=NOW)
    later = NOW + timedelta(hours=1)
    assert restore_backup(other, tmp_path / "copy.zip", by=COMMAND_LINE, now=later).held == 1
    with other.transaction() as db:
        assert due_letters(db, later) == []
        assert [letter.state for letter in db.scalars(select(Letter).order_by(Letter.id))] == ["held", "sent"]
        assert db.scalars(select(SignIn)).one().ends_at == later
        assert db.scalars(select(OneTimeLink)).one().ends_at == later
        assert db.scalars(select(JobBeat)).all() == []
        entry = db.scalars(select(Entry).where(Entry.deed == "database.restored")).one()
        assert entry.facts["held"] == 1
        assert release_held(db, by=COMMAND_LINE, now=later) == 1
        assert len(due_letters(db, later)) == 1


def test_a_database_with_data_is_not_overwritten_unless_told(database: Database, tmp_path: Path) -> None:
    fill(database)
    write_backup(database, tmp_path / "copy.zip", now=NOW)
    before = content_of(database)
    with pytest.raises(RuleBroken, match="not-empty"):
        restore_backup(database, tmp_path / "copy.zip", by=COMMAND_LINE, now=NOW)
    assert content_of(database) == before
    with database.transaction() as db:
        db.scalars(select(Unit)).first().name = "Đã đổi"  # type: ignore[union-attr]
    restore_backup(database, tmp_path / "copy.zip", over=True, by=COMMAND_LINE, now=NOW)
    assert content_of(database, *CHANGED)["units"] == before["units"]


def test_a_copy_is_of_one_moment_while_others_write(database: Database, tmp_path: Path) -> None:
    fill(database)
    stop = threading.Event()

    def write_pairs() -> None:
        while not stop.is_set():
            with database.transaction() as db:
                queue(db)
                make_unit(db)

    writer = threading.Thread(target=write_pairs)
    writer.start()
    try:
        for n in range(3):
            write_backup(database, tmp_path / f"{n}.zip", now=NOW)
    finally:
        stop.set()
        writer.join()
    for n in range(3):
        tables = read_manifest(tmp_path / f"{n}.zip")["tables"]
        assert tables["letters"]["rows"] - 2 == tables["units"]["rows"] - 5
    assert [path.name for path in tmp_path.glob(".*part")] == []


def test_a_copy_is_readable_by_its_owner_alone(database: Database, tmp_path: Path) -> None:
    write_backup(database, tmp_path / "copy.zip", now=NOW)
    assert (tmp_path / "copy.zip").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", ["absent", "text", "empty zip", "cut", "row"])
def test_a_damaged_copy_is_refused_and_nothing_is_written(
    database: Database, other: Database, tmp_path: Path, damage: str
) -> None:
    fill(database)
    file = tmp_path / "copy.zip"
    write_backup(database, file, now=NOW)
    if damage == "absent":
        file.unlink()
    elif damage == "text":
        file.write_text("xin chào")
    elif damage == "empty zip":
        zipfile.ZipFile(file, "w").close()
    elif damage == "cut":
        file.write_bytes(file.read_bytes()[:-400])
    else:
        with zipfile.ZipFile(file) as good, zipfile.ZipFile(tmp_path / "bad.zip", "w") as bad:
            for name in good.namelist():
                data = good.read(name)
                bad.writestr(name, data.replace("Phường cũ".encode(), "Phường mơ".encode()))
        file = tmp_path / "bad.zip"
    with pytest.raises(BadInput):
        restore_backup(other, file, by=COMMAND_LINE, now=NOW)
    if other.revision() is not None:
        assert all(rows == [] for rows in content_of(other).values())


def test_a_copy_of_another_schema_needs_an_empty_database(database: Database, tmp_path: Path) -> None:
    write_backup(database, tmp_path / "copy.zip", now=NOW)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(RuleBroken, match="other-schema"):
        restore_backup(database, tmp_path / "copy.zip", by=COMMAND_LINE, now=NOW)

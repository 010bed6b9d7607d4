"""Both databases' ways: nothing leaks, foreign keys hold, one upgrades while the others wait."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from scheduler.database import Database, SchemaFault, read_only
from tests.house.source import ROOT
from tests.mailbox import free_port


def test_a_transaction_is_kept_or_forgotten_whole(database: Database) -> None:
    with database.transaction() as db:
        db.execute(text("CREATE TABLE place (name VARCHAR(20) PRIMARY KEY)"))
        db.execute(text("INSERT INTO place VALUES ('kept')"))
    with pytest.raises(IntegrityError), database.transaction() as db:
        db.execute(text("INSERT INTO place VALUES ('forgotten'), ('kept')"))
    with database.open() as db:
        assert db.execute(text("SELECT name FROM place")).scalars().all() == ["kept"]


def test_a_savepoint_undoes_only_its_own(database: Database) -> None:
    with database.transaction() as db:
        db.execute(text("CREATE TABLE place (name VARCHAR(20) PRIMARY KEY)"))
        db.execute(text("INSERT INTO place VALUES ('first')"))
        with pytest.raises(IntegrityError), db.begin_nested():
            db.execute(text("INSERT INTO place VALUES ('first')"))
        db.execute(text("INSERT INTO place VALUES ('second')"))
    with database.open() as db:
        assert db.execute(text("SELECT count(*) FROM place")).scalar_one() == 2


def test_foreign_keys_hold(database: Database) -> None:
    with database.transaction() as db:
        db.execute(text("CREATE TABLE room (id INTEGER PRIMARY KEY)"))
        db.execute(text("CREATE TABLE chair (room INTEGER NOT NULL REFERENCES room (id))"))
    with pytest.raises(IntegrityError), database.transaction() as db:
        db.execute(text("INSERT INTO chair VALUES (7)"))


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.open() as writer, database.open() as reader:
        writer.execute(text("CREATE TABLE place (name VARCHAR(20))"))
        read_only(reader)
        assert reader.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        writer.rollback()


def test_two_writers_take_turns(database: Database) -> None:
    with database.transaction() as db:
        db.execute(text("CREATE TABLE counter (n INTEGER NOT NULL)"))
        db.execute(text("INSERT INTO counter VALUES (0)"))

    def count() -> None:
        for _ in range(20):
            with database.transaction() as db:
                db.execute(text("UPDATE counter SET n = n + 1"))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with database.open() as db:
        assert db.execute(text("SELECT n FROM counter")).scalar_one() == 80


def test_several_processes_may_upgrade_at_once(bare_url: str) -> None:
    words = (
        "import sys; from scheduler.database import Database; d = Database(sys.argv[1]); d.upgrade(); d.check_schema()"
    )
    command = [sys.executable, "-c", words, bare_url]
    processes = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    complaints = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0], complaints


def test_a_new_file_waits_for_who_holds_it(tmp_path: Path) -> None:
    """The turn to WAL is refused at once while anybody reads the file in its first journal mode."""
    path = tmp_path / "new.db"
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    holder.execute("CREATE TABLE t (n INTEGER)")
    holder.execute("BEGIN")
    holder.execute("SELECT count(*) FROM t").fetchone()
    letting_go = threading.Timer(0.5, lambda: holder.execute("COMMIT"))
    letting_go.start()
    database = Database(f"sqlite:///{path}")
    assert database.revision() is None
    letting_go.join()
    holder.close()
    with database.open() as db:
        assert db.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"


def test_a_database_that_does_not_answer_is_named_without_its_password() -> None:
    database = Database(f"postgresql+psycopg://office:hidden-word@127.0.0.1:{free_port()}/lichdan?connect_timeout=2")
    with pytest.raises(SchemaFault) as refusal:
        database.check_schema()
    assert "127.0.0.1" in str(refusal.value)
    assert "hidden-word" not in str(refusal.value)
    assert len(str(refusal.value).splitlines()) == 1


@pytest.mark.parametrize("name", ["/proc/no-such/x.db", "junk.db"])
def test_a_file_that_is_no_database_is_one_sentence(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    if not name.startswith("/"):
        file.write_text("no database " * 100)
    with pytest.raises(SchemaFault) as refusal:
        Database(f"sqlite:///{file}").check_schema()
    assert len(str(refusal.value).splitlines()) == 1


def test_a_newer_schema_is_never_upgraded(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaFault, match="newer"):
        database.upgrade()

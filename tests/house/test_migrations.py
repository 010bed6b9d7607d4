"""The schema on both databases: numbered steps, one head, up and down, and the same as the models say."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, func, inspect, select, text

from scheduler.database import MIGRATIONS, Database, SchemaFault
from scheduler.models import Base, ConclusionItem

INDEX_NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
    "postgresql": "SELECT indexname FROM pg_indexes",
}
FILE_NAME = re.compile(r"\d{4}_[a-z0-9_]+\.py")


@pytest.fixture
def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def test_files_are_numbered_without_a_gap() -> None:
    files = sorted(Path(MIGRATIONS, "versions").glob("[!_]*.py"))
    assert files
    assert [file.name for file in files if not FILE_NAME.fullmatch(file.name)] == []
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))


def test_there_is_one_head_and_the_chain_follows_the_numbers(scripts: ScriptDirectory) -> None:
    assert len(scripts.get_heads()) == 1
    chain = [Path(script.path).name for script in scripts.walk_revisions()]
    assert chain == sorted(chain, reverse=True)


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # SQLite does not tell them; they are named below
def test_the_migrated_schema_is_the_one_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, Base.metadata) == []
        made = {str(row[0]) for row in connection.exec_driver_sql(INDEX_NAMES[connection.dialect.name])}
    assert {str(index.name) for table in Base.metadata.tables.values() for index in table.indexes} - made == set()


def test_every_step_goes_down_and_up_again(bare_url: str, scripts: ScriptDirectory) -> None:
    database = Database(bare_url)
    try:
        revisions = [script.revision for script in scripts.walk_revisions()]
        database.upgrade()
        database.downgrade("-1")
        with pytest.raises(SchemaFault, match="flask --app web db upgrade"):
            database.check_schema()
        database.downgrade("base")
        left = set(inspect(database.engine).get_table_names()) - {"alembic_version"}
        assert left == set()
        for revision in reversed(revisions):
            database.upgrade(revision)
        database.check_schema()
    finally:
        database.engine.dispose()


def test_an_empty_database_is_refused(bare_url: str) -> None:
    database = Database(bare_url)
    try:
        with pytest.raises(SchemaFault, match="flask --app web db upgrade"):
            database.check_schema()
    finally:
        database.engine.dispose()


def test_a_newer_schema_is_refused(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaFault, match="newer"):
        database.check_schema()


@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_rows_of_the_first_schema_live_through_every_step(bare_url: str) -> None:
    """A step that makes a table anew must not drop what points to it."""
    database = Database(bare_url)
    day, moment = date(2026, 12, 10), datetime(2026, 11, 1, tzinfo=UTC)
    rows = {
        "units": {"id": 1, "code": "x", "name": "X", "kind": "place", "level": "commune", "search": "x"}
        | dict.fromkeys(("phone", "email", "address"), "") | {"former_names": []},
        "posts": {"id": 1, "code": "x-p", "unit_id": 1, "title": "P", "search": "p", "duty": "", "is_head": True}
        | {"position": 0},
        "people": {"id": 1, "name": "N", "email": "", "phone": "", "language": "vi", "search": "n"},
        "holdings": {"id": 1, "post_id": 1, "person_id": 1, "valid_from": day},
        "occurrences": {"id": 1, "slug": "s", "uid": "u", "unit_id": 1, "kind": "dialogue", "planned_day": day}
        | {"outcome": "scheduled", "state": "held", "content_changed_at": moment, "created_at": moment}
        | {name: [] for name in ("why", "hours", "attend", "attend_unit_ids", "area", "notify")}
        | dict.fromkeys(
            ("place", "content", "stand_in", "ground", "chair_name", "late_reason", "change_reason"), ""
        )
        | {"chair_stands_in": False, "changed_by_hand": False, "sequence": 0, "version": 1},
        "occurrence_hosts": {"occurrence_id": 1, "post_id": 1, "position": 0},
        "conclusions": {"id": 1, "occurrence_id": 1, "number": "1", "signed_on": day, "signer": "S", "version": 1}
        | {"nothing_to_do": False, "recorded_at": moment},
        "conclusion_items": {"id": 1, "conclusion_id": 1, "position": 1, "text": "Dựng biển", "lead_unit_id": 1}
        | {"working_days": 5, "due_day": day, "due_why": []},
    }  # fmt: skip
    try:
        database.upgrade("0001")
        first = MetaData()
        first.reflect(database.engine, only=list(rows))
        with database.transaction() as db:
            for name, row in rows.items():
                db.execute(first.tables[name].insert().values(row))
        for step in (database.upgrade, lambda: database.downgrade("0001"), database.upgrade):
            step()
            with database.open() as db:
                counts = {name: db.scalar(select(func.count()).select_from(first.tables[name])) for name in rows}
            assert counts == dict.fromkeys(rows, 1)
        with database.open() as db:
            assert db.scalars(select(ConclusionItem.search)).all() == ["dung bien"]
            assert db.scalars(text("PRAGMA foreign_keys")).all() == [1] if database.sqlite else True
    finally:
        database.engine.dispose()

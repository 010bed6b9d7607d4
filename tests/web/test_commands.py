"""The command line's edge: one transaction, one line a fault with its place, exit 2, and nothing written."""

from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from flask import Flask

from scheduler.database import Database, Db
from scheduler.errors import BadInput, Faults, RuleBroken
from scheduler.models import CalendarDay, JobBeat
from scheduler.settings import Settings
from tests.build import NOW
from web import create_app
from web.cli.command import faults_exit_2, with_database


@click.command("write")
@click.argument("how")
@faults_exit_2
@with_database
def write(db: Db, how: str) -> None:
    """Write a row, then end as told."""
    db.add(JobBeat(job=how, ticked_at=NOW))
    db.flush()
    if how == "faults":
        raise Faults([BadInput("forms.required", "dòng 3"), BadInput("forms.not-a-date", "dòng 5")])
    if how == "refused":
        raise RuleBroken("workflow.needs-reason")


def beats(database: Database) -> list[str]:
    with database.open() as db:
        return [beat.job for beat in db.query(JobBeat)]


@pytest.fixture
def app(app: Flask) -> Flask:
    app.cli.add_command(write)
    return app


def test_what_went_well_is_written(app: Flask, database: Database) -> None:
    done = app.test_cli_runner().invoke(args=["write", "well"])
    assert (done.exit_code, done.output) == (0, "")
    assert beats(database) == ["well"]


@pytest.mark.parametrize(
    ("how", "lines"),
    [
        ("faults", ["dòng 3: Chưa điền mục này.", "dòng 5: Ngày không đúng."]),
        ("refused", ["Chưa ghi lý do."]),
    ],
)
def test_what_was_refused_is_told_and_not_written(app: Flask, database: Database, how: str, lines: list[str]) -> None:
    done = app.test_cli_runner().invoke(args=["write", how])
    assert (done.exit_code, done.stdout) == (2, "")
    told = done.stderr.splitlines()
    assert len(told) == len(lines)
    assert all(line.startswith(wanted) for line, wanted in zip(told, lines, strict=True))
    assert beats(database) == []


def test_the_command_line_speaks_the_language_of_its_setting(settings: Settings, database: Database) -> None:
    app = create_app(settings.model_copy(update={"language": "en"}), database)
    app.cli.add_command(write)
    assert "Residents will read it." in app.test_cli_runner().invoke(args=["write", "refused"]).stderr


def test_an_older_schema_is_refused(app: Flask, database: Database) -> None:
    database.downgrade("base")
    done = app.test_cli_runner().invoke(args=["write", "well"])
    assert done.exit_code == 2
    assert "db upgrade" in done.stderr


def test_upgrade_brings_the_schema_and_the_working_days(app: Flask, database: Database) -> None:
    database.downgrade("base")
    for _ in range(2):
        done = app.test_cli_runner().invoke(args=["db", "upgrade"])
        assert (done.exit_code, done.stderr) == (0, "")
    database.check_schema()
    with database.open() as db:
        off = {day.day for day in db.query(CalendarDay).filter_by(off=True)}
    assert datetime(2026, 1, 2, tzinfo=UTC).date() in off


def test_a_database_out_of_reach_is_one_line(tmp_path: Path, settings: Settings, sqlite_url: str) -> None:
    away = Database("postgresql+psycopg://a:secret@127.0.0.1:1/x")
    app = create_app(settings, Database(sqlite_url))
    app.extensions["lichdan"]._database = away
    done = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1
    assert "secret" not in done.stderr

"""`report NAME` on the command line: four formats, and one line with exit 2 for what cannot be."""

import json
from datetime import date

import pytest
from flask import Flask

from scheduler.database import Database
from tests.build import make_office, make_published

ASKED = ("--from", "2026-07-01", "--to", "2026-09-30")


@pytest.fixture
def office(database: Database) -> None:
    with database.transaction() as db:
        unit, chairman = make_office(db)
        make_published(db, unit, chairman, day=date(2026, 8, 13), state="cancelled")


def test_a_report_as_json(app: Flask, office: None) -> None:
    done = app.test_cli_runner().invoke(args=["report", "duties", *ASKED, "--format", "json"])
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    [row] = document["rows"]
    assert (row["key"], row["required"], row["met"], row["cancelled"]) == ("00070-ubnd-chu-tich", 6, 0, 1)
    assert row["due"] + row["open"] == row["required"]


def test_a_report_as_a_table(app: Flask, office: None) -> None:
    done = app.test_cli_runner().invoke(args=["report", "duties", *ASKED, "--unit", "00070"])
    assert done.exit_code == 0
    assert done.stdout.startswith("Từ ngày 01/07/2026 đến hết ngày 30/09/2026, Chủ tịch UBND phường Hoàn Kiếm")


def test_a_report_as_files(app: Flask, office: None) -> None:
    runner = app.test_cli_runner()
    table = runner.invoke(args=["report", "duties", *ASKED, "--format", "csv"])
    assert table.stdout_bytes.startswith(b"\xef\xbb\xbf")
    book = runner.invoke(args=["report", "followups", *ASKED, "--format", "xlsx"])
    assert book.stdout_bytes.startswith(b"PK")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["no-such", *ASKED], "duties, compliance, followups"),
        (["duties", "--from", "2026-02-31", "--to", "2026-03-01"], "--from"),
        (["duties", "--from", "2026-02-01", "--to", "tomorrow"], "--to"),
        (["duties", "--from", "2026-W05-1", "--to", "2026-03-01"], "--from"),
        (["duties", "--from", "2026-03-01", "--to", "2026-02-01"], "(01/02/2026)"),
        (["duties", "--from", "2026-03-01", "--to", "2026-02-01"], "01"),
        (["duties", "--from", "1990-03-01", "--to", "2026-02-01"], "15"),
        (["duties", *ASKED, "--unit", "99999"], "99999"),
        (["duties", *ASKED, "--format", "pdf"], "xlsx"),
    ],
)
def test_what_cannot_be_is_one_line(app: Flask, office: None, args: list[str], words: str) -> None:
    done = app.test_cli_runner().invoke(args=["report", *args])
    assert (done.exit_code, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert words in line


def test_a_missing_day_is_told(app: Flask, office: None) -> None:
    assert app.test_cli_runner().invoke(args=["report", "duties"]).exit_code == 2

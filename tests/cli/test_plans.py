"""`plan preview` and `plan import` as an office's clerk types them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from scheduler.actions.days import seed_days
from scheduler.database import Database
from scheduler.models import Occurrence, Proposal, Schedule, Unit
from tests.actions.plan_texts import TEXT
from tests.build import make_account, make_office
from tests.conftest import NOW

FUTURE = (
    TEXT.replace("2026-07-01", "2035-01-01").replace("2027-06-30", "2035-12-31").replace("2026-12-15", "2035-10-15")
)


def run(app: Flask, *args: str) -> Result:
    return app.test_cli_runner().invoke(args=["plan", *args])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A plan for a year that is far enough ahead to be published in time."""
    path = tmp_path / "ke-hoach.yaml"
    path.write_text(FUTURE, encoding="utf-8")
    return path


@pytest.fixture
def office(database: Database) -> Unit:
    """The office the plan is for, with somebody who approves."""
    with database.transaction() as db:
        unit, _ = make_office(db)
        seed_days(db, NOW)
        make_account(db, unit, "approver", email="duyet@example.vn")
        make_account(db, unit, "leader", email="leader@example.vn")
        return unit


def count(database: Database, table: type) -> int:
    with database.open() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def test_preview_needs_no_database(file: Path, tmp_path: Path) -> None:
    var = tmp_path / "nothing"
    unreachable = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    environment = {**os.environ, "LICHDAN_VAR": str(var), "LICHDAN_DATABASE_URL": unreachable}
    command = [sys.executable, "-m", "flask", "--app", "web", "plan", "preview", str(file)]

    def preview(*more: str) -> str:
        done = subprocess.run(
            [*command, *more], env=environment, capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout

    rows = json.loads(preview("--json"))
    assert len(rows) == 24
    assert rows[0] == {
        "series": "chu-tich",
        "planned": "2035-01-15",
        "date": "2035-01-15",
        "hours": ["07:30-11:30"],
        "hosts": ["Chủ tịch UBND phường"],
        "outcome": "scheduled",
        "why": "Theo lịch: ngày 15 hằng tháng.",
    }
    assert not var.exists()
    assert "Theo lịch: ngày 15 hằng tháng." in preview()


def test_import_makes_drafts_once(app: Flask, database: Database, office: Unit, file: Path) -> None:
    done = run(app, "import", str(file))
    assert done.exit_code == 0
    assert "chu-tich: lịch mới, thêm 12 buổi." in done.stdout
    # The installation works on the day which the file takes off.
    assert "15/10/2035" in done.stderr
    again = run(app, "import", str(file))
    assert "chu-tich: không thay đổi." in again.stdout
    assert "Giữ nguyên: 24." in again.stdout
    with database.open() as db:
        assert {row.state for row in db.scalars(select(Occurrence))} == {"draft"}
        assert db.scalars(select(Occurrence.uid)).first().endswith("@127.0.0.1")  # type: ignore[union-attr]


def test_a_changed_file_prints_what_differs(app: Flask, database: Database, office: Unit, file: Path) -> None:
    run(app, "import", str(file))
    file.write_text(FUTURE.replace("07:30-11:30", "13:30-16:30"), encoding="utf-8")
    done = run(app, "import", str(file))
    assert "~ 15/01/2035: giờ: 07:30-11:30 → 13:30-16:30" in done.stdout
    assert "Sửa: 12." in done.stdout


def test_import_publishes_by_an_account(app: Flask, database: Database, office: Unit, file: Path) -> None:
    done = run(app, "import", str(file), "--publish", "--as", "duyet@example.vn")
    assert done.exit_code == 0, done.stderr
    assert "Đã công bố 24 buổi, người phê duyệt: duyet@example.vn." in done.stdout
    file.write_text(FUTURE.replace("days: [15]", "days: [16]"), encoding="utf-8")
    changed = run(app, "import", str(file))
    assert "? 15/01/2035 đã công bố, đề nghị chờ duyệt: không tổ chức" in changed.stdout
    assert count(database, Proposal) == 12
    with database.open() as db:
        assert {row.state for row in db.scalars(select(Occurrence).where(Occurrence.published_day.is_not(None)))} == {
            "published"
        }


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--publish"], "--as"),
        (["--as", "duyet@example.vn"], "--publish"),
        (["--publish", "--as", "nobody@example.vn"], "nobody@example.vn"),
        (["--publish", "--as", "leader@example.vn"], "không có quyền"),
    ],
)
def test_publishing_that_cannot_be_writes_nothing(
    app: Flask, database: Database, office: Unit, file: Path, options: list[str], words: str
) -> None:
    done = run(app, "import", str(file), *options)
    assert done.exit_code == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert count(database, Schedule) == 0


def test_sittings_too_near_need_a_reason(app: Flask, database: Database, office: Unit, file: Path) -> None:
    file.write_text(TEXT, encoding="utf-8")
    refused = run(app, "import", str(file), "--publish", "--as", "duyet@example.vn")
    assert refused.exit_code == 2
    assert count(database, Schedule) == 0
    reason = ["--reason", "kế hoạch duyệt muộn"]
    done = run(app, "import", str(file), "--publish", "--as", "duyet@example.vn", *reason)
    assert done.exit_code == 0, done.stderr
    with database.open() as db:
        assert "kế hoạch duyệt muộn" in {row.late_reason for row in db.scalars(select(Occurrence))}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("days: [15]", "day: [15]", "Dòng 9"),
        ("starts: 2035-01-01", "starts: 2035-02-31", "31/02/2035"),
        ("- key: pho-chu-tich", "- key: chu-tich", "chu-tich"),
        ("{every: month, days: [15]}", "{every: month, days: [15], interval: 0}", "interval"),
        ("07:30-11:30", "11:30-07:30", "11:30-07:30"),
        ("until: 2035-12-31", "until: 2034-12-31", "2034-12-31"),
        ("series:", "series: [", "Dòng"),
        ("00070-ubnd", "99999", "99999"),
    ],
)
def test_bad_files_are_refused_with_their_place(
    app: Flask, database: Database, office: Unit, file: Path, old: str, new: str, words: str
) -> None:
    file.write_text(FUTURE.replace(old, new, 1), encoding="utf-8")
    done = run(app, "import", str(file))
    assert done.exit_code == 2
    assert words in done.stderr
    assert done.stdout == ""
    assert count(database, Schedule) == 0

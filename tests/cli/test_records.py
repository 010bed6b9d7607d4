"""`records import` as an office types it: all rows or none, a line a fault, and pages that show what came."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from openpyxl import Workbook
from sqlalchemy import func, select

from scheduler.database import Database
from scheduler.models import Entry, Occurrence, Record, RegisterTotal
from tests.build import make_office

HEAD = "unit;post;date;last_day;from;to;held_by;name;days_head;visits;persons"


@pytest.fixture
def office(app: Flask, database: Database) -> FlaskCliRunner:
    with database.transaction() as db:
        make_office(db)
    return app.test_cli_runner()


def written(folder: Path, *lines: str) -> str:
    file = folder / "so.csv"
    file.write_text("\n".join([HEAD, *lines, ""]), "utf-8")
    return str(file)


def test_a_register_and_again(office: FlaskCliRunner, database: Database, tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "00070;Chủ tịch UBND;05/03/2026;;07:30;11:30;head;;;6;8",
        "00070;Chủ tịch UBND;12/03/2026;;07:30;11:30;stand_in;Trần Thay;;2;2",
        "00070;Chủ tịch UBND;01/01/2026;31/01/2026;;;;;3;9;11",
    )
    done = office.invoke(args=["records", "import", file])
    assert (done.exit_code, done.stdout) == (
        0,
        "Đã đọc 3 dòng: ghi kết quả 2 buổi, 1 dòng cộng, 0 đã có từ trước.\n",
    ), done.stderr
    with database.open() as db:
        entries = db.scalar(select(func.count(Entry.id)))
        slugs = db.scalars(select(Occurrence.slug)).all()
    again = office.invoke(args=["records", "import", file])
    assert again.stdout == "Đã đọc 3 dòng: ghi kết quả 0 buổi, 0 dòng cộng, 3 đã có từ trước.\n"
    with database.open() as db:
        assert db.scalar(select(func.count(Entry.id))) == entries
    visitor = office.app.test_client()
    for slug in slugs:
        assert visitor.get(f"/occurrences/{slug}").status_code == 200
        assert visitor.get(f"/en/occurrences/{slug}").status_code == 200
    assert visitor.get("/feeds/unit/00070.ics").status_code == 200
    [first, _] = visitor.get("/api/v1/occurrences?unit=00070&from=2026-03-01&to=2026-03-31").json["items"]
    assert (first["date"], first["status"]) == ("2026-03-05", "held")


def test_a_bad_file_writes_nothing_and_names_each_row(
    office: FlaskCliRunner, database: Database, tmp_path: Path
) -> None:
    file = written(
        tmp_path,
        "00070;Chủ tịch UBND;05/03/2026;;07:30;11:30;head;;;6;8",
        "99999;Chủ tịch UBND;05/03/2026;;07:30;11:30;head;;;6;8",
        "00070;Chủ tịch UBND;12/03/2026;;11:30;07:30;head;;;6;8",
    )
    done = office.invoke(args=["records", "import", file])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "Dòng 3: Không có đơn vị nào mang mã 99999.",
        "Dòng 4: Giờ kết thúc phải sau giờ bắt đầu.",
    ]
    with database.open() as db:
        for table in (Occurrence, Record, RegisterTotal, Entry):
            assert db.scalar(select(func.count()).select_from(table)) == 0


def test_a_workbook(office: FlaskCliRunner, database: Database, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["unit", "post", "date", "from", "to", "visits", "persons"])
    book.active.append(["00070", "Chủ tịch UBND", date(2026, 3, 5), "07:30", "11:30", 6, 8])
    content = BytesIO()
    book.save(content)
    file = tmp_path / "so.xlsx"
    file.write_bytes(content.getvalue())
    done = office.invoke(args=["records", "import", str(file)])
    assert done.exit_code == 0, done.stderr
    with database.open() as db:
        assert db.scalars(select(Record.visits)).all() == [6]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "Không mở được tệp này."),
        (b"", "Tệp không có nội dung."),
        (b"unit;post\n", "Dòng 1: Thiếu cột date."),
        (b"PK\x03\x04 no workbook", "Không mở được tệp .xlsx này."),
    ],
)
def test_what_is_no_register(content: bytes | None, told: str, office: FlaskCliRunner, tmp_path: Path) -> None:
    file = tmp_path / "so.csv"
    if content is not None:
        file.write_bytes(content)
    done = office.invoke(args=["records", "import", str(file)])
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert told in done.stderr


def test_it_explains_itself(office: FlaskCliRunner) -> None:
    done = office.invoke(args=["records", "import", "--help"])
    assert done.exit_code == 0
    assert "matter" in done.stdout

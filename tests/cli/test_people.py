"""`units load-vietnam`, `people import` and `staff add` as an office types them."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from scheduler.actions.accounts import set_password
from scheduler.actions.staff import add_staff
from scheduler.database import Database
from scheduler.intake.vietnam_units import load_vietnam
from scheduler.models import Account, Entry, Holding, OneTimeLink, Unit
from scheduler.queries.accounts import account_by_email
from scheduler.queries.units import unit_by_code
from scheduler.rules.permissions import COMMAND_LINE
from scheduler.settings import Settings
from tests.build import NOW
from web import create_app


@pytest.fixture
def office(app: Flask, database: Database) -> FlaskCliRunner:
    """A command line over a database with Hà Nội in it."""
    with database.transaction() as db:
        load_vietnam(db, ["01"], by=COMMAND_LINE, now=NOW)
    return app.test_cli_runner()


def test_loading_a_province_and_again(app: Flask, database: Database) -> None:
    runner = app.test_cli_runner()
    done = runner.invoke(args=["units", "load-vietnam", "--province", "80", "--province", "01"])
    assert done.exit_code == 0
    assert "Đã nạp 2 tỉnh, thành phố và 222 xã, phường, đặc khu" in done.stdout
    again = runner.invoke(args=["units", "load-vietnam", "--province", "01"])
    assert "Đã nạp 0 tỉnh" in again.stdout
    assert "127 nơi đã có" in again.stdout


@pytest.mark.slow
def test_loading_the_whole_country(app: Flask, database: Database) -> None:
    done = app.test_cli_runner().invoke(args=["units", "load-vietnam"])
    assert done.exit_code == 0
    with database.open() as db:
        counted = db.execute(select(Unit.level, func.count()).where(Unit.kind == "place").group_by(Unit.level))
        assert {row.level: row[1] for row in counted} == {"province": 34, "commune": 3321}


def test_an_unknown_province_ends_with_2(app: Flask, database: Database) -> None:
    done = app.test_cli_runner().invoke(args=["units", "load-vietnam", "--province", "99", "--province", "01"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "--province: Không có tỉnh, thành phố nào mang mã 99. Mã gồm hai chữ số, ví dụ 01 là Hà Nội."
    ]
    with database.open() as db:
        assert db.scalar(select(func.count(Unit.id))) == 0


def test_importing_holders_and_again(office: FlaskCliRunner, database: Database, tmp_path: Path) -> None:
    file = tmp_path / "nguoi.csv"
    file.write_text("unit;post;name;email;from;to\n00070;Chủ tịch UBND;Thử;thu@example.vn;01/07/2025;\n", "utf-8")
    done = office.invoke(args=["people", "import", str(file)])
    assert (done.exit_code, done.stdout) == (
        0,
        "Đã đọc 1 dòng: 1 người mới giữ chức danh, 0 dòng thay đổi, 0 dòng không đổi.\n",
    )
    with database.open() as db:
        entries = db.scalar(select(func.count(Entry.id)))
    again = office.invoke(args=["people", "import", str(file)])
    assert again.stdout == "Đã đọc 1 dòng: 0 người mới giữ chức danh, 0 dòng thay đổi, 1 dòng không đổi.\n"
    with database.open() as db:
        assert db.scalar(select(func.count(Entry.id))) == entries


def test_a_bad_file_writes_nothing_and_names_each_line(
    office: FlaskCliRunner, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "nguoi.csv"
    good = "00070;Chủ tịch UBND;Thử;;;\n"
    file.write_text(f"unit;post;name;email;from;to\n{good}zz;Chủ tịch UBND;B;;;\n00070;Trưởng thôn;C;c@;;\n", "utf-8")
    done = office.invoke(args=["people", "import", str(file)])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "Dòng 3: Không có đơn vị nào mang mã zz.",
        "Dòng 4: Phường Hoàn Kiếm không có chức danh Trưởng thôn, hoặc có nhiều chức danh gần giống. "
        "Ghi mã chức danh, ví dụ 00070-ubnd-chu-tich.",
    ]
    with database.open() as db:
        assert db.scalars(select(Holding)).all() == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "Không mở được tệp này."),
        (b"", "Tệp không có nội dung."),
        (b"unit;post;name\n1;2;\xff\n", "Dòng 2: Chữ trong tệp không theo bảng mã UTF-8."),
        (b"unit;post;name\n", "Tệp không có nội dung."),
    ],
)
def test_a_file_that_cannot_be_read(content: bytes | None, told: str, office: FlaskCliRunner, tmp_path: Path) -> None:
    file = tmp_path / "nguoi.csv"
    if content is not None:
        file.write_bytes(content)
    done = office.invoke(args=["people", "import", str(file)])
    assert done.exit_code == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_is_no_file(office: FlaskCliRunner, tmp_path: Path) -> None:
    assert office.invoke(args=["people", "import", str(tmp_path)]).exit_code == 2


def test_the_first_administrator(office: FlaskCliRunner, database: Database, app: Flask) -> None:
    add = ["staff", "add", "lan@example.vn", "--role", "administrator", "--unit", "01"]
    done = office.invoke(args=add)
    assert done.exit_code == 0
    first, link = done.stdout.splitlines()
    assert first == "Đã lập tài khoản lan@example.vn: Quản trị, Thành phố Hà Nội."
    assert "http://127.0.0.1:8000/links/" in link
    again = office.invoke(args=add)
    assert "Không có gì thay đổi." in again.stdout
    fresh = again.stdout.split("/links/")[1].strip()
    assert fresh not in link
    page = app.test_client().get(f"/links/{fresh}")
    assert page.status_code == 200
    more = office.invoke(
        args=["staff", "add", "lan@example.vn", "--role", "leader", "--unit", "00070", "--post", "Chủ tịch UBND"]
    )
    assert "nhận thêm vai trò: Lãnh đạo, Phường Hoàn Kiếm" in more.stdout
    with database.transaction() as db:
        account = account_by_email(db, "lan@example.vn")
        assert account is not None
        set_password(db, account, "ngựa xanh ăn lúa chín", by=COMMAND_LINE, now=NOW)
        links = db.scalar(select(func.count(OneTimeLink.id)))
    last = office.invoke(args=add)
    assert "đăng nhập như trước" in last.stdout
    assert "/links/" not in last.stdout
    with database.open() as db:
        assert db.scalar(select(func.count(OneTimeLink.id))) == links


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["lan", "--role", "leader", "--unit", "01"], "không phải là địa chỉ thư điện tử"),
        (["a@example.vn", "--role", "boss", "--unit", "01"], "Không có vai trò boss"),
        (["a@example.vn", "--role", "leader", "--unit", "zz"], "Không có đơn vị nào mang mã zz"),
        (["a@example.vn", "--role", "leader", "--unit", "01", "--post", "X"], "không có chức danh X"),
        (["a@example.vn", "--role", "leader"], "--unit"),
        (["a@example.vn", "--role", "leader", "--unit", "01", "--language", "fr"], "--language"),
    ],
)
def test_staff_that_cannot_be_added(words: list[str], told: str, office: FlaskCliRunner, database: Database) -> None:
    done = office.invoke(args=["staff", "add", *words])
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr
    with database.open() as db:
        assert db.scalars(select(Account)).all() == []


def test_a_closed_account_is_not_opened_by_the_way(office: FlaskCliRunner, database: Database) -> None:
    with database.transaction() as db:
        unit = unit_by_code(db, "01")
        add_staff(db, "a@example.vn", role="leader", unit=unit, by=COMMAND_LINE, now=NOW).account.active = False
    done = office.invoke(args=["staff", "add", "a@example.vn", "--role", "approver", "--unit", "01"])
    assert done.exit_code == 2
    assert "đã đóng" in done.stderr


def test_the_command_line_speaks_english_when_asked(settings: Settings, database: Database) -> None:
    app = create_app(settings.model_copy(update={"language": "en"}), database)
    done = app.test_cli_runner().invoke(args=["units", "load-vietnam", "--province", "x"])
    assert done.stderr.startswith("--province: No province has the code")


@pytest.mark.parametrize("words", [["units", "load-vietnam"], ["people", "import"], ["staff", "add"]])
def test_each_command_explains_itself(words: list[str], app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=[*words, "--help"])
    assert done.exit_code == 0
    assert "Usage" in done.stdout

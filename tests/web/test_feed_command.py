"""`feed token`: made, replaced and closed on the command line; bad input ends with 2 and one line."""

import pytest
from click.testing import Result
from flask import Flask

from scheduler.database import Database
from scheduler.models import Entry, FeedToken
from tests.build import make_account, make_office
from tests.visitors import Visitor

POST = "00070-ubnd-chu-tich"


@pytest.fixture(autouse=True)
def office(database: Database) -> None:
    with database.transaction() as db:
        unit, _ = make_office(db)
        make_account(db, unit, "secretariat", email="thuky@example.vn")
        make_account(db, unit, "supervisor", email="giamsat@example.vn")


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["feed", "token", *words])


def path_in(result: Result) -> str:
    address = result.stdout.splitlines()[-1]
    assert address.startswith("http://127.0.0.1:8000/feeds/private/")
    return address.removeprefix("http://127.0.0.1:8000")


@pytest.mark.parametrize("whose", [POST, "thuky@example.vn", " ThuKy@Example.vn"])
def test_an_address_opens_until_it_is_replaced_or_closed(
    app: Flask, client: Visitor, database: Database, whose: str
) -> None:
    first = run(app, whose)
    assert first.exit_code == 0
    assert client.get(path_in(first)).status_code == 200
    second = run(app, whose)
    assert client.get(path_in(first)).status_code == 404
    assert client.get(path_in(second)).status_code == 200
    closed = run(app, whose, "--revoke")
    assert closed.exit_code == 0
    assert "Đã đóng" in closed.stdout
    assert client.get(path_in(second)).status_code == 404
    assert "không có địa chỉ" in run(app, whose, "--revoke").stdout
    with database.open() as db:
        deeds = [entry.deed for entry in db.query(Entry).order_by(Entry.id)]
    assert deeds == ["feed.made", "feed.made", "feed.revoked"]


@pytest.mark.parametrize(
    ("whose", "words"),
    [
        ("nobody@example.vn", "Không có tài khoản hay chức danh"),
        ("00070-ubnd-khong-co", "Không có tài khoản hay chức danh"),
        ("giamsat@example.vn", "không có vai trò"),
    ],
)
def test_bad_input(app: Flask, database: Database, whose: str, words: str) -> None:
    result = run(app, whose)
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    with database.open() as db:
        assert db.query(FeedToken).count() == 0

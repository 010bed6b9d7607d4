"""The desk's search: everything by a few letters, and nothing of another's."""

import pytest

from scheduler.database import Database
from scheduler.models import ConclusionItem
from tests.build import make_account
from tests.visitors import SignIn, Visitor
from tests.web.conftest import Statements
from tests.web.rights_world import World, make_world


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.fixture
def clerk(world: World, database: Database, sign_in: SignIn) -> Visitor:
    with database.transaction() as db:
        account = make_account(db, world.units["own"])
    return sign_in(account)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hoan kiem", "UBND phường Hoàn Kiếm"),
        ("pho chu tich", "Phó Chủ tịch UBND"),
        ("chu tich 10/12", "{draft}"),
        ("17/12/2026", "{sitting}"),
        ("bien bao", "/desk/tasks/{task}"),
        ("dung bien", "/desk/conclusions/{concluded}"),
    ],
)
def test_everything_is_found_without_accents(text: str, found: str, clerk: Visitor, world: World) -> None:
    for prefix in ("", "/en"):
        page = clerk.get(f"{prefix}/desk/search", query_string={"q": text})
        assert page.status_code == 200
        assert found.format(**world.names) in page.text


def test_nothing_of_anothers_is_found(world: World, database: Database, sign_in: SignIn) -> None:
    with database.transaction() as db:
        beside = make_account(db, world.units["beside"])
        officer = make_account(db, world.units["below"], "officer")
    for visitor in (sign_in(beside), sign_in(officer)):
        for text in ("hoan kiem", "chu tich 10/12", "17/12/2026", "bien bao"):
            page = visitor.get("/desk/search", query_string={"q": text}).text
            assert not any(world.names[name] in page for name in ("draft", "sitting", "concluded", "task"))


@pytest.mark.parametrize("text", ["", "%", "'", "_", "31/02/2027", "9" * 5000, "\u0000", "không có gì như thế"])
def test_any_text_is_answered(text: str, clerk: Visitor) -> None:
    assert clerk.get("/desk/search", query_string={"q": text}).status_code == 200


def test_a_search_is_a_handful_of_queries(clerk: Visitor, statements: Statements) -> None:
    clerk.get("/desk/search?q=hoan")
    with statements() as sent:
        clerk.get("/desk/search", query_string={"q": "chu tich hoan kiem 12/2026"})
    assert len(sent) <= 22


def test_a_conclusion_is_found_by_what_it_says_now(world: World, database: Database, clerk: Visitor) -> None:
    with database.transaction() as db:
        db.query(ConclusionItem).one().text = "Sửa đèn đường"
    assert world.names["task"] in clerk.get("/desk/search?q=den+duong").text
    assert world.names["task"] not in clerk.get("/desk/search?q=bien+bao").text

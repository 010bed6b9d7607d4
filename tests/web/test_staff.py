"""Accounts of staff on the pages: roles given and taken, links, closing, and what is refused."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.database import Database
from scheduler.intake.vietnam_units import load_vietnam
from scheduler.models import Account, Role
from scheduler.queries.units import post_by_code, unit_by_code
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW, make_account
from tests.visitors import SignIn, Visitor

CHAIR = "00070-ubnd-chu-tich"


@dataclass
class City:
    """Who administers Hà Nội, and who administers one ward."""

    head: Account
    ward: Account


@pytest.fixture
def city(database: Database) -> City:
    with database.transaction() as db:
        load_vietnam(db, ["01"], by=COMMAND_LINE, now=NOW)
        return City(
            make_account(db, unit_by_code(db, "01"), "administrator"),
            make_account(db, unit_by_code(db, "00070"), "administrator"),
        )


def test_accounts_are_given_roles_and_links(city: City, sign_in: SignIn, app: Flask, database: Database) -> None:
    visitor, client = sign_in(city.ward), app.test_client()
    assert isinstance(client, Visitor)
    person = {"email": "moi@example.vn", "name": "Mới", "role": "leader", "unit": "00070", "post": "Chủ tịch UBND"}
    person["language"] = "vi"
    added = visitor.submit("/desk/staff", person)
    assert added.status_code == 303
    page = visitor.submit(added.location, to=f"{added.location}/link")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    secret = page.text.split("/links/")[1].split("<")[0]
    password = "mưa rơi trên mái ngói đỏ"
    assert client.submit(f"/links/{secret}", {"password": password, "again": password}).status_code == 303
    with database.open() as db:
        role = db.scalars(select(Role).where(Role.role == "leader")).one()
        assert role.post_id == post_by_code(db, CHAIR).id
    assert client.get("/desk/staff").status_code == 403
    assert visitor.submit(added.location, to=f"/desk/staff/roles/{role.id}/end").status_code == 303
    assert "đến hết ngày 21/11/2026" in visitor.get(added.location).text
    assert visitor.submit(added.location, to=f"{added.location}/close").status_code == 303
    assert client.get("/desk/account").status_code == 303
    assert visitor.submit("/desk/staff", person).status_code == 422
    assert visitor.submit(added.location, to=f"{added.location}/reopen").status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [{"email": "x"}, {"role": "boss"}, {"unit": "01"}, {"unit": "zz"}, {"post": "Trưởng thôn"}, {"language": "fr"}],
)
def test_a_role_that_cannot_be_given_is_refused(
    wrong: dict[str, str], city: City, sign_in: SignIn, database: Database
) -> None:
    person = {"email": "moi@example.vn", "name": "", "role": "leader", "unit": "00070", "post": "", "language": "vi"}
    answer = sign_in(city.ward).submit("/desk/staff", person | wrong)
    assert answer.status_code in (403, 404, 422)
    with database.open() as db:
        assert db.scalars(select(Account).where(Account.email == "moi@example.vn")).all() == []


def test_nobody_raises_themselves(city: City, sign_in: SignIn) -> None:
    person = {"email": city.ward.email, "name": "", "role": "approver", "unit": "00070", "post": "", "language": "vi"}
    assert sign_in(city.ward).submit("/desk/staff", person).status_code == 422


def test_who_has_a_role_above_is_not_reset_from_below(city: City, sign_in: SignIn, database: Database) -> None:
    with database.transaction() as db:
        db.add(Role(account_id=city.head.id, unit_id=unit_by_code(db, "00070").id, role="supervisor"))
    visitor = sign_in(city.ward)
    path = f"/desk/staff/{city.head.id}"
    assert visitor.get(path).status_code == 200
    assert visitor.submit("/desk/account", to=f"{path}/link").status_code == 403
    assert visitor.submit("/desk/account", to=f"{path}/close").status_code == 403


def test_accounts_are_found_without_marks(city: City, sign_in: SignIn) -> None:
    visitor = sign_in(city.ward)
    assert city.ward.email in visitor.get(f"/desk/staff?q={city.ward.email[:4]}+hoan+kiem").text
    nobody = visitor.get("/desk/staff?q=khong-ai-ca").text
    assert "0 tài khoản" in nobody
    assert f">{city.ward.email}" not in nobody

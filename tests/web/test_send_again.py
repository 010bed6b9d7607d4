"""Nothing typed is lost when a form has expired or the sign-in has ended."""

import html
import re
from datetime import date

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from scheduler.database import Database
from scheduler.models import Account, Occurrence
from tests.build import make_account, make_occurrence, make_office
from tests.visitors import Clock, SignIn

OWN = {"Origin": "http://localhost"}


@pytest.fixture
def office(database: Database) -> tuple[Account, str]:
    with database.transaction() as db:
        unit, chairman = make_office(db)
        return make_account(db, unit, "secretariat"), make_occurrence(db, unit, chairman, day=date(2026, 12, 17)).slug


def _kept(answer: TestResponse) -> dict[str, str]:
    found = re.findall(r'<textarea name="([^"]+)" hidden>\n?([^<]*)</textarea>', answer.text)
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    fields = {name: html.unescape(value) for name, value in found}
    return fields | ({"csrf_token": token[1]} if token and found else {})


def _typed(version: int) -> dict[str, str]:
    return {"version": str(version), "day": "2026-12-17", "hours": "8:00-9:00", "place": 'Phòng "2" <b>'}


def test_an_expired_form_is_sent_once_more(
    office: tuple[Account, str], sign_in: SignIn, database: Database, app: Flask
) -> None:
    account, slug = office
    visitor, path = sign_in(account), f"/desk/occurrences/{slug}/edit"
    withheld = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    answer = visitor.post(path, data=_typed(1) | {"csrf_token": "old"}, headers=withheld)
    assert answer.status_code == 400
    kept = _kept(answer)
    assert kept["place"] == 'Phòng "2" <b>'
    assert visitor.post(path, data=kept, headers=OWN).status_code == 303
    with database.open() as db:
        assert db.query(Occurrence).one().place == 'Phòng "2" <b>'


def test_an_ended_sign_in_keeps_what_was_typed(office: tuple[Account, str], sign_in: SignIn, clock: Clock) -> None:
    account, slug = office
    visitor, path = sign_in(account), f"/desk/occurrences/{slug}/edit"
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get(path).text)
    assert token
    clock.wait(minutes=31)
    answer = visitor.post(path, data=_typed(1) | {"csrf_token": token[1]}, headers=OWN)
    assert answer.status_code == 401
    assert _kept(answer)["hours"] == "8:00-9:00"


def test_another_site_gets_no_form_to_press(office: tuple[Account, str], sign_in: SignIn) -> None:
    account, slug = office
    visitor, path = sign_in(account), f"/desk/occurrences/{slug}/edit"
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}, {}):
        answer = visitor.post(path, data=_typed(1) | {"csrf_token": "old"}, headers=headers)
        assert answer.status_code == 400
        assert _kept(answer) == {}


def test_a_password_is_never_repeated(office: tuple[Account, str], app: Flask) -> None:
    answer = app.test_client().post("/sign-in", data={"email": "a@b.vn", "password": "bi-mat"}, headers=OWN)
    assert answer.status_code == 400
    assert "bi-mat" not in answer.text

"""Every address has its guard, its two languages and an answer that is never a fault of ours."""

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from scheduler.database import Database
from scheduler.models import Role
from scheduler.rules.permissions import PERMISSIONS, ROLES
from tests.build import make_account, make_office
from tests.visitors import SignIn, Visitor

UNGUARDED = {"static"}
"""Files that lie open to everybody."""
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
SHAPES = ("khong-co", "0", "00070-khong-co", "%27%20OR%201=1--", "x" * 300, "%E1%BB%87", "..%2f..%2fetc", "-1", "%00")
"""What strangers put where a code, a number or a secret belongs."""
MAY_BE_UNREADY = {"/readyz"}
GUARDS = {"public", "staff", "resident_link", "loopback", "token"}


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.rpartition(".")[2] not in UNGUARDED]


def address(rule: Rule, value: str) -> str:
    """The rule's address with every blank filled by `value`; numbers where only numbers fit."""
    path = ""
    for is_converter, part in rule._trace:
        text = part.lstrip("|")
        if is_converter:
            number = isinstance(rule._converters[text], IntegerConverter)
            text = "999999999" if number else value
        path += text
    return path


def test_every_address_has_a_guard(app: Flask) -> None:
    bare = [rule.rule for rule in rules(app) if not getattr(app.view_functions[rule.endpoint], "guard", None)]
    assert bare == []


def test_every_guard_is_known(app: Flask) -> None:
    found = {getattr(app.view_functions[rule.endpoint], "guard", None) for rule in rules(app)} - {None}
    assert found - GUARDS - set(PERMISSIONS) == set()


def test_who_is_not_signed_in_changes_nothing_by_a_guessed_address(app: Flask, client: Visitor) -> None:
    """Without a form token and without a sign-in every unsafe method is refused."""
    answers = {}
    for rule in rules(app):
        for method in sorted(UNSAFE & (rule.methods or set())):
            answer = client.open(address(rule, "khong-co"), method=method)
            answers[f"{method} {rule.rule}"] = answer.status_code
    assert {place: status for place, status in answers.items() if not 300 <= status < 500} == {}


@pytest.fixture(params=["nobody", "administrator"])
def visitor(request: pytest.FixtureRequest, client: Visitor, database: Database, sign_in: SignIn) -> Visitor:
    """Somebody of the street, and somebody who may do most things."""
    if request.param == "nobody":
        return client
    with database.transaction() as db:
        office, _ = make_office(db)
        account = make_account(db, office, "administrator")
        db.add_all(Role(account_id=account.id, unit_id=office.id, role=role) for role in ROLES if role != account.name)
    return sign_in(account)


@pytest.mark.parametrize("language", ["", "/en"])
def test_no_address_answers_with_a_fault_of_ours(app: Flask, visitor: Visitor, language: str) -> None:
    faults = {}
    for rule in rules(app):
        if "GET" in (rule.methods or set()):
            for shape in SHAPES if rule.arguments else SHAPES[:1]:
                status = visitor.get(language + address(rule, shape)).status_code
                if status >= 500 and rule.rule not in MAY_BE_UNREADY:
                    faults[f"{language}{rule.rule} with {shape[:20]}"] = status
    assert faults == {}


@pytest.mark.parametrize(
    "query", ["from=2026-02-31&to=x", "from=0001-01-01&to=9999-12-31", "limit=-1&cursor=%00", "page=1e9&q=%00&kind=x"]
)
def test_no_question_answers_with_a_fault_of_ours(app: Flask, visitor: Visitor, query: str) -> None:
    plain = [rule for rule in rules(app) if "GET" in (rule.methods or set()) and not rule.arguments]
    answers = {rule.rule: visitor.get(f"{rule.rule}?{query}").status_code for rule in plain}
    found = {place: status for place, status in answers.items() if status >= 500 and place not in MAY_BE_UNREADY}
    assert found == {}


def test_no_form_answers_with_a_fault_of_ours(app: Flask, visitor: Visitor) -> None:
    """The form token is left aside here, so that the pages behind it are reached."""
    app.config["WTF_CSRF_ENABLED"] = False
    answers = {}
    for rule in rules(app):
        if "POST" in (rule.methods or set()):
            for shape in ("khong-co", "999999999"):
                answer = visitor.post(address(rule, shape), data={"reason": "\x00", "date": "2026-02-31", "n": "x"})
                answers[f"{rule.rule} with {shape}"] = answer.status_code
    assert {place: status for place, status in answers.items() if status >= 500} == {}


def test_what_does_not_exist_is_404_in_both_languages(client: Visitor) -> None:
    assert client.get("/khong-co-trang-nay").status_code == 404
    assert client.get("/en/no-such-page").status_code == 404


def test_a_page_says_its_language(client: Visitor) -> None:
    assert '<html lang="vi"' in client.get("/").text
    assert '<html lang="en"' in client.get("/en/").text

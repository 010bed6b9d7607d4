"""Who may open and do what: every address of the desk that names a thing × every role × where the reader stands.

What belongs to another unit answers exactly like what does not exist.
"""

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from scheduler.database import Database
from scheduler.models import Account, Attachment, Unit
from scheduler.rules.permissions import PERMISSIONS, ROLES
from tests.build import make_account
from tests.visitors import SignIn, Visitor
from tests.web.rights_matrix import MATRIX
from tests.web.rights_world import World, make_world

ANSWERED = {200, 303, 400, 409, 422}
"""The reader was let in: shown, done, or told what is wrong with an empty form."""
NO_SUCH = {
    "number": "999999",
    "slug": "khongco",
    "code": "khong-co",
    "shape": "pdf",
    "template": "schedule",
    "table": "xlsx",
}

NAMES_NOTHING_OF_A_UNIT = {
    "/desk/decisions/<int:decision_id>",  # the whole installation's, each reader's own rows: tests of decisions
    "/desk/account/sign-ins/<int:sign_in_id>/end",  # one's own: tests of accounts
    "/desk/reports/<name>",
    "/desk/reports/compliance/<code>/<column>",  # a place, not an office: tests of the compliance board
    "/desk/reports/<name>.<any(csv, xlsx, json):shape>",
}


SLUGS = ("draft", "sitting", "document", "concluded", "task")
CODES = dict.fromkeys(SLUGS, "slug") | {
    "unit": "code",
    "post": "code",
    "shape": "shape",
    "table": "table",
    "template": "template",
}


@pytest.fixture
def world(database: Database, app: Flask) -> World:
    app.config["WTF_CSRF_ENABLED"] = False  # the token is another test's; here the pages behind it are reached
    return make_world(database)


def missing(names: dict[str, str]) -> dict[str, str]:
    """Names of the same shape that nothing has."""
    return {name: NO_SUCH[CODES.get(name, "number")] for name in names}


def reader(database: Database, sign_in: SignIn, unit: Unit, role: str) -> Visitor:
    """Somebody with this one role in this one unit."""
    with database.transaction() as db:
        account: Account = make_account(db, unit, role)
    return sign_in(account)


def asked(visitor: Visitor, method: str, path: str) -> TestResponse:
    if method == "GET":
        return visitor.get(path)
    fields = dict(pair.split("=") for pair in path.partition("?")[2].split("&") if pair)
    return visitor.post(path.partition("?")[0], data=fields)


def words(answer: TestResponse, path: str) -> str:
    """The answer without what every page has of its own: the address it was asked for, and its form token."""
    plain = path.partition("?")[0]
    page = re.sub(r'(name="csrf_token"[^>]*value=)"[^"]*"', r"\1", answer.text)
    return re.sub(r"\?id=\d+|%3Fid%3D\d+", "", page).replace(plain, "@").replace(plain.replace("/", "%2F"), "@")


one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@one_database
@pytest.mark.parametrize("role", ROLES)
def test_a_role_does_in_its_unit_what_the_table_says_and_nothing_else(
    role: str, world: World, database: Database, sign_in: SignIn
) -> None:
    visitor, wrong = reader(database, sign_in, world.units["own"], role), {}
    for method, path, act in MATRIX:
        status = asked(visitor, method, path.format(**world.names)).status_code
        let_in = role in PERMISSIONS[act]
        if status not in (ANSWERED if let_in else {403}):
            wrong[f"{method} {path}"] = (status, "let in" if let_in else "refused")
    assert wrong == {}


@one_database
def test_who_stands_above_does_the_same(world: World, database: Database, sign_in: SignIn) -> None:
    visitors = {role: reader(database, sign_in, world.units["above"], role) for role in ROLES}
    answers = {
        f"{method} {path}": asked(visitors[PERMISSIONS[act][0]], method, path.format(**world.names)).status_code
        for method, path, act in MATRIX
    }
    assert {place: status for place, status in answers.items() if status not in ANSWERED} == {}


@one_database
@pytest.mark.parametrize("where", ["below", "beside"])
def test_what_is_anothers_answers_like_what_does_not_exist(
    where: str, world: World, database: Database, sign_in: SignIn
) -> None:
    visitors = {role: reader(database, sign_in, world.units[where], role) for role in ROLES}
    told = {}
    for method, path, act in MATRIX:
        for role in PERMISSIONS[act]:
            there, nowhere = (path.format(**names) for names in (world.names, missing(world.names)))
            foreign, unknown = (asked(visitors[role], method, one) for one in (there, nowhere))
            same = words(foreign, there) == words(unknown, nowhere)
            if (foreign.status_code, unknown.status_code, same) != (404, 404, True):
                told[f"{role} {method} {path}"] = (foreign.status_code, unknown.status_code, same)
    assert told == {}


@one_database
def test_the_lists_of_others_hold_nothing_of_the_office(world: World, database: Database, sign_in: SignIn) -> None:
    lists = ("occurrences?list=all", "tasks", "letters", "ledger", "proposals", "schedules", "people", "units")
    lists += ("calendar?day=2026-12-10", "calendar/events?from=2026-12-01&to=2026-12-31", "unposted", "short-duties")
    office, seen = world.units["own"].name, {}
    for where in ("above", "beside", "below"):
        visitor = reader(database, sign_in, world.units[where], "secretariat")
        pages = {name: visitor.get(f"/desk/{name}").text for name in (*lists, "units?q=hoan+kiem", "reports/duties")}
        marks = [world.names[name] for name in ("draft", "sitting", "task")] + [office] * (where != "below")
        seen[where] = [name for name, page in pages.items() if any(mark in page for mark in marks)]
    assert seen["above"]
    assert (seen["beside"], seen["below"]) == ([], [])


@one_database
@pytest.mark.parametrize(("step", "role"), [("submit", "secretariat"), ("approve", "approver")])
def test_a_list_is_moved_on_only_where_one_may(
    step: str, role: str, world: World, database: Database, sign_in: SignIn
) -> None:
    def moved(where: str, by: str, number: str) -> int:
        visitor = reader(database, sign_in, world.units[where], by)
        return visitor.post(f"/desk/occurrences/{step}", data={"id": number}).status_code

    number = world.names["draft_id"]
    assert moved("beside", role, number) == moved("below", role, number) == moved("beside", role, "999999") == 404
    assert moved("own", "supervisor", number) == 403
    assert moved("own", role, number) in (303, 422)


@one_database
def test_a_paper_is_shown_to_everybody_only_when_it_is_public(
    world: World, client: Visitor, database: Database
) -> None:
    private, nowhere = client.get(f"/papers/{world.names['proof']}"), client.get("/papers/khongco")
    assert (private.status_code, nowhere.status_code) == (404, 404)
    assert words(private, f"/papers/{world.names['proof']}") == words(nowhere, "/papers/khongco")
    with database.transaction() as db:
        db.query(Attachment).filter_by(slug=world.names["proof"]).one().public = True
    assert client.get(f"/papers/{world.names['proof']}").status_code == 200


@one_database
@pytest.mark.parametrize("state", ["draft"])
def test_residents_see_nothing_of_a_draft(state: str, world: World, client: Visitor) -> None:
    answers = [client.get(f"/occurrences/{slug}") for slug in (world.names[state], "khongco")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert client.get(f"/occurrences/{world.names[state]}.ics").status_code == 404
    assert world.names[state] not in client.get("/api/v1/occurrences?from=2026-12-01&to=2026-12-31").text


def test_every_address_that_names_a_thing_stands_in_the_matrix(app: Flask) -> None:
    told = {re.sub(r"\{[^}]*\}", "*", path.partition("?")[0]) for _, path, _ in MATRIX}
    named = {
        re.sub(r"<[^>]*>", "*", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/desk/") and rule.arguments and rule.rule not in NAMES_NOTHING_OF_A_UNIT
    }
    told = {re.sub(r"/(move|cancel|called)$", "/*", path) for path in told}
    told = {re.sub(r"^/desk/counter/visits/\*/undo$", "/desk/counter/visits/*/*", path) for path in told}
    told = {re.sub(r"^/desk/tasks/\*/progress$", "/desk/tasks/*/*", path) for path in told}
    told = {re.sub(r"^/desk/matters/\*/[a-z]+$", "/desk/matters/*/*", path) for path in told}
    assert named - told == set()


def test_nobody_is_led_elsewhere(client: Visitor, database: Database) -> None:
    """`next` of the sign-in: only an address of this site; whatever else is typed leads to the desk."""
    for wanted in (
        "//evil.example",
        "/\\evil.example",
        "https:evil",
        "https://evil.example",
        "/%0d%0aX: 1",
        "javascript:1",
    ):
        page = client.get("/sign-in", query_string={"next": wanted})
        assert page.status_code == 200
        assert not re.search(r'(href|action|src)="(//|https?:|javascript:|/\\)', page.text), wanted

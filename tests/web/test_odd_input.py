"""Odd values in every field of every address of the desk: refused in words, never a fault of the program.

What an address reads is not listed here: the request tells which names were asked for, and each is then given a value
that nobody means. An address that is new tomorrow is walked by itself.
"""

import json
from collections.abc import Iterator
from typing import Any, ClassVar
from zlib import crc32

import pytest
from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict

from scheduler.database import Database
from scheduler.models import Role
from scheduler.rules.permissions import ROLES
from tests.build import make_account
from tests.visitors import SignIn, Visitor
from tests.web.rights_world import World, make_world
from tests.web.test_rights import MATRIX

ODD = (
    "9223372036854775808", "a\x00b", "9999-12-31", "-1", "0001-01-01", "<script>%", "é" * 3000, "[{", "99:99-00:00",
)  # fmt: skip
USUAL = {
    "first": "2026-12-01", "last": "2026-12-31", "first_day": "2026-12-01", "last_day": "2026-12-02", "n": "1",
    "day": "2026-12-11", "from": "2026-12-01", "to": "2026-12-31", "signed_on": "2026-11-20", "starts": "2026-12-01",
    "since": "2027-01-01", "until": "2027-12-31", "done_on": "2026-11-20", "sent_on": "2026-11-20", "year": "2027",
    "reason": "Họp", "why": "Họp", "text": "Tháng 12: Ngày 10 (Thứ 5)", "name": "Một", "title": "Một", "number": "12",
    "kind": "periodic_reception", "hours": "07:30-11:30", "place": "Trụ sở", "chair": "Bà A", "version": "0",
    "source": "QĐ 1", "key": "regulation", "value": "yes", "list": "all", "q": "hoan", "month": "2026-12",
    "email": "a@example.vn", "role": "officer", "where": "office", "shares": "00071-ubnd", "code": "00099",
}  # fmt: skip
"""What a form is filled with besides the one odd value, so that it is read to its end."""
PLACES = {
    "/desk/occurrences/{sitting}/change/": ("move", "postpone", "restore", "change_place", "change_hours"),
    "/desk/occurrences/{sitting}/change/change_": ("chair",),
    "/desk/reports/compliance/00070/": ("published", "reported"),
}
"""Addresses whose last word is one of several."""
ENDS_THE_SIGN_IN = ("/desk/account", "/desk/account/password")


class Asked(ImmutableMultiDict[str, str]):
    """What came with a request; it remembers which names were asked for."""

    names: ClassVar[set[str]] = set()

    def get(self, key: str, *more: Any, **named: Any) -> Any:
        self.names.add(key)
        return super().get(key, *more, **named)

    def getlist(self, key: str, *more: Any, **named: Any) -> Any:
        self.names.add(key)
        return super().getlist(key, *more, **named)

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)


class AskedRequest(Request):
    """A request that remembers it."""

    parameter_storage_class = Asked


@pytest.fixture
def world(database: Database, app: Flask) -> World:
    app.config["WTF_CSRF_ENABLED"] = False  # the token is another test's; here what stands behind it is reached
    app.request_class = AskedRequest
    return make_world(database)


@pytest.fixture
def visitor(world: World, database: Database, sign_in: SignIn) -> Visitor:
    """Somebody whom every door is open to."""
    with database.transaction() as db:
        account = make_account(db, world.units["above"], ROLES[0])
        db.add_all(Role(account_id=account.id, unit_id=world.units["own"].id, role=role) for role in ROLES[1:])
    return sign_in(account)


def addresses(app: Flask, method: str) -> Iterator[str]:
    """Every address of the desk that answers this method, with what stands in it named as in the matrix."""
    yield from dict.fromkeys(path for verb, path, _ in MATRIX if verb == method)
    for rule in app.url_map.iter_rules():
        plain = rule.rule.startswith("/desk") and not rule.arguments and rule.rule not in ENDS_THE_SIGN_IN
        if plain and method in (rule.methods or ()):
            yield rule.rule
    yield from (place + last for place, lasts in PLACES.items() for last in lasts)


def answer(visitor: Visitor, method: str, path: str, fields: dict[str, str]) -> tuple[int, list[str]]:
    """The status, and the names the page asked for."""
    Asked.names.clear()
    sent = {"query_string": fields} if method == "GET" else {"data": fields}
    status = visitor.open(path, method=method, **sent).status_code
    return status, sorted(name for name in Asked.names if name not in ("", "csrf_token"))


one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@one_database
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_value_that_nobody_means_is_no_fault_of_the_program(
    method: str, app: Flask, world: World, visitor: Visitor
) -> None:
    usual = USUAL | {"unit": world.units["own"].code, "id": world.names["draft_id"]}
    broken, walked = {}, 0
    for address in addresses(app, method):
        path, _, query = address.format(**world.names).partition("?")
        fields = usual | dict(pair.split("=") for pair in query.split("&") if pair)
        status, names = answer(visitor, method, path, fields)
        walked += 1
        if status >= 500:
            broken[f"{method} {address}"] = status
        for name in names:
            odd = ODD[crc32(f"{address}{name}".encode()) % len(ODD)]
            status, _ = answer(visitor, method, path, fields | {name: odd})
            if status >= 500:
                broken[f"{method} {address} {name}={odd[:20]!r}"] = status
    assert broken == {}
    assert walked > 40


@one_database
@pytest.mark.parametrize(
    "content",
    ["[" * 100_000, "5", '{"hosts": 5}', '{"hosts": [9223372036854775808]}', '{"chair": 5, "hours": {"a": 1}}',
     '{"place": "\\ud800"}', json.dumps({"day": [1], "attend": 3, "content": None})],
)  # fmt: skip
def test_what_a_page_of_the_approver_brings_back_is_not_trusted(content: str, world: World, visitor: Visitor) -> None:
    number = world.names["draft_id"]
    sent = {"id": number, f"seen-{number}": content, "seen-99999999999": content}
    for wanted in ("approve", "new-dates", "look"):
        assert visitor.post("/desk/occurrences/approve", data={**sent, "do": wanted}).status_code in (200, 409, 422)
    assert visitor.post("/desk/consents", data=sent).status_code in (404, 409)

"""Pages answered from memory: the same bytes and headers, never older than their rule says, never somebody's own."""

import gzip
import re
import time
from datetime import date

import pytest
from flask import Flask
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from scheduler.actions.changes import move_occurrence
from scheduler.database import Database
from scheduler.models import Unit
from tests.build import make_account
from tests.calendars.test_feeds import counted
from tests.visitors import Clock, SignIn, Visitor
from tests.web.wards import Ward, order
from web.figures import text_of_figures
from web.kept_answers import FRESH_SECONDS
from web.kept_pages import ENDPOINTS, PATH
from web.state import state_of

UNIT, API = "/units/00070", "/api/v1/occurrences"
WHOLE = ("/", UNIT, "/en/units/00070", "/posts/00070-ubnd-chu-tich", API, "/api/v1/openapi.json")
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MOVED = "từ thứ Năm, 26/11/2026 sang thứ Sáu, 27/11/2026"


@pytest.fixture(autouse=True)
def keeping(app: Flask) -> None:
    state_of(app).keeps_pages = True


def told(answer: TestResponse) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in answer.headers if name != "Date")


def about_pages(questions: list[str]) -> list[str]:
    """All but the one small question a second whether any calendar has changed."""
    return [one for one in questions if not one.startswith("BEGIN") and "feed_versions" not in one]


def move(database: Database, ward: Ward, sitting: str) -> None:
    with database.transaction() as db:
        slug, given = order(db, ward, sitting)
        move_occurrence(db, slug, given, day=date(2026, 11, 27))


@SQLITE
def test_the_second_answer_is_the_first_without_a_question(client: Visitor, database: Database, sitting: str) -> None:
    for path in (sitting, *WHOLE):
        first = client.get(path)
        with counted(database) as questions:
            again = client.get(path)
        assert about_pages(questions) == [], path
        assert again.data == first.data
        assert told(again) == told(first)
        assert again.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in again.headers
        etag = again.headers["ETag"]
        known = client.get(path, headers={"If-None-Match": etag})
        assert (known.status_code, known.data, known.headers["ETag"]) == (304, b"", etag)
        assert client.head(path).data == b""
        assert client.head(path).headers["Content-Length"] == str(len(first.data))


@SQLITE
def test_who_already_has_it_fills_the_memory_too(client: Visitor, database: Database, sitting: str) -> None:
    etag = client.get(UNIT, headers={"Cookie": "province=01"}).headers["ETag"]
    assert client.get(UNIT, headers={"If-None-Match": etag}).status_code == 304
    with counted(database) as questions:
        assert client.get(UNIT).status_code == 200
    assert about_pages(questions) == []


@SQLITE
def test_packed_and_plain_are_two_answers(client: Visitor, sitting: str) -> None:
    for _ in range(2):
        packed = client.get(UNIT, headers={"Accept-Encoding": "gzip, br"})
        plain = client.get(UNIT)
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert packed.headers["ETag"] != plain.headers["ETag"]


def test_a_change_is_seen_within_a_second(client: Visitor, database: Database, ward: Ward, sitting: str) -> None:
    paths = (sitting, UNIT, "/posts/00070-ubnd-chu-tich", "/")
    for path in paths:
        assert MOVED not in client.get(path).text
    assert client.get(API).json["items"][0]["date"] == "2026-11-26"
    move(database, ward, sitting)
    time.sleep(FRESH_SECONDS + 0.05)
    for path in paths:
        assert MOVED in client.get(path).text, path
    assert client.get(API).json["items"][0]["date"] == "2026-11-27"


@SQLITE
def test_what_this_process_writes_is_seen_at_once(
    client: Visitor, database: Database, ward: Ward, sitting: str
) -> None:
    client.get(sitting)
    move(database, ward, sitting)
    client.post("/sign-in")  # refused, but a writing method: the next reading asks again
    assert MOVED in client.get(sitting).text


@SQLITE
def test_nothing_is_older_than_a_minute_or_of_another_day(
    client: Visitor, database: Database, ward: Ward, sitting: str, clock: Clock
) -> None:
    assert "024 3825 0001" in client.get(sitting).text
    with database.transaction() as db:
        db.get_one(Unit, ward.committee).phone = "024 3825 9999"  # beside the action, which would raise its calendar
    clock.wait(seconds=59)
    assert "024 3825 0001" in client.get(sitting).text
    clock.wait(seconds=1)
    assert "024 3825 9999" in client.get(sitting).text
    assert "Còn 4 ngày." in client.get(sitting).text
    clock.wait(days=1)
    assert "Còn 3 ngày." in client.get(sitting).text


@SQLITE
def test_who_is_signed_in_sees_an_own_page_and_leaves_nothing(
    client: Visitor, sign_in: SignIn, database: Database, ward: Ward, sitting: str
) -> None:
    with database.transaction() as db:
        account = make_account(db, db.get_one(Unit, ward.committee), name="Lan Văn thư")
    staff = sign_in(account)
    client.get(UNIT)
    own = staff.get(UNIT)
    assert "Lan Văn thư" in own.text
    assert "csrf_token" in own.text
    assert "ETag" not in own.headers
    for _ in range(2):
        assert "Lan Văn thư" not in client.get(UNIT).text


@SQLITE
def test_forms_and_refusals_are_not_kept(client: Visitor, app: Flask, database: Database, sitting: str) -> None:
    for path in ("/units/zz", "/sign-in", f"{UNIT}?year=1", "/units/00070/subscribe"):
        client.get(path)
        with counted(database) as questions:
            client.get(path)
        assert about_pages(questions) or path == "/sign-in", path
    rules = {rule.endpoint: str(rule) for rule in app.url_map.iter_rules()}
    assert set(rules) >= ENDPOINTS
    samples = {"<code>": "00070", "<slug>": "abc123", "<int:year>": "2026"}
    for endpoint in ENDPOINTS:
        path = rules[endpoint]
        for blank, value in samples.items():
            path = path.replace(blank, value)
        assert PATH.fullmatch(path), path
        assert PATH.fullmatch(f"/en{path}"), path


@SQLITE
def test_what_memory_answers_is_counted(client: Visitor, app: Flask, sitting: str) -> None:
    for _ in range(3):
        client.get(UNIT)
    with app.app_context():
        text = text_of_figures().decode()
    assert 'lichdan_requests_total{method="GET",route="/units/<code>",status="200"} 3.0' in text


@SQLITE
def test_another_host_is_still_refused(client: Visitor, sitting: str) -> None:
    client.get(UNIT)
    assert client.get(UNIT, headers={"Host": "evil.example"}).status_code == 421


@SQLITE
@pytest.mark.parametrize("path", [UNIT, "{sitting}"])
def test_first_and_second_visit_are_light(client: Visitor, sitting: str, path: str) -> None:
    packed = {"Accept-Encoding": "gzip"}
    first = client.get(path.format(sitting=sitting), headers=packed)
    text = gzip.decompress(first.data).decode()
    parts = re.findall(r'(?:href|src)="(/static/[^"]+)"', text)
    files = [client.get(part, headers=packed) for part in parts]
    assert all("immutable" in file.headers["Cache-Control"] for file in files)  # not asked for again
    style = files[0]
    assert style.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(style.data) == client.get(parts[0]).data
    weight = len(first.data) + sum(len(file.data) for file in files)
    again = client.get(path.format(sitting=sitting), headers=packed | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert weight < 20 * 1024, weight
    assert len(first.data) < 10 * 1024  # should it have changed meanwhile


@SQLITE
def test_a_page_that_sets_a_cookie_is_never_kept(app: Flask, client: Visitor, database: Database, ward: Ward) -> None:
    """Even one of the table, should it ever show a form's token."""
    show = app.view_functions["public.unit"]
    app.view_functions["public.unit"] = lambda **given: f"{show(**given)}{generate_csrf()}"
    first = client.get(UNIT)
    assert "Set-Cookie" in first.headers
    assert app.test_client().get(UNIT).data != first.data

"""The edge of a request: what stays written, what is told of a refusal, who is let in, and in which language."""

import json
import re
from pathlib import Path

import pytest
from flask import Blueprint, Flask
from sqlalchemy import text

from scheduler import errors
from scheduler.database import Database, Db
from scheduler.models import JobBeat
from scheduler.settings import Settings
from tests.build import make_account, make_office
from tests.conftest import NOW
from tests.visitors import SignIn, Visitor
from tests.web.checks import check_page
from web import MEGABYTE, MOST_MEGABYTES, create_app, request_cycle
from web.guards import public, staff

trials = Blueprint("trials", __name__)
REFUSALS = {
    "missing": (errors.NotFound("errors.not-found"), 404),
    "forbidden": (errors.NotAllowed("errors.not-allowed"), 403),
    "stale": (errors.Stale("errors.stale", who="Lan", at="9 giờ"), 409),
    "rule": (errors.RuleBroken("workflow.needs-reason"), 422),
    "many": (errors.TooMany("errors.too-many", retry_after=7), 429),
    "input": (errors.BadInput("forms.not-a-date", "dòng 3"), 422),
    "faults": (errors.Faults([errors.BadInput("forms.required", "a"), errors.BadInput("forms.required", "b")]), 422),
}


def write(db: Db, job: str) -> None:
    db.add(JobBeat(job=job, ticked_at=NOW))
    db.flush()


@trials.route("/trials/<job>/<int:status>", methods=["GET", "POST"])
@public
def answer(job: str, status: int) -> tuple[str, int]:
    write(request_cycle.db(), job)
    request_cycle.note(lambda db: write(db, f"note of {job}"))
    return "", status


@trials.post("/trials/refused/<name>")
@public
def refused(name: str) -> str:
    write(request_cycle.db(), name)
    raise REFUSALS[name][0]


@trials.get("/trials/<where>/broken")
@public
def broken(where: str) -> str:
    write(request_cycle.db(), where)
    raise ValueError("Nguyễn Thị Riêng")


@trials.post("/trials/twice")
@public
def twice() -> str:
    for _ in range(2):
        write(request_cycle.db(), "same")
        request_cycle.db().expunge_all()
    return ""


@trials.post("/trials/nowhere")
@public
def nowhere() -> str:
    request_cycle.db().execute(text("SELECT 1 FROM nowhere"))
    return ""


@trials.get("/api/trials")
@public
def program() -> str:
    raise errors.BadInput("forms.not-a-date", "from")


@trials.get("/trials/inside")
@staff("publish")
def inside() -> str:
    return "inside"


@pytest.fixture
def app(app: Flask) -> Flask:
    app.register_blueprint(trials)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def beats(database: Database) -> set[str]:
    with database.open() as db:
        return {beat.job for beat in db.query(JobBeat)}


def test_a_reading_leaves_its_note_and_nothing_else(client: Visitor, database: Database) -> None:
    client.get("/trials/reading/200")
    assert beats(database) == {"note of reading"}


def test_a_deed_stays(client: Visitor, database: Database) -> None:
    client.post("/trials/deed/303")
    assert beats(database) == {"deed", "note of deed"}


def test_a_refused_deed_leaves_its_note_alone(client: Visitor, database: Database) -> None:
    client.post("/trials/deed/422")
    assert beats(database) == {"note of deed"}


@pytest.mark.parametrize("name", REFUSALS)
def test_every_refusal_has_its_status_and_page(client: Visitor, database: Database, name: str) -> None:
    response = client.post(f"/trials/refused/{name}")
    assert response.status_code == REFUSALS[name][1]
    check_page(response.text)
    assert response.headers["Cache-Control"] == "no-store"
    assert beats(database) == set()


def test_several_faults_are_all_told(client: Visitor) -> None:
    text = client.post("/trials/refused/faults").text
    assert "a: Chưa điền mục này." in text
    assert "b: Chưa điền mục này." in text


def test_too_many_tries_say_how_long_to_wait(client: Visitor) -> None:
    assert client.post("/trials/refused/many").headers["Retry-After"] == "7"


@pytest.mark.parametrize(("prefix", "language"), [("", "vi"), ("/en", "en")])
def test_the_unexpected_is_told_with_a_reference(
    client: Visitor, database: Database, capsys: pytest.CaptureFixture[str], prefix: str, language: str
) -> None:
    response = client.get(f"{prefix}/trials/here/broken")
    assert response.status_code == 500
    check_page(response.text, language)
    log = capsys.readouterr().err
    line = next(json.loads(line) for line in log.splitlines() if '"unexpected"' in line)
    assert line["reference"] in response.text
    assert line["fault"] == "ValueError"
    assert "broken" in line["where"][-1]
    assert "Riêng" not in log
    assert "Riêng" not in response.text
    assert beats(database) == set()


def test_who_comes_second_is_told_and_nothing_is_written(client: Visitor, database: Database) -> None:
    response = client.post("/trials/twice")
    assert response.status_code == 409
    check_page(response.text)
    assert beats(database) == set()


def test_what_only_the_database_sees_is_a_busy_page(client: Visitor, database: Database) -> None:
    response = client.post("/trials/nowhere")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    check_page(response.text)
    assert beats(database) == set()


def test_programs_are_refused_with_a_problem_document(client: Visitor) -> None:
    response = client.get("/en/api/trials")
    assert response.status_code == 422
    assert response.mimetype == "application/problem+json"
    assert "from" in response.get_json()["detail"]
    assert client.get("/api/v1/nothing").mimetype == "application/problem+json"


def test_who_is_not_signed_in_is_led_to_the_door(client: Visitor) -> None:
    response = client.get("/en/trials/inside?a=1")
    assert response.status_code == 303
    assert response.headers["Location"] == "/en/sign-in?next=/trials/inside%3Fa%3D1"


def test_who_lacks_the_right_is_told(database: Database, sign_in: SignIn) -> None:
    with database.transaction() as db:
        unit, _ = make_office(db)
        reader, clerk = make_account(db, unit, "supervisor"), make_account(db, unit, "secretariat")
    refused = sign_in(reader).get("/trials/inside")
    assert refused.status_code == 403
    check_page(refused.text)
    assert sign_in(clerk).get("/trials/inside").text == "inside"


def test_a_form_without_its_token_changes_nothing(app: Flask, client: Visitor, database: Database) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    response = client.post("/trials/deed/200")
    assert response.status_code == 400
    assert "Trang mở đã lâu" in response.text
    assert beats(database) == set()


def test_too_much_is_refused(app: Flask, client: Visitor) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    big, form = b"a=" + b"x" * (MOST_MEGABYTES * MEGABYTE), "application/x-www-form-urlencoded"
    response = client.post("/trials/deed/200", data=big, content_type=form)
    assert response.status_code == 413
    assert f"{MOST_MEGABYTES} MB" in response.text


@pytest.mark.parametrize("path", ["/nothing", "/en/nothing", "/%00", "/units/%ff", "/occurrences/" + "x" * 5000])
def test_an_unknown_address_is_a_page_in_its_language(client: Visitor, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    check_page(response.text, "en" if path.startswith("/en") else "vi")


def test_a_wrong_method_says_which_are_right(client: Visitor) -> None:
    response = client.delete("/")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_english_begins_with_a_slash(client: Visitor) -> None:
    response = client.get("/en?a=1")
    assert (response.status_code, response.headers["Location"]) == (308, "/en/?a=1")
    assert client.get("/english").status_code == 404


def test_links_stay_in_the_language_and_lead_to_the_other(client: Visitor) -> None:
    text = client.get("/en/search?q=a").text
    assert 'action="/en/search"' in text
    assert 'href="/search?q=a" hreflang="vi"' in text
    assert 'href="/en/search?q=a" hreflang="en"' in client.get("/search?q=a").text


def test_every_answer_carries_the_headers_for_safety(client: Visitor) -> None:
    for path in ("/", "/nothing", "/static/look.css"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:8000", 200), ("localhost", 200), ("[::1]:9", 200), ("lich.example.vn", 421), ("a:b:c", 421)],
)
def test_only_its_own_hosts_are_answered(client: Visitor, host: str, status: int) -> None:
    assert client.get("/robots.txt", headers={"Host": host}).status_code == status


def test_in_production_only_the_public_name(tmp_path: Path, sqlite_url: str) -> None:
    settings = Settings(
        var=tmp_path, database_url=sqlite_url, base_url="https://lich.example.vn", secret_key="k" * 43, demo=False
    )
    visitor = create_app(settings).test_client()
    assert visitor.get("/robots.txt", headers={"Host": "127.0.0.1"}).status_code == 421
    headers = visitor.get("/robots.txt", headers={"Host": "lich.example.vn"}).headers
    assert headers["Strict-Transport-Security"]


def test_static_names_change_with_their_content(client: Visitor) -> None:
    name = re.search(r'href="(/static/look\.[0-9a-f]{10}\.css)"', client.get("/").text)
    assert name
    response = client.get(name.group(1))
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]
    assert client.get("/static/look.css").headers["Cache-Control"] == "no-cache"
    for path in ("/static/look.0000000000.css", "/static/../pages/public.py", "/static/"):
        assert client.get(path).status_code == 404


def test_the_log_names_neither_person_nor_secret(client: Visitor, capsys: pytest.CaptureFixture[str]) -> None:
    client.get("/feeds/private/VERY-SECRET.ics?q=Riêng")
    log = capsys.readouterr().err
    line = json.loads(log.splitlines()[-1])
    assert (line["event"], line["status"]) == ("request", 404)
    assert "VERY-SECRET" not in log
    assert "Riêng" not in log

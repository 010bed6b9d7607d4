"""A resident registers without an account, sees the own page, changes, takes back, and finds it by its code."""

import re
from datetime import date

import pytest
from flask import Flask

from scheduler.database import Database
from scheduler.models import Registration
from scheduler.queries.registrations import guard_of, told_in
from tests.visitors import Clock, Visitor
from tests.web.checks import check_page
from tests.web.resident import fill_in, token_in
from tests.web.wards import Ward, publish_in


@pytest.mark.parametrize("language", ["", "/en"])
def test_registering_is_confirmed_at_once(
    client: Visitor, clock: Clock, database: Database, sitting: str, language: str
) -> None:
    question = client.get(f"{language}{sitting}/register")
    check_page(question.text, language[1:] or "vi")
    assert question.headers["Cache-Control"] == "no-store"
    sent = fill_in(client, clock, f"{language}{sitting}")
    assert sent.status_code == 303, sent.text
    assert sent.headers["Location"].startswith(f"{language}/registrations/")
    own = client.get(sent.headers["Location"])
    page = check_page(own.text, language[1:] or "vi")
    assert (own.headers["Cache-Control"], own.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    title = next(text for tag, _, text in page.texts if tag == "title")
    assert "Lan" not in title
    with database.open() as db:
        registration = db.query(Registration).one()
        code = told_in(db, registration).code
        assert registration.language == (language[1:] or "vi")
    assert f"{code[:3]} {code[3:]}" in own.text
    assert ("từ 7 giờ 30 đến 8 giờ" in own.text) is (not language)
    assert "0912345678" not in own.text
    for step in ("change", "cancel"):
        check_page(client.get(sent.headers["Location"].split("?")[0] + f"/{step}").text, language[1:] or "vi")


def own_address(visitor: Visitor, clock: Clock, sitting: str, **other: str) -> str:
    sent = fill_in(visitor, clock, sitting, **other)
    assert sent.status_code == 303, sent.text
    return sent.headers["Location"].split("?")[0]


def test_a_wrong_signature_does_not_exist(client: Visitor, clock: Clock, sitting: str) -> None:
    own = own_address(client, clock, sitting)
    for address in (own[:-1], own + "x", own.rpartition("/")[0] + "/x"):
        for step in ("", "/change", "/cancel"):
            assert client.get(address + step).status_code == 404
    assert client.get(own.rpartition("/")[0]).status_code == 404


def test_changing_and_taking_back(client: Visitor, clock: Clock, database: Database, ward: Ward, sitting: str) -> None:
    own = own_address(client, clock, sitting)
    with database.transaction() as db:
        later = publish_in(db, ward, date(2026, 12, 10)).slug
    form = {"version": "1", "topic": "other", "words": "Khác", "contact": "lan@example.vn", "sitting": later}
    assert client.submit(f"{own}/change", form).status_code == 303
    assert "10/12/2026" in client.get(own).text
    stale = client.submit(f"{own}/change", form | {"words": "Cũ"})
    assert (stale.status_code, "Cũ" in stale.text) == (409, True)
    assert client.get(f"{own}/cancel").status_code == 200
    with database.open() as db:
        assert db.query(Registration).one().state == "booked"
    assert client.submit(f"{own}/cancel").status_code == 303
    assert "Đã rút đăng ký" in client.get(own).text
    with database.open() as db:
        assert db.query(Registration).one().state == "withdrawn"


def test_an_offered_sitting_is_answered(client: Visitor, clock: Clock, database: Database, sitting: str) -> None:
    own = own_address(client, clock, sitting)
    with database.transaction() as db:
        db.query(Registration).one().offered_at = clock.now
    page = client.get(own)
    check_page(page.text)
    assert client.get(f"{own}/accept").status_code == 405
    assert client.submit(own, to=f"{own}/other").status_code == 404
    assert client.submit(own, to=f"{own}/accept").status_code == 303
    with database.open() as db:
        assert db.query(Registration).one().offered_at is None


def test_finding_it_again_by_code_and_contact(client: Visitor, clock: Clock, database: Database, sitting: str) -> None:
    own = own_address(client, clock, sitting)
    with database.open() as db:
        code = told_in(db, db.query(Registration).one()).code
    check_page(client.get("/registrations").text)
    for contact in ("+84912345678", "0912.345.678"):
        found = client.submit("/registrations", {"code": f"{code[:3]} {code[3:]}", "contact": contact})
        assert (found.status_code, found.headers.get("Location")) == (303, own)
    wrong = [("000000", "0912345678"), (code, "0912345679"), (code, "Nguyễn Thị Lan"), ("abc", "x")]
    answers = [client.submit("/registrations", {"code": one, "contact": contact}) for one, contact in wrong]
    assert {answer.status_code for answer in answers} == {422}
    assert len({re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}) == 1
    for _ in range(6):
        client.submit("/registrations", {"code": "000000", "contact": "0912345678"})
    shut = client.submit("/registrations", {"code": code, "contact": "0912345678"})
    assert (shut.status_code, int(shut.headers["Retry-After"]) > 0) == (429, True)
    clock.wait(minutes=16)
    assert client.submit("/registrations", {"code": code, "contact": "0912345678"}).status_code == 303


def test_wrong_guesses_of_one_shut_nobody_else_out(
    client: Visitor, clock: Clock, database: Database, sitting: str, app: Flask
) -> None:
    fill_in(client, clock, sitting)
    with database.transaction() as db:
        one = db.query(Registration).one()
        code = told_in(db, one).code
        one.contact, one.contact_kind, one.guard_mark = "", "", guard_of(db, "", "Nguyễn Thị Lan")
    for n in range(11):
        answer = client.submit("/registrations", {"code": "000000", "contact": f"không phải số {n}"})
    assert answer.status_code == 429
    other = Visitor(app)
    other.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert other.submit("/registrations", {"code": code, "contact": "nguyễn thị lan"}).status_code == 303


def test_a_late_one_is_told_which_sitting_it_is(client: Visitor, clock: Clock, database: Database, ward: Ward) -> None:
    with database.transaction() as db:
        asked = publish_in(db, ward, register_by=date(2026, 11, 20)).slug
        publish_in(db, ward, date(2026, 12, 10))
    assert "10/12/2026" in client.get(f"/occurrences/{asked}/register").text
    own = client.get(own_address(client, clock, f"/occurrences/{asked}")).text
    assert "được xếp vào buổi sau: thứ Năm, ngày 10/12/2026" in own


def test_no_next_sitting_is_told_plainly(client: Visitor, database: Database, ward: Ward) -> None:
    with database.transaction() as db:
        asked = publish_in(db, ward, register_by=date(2026, 11, 20)).slug
    closed = client.get(f"/occurrences/{asked}/register")
    check_page(closed.text)
    assert (closed.status_code, "vẫn có thể đến trực tiếp" in closed.text, "tel:02438250001" in closed.text) == (
        409, True, True,
    )  # fmt: skip


def test_a_form_without_its_token_comes_back_whole(client: Visitor, clock: Clock, sitting: str) -> None:
    hidden = {"origin": "http://localhost"}
    refused = client.post(f"{sitting}/register", data={"name": "Lan", "words": "Đã gõ"}, headers=hidden)
    assert (refused.status_code, "Đã gõ" in refused.text) == (400, True)
    assert token_in(refused.text)

"""What people and programs type into the form, and the answer each gets (a table); nothing is kept of a refusal."""

import pytest

from scheduler.database import Database
from scheduler.models import Attempt, Letter, Queue, Registration
from scheduler.queries.registrations import told_in
from tests.build import make_occurrence
from tests.visitors import Clock, Visitor
from tests.web.resident import FILLED, fill_in, open_form, token_in
from tests.web.wards import Ward, publish_in

GROUP = {"together": "group", "people": "12"}
AGAIN = (
    # what is typed, a piece of the sentence at its field
    ({"name": ""}, "Nhập họ tên"),
    ({"name": "  \t "}, "Nhập họ tên"),
    ({"name": "\u200b\u200b"}, "Nhập họ tên"),
    ({"name": "x" * 10_000}, "120 ký tự"),
    ({"name": "Lan\x00"}, "ký tự lạ"),
    ({"name": "Lan\x07"}, "ký tự lạ"),
    ({"contact": "a@b"}, "thư điện tử không đúng"),
    ({"contact": "a@b.vn\r\nBcc: x@y.vn"}, "thư điện tử không đúng"),
    ({"contact": "a@b.vn,c@d.vn"}, "thư điện tử không đúng"),
    ({"contact": "nguyễn@b.vn"}, "chữ không dấu"),
    ({"contact": "a" * 65 + "@b.vn"}, "thư điện tử không đúng"),
    ({"contact": "091234567²"}, "Số điện thoại không đúng"),
    ({"contact": "12345"}, "Số điện thoại không đúng"),
    ({"contact": ""}, "Cho một số điện thoại"),
    ({"contact": "\u200b"}, "Số điện thoại không đúng"),
    ({"topic": "khong-co"}, "Chọn một mục trong danh sách"),
    ({"topic": ""}, "Chưa điền mục này"),
    ({"together": "x"}, "Chọn một mục trong danh sách"),
    ({"about": "x"}, "Chọn một mục trong danh sách"),
    ({"window": "2026-11-26T00:31:00+00:00"}, "Chọn một mục trong danh sách"),
    *((GROUP | {"people": n}, "từ 1 đến 1000") for n in ("", "0", "-1", "1.5", "1e9", "NaN", "99999", "²")),
    (GROUP | {"people": "9", "representatives": "A\nB\nC"}, "tối đa 2 người"),
    (GROUP | {"representatives": "A\nB\nC\nD\nE\nF"}, "tối đa 5 người"),
    ({"words": "x" * 5000}, "1000 ký tự"),
    ({"home": "x" * 300}, "200 ký tự"),
)
TAKEN = (
    # what is typed, and what is kept of it
    ({"name": "Nguye\u0302\u0303n Thi\u0323 Lan"}, ("name", "Nguyễn Thị Lan")),
    ({"name": "Lan\u202e"}, ("name", "Lan")),
    ({"name": "=HYPERLINK(1)"}, ("name", "=HYPERLINK(1)")),
    ({"words": "<script>alert(1)</script>"}, ("words", "<script>alert(1)</script>")),
    ({"words": "{{7*7}} ${7*7}"}, ("words", "{{7*7}} ${7*7}")),
    ({"words": "Một\r\nhai\x07"}, ("words", "Một\nhai")),
    ({"contact": "+84 (0)912 345 678"}, ("contact", "0912345678")),
    ({"contact": "０９１２３４５６７８"}, ("contact", "0912345678")),  # noqa: RUF001
    ({"contact": "024 3825 0001"}, ("contact", "02438250001")),
    ({"contact": "Lan@Example.VN"}, ("contact", "lan@example.vn")),
    (GROUP | {"people": "１２"}, ("representatives", ("Nguyễn Thị Lan",))),  # noqa: RUF001
    (GROUP | {"representatives": "Lan\n\nMinh"}, ("representatives", ("Lan", "Minh"))),
    ({"role": "admin", "unit_id": "2", "ticket": "99", "state": "received"}, ("name", "Nguyễn Thị Lan")),
    ({"home": ""}, ("home", "")),
)
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def kept(database: Database) -> tuple[int, int, int]:
    with database.open() as db:
        return db.query(Registration).count(), db.query(Queue).count(), db.query(Letter).count()


def test_what_cannot_be_read_comes_back_as_it_was_typed(
    client: Visitor, clock: Clock, database: Database, sitting: str
) -> None:
    hidden = open_form(client, sitting)
    clock.wait(minutes=1)
    wrong = {}
    for typed, sentence in AGAIN:
        sent = FILLED | {"words": "Đã gõ"} | hidden | typed
        answer = client.post(f"{sitting}/register", data=sent)
        if (answer.status_code, sentence in answer.text) != (422, True) or ("Đã gõ" in answer.text) == (
            "words" in typed
        ):
            wrong[str(typed)[:80]] = answer.status_code
    assert wrong == {}
    assert kept(database) == (0, 0, 0)


@one_database
def test_what_can_be_read_is_kept_in_one_form(client: Visitor, clock: Clock, database: Database, ward: Ward) -> None:
    wrong = {}
    for number, (typed, (column, expected)) in enumerate(TAKEN):
        with database.transaction() as db:
            slug = publish_in(db, ward).slug
        contact = {} if "contact" in typed else {"contact": f"lan{number}@example.vn"}
        answer = fill_in(client, clock, f"/occurrences/{slug}", **contact, **typed)
        with database.open() as db:
            made = db.query(Registration).order_by(Registration.id.desc()).first()
            found = getattr(told_in(db, made), column) if made is not None else None
            state = made.state if made is not None else ""
        own = client.get(answer.headers.get("Location", "/")).text
        if (answer.status_code, found, state, "<script>alert" in own) != (303, expected, "booked", False):
            wrong[str(typed)[:80]] = (answer.status_code, found)
    assert wrong == {}


@one_database
def test_a_draft_is_not_there_and_odd_addresses_are_not_either(client: Visitor, database: Database, ward: Ward) -> None:
    with database.transaction() as db:
        draft = make_occurrence(db, publish_in(db, ward).unit).slug
    for slug in (draft, "0", "-1", "9223372036854775808", "abc", "%00"):
        assert client.get(f"/occurrences/{slug}/register").status_code == 404


def test_the_same_form_twice_and_then_with_other_words(
    client: Visitor, clock: Clock, database: Database, sitting: str
) -> None:
    hidden = open_form(client, sitting)
    clock.wait(minutes=1)
    sent = [client.post(f"{sitting}/register", data=FILLED | hidden) for _ in range(2)]
    assert len({answer.headers["Location"] for answer in sent}) == 1
    other = client.post(f"{sitting}/register", data=FILLED | hidden | {"words": "Đã gõ"})
    assert (other.status_code, "Đã gõ" in other.text) == (409, True)
    assert kept(database) == (1, 1, 1)


def test_a_program_is_told_the_same_and_nothing_is_kept(
    client: Visitor, clock: Clock, database: Database, sitting: str
) -> None:
    answer = fill_in(client, clock, sitting, website="https://x.vn")
    assert (answer.status_code, "Lượt đăng ký gặp" in answer.text) == (200, True)
    assert kept(database) == (0, 0, 0)
    with database.open() as db:
        assert db.query(Attempt).filter_by(what="registration-trap").count() == 1


def test_who_is_too_quick_presses_once_more(client: Visitor, clock: Clock, database: Database, sitting: str) -> None:
    hidden = open_form(client, sitting)
    quick = client.post(f"{sitting}/register", data=FILLED | hidden)
    assert (quick.status_code, "bấm Gửi một lần nữa" in quick.text, FILLED["words"] in quick.text) == (422, True, True)
    clock.wait(seconds=2)
    assert client.post(f"{sitting}/register", data=FILLED | hidden).status_code == 303
    forged = client.post(f"{sitting}/register", data=FILLED | hidden | {"key": "1.x.y", "contact": "0912345679"})
    assert (forged.status_code, "1.x.y" in forged.text) == (422, False)
    assert kept(database)[0] == 1


def test_who_sends_too_often_waits(client: Visitor, clock: Clock, ward: Ward, database: Database) -> None:
    with database.transaction() as db:
        sittings = [f"/occurrences/{publish_in(db, ward).slug}" for _ in range(6)]
    statuses = [fill_in(client, clock, one).status_code for one in sittings]
    assert statuses == [303, 303, 303, 422, 422, 429]
    refused = fill_in(client, clock, sittings[0])
    assert (refused.status_code, FILLED["words"] in refused.text) == (429, True)
    assert int(refused.headers["Retry-After"]) > 0
    clock.wait(hours=1)
    assert fill_in(client, clock, sittings[0]).status_code == 422
    assert fill_in(client, clock, sittings[0], contact="minh@example.vn").status_code == 303


def test_a_lost_token_is_one_press_away(client: Visitor, clock: Clock, sitting: str) -> None:
    hidden = open_form(client, sitting) | {"csrf_token": "x"}
    clock.wait(hours=2)
    refused = client.post(f"{sitting}/register", data=FILLED | hidden, headers={"Origin": "http://localhost"})
    assert (refused.status_code, FILLED["words"] in refused.text) == (400, True)
    again = FILLED | hidden | {"csrf_token": token_in(refused.text)}
    assert client.post(f"{sitting}/register", data=again).status_code == 303


@one_database
def test_too_much_is_refused_before_it_is_read(client: Visitor, database: Database, sitting: str) -> None:
    hidden = open_form(client, sitting)
    for more in ({f"f{n}": "x" for n in range(10_001)}, {"words": "x" * 5_000_000}):
        assert client.post(f"{sitting}/register", data=FILLED | hidden | more).status_code == 413
    assert kept(database) == (0, 0, 0)

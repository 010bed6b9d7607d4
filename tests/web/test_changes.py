"""The page of a change: what it would mean, who stands in, two editors, and how the ledger tells it."""

from datetime import date

import pytest

from scheduler.database import Database
from scheduler.models import Letter, Occurrence, Post, Unit
from tests.build import make_account, make_holder, make_occurrence, make_office, make_post, make_published
from tests.visitors import SignIn, Visitor


@pytest.fixture
def clerk(database: Database, sign_in: SignIn) -> Visitor:
    with database.transaction() as db:
        unit, chairman = make_office(db)
        make_holder(db, make_post(db, unit, "Phó Chủ tịch UBND"), "Lê Thị Phó")
        account = make_account(db, unit, "secretariat")
        make_published(db, unit, chairman, day=date(2026, 12, 3), place="Phòng 1")
    return sign_in(account)


@pytest.fixture
def address(database: Database, clerk: Visitor) -> str:
    with database.open() as db:
        return f"/desk/occurrences/{db.query(Occurrence).one().slug}"


def _version(visitor: Visitor, path: str) -> str:
    return visitor.get(path).text.split('name="version"')[1].split('value="')[1].split('"')[0]


def test_a_day_that_has_passed_is_refused(clerk: Visitor, address: str, database: Database) -> None:
    path = f"{address}/change/move"
    form = {"version": _version(clerk, path), "day": "2026-11-20", "reason": "Bận", "do": "change"}
    answer = clerk.submit(path, form)
    assert (answer.status_code, "Ngày mới đã qua" in answer.text) == (422, True)
    with database.open() as db:
        assert db.query(Occurrence).one().day == date(2026, 12, 3)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "31/02/2027", "2026-W48-2"])
def test_a_day_nobody_means_is_refused_beside_its_field(clerk: Visitor, address: str, day: str) -> None:
    path = f"{address}/change/move"
    form = {"version": _version(clerk, path), "day": day, "reason": "Bận", "do": "change"}
    answer = clerk.submit(path, form)
    assert (answer.status_code, 'aria-invalid="true"' in answer.text) == (422, True)
    assert clerk.submit(path, form | {"day": "", "free_day": day}).status_code == 422


def test_a_day_off_and_short_notice_are_said_before(clerk: Visitor, address: str) -> None:
    path = f"{address}/change/move"
    form = {"version": _version(clerk, path), "day": "2026-11-28", "reason": "Bận", "do": "preview"}
    page = clerk.submit(path, form).text
    assert "Ngày 28/11/2026 là thứ Bảy" in page
    assert "ít hơn 5 ngày theo quy định" in page


def test_a_head_who_sits_elsewhere_at_that_time_is_said_before(
    clerk: Visitor, address: str, database: Database
) -> None:
    with database.transaction() as db:
        unit = db.query(Unit).filter_by(code="00070-ubnd").one()
        post = db.query(Post).filter_by(code="00070-ubnd-chu-tich").one()
        make_published(db, unit, post, day=date(2026, 12, 9), hours=["11:00-12:00"], kind="dialogue")
    path = f"{address}/change/move"
    form = {"version": _version(clerk, path), "reason": "Bận", "do": "preview"}
    words = "Chủ tịch UBND đã có lịch hội nghị đối thoại (Chủ tịch UBND phường Hoàn Kiếm), 11:00-12:00."
    assert words in clerk.submit(path, form | {"day": "2026-12-09"}).text
    assert words not in clerk.submit(path, form | {"day": "2026-12-08"}).text


def test_what_is_left_of_the_duty_is_said(clerk: Visitor, address: str) -> None:
    assert "còn 0/2 ngày trực tiếp tiếp công dân" in clerk.get(f"{address}/change/cancel").text
    assert "còn 0/2 ngày" not in clerk.get(f"{address}/change/change_hours").text


def test_the_chosen_post_gives_the_name(clerk: Visitor, address: str, database: Database) -> None:
    path = f"{address}/change/change_chair"
    page = clerk.get(path).text
    post = page.split("Phó Chủ tịch UBND · Lê Thị Phó")[0].rpartition('value="')[2].split('"')[0]
    form = {"version": _version(clerk, path), "chair_post": post, "reason": "Họp", "do": "change"}
    assert clerk.submit(path, form).status_code == 303
    with database.open() as db:
        assert db.query(Occurrence).one().chair_name == "Lê Thị Phó"
    assert "Lê Thị Phó tiếp thay" in clerk.get(address).text


def test_the_second_editor_reads_both_and_may_go_on(clerk: Visitor, address: str, database: Database) -> None:
    path = f"{address}/change/change_place"
    old = _version(clerk, path)
    clerk.submit(path, {"version": old, "place": "Hội trường", "reason": "Một", "do": "change"})
    second = {"version": old, "place": "Nhà văn hóa", "reason": "Hai", "do": "change"}
    page = clerk.submit(path, second)
    assert page.status_code == 409
    assert "Nội dung đang công bố" in page.text
    assert "Hội trường" in page.text
    assert "Nhà văn hóa" in page.text
    newest = page.text.split('name="version"')[1].split('value="')[1].split('"')[0]
    assert clerk.submit(path, {**second, "version": newest}).status_code == 303
    with database.open() as db:
        assert db.query(Occurrence).one().place == "Nhà văn hóa"


def test_only_the_letters_of_this_change_are_counted(clerk: Visitor, address: str, database: Database) -> None:
    path = f"{address}/change/change_place"
    for place in ("Hội trường", "Nhà văn hóa"):
        form = {"version": _version(clerk, path), "place": place, "reason": place, "do": "change"}
        done = clerk.submit(path, form, follow_redirects=True)
        with database.transaction() as db:
            db.query(Letter).update({"state": "demo"})
    assert "1 thư đã xếp gửi" in done.text


def test_the_ledger_names_the_sitting_and_what_became_what(clerk: Visitor, address: str) -> None:
    path = f"{address}/change/move"
    clerk.submit(path, {"version": _version(clerk, path), "day": "2026-12-04", "reason": "Bận", "do": "change"})
    ledger = clerk.get("/desk/ledger").text
    assert "Từ thứ Năm, 03/12/2026 sang thứ Sáu, 04/12/2026" in ledger
    assert f'href="{address}"' in ledger
    assert "occurrence:" not in ledger


def test_the_second_editor_of_a_draft_may_go_on(clerk: Visitor, address: str, database: Database) -> None:
    with database.transaction() as db:
        public = db.query(Occurrence).one()
        unit, chairman = db.get_one(Unit, public.unit_id), db.get_one(Post, public.hosts[0].post_id)
        draft = make_occurrence(db, unit, chairman, day=date(2026, 12, 17)).slug
    path = f"/desk/occurrences/{draft}/edit"
    form = {"version": _version(clerk, path), "day": "2026-12-17", "hours": "7:30-11:30"}
    assert clerk.submit(path, {**form, "place": "Hội trường"}).status_code == 303
    page = clerk.submit(path, {**form, "place": "Nhà văn hóa"})
    assert page.status_code == 409
    assert "Nội dung đang lưu" in page.text
    newest = page.text.split('name="version"')[1].split('value="')[1].split('"')[0]
    assert clerk.submit(path, {**form, "version": newest, "place": "Nhà văn hóa"}).status_code == 303
    with database.open() as db:
        assert db.query(Occurrence).filter_by(slug=draft).one().place == "Nhà văn hóa"

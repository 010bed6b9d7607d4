"""The head is called away: three choices, few presses, what each means, and what is left to do by hand."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from scheduler.clock import at_local
from scheduler.database import Database
from scheduler.models import Account, Call, Notice, Occurrence, OldSheet, Posting, Suspension
from tests.build import NOW, make_account, make_holder, make_office, make_post, make_published, make_unit
from tests.served import Served
from tests.visitors import Clock, SignIn, Visitor
from tests.web.checks import check_page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY = date(2026, 11, 26)


def _world(database: Database) -> Account:
    """Thursday 26/11: the chairman's sitting, with a deputy, a unit without an address, and a notice on the wall."""
    with database.transaction() as db:
        unit, chairman = make_office(db)
        make_holder(db, make_post(db, unit, "Phó Chủ tịch UBND", duty="", is_head=False), "Lê Thị Phó")
        joined = make_unit(db, name="Công an phường", parent=unit, phone="024 3825 0113")
        notice = Notice(unit_id=unit.id, published_at=NOW)
        notice.postings = [Posting(where="office", posted_at=NOW, by="x", recorded_at=NOW)]
        db.add(notice)
        db.flush()
        make_published(db, unit, chairman, day=DAY, notice_id=notice.id, attend_unit_ids=[joined.id])
        make_published(db, unit, chairman, day=date(2026, 12, 10))
        return make_account(db, unit, "secretariat", demo=True)


@pytest.fixture
def clerk(database: Database, sign_in: SignIn) -> Visitor:
    return sign_in(_world(database))


@pytest.fixture
def address(database: Database, clerk: Visitor) -> str:
    with database.open() as db:
        return f"/desk/occurrences/{db.query(Occurrence).filter_by(day=DAY).one().slug}"


def _form(visitor: Visitor, path: str, **given: str) -> dict[str, str]:
    version = visitor.get(path).text.split('name="version"')[1].split('value="')[1].split('"')[0]
    return {"version": version, "do": "change", "why": "Họp đột xuất", **given}


def test_three_choices_in_their_order_and_the_rest_folded(database: Database, sign_in: SignIn, clock: Clock) -> None:
    clock.now = at_local(DAY, "07:10")
    clerk = sign_in(_world(database))
    with database.open() as db:
        address = f"/desk/occurrences/{db.query(Occurrence).filter_by(day=DAY).one().slug}"
    page = clerk.get(f"{address}/change").text
    check_page(page)
    order = ["1. Muộn hơn trong hôm nay", "13 giờ 30 đến 17 giờ", "2. Ngày khác", "27/11/2026",
             "3. Người khác tiếp thay", "còn 0/2 ngày", "Phó Chủ tịch UBND", "Việc khác: tạm hoãn"]  # fmt: skip
    assert [page.index(words) for words in order] == sorted(page.index(words) for words in order)
    check_page(clerk.get(f"/en{address}/change").text, "en")


def test_the_choice_says_what_it_means_before_it_is_made(clerk: Visitor, address: str) -> None:
    page = clerk.get(f"{address}/change/move?day=2026-12-01").text
    check_page(page)
    for words in (
        "Chuyển sang thứ Ba, ngày 01/12/2026",
        "Báo trước 5 ngày làm việc",
        "Tháng 11: Chủ tịch UBND còn 0/2 ngày",
        "Phải gỡ bản niêm yết cũ tại: Trụ sở cơ quan",
        "Đổi lịch và báo cho 2 người (1 thư, 1 cuộc gọi)",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("move?day=0001-01-01", "Hoặc chọn ngày khác"),
        ("move?day=31/02/2027", "Hoặc chọn ngày khác"),
        ("move?free_day=x", "Các ngày còn trống"),
        ("change_hours?hours=25:99", "Đổi giờ"),
        ("change_chair?chair_post=999999", "Đổi người tiếp"),
        ("postpone?told_by=2026-W48-2", "Tạm hoãn"),
    ],
)
def test_what_the_address_asks_for_may_be_anything(clerk: Visitor, address: str, asked: str, words: str) -> None:
    answer = clerk.get(f"{address}/change/{asked}")
    assert (answer.status_code, words in answer.text) == (200, True)


@pytest.mark.parametrize("hours", ["25:99-26:00", "24:00-24:30", "10:00-09:00"])
def test_hours_nobody_means_are_refused_and_kept(clerk: Visitor, address: str, hours: str) -> None:
    path = f"{address}/change/change_hours"
    answer = clerk.submit(path, _form(clerk, path, hours=hours))
    assert (answer.status_code, hours in answer.text) == (422, True)


def test_a_reason_is_asked_for_and_own_words_win(clerk: Visitor, address: str, database: Database) -> None:
    path = f"{address}/change/move?day=2026-12-01"
    assert clerk.submit(path, _form(clerk, path, day="2026-12-01", why="")).status_code == 422
    assert clerk.submit(path, _form(clerk, path, day="2026-12-01", why="Bịa")).status_code == 422
    form = _form(clerk, path, day="2026-12-01", reason="Tiếp đoàn công tác")
    done = clerk.submit(path, form, follow_redirects=True)
    assert "1 thư đã xếp gửi, 1 người cần gọi điện" in done.text
    # The same button twice is one change.
    assert clerk.submit(path, form).status_code == 303
    with database.open() as db:
        moved = db.query(Occurrence).filter_by(planned_day=DAY).one()
        assert (moved.day, moved.change_reason, moved.sequence) == (date(2026, 12, 1), "Tiếp đoàn công tác", 1)
        assert db.query(Call).count() == 1


def test_the_newest_change_is_undone_by_another_one(clerk: Visitor, address: str, database: Database) -> None:
    assert clerk.get(f"{address}/change/undo").status_code == 422
    path = f"{address}/change/change_chair"
    post = clerk.get(path).text.split("Phó Chủ tịch UBND · ")[0].rpartition('value="')[2].split('"')[0]
    clerk.submit(path, _form(clerk, path, chair_post=post))
    back = clerk.get(f"{address}/change/undo")
    assert (back.status_code, "back_to_head=y" in back.location) == (302, True)
    page = clerk.get(back.location)
    assert "đã điền sẵn lịch trước khi thay đổi" in page.text
    done = clerk.submit(back.location, _form(clerk, back.location, back_to_head="y", why="", reason="Đã về"))
    assert done.status_code == 303
    with database.open() as db:
        sitting = db.query(Occurrence).filter_by(planned_day=DAY).one()
        assert (sitting.chair_stands_in, len(sitting.changes)) == (False, 2)


def test_an_undo_that_comes_too_late_is_refused_clearly(database: Database, sign_in: SignIn, clock: Clock) -> None:
    account = _world(database)
    with database.open() as db:
        address = f"/desk/occurrences/{db.query(Occurrence).filter_by(day=DAY).one().slug}"
    path, clerk = f"{address}/change/move", sign_in(account)
    clerk.submit(path, _form(clerk, path, day="2026-12-01"))
    clock.now = at_local(date(2026, 11, 30), "08:00")
    answer = sign_in(account).get(f"{address}/change/undo")
    assert (answer.status_code, "Ngày cũ 26/11/2026 đã qua" in answer.text) == (422, True)


def test_a_clash_is_refused_and_may_be_kept_with_a_reason(clerk: Visitor, address: str, database: Database) -> None:
    path = f"{address}/change/move?day=2026-12-10"
    form = _form(clerk, path, day="2026-12-10")
    answer = clerk.submit(path, form)
    assert (answer.status_code, 'name="keep_reason"' in answer.text) == (422, True)
    check_page(answer.text)
    assert clerk.submit(path, form | {"keep_reason": "Hai buổi gộp làm một"}).status_code == 303
    with database.open() as db:
        assert db.query(Occurrence).filter_by(planned_day=DAY).one().day == date(2026, 12, 10)


def test_calls_and_old_sheets_stay_until_ticked(clerk: Visitor, address: str, database: Database) -> None:
    path = f"{address}/change/cancel"
    clerk.submit(path, _form(clerk, path))
    page = clerk.get("/desk/calls").text
    check_page(page)
    assert 'href="tel:02438250113"' in page
    assert "không tổ chức" in page
    with database.open() as db:
        call, sheet = db.query(Call).one().id, db.query(OldSheet).one().id
    desk = clerk.get("/desk").text
    assert "Cuộc gọi báo thay đổi chưa xong" in desk
    assert "Bản niêm yết cũ phải gỡ" in desk
    assert "cần gọi" in clerk.get(address).text
    clerk.submit("/desk/calls", {"tries": "0"}, to=f"/desk/calls/{call}/no-answer")
    assert "đã gọi 1 lần không nghe máy" in clerk.get("/desk/calls").text
    clerk.submit("/desk/calls", {"tries": "1"}, to=f"/desk/calls/{call}/called")
    clerk.submit("/desk/old-sheets", to=f"/desk/old-sheets/{sheet}")
    assert "Không còn ai phải gọi" in clerk.get("/desk/calls").text
    assert "Cuộc gọi báo thay đổi chưa xong" not in clerk.get("/desk").text
    check_page(clerk.get("/desk/old-sheets").text)


def test_a_span_is_suspended_in_two_steps_and_everybody_reads_it(clerk: Visitor, database: Database) -> None:
    path = "/desk/suspensions/new"
    check_page(clerk.get(path).text)
    unit = clerk.get(path).text.split('name="unit"')[1].split('value="')[1].split('"')[0]
    form = {"unit": unit, "first": "2026-11-25", "last": "2026-11-30", "why": "Thiên tai, mưa bão"}
    page = clerk.submit(path, form | {"do": "preview"}).text
    check_page(page)
    assert "Buổi đã công bố trong thời gian này: 1" in page
    assert 'value="2026-12-01"' in page
    assert "Tạm dừng và báo cho 2 người (1 thư, 1 cuộc gọi)" in page
    assert clerk.submit(path, form | {"last": "2026-11-20", "do": "suspend"}).status_code == 422
    done = clerk.submit(path, form | {"do": "suspend"})
    assert done.status_code == 303
    assert clerk.submit(path, form | {"do": "suspend"}).location == done.location
    sentence = "Tạm dừng tiếp công dân từ 25/11/2026 đến hết 30/11/2026"
    check_page(clerk.get(done.location).text)
    assert sentence in clerk.get("/units/00070-ubnd").text
    clerk.submit(done.location, {"reason": "Bão tan"}, to=f"{done.location}/lift")
    assert sentence not in clerk.get("/units/00070-ubnd").text
    with database.open() as db:
        assert db.query(Suspension).one().lifted_reason == "Bão tan"
        assert db.query(Occurrence).filter_by(planned_day=DAY).one().day == date(2026, 12, 1)


def test_many_move_in_one_order(clerk: Visitor, database: Database) -> None:
    with database.open() as db:
        ids = "&".join(f"id={one.id}" for one in db.query(Occurrence))
    check_page(clerk.get(f"/desk/occurrences/change-many?{ids}").text)
    path = f"/desk/occurrences/change-many/move?{ids}"
    page = clerk.get(path).text
    check_page(page)
    assert "Đổi lịch và báo cho 2 người (3 thư, 1 cuộc gọi)" not in page
    assert "Đổi lịch và báo cho 2 người (2 thư, 1 cuộc gọi)" in page
    done = clerk.submit(path, {"why": "Đi công tác", "do": "change"}, follow_redirects=True)
    assert "Đã đổi 2 buổi" in done.text
    with database.open() as db:
        assert [one.day for one in db.query(Occurrence).order_by(Occurrence.id)] == [
            date(2026, 12, 11),
            date(2026, 12, 14),
        ]


def test_all_of_one_head_in_a_span(clerk: Visitor) -> None:
    base = "/desk/occurrences/change-many?post=00070-ubnd-chu-tich"
    assert "Chọn khoảng ngày" in clerk.get(base).text
    page = clerk.get(f"{base}&from=2026-11-20&to=2026-12-31").text
    assert page.count('name="id"') == 2
    assert clerk.get(f"{base}&from=x&to=9999-99-99").status_code == 200
    assert clerk.get("/desk/occurrences/change-many/cancel").status_code == 422
    assert clerk.get("/desk/occurrences/change-many/erase?id=1").status_code == 404
    many = "&".join(f"id={number}" for number in range(1, 202))
    assert "nhiều nhất 200 buổi" in clerk.get(f"/desk/occurrences/change-many/cancel?{many}").text


@pytest.mark.browser
@pytest.mark.slow
def test_under_a_minute_from_the_desk_with_a_telephone(served: Served, phone_page: Page) -> None:
    served.clock.now = at_local(DAY, "07:10")
    served.sign_in(phone_page, _world(served.database))
    presses = 0
    for press in (
        lambda: phone_page.locator("ol.week").get_by_role("link", name="Đổi").first.click(),
        lambda: phone_page.get_by_role("link", name="13 giờ 30 đến 17 giờ").click(),
        lambda: phone_page.get_by_label("Họp đột xuất").check(),
        lambda: phone_page.get_by_role("button", name="Đổi giờ và báo cho 2 người (1 thư, 1 cuộc gọi)").click(),
    ):
        phone_page.wait_for_load_state()
        assert phone_page.evaluate("document.documentElement.scrollWidth") <= 360
        press()
        presses += 1
    expect(phone_page.locator(".told")).to_contain_text("Đã đổi giờ")
    assert presses <= 4
    with served.database.open() as db:
        assert db.query(Occurrence).filter_by(day=DAY).one().hours == ["13:30-17:00"]

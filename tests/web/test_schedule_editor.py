"""The rule editor: what it asks, what it shows before saving, and what it answers to what cannot be."""

from datetime import date

import pytest
from sqlalchemy import func, select

from scheduler.actions.days import seed_days
from scheduler.database import Database
from scheduler.models import Account, Occurrence, Post, Schedule
from scheduler.queries.units import unit_by_code
from tests.build import make_account, make_occurrence, make_office, make_post, make_published, make_unit
from tests.conftest import NOW
from tests.visitors import SignIn
from tests.web.checks import check_page
from tests.web.conftest import Statements
from tests.web.schedule_blanks import NEW

ADDRESS, PREVIEW = "/desk/schedules/new", "/desk/schedules/preview"
READ_BY_WEEK = NEW | {"shape": "month-weeks", "nth": "3", "weekdays": ["TU"], "days": ""}

BAD = (
    ({"starts": "2027-02-31"}, "Từ ngày"),
    ({"starts": "2026-W48-2"}, "Từ ngày"),
    ({"starts": "0001-01-01"}, "Từ ngày"),
    ({"until": "9999-12-31"}, "Đến hết ngày"),
    ({"starts": "1990-01-01"}, "Từ ngày"),
    ({"shape": "dates", "dates": "31/02/2027"}, "31/02/2027"),
    ({"hours": "07:30-24:00"}, "Giờ tiếp"),
    ({"hours": "25:99-26:00"}, "Giờ tiếp"),
    ({"hours": "11:30-11:30"}, "Giờ tiếp"),
    ({"shape": "month-times", "times": "0"}, "Số buổi"),
    ({"shape": "month-times", "times": "-1"}, "Số buổi"),
    ({"shape": "month-times", "times": "1000000000"}, "Số buổi"),
    ({"shape": "month-times", "times": "1.5"}, "Số buổi"),
    ({"shape": "month-times", "times": "NaN"}, "Số buổi"),
    ({"shape": "month-times", "times": ""}, "Ghi số buổi mỗi kỳ."),
    ({"days": "1.5"}, "Ngày"),
    ({"shape": "month-nth", "nth": "1", "weekdays": ["TU", "TH"]}, "Chỉ chọn một thứ."),
    ({"shape": "hourly"}, "Tiếp theo quy tắc nào"),
    ({"kind": "party"}, "Loại"),
    ({"weekend": "sometimes"}, "Trùng thứ Bảy"),
    ({"hosts": "\u200b"}, "Người tiếp"),
    ({"place": "a\u202eb"}, "Địa điểm"),
    (
        {"changes-0-date": "2027-03-14", "changes-0-action": "skip", "changes-0-to": "", "changes-0-reason": ""},
        "14",
    ),
    ({"seasons-0-from": "31/02", "seasons-0-until": "15/10", "seasons-0-hours": "7:00-11:00"}, "31/02"),
)
"""Blanks that cannot be, and a word of what is said at their field (rows 17 to 23 and 34 of the bad inputs)."""


@pytest.fixture
def clerk(database: Database) -> Account:
    with database.transaction() as db:
        unit, _ = make_office(db)
        make_post(db, unit, "Phó Chủ tịch UBND", duty="", is_head=False)
        seed_days(db, NOW)
        return make_account(db, unit)


def schedules(database: Database) -> list[Schedule]:
    with database.open() as db:
        return list(db.scalars(select(Schedule)))


def test_the_year_while_typing_is_one_region_and_writes_nothing(
    clerk: Account, sign_in: SignIn, database: Database, statements: Statements
) -> None:
    visitor = sign_in(clerk)
    with statements() as sent:
        shown = visitor.submit(ADDRESS, NEW, to=PREVIEW)
    assert shown.status_code == 200
    assert "<html" not in shown.text
    assert 'data-said="Lịch này cho 12 buổi"' in shown.text
    assert "Chủ tịch UBND tiếp công dân vào ngày 15 hằng tháng, 7 giờ 30 đến 11 giờ 30 và 13 giờ 30" in shown.text
    assert 'href="#on-2027-05-15" title="Ngày 15/05/2027 là thứ Bảy' in shown.text
    assert {one.split()[1] for one in sent if one.split()[0] in ("INSERT", "UPDATE", "DELETE")} <= {"sign_ins"}
    assert len(sent) < 45  # the page of the form, and the preview
    english = visitor.submit(ADDRESS, NEW, to=f"/en{PREVIEW}").text
    assert (
        'Citizens are received by <span lang="vi">Chủ tịch UBND</span> on day 15 of every month, 7:30 to 11:30'
        in english
    )
    unfit = visitor.submit(ADDRESS, NEW | {"days": "32"}, to=PREVIEW)
    assert unfit.status_code == 422
    assert "Ngày: " in unfit.text
    assert schedules(database) == []


def test_a_day_some_months_lack_asks_what_becomes_of_it(clerk: Account, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(clerk)
    asked = visitor.submit(ADDRESS, NEW | {"days": "31", "do": "save"})
    assert asked.status_code == 422
    check_page(asked.text)
    assert "Chọn: lấy ngày cuối tháng, hay không tiếp." in asked.text
    assert 'value="31"' in asked.text
    assert visitor.submit(ADDRESS, NEW | {"days": "31", "short_month": "skip", "do": "save"}).status_code == 303
    assert schedules(database)[0].series["rule"] == {"every": "month", "days": [31], "short_month": "skip"}


def test_without_an_end_the_horizon_is_told(clerk: Account, sign_in: SignIn) -> None:
    page = sign_in(clerk).submit(ADDRESS, NEW | {"until": ""})
    assert "lịch được lập tiếp hằng năm, nay đến hết 31/12/2028" in page.text
    assert "Cả năm 2028" in page.text


def test_two_readings_are_outlined_until_one_is_chosen(clerk: Account, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(clerk)
    shown = visitor.submit(ADDRESS, READ_BY_WEEK)
    check_page(shown.text)
    assert "mark-reading-nth" in shown.text
    assert 'value="save"' not in shown.text
    refused = visitor.submit(ADDRESS, READ_BY_WEEK | {"do": "save"})
    assert refused.status_code == 422
    assert "Chọn một cách trước khi lưu." in refused.text
    assert "mark-reading-weeks" in refused.text
    chosen = visitor.submit(ADDRESS, READ_BY_WEEK | {"choose": "nth"})
    assert "mark-reading-nth" not in chosen.text
    assert '<option value="month-nth" selected>' in chosen.text
    saved = visitor.submit(ADDRESS, READ_BY_WEEK | {"shape": "month-nth", "reading": "nth", "do": "save"})
    assert saved.status_code == 303
    assert schedules(database)[0].series["rule"] == {"every": "month", "nth": [3], "weekday": "TU"}


def test_what_cannot_be_is_told_at_its_field(clerk: Account, sign_in: SignIn, database: Database) -> None:
    visitor, missed = sign_in(clerk), []
    for blanks, words in BAD:
        page = visitor.submit(ADDRESS, NEW | blanks | {"do": "save"})
        check_page(page.text)
        summary = page.text[page.text.index("summary-wrong") :][:1500]
        kept = "126 Hàng Trống" in page.text or "place" in blanks
        if page.status_code != 422 or words not in summary or not kept:
            missed.append((blanks, page.status_code, summary))
    assert missed == []
    assert schedules(database) == []


def test_fields_that_nobody_asked_for_change_nothing(clerk: Account, sign_in: SignIn, database: Database) -> None:
    answer = sign_in(clerk).submit(ADDRESS, NEW | {"do": "save", "role": "administrator", "unit_id": "1", "state": "x"})
    assert answer.status_code == 303
    with database.open() as db:
        assert schedules(database)[0].unit_id == unit_by_code(db, "00070-ubnd").id


def test_sent_twice_it_is_one_schedule(clerk: Account, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(clerk)
    first = visitor.submit(ADDRESS, NEW | {"do": "save"})
    second = visitor.submit(ADDRESS, NEW | {"do": "save"})
    assert first.location == second.location
    assert "đã được lưu trước đó" in visitor.get(second.location).text
    other = visitor.submit(ADDRESS, NEW | {"days": "20", "do": "save"})
    assert other.status_code == 422
    assert "Chọn mã khác" in other.text or "đã có" in other.text
    with database.open() as db:
        assert db.scalar(select(func.count()).select_from(Occurrence)) == 12


def test_an_overtaken_editor_sees_both_texts_and_chooses(clerk: Account, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(clerk)
    address = visitor.submit(ADDRESS, NEW | {"do": "save"}).location
    version = schedules(database)[0].version
    visitor.submit(address, NEW | {"days": "20", "version": version, "do": "save"})
    late = visitor.submit(address, NEW | {"days": "25", "version": version, "do": "save"})
    assert late.status_code == 409
    check_page(late.text)
    assert "vào ngày 20 hằng tháng" in late.text
    assert "vào ngày 25 hằng tháng" in late.text
    newest = schedules(database)[0].version
    assert f'name="over" value="{newest}"' in late.text
    done = visitor.submit(address, NEW | {"days": "25", "version": version, "over": newest, "do": "save"})
    assert done.status_code == 303
    assert schedules(database)[0].series["rule"]["days"] == [25]


def test_what_saving_would_change_is_shown_first(clerk: Account, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(clerk)
    address = visitor.submit(ADDRESS, NEW | {"do": "save"}).location
    with database.transaction() as db:
        for row in db.scalars(select(Occurrence).where(Occurrence.planned_day < date(2027, 3, 1))):
            row.state, row.published_at, row.published_day = "published", NOW, row.day
    shown = visitor.submit(address, NEW | {"place": "Trụ sở mới"}, to=f"{address}/preview")
    assert "Lưu sẽ thay đổi" in shown.text
    assert "? 15/01/2027 đã công bố, đề nghị chờ duyệt" in shown.text
    assert "~ 15/03/2027: địa điểm: 126 Hàng Trống → Trụ sở mới" in shown.text
    same = visitor.submit(address, NEW, to=f"{address}/preview")
    assert "Không buổi nào thay đổi." in same.text
    with database.open() as db:
        assert set(db.scalars(select(Occurrence.place))) == {"126 Hàng Trống"}


def test_clashes_are_named_only_to_who_may_read_them(clerk: Account, sign_in: SignIn, database: Database) -> None:
    with database.transaction() as db:
        chairman = db.scalars(select(Post).where(Post.title == "Chủ tịch UBND")).one()
        elsewhere = make_unit(db, "01-ubnd", name="UBND thành phố")
        make_published(db, elsewhere, chairman, day=date(2027, 3, 15), kind="dialogue")
        make_occurrence(db, elsewhere, chairman, day=date(2027, 4, 15), kind="voter_meeting")
    page = sign_in(clerk).submit(ADDRESS, NEW)
    check_page(page.text)
    assert "2 buổi trùng lịch" in page.text
    assert "Chủ tịch UBND đã có Hội nghị đối thoại, 07:30-11:30" in page.text
    assert "Chủ tịch UBND đã có việc khác, 07:30-11:30" in page.text
    assert page.text.count("tiếp xúc cử tri, 07:30") == 0


def test_seasons_changes_and_the_notice_are_kept(clerk: Account, sign_in: SignIn, database: Database) -> None:
    rows = {
        "seasons-0-from": "16/04", "seasons-0-until": "15/10", "seasons-0-hours": "7:00-11:00",
        "changes-0-date": "2027-03-15", "changes-0-action": "move", "changes-0-to": "2027-03-16",
        "changes-0-reason": "Họp Hội đồng nhân dân", "changes-1-date": "", "changes-1-action": "skip",
        "changes-1-to": "", "changes-1-reason": "", "notice_number": "12/TB-UBND", "notice_day": "2026-12-20",
        "notice_signer": "Chủ tịch", "register_day": "20",
    }  # fmt: skip
    visitor = sign_in(clerk)
    address = visitor.submit(ADDRESS, NEW | rows | {"do": "save"}).location
    series = schedules(database)[0].series
    assert series["seasons"] == [{"from": "04-16", "until": "10-15", "hours": ["07:00-11:00"]}]
    assert series["changes"][0]["reason"] == "Họp Hội đồng nhân dân"
    assert series["notice"] == {"number": "12/TB-UBND", "date": "2026-12-20", "signer": "Chủ tịch"}
    page = visitor.get(address).text
    check_page(page)
    assert 'value="16/04"' in page
    assert 'value="2027-03-16"' in page
    again = visitor.submit(address, NEW | rows, to=f"{address}/preview")
    assert "Không buổi nào thay đổi." in again.text


def test_a_rotation_says_whose_turn_each_date_is(clerk: Account, sign_in: SignIn) -> None:
    blanks = NEW | {"hosts": "Chủ tịch UBND\nPhó Chủ tịch UBND", "together": "rotation"}
    page = sign_in(clerk).submit(ADDRESS, blanks)
    check_page(page.text)
    assert "Chủ tịch UBND và Phó Chủ tịch UBND luân phiên tiếp công dân" in page.text
    assert "Chủ tịch UBND: 6; Phó Chủ tịch UBND: 6." in page.text
    assert "Chủ tịch UBND: 6/24 ngày tiếp theo quy định." in page.text


def test_sittings_without_a_day_are_dated_later(clerk: Account, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(clerk)
    address = visitor.submit(ADDRESS, NEW | {"shape": "quarter-times", "times": "\uff15", "do": "save"}).location
    page = visitor.get(address).text
    assert "20 buổi chưa ấn định ngày." in page
    assert "Ngày sẽ thông báo: buổi 1 trong 5 của quý I/2027." in page
    assert "20 buổi chưa ấn định ngày" in visitor.get("/desk/schedules").text
    assert "buổi 5 trong 5 của quý IV/2027" in visitor.get("/desk/occurrences?list=undated").text
    with database.open() as db:
        slug = db.scalars(select(Occurrence.slug).order_by(Occurrence.planned_day)).first()
        version = db.scalars(select(Occurrence.version).order_by(Occurrence.planned_day)).first()
    edit = {
        "version": version,
        "day": "2027-02-11",
        "hours": "07:30-11:30",
        "place": "Trụ sở",
        "reason": "Ấn định ngày",
    }
    assert visitor.submit(f"/desk/occurrences/{slug}/edit", edit).status_code == 303
    page = visitor.get(address).text
    assert "19 buổi chưa ấn định ngày." in page
    assert "Ngày đã ấn định: thứ Năm, 11/02/2027. Lý do: Ấn định ngày." in page


def test_the_days_of_other_series_count_towards_the_law(clerk: Account, sign_in: SignIn) -> None:
    visitor = sign_in(clerk)
    visitor.submit(ADDRESS, NEW | {"do": "save"})
    page = visitor.submit(ADDRESS, NEW | {"key": "lan-hai", "days": "25"})
    assert "Chủ tịch UBND: 24/24 ngày tiếp theo quy định, đủ." in page.text


def test_another_unit_s_schedule_has_no_preview(clerk: Account, sign_in: SignIn, database: Database) -> None:
    address = sign_in(clerk).submit(ADDRESS, NEW | {"do": "save"}).location
    with database.transaction() as db:
        stranger = make_account(db, make_unit(db, "00073-ubnd"))
    visitor = sign_in(stranger)
    assert visitor.submit(ADDRESS, NEW, to=f"{address}/preview").status_code == 404
    assert visitor.submit(ADDRESS, NEW, to=PREVIEW).status_code == 404

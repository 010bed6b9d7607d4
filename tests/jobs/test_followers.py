"""The news that followers get: what a half hour adds up to, how often, by whom, and how one leaves."""

import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from jobs.delivery import deliver_letters
from jobs.followers import tell_news
from jobs.job import Workshop
from scheduler.actions.changes import (
    Order,
    cancel_occurrence,
    change_chair,
    change_place,
    move_occurrence,
    postpone_occurrence,
    restore_occurrence,
)
from scheduler.actions.feeds import raise_versions
from scheduler.clock import at_local
from scheduler.database import Database, Db
from scheduler.models import Follower, Letter, Occurrence, Post, Unit
from scheduler.rules.permissions import COMMAND_LINE
from tests.actions.succession_city import decide, divide, join, make_city
from tests.build import NOW, make_follower, make_office, make_published
from tests.jobs.outbox import workshop_on
from tests.mailbox import Sink

ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What the kind of database makes no difference to."""
MONDAY = at_local(date(2026, 11, 23), "09:05")
"""Half past nine is the next half hour, and told of from 9:31 on."""
LATER = at_local(date(2026, 11, 23), "09:35")
EMAIL = "cutri@example.vn"
SOON = date(2026, 11, 25)


class Ward:
    """A ward with its committee and chairman, a sitting in two days and one in December."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.transaction() as db:
            self.committee, self.chairman = make_office(db)
            self.place = db.query(Unit).filter_by(code="00070").one()
            self.soon = make_published(db, self.committee, self.chairman, day=SOON).slug
            make_published(db, self.committee, self.chairman, day=date(2026, 12, 10))

    def order(self, db: Db, at: datetime = MONDAY, slug: str = "", reason: str = "Họp đột xuất") -> tuple[str, Order]:
        found = db.query(Occurrence).filter_by(slug=slug or self.soon).one()
        return found.slug, Order(found.version, reason, COMMAND_LINE, at)

    def follow(self, of: Unit | Post, email: str = EMAIL, **values: object) -> int:
        with self.database.transaction() as db:
            return make_follower(db, of, email, **values).id

    def publish(self, days: list[date], at: datetime = MONDAY, **values: object) -> list[int]:
        with self.database.transaction() as db:
            rows = [
                make_published(db, self.committee, self.chairman, day=day, published_at=at, **values) for day in days
            ]
            raise_versions(db, [row.id for row in rows], now=at)
            return [row.id for row in rows]

    def move(self, day: date, at: datetime = MONDAY) -> None:
        with self.database.transaction() as db:
            move_occurrence(db, *self.order(db, at), day=day)


@pytest.fixture
def ward(database: Database) -> Ward:
    return Ward(database)


@pytest.fixture
def workshop(database: Database, smtp_sink: Sink) -> Workshop:
    return workshop_on(database, smtp_sink.url)


def news(database: Database) -> list[Letter]:
    with database.open() as db:
        return db.query(Letter).filter_by(kind="follow-news").order_by(Letter.id).all()


def said(database: Database) -> list[str]:
    return [str(letter.facts["lines"]) for letter in news(database)]


def test_a_change_is_told_with_its_reason_and_the_next_date(workshop: Workshop, ward: Ward, smtp_sink: Sink) -> None:
    ward.follow(ward.place)
    ward.move(date(2026, 11, 27))
    assert tell_news(workshop, LATER).done == 1
    deliver_letters(workshop, LATER)
    (letter,) = smtp_sink.to(EMAIL)
    assert letter.subject == "Đổi lịch: buổi tiếp công dân định kỳ, thứ Sáu, 27/11/2026"
    for part in ("text/plain", "text/html"):
        text = letter.part(part)
        assert "từ thứ Tư, ngày 25/11/2026 sang thứ Sáu, ngày 27/11/2026" in text
        assert "Lý do: Họp đột xuất." in text
        assert "Buổi gần nhất: " in text
        assert "http://127.0.0.1:8000/units/00070" in text
        assert "Thôi theo dõi" in text
    message = letter.message
    way_out = str(message["List-Unsubscribe"]).strip(" <>")
    assert way_out.startswith("http://127.0.0.1:8000/follow/")
    assert way_out in letter.part("text/plain")
    assert str(message["List-Unsubscribe-Post"]).strip() == "List-Unsubscribe=One-Click"
    assert str(message["List-Id"]).strip() == "<00070.units.lich.example.vn>"
    assert message["To"].addresses[0].addr_spec == EMAIL
    (row,) = news(ward.database)
    assert EMAIL not in f"{row.recipient}{row.key}{row.facts}{row.answer}"


@ONE
def test_the_same_in_english(workshop: Workshop, ward: Ward, smtp_sink: Sink) -> None:
    ward.follow(ward.committee, language="en")
    with ward.database.transaction() as db:
        cancel_occurrence(db, *ward.order(db))
    tell_news(workshop, LATER)
    deliver_letters(workshop, LATER)
    (letter,) = smtp_sink.to(EMAIL)
    assert letter.message["Content-Language"] == "en"
    assert "/en/follow/" in str(letter.message["List-Unsubscribe"])
    assert "Reason: Họp đột xuất." in letter.part("text/plain")
    assert "Next: regular reception of citizens of" in letter.part("text/plain")


@ONE
def test_a_year_is_summed_up_and_few_dates_are_told_one_by_one(workshop: Workshop, ward: Ward) -> None:
    ward.follow(ward.place)
    ward.publish([date(2027, month, 15) for month in range(1, 13)])
    ward.publish([date(2026, 12, 24)], hours=["13:30-16:30"])
    tell_news(workshop, LATER)
    (letter,) = news(ward.database)
    lines = letter.facts["lines"].split("\n\n")
    who = "Chủ tịch UBND phường Hoàn Kiếm"
    assert lines == [
        f"Lịch mới: buổi tiếp công dân định kỳ của {who}, thứ Năm, ngày 24/12/2026, từ 13 giờ 30 đến 16 giờ 30, "
        "tại 126 Hàng Trống.",
        f"Lịch mới: 12 buổi tiếp công dân định kỳ của {who} trong năm 2027. Buổi đầu: thứ Sáu, ngày 15/01/2027, "
        "từ 7 giờ 30 đến 11 giờ 30, tại 126 Hàng Trống.",
    ]
    assert letter.facts["headline_words"] == "Lịch mới: 13 buổi, Phường Hoàn Kiếm"
    assert "25/11/2026" in letter.facts["next"]


@ONE
def test_the_news_of_a_half_hour_are_one_letter_and_an_hour_passes_before_the_next(
    workshop: Workshop, ward: Ward
) -> None:
    ward.follow(ward.place)
    ward.move(date(2026, 11, 27), MONDAY)
    ward.publish([date(2026, 12, 24)], MONDAY + timedelta(minutes=10))
    for minutes in (0, 5, 20):
        tell_news(workshop, MONDAY + timedelta(minutes=minutes))
    assert news(ward.database) == []
    tell_news(workshop, LATER)
    ward.move(date(2026, 11, 30), LATER + timedelta(minutes=2))
    for minutes in (5, 30, 55):
        tell_news(workshop, LATER + timedelta(minutes=minutes))
    assert len(news(ward.database)) == 1
    tell_news(workshop, LATER + timedelta(minutes=61))
    first, second = said(ward.database)
    assert first.count("\n\n") == 1
    assert "từ thứ Sáu, ngày 27/11/2026 sang thứ Hai, ngày 30/11/2026" in second


@ONE
def test_what_was_undone_says_nothing(workshop: Workshop, ward: Ward) -> None:
    follower = ward.follow(ward.place)
    with ward.database.transaction() as db:
        cancel_occurrence(db, *ward.order(db))
    with ward.database.transaction() as db:
        restore_occurrence(db, *ward.order(db, MONDAY + timedelta(minutes=3)))
    assert tell_news(workshop, LATER).found == 0
    assert news(ward.database) == []
    with ward.database.open() as db:
        known = db.get_one(Follower, follower)
        assert (known.told_at, known.written_at) == (LATER - timedelta(minutes=1), None)


@ONE
def test_nobody_is_woken(workshop: Workshop, ward: Ward) -> None:
    ward.follow(ward.place)
    evening = at_local(date(2026, 11, 23), "21:10")
    ward.move(date(2026, 11, 27), evening)
    for hours in (0.5, 3, 8):
        assert tell_news(workshop, evening + timedelta(hours=hours)).found == 0
    ward.move(SOON, evening + timedelta(hours=8))
    assert tell_news(workshop, at_local(date(2026, 11, 24), "06:35")).found == 0


@ONE
def test_put_off_place_and_chair_are_told(workshop: Workshop, ward: Ward) -> None:
    ward.follow(ward.chairman)
    other = ward.publish([date(2026, 12, 3)], NOW - timedelta(days=9))[0]
    with ward.database.transaction() as db:
        postpone_occurrence(db, *ward.order(db), told_by=date(2026, 12, 1))
        slug = db.get_one(Occurrence, other).slug
        change_place(db, *ward.order(db, slug=slug), place="Nhà văn hóa phường")
        change_chair(db, *ward.order(db, slug=slug), name="Phó Chủ tịch UBND phường")
    tell_news(workshop, LATER)
    (text,) = said(ward.database)
    assert "25/11/2026 tạm hoãn. Lý do: Họp đột xuất. Ngày mới sẽ được thông báo chậm nhất thứ Ba, 01/12/2026." in text
    assert "chuyển đến Nhà văn hóa phường (địa điểm cũ: 126 Hàng Trống)" in text
    assert "do Phó Chủ tịch UBND phường chủ trì thay" in text


@ONE
def test_only_the_kind_one_asked_for(workshop: Workshop, ward: Ward) -> None:
    ward.follow(ward.place, kind="dialogue")
    ward.move(date(2026, 11, 27))
    tell_news(workshop, LATER)
    assert news(ward.database) == []
    ward.publish([date(2026, 12, 24)], LATER, kind="dialogue")
    tell_news(workshop, LATER + timedelta(minutes=31))
    (text,) = said(ward.database)
    assert text.startswith("Lịch mới: hội nghị đối thoại của")


def test_who_follows_a_unit_and_its_head_is_told_once(workshop: Workshop, ward: Ward) -> None:
    for of in (ward.place, ward.committee, ward.chairman):
        ward.follow(of)
    ward.follow(ward.chairman, "khac@example.vn")
    ward.move(date(2026, 11, 27))
    for minutes in (0, 5, 65):
        tell_news(workshop, LATER + timedelta(minutes=minutes))
    with ward.database.open() as db:
        mine = db.query(Letter).join(Follower, Follower.id == Letter.follower_id)
        marks = [db.get_one(Follower, letter.follower_id).mark for letter in mine]
    assert len(marks) == 2 == len(set(marks))


@ONE
def test_who_began_to_follow_another_calendar_after_the_change_is_still_told(workshop: Workshop, ward: Ward) -> None:
    ward.follow(ward.place)
    ward.move(date(2026, 11, 27))
    after = MONDAY + timedelta(minutes=10)
    ward.follow(ward.chairman, confirmed_at=after, told_at=after)
    tell_news(workshop, LATER)
    assert len(news(ward.database)) == 1


@ONE
def test_who_left_or_never_confirmed_gets_nothing(workshop: Workshop, ward: Ward) -> None:
    ward.follow(ward.place, state="asked", confirmed_at=None, told_at=None)
    ward.follow(ward.committee, state="ended", email="", mark=None)
    ward.move(date(2026, 11, 27))
    assert tell_news(workshop, LATER).found == 0


def test_a_letter_waiting_for_who_leaves_is_not_sent(
    workshop: Workshop, ward: Ward, smtp_sink: Sink, app: Flask
) -> None:
    ward.follow(ward.place)
    ward.move(date(2026, 11, 27))
    tell_news(workshop, LATER)
    (row,) = news(ward.database)
    assert row.state == "due"
    deliver_letters(workshop, LATER)
    way_out = str(smtp_sink.to(EMAIL)[0].message["List-Unsubscribe"]).strip(" <>").removeprefix("http://127.0.0.1:8000")
    visitor = app.test_client()
    assert visitor.get(way_out).status_code == 200
    ward.move(date(2026, 11, 30), LATER + timedelta(hours=1))
    tell_news(workshop, LATER + timedelta(hours=2))
    assert visitor.post(way_out, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    deliver_letters(workshop, LATER + timedelta(hours=2))
    assert [letter.state for letter in news(ward.database)] == ["sent", "not-wanted"]
    with ward.database.open() as db:
        (gone,) = db.query(Follower)
        assert (gone.state, gone.email, gone.mark) == ("ended", "", None)


def test_two_processes_write_one_letter(ward: Ward, smtp_sink: Sink) -> None:
    for number in range(20):
        ward.follow(ward.place, f"a{number}@example.vn")
    ward.move(date(2026, 11, 27))
    start, faults = threading.Barrier(2), list[str]()

    def run() -> None:
        own = Database(ward.database.url.render_as_string(hide_password=False), "k" * 43)
        shop = workshop_on(own, smtp_sink.url)
        start.wait()
        faults.extend(tell_news(shop, LATER).errors)
        own.engine.dispose()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len({letter.follower_id for letter in news(ward.database)}) == len(news(ward.database)) == 20


def test_a_process_that_is_killed_has_told_nobody(ward: Ward, workshop: Workshop, database: Database) -> None:
    ward.follow(ward.place)
    ward.move(date(2026, 11, 27))

    def die(*given: object) -> None:
        if "INTO letters" in str(given[2]):
            raise SystemExit

    event.listen(database.engine, "before_cursor_execute", die)
    with pytest.raises(SystemExit):
        tell_news(workshop, LATER)
    event.remove(database.engine, "before_cursor_execute", die)
    assert news(database) == []
    tell_news(workshop, LATER)
    assert len(news(database)) == 1


@ONE
def test_after_a_merger_one_follows_the_new_unit_and_is_told_once(workshop: Workshop, database: Database) -> None:
    with database.transaction() as db:
        city = make_city(db)
        for of in (city.ward, city.chairman):
            make_follower(db, of, f"{of.code}@example.vn")
        make_follower(db, city.ward, "ca.hai@example.vn")
        make_follower(db, city.heir, "ca.hai@example.vn")
        make_follower(db, city.ward, "chua@example.vn", state="asked", confirmed_at=None, told_at=None)
        decide(db, join(), city.by)
        heirs = [f"unit:{city.heir.id}", f"post:{city.heir_chairman.id}"]
    for minutes in (6, 10, 70):
        tell_news(workshop, NOW + timedelta(minutes=minutes))
    first, second = news(database)
    assert first.facts["headline_words"] == "Phường Cửa Nam nay là Phường Hoàn Kiếm"
    assert first.facts["lines"].startswith("Phường Cửa Nam nay là Phường Hoàn Kiếm. Từ nay thư này báo lịch của")
    assert first.facts["url"] == "/units/00070"
    assert "10/12/2026" in first.facts["next"]
    assert second.facts["url"] == "/posts/00070-ubnd-chu-tich"
    with database.open() as db:
        rows = db.query(Follower).filter(Follower.state != "ended").order_by(Follower.id).all()
    assert [row.feed for row in rows] == [*heirs, heirs[0], heirs[0]]


@ONE
def test_after_a_division_one_follows_each_that_came_of_it(workshop: Workshop, database: Database) -> None:
    with database.transaction() as db:
        city = make_city(db)
        make_follower(db, city.ward, EMAIL)
        decide(db, divide(), city.by)
    for minutes in (6, 10):
        tell_news(workshop, NOW + timedelta(minutes=minutes))
    assert [letter.facts["headline_words"] for letter in news(database)] == [
        "Phường Cửa Nam nay là Phường Hoàn Kiếm",
        "Phường Cửa Nam nay là Phường Ga",
    ]
    assert len({letter.facts["leave_url"] for letter in news(database)}) == 2


@pytest.fixture
def reads(database: Database) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(*given: object) -> None:
        if str(given[2]).lstrip().upper().startswith("SELECT"):
            sent.append(str(given[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


@ONE
def test_a_thousand_followers_cost_a_bounded_number_of_questions(
    workshop: Workshop, ward: Ward, reads: list[str]
) -> None:
    with ward.database.transaction() as db:
        for number in range(1000):
            told = NOW - timedelta(minutes=number)
            make_follower(db, ward.place, f"a{number}@example.vn", told_at=told, confirmed_at=told)
    ward.move(date(2026, 11, 27))
    reads.clear()
    assert tell_news(workshop, LATER).done == 1000
    assert len(reads) <= 120, len(reads)
    reads.clear()
    assert tell_news(workshop, LATER + timedelta(minutes=5)).found == 0
    assert len(reads) <= 4

"""Whom a round of news reaches: each once, by whatever they follow, however many and however many processes."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from jobs.delivery import deliver_letters
from jobs.followers import tell_news
from jobs.job import Workshop
from scheduler.database import Database
from scheduler.models import Follower, Letter
from tests.actions.succession_city import decide, divide, join, make_city
from tests.build import NOW, make_follower
from tests.jobs.follower_world import EMAIL, LATER, MONDAY, ONE, Ward, news, said
from tests.jobs.outbox import workshop_on
from tests.mailbox import Sink


@pytest.fixture
def ward(database: Database) -> Ward:
    return Ward(database)


@pytest.fixture
def workshop(database: Database, smtp_sink: Sink) -> Workshop:
    return workshop_on(database, smtp_sink.url)


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


@ONE
def test_who_cannot_be_reached_three_times_is_let_go(workshop: Workshop, ward: Ward, smtp_sink: Sink) -> None:
    ward.follow(ward.place)
    smtp_sink.by_recipient[EMAIL] = "refuse"
    for number in range(4):
        at = LATER + timedelta(hours=2 * number)
        ward.move(date(2026, 12, 14 + number), at - timedelta(minutes=30))
        tell_news(workshop, at)
        deliver_letters(workshop, at)
    assert [letter.state for letter in news(ward.database)] == ["failed"] * 3
    with ward.database.open() as db:
        (gone,) = db.query(Follower)
        assert (gone.state, gone.email, gone.mark) == ("ended", "", None)

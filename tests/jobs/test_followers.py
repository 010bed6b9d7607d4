"""The news that followers get: what a half hour adds up to, in which words, and how often."""

from datetime import date, timedelta

import pytest

from jobs.delivery import deliver_letters
from jobs.followers import tell_news
from jobs.job import Workshop
from scheduler.actions.changes import (
    cancel_occurrence,
    change_chair,
    change_place,
    postpone_occurrence,
    restore_occurrence,
)
from scheduler.clock import at_local
from scheduler.database import Database
from scheduler.models import Follower, Occurrence
from scheduler.rules.followers import SETTLE
from tests.build import NOW
from tests.jobs.follower_world import EMAIL, LATER, MONDAY, ONE, SOON, Ward, news, said
from tests.jobs.outbox import workshop_on
from tests.mailbox import Sink


@pytest.fixture
def ward(database: Database) -> Ward:
    return Ward(database)


@pytest.fixture
def workshop(database: Database, smtp_sink: Sink) -> Workshop:
    return workshop_on(database, smtp_sink.url)


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
        assert (known.told_at, known.written_at) == (LATER - SETTLE, None)


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

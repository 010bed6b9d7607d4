"""What an event says: in every state, for every audience, in both languages, in bytes every client reads."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar, Event

from calendars.components import Audience, EventFacts, deadline_of, event_of, write_event
from calendars.feeds import TEXTS, FeedHead, build_feed
from calendars.wording import shortened
from scheduler.actions.changes import Order, change_chair, restore_occurrence
from scheduler.database import Db
from scheduler.models import Conclusion, ConclusionItem, Occurrence, Task
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import make_office
from tests.calendars.sittings import BASE, CHANGED, REASON, STATES, make_every_state

EXAMPLE = Path(__file__).with_name("example.ics")
CREATED = datetime(2026, 10, 1, tzinfo=UTC)


@pytest.fixture
def rows(db: Db) -> dict[str, Occurrence]:
    return make_every_state(db)


def facts_of(row: Occurrence, language: str = "vi", **audience: Any) -> EventFacts:
    return event_of(row, language=language, audience=Audience(**audience), base_url=BASE)


def read(facts: EventFacts) -> Event:
    (event,) = Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + write_event(facts) + b"END:VCALENDAR\r\n").events
    return event


TITLES = {
    "plain": "Tiếp công dân định kỳ: Chủ tịch UBND phường Hoàn Kiếm",
    "moved": "Tiếp công dân định kỳ: Chủ tịch UBND phường Hoàn Kiếm (đổi từ 10/12)",
    "cancelled": "HỦY: Tiếp công dân định kỳ: Chủ tịch UBND phường Hoàn Kiếm",
    "postponed": "Tạm hoãn: Tiếp công dân định kỳ: Chủ tịch UBND phường Hoàn Kiếm",
    "open": "Chưa có ngày: Tiếp công dân định kỳ: Chủ tịch UBND phường Hoàn Kiếm",
    "stand-in": "Tiếp công dân định kỳ: Trần Thị Thử, Phó Chủ tịch UBND phường Hoàn Kiếm tiếp thay Chủ tịch UBND "
    "phường Hoàn Kiếm",
    "elsewhere": "Tiếp công dân định kỳ: Chủ tịch UBND phường Hoàn Kiếm",
    "halves": "Tiếp công dân định kỳ: Chủ tịch UBND phường Hoàn Kiếm",
}


@pytest.mark.parametrize("state", STATES)
def test_the_title_tells_the_state(rows: dict[str, Occurrence], state: str) -> None:
    assert facts_of(rows[state]).title == TITLES[state]


@pytest.mark.parametrize(
    ("state", "status", "transparent", "sequence"),
    [
        ("plain", "CONFIRMED", False, 0),
        ("moved", "CONFIRMED", False, 1),
        ("cancelled", "CANCELLED", True, 1),
        ("postponed", "TENTATIVE", True, 1),
        ("open", "TENTATIVE", True, 0),
        ("stand-in", "CONFIRMED", False, 1),
        ("elsewhere", "CONFIRMED", False, 1),
    ],
)
def test_status_and_sequence(
    rows: dict[str, Occurrence], state: str, status: str, transparent: bool, sequence: int
) -> None:
    facts = facts_of(rows[state])
    assert (facts.status, facts.transparent, facts.sequence) == (status, transparent, sequence)


def test_days_and_hours(rows: dict[str, Occurrence]) -> None:
    starts = {state: read(facts_of(row)).decoded("dtstart") for state, row in rows.items()}
    assert starts["moved"].isoformat() == "2026-12-11T07:30:00+07:00"
    assert starts["cancelled"].isoformat() == "2026-12-17T07:30:00+07:00"
    assert starts["postponed"].isoformat() == "2026-12-24T07:30:00+07:00"  # the last day people knew
    assert starts["open"] == date(2026, 12, 31)  # whole day: the date by the rule
    halves = read(facts_of(rows["halves"]))
    assert (halves.decoded("dtstart").hour, halves.decoded("dtend").hour) == (8, 16)
    assert "Giờ: 8 giờ đến 11 giờ và 14 giờ đến 16 giờ." in str(halves["description"])


def test_the_text_tells_the_change_and_ends_with_the_link(rows: dict[str, Occurrence]) -> None:
    text = facts_of(rows["moved"]).text.splitlines()
    assert text[0] == "Lịch đã đổi: từ thứ Năm, 10/12/2026 sang thứ Sáu, 11/12/2026."
    assert text[1] == f"Lý do: {REASON}."
    assert text[-1] == f"{BASE}/occurrences/buoimoved"
    assert "chậm nhất Chủ nhật, 20/12/2026" in facts_of(rows["postponed"]).text
    assert facts_of(rows["elsewhere"]).text.startswith(
        "Địa điểm đã đổi: từ 126 Hàng Trống sang Nhà văn hóa, số 2 phố Lê Thái Tổ."
    )
    hours = "Giờ đã đổi: từ 7 giờ 30 đến 11 giờ 30 sang 8 giờ đến 11 giờ và 14 giờ đến 16 giờ."
    assert facts_of(rows["halves"]).text.startswith(hours)
    assert "không tính vào số ngày của người đứng đầu" in facts_of(rows["stand-in"]).text
    assert "Không cần đăng ký trước." in facts_of(rows["plain"]).text
    assert "Không cần đăng ký trước." not in facts_of(rows["cancelled"]).text


def test_english_says_the_same_and_leaves_data_as_they_are(rows: dict[str, Occurrence]) -> None:
    facts = facts_of(rows["moved"], "en")
    assert facts.title == "Regular reception of citizens: Chủ tịch UBND phường Hoàn Kiếm (moved from 10/12)"
    assert facts.text.endswith(f"{BASE}/en/occurrences/buoimoved")
    assert f"Reason: {REASON}." in facts.text


def test_that_a_sitting_was_held_is_no_news_for_calendars(rows: dict[str, Occurrence]) -> None:
    before = {state: write_event(facts_of(rows[state])) for state in ("plain", "moved", "stand-in")}
    for state in before:
        rows[state].state = "held"
    assert {state: write_event(facts_of(rows[state])) for state in before} == before


def test_the_replaced_head_still_finds_the_sitting(rows: dict[str, Occurrence]) -> None:
    row = rows["stand-in"]
    head, deputy = row.hosts[0].post_id, row.chair_post_id
    assert deputy is not None
    replaced, standing_in = facts_of(row, posts=(head,)), facts_of(row, posts=(deputy,))
    assert replaced.title.startswith("Đã ủy quyền cho Trần Thị Thử, Phó Chủ tịch UBND phường Hoàn Kiếm")
    assert (replaced.status, replaced.transparent) == ("CONFIRMED", True)
    assert standing_in.transparent is False
    assert replaced.uid == standing_in.uid
    assert facts_of(row, posts=(head,), private=True).alarms == ()
    assert len(facts_of(row, posts=(deputy,), private=True).alarms) == 2


def test_who_stood_in_is_told_when_the_head_takes_it_back(db: Db, rows: dict[str, Occurrence]) -> None:
    row = rows["stand-in"]
    head, deputy = row.hosts[0].post_id, row.chair_post_id
    assert deputy is not None
    change_chair(db, row.slug, Order(row.version, "Chủ tịch đã về", COMMAND_LINE, CHANGED), name="", stands_in=False)
    assert facts_of(row, posts=(head,)).transparent is False
    told = facts_of(row, posts=(deputy,))
    assert told.title.startswith("Đã ủy quyền cho Chủ tịch UBND phường Hoàn Kiếm")
    assert told.transparent is True


def test_a_restored_sitting_is_confirmed_again(db: Db, rows: dict[str, Occurrence]) -> None:
    row = rows["cancelled"]
    restore_occurrence(db, row.slug, Order(row.version, "Kỳ họp đổi ngày", COMMAND_LINE, CHANGED))
    facts = facts_of(row)
    assert (facts.status, facts.sequence, facts.transparent) == ("CONFIRMED", 2, False)
    assert not facts.title.startswith("HỦY")


def test_private_events_ring_and_lead_to_the_desk(rows: dict[str, Occurrence]) -> None:
    event = read(facts_of(rows["plain"], private=True))
    alarms = event.walk("VALARM")
    assert [alarm["trigger"].dt for alarm in alarms] == [timedelta(days=-1), timedelta(hours=-1)]
    assert len({str(alarm["uid"]) for alarm in alarms}) == 2
    assert str(event["class"]) == "PRIVATE"
    assert str(event["url"]) == f"{BASE}/desk/occurrences/buoiplain"
    assert facts_of(rows["cancelled"], private=True).alarms == ()


def test_public_events_carry_nothing_but_what_is_allowed(rows: dict[str, Occurrence]) -> None:
    allowed = {
        "UID", "DTSTAMP", "LAST-MODIFIED", "CREATED", "SEQUENCE", "STATUS", "DTSTART", "DTEND", "SUMMARY", "LOCATION",
        "DESCRIPTION", "URL", "CATEGORIES", "CLASS", "TRANSP",
    }  # fmt: skip
    for row in rows.values():
        event = read(facts_of(row))
        assert set(event) <= allowed
        assert event.subcomponents == []
        assert event["dtstamp"].dt == event["last-modified"].dt == row.content_changed_at


def test_a_deadline_is_a_whole_day_and_says_no_more_than_its_number(db: Db) -> None:
    office, _ = make_office(db)
    item = ConclusionItem(
        position=2,
        text="Trả lời đơn của ông Nguyễn Văn Dân",
        conclusion=Conclusion(number="12/TB-UBND"),
        lead_unit=office,
    )
    task = Task(
        slug="viec", item=item, unit=office, owner_unit=office, due_day=date(2026, 12, 8), made_at=CREATED, version=3
    )
    facts = deadline_of(task, changed_at=CHANGED, language="vi", base_url=BASE, feed_domain="lich.example.vn")
    db.rollback()
    assert facts.title == "Hạn: mục 2, thông báo kết luận 12/TB-UBND (UBND phường Hoàn Kiếm)"
    assert (facts.start, facts.end) == (date(2026, 12, 8), date(2026, 12, 9))
    assert (facts.uid, facts.sequence) == ("han-viec@lich.example.vn", 2)
    assert "Nguyễn Văn Dân" not in write_event(facts).decode()


def test_lines_are_folded_by_octets_between_characters(rows: dict[str, Occurrence]) -> None:
    for row in rows.values():
        for line in write_event(facts_of(row)).split(b"\r\n"):
            assert len(line) <= 75
            line.decode("utf-8")


@pytest.mark.parametrize("room", [5, 40, 120])
def test_long_titles_are_cut_between_words(room: int) -> None:
    text = "Chủ tịch Ủy ban nhân dân phường " * 10
    short = shortened(text, room)
    assert len(short) <= room
    assert short.endswith("…")
    assert shortened("ngắn", 120) == "ngắn"


def test_a_title_never_outgrows_its_room(rows: dict[str, Occurrence]) -> None:
    rows["moved"].hosts[0].post.title = "Chủ tịch " + "rất dài " * 40
    title = facts_of(rows["moved"]).title
    assert len(title) <= 120
    assert title.endswith("(đổi từ 10/12)")


def test_control_characters_never_reach_a_calendar(rows: dict[str, Occurrence]) -> None:
    rows["plain"].place = "Phòng 1\x00\x07\r\nBEGIN:VALARM"
    text = write_event(facts_of(rows["plain"]))
    assert b"\x00" not in text
    assert b"\nBEGIN:VALARM" not in text
    assert str(read(facts_of(rows["plain"]))["location"]) == "Phòng 1 BEGIN:VALARM"


def test_an_event_that_ends_before_it_begins_is_refused(rows: dict[str, Occurrence]) -> None:
    facts = facts_of(rows["plain"])
    with pytest.raises(ValueError, match="ends before"):
        write_event(replace(facts, end=facts.start))


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Ho_Chi_Minh"])
def test_the_whole_calendar_is_the_stored_example_byte_for_byte(
    rows: dict[str, Occurrence], zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        events = [facts_of(row) for row in rows.values()]
        head = FeedHead("Lịch tiếp công dân: Phường Hoàn Kiếm", source=f"{BASE}/feeds/unit/00070.ics")
        TEXTS.clear()
        assert build_feed(head, events, modified=CHANGED).body == EXAMPLE.read_bytes()
    finally:
        monkeypatch.undo()
        time.tzset()

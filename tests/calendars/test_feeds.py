"""Whole calendars: what stands in them, how far they reach, what they cost, and that one bad row spoils nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import event, text

from calendars.components import Audience, EventFacts, event_of
from calendars.feeds import FEED, FEEDS, MOST_BYTES, MOST_EVENTS, TEXTS, FeedHead, build_feed, modified_at, window_of
from calendars.kept import Shelf
from calendars.served import Calendars, Wish
from scheduler.actions.changes import Order, change_chair
from scheduler.actions.units import rename_unit
from scheduler.database import Database, Db
from scheduler.links import new_slug
from scheduler.models import Occurrence
from scheduler.queries.feeds import Subject, subject_of_post, subject_of_unit
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import make_occurrence, make_office, make_post, make_published, make_unit
from tests.calendars.sittings import BASE, CHANGED, make_every_state, make_many

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)


@pytest.fixture
def calendars() -> Calendars:
    return Calendars(BASE, "lich.example.vn")


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are run meanwhile."""
    statements: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", listen)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", listen)


def feed_of(calendars: Calendars, db: Db, subject: Subject, wish: Wish | None = None, now: datetime = NOW) -> bytes:
    return calendars.public_feed(db, subject, wish or Wish(), source=f"{BASE}/x.ics", now=now).body


def uids_in(body: bytes) -> list[str]:
    return [str(event["uid"]) for event in Calendar.from_ical(body).events]


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.key)
def test_every_kind_of_calendar_has_its_name_and_its_reach(feed: object) -> None:
    assert window_of(FEED["unit"], TODAY) == (date(2026, 10, 22), date(2027, 5, 21))
    assert window_of(FEED["private"], TODAY) == (date(2026, 8, 22), date(2027, 11, 23))
    assert window_of(FEED["unit"], TODAY, level="province", below=True) == (date(2026, 11, 19), date(2027, 1, 21))


def test_a_place_takes_in_its_bodies_and_a_body_only_itself(db: Db, calendars: Calendars) -> None:
    make_every_state(db)
    ward, body = subject_of_unit(db, "00070", TODAY), subject_of_unit(db, "00070-ubnd", TODAY)
    province = subject_of_unit(db, "01", TODAY)
    assert len(uids_in(feed_of(calendars, db, ward))) == 8
    assert len(uids_in(feed_of(calendars, db, body))) == 8
    assert uids_in(feed_of(calendars, db, province)) == []
    whole = feed_of(calendars, db, province, Wish(below=True))
    assert len(uids_in(whole)) == 8
    assert b"N\xe1\xbb\x99i dung:" not in whole  # brief where very many stand


def test_an_empty_calendar_is_whole(db: Db, calendars: Calendars) -> None:
    make_office(db)
    body = feed_of(calendars, db, subject_of_unit(db, "01", TODAY))
    assert body.startswith(b"BEGIN:VCALENDAR\r\nPRODID:-//Lich Dan//Lich Dan//VI\r\nVERSION:2.0\r\n")
    assert Calendar.from_ical(body).events == []
    assert b"VTIMEZONE" not in body


def test_only_what_is_public_and_of_that_kind(db: Db, calendars: Calendars) -> None:
    office, chairman = make_office(db)
    for state in ("draft", "submitted", "approved", "void"):
        make_occurrence(db, office, chairman, state=state)
    make_published(db, office, chairman, kind="dialogue", uid="d@x")
    make_published(db, office, chairman, uid="p@x")
    subject = subject_of_unit(db, "00070", TODAY)
    assert set(uids_in(feed_of(calendars, db, subject))) == {"d@x", "p@x"}
    assert uids_in(feed_of(calendars, db, subject, Wish(kinds=("dialogue",)))) == ["d@x"]
    assert b"COLOR:darkgreen" in feed_of(calendars, db, subject, Wish(kinds=("dialogue",)))


def test_a_cancelled_sitting_is_told_for_two_weeks_after_its_day(db: Db, calendars: Calendars) -> None:
    office, chairman = make_office(db)
    for days, uid in ((14, "kept@x"), (15, "gone@x")):
        make_published(db, office, chairman, day=TODAY - timedelta(days=days), state="cancelled", uid=uid)
    assert uids_in(feed_of(calendars, db, subject_of_unit(db, "00070", TODAY))) == ["kept@x"]


def test_the_calendars_of_head_and_stand_in_both_tell_the_sitting(db: Db, calendars: Calendars) -> None:
    row = make_every_state(db)["stand-in"]
    head, deputy = (subject_of_post(db, f"00070-ubnd-{word}", TODAY) for word in ("chu-tich", "pho-chu-tich"))
    assert row.uid in uids_in(feed_of(calendars, db, head))
    assert uids_in(feed_of(calendars, db, deputy)) == [row.uid]
    back = Order(row.version, "Chủ tịch đã về", COMMAND_LINE, CHANGED + timedelta(days=1))
    change_chair(db, row.slug, back, name="", stands_in=False)
    (told,) = Calendar.from_ical(feed_of(calendars, db, deputy)).events
    assert str(told["uid"]) == row.uid
    assert str(told["summary"]).startswith("Đã ủy quyền cho Chủ tịch")


def test_after_a_merger_old_codes_lead_on(db: Db) -> None:
    new = make_unit(db, "00099", name="Phường Mới", kind="place")
    heir_body = make_unit(db, "00099-ubnd", name="UBND phường Mới", parent=new)
    make_post(db, heir_body, code="00099-ubnd-chu-tich")
    old = make_unit(db, "00011-ubnd", name="UBND phường Cũ", successor_id=heir_body.id, valid_to=date(2025, 6, 30))
    make_post(db, old, code="00011-ubnd-chu-tich")
    make_post(db, old, code="00011-ubnd-pho")
    assert subject_of_unit(db, "00011-ubnd", TODAY).leads_to == "00099-ubnd"
    assert subject_of_post(db, "00011-ubnd-chu-tich", TODAY).leads_to == "00099-ubnd-chu-tich"
    assert subject_of_post(db, "00011-ubnd-pho", TODAY).leads_to == ""
    assert subject_of_unit(db, "00011-ubnd", date(2025, 6, 30)).leads_to == ""  # still its last day


def test_the_number_of_questions_does_not_grow(database: Database) -> None:
    counts = []
    for number in (3, 60):
        with database.open() as db:
            if number == 3:
                office, chairman = make_office(db)
            make_many(db, office, chairman, 3) if number == 3 else _more(db, number)
            db.commit()
        with database.open() as db, counted(database) as statements:
            feed_of(Calendars(BASE, "x.vn"), db, subject_of_unit(db, "00070", TODAY))
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 7


def _more(db: Db, number: int) -> None:
    office = db.get_one(Occurrence, 1).unit
    post = db.get_one(Occurrence, 1).hosts[0].post
    for place in range(number):
        make_published(db, office, post, day=date(2026, 12, 1) + timedelta(days=place))


def test_a_kept_calendar_costs_one_question_and_no_building(
    database: Database, calendars: Calendars, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as db:
        make_every_state(db)
    with database.open() as db:
        subject = subject_of_unit(db, "00070", TODAY)
        first = calendars.public_feed(db, subject, Wish(), source="x", now=NOW)
        monkeypatch.setattr("calendars.served.build_feed", _must_not)
        with counted(database) as statements:
            again = calendars.public_feed(db, subject, Wish(), source="x", now=NOW + timedelta(hours=3))
    assert again is first
    assert len(statements) == 1


def _must_not(*_: object, **__: object) -> None:
    raise AssertionError("built again")


def test_a_change_gives_a_new_calendar_and_writes_only_its_own_event(
    db: Db, calendars: Calendars, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = make_every_state(db)
    subject = subject_of_unit(db, "00070", TODAY)
    before = feed_of(calendars, db, subject)
    order = Order(rows["plain"].version, "Đổi người", COMMAND_LINE, CHANGED + timedelta(hours=1))
    change_chair(db, rows["plain"].slug, order, name=f"Người thử {new_slug()}")
    written: list[str] = []
    from calendars import feeds

    def write(facts: EventFacts) -> bytes:
        written.append(facts.uid)
        return real(facts)

    real = feeds.write_event
    monkeypatch.setattr(feeds, "write_event", write)
    after = feed_of(calendars, db, subject)
    assert before != after
    assert written == ["phien-plain@example.vn"]


def test_the_window_turns_at_vietnamese_midnight(db: Db, calendars: Calendars) -> None:
    office, chairman = make_office(db)
    make_published(db, office, chairman, day=date(2027, 5, 22), uid="far@x")
    subject = subject_of_unit(db, "00070", TODAY)
    assert uids_in(feed_of(calendars, db, subject, now=datetime(2026, 11, 22, 16, 59, tzinfo=UTC))) == []
    assert uids_in(feed_of(calendars, db, subject, now=datetime(2026, 11, 22, 17, 0, tzinfo=UTC))) == ["far@x"]
    assert modified_at([None], NOW) == datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
    assert modified_at([NOW + timedelta(hours=1)], NOW) == NOW


def test_a_row_that_makes_no_sense_is_left_out_and_the_others_stand(
    db: Db, calendars: Calendars, capfd: pytest.CaptureFixture[str]
) -> None:
    rows = make_every_state(db)
    rows["halves"].hours = ["nonsense"]
    db.flush()
    assert len(uids_in(feed_of(calendars, db, subject_of_unit(db, "00070", TODAY)))) == 7
    assert "feed.sitting-left-out" in "".join(capfd.readouterr())


def test_a_row_that_cannot_even_be_read_is_left_out(sqlite_url: str, calendars: Calendars) -> None:
    database = Database(sqlite_url)
    with database.transaction() as db:
        make_every_state(db)
        db.execute(text("UPDATE occurrences SET hours = '{' WHERE slug = 'buoiplain'"))
    with database.open() as db:
        found = uids_in(feed_of(calendars, db, subject_of_unit(db, "00070", TODAY)))
    database.engine.dispose()
    assert len(found) == 7
    assert "phien-plain@example.vn" not in found


def facts(number: int, text_: str = "x") -> EventFacts:
    start = NOW + timedelta(hours=number)
    return EventFacts(
        uid=f"{number}@x",
        changed_at=CHANGED,
        created_at=CHANGED,
        sequence=0,
        status="CONFIRMED",
        start=start,
        end=start + timedelta(hours=1),
        title="Tiếp công dân",
        text=text_,
        place="",
        url="https://lich.example.vn/",
        categories=("a",),
    )


def test_what_is_too_much_is_cut_at_the_far_end_and_logged(capfd: pytest.CaptureFixture[str]) -> None:
    many = build_feed(FeedHead("x"), [facts(number) for number in range(MOST_EVENTS + 5)], modified=NOW)
    assert many.events == MOST_EVENTS
    assert "999@x" in uids_in(many.body)
    assert "1000@x" not in uids_in(many.body)
    heavy = build_feed(FeedHead("x"), [facts(number, "a" * 1_900) for number in range(600)], modified=NOW)
    assert len(heavy.body) <= MOST_BYTES
    assert "0@x" in uids_in(heavy.body)
    assert "".join(capfd.readouterr()).count("feed.cut") == 2


def test_events_stand_by_start_and_uid_however_they_came() -> None:
    one, two = facts(1), replace(facts(1), uid="0@x")
    body = build_feed(FeedHead("x"), [facts(2), one, two], modified=NOW).body
    assert uids_in(body) == ["0@x", "1@x", "2@x"]
    assert body == build_feed(FeedHead("x"), [two, one, facts(2)], modified=NOW).body


def test_texts_are_kept_by_their_facts(db: Db) -> None:
    row = make_every_state(db)["plain"]
    one = event_of(row, language="vi", audience=Audience(), base_url=BASE)
    build_feed(FeedHead("x"), [one], modified=NOW)
    assert TEXTS.get(one.digest()) is not None
    row.unit.name = "UBND phường Cửa Nam"
    assert TEXTS.get(event_of(row, language="vi", audience=Audience(), base_url=BASE).digest()) is None


def test_a_new_name_is_told_with_a_new_stamp_and_the_same_sequence(db: Db, calendars: Calendars) -> None:
    row = make_every_state(db)["plain"]
    subject, later = subject_of_unit(db, "00070", TODAY), CHANGED + timedelta(hours=1)
    before = feed_of(calendars, db, subject)
    rename_unit(db, row.unit, "UBND phường Cửa Nam", by=COMMAND_LINE, now=later)
    after = {str(event["uid"]): event for event in Calendar.from_ical(feed_of(calendars, db, subject)).events}
    assert len(after) == len(uids_in(before)) == 8
    event = after[row.uid]
    assert "Cửa Nam" in str(event["summary"])
    assert (event["dtstamp"].dt, event["sequence"]) == (later, 0)


def test_a_shelf_never_holds_more_than_it_may() -> None:
    shelf: Shelf[bytes] = Shelf(10, len)
    for name in "abc":
        shelf.put(name, b"1234")
    assert shelf.get("a") is None
    assert (shelf.held, len(shelf)) == (8, 2)
    shelf.get("b")
    shelf.put("d", b"1234")
    assert shelf.get("c") is None
    assert shelf.get("b") == b"1234"
    shelf.put("large", b"x" * 11)
    assert shelf.get("large") is None

"""Calls to whom no letter reaches, and old posted sheets: made with the change, void with the next, ticked once."""

from datetime import date, datetime, timedelta

import pytest

from scheduler.actions import delivery
from scheduler.actions.calls import note_call, take_down
from scheduler.actions.change_history import Order
from scheduler.actions.changes import cancel_occurrence, change_place, move_occurrence
from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import Call, Entry, Letter, Notice, Occurrence, OldSheet, Posting
from scheduler.queries.calls import count_by_hand, open_calls, open_calls_of
from scheduler.rules.permissions import Actor
from tests.build import make_actor, make_office, make_published, make_unit

DAY = date(2026, 12, 3)


@pytest.fixture
def sitting(db: Db) -> Occurrence:
    """A sitting whose head has an address, and which a unit without one attends; its notice hangs in two places."""
    office, chairman = make_office(db)
    joined = make_unit(db, name="Công an phường", parent=office, phone="024 3825 0113", email="")
    notice = Notice(unit_id=office.id, published_at=datetime.fromisoformat("2026-11-01T08:00+07:00"))
    notice.postings = [
        Posting(where=where, posted_at=notice.published_at, by="x", recorded_at=notice.published_at)
        for where in ("website", "office", "reception_place")
    ]
    db.add(notice)
    db.flush()
    return make_published(db, office, chairman, day=DAY, attend_unit_ids=[joined.id], notice_id=notice.id)


@pytest.fixture
def clerk(db: Db, sitting: Occurrence) -> Actor:
    return make_actor(db, sitting.unit)


def _move(db: Db, sitting: Occurrence, clerk: Actor, now: datetime, days: int = 1, reason: str = "Họp") -> None:
    move_occurrence(db, sitting.slug, Order(sitting.version, reason, clerk, now), day=DAY + timedelta(days=days))


def test_who_has_no_address_is_called_with_a_sentence_to_read_out(
    db: Db, sitting: Occurrence, clerk: Actor, now: datetime
) -> None:
    _move(db, sitting, clerk, now)
    assert [letter.recipient for letter in db.query(Letter).filter_by(kind="change")] == ["chutich@example.vn"]
    call = db.query(Call).one()
    assert (call.name, call.phone, call.state) == ("Công an phường", "024 3825 0113", "open")
    assert call.words.startswith("Tôi gọi từ Văn phòng Ủy ban nhân dân phường Hoàn Kiếm.")
    assert "chuyển sang bảy giờ rưỡi sáng, thứ Sáu" in call.words
    assert "Lý do: Họp" in call.words
    assert count_by_hand(db, clerk).calls == len(open_calls(db, clerk)) == 1


def test_a_newer_change_voids_the_older_calls(db: Db, sitting: Occurrence, clerk: Actor, now: datetime) -> None:
    _move(db, sitting, clerk, now)
    first = db.query(Call).one().id
    cancel_occurrence(db, sitting.slug, Order(sitting.version, "Bão", clerk, now))
    db.expire_all()
    assert db.get_one(Call, first).state == "void"
    (call,) = open_calls_of(db, sitting.id)
    assert "không tổ chức" in call.words


def test_no_answer_stays_open_and_the_same_press_counts_once(
    db: Db, sitting: Occurrence, clerk: Actor, now: datetime
) -> None:
    _move(db, sitting, clerk, now)
    (call,) = open_calls_of(db, sitting.id)
    for _ in range(2):
        note_call(db, call.id, "no-answer", tries=0, by=clerk, now=now)
    assert (call.state, call.tries, call.tried_at) == ("open", 1, now)
    for _ in range(2):
        note_call(db, call.id, "called", tries=1, by=clerk, now=now)
    assert (call.state, call.closed_by_id) == ("called", clerk.account_id)
    assert db.query(Entry).filter_by(deed="call.made").count() == 1
    assert open_calls(db, clerk) == []


def test_another_office_hears_nothing_of_a_call(db: Db, sitting: Occurrence, clerk: Actor, now: datetime) -> None:
    _move(db, sitting, clerk, now)
    stranger = make_actor(db, make_unit(db))
    assert open_calls(db, stranger) == []
    with pytest.raises(NotFound):
        note_call(db, db.query(Call).one().id, "called", tries=0, by=stranger, now=now)


def _claimed(db: Db, now: datetime) -> Letter:
    due = db.query(Letter).filter_by(kind="change", state="due").order_by(Letter.id.desc()).first()
    assert due is not None
    letter = delivery.claim_letter(db, due.id, lease="a", domain="x", now=now)
    assert letter is not None
    return letter


def test_a_letter_refused_for_good_becomes_a_call(db: Db, sitting: Occurrence, clerk: Actor, now: datetime) -> None:
    _move(db, sitting, clerk, now)
    letter = _claimed(db, now)
    assert delivery.mark_refused(db, letter, lease="a", answer="550 unknown", now=now)
    assert not delivery.mark_refused(db, letter, lease="a", answer="550 unknown", now=now)
    call = db.query(Call).filter(Call.letter_id == letter.id).one()
    assert (call.name, call.phone, call.role) == ("Nguyễn Văn Thử", "024 3825 0001", "host")
    # Sent again and taken: nobody needs to call any more.
    delivery.send_again(db, letter.id, by=clerk, now=now)
    again = _claimed(db, now)
    assert delivery.mark_sent(db, again, lease="a", answer="250", now=now)
    db.expire_all()
    assert call.state == "void"


def test_a_refused_letter_of_an_older_version_calls_nobody(
    db: Db, sitting: Occurrence, clerk: Actor, now: datetime
) -> None:
    _move(db, sitting, clerk, now)
    letter = _claimed(db, now)
    cancel_occurrence(db, sitting.slug, Order(sitting.version, "Bão", clerk, now))
    assert delivery.mark_refused(db, letter, lease="a", answer="550 unknown", now=now)
    assert db.query(Call).filter(Call.letter_id == letter.id).count() == 0


def test_old_sheets_are_listed_once_until_taken_down(db: Db, sitting: Occurrence, clerk: Actor, now: datetime) -> None:
    _move(db, sitting, clerk, now)
    change_place(db, sitting.slug, Order(sitting.version, "Sửa nhà", clerk, now), place="Nhà văn hóa")
    sheets = db.query(OldSheet).order_by(OldSheet.id).all()
    assert [sheet.posting.where for sheet in sheets] == ["office", "reception_place"]
    assert take_down(db, [sheets[0].id], by=clerk, now=now) == 1
    assert take_down(db, [sheets[0].id], by=clerk, now=now) == 0
    assert count_by_hand(db, clerk).sheets == 1


def test_only_the_newest_move_stays_among_the_reasons(db: Db, sitting: Occurrence, clerk: Actor, now: datetime) -> None:
    sitting.why = [["why.by-rule", {}]]
    db.flush()
    _move(db, sitting, clerk, now, 1, "Một")
    _move(db, sitting, clerk, now, 4, "Hai")
    assert [(key, facts.get("reason")) for key, facts in sitting.why] == [
        ("why.by-rule", None),
        ("why.moved-by-hand", "Hai"),
    ]
    assert [change.reason for change in sitting.changes] == ["Một", "Hai"]

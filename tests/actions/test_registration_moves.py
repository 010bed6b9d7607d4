"""Who registered follows the sitting through every change, is told once, and is told what is so."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from jobs import offers
from scheduler.actions import changes
from scheduler.actions.change_history import Order
from scheduler.actions.change_many import ManyOrder, OneOfMany, change_many
from scheduler.actions.registration_letters import tell_registrant
from scheduler.actions.registration_moves import find_waiting, offer_next
from scheduler.actions.registrations import Given, accept_offer, enter_visit, register
from scheduler.database import Db
from scheduler.models import ArrivalWindow, Call, Letter, Occurrence, Post, Queue, Registration, Unit
from scheduler.queries.outbox import wanted
from scheduler.queries.registrations import registration_facts
from scheduler.rules.permissions import Actor
from tests.build import NOW, make_actor, make_office, make_published, make_unit

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What both databases do alike is asked of one."""


@pytest.fixture
def clerk(db: Db) -> Actor:
    office, _ = make_office(db)
    return make_actor(db, office)


def sitting_of(db: Db, clerk: Actor, day: date = date(2026, 12, 10), **values: Any) -> Occurrence:
    office = db.query(Unit).filter_by(code="00070-ubnd").one()
    return make_published(db, office, db.query(Post).one(), day=day, **values)


def order(sitting: Occurrence, clerk: Actor, now: datetime = NOW) -> Order:
    return Order(sitting.version, "Chủ tịch họp đột xuất.", clerk, now)


def visits(db: Db, sitting: Occurrence, n: int, by: Actor, contact: str = "dan{n}@example.vn") -> list[Registration]:
    """So many registered, with numbers and windows as the product gives them."""
    return [
        enter_visit(
            db, sitting, Given(f"Người {n}", "email", contact.format(n=n), way="phone"), by=by, now=NOW
        )
        for n in range(1, n + 1)
    ]  # fmt: skip


def told(db: Db, step: str = "") -> list[Letter]:
    found = db.query(Letter).filter_by(kind="registration-change", state="due").order_by(Letter.id).all()
    return [letter for letter in found if not step or letter.facts["step"] == step]


def local(moment: datetime | None) -> str:
    assert moment is not None
    return f"{moment + timedelta(hours=7):%d/%m %H:%M}"


def test_a_moved_sitting_keeps_numbers_and_hours_of_arrival(db: Db, clerk: Actor) -> None:
    sitting = sitting_of(db, clerk)
    rows = visits(db, sitting, 4, clerk)
    assert [local(one.arrive_from) for one in rows] == ["10/12 07:30"] * 3 + ["10/12 08:00"]
    changes.move_occurrence(db, sitting.slug, order(sitting, clerk), day=date(2026, 12, 11))
    assert [one.ticket for one in rows] == [1, 2, 3, 4]
    assert [local(one.arrive_from) for one in rows] == ["11/12 07:30"] * 3 + ["11/12 08:00"]
    windows = db.query(ArrivalWindow).order_by(ArrivalWindow.starts_at).all()
    assert [(local(one.starts_at), one.taken) for one in windows[:3]] == [
        ("11/12 07:30", 3), ("11/12 08:00", 1), ("11/12 08:30", 0)
    ]  # fmt: skip
    assert [(letter.registration_id, letter.facts["old_day"], letter.facts["day"]) for letter in told(db, "move")] == [
        (one.id, "2026-12-10", "2026-12-11") for one in rows
    ]
    assert told(db)[3].facts["arrive"] == ["08:00", "08:30"]
    assert wanted(db, told(db)[0])


@SQLITE
def test_fewer_hours_ask_more_at_a_time_and_drop_nobody(db: Db, clerk: Actor) -> None:
    sitting = sitting_of(db, clerk, hours=["07:30-09:30"])
    rows = visits(db, sitting, 12, clerk)
    assert rows[-1].arrive_from is not None
    changes.change_hours(db, sitting.slug, order(sitting, clerk), hours=("08:00-09:00",))
    assert [local(one.arrive_from)[-5:] for one in rows] == ["08:00"] * 6 + ["08:30"] * 6
    assert [(one.places, one.taken) for one in db.query(ArrivalWindow)] == [(6, 6), (6, 6)]
    assert len(told(db, "change_hours")) == 12


def test_a_cancelled_sitting_holds_everyone_in_the_next(db: Db, clerk: Actor) -> None:
    sitting, later = sitting_of(db, clerk), sitting_of(db, clerk, date(2026, 12, 24))
    rows = visits(db, sitting, 3, clerk)
    first = visits(db, later, 1, clerk, "truoc@example.vn")[0]
    changes.cancel_occurrence(db, sitting.slug, order(sitting, clerk))
    assert [(one.occurrence_id, one.ticket, one.offered_at) for one in rows] == [(later.id, n, NOW) for n in (2, 3, 4)]
    assert [local(one.arrive_from) for one in (first, *rows)] == ["24/12 07:30"] * 3 + ["24/12 08:00"]
    assert [one.asked_occurrence_id for one in rows] == [sitting.id] * 3
    assert (db.get_one(Queue, sitting.id).taken, db.get_one(Queue, later.id).taken) == (0, 4)
    assert {one.taken for one in db.query(ArrivalWindow).filter_by(occurrence_id=sitting.id)} == {0}
    letters = told(db, "offer")
    assert [(one.facts["day"], one.facts["old_day"], one.facts["ticket"]) for one in letters] == [
        ("2026-12-24", "2026-12-10", n) for n in (2, 3, 4)
    ]
    assert all(wanted(db, letter) for letter in letters)
    assert first.id not in {letter.registration_id for letter in told(db)}


def test_a_restored_sitting_has_back_who_has_not_answered(db: Db, clerk: Actor) -> None:
    sitting, later = sitting_of(db, clerk), sitting_of(db, clerk, date(2026, 12, 24))
    stays, comes_back, gone = visits(db, sitting, 3, clerk)
    changes.cancel_occurrence(db, sitting.slug, order(sitting, clerk))
    accept_offer(db, stays, by=clerk, now=NOW)
    gone.state = "withdrawn"
    db.flush()
    changes.restore_occurrence(db, sitting.slug, order(sitting, clerk))
    assert [one.occurrence_id for one in (stays, comes_back, gone)] == [later.id, sitting.id, later.id]
    assert comes_back.offered_at is None
    # What told of the cancellation and had not left is told no more; who stays is left alone.
    waiting = told(db)
    assert [(one.registration_id, one.facts["step"], one.facts["day"]) for one in waiting] == [
        (stays.id, "offer", "2026-12-24"),
        (gone.id, "offer", "2026-12-24"),
        (comes_back.id, "restore", "2026-12-10"),
    ]
    assert not wanted(db, waiting[1])
    assert db.get_one(Queue, later.id).taken == 2


@SQLITE
def test_without_a_next_one_they_wait_and_are_placed_once_there_is_one(db: Db, clerk: Actor) -> None:
    sitting = sitting_of(db, clerk)
    (row,) = visits(db, sitting, 1, clerk)
    changes.cancel_occurrence(db, sitting.slug, order(sitting, clerk))
    assert (row.occurrence_id, row.offered_at) == (sitting.id, None)
    assert [(one.facts["step"], one.facts["ticket"]) for one in told(db)] == [("cancel", None)]
    assert find_waiting(db) == [sitting.id]
    assert offer_next(db, sitting, now=NOW) == 0
    later = sitting_of(db, clerk, date(2026, 12, 24))
    assert offer_next(db, sitting, now=NOW + timedelta(days=1)) == 1
    assert (row.occurrence_id, row.ticket) == (later.id, 1)
    assert [one.facts["step"] for one in told(db)] == ["offer"]  # the older letter had not left: one is enough
    assert find_waiting(db) == []
    assert offer_next(db, sitting, now=NOW + timedelta(days=1)) == 0


def test_seats_of_the_next_hall_end_and_the_rest_is_told_so(db: Db, clerk: Actor) -> None:
    sitting, later = (sitting_of(db, clerk, day, kind="dialogue") for day in (date(2026, 12, 10), date(2026, 12, 24)))
    rows = visits(db, sitting, 3, clerk)
    visits(db, later, 1, clerk, "truoc@example.vn")
    db.get_one(Queue, later.id, populate_existing=True).seats = 3
    db.flush()
    changes.cancel_occurrence(db, sitting.slug, order(sitting, clerk))
    assert [one.occurrence_id for one in rows] == [later.id, later.id, sitting.id]
    assert [one.facts["step"] for one in told(db)] == ["offer", "offer", "cancel"]
    assert db.get_one(Queue, later.id, populate_existing=True).taken == 3


@SQLITE
def test_one_order_for_several_tells_each_resident_once_and_of_the_day_they_know(db: Db, clerk: Actor) -> None:
    days = (date(2026, 12, 10), date(2026, 12, 17), date(2026, 12, 24))
    first, second, third = (sitting_of(db, clerk, day) for day in days)
    rows = visits(db, first, 2, clerk)
    many = ManyOrder("cancel", "Chủ tịch đi công tác.")
    change_many(db, [OneOfMany(one.slug, one.version) for one in (first, second)], many, by=clerk, now=NOW)
    assert {one.occurrence_id for one in rows} == {third.id}
    assert [(one.registration_id, one.facts["old_day"], one.facts["day"]) for one in told(db)] == [
        (one.id, "2026-12-10", "2026-12-24") for one in rows
    ]


@SQLITE
def test_put_off_they_wait_and_come_on_the_new_day_at_their_hour(db: Db, clerk: Actor) -> None:
    sitting = sitting_of(db, clerk)
    (row,) = visits(db, sitting, 1, clerk)
    changes.postpone_occurrence(db, sitting.slug, order(sitting, clerk), told_by=date(2026, 12, 1))
    (letter,) = told(db)
    assert (letter.facts["step"], letter.facts["arrive"], letter.facts["told_by"]) == ("postpone", None, "2026-12-01")
    assert wanted(db, letter)
    changes.move_occurrence(db, sitting.slug, order(sitting, clerk), day=date(2026, 12, 15))
    assert local(row.arrive_from) == "15/12 07:30"
    (letter,) = told(db)  # the first had not left
    assert (letter.facts["old_day"], letter.facts["day"]) == (None, "2026-12-15")


@pytest.mark.parametrize("step", ["place", "chair"])
@SQLITE
def test_another_place_and_another_chair_are_told(db: Db, clerk: Actor, step: str) -> None:
    sitting = sitting_of(db, clerk)
    (row,) = visits(db, sitting, 1, clerk)
    if step == "place":
        changes.change_place(db, sitting.slug, order(sitting, clerk), place="Nhà văn hóa phường")
    else:
        changes.change_chair(db, sitting.slug, order(sitting, clerk), name="Lê Văn Hai")
    (letter,) = told(db)
    assert letter.registration_id == row.id
    assert (letter.facts["place"], letter.facts["chair"]) == (
        ("Nhà văn hóa phường", "") if step == "place" else ("126 Hàng Trống", "Lê Văn Hai")
    )


@SQLITE
def test_what_changes_nothing_for_them_is_not_told_and_takes_nothing_away(db: Db, clerk: Actor) -> None:
    sitting = sitting_of(db, clerk)
    row = register(db, sitting.slug, Given("Lê Thị Một", "email", "mot@example.vn", way="phone"), by=clerk, now=NOW)
    changes.change_details(db, sitting.slug, order(sitting, clerk), details={"content": "Đất đai"})
    assert told(db) == []
    confirmed = db.query(Letter).filter_by(registration_id=row.id).one()
    assert (confirmed.state, confirmed.sequence) == ("due", sitting.sequence)
    assert wanted(db, confirmed)


@SQLITE
def test_a_change_takes_the_place_of_what_has_not_left(db: Db, clerk: Actor) -> None:
    sitting = sitting_of(db, clerk)
    row = register(db, sitting.slug, Given("Lê Thị Một", "phone", "0912345678", way="web"), by=clerk, now=NOW)
    (call,) = db.query(Call).all()
    changes.move_occurrence(db, sitting.slug, order(sitting, clerk), day=date(2026, 12, 11))
    db.refresh(call)
    assert call.state == "void"
    (fresh,) = db.query(Call).filter_by(state="open").all()
    assert (fresh.registration_id, fresh.name, fresh.phone) == (row.id, "", "")
    assert fresh.words.endswith("Số thứ tự của ông, bà vẫn là số một.")
    assert "chuyển sang bảy giờ rưỡi sáng, thứ Sáu, ngày mười một tháng mười hai" in fresh.words
    assert not re.search(r"Một|\d", fresh.words)


@SQLITE
def test_handed_over_they_belong_to_the_new_unit_and_hear_it_once(db: Db, clerk: Actor) -> None:
    sitting = sitting_of(db, clerk)
    (row,) = visits(db, sitting, 1, clerk)
    heir = make_unit(db, "h", name="UBND phường Mới")
    changes.hand_over(db, sitting.slug, order(sitting, clerk), unit_id=heir.id, posts={}, schedule_id=None)
    assert row.unit_id == heir.id
    (letter,) = told(db)
    assert (letter.unit_id, letter.facts["unit"], letter.facts["step"]) == (heir.id, "UBND phường Mới", "hand_over")


@SQLITE
def test_calls_about_what_is_over_are_closed_and_those_that_still_matter_stay(db: Db, clerk: Actor) -> None:
    held, off = sitting_of(db, clerk), sitting_of(db, clerk, date(2026, 12, 11))
    for sitting, number in ((held, "0912345678"), (off, "0987654321")):
        register(db, sitting.slug, Given("Lê Thị Một", "phone", number, way="web"), by=clerk, now=NOW)
    changes.cancel_occurrence(db, off.slug, order(off, clerk))
    later = NOW + timedelta(days=30)
    assert offers.find(db, NOW) == [off.id]
    assert set(offers.find(db, later)) == {held.id, off.id}
    for sitting in (held, off):
        offers.handle(db, sitting.id, later)
    assert [call.occurrence_id for call in db.query(Call).filter_by(state="open")] == [off.id]


@SQLITE
def test_a_form_sent_twice_tells_once(db: Db, clerk: Actor) -> None:
    sitting = sitting_of(db, clerk)
    visits(db, sitting, 2, clerk)
    twice = order(sitting, clerk)
    for _ in range(2):
        changes.move_occurrence(db, sitting.slug, twice, day=date(2026, 12, 11))
    assert len(told(db)) == 2
    facts = registration_facts(db, db.query(Registration).first()) | {"asked_day": ""}  # type: ignore[arg-type]
    row = db.query(Registration).first()
    assert row is not None
    assert [tell_registrant(db, row, "registration-confirmed", facts, key="k", now=NOW) for _ in range(2)] == [
        True,
        False,
    ]

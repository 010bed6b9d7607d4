"""Who registered is reminded once, on the day before, at the office's hour."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jobs import reminders
from scheduler.actions import changes
from scheduler.actions.change_history import Order
from scheduler.actions.registration_reminders import find_to_remind, remind_registered
from scheduler.actions.registrations import queue_of
from scheduler.database import Db
from scheduler.models import Call, Letter, Occurrence, OfficeSetting
from tests.build import make_actor, make_office, make_published, make_registration

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY = date(2026, 12, 10)
EVE = datetime(2026, 12, 9, 1, 0, tzinfo=UTC)
"""Eight in the morning of the day before."""


def sitting_with(db: Db, *contacts: str) -> Occurrence:
    office, chairman = make_office(db)
    sitting = make_published(db, office, chairman, day=DAY)
    queue_of(db, sitting.id)
    for contact in contacts:
        make_registration(db, sitting, contact=contact)
    return sitting


def reminded(db: Db) -> list[Letter]:
    return db.query(Letter).filter_by(kind="registration-reminder").order_by(Letter.id).all()


def test_everyone_is_reminded_once_by_the_way_they_gave(db: Db) -> None:
    sitting = sitting_with(db, "mot@example.vn", "0912345678", "")
    assert find_to_remind(db, EVE - timedelta(minutes=1)) == []
    assert find_to_remind(db, EVE) == [sitting.id]
    reminders.handle(db, sitting.id, EVE)
    assert [(one.channel, one.state, one.facts["day"]) for one in reminded(db)] == [
        ("email", "due", "2026-12-10"),
        ("call", "called", "2026-12-10"),
        ("call", "called", "2026-12-10"),
    ]
    assert "Nhắc lịch buổi tiếp công dân bảy giờ rưỡi sáng thứ Năm" in db.query(Call).first().words  # type: ignore[union-attr]
    assert find_to_remind(db, EVE) == []
    assert remind_registered(db, sitting.id, now=EVE) == 0


def test_not_who_registered_since_withdrew_or_heard_of_it_since(db: Db) -> None:
    sitting = sitting_with(db, "mot@example.vn", "hai@example.vn")
    clerk = make_actor(db, sitting.unit)
    changes.move_occurrence(
        db, sitting.slug, Order(sitting.version, "Họp.", clerk, EVE), day=DAY, hours=("08:00-11:30",)
    )
    make_registration(db, sitting, contact="ba@example.vn", registered_at=EVE + timedelta(minutes=1))
    make_registration(db, sitting, contact="bon@example.vn", state="withdrawn")
    last = make_registration(db, sitting, contact="nam@example.vn")
    assert remind_registered(db, sitting.id, now=EVE + timedelta(hours=1)) == 1
    assert [one.registration_id for one in reminded(db)] == [last.id]


def test_a_day_that_moved_is_reminded_anew_and_a_cancelled_one_never(db: Db) -> None:
    sitting = sitting_with(db, "mot@example.vn")
    clerk = make_actor(db, sitting.unit)
    remind_registered(db, sitting.id, now=EVE)
    changes.move_occurrence(db, sitting.slug, Order(sitting.version, "Họp.", clerk, EVE), day=date(2026, 12, 17))
    assert [one.state for one in reminded(db)] == ["not-wanted"]
    assert remind_registered(db, sitting.id, now=EVE + timedelta(days=7)) == 1
    changes.cancel_occurrence(db, sitting.slug, Order(sitting.version, "Họp.", clerk, EVE + timedelta(days=7)))
    assert [one.state for one in reminded(db)] == ["not-wanted", "not-wanted"]
    assert find_to_remind(db, EVE + timedelta(days=7)) == []


def test_the_office_chooses_the_hour_and_too_late_is_not_at_all(db: Db) -> None:
    sitting = sitting_with(db, "mot@example.vn")
    db.add(
        OfficeSetting(
            unit_id=sitting.unit_id, key="resident_reminder_hour", valid_from=date(2026, 1, 1),
            value={"value": "17:00"}, source="",
        )
    )  # fmt: skip
    db.flush()
    assert find_to_remind(db, EVE) == []
    assert find_to_remind(db, EVE + timedelta(hours=9)) == [sitting.id]
    assert find_to_remind(db, datetime(2026, 12, 9, 23, 45, tzinfo=UTC)) == []

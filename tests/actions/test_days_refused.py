"""What the table of days refuses: days that cannot be, halves of an import, and hands that may not."""

from datetime import date

import pytest
from sqlalchemy import func, select

from scheduler.actions.days import import_days, remove_day, set_day
from scheduler.database import Db
from scheduler.errors import Faults, NotAllowed, NotFound
from scheduler.models import (
    CalendarDay,
    Unit,
)
from scheduler.rules.permissions import Actor
from scheduler.rules.working_days import Day
from tests.build import make_actor, make_unit
from tests.conftest import NOW

MID_JANUARY = Day(date(2027, 1, 15), True, "Nghỉ theo quyết định", "QĐ 1/2027", "", "confirmed")
THE_18TH = Day(date(2027, 1, 18), True, "Nghỉ thêm", "QĐ 2/2027")


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (Day(date(2027, 1, 17), False, "Làm bù", "Công văn 1"), "calendar_days.sunday-worked"),
        (Day(date(2027, 1, 16), False, "Làm bù"), "calendar_days.saturday-without-basis"),
        (Day(date(2027, 1, 15), True, " "), "calendar_days.no-name"),
        (Day(date(2127, 1, 15), True, "Nghỉ"), "calendar_days.out-of-range"),
        (Day(date(2027, 1, 15), True, "Nghỉ", state="sure"), "calendar_days.bad-state"),
        (Day(date(2027, 1, 15), True, "N" * 201), "calendar_days.too-long"),
    ],
)
def test_a_day_that_cannot_be_is_refused(db: Db, office: Unit, administrator: Actor, day: Day, key: str) -> None:
    with pytest.raises(Faults) as refusal:
        set_day(db, day, by=administrator, now=NOW)
    assert [fault.key for fault in refusal.value.faults] == [key]


def test_an_import_is_all_or_nothing(db: Db, office: Unit, administrator: Actor) -> None:
    before = db.scalar(select(func.count()).select_from(CalendarDay))
    both = [MID_JANUARY, Day(MID_JANUARY.day, False, "Làm", "QĐ"), THE_18TH, THE_18TH]
    twice = Day(date(2027, 1, 18), True, "Nghỉ thêm", "QĐ 2/2027")
    with pytest.raises(Faults) as refusal:
        import_days(db, [*both[:3], twice], by=administrator, now=NOW)
    assert [fault.key for fault in refusal.value.faults] == ["calendar_days.off-and-worked", "calendar_days.twice"]
    assert db.scalar(select(func.count()).select_from(CalendarDay)) == before


def test_only_who_administers_the_whole_changes_the_calendar(db: Db, office: Unit) -> None:
    make_unit(db, "lone")
    for actor in (make_actor(db, office, "administrator"), make_actor(db, office, "secretariat")):
        with pytest.raises(NotAllowed):
            set_day(db, MID_JANUARY, by=actor, now=NOW)
        with pytest.raises(NotAllowed):
            remove_day(db, MID_JANUARY.day, by=actor, now=NOW)


def test_a_day_without_a_name_cannot_be_removed(db: Db, office: Unit, administrator: Actor) -> None:
    with pytest.raises(NotFound):
        remove_day(db, date(2027, 3, 3), by=administrator, now=NOW)

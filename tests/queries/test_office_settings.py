"""Settings of offices: the nearest unit's, its newest by the day; read in two statements however many ask."""

from datetime import date, time

from scheduler.database import Db
from scheduler.models import OfficeSetting
from scheduler.queries.office_settings import office_settings, office_value, reminder_choice
from tests.build import make_office, make_unit

DAY = date(2026, 11, 22)


def give(db: Db, unit_id: int | None, key: str, value: object, since: date = date(2026, 1, 1)) -> None:
    db.add(OfficeSetting(unit_id=unit_id, key=key, valid_from=since, value={"value": value}, source="thử"))
    db.flush()


def test_nobody_set_anything(db: Db) -> None:
    unit, _ = make_office(db)
    times = reminder_choice(db, unit.id, DAY)
    assert (times.days_before, times.last_hour) == (7, time(16, 30))


def test_the_nearest_unit_wins(db: Db) -> None:
    unit, _ = make_office(db)
    ward = unit.parent
    assert ward is not None
    give(db, None, "reminder_days_before", 10)
    give(db, ward.id, "reminder_days_before", 5)
    give(db, ward.id, "reminder_hour", "15:00")
    give(db, unit.id, "reminder_hour", "14:00", since=date(2027, 1, 1))
    times = reminder_choice(db, unit.id, DAY)
    assert (times.days_before, times.last_hour) == (5, time(15, 0))
    assert reminder_choice(db, unit.id, date(2027, 1, 1)).last_hour == time(14, 0)
    assert office_value(db, "reminder_days_before", make_unit(db).id, DAY) == 10
    assert office_value(db, "reminder_days_before", unit.id, date(2025, 12, 31)) == 7


def test_a_key_of_another_version_is_left_alone(db: Db) -> None:
    unit, _ = make_office(db)
    give(db, unit.id, "a_key_we_do_not_know", 1)
    assert office_settings(db).given == ()

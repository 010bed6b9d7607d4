"""The table of joined units: filled from the sittings that are there, and kept with them whatever writes them."""

from datetime import date

from sqlalchemy import delete

from scheduler.database import Database
from scheduler.models import Occurrence, OccurrenceAttendee
from tests.build import make_office, make_published, make_unit


def rows(database: Database) -> list[tuple[int, int]]:
    with database.open() as db:
        found = db.query(OccurrenceAttendee).order_by(OccurrenceAttendee.unit_id)
        starts = {one.id: one.starts_at for one in db.query(Occurrence)}
        assert all(one.starts_at == starts[one.occurrence_id] for one in found)
        return [(one.occurrence_id, one.unit_id) for one in found]


def test_the_step_fills_it_from_the_lists_that_stand_there(database: Database) -> None:
    with database.transaction() as db:
        office, chairman = make_office(db)
        units = [make_unit(db).id for _ in range(2)]
        one = make_published(db, office, chairman, attend_unit_ids=[units[1], units[0], units[1]])
        other = make_published(db, office, chairman, day=date(2026, 12, 11))
        number = one.id
    assert rows(database) == [(number, units[0]), (number, units[1])]
    with database.transaction() as db:
        db.execute(delete(OccurrenceAttendee))
        # A number of no unit at all stood there: it is left out.
        db.connection().exec_driver_sql(f"UPDATE occurrences SET attend_unit_ids = '[999]' WHERE id = {other.id}")
    database.downgrade("0001")
    database.upgrade()
    assert rows(database) == [(number, units[0]), (number, units[1])]


def test_it_follows_and_goes_with_its_sitting(database: Database) -> None:
    with database.transaction() as db:
        office, chairman = make_office(db)
        unit = make_unit(db)
        one = make_published(db, office, chairman, attend_unit_ids=[unit.id])
    with database.transaction() as db:
        found = db.get_one(Occurrence, one.id)
        assert found.starts_at is not None
        found.starts_at = found.starts_at.replace(minute=15)
    assert rows(database) == [(one.id, unit.id)]
    with database.transaction() as db:
        db.delete(db.get_one(Occurrence, one.id))
    assert rows(database) == []

"""Two hundred who registered cost a change as few statements as two."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from scheduler.actions import changes
from scheduler.database import Database, Db
from scheduler.models import Occurrence, Queue, Registration
from tests.actions.test_registration_moves import order, sitting_of, visits
from tests.build import make_actor, make_office, make_registration
from tests.databases import SECRET


@contextmanager
def statements(db: Db) -> Iterator[list[str]]:
    asked: list[str] = []
    note = lambda *args: asked.append(args[2])  # noqa: E731
    event.listen(db.get_bind(), "before_cursor_execute", note)
    yield asked
    event.remove(db.get_bind(), "before_cursor_execute", note)


@pytest.fixture
def quick_db(sqlite_url: str) -> Iterator[Db]:
    """Counting statements needs one kind of database."""
    database = Database(sqlite_url, SECRET)
    with database.open() as db:
        yield db
    database.engine.dispose()


@pytest.mark.parametrize("step", ["move", "hours", "cancel", "restore"])
def test_two_hundred_cost_as_few_statements_as_two(quick_db: Db, step: str) -> None:
    db = quick_db
    clerk = make_actor(db, make_office(db)[0])
    counts = []
    for week, n in ((0, 2), (4, 200)):
        day = date(2026, 12, 7) + timedelta(days=week)
        sitting, _ = sitting_of(db, clerk, day), sitting_of(db, clerk, day + timedelta(days=1))
        visits(db, sitting, 1, clerk)
        for number in range(1, n):
            make_registration(
                db, sitting, contact=f"x{week}{number}@example.vn" if number % 2 else "", ticket=number + 1
            )
        db.get_one(Queue, sitting.id, populate_existing=True).last_ticket = n
        if step == "restore":
            changes.cancel_occurrence(db, sitting.slug, order(sitting, clerk))
        db.commit()
        db.expunge_all()
        sitting = db.get_one(Occurrence, sitting.id)
        with statements(db) as asked:
            if step == "move":
                changes.move_occurrence(db, sitting.slug, order(sitting, clerk), day=day + timedelta(days=2))
            elif step == "hours":
                changes.change_hours(db, sitting.slug, order(sitting, clerk), hours=("08:00-10:00",))
            elif step == "cancel":
                changes.cancel_occurrence(db, sitting.slug, order(sitting, clerk))
            else:
                changes.restore_occurrence(db, sitting.slug, order(sitting, clerk))
        counts.append(len(asked))
        assert db.query(Registration).filter_by(state="booked").count() >= n
    assert counts[1] <= counts[0] + 6

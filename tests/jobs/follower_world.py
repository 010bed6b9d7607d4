"""A ward whose calendar is followed, and what its followers are told."""

from datetime import date, datetime

import pytest

from scheduler.actions.changes import Order, move_occurrence
from scheduler.actions.feeds import raise_versions
from scheduler.clock import at_local
from scheduler.database import Database, Db
from scheduler.models import Letter, Occurrence, Post, Unit
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import make_follower, make_office, make_published

ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What the kind of database makes no difference to."""
MONDAY = at_local(date(2026, 11, 23), "09:05")
"""Half past nine is the next half hour, and told of from 9:32 on."""
LATER = at_local(date(2026, 11, 23), "09:35")
EMAIL = "cutri@example.vn"
SOON = date(2026, 11, 25)


class Ward:
    """A ward with its committee and chairman, a sitting in two days and one in December."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.transaction() as db:
            self.committee, self.chairman = make_office(db)
            self.place = db.query(Unit).filter_by(code="00070").one()
            self.soon = make_published(db, self.committee, self.chairman, day=SOON).slug
            make_published(db, self.committee, self.chairman, day=date(2026, 12, 10))

    def order(self, db: Db, at: datetime = MONDAY, slug: str = "", reason: str = "Họp đột xuất") -> tuple[str, Order]:
        found = db.query(Occurrence).filter_by(slug=slug or self.soon).one()
        return found.slug, Order(found.version, reason, COMMAND_LINE, at)

    def follow(self, of: Unit | Post, email: str = EMAIL, **values: object) -> int:
        with self.database.transaction() as db:
            return make_follower(db, of, email, **values).id

    def publish(self, days: list[date], at: datetime = MONDAY, **values: object) -> list[int]:
        with self.database.transaction() as db:
            rows = [
                make_published(db, self.committee, self.chairman, day=day, published_at=at, **values) for day in days
            ]
            raise_versions(db, [row.id for row in rows], now=at)
            return [row.id for row in rows]

    def move(self, day: date, at: datetime = MONDAY) -> None:
        with self.database.transaction() as db:
            move_occurrence(db, *self.order(db, at), day=day)


def news(database: Database) -> list[Letter]:
    with database.open() as db:
        return db.query(Letter).filter_by(kind="follow-news").order_by(Letter.id).all()


def said(database: Database) -> list[str]:
    return [str(letter.facts["lines"]) for letter in news(database)]

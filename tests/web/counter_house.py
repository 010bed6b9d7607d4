"""A ward's counter on the day of a sitting, for tests of its pages: the office, its officer, presses on the list."""

import re
from dataclasses import dataclass
from datetime import date
from html import unescape

import pytest
from werkzeug.test import TestResponse

from scheduler.clock import at_local
from scheduler.database import Database
from scheduler.models import Account, Occurrence, Registration
from tests.build import make_account, make_office, make_published, make_registration
from tests.visitors import Clock, Visitor

DAY = date(2026, 11, 26)
EIGHT = at_local(DAY, "08:00")
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class House:
    """An office with a sitting today, its officer and its secretary."""

    database: Database
    sitting: Occurrence
    officer: Account
    clerk: Account
    head: Account

    @property
    def page(self) -> str:
        """The day's list."""
        return f"/desk/counter/{self.sitting.slug}"

    def add(self, **values: object) -> Registration:
        """Somebody registered."""
        with self.database.transaction() as db:
            return make_registration(db, db.merge(self.sitting), **values)  # type: ignore[arg-type]

    def count(self, table: type, *where: object) -> int:
        """How many rows there are."""
        with self.database.open() as db:
            return db.query(table).filter(*where).count()  # type: ignore[arg-type]


def make_house(database: Database, clock: Clock) -> House:
    """The office at eight o'clock of its day."""
    clock.now = EIGHT
    with database.transaction() as db:
        office, chairman = make_office(db)
        sitting = make_published(db, office, chairman, day=DAY)
        officer = make_account(db, office, "officer", name="Cán bộ tiếp dân", demo=True)
        clerk = make_account(db, office, "secretariat", name="Văn thư", email="vanthu@example.vn")
        head = make_account(db, office, "approver", name="Chánh Văn phòng", email="chanh@example.vn")
        return House(database, sitting, officer, clerk, head)


def press(visitor: Visitor, house: House, number: int, step: str) -> TestResponse:
    """Press the first button of this step in the row with the number, as it stands on the page."""
    row = visitor.get(house.page).text.partition(f'id="n{number}"')[2].partition("</li>")[0]
    form = row.partition(f"/{step}")[0].rpartition('action="')[2] + f"/{step}"
    version = re.findall(r'name="version" value="(\d+)"', row)[0]
    return visitor.submit(house.page, {"version": version, "at": "row"}, to=unescape(form))

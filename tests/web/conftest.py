"""What tests of pages ask for besides: a ward to look at, and the statements that are sent while somebody looks."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from scheduler.database import Database
from tests.browser import OpenPage
from tests.served import Served
from tests.visitors import SignIn
from tests.web.desk_people import Desks, open_desks
from tests.web.wards import Ward, make_ward, publish_in


class Statements:
    """`with statements() as sent:` fills the list with every statement that goes to the database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @contextmanager
    def __call__(self) -> Iterator[list[str]]:
        sent: list[str] = []

        def note(*given: object) -> None:
            sent.append(str(given[2]))

        event.listen(self.database.engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(self.database.engine, "before_cursor_execute", note)


@pytest.fixture
def statements(database: Database) -> Statements:
    """Count statements on the test's database."""
    return Statements(database)


@pytest.fixture
def ward(database: Database) -> Ward:
    """A ward in a city with its bodies."""
    with database.transaction() as db:
        return make_ward(db)


@pytest.fixture
def sitting(database: Database, ward: Ward) -> str:
    """The address of a public sitting on Thursday 26/11/2026."""
    with database.transaction() as db:
        return f"/occurrences/{publish_in(db, ward).slug}"


@pytest.fixture
def desks(served: Served, sign_in: SignIn, open_page: OpenPage) -> Desks:
    """Two clerks and an approver at their desks, signed in."""
    return open_desks(served, sign_in, open_page)

"""A hundred at once: the last window goes to one, the last seats to as many; one form is one registration."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest

from scheduler.actions.registrations import RESIDENT, Given, queue_of, register
from scheduler.database import Database
from scheduler.errors import HouseError
from scheduler.models import ArrivalWindow, Letter, Queue, Registration
from tests.build import NOW, make_office, make_published

DAY = date(2026, 11, 26)
CROWD = 100


@pytest.fixture
def slug(database: Database, request: pytest.FixtureRequest) -> str:
    with database.transaction() as db:
        sitting = make_published(db, *make_office(db), day=DAY, kind=getattr(request, "param", "periodic_reception"))
        queue_of(db, sitting.id)
        return sitting.slug


def crowd(database: Database, slug: str, givens: list[Given]) -> Counter[str]:
    """All of them at once; what each was told."""
    start = Barrier(len(givens))

    def come(given: Given) -> str:
        start.wait()
        try:
            with database.transaction() as db:
                return register(db, slug, given, by=RESIDENT, now=NOW).slug
        except HouseError as refusal:
            return refusal.key

    with ThreadPoolExecutor(len(givens)) as pool:
        return Counter(pool.map(come, givens))


def people(window: datetime | None = None) -> list[Given]:
    return [Given("Lan", contact=f"09120000{n:02}", window=window, form=f"f{n}") for n in range(CROWD)]


def test_the_last_place_of_a_window_goes_to_one_of_a_hundred(database: Database, slug: str) -> None:
    with database.transaction() as db:
        wished = db.query(ArrivalWindow).order_by(ArrivalWindow.starts_at).limit(1).one()
        wished.taken = wished.places - 1
        starts_at = wished.starts_at
    told = crowd(database, slug, people(starts_at))
    assert (told.pop("registrations.window-full"), len(told)) == (CROWD - 1, 1)
    with database.open() as db:
        made = db.query(Registration).one()
        assert (made.arrive_from, made.arrive_until) == (starts_at, starts_at + timedelta(minutes=30))
        assert (db.query(Queue).one().last_ticket, made.ticket, db.query(Letter).count()) == (1, 1, 1)


@pytest.mark.parametrize("slug", ["dialogue"], indirect=True)
def test_the_last_seats_of_a_hall_go_to_as_many(database: Database, slug: str) -> None:
    with database.transaction() as db:
        db.query(Queue).one().seats = 10
    told = crowd(database, slug, people())
    assert (told.pop("registrations.no-seats"), len(told)) == (CROWD - 10, 10)
    with database.open() as db:
        assert sorted(one.ticket for one in db.query(Registration)) == list(range(1, 11))
        assert db.query(Queue).one().taken == 10


def test_one_form_sent_by_fifty_at_once_is_one_registration(database: Database, slug: str) -> None:
    told = crowd(database, slug, [Given("Lan", contact="0912000000", form="f")] * 50)
    assert (len(told), told.total()) == (1, 50)
    with database.open() as db:
        assert (db.query(Registration).count(), db.query(Queue).one().last_ticket) == (1, 1)

"""A sitting is changed while somebody registers, moves or takes back: nobody is left behind, none waits for ever."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier, Event

import pytest

from scheduler.actions import changes
from scheduler.actions.change_history import Order
from scheduler.actions.registration_places import set_places
from scheduler.actions.registrations import RESIDENT, Given, Wish, change_registration, register, withdraw
from scheduler.database import Database, Db, LostRace
from scheduler.errors import HouseError
from scheduler.models import ArrivalWindow, Letter, Occurrence, Queue, Registration
from scheduler.queries.agenda import find_occurrence
from scheduler.queries.registrations import find_registration
from scheduler.rules.permissions import Actor
from tests.build import NOW, make_actor, make_office, make_published

DAY, LATER = date(2026, 11, 26), date(2026, 12, 10)
POSTGRES = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
"""SQLite lets one writer in at a time: there two can never meet."""
ROUNDS = 6


@pytest.fixture
def world(database: Database) -> tuple[str, str, Actor]:
    """Two sittings of one head, and a clerk."""
    with database.transaction() as db:
        office, post = make_office(db)
        first, second = (make_published(db, office, post, day=day) for day in (DAY, LATER))
        return first.slug, second.slug, make_actor(db, office)


def order(sitting: Occurrence, clerk: Actor) -> Order:
    return Order(sitting.version, "Chủ tịch họp đột xuất.", clerk, NOW)


def cancel(db: Db, slug: str, clerk: Actor) -> None:
    changes.cancel_occurrence(db, slug, order(find_occurrence(db, slug), clerk))


def move(db: Db, slug: str, clerk: Actor) -> None:
    changes.move_occurrence(db, slug, order(find_occurrence(db, slug), clerk), day=DAY + timedelta(days=1))


@POSTGRES
@pytest.mark.parametrize("change", [cancel, move])
def test_who_registers_while_the_sitting_changes_is_led_along_and_told(
    database: Database, world: tuple[str, str, Actor], change: Callable[[Db, str, Actor], None]
) -> None:
    slug, _, clerk = world
    written, changing = Event(), Event()

    def come() -> None:
        with database.transaction() as db:
            register(db, slug, Given("Lan", contact="lan@example.vn", form="f"), by=RESIDENT, now=NOW)
            written.set()
            changing.wait(1)

    def do() -> None:
        written.wait(10)
        with database.transaction() as db:
            change(db, slug, clerk)
            changing.set()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(come), pool.submit(do)]:
            done.result(30)
    with database.open() as db:
        one, letter = db.query(Registration).one(), db.query(Letter).filter_by(kind="registration-change").one()
        assert one.occurrence.state == "published"
        assert one.arrive_from is not None
        assert letter.registration_id == one.id
        assert db.query(ArrivalWindow).filter_by(occurrence_id=one.occurrence_id, starts_at=one.arrive_from).one().taken


@POSTGRES
def test_who_comes_just_after_the_change_reads_it(database: Database, world: tuple[str, str, Actor]) -> None:
    slug, _, clerk = world
    changed = Event()

    def do() -> None:
        with database.transaction() as db:
            cancel(db, slug, clerk)
            db.flush()
            changed.set()
            Event().wait(0.5)

    def come() -> str:
        changed.wait(10)
        try:
            with database.transaction() as db:
                find_occurrence(db, slug)  # the page has read it before, as it was
                return register(db, slug, Given("Lan", contact="lan@example.vn"), by=RESIDENT, now=NOW).slug
        except HouseError as refusal:
            return refusal.key

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(do), pool.submit(come)
        first.result(30)
        assert second.result(30) == "registrations.sitting-cancelled"
    with database.open() as db:
        assert db.query(Registration).count() == 0


def at_once(database: Database, deeds: list[Callable[[Db], object]]) -> None:
    """All of them at the same moment; a refusal is one of the answers, a deadlock is not."""
    start = Barrier(len(deeds))

    def do(deed: Callable[[Db], object]) -> None:
        start.wait()
        try:
            with database.transaction() as db:
                deed(db)
        except (HouseError, *LostRace):
            return

    with ThreadPoolExecutor(len(deeds)) as pool:
        for done in [pool.submit(do, deed) for deed in deeds]:
            done.result(30)


@POSTGRES
def test_nobody_waits_for_each_other_and_the_places_add_up(database: Database, world: tuple[str, str, Actor]) -> None:
    first, second, clerk = world
    for n in range(ROUNDS):
        with database.transaction() as db:
            mine = [
                register(db, first, Given("Lan", contact=f"l{n}.{m}@example.vn"), by=RESIDENT, now=NOW)
                for m in range(4)
            ]
            slugs, versions = [one.slug for one in mine], [one.version for one in mine]
            spans = [one.starts_at for one in db.query(ArrivalWindow).filter_by(occurrence_id=mine[0].occurrence_id)]
            windows = [spans[-1], spans[-2]]

        def wish(m: int, wish: Wish, slugs: list[str] = slugs, versions: list[int] = versions) -> Callable[[Db], None]:
            return lambda db: change_registration(
                db, find_registration(db, slugs[m]), wish, version=versions[m], by=RESIDENT, now=NOW
            )

        def change(db: Db, n: int = n) -> None:
            sitting = find_occurrence(db, first)
            if n % 3 == 0:
                changes.cancel_occurrence(db, first, order(sitting, clerk))
            elif n % 3 == 1:
                set_places(db, sitting, minutes=str(20 + n), places="90", by=clerk, now=NOW)
            else:
                changes.change_hours(db, first, order(sitting, clerk), hours=(f"07:{30 - n}-11:30",))

        def undo(db: Db) -> None:
            sitting = find_occurrence(db, first)
            if sitting.state == "cancelled":
                changes.restore_occurrence(db, first, order(sitting, clerk))

        deeds = [
            wish(0, Wish(sitting=second)), wish(1, Wish(window=windows[0])), wish(2, Wish(window=windows[1])),
            lambda db, slug=slugs[3]: withdraw(db, find_registration(db, slug), by=RESIDENT, now=NOW),
            lambda db, n=n: register(db, second, Given("Hoa", contact=f"h{n}@example.vn"), by=RESIDENT, now=NOW),
            change,
        ]  # fmt: skip
        at_once(database, deeds)
        with database.transaction() as db:
            undo(db)
    with database.open() as db:
        standing = [one for one in db.query(Registration) if one.state == "booked"]
        for queue in db.query(Queue):
            here = [one for one in standing if one.occurrence_id == queue.occurrence_id]
            assert queue.taken == len(here)
            for window in db.query(ArrivalWindow).filter_by(occurrence_id=queue.occurrence_id):
                assert window.taken == len([one for one in here if one.arrive_from == window.starts_at])
        assert all(one.occurrence.state == "published" for one in standing)

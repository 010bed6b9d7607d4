"""The counter: each press once however often it is sent, taken back as it was, and of two officers one is told."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from scheduler.actions.counter import (
    Group,
    correct_group,
    enter_group,
    open_screen,
    take_step,
    undo_step,
    walk_in,
)
from scheduler.actions.names_opened import note_names_opened
from scheduler.clock import at_local
from scheduler.database import Db, vault_of
from scheduler.errors import BadInput, HouseError, NotAllowed, NotFound, RuleBroken, Stale
from scheduler.models import Entry, Occurrence, Queue, Registration, VisitStep
from scheduler.queries.counter import board_of, counters_of, rows_of
from scheduler.queries.names_opened import opened_today
from scheduler.rules.permissions import Actor
from scheduler.rules.registrations import STEP
from tests.build import make_actor, make_office, make_published, make_registration, make_unit

DAY = date(2026, 11, 26)
EIGHT = at_local(DAY, "08:00")
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # races: tests/web/test_counter.py


@dataclass
class Desk:
    """A sitting of today, its officer and a colleague."""

    db: Db
    sitting: Occurrence
    officer: Actor
    other: Actor
    now: datetime = EIGHT

    def press(self, visit: Registration, step: str, *, by: Actor | None = None, minutes: int = 0) -> Registration:
        """One press on the row as it is now."""
        self.now += timedelta(minutes=minutes)
        return take_step(self.db, visit.slug, step, version=visit.version, by=by or self.officer, now=self.now)

    def deeds(self, visit: Registration) -> list[str]:
        """What the ledger knows of the visit."""
        return list(self.db.scalars(select(Entry.deed).where(Entry.subject == f"registration:{visit.id}")))


@pytest.fixture
def desk(db: Db) -> Desk:
    office, chairman = make_office(db)
    sitting = make_published(db, office, chairman, day=DAY)
    return Desk(db, sitting, make_actor(db, office, "officer"), make_actor(db, office, "secretariat"))


def as_stored(visit: Registration) -> tuple[object, ...]:
    return (visit.state, visit.arrived_at, visit.called_at, visit.began_at, visit.ended_at)


def test_from_the_door_to_the_end(desk: Desk) -> None:
    visit = make_registration(desk.db, desk.sitting)
    for step, state in (("arrive", "arrived"), ("call", "called"), ("begin", "inside")):
        assert desk.press(visit, step, minutes=5).state == state
    desk.press(visit, "end", minutes=9)
    assert visit.state == "received"
    assert visit.began_at is not None
    assert visit.ended_at == visit.began_at + timedelta(minutes=9)
    assert desk.deeds(visit) == ["visit.arrive", "visit.call", "visit.begin", "visit.end"]


PRESSES = tuple(step for step in STEP if step != "withdraw")


def test_each_press_counts_once_and_can_be_taken_back(desk: Desk) -> None:
    for step in PRESSES:
        sources = STEP[step].sources
        visit = make_registration(desk.db, desk.sitting, state=sources[-1], arrived_at=EIGHT, called_at=EIGHT)
        before, version = as_stored(visit), visit.version
        for _ in range(2):
            take_step(desk.db, visit.slug, step, version=version, by=desk.officer, now=EIGHT + timedelta(minutes=3))
        assert visit.state == STEP[step].target
        assert len(desk.deeds(visit)) == 1
        version = visit.version
        for _ in range(2):
            undo_step(desk.db, visit.slug, version=version, by=desk.officer, now=EIGHT + timedelta(minutes=4))
        assert as_stored(visit) == before, step
        assert desk.deeds(visit)[1:] == ["visit.undone"]


def test_several_presses_are_taken_back_one_after_the_other(desk: Desk) -> None:
    visit = make_registration(desk.db, desk.sitting)
    states = [visit.state]
    for step in ("arrive", "miss", "come_back", "call", "begin"):
        states.append(desk.press(visit, step, minutes=1).state)
    while states[:-1]:
        states.pop()
        undo_step(desk.db, visit.slug, version=visit.version, by=desk.other, now=desk.now)
        assert visit.state == states[-1]
    with pytest.raises(RuleBroken, match="nothing-to-undo"):
        undo_step(desk.db, visit.slug, version=visit.version, by=desk.officer, now=desk.now)


def test_what_another_pressed_is_told_and_not_pressed_again(desk: Desk) -> None:
    for step in PRESSES:
        visit = make_registration(desk.db, desk.sitting, state=STEP[step].sources[0])
        version = visit.version
        desk.press(visit, step, by=desk.other)
        with pytest.raises(Stale, match=f"by-another-{step.replace('_', '-')}") as told:
            take_step(desk.db, visit.slug, step, version=version, by=desk.officer, now=EIGHT)
        assert told.value.facts == {"number": visit.ticket, "who": desk.other.name, "at": "8 giờ"}
        assert len(desk.deeds(visit)) == 1


def test_a_step_that_is_not_open_is_refused(desk: Desk) -> None:
    for state, step in (("received", "call"), ("booked", "end"), ("withdrawn", "arrive"), ("absent", "begin")):
        visit = make_registration(desk.db, desk.sitting, state=state)
        with pytest.raises(RuleBroken):
            desk.press(visit, step)
        assert (visit.state, desk.deeds(visit)) == (state, [])


def test_nothing_is_pressed_on_another_day(desk: Desk) -> None:
    visit = make_registration(desk.db, desk.sitting)
    for shift in (-1, 1):
        now = EIGHT + timedelta(days=shift)
        with pytest.raises(RuleBroken, match="closed"):
            take_step(desk.db, visit.slug, "arrive", version=visit.version, by=desk.officer, now=now)
        with pytest.raises(RuleBroken, match="closed"):
            walk_in(desk.db, desk.sitting.slug, "", mark="a", by=desk.officer, now=now)


def test_the_counter_ends_with_the_record(desk: Desk) -> None:
    visit = make_registration(desk.db, desk.sitting)
    desk.sitting.state = "held"
    with pytest.raises(RuleBroken, match="closed"):
        desk.press(visit, "arrive")


def test_somebody_at_the_door_gets_the_next_number_once(desk: Desk) -> None:
    make_registration(desk.db, desk.sitting)
    first = walk_in(desk.db, desk.sitting.slug, " Lê  Thị B ", mark="one", by=desk.officer, now=EIGHT)
    again = walk_in(desk.db, desk.sitting.slug, "Lê Thị B", mark="one", by=desk.officer, now=EIGHT)
    nobody = walk_in(desk.db, desk.sitting.slug, "", mark="two", by=desk.officer, now=EIGHT)
    assert first is again
    assert (first.ticket, nobody.ticket) == (2, 3)
    assert (first.state, first.way, first.arrived_at, first.arrive_from) == ("arrived", "door", EIGHT, None)
    assert [vault_of(desk.db).open(one.name) for one in (first, nobody)] == ["Lê Thị B", ""]
    assert "Lê" not in first.name


def test_a_form_that_comes_back_gives_nobody_anothers_number(desk: Desk) -> None:
    walk_in(desk.db, desk.sitting.slug, "Lê Thị B", mark="one", by=desk.officer, now=EIGHT)
    with pytest.raises(Stale, match="form-used"):
        walk_in(desk.db, desk.sitting.slug, "Trần Văn C", mark="one", by=desk.officer, now=EIGHT)


def test_a_number_given_by_mistake_is_withdrawn(desk: Desk) -> None:
    visit = walk_in(desk.db, desk.sitting.slug, "", mark="one", by=desk.officer, now=EIGHT)
    undo_step(desk.db, visit.slug, version=visit.version, by=desk.officer, now=EIGHT)
    assert (visit.state, visit.withdrawn_at) == ("withdrawn", EIGHT)
    after = walk_in(desk.db, desk.sitting.slug, "", mark="two", by=desk.officer, now=EIGHT)
    assert after.ticket == visit.ticket + 1


def test_many_without_a_name_get_numbers(desk: Desk) -> None:
    numbers = [
        walk_in(desk.db, desk.sitting.slug, "", mark=str(n), by=desk.officer, now=EIGHT).ticket for n in range(9)
    ]
    assert numbers == list(range(1, 10))


def test_a_name_that_cannot_be_is_refused(desk: Desk) -> None:
    for name in ("x" * 121, "a\x00b"):
        with pytest.raises(BadInput) as refused:
            walk_in(desk.db, desk.sitting.slug, name, mark="one", by=desk.officer, now=EIGHT)
        assert refused.value.place == "name"
    with pytest.raises(RuleBroken):
        walk_in(desk.db, desk.sitting.slug, "Tố cáo ông X", mark="one", by=desk.officer, now=EIGHT)
    assert rows_of(desk.db, desk.sitting.id) == []


FORTY = Group(40, "land", "Bồi thường đường Vành đai", ("Lê A", "Lê B"))


def test_forty_people_get_one_number(desk: Desk) -> None:
    visit = enter_group(desk.db, desk.sitting.slug, FORTY, mark="g", by=desk.officer, now=EIGHT)
    assert enter_group(desk.db, desk.sitting.slug, FORTY, mark="g", by=desk.officer, now=EIGHT) is visit
    row = rows_of(desk.db, desk.sitting.id)[0]
    assert (visit.people, row.words, row.representatives) == (40, FORTY.words, FORTY.representatives)
    assert not any("Lê" in str(value) for value in vars(visit).values())


AGAINST_THE_LAW = (
    (Group(4, "land"), "counter.group-too-small"),
    (Group(7, "land", "", ("A", "B", "C")), "counter.too-many-representatives"),
    (Group(40, "no-such"), "forms.not-a-choice"),
    (Group(40, "land", "Tố cáo ông X"), "counter.denounces"),
    (Group(40, "land", "", ("x" * 121,)), "registrations.too-long"),
)


def test_a_group_against_the_law_is_refused(desk: Desk) -> None:
    for group, key in AGAINST_THE_LAW:
        with pytest.raises(HouseError) as refused:
            enter_group(desk.db, desk.sitting.slug, group, mark="g", by=desk.officer, now=EIGHT)
        assert refused.value.key == key
    assert rows_of(desk.db, desk.sitting.id) == []


def test_a_group_is_counted_anew_once(desk: Desk) -> None:
    visit = enter_group(desk.db, desk.sitting.slug, Group(40, "land"), mark="g", by=desk.officer, now=EIGHT)
    version = visit.version
    more = Group(43, "land", "", ("Lê A",))
    for _ in range(2):
        correct_group(desk.db, visit.slug, more, version=version, by=desk.officer, now=EIGHT)
    assert (visit.people, desk.deeds(visit)[-1]) == (43, "visit.group-corrected")
    assert desk.deeds(visit).count("visit.group-corrected") == 1
    with pytest.raises(Stale):
        correct_group(desk.db, visit.slug, Group(50, "land"), version=version, by=desk.other, now=EIGHT)


def test_who_serves_elsewhere_does_not_find_it_and_who_only_reads_may_not(desk: Desk) -> None:
    visit = make_registration(desk.db, desk.sitting)
    stranger = make_actor(desk.db, make_unit(desk.db), "officer")
    reader = make_actor(desk.db, desk.sitting.unit, "supervisor")
    for by, refusal in ((stranger, NotFound), (reader, NotAllowed)):
        with pytest.raises(refusal):
            desk.press(visit, "arrive", by=by)
        with pytest.raises(refusal):
            walk_in(desk.db, desk.sitting.slug, "", mark="a", by=by, now=EIGHT)
        with pytest.raises(refusal):
            open_screen(desk.db, desk.sitting.slug, by=by, now=EIGHT)
    assert counters_of(desk.db, stranger, DAY) == ([], [])
    assert counters_of(desk.db, desk.officer, DAY)[0] == [desk.sitting]


def test_opening_the_list_is_noted_once_a_day_and_account(desk: Desk) -> None:
    opened = ("counter.opened", f"occurrence:{desk.sitting.id}")
    for hours in (0, 1, 24):
        for by in (desk.officer, desk.other):
            now = EIGHT + timedelta(hours=hours)
            note_names_opened(desk.db, *opened, unit_id=desk.sitting.unit_id, by=by, now=now)
    notes = desk.db.query(Entry).filter_by(deed="counter.opened").all()
    assert len(notes) == 4
    for days, known in ((0, True), (3, False)):
        later = EIGHT + timedelta(days=days)
        assert opened_today(desk.db, *opened, account_id=desk.officer.account_id, now=later) is known


def test_the_screen_knows_numbers_and_nothing_else(desk: Desk) -> None:
    queue = open_screen(desk.db, desk.sitting.slug, by=desk.officer, now=EIGHT)
    assert open_screen(desk.db, desk.sitting.slug, by=desk.other, now=EIGHT) is queue
    visits = [make_registration(desk.db, desk.sitting, state="arrived", arrived_at=EIGHT) for _ in range(9)]
    for visit in visits[:3]:
        desk.press(visit, "call", minutes=1)
    desk.press(visits[0], "begin")
    board = board_of(desk.db, queue.screen, desk.now)
    assert (board.called, board.inside, board.next_, board.waiting) == ((3, 2), (1,), (4, 5, 6, 7), 6)
    assert board.open_
    assert not board_of(desk.db, queue.screen, EIGHT + timedelta(days=1)).open_
    assert desk.db.query(Queue).count() == 1
    for unknown in ("khongco", "a" * 200, "é", ""):
        with pytest.raises(NotFound):
            board_of(desk.db, unknown, EIGHT)


def test_what_was_pressed_holds_no_name(desk: Desk) -> None:
    visit = make_registration(desk.db, desk.sitting, name="Trần Thị Thử")
    desk.press(visit, "arrive")
    kept = desk.db.query(VisitStep).one()
    entries = desk.db.query(Entry).all()
    assert "Trần" not in str(vars(kept)) + str([entry.facts for entry in entries])

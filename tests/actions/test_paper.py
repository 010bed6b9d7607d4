"""Entry afterwards: the paper's own numbers and times, all or nothing, and nothing twice."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from scheduler.actions.paper import Came, Entered, PaperSheet, enter_paper
from scheduler.actions.paper_kit import keep_numbers, take_paper_kit
from scheduler.actions.registrations import next_ticket
from scheduler.clock import at_local, to_local
from scheduler.database import Database, Db, vault_of
from scheduler.errors import Faults, NotAllowed, NotFound, RuleBroken
from scheduler.models import Entry, Occurrence, Registration
from scheduler.rules.paper import PaperRow
from scheduler.rules.permissions import ROLES, Actor
from tests.actions.paper_sitting import EVE, NEXT_DAY, NOON, ROW, THURSDAY, entered, faults, make_sitting
from tests.build import make_actor, make_office, make_post, make_published, make_registration, make_unit

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def occurrence(db: Db) -> Occurrence:
    return make_sitting(db)


@pytest.fixture
def clerk(db: Db, occurrence: Occurrence) -> Actor:
    return make_actor(db, occurrence.unit, "secretariat")


def test_rows_become_visits_with_the_numbers_and_times_of_the_paper(
    db: Db, occurrence: Occurrence, clerk: Actor
) -> None:
    sheet = PaperSheet([ROW, PaperRow("3"), PaperRow("4", "Võ Thị Hai", starts="08:30", ends="9:00"), PaperRow()])
    assert enter_paper(db, occurrence.slug, sheet, by=clerk, now=NEXT_DAY) == Entered(2, 0)
    first, second = entered(db, occurrence)
    vault = vault_of(db)
    assert (first.ticket, first.state, first.people, first.topic) == (2, "received", 2, "land")
    assert [to_local(at).strftime("%d %H:%M") for at in (first.began_at, first.ended_at) if at] == [
        "26 08:05",
        "26 08:30",
    ]
    assert [vault.open(text) for text in (first.name, first.contact, first.words)] == [
        "Trần Văn Giấy",
        "0912345678",
        "Xin cấp sổ đỏ",
    ]
    assert (first.contact_kind, first.unit_id, first.entered_by_id) == ("phone", occurrence.unit_id, clerk.account_id)
    assert (second.ticket, second.contact_kind) == (4, "")
    assert next_ticket(db, occurrence.id) == 22
    (line,) = db.query(Entry).filter_by(deed="paper.entered")
    assert (line.subject, line.facts) == (f"occurrence:{occurrence.id}", {"n": 2, "came": 0})
    assert all("Giấy" not in str(entry.facts) for entry in db.query(Entry))


def test_the_same_form_twice_changes_nothing(db: Db, occurrence: Occurrence, clerk: Actor) -> None:
    coming = db.query(Registration).filter_by(way="web").one()
    rows = [ROW, replace(ROW, number="", name="Người Ngoài Số")]
    sheet = PaperSheet(rows, [Came(coming.slug, "7:30", "7:50")], "aa11")
    assert enter_paper(db, occurrence.slug, sheet, by=clerk, now=NEXT_DAY) == Entered(2, 1)
    before = [(one.id, one.ticket, one.version) for one in db.query(Registration).order_by(Registration.id)]
    assert enter_paper(db, occurrence.slug, sheet, by=clerk, now=NEXT_DAY) == Entered(0, 0)
    assert [(one.id, one.ticket, one.version) for one in db.query(Registration).order_by(Registration.id)] == before
    assert [one.ticket for one in entered(db, occurrence)] == [2, 22]
    assert db.query(Entry).filter_by(deed="paper.entered").count() == 1
    other_words = PaperSheet([rows[0], replace(rows[1], words="Việc khác")], form="aa11")
    with pytest.raises(Faults) as refused:
        enter_paper(db, occurrence.slug, other_words, by=clerk, now=NEXT_DAY)
    assert faults(refused.value) == {"rows.1": ["paper.row-entered"]}


TABLE = (
    ({"number": "1"}, ["paper.outside-block"]),
    ({"number": "22"}, ["paper.outside-block"]),
    ({"number": "hai"}, ["paper.outside-block"]),
    ({"number": "²"}, ["paper.outside-block"]),
    ({"number": "9" * 40}, ["paper.outside-block"]),
    ({"name": " "}, ["registrations.no-name"]),
    ({"name": "Lan\x00"}, ["registrations.odd-signs"]),
    ({"name": "x" * 121}, ["registrations.too-long"]),
    ({"contact": "12"}, ["registrations.no-phone"]),
    ({"contact": "lan@"}, ["registrations.no-email"]),
    ({"topic": "gold"}, ["paper.unknown-topic"]),
    ({"words": "Tố cáo ông A"}, ["paper.denunciation"]),
    ({"name": "Tố cáo ông A"}, ["paper.denunciation"]),
    ({"words": "x" * 1001}, ["registrations.too-long"]),
    ({"people": "0"}, ["registrations.no-count"]),
    ({"people": "-2"}, ["registrations.no-count"]),
    ({"people": "nhiều"}, ["registrations.no-count"]),
    ({"starts": ""}, ["paper.no-hour"]),
    ({"ends": "25:00"}, ["paper.no-hour"]),
    ({"ends": "tám giờ"}, ["paper.no-hour"]),
    ({"ends": "8:05"}, ["paper.ends-first"]),
    ({"starts": "9:00", "ends": "8:00"}, ["paper.ends-first"]),
    ({"ends": "12:01"}, ["paper.still-to-come"]),
    ({"number": "1", "name": "", "topic": "gold", "ends": "7:00"},
     ["paper.outside-block", "registrations.no-name", "paper.unknown-topic", "paper.ends-first"]),
)  # fmt: skip


@one_database
def test_what_cannot_be_is_told_at_its_row_and_nothing_is_written(db: Db, occurrence: Occurrence, clerk: Actor) -> None:
    whole, wrong = replace(ROW, number="5"), {}
    for values, expected in TABLE:
        with pytest.raises(Faults) as refused:
            enter_paper(db, occurrence.slug, PaperSheet([whole, replace(ROW, **values)]), by=clerk, now=NOON)
        if faults(refused.value) != {"rows.1": expected}:
            wrong[str(values)] = faults(refused.value)
    assert wrong == {}
    assert entered(db, occurrence) == []


def test_a_number_used_says_the_time_and_no_name(db: Db, occurrence: Occurrence, clerk: Actor) -> None:
    enter_paper(db, occurrence.slug, PaperSheet([ROW]), by=clerk, now=NEXT_DAY)
    again = [replace(ROW, name="Người Khác"), replace(ROW, number="3"), replace(ROW, number="3", name="Ba")]
    with pytest.raises(Faults) as refused:
        enter_paper(db, occurrence.slug, PaperSheet(again[:1]), by=clerk, now=NEXT_DAY)
    (fault,) = refused.value.faults
    assert (fault.key, fault.place, fault.facts) == ("paper.number-used", "rows.0", {"number": 2, "at": "08:05"})
    with pytest.raises(Faults) as refused:
        enter_paper(db, occurrence.slug, PaperSheet(again[1:]), by=clerk, now=NEXT_DAY)
    assert faults(refused.value) == {"rows.1": ["paper.number-twice"]}


def test_two_clerks_with_the_same_number_make_one_visit(database: Database) -> None:
    with database.transaction() as db:
        office, chairman = make_office(db)
        sitting = make_published(db, office, chairman, day=THURSDAY)
        keep_numbers(db, sitting)
        clerks = [make_actor(db, office, "secretariat") for _ in range(4)]
    start, refused = threading.Barrier(len(clerks)), []

    def enter(clerk: Actor) -> None:
        start.wait()
        row = replace(ROW, number="7", name=f"Do {clerk.account_id} ghi")
        try:
            with database.transaction() as db:
                enter_paper(db, sitting.slug, PaperSheet([row]), by=clerk, now=NEXT_DAY)
        except Faults as fault:
            refused.append(faults(fault))

    threads = [threading.Thread(target=enter, args=(clerk,)) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == [{"rows.0": ["paper.number-used"]}] * 3
    with database.open() as db:
        assert db.query(Registration).count() == 1


def test_those_registered_who_came_get_their_times(db: Db, occurrence: Occurrence, clerk: Actor) -> None:
    came = db.query(Registration).filter_by(way="web").one()
    absent = make_registration(db, occurrence, state="absent")
    arrived = make_registration(db, occurrence, state="arrived", arrived_at=at_local(THURSDAY, "07:20"))
    times = [Came(came.slug, "7:30", "7:50"), Came(absent.slug, "8h", "8h10"), Came(arrived.slug, "8:10", "8:20")]
    assert enter_paper(db, occurrence.slug, PaperSheet([], times), by=clerk, now=NEXT_DAY) == Entered(0, 3)
    assert {one.state for one in (came, absent, arrived)} == {"received"}
    assert (came.arrived_at, came.began_at) == (at_local(THURSDAY, "07:30"),) * 2
    assert arrived.arrived_at == at_local(THURSDAY, "07:20")


@one_database
def test_times_that_cannot_be_noted(db: Db, occurrence: Occurrence, clerk: Actor) -> None:
    booked = db.query(Registration).filter_by(way="web").one()
    gone = make_registration(db, occurrence, state="withdrawn")
    other = make_registration(db, make_published(db, occurrence.unit, make_post(db, occurrence.unit), day=THURSDAY))
    received = make_registration(db, occurrence, state="received", began_at=at_local(THURSDAY, "08:00"))
    sheet = PaperSheet([], [
        Came(booked.slug, "", ""), Came(gone.slug, "8:00", "8:10"), Came(other.slug, "8:00", "8:10"),
        Came(received.slug, "9:00", "9:10"), Came("khongco", "9:00", "9:10"),
    ])  # fmt: skip
    with pytest.raises(Faults) as refused:
        enter_paper(db, occurrence.slug, sheet, by=clerk, now=NEXT_DAY)
    assert faults(refused.value) == {
        "came.0": ["paper.no-hour"],
        "came.1": ["paper.not-coming"],
        "came.2": ["paper.not-coming"],
        "came.3": ["paper.already-received"],
        "came.4": ["paper.not-coming"],
    }
    assert booked.state == "booked"


REFUSED: tuple[tuple[dict[str, Any], PaperSheet, datetime, str], ...] = (
    ({}, PaperSheet([]), NEXT_DAY, "paper.nothing-given"),
    ({}, PaperSheet([PaperRow("2"), PaperRow("3")]), NEXT_DAY, "paper.nothing-given"),
    ({}, PaperSheet([ROW] * 61), NEXT_DAY, "paper.too-many-rows"),
    ({}, PaperSheet([ROW]), EVE, "paper.too-early"),
    ({"state": "cancelled"}, PaperSheet([ROW]), NEXT_DAY, "paper.not-open"),
    ({"state": "postponed"}, PaperSheet([ROW]), NEXT_DAY, "paper.not-open"),
    ({"state": "closed"}, PaperSheet([ROW]), NEXT_DAY, "paper.not-open"),
)


@one_database
def test_when_nothing_can_be_entered(db: Db, occurrence: Occurrence, clerk: Actor) -> None:
    told = []
    for values, sheet, now, _ in REFUSED:
        for name, value in ({"state": "published"} | values).items():
            setattr(occurrence, name, value)
        with pytest.raises(RuleBroken) as refused:
            enter_paper(db, occurrence.slug, sheet, by=clerk, now=now)
        told.append(refused.value.key)
    assert told == [key for *_, key in REFUSED]


@one_database
@pytest.mark.parametrize("state", ["published", "held", "concluded"])
def test_paper_may_come_after_the_record(db: Db, occurrence: Occurrence, clerk: Actor, state: str) -> None:
    occurrence.state = state
    assert enter_paper(db, occurrence.slug, PaperSheet([ROW]), by=clerk, now=NEXT_DAY).rows == 1


@one_database
def test_without_kept_numbers_rows_go_without(db: Db, clerk: Actor, occurrence: Occurrence) -> None:
    sitting = make_published(db, occurrence.unit, make_post(db, occurrence.unit), day=THURSDAY)
    with pytest.raises(Faults) as refused:
        enter_paper(db, sitting.slug, PaperSheet([ROW]), by=clerk, now=NEXT_DAY)
    assert faults(refused.value) == {"rows.0": ["paper.no-block"]}
    enter_paper(db, sitting.slug, PaperSheet([replace(ROW, number="")], form="f"), by=clerk, now=NEXT_DAY)
    assert [one.ticket for one in entered(db, sitting)] == [1]


@one_database
def test_who_may(db: Db, occurrence: Occurrence) -> None:
    unit, told = occurrence.unit, {}
    beside = make_unit(db, name="UBND phường Cửa Nam", parent=unit.parent)
    for role in ROLES:
        for where in (unit, beside):
            actor = make_actor(db, where, role)
            try:
                take_paper_kit(db, occurrence.slug, by=actor, now=EVE)
                told[role, where is unit] = "let in"
            except (NotAllowed, NotFound) as refused:
                told[role, where is unit] = type(refused).__name__
    inside = {role: told[role, True] for role in ROLES}
    assert inside == dict.fromkeys(ROLES, "NotAllowed") | {"secretariat": "let in", "officer": "let in"}
    assert {told[role, False] for role in ROLES} == {"NotFound"}


@one_database
def test_a_kit_is_taken_only_of_a_reception_to_come(db: Db, occurrence: Occurrence, clerk: Actor) -> None:
    _, block = take_paper_kit(db, occurrence.slug, by=clerk, now=EVE)
    assert (block.first, block.last) == (2, 21)
    line = db.query(Entry).filter_by(deed="paper.kit-taken").one()
    assert line.facts == {"first": 2, "last": 21}
    with pytest.raises(RuleBroken, match="not-held"):
        take_paper_kit(db, occurrence.slug, by=clerk, now=NEXT_DAY + timedelta(days=1))
    occurrence.kind = "dialogue"
    with pytest.raises(NotFound):
        take_paper_kit(db, occurrence.slug, by=clerk, now=EVE)

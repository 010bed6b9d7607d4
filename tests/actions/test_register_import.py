"""Past registers: days become sittings with records, totals stay totals, nothing counts twice."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from scheduler.actions.register_import import ImportedRows, RegisterRow, import_register
from scheduler.database import Db
from scheduler.documents.tables import notes
from scheduler.errors import Faults
from scheduler.models import Entry, Occurrence, Post, Record, RegisterTotal, Unit
from scheduler.reports import REPORT
from scheduler.reports.frame import Period, Scope
from scheduler.rules.counting import Counts
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW, make_actor, make_occurrence, make_office, make_post, make_published

DAY = date(2026, 3, 5)
SITTING = RegisterRow(
    "line:2", "00070", "Chủ tịch UBND", "periodic_reception", DAY, starts="07:30", ends="11:30", counts=Counts(6, 8)
)
JANUARY = replace(
    SITTING,
    place="line:9",
    day=date(2026, 1, 1),
    last_day=date(2026, 1, 31),
    starts="",
    ends="",
    days_head=3,
    days_stand_in=1,
    counts=Counts(20, 25),
)


@pytest.fixture
def office(db: Db) -> tuple[Unit, Post]:
    return make_office(db)


def take(db: Db, *rows: RegisterRow, **values: Any) -> ImportedRows:
    return import_register(db, rows, **{"feed_domain": "example.vn", "by": COMMAND_LINE, "now": NOW} | values)


def refused(db: Db, *rows: RegisterRow, **values: Any) -> list[tuple[str, str]]:
    with pytest.raises(Faults) as refusal:
        take(db, *rows, **values)
    return [(fault.place, fault.key) for fault in refusal.value.faults]


def duties(db: Db, first: date, last: date) -> tuple[dict[str, Any], list[str]]:
    table = REPORT["duties"].run(db, Period(first, last), Scope(None), date(2026, 11, 22))
    return dict(table.rows[0].cells), notes(table, "en")


def test_a_day_becomes_a_closed_sitting_with_its_record(db: Db, office: tuple[Unit, Post]) -> None:
    assert take(db, SITTING) == ImportedRows(1, 1, 0, 0)
    kept = db.scalars(select(Record)).one()
    sitting = kept.occurrence
    assert (sitting.state, sitting.day, sitting.hours, sitting.published_at) == ("closed", DAY, ["07:30-11:30"], None)
    assert sitting.unit_id == office[0].id
    assert [(turn.name, turn.stands_in) for turn in kept.turns] == [("Nguyễn Văn Thử", False)]
    assert (kept.visits, kept.persons) == (6, 8)
    assert db.scalars(select(Entry.deed)).all() == ["record.imported"]


def test_run_twice_it_changes_nothing(db: Db, office: tuple[Unit, Post]) -> None:
    take(db, SITTING, JANUARY)
    entries = db.scalar(select(func.count(Entry.id)))
    assert take(db, SITTING, JANUARY) == ImportedRows(2, 0, 0, 2)
    assert db.scalar(select(func.count(Entry.id))) == entries
    assert db.scalar(select(func.count(Occurrence.id))) == 1


def test_matters_of_a_day_are_one_sitting(db: Db, office: tuple[Unit, Post]) -> None:
    matter = replace(SITTING, matter="1", counts=Counts(1, 1))
    group = replace(SITTING, place="line:3", matter="2", counts=Counts(1, 7, 1, 7), note="đoàn")
    assert take(db, matter, group).recorded == 1
    kept = db.scalars(select(Record)).one()
    assert (kept.visits, kept.persons, kept.groups, kept.group_persons, kept.note) == (2, 8, 1, 7, "đoàn")
    assert len(kept.turns) == 1
    twice = replace(matter, place="line:4", day=date(2026, 3, 12))
    assert refused(db, twice, replace(twice, place="line:5")) == [("line:4", "registers.same-twice")]


def test_head_and_stand_in_took_turns(db: Db, office: tuple[Unit, Post]) -> None:
    after = replace(SITTING, place="line:3", starts="13:30", ends="16:30", stands_in=True, name="Trần Thị Thay")
    take(db, SITTING, after)
    kept = db.scalars(select(Record)).one()
    assert sorted((turn.stands_in, turn.name) for turn in kept.turns) == [
        (False, "Nguyễn Văn Thử"),
        (True, "Trần Thị Thay"),
    ]
    assert kept.occurrence.hours == ["07:30-11:30", "13:30-16:30"]
    over = replace(after, starts="10:00", day=date(2026, 3, 12))
    assert refused(db, replace(SITTING, day=date(2026, 3, 12)), over) == [("line:2", "records.turns-overlap")]


def test_a_published_sitting_gets_its_record(db: Db, office: tuple[Unit, Post]) -> None:
    sitting = make_published(db, *office, day=DAY)
    assert take(db, replace(SITTING, starts="", ends="")).recorded == 1
    assert sitting.state == "held"
    assert db.scalars(select(Record)).one().occurrence_id == sitting.id
    assert take(db, SITTING) == ImportedRows(1, 0, 0, 1)
    assert refused(db, replace(SITTING, counts=Counts(7, 8))) == [("line:2", "registers.recorded-otherwise")]


@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "postponed", "cancelled"])
def test_what_the_plan_says_otherwise_is_told(db: Db, office: tuple[Unit, Post], state: str) -> None:
    make_occurrence(db, *office, day=DAY, state=state)
    assert refused(db, SITTING) == [("line:2", f"registers.is-{state}")]


def test_heads_who_sat_together(db: Db, office: tuple[Unit, Post]) -> None:
    secretary = make_post(db, office[0], "Bí thư Đảng ủy", duty="commune_secretary")
    sitting = make_published(db, office[0], office[1], secretary, day=DAY)
    assert refused(db, SITTING) == [("line:2", "registers.other-heads")]
    take(db, replace(SITTING, posts="Chủ tịch UBND + Bí thư Đảng ủy"))
    kept = db.scalars(select(Record).where(Record.occurrence_id == sitting.id)).one()
    assert (kept.visits, {turn.for_post_id for turn in kept.turns}) == (6, {office[1].id, secretary.id})


def test_faults_of_every_row_and_nothing_else(db: Db, office: tuple[Unit, Post]) -> None:
    rows = (
        replace(SITTING, place="line:2", unit="zz"),
        replace(SITTING, place="line:3", posts="Trưởng thôn"),
        replace(SITTING, place="line:4", day=date(2026, 11, 23)),
        replace(SITTING, place="line:5", day=date(1, 1, 1)),
        replace(SITTING, place="line:6", starts="", ends="", day=date(2026, 3, 6)),
        replace(SITTING, place="line:7", counts=Counts(), day=date(2026, 3, 7)),
        replace(SITTING, place="line:8", stands_in=True, day=date(2026, 3, 8)),
        replace(JANUARY, place="line:9", days_head=40),
        replace(JANUARY, place="line:10", last_day=date(2025, 1, 1)),
        replace(JANUARY, place="line:11", posts="Chủ tịch UBND + 00070-ubnd-chu-tich", counts=Counts()),
    )
    assert refused(db, *rows) == [
        ("line:2", "people.unknown-unit"),
        ("line:3", "people.unknown-post"),
        ("line:4", "registers.day-out-of-range"),
        ("line:5", "registers.day-out-of-range"),
        ("line:6", "registers.hours-missing"),
        ("line:7", "records.numbers-missing"),
        ("line:8", "records.name-missing"),
        ("line:9", "registers.days-do-not-fit"),
        ("line:10", "people.ends-before-it-begins"),
        ("line:11", "records.numbers-missing"),
    ]
    assert refused(db) == [("", "tables.empty")]


def test_a_post_that_did_not_exist_yet(db: Db, office: tuple[Unit, Post]) -> None:
    office[1].valid_from = date(2026, 7, 1)
    assert refused(db, SITTING) == [("line:2", "registers.not-in-office")]


def test_a_day_never_counts_in_a_total_and_by_itself(db: Db, office: tuple[Unit, Post]) -> None:
    inside = replace(SITTING, day=date(2026, 1, 15))
    assert refused(db, inside, JANUARY) == [("line:9", "registers.has-records")]
    db.rollback()
    make_office(db)
    take(db, JANUARY)
    assert refused(db, inside) == [("line:2", "registers.in-a-total")]
    assert refused(db, replace(JANUARY, days_head=4)) == [("line:9", "registers.in-a-total")]
    assert take(db, replace(JANUARY, day=date(2025, 12, 1), last_day=date(2025, 12, 31))).totals == 1
    assert db.scalar(select(func.count(RegisterTotal.id))) == 2


def test_the_report_counts_days_and_tells_totals(db: Db, office: tuple[Unit, Post]) -> None:
    take(db, SITTING, JANUARY)
    row, told = duties(db, date(2026, 1, 1), date(2026, 3, 31))
    assert (row["met"], row["head"], row["planned"], row["published"], row["in_time"]) == (1, 1, 1, 0, 0)
    [note] = [line for line in told if "old register" in line]
    assert "3 days in person, 1 days by a stand-in, 20 visits, 25 persons" in note
    _, told = duties(db, date(2026, 2, 1), date(2026, 3, 31))
    assert not any("old register" in line for line in told)


def test_only_who_may_record(db: Db, office: tuple[Unit, Post]) -> None:
    assert take(db, SITTING, by=make_actor(db, office[0])).recorded == 1
    assert refused(db, JANUARY, by=make_actor(db, office[0], "leader")) == [("line:9", "errors.not-allowed")]

"""The one true report: it adds up, opens to its rows, and asks the database the same number of times for 1 and 126."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from scheduler.actions.records import Sheet, TurnGiven, record_sitting
from scheduler.clock import at_local
from scheduler.database import Database, Db
from scheduler.errors import BadInput
from scheduler.models import Notice, Occurrence, OfficeSetting, Post, Unit
from scheduler.queries.duties import Wanted
from scheduler.queries.duty_rows import PAGE, rows_behind
from scheduler.reports import REPORT, REPORTS
from scheduler.reports.duties import COLUMNS
from scheduler.reports.frame import Period, Row, Scope, Table
from scheduler.rules.counting import DAY_RESULTS, Counts
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import make_holder, make_occurrence, make_office, make_post, make_published, make_unit

QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30))
TODAY = date(2026, 11, 22)
SOME = Counts(visits=2, persons=2)


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    """The statements that are sent while it is open."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


def run(db: Db, period: Period = QUARTER, unit: Unit | None = None, today: date = TODAY) -> Table:
    return REPORT["duties"].run(db, period, Scope(unit), today)


def only(table: Table) -> Row:
    [row] = table.rows
    return row


def hold(db: Db, one: Occurrence, *turns: TurnGiven) -> None:
    assert one.day is not None
    sheet = Sheet(turns, SOME)
    record_sitting(db, one.slug, one.version, sheet, by=COMMAND_LINE, now=at_local(one.day, "18:00"))


def head(post: Post) -> TurnGiven:
    return TurnGiven(post.id, "07:30", "11:00")


def deputy(post: Post, first: str = "07:30", last: str = "11:00") -> TurnGiven:
    return TurnGiven(post.id, first, last, stands_in=True, name="Trần Thị Thay")


def notice(db: Db, unit: Unit, posted: datetime | None) -> int:
    row = Notice(unit_id=unit.id, published_at=datetime(2026, 6, 1, tzinfo=UTC), posted_at=posted)
    db.add(row)
    db.flush()
    return row.id


@pytest.fixture
def office(db: Db) -> tuple[Unit, Post]:
    return make_office(db)


@pytest.fixture
def quarter(db: Db, office: tuple[Unit, Post]) -> tuple[Unit, Post]:
    """July met, August half and by a stand-in, September cancelled and not recorded."""
    unit, chairman = office
    early = notice(db, unit, datetime(2026, 7, 1, 8, tzinfo=UTC))
    late = notice(db, unit, datetime(2026, 8, 10, 8, tzinfo=UTC))
    days = {
        date(2026, 7, 9): (head(chairman),),
        date(2026, 7, 23): (head(chairman),),
        date(2026, 8, 13): (head(chairman),),
        date(2026, 8, 27): (deputy(chairman),),
    }
    for day, turns in days.items():
        hold(db, make_published(db, unit, chairman, day=day, notice_id=late if day.day == 13 else early), *turns)
    make_published(db, unit, chairman, day=date(2026, 9, 10), state="cancelled", notice_id=early)
    make_published(db, unit, chairman, day=date(2026, 9, 24))
    make_occurrence(db, unit, chairman, day=date(2026, 9, 29))
    make_occurrence(db, unit, chairman, day=date(2026, 9, 30), state="void")
    make_published(db, unit, chairman, day=date(2026, 9, 17), kind="dialogue")
    return office


def test_a_quarter(db: Db, quarter: tuple[Unit, Post]) -> None:
    cells = only(run(db)).cells
    law = {name: cells[name] for name in ("required", "due", "met", "stood_in", "missing", "open")}
    assert law == {"required": 6, "due": 6, "met": 3, "stood_in": 1, "missing": 2, "open": 0}
    assert cells["planned"] == 7  # a dialogue is no reception, a void date no sitting
    assert {name: cells[name] for name in DAY_RESULTS if cells[name]} == {
        "head": 3,
        "stand_in": 1,
        "cancelled": 1,
        "unrecorded": 1,
        "unpublished": 1,
    }
    # 13/08 hung three working days before, 24/09 hangs nowhere.
    assert (cells["published"], cells["in_time"]) == (6, 4)
    assert cells["post"] == "Chủ tịch UBND phường Hoàn Kiếm"


def test_every_number_opens_to_its_rows(db: Db, quarter: tuple[Unit, Post]) -> None:
    table = run(db)
    row = only(table)
    wanted = Wanted(QUARTER.first, QUARTER.last, post_code=row.key)
    for column in COLUMNS:
        if column.opens:
            behind = rows_behind(db, column.key, wanted, today=TODAY)
            assert behind.total == row.cells[column.key], column.key
            assert behind.total == sum(one.piece.n for one in behind.shown)
    shown = rows_behind(db, "head", wanted, today=TODAY)
    assert [one.sittings[0].day for one in shown.shown] == [date(2026, 7, 9), date(2026, 7, 23), date(2026, 8, 13)]
    assert shown.records[shown.shown[0].sittings[0].id].visits == 2
    [september] = rows_behind(db, "missing", wanted, today=TODAY).shown
    assert (september.piece.first, september.piece.n) == (date(2026, 9, 1), 2)
    assert september.span is not None
    assert [one.state for one in september.sittings] == ["cancelled", "published", "draft"]
    assert rows_behind(db, "no-such-column", wanted, today=TODAY).total == 0


def test_totals_are_the_sums_of_their_rows_and_never_of_two_duties(db: Db, quarter: tuple[Unit, Post]) -> None:
    unit, chairman = quarter
    secretary = make_post(db, unit, "Bí thư Đảng ủy", duty="commune_secretary")
    both = make_published(db, unit, chairman, secretary, day=date(2026, 7, 16))
    hold(db, both, head(chairman), head(secretary))
    table = run(db)
    assert [row.key for row in table.totals] == ["commune_chairman", "commune_secretary"]
    for total in table.totals:
        rows = [row for row in table.rows if row.cells["duty"] == total.cells["duty"]]
        for column in COLUMNS:
            if column.shape == "number":
                assert total.cells[column.key] == sum(row.cells[column.key] for row in rows)
    # One sitting, once for each head.
    assert [row.cells["head"] for row in table.rows] == [4, 1]


def test_a_stand_in_never_counts_for_the_head(db: Db, office: tuple[Unit, Post]) -> None:
    unit, chairman = office
    before, after = date(2026, 6, 24), date(2026, 7, 2)
    for day in (before, after):
        hold(db, make_published(db, unit, chairman, day=day), deputy(chairman))
    old = only(run(db, Period(date(2026, 6, 22), date(2026, 6, 28)))).cells
    new = only(run(db, Period(date(2026, 7, 1), date(2026, 7, 31)))).cells
    assert (old["required"], old["met"], old["stood_in"], old["missing"]) == (1, 0, 1, 0)
    assert (new["required"], new["met"], new["stood_in"], new["missing"]) == (2, 0, 1, 1)


def test_part_of_a_day_by_the_setting_of_that_day(db: Db, office: tuple[Unit, Post]) -> None:
    unit, chairman = office
    for day in (date(2026, 7, 9), date(2026, 8, 13)):
        turns = (TurnGiven(chairman.id, "07:30", "08:00"), deputy(chairman, "08:00", "11:00"))
        hold(db, make_published(db, unit, chairman, day=day), *turns)
    assert only(run(db)).cells["head"] == 2
    ward = unit.parent
    assert ward is not None
    rows = (None, date(2026, 8, 1), False), (ward.id, date(2026, 8, 2), True), (unit.id, date(2026, 8, 3), False)
    for unit_id, since, value in rows:
        db.add(OfficeSetting(unit_id=unit_id, key="part_of_day_counts", valid_from=since, value={"value": value}))
    db.flush()
    cells = only(run(db)).cells
    assert (cells["head"], cells["part"], cells["met"], cells["stood_in"]) == (1, 1, 1, 1)


def test_a_moved_sitting_is_measured_where_it_was_published(db: Db, office: tuple[Unit, Post]) -> None:
    unit, chairman = office
    posted = notice(db, unit, datetime(2026, 7, 1, 8, tzinfo=UTC))
    make_published(db, unit, chairman, day=date(2026, 7, 10), published_day=date(2026, 7, 3), notice_id=posted)
    make_published(db, unit, chairman, day=date(2026, 7, 20), published_day=date(2026, 7, 20), notice_id=posted)
    make_published(db, unit, chairman, day=date(2026, 7, 21), kind="adhoc_reception")
    cells = only(run(db)).cells
    assert (cells["published"], cells["in_time"]) == (3, 2)  # an ad-hoc sitting needs no notice


def test_a_postponed_sitting_counts_by_its_planned_day(db: Db, office: tuple[Unit, Post]) -> None:
    unit, chairman = office
    make_occurrence(db, unit, chairman, day=None, planned_day=date(2026, 7, 9), state="postponed")
    assert only(run(db)).cells["postponed"] == 1


def test_posts_and_units_count_while_they_are_valid(db: Db, office: tuple[Unit, Post]) -> None:
    unit, chairman = office
    chairman.valid_to = date(2026, 8, 31)
    unit.valid_from = date(2026, 7, 15)
    make_post(db, unit, "Chủ tịch cũ", valid_to=date(2026, 6, 30))
    make_post(db, unit, "Chủ tịch sau này", valid_from=date(2026, 10, 1))
    make_post(db, unit, "Chủ tịch HĐND", duty="")  # the law gives no number
    db.flush()
    assert only(run(db)).cells["required"] == 2  # only August is whole


def test_only_the_branch_and_only_what_may_be_read(db: Db, office: tuple[Unit, Post]) -> None:
    other = make_unit(db, "zz", name="UBND phường khác")
    make_post(db, other)
    assert len(run(db).rows) == 2
    ward = office[0].parent
    assert ward is not None
    assert only(run(db, unit=ward)).key == office[1].code
    table = REPORT["duties"].run(db, QUARTER, Scope(None, (other.id,)), TODAY)
    assert only(table).cells["unit"] == "zz"
    assert REPORT["duties"].run(db, QUARTER, Scope(None, ()), TODAY).rows == ()


def test_the_sentence_and_the_notes(db: Db, quarter: tuple[Unit, Post]) -> None:
    table = run(db, Period(date(2026, 6, 29), date(2026, 9, 30)))
    [sentence] = table.sentences
    assert sentence.key == "reports.duties-sentence"
    assert (sentence.facts["met"], sentence.facts["due"], sentence.facts["who"]) == (
        3,
        6,
        "Chủ tịch UBND phường Hoàn Kiếm",
    )
    keys = [note.key for note in table.notes]
    assert keys == [
        "reports.duties-rule-week",
        "reports.duties-rule-month",
        "reports.duties-left-out",
        "reports.duties-stand-in-note",
        "reports.duties-unrecorded-note",
        "reports.duties-day-once",
    ]
    assert table.notes[2].facts == {"first": date(2026, 6, 29), "last": date(2026, 6, 30)}
    open_ = run(db, QUARTER, today=date(2026, 7, 15))
    assert open_.sentences[0].key == "reports.duties-sentence-open"
    assert run(db, QUARTER, unit=make_unit(db)).notes == ()


def test_the_number_of_queries_does_not_grow(database: Database) -> None:
    with database.transaction() as db:
        unit, chairman = make_office(db)
        hold(db, make_published(db, unit, chairman, day=date(2026, 7, 9)), head(chairman))
    with database.open() as db, counting(database) as few:
        run(db)
    with database.transaction() as db:
        for number in range(30):
            unit = make_unit(db, f"c{number}")
            post = make_post(db, unit)
            make_holder(db, post)
            for day in (date(2026, 7, 9), date(2026, 8, 13), date(2026, 9, 10)):
                hold(db, make_published(db, unit, post, day=day), head(post))
    with database.open() as db, counting(database) as many:
        assert len(run(db).rows) == 31
    assert len(many) == len(few) <= 7
    with database.open() as db, counting(database) as opened:
        wanted = Wanted(QUARTER.first, QUARTER.last)
        assert len(rows_behind(db, "head", wanted, today=TODAY).shown) == 91
    assert len(opened) <= len(few) + 7


def test_rows_come_in_pages(db: Db, office: tuple[Unit, Post]) -> None:
    unit, chairman = office
    for number in range(PAGE + 5):
        make_published(db, unit, chairman, day=date.fromordinal(date(2026, 1, 1).toordinal() + number))
    wanted = Wanted(date(2026, 1, 1), date(2026, 12, 31))
    first = rows_behind(db, "planned", wanted, today=TODAY)
    second = rows_behind(db, "planned", wanted, today=TODAY, page=2)
    assert (first.total, first.count, len(first.shown), len(second.shown)) == (PAGE + 5, PAGE + 5, PAGE, 5)
    assert rows_behind(db, "planned", replace(wanted, duty="commune_secretary"), today=TODAY).total == 0


@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [
        (date(2026, 7, 2), date(2026, 7, 1), "upside-down"),
        (date(2013, 12, 31), date(2014, 12, 31), "too-long"),
        (date(2014, 1, 1), date(2029, 1, 1), "too-long"),
    ],
)
def test_times_that_are_none(first: date, last: date, fault: str) -> None:
    with pytest.raises(BadInput, match=fault):
        Period(first, last)


def test_reports_have_their_names_once() -> None:
    assert [report.key for report in REPORTS] == list(REPORT)

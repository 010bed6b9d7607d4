"""Schedules become rows: the right dates, in few statements, never twice."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, func, select

from scheduler.actions.days import seed_days
from scheduler.actions.schedule_edits import edit_schedule
from scheduler.actions.schedules import create_schedule, extend_schedule
from scheduler.database import Db
from scheduler.errors import BadInput, NotAllowed
from scheduler.models import CalendarDay, Entry, Occurrence, OccurrenceHost, Post
from scheduler.queries.days import working_calendar
from scheduler.queries.schedules import find_short_schedules
from scheduler.rules.days_seed import default_calendar
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import make_actor, make_office, make_place, make_post, make_unit
from tests.conftest import NOW

SERIES = {
    "key": "chu-tich",
    "kind": "periodic_reception",
    "host": ["Chủ tịch UBND phường"],
    "rule": {"every": "month", "days": [15]},
    "starts": "2026-01-01",
    "until": "2026-12-31",
    "hours": ["07:30-11:30", "13:30-16:30"],
    "place": "Phòng tiếp công dân",
    "register_by": {"working_days": 3},
    "attend": ["Phòng Văn hóa - Xã hội", "Thanh tra thành phố"],
    "area": ["Tổ dân phố 1"],
    "notify": ["vanphong@example.vn"],
    "content": "Đất đai",
    "stand_in": "Phó Chủ tịch UBND",
}


def rows_of(db: Db, schedule_id: int) -> list[Occurrence]:
    query = select(Occurrence).where(Occurrence.schedule_id == schedule_id).order_by(Occurrence.planned_day)
    return list(db.scalars(query))


def test_a_series_becomes_rows_with_all_that_a_notice_carries(db: Db) -> None:
    office, chairman = make_office(db)
    culture = make_unit(db, name="Phòng Văn hóa - Xã hội", parent=office, kind="department")
    make_unit(db, name="Phòng Văn hóa - Xã hội", kind="department")  # of another province
    actor = make_actor(db, office)
    schedule = create_schedule(db, office.id, SERIES, by=actor, now=NOW)
    assert extend_schedule(db, schedule.id, domain="lich.example.vn", by=actor, now=NOW) == 12
    rows = rows_of(db, schedule.id)
    february = rows[1]
    assert (february.planned_day, february.day) == (date(2026, 2, 15), date(2026, 2, 23))
    assert (february.outcome, february.state, february.sequence) == ("shifted", "draft", 0)
    assert february.why[0][0] == "why.day-off"
    assert february.starts_at == datetime(2026, 2, 23, 0, 30, tzinfo=UTC)
    assert february.ends_at == datetime(2026, 2, 23, 9, 30, tzinfo=UTC)
    assert february.uid.startswith("phien-")
    assert february.uid.endswith("@lich.example.vn")
    assert february.place_id is not None
    assert february.attend_unit_ids == [culture.id]
    assert february.register_by == date(2026, 2, 11)
    assert (february.content, february.stand_in) == ("Đất đai", "Phó Chủ tịch UBND")
    assert (february.area, february.notify) == (["Tổ dân phố 1"], ["vanphong@example.vn"])
    assert [host.post_id for host in february.hosts] == [chairman.id]
    assert february.hosts[0].starts_at == february.starts_at
    assert schedule.planned_until == date(2026, 12, 31)
    assert len({row.uid for row in rows}) == len({row.slug for row in rows}) == 12


def test_extending_twice_makes_nothing_and_a_removed_row_does_not_come_back(db: Db) -> None:
    office, _ = make_office(db)
    schedule = create_schedule(db, office.id, SERIES, by=COMMAND_LINE, now=NOW)
    assert extend_schedule(db, schedule.id, until=date(2026, 6, 30), by=COMMAND_LINE, now=NOW) == 6
    assert extend_schedule(db, schedule.id, until=date(2026, 6, 30), by=COMMAND_LINE, now=NOW) == 0
    db.delete(rows_of(db, schedule.id)[0])
    assert extend_schedule(db, schedule.id, by=COMMAND_LINE, now=NOW) == 6
    assert len(rows_of(db, schedule.id)) == 11
    assert db.scalar(select(func.count()).select_from(Entry).where(Entry.deed == "schedule.extended")) == 2


def test_many_rows_are_made_in_few_statements(db: Db) -> None:
    office, _ = make_office(db)
    weekly = SERIES | {"rule": {"every": "week", "weekdays": ["MO", "TH"]}, "until": "2030-12-31"}
    schedule = create_schedule(db, office.id, weekly, by=COMMAND_LINE, now=NOW)
    statements: list[str] = []
    connection = db.connection()

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(connection.engine, "before_cursor_execute", note)
    made = extend_schedule(db, schedule.id, by=COMMAND_LINE, now=NOW)
    event.remove(connection.engine, "before_cursor_execute", note)
    assert made > 500
    assert len(statements) < 30


def test_skipped_and_merged_dates_are_kept_as_void_rows(db: Db) -> None:
    office, _ = make_office(db)
    series = SERIES | {"rule": {"dates": ["2026-12-05", "2026-12-07", "2026-12-12"]}, "day_off": "next_working_day"}
    series["changes"] = [{"date": "2026-12-12", "action": "skip", "reason": "bận họp"}]
    schedule = create_schedule(db, office.id, series, by=COMMAND_LINE, now=NOW)
    extend_schedule(db, schedule.id, by=COMMAND_LINE, now=NOW)
    states = [(row.planned_day.day, row.state, row.day, row.outcome) for row in rows_of(db, schedule.id)]
    assert states == [
        (5, "draft", date(2026, 12, 7), "shifted"),
        (7, "void", None, "merged"),
        (12, "void", None, "skipped"),
    ]


def test_a_rotation_takes_turns_and_missing_posts_are_made(db: Db) -> None:
    office, chairman = make_office(db)
    series = {name: value for name, value in SERIES.items() if name != "host"}
    series |= {"rotation": ["Phó Chủ tịch A", "Chủ tịch UBND phường Hoàn Kiếm"]}
    schedule = create_schedule(db, office.id, series, by=COMMAND_LINE, now=NOW)
    extend_schedule(db, schedule.id, by=COMMAND_LINE, now=NOW)
    made = db.scalars(select(Post).where(Post.title == "Phó Chủ tịch A")).one()
    assert schedule.rotating
    hosts = [row.hosts[0].post_id for row in rows_of(db, schedule.id)]
    assert hosts[:4] == [made.id, chairman.id, made.id, chairman.id]


@pytest.mark.parametrize(
    "written",
    [
        "Chủ tịch UBND",
        "Chủ tịch UBND phường",
        "Chủ tịch UBND phường Hoàn Kiếm",
        "Chủ tịch Ủy ban nhân dân phường",
        "00070-ubnd-chu-tich",
    ],
)
@pytest.mark.parametrize("of_place", [True, False])
def test_a_post_is_known_however_it_is_written(db: Db, written: str, of_place: bool) -> None:
    office, chairman = make_office(db)
    unit_id = (office.parent_id or 0) if of_place else office.id
    schedule = create_schedule(db, unit_id, SERIES | {"host": written}, by=COMMAND_LINE, now=NOW)
    assert [host.post_id for host in schedule.hosts] == [chairman.id]


def test_two_names_of_one_post_are_refused(db: Db) -> None:
    office, _ = make_office(db)
    series = SERIES | {"host": ["Chủ tịch UBND", "Chủ tịch UBND phường"]}
    with pytest.raises(BadInput, match=r"schedules\.same-post-twice"):
        create_schedule(db, office.id, series, by=COMMAND_LINE, now=NOW)


def test_a_key_is_taken_once_in_a_unit(db: Db) -> None:
    office, _ = make_office(db)
    create_schedule(db, office.id, SERIES, by=COMMAND_LINE, now=NOW)
    with pytest.raises(BadInput, match=r"schedules\.key-taken"):
        create_schedule(db, office.id, SERIES, by=COMMAND_LINE, now=NOW)


def test_who_may_not_plan_here_is_refused(db: Db) -> None:
    office, _ = make_office(db)
    with pytest.raises(NotAllowed):
        create_schedule(db, office.id, SERIES, by=make_actor(db, office, "leader"), now=NOW)


def test_several_heads_sit_together_and_a_place_of_another_name_stays_text(db: Db) -> None:
    office, chairman = make_office(db)
    second = make_post(db, office, "Chủ tịch HĐND phường")
    make_place(db, office, "Nhà văn hóa")
    series = SERIES | {"host": ["Chủ tịch UBND", "Chủ tịch HĐND phường"], "place": "Trụ sở khác"}
    schedule = create_schedule(db, office.id, series, by=COMMAND_LINE, now=NOW)
    extend_schedule(db, schedule.id, by=COMMAND_LINE, now=NOW)
    row = rows_of(db, schedule.id)[0]
    assert [host.post_id for host in row.hosts] == [chairman.id, second.id]
    assert (row.place, row.place_id) == ("Trụ sở khác", None)


def test_the_horizon_is_next_year_and_moves_with_the_year(db: Db) -> None:
    office, _ = make_office(db)
    endless = {name: value for name, value in SERIES.items() if name != "until"}
    schedule = create_schedule(db, office.id, endless, by=COMMAND_LINE, now=NOW)
    assert find_short_schedules(db, NOW) == [schedule.id]
    assert extend_schedule(db, schedule.id, by=COMMAND_LINE, now=NOW) == 24
    assert schedule.planned_until == date(2027, 12, 31)
    assert find_short_schedules(db, NOW) == []
    next_year = datetime(2027, 1, 2, tzinfo=UTC)
    assert find_short_schedules(db, next_year) == [schedule.id]
    assert extend_schedule(db, schedule.id, by=COMMAND_LINE, now=next_year) == 12
    schedule.ended_on = date(2027, 2, 1)
    assert extend_schedule(db, schedule.id, until=date(2030, 1, 1), by=COMMAND_LINE, now=next_year) == 0


def test_days_to_be_announced_have_no_hour_yet(db: Db) -> None:
    office, _ = make_office(db)
    series = SERIES | {"day_off": "announce", "starts": "2026-08-01", "until": "2026-08-31"}
    schedule = create_schedule(db, office.id, series, by=COMMAND_LINE, now=NOW)
    extend_schedule(db, schedule.id, by=COMMAND_LINE, now=NOW)
    row = rows_of(db, schedule.id)[0]
    assert (row.outcome, row.day, row.starts_at, row.state) == ("to_be_announced", None, None, "draft")
    assert db.scalars(select(OccurrenceHost.starts_at)).all() == [None]


def test_the_calendar_is_seeded_once_and_grows_with_the_years(db: Db) -> None:
    assert working_calendar(db).is_working(date(2026, 1, 10))
    n = seed_days(db, NOW)
    assert n == db.scalar(select(func.count()).select_from(CalendarDay))
    assert seed_days(db, NOW) == 0
    calendar = working_calendar(db)
    assert calendar.days == default_calendar(2014, 2027).days
    assert not calendar.is_working(date(2026, 1, 2))
    assert working_calendar(db) is calendar
    assert seed_days(db, datetime(2027, 2, 1, tzinfo=UTC)) > 5
    assert not working_calendar(db).is_working(date(2028, 1, 1))


def test_an_undated_public_sitting_may_still_come_until_its_period_ends(db: Db) -> None:
    office, _ = make_office(db)
    actor = make_actor(db, office)
    series = SERIES | {"rule": {"every": "quarter", "times": 1}}
    schedule = create_schedule(db, office.id, series, by=actor, now=NOW)
    extend_schedule(db, schedule.id, by=actor, now=NOW)
    for row in rows_of(db, schedule.id):
        assert (row.day, row.outcome, row.starts_at) == (None, "to_be_announced", None)
        row.state, row.published_at = "published", NOW
    db.flush()
    applied = edit_schedule(db, schedule.id, schedule.version, series | {"place": "Trụ sở"}, by=actor, now=NOW)
    assert [one.occurrence.planned_day for one in applied.proposals if one.occurrence] == [date(2026, 10, 1)]

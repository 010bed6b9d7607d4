"""Heads who will miss the law's minimum: the present month, its last days, and the months still to come."""

from datetime import date

from scheduler.database import Db
from scheduler.models import Post, Unit
from scheduler.queries.desk import Today
from scheduler.queries.desk_duties import ShortPost, short_posts
from scheduler.queries.unit_choice import narrowed, units_meant
from scheduler.rules.days_seed import default_calendar
from scheduler.rules.permissions import Actor, Grant
from tests.build import make_actor, make_occurrence, make_office, make_published, make_unit

CALENDAR = default_calendar(2026, 2027)


def short_on(db: Db, office: Unit, day: date) -> list[ShortPost]:
    return short_posts(db, make_actor(db, office), Today(day, CALENDAR))


def whole_december(db: Db, office: Unit, chairman: Post) -> None:
    for day in (3, 17):
        make_published(db, office, chairman, day=date(2026, 12, day))


def test_a_month_that_cannot_be_met_any_more(db: Db) -> None:
    office, chairman = make_office(db)
    whole_december(db, office, chairman)
    make_published(db, office, chairman, day=date(2026, 11, 27))
    (found,) = short_on(db, office, date(2026, 11, 9))
    assert found.now is not None
    assert (found.post, found.lost, found.now.so_far, found.now.required) == (chairman, True, 0, 2)
    assert (found.now.left, found.later) == ((date(2026, 11, 27),), ())


def test_what_is_planned_is_enough_until_the_month_ends(db: Db) -> None:
    office, chairman = make_office(db)
    whole_december(db, office, chairman)
    make_published(db, office, chairman, day=date(2026, 11, 26))
    make_occurrence(db, office, chairman, day=date(2026, 11, 27))
    assert short_on(db, office, date(2026, 11, 9)) == []
    (found,) = short_on(db, office, date(2026, 11, 22))
    assert found.now is not None
    assert (found.lost, found.now.left) == (False, (date(2026, 11, 26), date(2026, 11, 27)))


def test_a_sitting_of_a_stand_in_does_not_count(db: Db) -> None:
    office, chairman = make_office(db)
    whole_december(db, office, chairman)
    for day, other in ((26, False), (27, True)):
        make_published(db, office, chairman, day=date(2026, 11, day), chair_stands_in=other)
    (found,) = short_on(db, office, date(2026, 11, 9))
    assert found.lost


def test_the_months_to_come(db: Db) -> None:
    office, chairman = make_office(db)
    for month in (10, 11):
        for day in (5, 19):
            make_published(db, office, chairman, day=date(2026, month, day))
    make_published(db, office, chairman, day=date(2026, 12, 3))
    (found,) = short_on(db, office, date(2026, 10, 2))
    assert found.now is None
    assert [(one.first.month, one.so_far, one.required) for one in found.later] == [(12, 1, 2)]


def test_an_office_that_plans_nothing_here_is_not_judged(db: Db) -> None:
    office, _ = make_office(db)
    assert short_on(db, office, date(2026, 11, 9)) == []


def test_rights_narrowed_to_a_unit(db: Db) -> None:
    office, _ = make_office(db)
    ward = db.get_one(Unit, office.parent_id)
    other = make_unit(db, "00071-ubnd", name="UBND phường Cửa Nam", parent=ward)
    actor = Actor("x", "web", grants=(Grant("secretariat", ward.id), Grant("approver", other.id)))
    assert narrowed(db, actor, [office.id]).grants == (Grant("secretariat", office.id),)
    assert set(narrowed(db, actor, [other.id]).grants) == {Grant("secretariat", other.id), Grant("approver", other.id)}
    assert set(narrowed(db, actor, [ward.id]).grants) == set(actor.grants)
    assert narrowed(db, actor, [make_unit(db).id]).grants == ()


def test_units_by_name_among_those_one_reads(db: Db) -> None:
    office, _ = make_office(db)
    actor = make_actor(db, office)
    room = make_unit(db, "00070-kt", name="Phòng Kinh tế", parent=office, kind="department")
    make_unit(db, "00071-kt", name="Phòng Kinh tế phường khác", kind="department")
    assert units_meant(db, actor, "phong kinh te") == [room]
    assert units_meant(db, actor, "00070-ubnd") == [office]
    assert units_meant(db, actor, "00071-kt") == []
    assert units_meant(db, actor, "%") == []

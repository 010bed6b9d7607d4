"""Clashes: found before they hurt, refused without a reason, kept with one, and never lost between two clerks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import event

from scheduler.actions.adhoc import AdhocSitting, plan_adhoc
from scheduler.actions.change_history import Order
from scheduler.actions.changes import (
    cancel_occurrence,
    change_chair,
    change_hours,
    change_place,
    move_occurrence,
    restore_occurrence,
)
from scheduler.actions.occurrences import approve_occurrences, submit_occurrences
from scheduler.actions.publication import publish_occurrences
from scheduler.clock import at_local
from scheduler.database import Database, Db
from scheduler.errors import RuleBroken
from scheduler.language import say
from scheduler.models import BusyCalendar, BusyTime, Entry, Holding, KeptClash, Occurrence, OccurrenceAttendee
from scheduler.queries.agenda import free_days
from scheduler.queries.clashes import clashes_of
from scheduler.queries.days import working_calendar
from scheduler.rules.permissions import Actor
from tests.build import (
    NOW,
    make_actor,
    make_holder,
    make_occurrence,
    make_office,
    make_post,
    make_published,
    make_unit,
)

DAY, NEXT = date(2026, 12, 10), date(2026, 12, 11)


class Ward:
    """UBND phường Hoàn Kiếm: a chairman with a sitting on DAY, a deputy, a clerk who may do everything."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.office, self.chairman = make_office(db)
        self.deputy = make_post(db, self.office, "Phó Chủ tịch UBND", duty="", is_head=False)
        self.clerk = make_actor(db, self.office, "secretariat", "approver")
        self.held = make_published(db, self.office, self.chairman, day=DAY, hours=["08:00-10:00"])

    def order(self, sitting: Occurrence, keep: str = "") -> Order:
        self.db.flush()
        return Order(sitting.version, "Họp đột xuất", self.clerk, NOW, keep_reason=keep)

    def busy(self, start: str, end: str, *, day: date = DAY, **whose: int) -> BusyTime:
        """A busy time of a post or person, from a file."""
        calendar = BusyCalendar(unit_id=self.office.id, source="file", created_at=NOW, **whose)
        time = BusyTime(calendar=calendar, starts_at=at_local(day, start), ends_at=at_local(day, end), **whose)
        time.title = "Họp Thành ủy"
        self.db.add(time)
        self.db.flush()
        return time

    def refused(self, deed: Callable[[], object]) -> str:
        """What the deed is refused with, in words; as at the edges, nothing of it stays."""
        kept = self.db.begin_nested()
        with pytest.raises(RuleBroken, match=r"clashes\.taken") as refusal:
            deed()
        kept.rollback()
        return say("vi", refusal.value.key, **refusal.value.facts)


@pytest.fixture
def ward(db: Db) -> Ward:
    return Ward(db)


def approved(db: Db, ward: Ward, **values: object) -> Occurrence:
    sitting = make_occurrence(db, ward.office, ward.chairman, **values)
    writer = make_actor(db, ward.office)
    submit_occurrences(db, [sitting.id], by=writer, now=NOW)
    approve_occurrences(db, [sitting.id], by=ward.clerk, now=NOW)
    return sitting


def test_a_move_into_a_sitting_of_the_head_is_refused_in_these_words(db: Db, ward: Ward) -> None:
    other = make_published(db, ward.office, ward.chairman, day=NEXT, hours=["09:30-11:00"])
    told = ward.refused(lambda: move_occurrence(db, other.slug, ward.order(other), day=DAY))
    assert told == (
        "Chủ tịch UBND đã có lịch tiếp công dân định kỳ (Chủ tịch UBND phường Hoàn Kiếm) từ 8 giờ 00 đến 10 giờ 00 "
        "cùng ngày. Chọn giờ khác, hoặc ghi lý do để giữ."
    )


def test_a_reason_keeps_the_clash_and_is_asked_for_once(db: Db, ward: Ward) -> None:
    other = make_published(db, ward.office, ward.chairman, day=NEXT, hours=["09:30-11:00"])
    change = move_occurrence(db, other.slug, ward.order(other, "Hai buổi liền nhau"), day=DAY)
    kept = db.query(KeptClash).one()
    assert (kept.occurrence_id, kept.other_id, kept.what, kept.reason) == (
        other.id,
        ward.held.id,
        "head",
        "Hai buổi liền nhau",
    )
    entry = db.query(Entry).filter_by(deed="occurrence.clash-kept").one()
    assert (entry.subject, entry.facts["reason"]) == (f"occurrence:{other.id}", "Hai buổi liền nhau")
    # What everybody reads of the change says nothing of it.
    assert "Hai buổi" not in f"{change.after}{change.reason}{other.change_reason}"
    change_hours(db, ward.held.slug, ward.order(ward.held), hours=("08:00-10:15",))
    assert db.query(KeptClash).count() == 1
    # On another day the two are asked for anew.
    move_occurrence(db, other.slug, ward.order(other), day=NEXT)
    assert ward.refused(lambda: move_occurrence(db, ward.held.slug, ward.order(ward.held), day=NEXT))


@pytest.mark.parametrize(
    ("hours", "free"), [(["10:00-11:00"], True), (["06:00-08:00"], True), (["09:59-11:00"], False)]
)
def test_hours_that_only_touch_do_not_clash(db: Db, ward: Ward, hours: list[str], free: bool) -> None:
    other = make_published(db, ward.office, ward.chairman, day=NEXT, hours=hours)
    if free:
        assert move_occurrence(db, other.slug, ward.order(other), day=DAY)
    else:
        assert ward.refused(lambda: move_occurrence(db, other.slug, ward.order(other), day=DAY))


def test_the_break_at_noon_is_free(db: Db, ward: Ward) -> None:
    whole = make_published(db, ward.office, ward.chairman, day=NEXT, hours=["07:30-11:30", "13:30-16:30"])
    noon = make_published(db, ward.office, ward.chairman, day=NEXT, hours=["11:30-13:00"])
    assert clashes_of(db, [whole.id, noon.id]) == []


def test_a_person_with_two_posts_is_one_head(db: Db, ward: Ward) -> None:
    party = make_unit(db, "00070-du", name="Đảng ủy phường Hoàn Kiếm")
    secretary = make_post(db, party, "Bí thư Đảng ủy")
    person = db.query(Holding).filter_by(post_id=ward.chairman.id).one().person_id
    db.add(Holding(post_id=secretary.id, person_id=person, valid_from=date(2025, 7, 1), valid_to=DAY))
    other = make_published(db, party, secretary, day=NEXT, hours=["08:30-09:00"])
    clerk = make_actor(db, party)
    order = Order(other.version, "Đổi", clerk, NOW)
    assert ward.refused(lambda: move_occurrence(db, other.slug, order, day=DAY)).startswith("Bí thư Đảng ủy đã có lịch")
    # On the day after, the post has no holder any more: then nobody is needed at two places.
    make_published(db, ward.office, ward.chairman, day=NEXT, hours=["08:30-09:00"])
    assert clashes_of(db, [other.id]) == []


def test_a_stand_in_is_needed_and_the_head_is_not(db: Db, ward: Ward) -> None:
    change_chair(db, ward.held.slug, ward.order(ward.held), name="Trần Thị Phó", post_id=ward.deputy.id)
    deputys = make_published(db, ward.office, ward.deputy, day=NEXT, hours=["08:00-09:00"])
    assert ward.refused(lambda: move_occurrence(db, deputys.slug, ward.order(deputys), day=DAY)).startswith(
        "Phó Chủ tịch"
    )
    chairmans = make_published(db, ward.office, ward.chairman, day=NEXT, hours=["08:00-09:00"])
    assert move_occurrence(db, chairmans.slug, ward.order(chairmans), day=DAY)


def test_who_sits_already_cannot_stand_in(db: Db, ward: Ward) -> None:
    make_published(db, ward.office, ward.deputy, day=DAY, hours=["09:00-11:00"])
    order = ward.order(ward.held)
    told = ward.refused(lambda: change_chair(db, ward.held.slug, order, name="Phó", post_id=ward.deputy.id))
    assert told.startswith("Phó Chủ tịch UBND đã có lịch")


def test_one_room_for_two_sittings(db: Db, ward: Ward) -> None:
    room = ward.office.places[0]
    ward.held.place_id = room.id
    other = make_published(db, ward.office, ward.deputy, day=DAY, hours=["09:00-11:00"], place="Hội trường")
    told = ward.refused(lambda: change_place(db, other.slug, ward.order(other), place="phòng  Tiếp công dân"))
    assert told.startswith("Phòng tiếp công dân đã có lịch")
    assert change_place(db, other.slug, ward.order(other), place="Nhà văn hóa")


def test_a_unit_that_joins_two_sittings(db: Db, ward: Ward) -> None:
    police = make_unit(db, name="Công an phường")
    ward.held.attend_unit_ids = [police.id]
    other = make_published(db, ward.office, ward.deputy, day=NEXT, hours=["09:00-11:00"], attend_unit_ids=[police.id])
    assert ward.refused(lambda: move_occurrence(db, other.slug, ward.order(other), day=DAY)).startswith(
        "Công an phường đã"
    )
    ward.held.attend_unit_ids = []
    assert move_occurrence(db, other.slug, ward.order(other), day=DAY)
    joined = db.query(OccurrenceAttendee).one()
    assert (joined.unit_id, joined.occurrence_id, joined.starts_at) == (police.id, other.id, other.starts_at)


def test_restoring_finds_the_time_taken(db: Db, ward: Ward) -> None:
    cancel_occurrence(db, ward.held.slug, ward.order(ward.held))
    make_published(db, ward.office, ward.chairman, day=DAY, hours=["08:00-10:00"])
    assert ward.refused(lambda: restore_occurrence(db, ward.held.slug, ward.order(ward.held)))


@pytest.mark.parametrize("whose", ["post", "person"])
def test_a_head_who_is_busy_elsewhere(db: Db, ward: Ward, whose: str) -> None:
    person = db.query(Holding).filter_by(post_id=ward.chairman.id).one().person_id
    ward.busy("14:00", "15:00", **({"post_id": ward.chairman.id} if whose == "post" else {"person_id": person}))

    def shift(keep: str = "") -> object:
        return change_hours(db, ward.held.slug, ward.order(ward.held, keep), hours=("13:30-16:00",))

    assert "Chủ tịch UBND đã có lịch “Họp Thành ủy” từ 14 giờ 00 đến 15 giờ 00" in ward.refused(shift)
    shift("Về kịp")
    assert db.query(KeptClash).one().other_id is None


def test_the_subject_of_a_foreign_busy_time_is_not_told(db: Db, ward: Ward) -> None:
    time = ward.busy("14:00", "15:00", post_id=ward.chairman.id)
    time.calendar.unit_id = make_unit(db, "01-tu", name="Thành ủy Hà Nội").id
    told = ward.refused(lambda: change_hours(db, ward.held.slug, ward.order(ward.held), hours=("13:30-16:00",)))
    assert "đã có lịch công việc khác từ" in told
    assert "Thành ủy" not in told


def test_publishing_is_refused_only_for_what_is_public_or_published_with_it(db: Db, ward: Ward) -> None:
    one = approved(db, ward, day=NEXT)
    make_occurrence(db, ward.office, ward.chairman, day=NEXT)  # a draft hurts nobody yet
    twin = approved(db, ward, day=NEXT)
    taken = approved(db, ward, day=DAY)
    assert ward.refused(lambda: publish_occurrences(db, [one.id, twin.id], by=ward.clerk, now=NOW))
    assert ward.refused(lambda: publish_occurrences(db, [taken.id], by=ward.clerk, now=NOW))
    publish_occurrences(db, [one.id], by=ward.clerk, now=NOW)
    publish_occurrences(db, [twin.id], keep_reason="Tiếp chung", by=ward.clerk, now=NOW)
    assert {one.state, twin.state, taken.state} == {"published", "approved"}
    assert db.query(KeptClash).one().occurrence_id == twin.id


def test_an_ad_hoc_sitting_also_meets_the_drafts_of_its_own_office(db: Db, ward: Ward) -> None:
    make_occurrence(db, ward.office, ward.chairman, day=NEXT)

    def plan(day: date, keep: str = "", by: Actor = ward.clerk) -> Occurrence:
        sitting = AdhocSitting((ward.chairman.id,), day, ("08:00-09:00",), "Trụ sở", ground="sharp_or_complex")
        return plan_adhoc(db, ward.office.id, sitting, feed_domain="x.vn", keep_reason=keep, by=by, now=NOW)

    assert ward.refused(lambda: plan(DAY))
    assert ward.refused(lambda: plan(NEXT))
    made = plan(NEXT, "Vụ việc gay gắt")
    assert plan(NEXT, "Vụ việc gay gắt") is made
    assert db.query(KeptClash).count() == 1


def test_free_days_leave_out_those_on_which_the_head_is_busy(db: Db, ward: Ward) -> None:
    person = db.query(Holding).filter_by(post_id=ward.chairman.id).one().person_id
    ward.busy("08:30", "09:00", day=date(2026, 11, 25), person_id=person)
    ward.busy("15:00", "16:00", day=date(2026, 11, 26), person_id=person)
    days = free_days(db, ward.held, working_calendar(db), today=date(2026, 11, 22), n=3)
    assert days == [date(2026, 11, 23), date(2026, 11, 26), date(2026, 11, 27)]


def test_two_clerks_publish_into_each_other(database: Database) -> None:
    """One wins, the other is told, whatever the moment."""
    with database.transaction() as db:
        ward = Ward(db)
        deputy = make_holder(db, ward.deputy)
        # By the person, so that the two have no row in common but the holder's.
        db.add(Holding(post_id=ward.chairman.id, person_id=deputy.id, valid_from=date(2025, 7, 2)))
        first, second = approved(db, ward, day=NEXT), make_occurrence(db, ward.office, ward.deputy, day=NEXT)
        writer = make_actor(db, ward.office)
        submit_occurrences(db, [second.id], by=writer, now=NOW)
        approve_occurrences(db, [second.id], by=ward.clerk, now=NOW)
    start = Barrier(2)

    def publish(sitting: Occurrence) -> str:
        start.wait()
        try:
            with database.transaction() as db:
                publish_occurrences(db, [sitting.id], by=ward.clerk, now=NOW)
        except RuleBroken as refusal:
            return refusal.key
        return "published"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(publish, [first, second]))
    assert answers == ["clashes.taken", "published"]
    with database.open() as db:
        assert sorted(db.get_one(Occurrence, one.id).state for one in (first, second)) == ["approved", "published"]


def test_a_whole_year_costs_as_many_statements_as_one_sitting(db: Db, ward: Ward) -> None:
    weeks = range(1, 40)
    ids = [make_occurrence(db, ward.office, ward.chairman, day=DAY + timedelta(weeks=week)).id for week in weeks]
    asked: list[int] = []

    def statements(some: list[int]) -> int:
        asked.clear()
        note = lambda *_: asked.append(1)  # noqa: E731
        event.listen(db.get_bind(), "before_cursor_execute", note)
        clashes_of(db, some)
        event.remove(db.get_bind(), "before_cursor_execute", note)
        return len(asked)

    assert statements(ids) == statements(ids[:1]) <= 9

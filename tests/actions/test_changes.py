"""Changes of a published sitting: what each asks, what it leaves behind, and who is told."""

from datetime import date, datetime, timedelta

import pytest

from scheduler.actions.change_history import Order
from scheduler.actions.changes import (
    cancel_occurrence,
    change_chair,
    change_hours,
    change_place,
    move_occurrence,
    postpone_occurrence,
    restore_occurrence,
)
from scheduler.actions.reminders import find_to_publish, find_unreminded, plan_reminders_of, urge_publishing
from scheduler.database import Db
from scheduler.errors import NotAllowed, RuleBroken, Stale
from scheduler.models import Entry, FeedVersion, Letter, Occurrence
from scheduler.queries.agenda import find_occurrence, free_days, next_public, public_between, status_of
from scheduler.queries.clashes import clashes_of
from scheduler.queries.days import working_calendar
from scheduler.rules.permissions import Actor
from tests.build import (
    make_account,
    make_actor,
    make_holder,
    make_occurrence,
    make_office,
    make_post,
    make_published,
    make_unit,
)

DAY = date(2026, 12, 3)


def _sitting(db: Db, **values: object) -> tuple[Occurrence, Actor]:
    office, chairman = make_office(db)
    return make_published(db, office, chairman, day=DAY, **values), make_actor(db, office)


def _order(sitting: Occurrence, by: Actor, now: datetime, reason: str = "Họp Quốc hội") -> Order:
    return Order(sitting.version, reason, by, now)


def test_a_move_keeps_the_identity_and_tells(db: Db, now: datetime) -> None:
    sitting, clerk = _sitting(db)
    uid = sitting.uid
    change = move_occurrence(db, sitting.slug, _order(sitting, clerk, now), day=DAY + timedelta(days=1))
    assert (sitting.uid, sitting.sequence, sitting.day, status_of(sitting)) == (uid, 1, date(2026, 12, 4), "moved")
    assert (change.before["day"], change.after["day"], change.earlier) == ("2026-12-03", "2026-12-04", False)
    assert sitting.starts_at == datetime.fromisoformat("2026-12-04T07:30+07:00")
    letter = db.query(Letter).filter_by(kind="change").one()
    assert (letter.recipient, letter.invitation, letter.sequence) == ("chutich@example.vn", "REQUEST", 1)
    assert letter.facts["old_day"] == "2026-12-03"
    assert db.query(Entry).filter_by(deed="occurrence.move").one().facts["reason"] == "Họp Quốc hội"
    assert db.query(FeedVersion).filter_by(feed=f"unit:{sitting.unit_id}").one().version == 1


def test_an_earlier_day_is_marked(db: Db, now: datetime) -> None:
    sitting, clerk = _sitting(db)
    assert move_occurrence(db, sitting.slug, _order(sitting, clerk, now), day=DAY - timedelta(days=1)).earlier


def test_reminders_follow_the_move(db: Db, now: datetime) -> None:
    sitting, clerk = _sitting(db)
    plan_reminders_of(db, sitting.id, now=now)
    before = {letter.id for letter in db.query(Letter)}
    move_occurrence(db, sitting.slug, _order(sitting, clerk, now), day=DAY + timedelta(days=4))
    db.expire_all()
    states = {letter.state for letter in db.query(Letter) if letter.id in before}
    assert states == {"not-wanted"}
    fresh = db.query(Letter).filter_by(kind="reminder", state="due").all()
    assert {letter.sequence for letter in fresh} == {1}
    assert find_unreminded(db, now) == []


def test_a_cancelled_sitting_is_never_reminded_of(db: Db, now: datetime) -> None:
    sitting, clerk = _sitting(db)
    plan_reminders_of(db, sitting.id, now=now)
    cancel_occurrence(db, sitting.slug, _order(sitting, clerk, now))
    assert db.query(Letter).filter_by(kind="reminder", state="due").count() == 0
    assert find_unreminded(db, now) == []
    assert (sitting.state, status_of(sitting)) == ("cancelled", "cancelled")
    assert db.query(Letter).filter_by(kind="change").one().invitation == "CANCEL"


def test_the_same_form_twice_is_one_change(db: Db, now: datetime) -> None:
    sitting, clerk = _sitting(db)
    order = _order(sitting, clerk, now)
    first = move_occurrence(db, sitting.slug, order, day=DAY + timedelta(days=1))
    assert move_occurrence(db, sitting.slug, order, day=DAY + timedelta(days=1)) is first
    assert sitting.sequence == 1
    with pytest.raises(Stale):
        move_occurrence(db, sitting.slug, order, day=DAY + timedelta(days=5))


def test_a_job_that_plans_reminders_makes_no_form_stale(db: Db, now: datetime) -> None:
    sitting, clerk = _sitting(db)
    order = _order(sitting, clerk, now)
    plan_reminders_of(db, sitting.id, now=now)
    db.expire_all()
    assert cancel_occurrence(db, sitting.slug, order).step == "cancel"


@pytest.mark.parametrize("reason", ["", "  "])
def test_each_change_needs_a_reason(db: Db, now: datetime, reason: str) -> None:
    sitting, clerk = _sitting(db)
    with pytest.raises(RuleBroken, match="needs-reason"):
        cancel_occurrence(db, sitting.slug, _order(sitting, clerk, now, reason))


def test_what_is_put_off_tells_when_the_date_will_come(db: Db, now: datetime) -> None:
    sitting, clerk = _sitting(db)
    order = _order(sitting, clerk, now)
    with pytest.raises(RuleBroken, match="needs-told-by"):
        postpone_occurrence(db, sitting.slug, order, told_by=None)
    with pytest.raises(RuleBroken, match="told-by-past"):
        postpone_occurrence(db, sitting.slug, order, told_by=date(2026, 11, 1))
    db.rollback()


def test_a_postponed_sitting_gets_its_day_by_a_move(db: Db, now: datetime) -> None:
    sitting, clerk = _sitting(db)
    postpone_occurrence(db, sitting.slug, _order(sitting, clerk, now), told_by=DAY)
    assert (sitting.day, sitting.starts_at, status_of(sitting)) == (None, None, "postponed")
    listed = public_between(db, DAY, DAY)
    assert [one.id for one in listed] == [sitting.id]
    with pytest.raises(RuleBroken, match="needs-day"):
        move_occurrence(db, sitting.slug, _order(sitting, clerk, now), day=None)
    move_occurrence(db, sitting.slug, _order(sitting, clerk, now, "Đã có lịch"), day=DAY + timedelta(days=7))
    assert (sitting.state, sitting.sequence, sitting.to_be_told_by) == ("published", 2, None)


def test_a_cancelled_sitting_can_be_restored(db: Db, now: datetime) -> None:
    sitting, clerk = _sitting(db)
    cancel_occurrence(db, sitting.slug, _order(sitting, clerk, now))
    restore_occurrence(db, sitting.slug, _order(sitting, clerk, now, "Chủ tịch về kịp"))
    assert (sitting.state, sitting.sequence) == ("published", 2)
    assert [change.step for change in sitting.changes] == ["cancel", "restore"]


def test_one_put_off_and_cancelled_is_moved_not_restored(db: Db, now: datetime) -> None:
    sitting, clerk = _sitting(db)
    postpone_occurrence(db, sitting.slug, _order(sitting, clerk, now), told_by=DAY)
    cancel_occurrence(db, sitting.slug, _order(sitting, clerk, now))
    with pytest.raises(RuleBroken, match="needs-day"):
        restore_occurrence(db, sitting.slug, _order(sitting, clerk, now))


def test_place_and_hours(db: Db, now: datetime) -> None:
    sitting, clerk = _sitting(db)
    change_place(db, sitting.slug, _order(sitting, clerk, now), place=" Nhà văn hóa ")
    change_hours(db, sitting.slug, _order(sitting, clerk, now), hours=("13:30-16:30",))
    assert (sitting.place, sitting.hours, sitting.sequence) == ("Nhà văn hóa", ["13:30-16:30"], 2)
    with pytest.raises(RuleBroken, match="nothing-changed"):
        change_place(db, sitting.slug, _order(sitting, clerk, now, "lại"), place="Nhà văn hóa")
    db.rollback()


def test_place_and_hours_must_be_given(db: Db, now: datetime) -> None:
    sitting, clerk = _sitting(db)
    with pytest.raises(RuleBroken, match="needs-place"):
        change_place(db, sitting.slug, _order(sitting, clerk, now), place=" ")
    with pytest.raises(RuleBroken, match="needs-hours"):
        change_hours(db, sitting.slug, _order(sitting, clerk, now), hours=())


def test_a_stand_in_is_named_and_never_replaced_by_another(db: Db, now: datetime) -> None:
    sitting, clerk = _sitting(db)
    deputy = make_post(db, sitting.unit, "Phó Chủ tịch UBND", duty="", is_head=False)
    make_holder(db, deputy, "Lê Thị Phó", email="pho@example.vn")
    change_chair(db, sitting.slug, _order(sitting, clerk, now), name="Lê Thị Phó", post_id=deputy.id)
    told = {letter.recipient: letter.invitation for letter in db.query(Letter).filter_by(kind="change")}
    assert told == {"chutich@example.vn": "UNINVITE", "pho@example.vn": "REQUEST"}
    with pytest.raises(RuleBroken, match="stand-in-chain"):
        change_chair(db, sitting.slug, _order(sitting, clerk, now, "ốm"), name="Người khác")


def test_the_head_takes_the_sitting_back(db: Db, now: datetime) -> None:
    sitting, clerk = _sitting(db)
    deputy = make_post(db, sitting.unit, "Phó Chủ tịch UBND", duty="", is_head=False)
    change_chair(db, sitting.slug, _order(sitting, clerk, now), name="Lê Thị Phó", post_id=deputy.id)
    change_chair(db, sitting.slug, _order(sitting, clerk, now, "Chủ tịch về"), name="", stands_in=False)
    assert (sitting.chair_post_id, sitting.chair_name, sitting.chair_stands_in) == (None, "", False)
    assert db.query(FeedVersion).filter_by(feed=f"post:{deputy.id}").one().version == 2


def test_who_may_not_change(db: Db, now: datetime) -> None:
    sitting, _ = _sitting(db)
    with pytest.raises(NotAllowed):
        cancel_occurrence(db, sitting.slug, _order(sitting, make_actor(db, sitting.unit, "leader"), now))


def test_a_draft_is_edited_not_changed(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    draft = make_occurrence(db, office, chairman)
    with pytest.raises(RuleBroken, match="wrong-step"):
        cancel_occurrence(db, draft.slug, _order(draft, make_actor(db, office), now))


def test_free_days_leave_out_days_off_and_days_taken(db: Db, now: datetime) -> None:
    sitting, _ = _sitting(db)
    make_published(db, sitting.unit, sitting.hosts[0].post, day=date(2026, 11, 25))
    days = free_days(db, sitting, working_calendar(db), today=date(2026, 11, 22), n=3)
    # 24/11 is a day off, on 25/11 the chairman receives already.
    assert days == [date(2026, 11, 23), date(2026, 11, 26), date(2026, 11, 27)]


def test_clashes_of_head_and_of_place(db: Db) -> None:
    office, chairman = make_office(db)
    place = office.places[0]
    first = make_published(db, office, chairman, day=DAY, place_id=place.id)
    other = make_post(db, office, "Phó Chủ tịch UBND", duty="", is_head=False)
    head = make_published(db, office, chairman, day=DAY, hours=["11:00-12:00"])
    room = make_published(db, office, other, day=DAY, hours=["08:00-09:00"], place_id=place.id)
    make_published(db, office, chairman, day=DAY, hours=["11:30-12:00"], state="cancelled")
    make_published(db, office, chairman, day=DAY, hours=["13:30-16:30"])
    assert {(clash.other_id, clash.what) for clash in clashes_of(db, [first.id])} == {
        (head.id, "head"),
        (room.id, "place"),
    }


def test_the_next_sitting_of_each_post(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    make_published(db, office, chairman, day=date(2026, 11, 20))
    wanted = make_published(db, office, chairman, day=date(2026, 11, 26))
    make_published(db, office, chairman, day=DAY)
    assert {post: one.id for post, one in next_public(db, [chairman.id, 99], now).items()} == {chairman.id: wanted.id}


def test_the_secretariat_is_urged_once_for_each_warning(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    make_actor(db, office)
    make_occurrence(db, office, chairman, day=date(2026, 12, 1))
    assert find_to_publish(db, now) == [office.id]
    assert urge_publishing(db, office.id, now=now) == 1
    assert urge_publishing(db, office.id, now=now) == 0
    letter = db.query(Letter).one()
    # Five working days before Tuesday 01/12, with 24/11 off.
    assert (letter.kind, letter.facts["last_day"]) == ("publish-by", "2026-11-23")


def test_only_roles_that_hold_today_are_urged(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    leaving, coming = make_account(db, office, email="di@example.vn"), make_account(db, office, email="den@example.vn")
    leaving.roles[0].valid_to = date(2026, 12, 31)
    coming.roles[0].valid_from = date(2027, 1, 1)
    make_occurrence(db, office, chairman, day=date(2026, 12, 1))
    assert urge_publishing(db, office.id, now=now) == 1
    assert db.query(Letter).one().recipient == "di@example.vn"


def test_a_far_sitting_urges_nobody(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    make_occurrence(db, office, chairman, day=date(2026, 12, 30))
    assert find_to_publish(db, now) == []


def test_an_unknown_address_reads_like_a_missing_one(db: Db) -> None:
    make_unit(db)
    for slug in ("", "x", "x" * 5000, "\x00"):
        with pytest.raises(Exception, match="not-found"):
            find_occurrence(db, slug)

"""The calendar is edited, drafts follow, and what is public or due is only proposed."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from scheduler.actions.days import import_days, remove_day, set_day
from scheduler.actions.plan_publishing import publish_plan
from scheduler.actions.plans import import_plan
from scheduler.actions.proposals import accept_proposal, refuse_proposal
from scheduler.database import Db
from scheduler.errors import NotAllowed, NotFound, RuleBroken
from scheduler.models import (
    Account,
    Conclusion,
    ConclusionItem,
    Entry,
    Letter,
    Occurrence,
    Proposal,
    Task,
    TaskEvent,
    Unit,
)
from scheduler.queries.days import working_calendar
from scheduler.queries.proposals import count_open, find_proposal, is_current, open_proposals
from scheduler.queries.touched import touched_by
from scheduler.rules.deadlines import due_day
from scheduler.rules.permissions import COMMAND_LINE, Actor
from scheduler.rules.working_days import Day
from tests.actions.plan_texts import plan
from tests.build import make_actor, make_published, make_unit
from tests.conftest import NOW

MID_JANUARY = Day(date(2027, 1, 15), True, "Nghỉ theo quyết định", "QĐ 1/2027", "", "confirmed")
THE_18TH = Day(date(2027, 1, 18), True, "Nghỉ thêm", "QĐ 2/2027")


def taken_in(db: Db, *, public: bool) -> dict[date, Occurrence]:
    result = import_plan(db, plan(), domain="lich.example.vn", by=COMMAND_LINE, now=NOW)
    if public:
        publish_plan(db, result, "duyet@example.vn", reason="kế hoạch năm", now=NOW)
    chairman = [one.schedule_id for one in result.series if one.key == "chu-tich"]
    return {row.planned_day: row for row in db.scalars(select(Occurrence).where(Occurrence.schedule_id.in_(chairman)))}


def by_approver(db: Db, office: Unit) -> Actor:
    return make_actor(db, office, "approver")


def proposals(db: Db, state: str = "open") -> list[Proposal]:
    return list(db.scalars(select(Proposal).where(Proposal.state == state).order_by(Proposal.id)))


def make_task(db: Db, office: Unit, start: date, working_days: int) -> Task:
    due = due_day(start, working_days, working_calendar(db))
    why = [[key, dict(facts)] for key, facts in due.reasons]
    held = make_published(db, office, day=date(2026, 11, 10), state="concluded")
    conclusion = Conclusion(occurrence_id=held.id, number="5/TB", signed_on=start, signer="Lan", recorded_at=NOW)
    item = ConclusionItem(
        position=0, text="Trả lời", lead_unit_id=office.id, working_days=working_days, due_day=due.day, due_why=why
    )
    conclusion.items.append(item)
    db.add(conclusion)
    db.flush()
    task = Task(
        slug=f"task-{item.id}",
        item_id=item.id,
        unit_id=office.id,
        owner_unit_id=office.id,
        state="assigned",
        due_day=due.day,
        due_why=why,
        first_due_day=due.day,
        made_at=NOW,
    )
    db.add(task)
    db.flush()
    return task


def test_drafts_follow_the_calendar_at_once(db: Db, office: Unit, administrator: Actor) -> None:
    sittings = taken_in(db, public=False)
    touched = sittings[date(2027, 1, 15)]
    touched.state, touched.approved_content = "approved", "seal"
    changed = set_day(db, MID_JANUARY, by=administrator, now=NOW)
    assert (changed.days, changed.drafts, changed.proposals) == (1, 1, 0)
    assert (touched.day, touched.outcome) == (date(2027, 1, 18), "shifted")
    assert touched.starts_at == datetime(2027, 1, 18, 0, 30, tzinfo=UTC)
    assert (touched.state, touched.approved_content, touched.drafted_by_id) == ("draft", None, None)
    assert touched.why[0][1]["name"] == "Nghỉ theo quyết định"
    assert proposals(db) == []
    assert remove_day(db, MID_JANUARY.day, by=administrator, now=NOW).drafts == 1
    assert (touched.day, touched.outcome) == (date(2027, 1, 15), "scheduled")


def test_public_sittings_are_proposed_with_one_letter_to_the_office(
    db: Db, office: Unit, administrator: Actor, approver: Account
) -> None:
    touched = taken_in(db, public=True)[date(2027, 1, 15)]
    changed = set_day(db, MID_JANUARY, by=administrator, now=NOW)
    assert (changed.drafts, changed.proposals) == (0, 1)
    assert (touched.day, touched.sequence) == (date(2027, 1, 15), 0)
    (proposal,) = proposals(db)
    assert (proposal.occurrence_id, proposal.proposed) == (touched.id, {"date": "2027-01-18"})
    assert (proposal.cause, proposal.unit_id, proposal.proposed_by_id) == (
        "calendar",
        office.id,
        administrator.account_id,
    )
    assert [reason[0] for reason in proposal.why] == ["why.day-off", "why.next-working-day"]
    letters = db.scalars(select(Letter).where(Letter.kind == "proposal")).all()
    assert [(one.recipient, one.facts["n"], one.facts["cause"]) for one in letters] == [
        ("duyet@example.vn", 1, "calendar")
    ]
    deeds = db.scalars(select(Entry).where(Entry.deed.like("days.%"), Entry.deed != "days.seeded")).all()
    assert [(one.deed, one.facts["proposals"]) for one in deeds] == [("days.set", 1)]
    assert set_day(db, MID_JANUARY, by=administrator, now=NOW).days == 0
    assert len(proposals(db)) == 1


def test_a_later_change_replaces_what_was_proposed(
    db: Db, office: Unit, administrator: Actor, approver: Account
) -> None:
    taken_in(db, public=True)
    import_days(db, [MID_JANUARY], by=administrator, now=NOW)
    import_days(db, [MID_JANUARY, THE_18TH], by=administrator, now=NOW)
    assert [one.proposed for one in proposals(db)] == [{"date": "2027-01-19"}]
    assert [one.proposed for one in proposals(db, "outdated")] == [{"date": "2027-01-18"}]
    remove_day(db, THE_18TH.day, by=administrator, now=NOW)
    assert [one.proposed for one in proposals(db)] == [{"date": "2027-01-18"}]
    remove_day(db, MID_JANUARY.day, by=administrator, now=NOW)
    assert proposals(db) == []


def test_a_proposal_is_accepted_by_another_and_moves_the_sitting(
    db: Db, office: Unit, administrator: Actor, approver: Account
) -> None:
    sitting = taken_in(db, public=True)[date(2027, 1, 15)]
    set_day(db, MID_JANUARY, by=administrator, now=NOW)
    (proposal,) = proposals(db)
    with pytest.raises(NotAllowed):
        accept_proposal(db, proposal.id, by=make_actor(db, office, "secretariat"), now=NOW)
    accept_proposal(db, proposal.id, by=by_approver(db, office), now=NOW)
    assert (sitting.day, sitting.state, sitting.sequence) == (date(2027, 1, 18), "published", 1)
    assert sitting.change_reason.startswith("Ngày 15/01/2027 là thứ Sáu")
    assert sitting.changes[-1].step == "move"
    assert sitting.why == proposal.why
    assert (proposal.state, proposal.decided_at) == ("accepted", NOW)
    with pytest.raises(RuleBroken, match=r"proposals\.decided"):
        accept_proposal(db, proposal.id, by=by_approver(db, office), now=NOW)
    deeds = db.scalars(select(Entry.deed).where(Entry.subject == f"proposal:{proposal.id}")).all()
    assert deeds == ["proposal.accepted"]


def test_nobody_accepts_what_they_proposed(db: Db, office: Unit, approver: Account) -> None:
    taken_in(db, public=True)
    highest = db.scalars(select(Unit).where(Unit.code == "01")).one()
    both = make_actor(db, highest, "administrator", "approver")
    set_day(db, MID_JANUARY, by=both, now=NOW)
    (proposal,) = proposals(db)
    with pytest.raises(RuleBroken, match=r"proposals\.own"):
        accept_proposal(db, proposal.id, by=both, now=NOW)


def test_a_proposal_whose_sitting_changed_since_is_outdated(
    db: Db, office: Unit, administrator: Actor, approver: Account
) -> None:
    sitting = taken_in(db, public=True)[date(2027, 1, 15)]
    set_day(db, MID_JANUARY, by=administrator, now=NOW)
    (proposal,) = proposals(db)
    assert is_current(proposal)
    sitting.sequence += 1
    assert not is_current(proposal)
    with pytest.raises(RuleBroken, match=r"proposals\.outdated"):
        accept_proposal(db, proposal.id, by=by_approver(db, office), now=NOW)
    refuse_proposal(db, proposal.id, by=by_approver(db, office), now=NOW)
    assert proposal.state == "refused"


def test_what_was_refused_is_not_proposed_again(db: Db, office: Unit, administrator: Actor, approver: Account) -> None:
    taken_in(db, public=True)
    set_day(db, MID_JANUARY, by=administrator, now=NOW)
    refuse_proposal(db, proposals(db)[0].id, reason="vẫn tiếp", by=by_approver(db, office), now=NOW)
    other = Day(MID_JANUARY.day, True, "Tên khác", "QĐ 1/2027")
    remove_day(db, MID_JANUARY.day, by=administrator, now=NOW)
    set_day(db, other, by=administrator, now=NOW)
    assert proposals(db) == []


def test_a_sitting_moved_by_hand_onto_a_day_now_off_is_proposed(db: Db, office: Unit, administrator: Actor) -> None:
    adhoc = make_published(db, office, day=MID_JANUARY.day, kind="adhoc_reception")
    past = make_published(db, office, day=date(2026, 11, 2))
    set_day(db, MID_JANUARY, by=administrator, now=NOW)
    set_day(db, Day(past.day or NOW.date(), True, "Nghỉ", "QĐ"), by=administrator, now=NOW)
    assert [(one.occurrence_id, one.proposed) for one in proposals(db)] == [(adhoc.id, {"date": "2027-01-18"})]


def test_an_open_deadline_is_counted_anew(db: Db, office: Unit, administrator: Actor) -> None:
    task = make_task(db, office, date(2026, 12, 1), 3)
    closed = make_task(db, office, date(2026, 12, 1), 3)
    closed.closed_at = NOW
    assert task.due_day == date(2026, 12, 4)
    changed = set_day(db, Day(date(2026, 12, 3), True, "Nghỉ", "QĐ"), by=administrator, now=NOW)
    assert changed.proposals == 1
    (proposal,) = proposals(db)
    assert proposal.proposed == {"from": "2026-12-04", "due_day": "2026-12-07"}
    assert task.due_day == date(2026, 12, 4)
    accept_proposal(db, proposal.id, by=by_approver(db, office), now=NOW)
    assert task.due_day == date(2026, 12, 7)
    assert task.due_why[0][0] == "why.due"
    event = db.scalars(select(TaskEvent).where(TaskEvent.task_id == task.id)).one()
    assert (event.kind, event.facts) == ("due-moved", {"before": "2026-12-04", "until": "2026-12-07"})


def test_a_deadline_set_by_hand_moves_only_off_a_day_off(db: Db, office: Unit, administrator: Actor) -> None:
    task = make_task(db, office, date(2026, 12, 1), 3)
    task.due_day = date(2026, 12, 10)
    task.due_why = [*task.due_why, ["followups.why-extended", {"to": "2026-12-10", "reason": ""}]]
    set_day(db, Day(date(2026, 12, 3), True, "Nghỉ", "QĐ"), by=administrator, now=NOW)
    assert proposals(db) == []
    set_day(db, Day(date(2026, 12, 10), True, "Nghỉ", "QĐ"), by=administrator, now=NOW)
    assert [one.proposed["due_day"] for one in proposals(db)] == ["2026-12-11"]


def test_a_swap_makes_two_days_and_touches_both(db: Db, office: Unit, administrator: Actor) -> None:
    off = Day(date(2027, 1, 15), True, "Nghỉ hoán đổi", "Công văn 1")
    worked = Day(date(2027, 1, 16), False, "Làm bù", "Công văn 1")
    sitting = taken_in(db, public=False)[date(2027, 1, 15)]
    import_days(db, [off, worked], by=administrator, now=NOW)
    assert sitting.day == date(2027, 1, 16)


def test_what_a_change_would_touch_can_be_seen_before(db: Db, office: Unit, approver: Account) -> None:
    taken_in(db, public=True)
    before = working_calendar(db)
    touched = touched_by(db, before, before.with_days([MID_JANUARY]), today=date(2026, 11, 22))
    assert [(one.planned_day, one.proposed) for one in touched.sittings] == [
        (date(2027, 1, 15), {"date": "2027-01-18"})
    ]
    assert touched_by(db, before, before, today=date(2026, 11, 22)).sittings == []
    assert proposals(db) == []


def test_the_desk_lists_what_waits(db: Db, office: Unit, administrator: Actor, approver: Account) -> None:
    taken_in(db, public=True)
    set_day(db, MID_JANUARY, by=administrator, now=NOW)
    assert count_open(db, [office.id]) == len(open_proposals(db, [office.id])) == 1
    assert open_proposals(db, [make_unit(db).id]) == []
    with pytest.raises(NotFound):
        find_proposal(db, 999_999)

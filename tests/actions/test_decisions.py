"""A decision on days off: taken in once, followed by drafts, decided row by row, and told as the cause of lateness."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from scheduler.actions.decisions import Paper, RowRefused, Verdict, decide_rows, take_decision
from scheduler.actions.occurrences import approve_occurrences, submit_occurrences
from scheduler.actions.plan_publishing import publish_plan
from scheduler.actions.plans import import_plan
from scheduler.actions.publication import publish_occurrences
from scheduler.database import Db
from scheduler.errors import BadInput, NotAllowed, RuleBroken
from scheduler.intake.pasted_decision import read_decision
from scheduler.models import Account, DecidedDraft, Decision, Letter, Occurrence, Proposal, Unit
from scheduler.queries.days import working_calendar
from scheduler.queries.decisions import drafts_of, rows_of
from scheduler.rules.permissions import COMMAND_LINE, Actor
from scheduler.rules.working_days import Day
from tests.actions.plan_texts import plan
from tests.build import make_actor, make_published
from tests.conftest import NOW

PAPER = Paper("12/TB-BNV", date(2026, 11, 20), "Nghỉ bù tháng 01/2027")
MID_JANUARY = Day(date(2027, 1, 15), True, "Nghỉ hoán đổi", "12/TB-BNV")
MID_FEBRUARY = Day(date(2027, 2, 15), True, "Nghỉ hoán đổi", "12/TB-BNV")
LATE = datetime(2027, 1, 13, 2, 0, tzinfo=UTC)


def taken_in(db: Db, *, public: bool) -> dict[date, Occurrence]:
    result = import_plan(db, plan(), domain="lich.example.vn", by=COMMAND_LINE, now=NOW)
    if public:
        publish_plan(db, result, "duyet@example.vn", reason="kế hoạch năm", now=NOW)
    chairman = [one.schedule_id for one in result.series if one.key == "chu-tich"]
    return {row.planned_day: row for row in db.scalars(select(Occurrence).where(Occurrence.schedule_id.in_(chairman)))}


@pytest.fixture
def head(db: Db, office: Unit) -> Actor:
    return make_actor(db, office, "approver")


def waiting(db: Db) -> list[Proposal]:
    return list(db.scalars(select(Proposal).where(Proposal.state == "open").order_by(Proposal.id)))


def test_a_decision_is_taken_in_once_and_ties_what_follows(
    db: Db, office: Unit, administrator: Actor, approver: Account
) -> None:
    taken_in(db, public=True)
    decision, changed = take_decision(db, PAPER, [MID_JANUARY], by=administrator, now=NOW)
    assert (changed.days, changed.proposals) == (1, 1)
    again, nothing = take_decision(db, PAPER, [MID_JANUARY], by=administrator, now=NOW)
    assert (again.id, nothing.days, db.query(Decision).count()) == (decision.id, 0, 1)
    assert [one.decision_id for one in waiting(db)] == [decision.id]
    more, _ = take_decision(db, PAPER, [MID_FEBRUARY], by=administrator, now=NOW)
    assert [row["day"] for row in more.days] == ["2027-01-15", "2027-02-15"]
    assert [one.decision_id for one in waiting(db)] == [decision.id] * 2
    assert db.query(Letter).filter_by(kind="proposal").count() == 2


@pytest.mark.parametrize(
    ("paper", "days", "error"),
    [
        (Paper("", date(2026, 11, 20)), [MID_JANUARY], BadInput),
        (Paper("1/TB", date(2026, 11, 23)), [MID_JANUARY], BadInput),
        (PAPER, [], RuleBroken),
    ],
)
def test_what_is_no_decision_is_refused(
    db: Db, administrator: Actor, paper: Paper, days: list[Day], error: type[Exception]
) -> None:
    with pytest.raises(error):
        take_decision(db, paper, days, by=administrator, now=NOW)


def test_only_the_administrator_takes_it_in(db: Db, head: Actor) -> None:
    with pytest.raises(NotAllowed):
        take_decision(db, PAPER, [MID_JANUARY], by=head, now=NOW)


def test_rows_are_accepted_altered_and_left_in_one_go(
    db: Db, office: Unit, administrator: Actor, approver: Account, head: Actor
) -> None:
    sittings = taken_in(db, public=True)
    by_hand = make_published(db, office, day=MID_FEBRUARY.day, kind="adhoc_reception", hours=["14:00-15:00"])
    decision, _ = take_decision(db, PAPER, [MID_JANUARY, MID_FEBRUARY], by=administrator, now=NOW)
    calendar = working_calendar(db)
    rows = {row.proposal.occurrence_id: row for row in rows_of(db, head, decision, calendar, today=date(2026, 11, 22))}
    january, february = sittings[MID_JANUARY.day], sittings[MID_FEBRUARY.day]
    assert (rows[january.id].old, rows[january.id].day) == (MID_JANUARY.day, date(2027, 1, 18))
    other = rows[february.id].free[0]
    verdicts = {
        rows[january.id].proposal.id: Verdict("accept"),
        rows[february.id].proposal.id: Verdict("other", other),
        rows[by_hand.id].proposal.id: Verdict("leave"),
    }
    assert decide_rows(db, verdicts, by=head, now=NOW) == {"accept": 2, "leave": 1}
    assert decide_rows(db, verdicts, by=head, now=NOW) == {"accept": 2, "leave": 1}
    assert (january.day, february.day, by_hand.day) == (date(2027, 1, 18), other, MID_FEBRUARY.day)
    assert [one.sequence for one in (january, february, by_hand)] == [1, 1, 0]
    assert {one.changes[-1].decision_id for one in (january, february)} == {decision.id}
    assert "12/TB-BNV" in january.change_reason
    # Who chose another day than the rule gives is not said to have followed the rule.
    assert "12/TB-BNV" in february.change_reason
    assert "16/02/2027" not in february.change_reason
    assert february.why[-1][1]["to"] == other.isoformat()
    told = db.scalars(select(Letter).where(Letter.kind == "change", Letter.occurrence_id == january.id)).all()
    assert len({one.recipient for one in told}) == len(told) > 0


def test_one_row_that_cannot_be_refuses_all_and_is_named(
    db: Db, office: Unit, administrator: Actor, approver: Account, head: Actor
) -> None:
    sittings = taken_in(db, public=True)
    take_decision(db, PAPER, [MID_JANUARY, MID_FEBRUARY], by=administrator, now=NOW)
    first, second = waiting(db)
    sittings[MID_FEBRUARY.day].sequence += 1
    db.flush()
    with pytest.raises(RowRefused, match=r"proposals\.outdated") as refused:
        decide_rows(db, {first.id: Verdict("accept"), second.id: Verdict("accept")}, by=head, now=NOW)
    assert refused.value.row == second.id
    with pytest.raises(RuleBroken, match=r"none-chosen"):
        decide_rows(db, {}, by=head, now=NOW)
    with pytest.raises(RowRefused, match=r"no-other-day"):
        decide_rows(db, {first.id: Verdict("other")}, by=head, now=NOW)


def test_drafts_that_followed_are_listed_and_told_late_because_of_it(
    db: Db, office: Unit, administrator: Actor, head: Actor
) -> None:
    sitting = taken_in(db, public=False)[MID_JANUARY.day]
    paper = Paper("3/TB-BNV", date(2027, 1, 12))
    decision, changed = take_decision(db, paper, [MID_JANUARY], by=administrator, now=LATE)
    assert changed.drafts == 1
    (draft,) = drafts_of(db, head, decision)
    assert (draft.occurrence.id, draft.before, draft.day) == (sitting.id, MID_JANUARY.day, date(2027, 1, 18))
    clerk = make_actor(db, office)
    submit_occurrences(db, [sitting.id], by=clerk, now=LATE)
    approve_occurrences(db, [sitting.id], by=head, now=LATE)
    publish_occurrences(db, [sitting.id], by=clerk, now=LATE)
    assert "3/TB-BNV" in sitting.late_reason
    assert db.scalars(select(DecidedDraft.late)).all() == [True]


def test_the_offices_own_lateness_still_asks_for_a_reason(
    db: Db, office: Unit, administrator: Actor, head: Actor
) -> None:
    sitting = taken_in(db, public=False)[MID_JANUARY.day]
    take_decision(db, PAPER, [MID_JANUARY], by=administrator, now=NOW)  # known in November: there was time
    clerk = make_actor(db, office)
    submit_occurrences(db, [sitting.id], by=clerk, now=LATE)
    approve_occurrences(db, [sitting.id], by=head, now=LATE)
    with pytest.raises(RuleBroken, match=r"publication\.late"):
        publish_occurrences(db, [sitting.id], by=clerk, now=LATE)
    publish_occurrences(db, [sitting.id], reason="lỗi văn phòng", by=clerk, now=LATE)
    assert db.scalars(select(DecidedDraft.late)).all() == [False]


def test_a_printed_notice_leads_to_the_same_days(db: Db, administrator: Actor) -> None:
    read = read_decision("Hoán đổi ngày làm việc từ thứ Sáu 15/01/2027 sang thứ Bảy 16/01/2027.", 2027)
    days = [Day(one.day, one.off, one.name, PAPER.number) for one in read.days]
    take_decision(db, PAPER, days, by=administrator, now=NOW)
    calendar = working_calendar(db)
    assert not calendar.is_working(date(2027, 1, 15))
    assert calendar.is_working(date(2027, 1, 16))

"""Who sat and how many came: written after the sitting, corrected with a reason, never guessed."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from scheduler.actions.records import Sheet, TurnGiven, correct_record, record_of, record_sitting
from scheduler.clock import at_local
from scheduler.database import Db
from scheduler.errors import Faults, NotAllowed, NotFound, RuleBroken, Stale
from scheduler.models import Entry, FeedVersion, Occurrence, Post, Unit
from scheduler.rules.counting import Counts
from tests.build import make_actor, make_holder, make_occurrence, make_office, make_post, make_published

DAY = date(2026, 11, 20)
SOME = Counts(visits=6, persons=8)


@pytest.fixture
def office(db: Db) -> tuple[Unit, Post]:
    return make_office(db)


@pytest.fixture
def sitting(db: Db, office: tuple[Unit, Post]) -> Occurrence:
    return make_published(db, *office, day=DAY)


def head_sat(post: Post, **values: object) -> Sheet:
    return Sheet((TurnGiven(post.id, "07:30", "10:45"),), **({"counts": SOME} | values))  # type: ignore[arg-type]


def test_the_head_sat(db: Db, office: tuple[Unit, Post], sitting: Occurrence, now: datetime) -> None:
    clerk = make_actor(db, office[0])
    kept = record_sitting(db, sitting.slug, sitting.version, head_sat(office[1], note=" đông "), by=clerk, now=now)
    [turn] = kept.turns
    assert (sitting.state, kept.visits, kept.persons, kept.note) == ("held", 6, 8, "đông")
    assert (turn.name, turn.stands_in, turn.post_id) == ("Nguyễn Văn Thử", False, office[1].id)
    assert (turn.starts_at, turn.ends_at) == (at_local(DAY, "07:30"), at_local(DAY, "10:45"))
    [entry] = db.query(Entry).filter_by(deed="record.made")
    assert (entry.subject, entry.facts["numbers"]["visits"]) == (f"occurrence:{sitting.id}", 6)
    assert db.get(FeedVersion, f"post:{office[1].id}") is not None


def test_nobody_came_is_a_result(db: Db, office: tuple[Unit, Post], sitting: Occurrence, now: datetime) -> None:
    sheet = head_sat(office[1], counts=Counts(), nobody_came=True)
    kept = record_sitting(db, sitting.slug, sitting.version, sheet, by=make_actor(db, office[0]), now=now)
    assert (sitting.state, kept.nobody_came, kept.visits) == ("held", True, 0)


def test_several_sit_in_turn(db: Db, office: tuple[Unit, Post], sitting: Occurrence, now: datetime) -> None:
    unit, chairman = office
    deputy = make_post(db, unit, "Phó Chủ tịch UBND", duty="", is_head=False)
    turns = (
        TurnGiven(chairman.id, "09:00", "11:30", stands_in=True, name="Trần Thị Thay", post_id=deputy.id),
        TurnGiven(chairman.id, "07:30", "09:00"),
    )
    sheet = Sheet(turns, SOME)
    kept = record_sitting(db, sitting.slug, sitting.version, sheet, by=make_actor(db, unit), now=now)
    sat = sorted((turn.starts_at, turn.name, turn.stands_in, turn.post_id) for turn in kept.turns)
    assert [row[1:] for row in sat] == [
        ("Nguyễn Văn Thử", False, chairman.id),
        ("Trần Thị Thay", True, deputy.id),
    ]


def test_two_heads_sit_together(db: Db, office: tuple[Unit, Post], now: datetime) -> None:
    unit, chairman = office
    secretary = make_post(db, unit, "Bí thư Đảng ủy", duty="commune_secretary")
    sitting = make_published(db, unit, chairman, secretary, day=DAY)
    turns = (TurnGiven(chairman.id, "07:30", "11:00"), TurnGiven(secretary.id, "07:30", "11:00"))
    sheet = Sheet(turns, SOME)
    kept = record_sitting(db, sitting.slug, sitting.version, sheet, by=make_actor(db, unit), now=now)
    # The second post has no holder: its title stands for the name.
    assert {turn.name for turn in kept.turns} == {"Nguyễn Văn Thử", "Bí thư Đảng ủy"}


def test_faults_are_told_together_with_their_places(
    db: Db, office: tuple[Unit, Post], sitting: Occurrence, now: datetime
) -> None:
    chairman = office[1].id
    turns = (
        TurnGiven(0, "07:30", "08:00"),
        TurnGiven(chairman, "08:00", "09:00", stands_in=True),
        TurnGiven(chairman, "25:00", "09:00"),
        TurnGiven(chairman, "09:00", "09:00"),
        TurnGiven(chairman, "07:30", "09:00"),
        TurnGiven(chairman, "08:30", "09:30"),
    )
    clerk = make_actor(db, office[0])
    with pytest.raises(Faults) as refused:
        record_sitting(db, sitting.slug, sitting.version, Sheet(turns, Counts()), by=clerk, now=now)
    assert [(fault.key, fault.place) for fault in refused.value.faults] == [
        ("records.no-host", "turns.0"),
        ("records.name-missing", "turns.1"),
        ("records.no-hour", "turns.2"),
        ("records.ends-before-start", "turns.3"),
        ("records.turns-overlap", "turns"),
        ("records.numbers-missing", "visits"),
    ]
    assert sitting.state == "published"


def test_hours_that_have_not_come_are_no_record(db: Db, office: tuple[Unit, Post], now: datetime) -> None:
    sitting = make_published(db, *office, day=date(2026, 11, 22))
    with pytest.raises(Faults) as refused:  # it is nine in the morning
        record_sitting(db, sitting.slug, sitting.version, head_sat(office[1]), by=make_actor(db, office[0]), now=now)
    assert [fault.key for fault in refused.value.faults] == ["records.hours-to-come"]


def test_somebody_must_have_sat(db: Db, office: tuple[Unit, Post], sitting: Occurrence, now: datetime) -> None:
    with pytest.raises(Faults) as refused:
        record_sitting(db, sitting.slug, sitting.version, Sheet((), SOME), by=make_actor(db, office[0]), now=now)
    assert [fault.key for fault in refused.value.faults] == ["records.turns-missing"]


def test_not_before_its_day(db: Db, office: tuple[Unit, Post], now: datetime) -> None:
    sitting = make_published(db, *office, day=date(2026, 11, 23))
    with pytest.raises(RuleBroken, match="day-to-come"):
        record_sitting(db, sitting.slug, sitting.version, head_sat(office[1]), by=make_actor(db, office[0]), now=now)


@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "postponed", "cancelled", "held", "closed"])
def test_only_a_published_sitting_is_recorded(db: Db, office: tuple[Unit, Post], state: str, now: datetime) -> None:
    sitting = make_occurrence(db, *office, day=DAY, state=state)
    with pytest.raises(RuleBroken, match="wrong-step"):
        record_sitting(db, sitting.slug, sitting.version, head_sat(office[1]), by=make_actor(db, office[0]), now=now)


def test_who_may_record(db: Db, office: tuple[Unit, Post], sitting: Occurrence, now: datetime) -> None:
    unit, chairman = office
    for role, refusal in (("approver", NotAllowed), ("leader", NotAllowed), ("officer", NotAllowed)):
        with pytest.raises(refusal):
            record_sitting(
                db, sitting.slug, sitting.version, head_sat(chairman), by=make_actor(db, unit, role), now=now
            )
    with pytest.raises(NotFound):
        record_sitting(db, "no-such", 1, head_sat(chairman), by=make_actor(db, unit), now=now)


def test_the_second_writer_is_told(db: Db, office: tuple[Unit, Post], sitting: Occurrence, now: datetime) -> None:
    clerk, version = make_actor(db, office[0]), sitting.version
    kept = record_sitting(db, sitting.slug, version, head_sat(office[1]), by=clerk, now=now)
    with pytest.raises(Stale):
        record_sitting(db, sitting.slug, version, head_sat(office[1]), by=clerk, now=now)
    correct_record(
        db, sitting.slug, kept.version, head_sat(office[1], nobody_came=False), reason="a", by=clerk, now=now
    )
    with pytest.raises(Stale):
        correct_record(db, sitting.slug, kept.version - 1, head_sat(office[1]), reason="b", by=clerk, now=now)


def test_a_correction_keeps_the_old_record_in_the_ledger(
    db: Db, office: tuple[Unit, Post], sitting: Occurrence, now: datetime
) -> None:
    clerk = make_actor(db, office[0])
    first = record_sitting(db, sitting.slug, sitting.version, head_sat(office[1]), by=clerk, now=now)
    turn = TurnGiven(office[1].id, "08:00", "09:00", stands_in=True, name="Trần Thị Thay")
    sheet = Sheet((turn,), replace(SOME, visits=7, persons=9))
    later = now + timedelta(hours=1)
    kept = correct_record(db, sitting.slug, first.version, sheet, reason="ghi nhầm", by=clerk, now=later)
    assert kept.id == first.id
    assert [(turn.name, turn.stands_in) for turn in kept.turns] == [("Trần Thị Thay", True)]
    [entry] = db.query(Entry).filter_by(deed="record.corrected")
    assert entry.facts["reason"] == "ghi nhầm"
    assert entry.facts["before"]["numbers"]["visits"] == 6
    assert entry.facts["after"]["numbers"]["visits"] == 7
    assert entry.facts["before"]["turns"][0]["stands_in"] is False
    assert sitting.state == "held"


def test_a_correction_needs_a_reason_and_a_record(
    db: Db, office: tuple[Unit, Post], sitting: Occurrence, now: datetime
) -> None:
    clerk = make_actor(db, office[0])
    with pytest.raises(RuleBroken, match="wrong-step"):
        correct_record(db, sitting.slug, 1, head_sat(office[1]), reason="x", by=clerk, now=now)
    with pytest.raises(NotFound, match="none"):
        record_of(db, sitting)
    kept = record_sitting(db, sitting.slug, sitting.version, head_sat(office[1]), by=clerk, now=now)
    with pytest.raises(RuleBroken, match="reason-missing"):
        correct_record(db, sitting.slug, kept.version, head_sat(office[1]), reason=" ", by=clerk, now=now)
    supervisor = make_actor(db, office[0], "supervisor")
    with pytest.raises(NotAllowed):
        correct_record(db, sitting.slug, kept.version, head_sat(office[1]), reason="x", by=supervisor, now=now)


def test_the_holder_of_that_day_is_named(db: Db, office: tuple[Unit, Post], sitting: Occurrence, now: datetime) -> None:
    make_holder(db, office[1], "Lê Mới", since=date(2026, 11, 21))
    kept = record_sitting(db, sitting.slug, sitting.version, head_sat(office[1]), by=make_actor(db, office[0]), now=now)
    assert kept.turns[0].name == "Nguyễn Văn Thử"

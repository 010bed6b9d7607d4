"""What becomes of a visit's matter: each step once, its resident told once, and nothing of it readable elsewhere."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import inspect, select, text

from scheduler.actions.disputes import answer_dispute, dispute_matter
from scheduler.actions.matter_steps import Step
from scheduler.actions.matters import (
    DirectionGiven,
    MatterGiven,
    correct_matter,
    direct_matter,
    erase_matters,
    make_matter,
)
from scheduler.actions.registration_erasure import erase_registrations
from scheduler.actions.registrations import RESIDENT
from scheduler.actions.results import answer_matter, mark_done, settle_matter
from scheduler.database import Db, vault_of
from scheduler.errors import BadInput, Faults, NotAllowed, NotFound, RuleBroken, Stale
from scheduler.models import Call, Matter
from scheduler.queries.matters import results_of
from scheduler.rules.permissions import Actor, Grant
from tests.actions.matter_office import ANSWER, AT, DAY, DUE, SUMMARY, Office, deeds, letters, state
from tests.build import make_actor, make_unit

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(db: Db) -> Office:
    return Office(db)


def test_a_matter_takes_the_next_number_of_the_register(office: Office) -> None:
    first, second = office.noted(), office.noted()
    assert [(one.year, one.number) for one in (first, second)] == [(2026, 1), (2026, 2)]
    assert (first.received_on, first.due_day) == (DAY, DUE)
    assert [key for key, _ in first.due_why] == ["why.due", "why.due-left-out"]
    assert (first.unit_id, first.occurrence_id) == (office.unit.id, office.sitting.id)
    assert vault_of(office.db).open(first.summary) == SUMMARY
    assert (state(first), letters(office)) == ("received", [])


@one_database
def test_the_same_form_twice_is_one_matter(office: Office) -> None:
    assert office.noted(once="w" * 32).id == office.noted(once="w" * 32).id
    assert office.db.query(Matter).count() == 1


def test_a_whole_way_tells_the_resident_once_a_step(office: Office) -> None:
    matter = office.answered()
    assert state(matter) == "answered"
    mark_done(office.db, matter.id, office.step(matter, days=2))
    assert state(matter) == "done"
    settle_matter(office.db, matter.id, office.step(matter, days=3))
    assert state(matter) == "settled"
    assert letters(office) == ["result-accepted", "result-answered", "result-done", "result-settled"]
    assert deeds(office) == [f"matter.{deed}" for deed in ("made", "directed", "answered", "done", "settled")]


@one_database
def test_a_step_sent_twice_is_taken_once(office: Office) -> None:
    matter = office.answered()
    old = Step(1, office.clerk, AT + timedelta(days=1))
    accepted = DirectionGiven("accepted", in_charge_unit_id=office.department.id)
    answer_matter(office.db, matter.id, ANSWER, old)
    direct_matter(office.db, matter.id, accepted, old)
    for _ in range(2):
        mark_done(office.db, matter.id, office.step(matter, days=2))
    for _ in range(2):
        settle_matter(office.db, matter.id, office.step(matter, days=2))
    assert letters(office) == ["result-accepted", "result-answered", "result-done", "result-settled"]
    assert len(deeds(office)) == 5


@one_database
def test_a_second_writer_is_refused(office: Office) -> None:
    matter = office.answered()
    with pytest.raises(Stale):
        answer_matter(office.db, matter.id, "Khác", Step(1, office.clerk, AT + timedelta(days=1)))
    assert vault_of(office.db).open(matter.answer) == ANSWER


@one_database
def test_what_is_answered_anew_is_told_anew(office: Office) -> None:
    matter = office.answered()
    answer_matter(office.db, matter.id, "Đã nạo vét ngày 20/11.", office.step(matter, days=1))
    assert letters(office) == ["result-accepted", "result-answered", "result-answered"]


@one_database
@pytest.mark.parametrize(
    "given",
    [
        DirectionGiven("guided", other_office="Sở Xây dựng"),
        DirectionGiven("transferred", other_office="Sở Xây dựng", document_number="7/PC-UBND", document_day=DAY),
        DirectionGiven("returned", other_office="Thanh tra thành phố"),
        DirectionGiven("refused", refusal_ground="settled-rightly"),
    ],
)
def test_a_direction_may_be_the_answer_itself(office: Office, given: DirectionGiven) -> None:
    matter = office.noted(given)
    assert (state(matter), matter.closed_on) == (given.direction, date(2026, 11, 20))
    assert letters(office) == [f"result-{given.direction}"]
    with pytest.raises(RuleBroken, match=r"matters\.wrong-step"):
        answer_matter(office.db, matter.id, ANSWER, office.step(matter))
    direct_matter(office.db, matter.id, DirectionGiven("accepted", in_charge="Công ty thoát nước"), office.step(matter))
    assert (state(matter), matter.closed_on, matter.other_office) == ("accepted", None, "")


@one_database
def test_all_that_is_wrong_is_told_at_once_and_nothing_is_kept(office: Office) -> None:
    bad = MatterGiven(" ", "denunciation", "moon", 10**12)
    with pytest.raises(Faults) as told:
        make_matter(
            office.db,
            office.visit.slug,
            bad,
            by=office.clerk,
            now=AT,
            direction=DirectionGiven("refused", refusal_ground="x"),
        )
    places = [fault.place for fault in told.value.faults]
    assert places == ["summary", "kind", "topic", "same_content_people", "refusal_ground"]
    assert office.db.query(Matter).count() == 0


@one_database
def test_a_denunciation_is_no_matter_of_the_ward(office: Office) -> None:
    with pytest.raises(Faults) as told:
        make_matter(office.db, office.visit.slug, MatterGiven("Tố cáo ông X"), by=office.clerk, now=AT)
    assert [(fault.key, fault.place) for fault in told.value.faults] == [("counter.denounces", "summary")]
    assert office.db.query(Matter).count() == 0


@one_database
def test_a_day_lies_between_receipt_and_today(office: Office) -> None:
    matter = office.accepted()
    with pytest.raises(BadInput, match=r"matters\.day-outside"):
        answer_matter(office.db, matter.id, ANSWER, office.step(matter), day=date(2026, 11, 18))
    with pytest.raises(BadInput, match=r"matters\.day-outside"):
        mark_done(office.db, matter.id, office.step(matter), day=date(2026, 11, 25))


@one_database
def test_an_answer_has_words(office: Office) -> None:
    matter = office.accepted()
    with pytest.raises(BadInput, match=r"matters\.answer-missing"):
        answer_matter(office.db, matter.id, " \n", office.step(matter))


@one_database
def test_nothing_is_noted_of_who_was_not_received(office: Office) -> None:
    for visit in (office.received(state="absent"), office.received(state="withdrawn")):
        with pytest.raises(RuleBroken, match=r"matters\.nobody-received"):
            make_matter(office.db, visit.slug, MatterGiven(SUMMARY), by=office.clerk, now=AT)
    early = AT - timedelta(days=2)
    with pytest.raises(RuleBroken, match=r"matters\.nobody-received"):
        make_matter(office.db, office.visit.slug, MatterGiven(SUMMARY), by=office.clerk, now=early)


@one_database
def test_a_correction_is_kept_and_not_told(office: Office) -> None:
    matter = office.accepted()
    given = MatterGiven("Hẻm 12 và hẻm 14 ngập", "recommendation", "environment", 7, "UBND quận (đến 30/6/2025)")
    for _ in range(2):
        correct_matter(office.db, matter.id, given, office.step(matter))
    assert (matter.kind, matter.same_content_people, matter.settled_by) == ("recommendation", 7, given.settled_by)
    assert vault_of(office.db).open(matter.summary) == given.summary
    assert deeds(office)[-1] == "matter.corrected"
    assert deeds(office).count("matter.corrected") == 1
    assert letters(office) == ["result-accepted"]


@one_database
def test_another_unit_and_another_role_do_nothing_here(office: Office) -> None:
    matter, db = office.accepted(), office.db
    beside = make_actor(db, make_unit(db, "00071-ubnd"))
    officer = replace(office.clerk, grants=(Grant("officer", office.unit.id),))
    for actor in (beside, Actor("ai đó", "web")):
        with pytest.raises(NotFound):
            answer_matter(db, matter.id, ANSWER, Step(matter.version, actor, AT))
        with pytest.raises(NotFound):
            make_matter(db, office.visit.slug, MatterGiven(SUMMARY), by=actor, now=AT)
    with pytest.raises(NotAllowed):
        mark_done(db, matter.id, Step(matter.version, officer, AT))


@one_database
def test_who_left_no_contact_is_called(db: Db) -> None:
    office = Office(db, contact="", way="door")
    office.answered()
    calls = list(db.scalars(select(Call).order_by(Call.id)))
    assert len(calls) == 2
    assert {call.registration_id for call in calls} == {office.visit.id}
    assert "trả lời" in calls[-1].words
    assert SUMMARY not in "".join(call.words for call in calls)


@one_database
def test_nothing_of_it_stands_readable_in_the_database(office: Office) -> None:
    matter = office.answered()
    disputed = "Cống vẫn chưa nạo vét, nước ngập vào nhà"
    dispute = dispute_matter(office.db, matter, disputed, by=RESIDENT, now=AT + timedelta(days=2))
    replied = "Đã kiểm tra, sẽ làm trong tuần"
    answer_dispute(office.db, dispute.id, replied, upheld=True, by=office.clerk, now=AT + timedelta(days=3))
    office.db.flush()
    tables = inspect(office.db.connection()).get_table_names()
    kept = "\n".join(str(row) for table in tables for row in office.db.execute(text(f'SELECT * FROM "{table}"')))
    for words in (SUMMARY, ANSWER, disputed, replied):
        assert words not in kept


def test_erasing_leaves_the_counts(office: Office) -> None:
    matter = office.answered()
    dispute = dispute_matter(office.db, matter, "Chưa làm", by=RESIDENT, now=AT + timedelta(days=2))
    answer_dispute(office.db, dispute.id, "Đã làm", upheld=False, by=office.clerk, now=AT + timedelta(days=3))
    office.visit.erased_at = AT + timedelta(days=400)
    office.db.flush()
    assert erase_matters(office.db, [office.visit.id]) == 1
    office.db.expire_all()
    told = results_of(office.db, office.visit).matters[0]
    assert (told.answer, told.disputes[0].words, told.disputes[0].answer) == ("", "", "")
    assert (told.state, told.matter.summary, told.matter.number) == ("answered", "", 1)
    with pytest.raises(RuleBroken, match=r"matters\.erased"):
        answer_matter(office.db, matter.id, "Thêm", office.step(matter, days=401))
    with pytest.raises(RuleBroken, match=r"matters\.erased"):
        office.noted()
    assert len(letters(office)) == 3


@one_database
def test_what_was_told_is_erased_once_nobody_waits(office: Office) -> None:
    db, later = office.db, AT + timedelta(days=400)
    matter = office.accepted()
    assert erase_registrations(db, now=later, most=10) == 0
    answer_matter(db, matter.id, ANSWER, office.step(matter))
    dispute = dispute_matter(db, matter, "Chưa làm", by=RESIDENT, now=AT + timedelta(days=2))
    db.flush()
    assert erase_registrations(db, now=later, most=10) == 0
    answer_dispute(db, dispute.id, "Đã làm", upheld=False, by=office.clerk, now=AT + timedelta(days=3))
    db.flush()
    assert erase_registrations(db, now=later, most=10) == 1
    db.expire_all()
    assert (matter.summary, matter.answer, matter.disputes[0].words) == ("", "", "")

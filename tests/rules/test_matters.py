"""A matter's state from its facts, the steps that are open, and what each direction must say."""

from datetime import date

import pytest

from scheduler.errors import RuleBroken
from scheduler.rules.days_seed import default_calendar
from scheduler.rules.matters import (
    DIRECTIONS,
    STATES,
    MatterFacts,
    answer_due,
    direction_faults,
    is_late,
    may_dispute,
    may_rate_answer,
    open_matter_steps,
    require_step,
    state_of,
)

DAY, NEXT = date(2026, 11, 26), date(2026, 12, 3)
DUE = date(2026, 12, 10)
OURS = "accepted"

CASES = (
    (MatterFacts(), "received", "direct"),
    (MatterFacts(OURS), "accepted", "answer"),
    (MatterFacts("guided"), "guided", "correct"),
    (MatterFacts(OURS, answered_on=DAY), "answered", "done"),
    (MatterFacts(OURS, done_on=DAY), "done", "answer"),
    (MatterFacts(OURS, task_done_on=DAY), "done", "answer"),
    (MatterFacts(OURS, answered_on=DAY, done_on=NEXT), "done", "settle"),
    (MatterFacts(OURS, answered_on=DAY, task_done_on=NEXT), "done", "settle"),
    (MatterFacts(OURS, answered_on=DAY, done_on=NEXT, settled_on=NEXT), "settled", "correct"),
    (MatterFacts(OURS, answered_on=DAY, done_on=NEXT, settled_on=NEXT, disputed=True), "disputed", "answer"),
)


@pytest.mark.parametrize(("facts", "state", "following"), CASES)
def test_the_state_follows_from_the_facts(facts: MatterFacts, state: str, following: str) -> None:
    assert state_of(facts) == state
    assert state in STATES
    assert open_matter_steps(facts)[0] in (following, "link")


def test_answered_carried_out_and_settled_are_three_things() -> None:
    facts = [facts for facts, _, _ in CASES[3:9]]
    assert [state_of(one) for one in facts] == ["answered", "done", "done", "done", "done", "settled"]
    assert "settle" not in open_matter_steps(MatterFacts(OURS, answered_on=DAY))
    assert "settle" not in open_matter_steps(MatterFacts(OURS, done_on=DAY))
    with pytest.raises(RuleBroken, match=r"matters\.wrong-step"):
        require_step(MatterFacts(OURS, answered_on=DAY, done_on=DAY, disputed=True), "settle")


@pytest.mark.parametrize("direction", [row.key for row in DIRECTIONS if row.ends])
def test_a_direction_that_ends_it_owes_no_answer(direction: str) -> None:
    facts = MatterFacts(direction)
    assert not is_late(facts, DUE, date(2027, 1, 4))
    assert "answer" not in open_matter_steps(facts)
    assert "direct" in open_matter_steps(facts)
    assert may_rate_answer(facts, rated=False)
    assert not may_dispute(facts, DUE, date(2027, 1, 4))


def test_an_answer_is_late_after_its_day() -> None:
    for facts in (MatterFacts(), MatterFacts(OURS)):
        assert [is_late(facts, DUE, today) for today in (DUE, date(2026, 12, 11))] == [False, True]
    assert not is_late(MatterFacts(OURS, answered_on=DAY), DUE, date(2026, 12, 11))


def test_ten_working_days_are_counted_with_their_sum() -> None:
    due = answer_due(DAY, default_calendar(2026, 2027))
    assert due.day == DUE
    assert due.reasons[0] == ("why.due", {"start": "2026-11-26", "to": "2026-12-10", "n": 10})
    over_new_year = answer_due(date(2026, 12, 24), default_calendar(2026, 2027))
    assert over_new_year.day == date(2027, 1, 8)
    assert [key for key, _ in over_new_year.reasons] == ["why.due", "why.due-left-out"]


def test_a_resident_may_say_that_it_was_not_done_once_something_was_promised() -> None:
    late = date(2026, 12, 11)
    assert [may_dispute(MatterFacts(), DUE, today) for today in (DUE, late)] == [False, True]
    assert [may_dispute(facts, DUE, DAY) for facts, _, _ in CASES[1:]] == [
        True, False, True, True, True, True, True, True, False
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("direction", "lacks"),
    [
        ("accepted", ["in_charge"]),
        ("guided", ["other_office"]),
        ("transferred", ["other_office", "document_number", "document_day"]),
        ("returned", ["other_office"]),
        ("refused", ["refusal_ground"]),
        ("", ["direction"]),
        ("denunciation", ["direction"]),
    ],
)
def test_each_direction_says_what_the_law_asks(direction: str, lacks: list[str]) -> None:
    assert [fault.place for fault in direction_faults(direction, {}, today=DAY)] == lacks


def test_a_document_has_no_day_to_come() -> None:
    values: dict[str, str | date | None] = {"other_office": "Sở", "document_number": "1", "document_day": NEXT}
    assert [fault.key for fault in direction_faults("transferred", values, today=DAY)] == ["matters.day-ahead"]
    assert direction_faults("transferred", values | {"document_day": DAY}, today=DAY) == []

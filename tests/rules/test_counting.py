"""What a record's numbers may be, and what a day of a head comes to."""

from datetime import UTC, datetime

import pytest

from scheduler.errors import Faults
from scheduler.rules.counting import Counts, Sat, check_counts, day_result, fields_of, held_by, overlapping


def sat(post: int, stands_in: bool, first: int, last: int) -> Sat:
    return Sat(post, stands_in, datetime(2026, 12, 10, first, tzinfo=UTC), datetime(2026, 12, 10, last, tzinfo=UTC))


@pytest.mark.parametrize(
    ("kind", "counts", "nobody_came"),
    [
        ("periodic_reception", Counts(), True),
        ("periodic_reception", Counts(visits=3, persons=15), False),
        ("adhoc_reception", Counts(visits=2, persons=6, groups=1, group_persons=5), False),
        ("dialogue", Counts(attendances=120, opinions=9, answered_on_the_spot=9), False),
        ("voter_meeting", Counts(attendances=80), False),
    ],
)
def test_numbers_that_can_be(kind: str, counts: Counts, nobody_came: bool) -> None:
    check_counts(kind, counts, nobody_came=nobody_came)


@pytest.mark.parametrize(
    ("kind", "counts", "nobody_came", "faults"),
    [
        ("periodic_reception", Counts(), False, [("records.numbers-missing", "visits")]),
        ("periodic_reception", Counts(visits=1, persons=1), True, [("records.nobody-and-numbers", "nobody_came")]),
        (
            "periodic_reception",
            Counts(visits=-1, persons=1_000_001),
            False,
            [("records.impossible-number", "visits"), ("records.impossible-number", "persons")],
        ),
        ("periodic_reception", Counts(visits=2), False, [("records.persons-missing", "persons")]),
        (
            "periodic_reception",
            Counts(visits=1, persons=4, groups=1, group_persons=4),
            False,
            [("records.group-too-small", "group_persons")],
        ),
        (
            "periodic_reception",
            Counts(visits=1, persons=6, group_persons=6),
            False,
            [("records.group-too-small", "group_persons")],
        ),
        (
            "periodic_reception",
            Counts(visits=1, persons=5, groups=1, group_persons=6),
            False,
            [("records.group-over-persons", "group_persons")],
        ),
        (
            "periodic_reception",
            Counts(visits=1, persons=12, groups=2, group_persons=10),
            False,
            [("records.groups-over-visits", "groups")],
        ),
        ("periodic_reception", Counts(visits=1, persons=1, opinions=1), False, [("records.other-kind", "opinions")]),
        ("dialogue", Counts(visits=1, attendances=4), False, [("records.other-kind", "visits")]),
        (
            "dialogue",
            Counts(attendances=10, opinions=2, answered_on_the_spot=3),
            False,
            [("records.answers-over-opinions", "answered_on_the_spot")],
        ),
        ("dialogue", Counts(opinions=2), False, [("records.numbers-missing", "attendances")]),
    ],
)
def test_numbers_that_cannot_be(kind: str, counts: Counts, nobody_came: bool, faults: list[tuple[str, str]]) -> None:
    with pytest.raises(Faults) as refused:
        check_counts(kind, counts, nobody_came=nobody_came)
    assert [(fault.key, fault.place) for fault in refused.value.faults] == faults


def test_a_reception_and_a_conference_have_other_numbers() -> None:
    assert fields_of("adhoc_reception")[0] == "visits"
    assert fields_of("voter_meeting")[0] == "attendances"


@pytest.mark.parametrize(
    ("turns", "part_counts", "result"),
    [
        ([], True, "unrecorded"),
        ([sat(2, False, 1, 4)], True, "unrecorded"),  # another head's turn says nothing of this one
        ([sat(1, False, 1, 4)], False, "head"),
        ([sat(1, True, 1, 4)], True, "stand_in"),
        ([sat(1, False, 1, 2), sat(1, True, 2, 4)], True, "head"),
        ([sat(1, False, 1, 2), sat(1, True, 2, 4)], False, "part"),
        ([sat(1, False, 1, 4), sat(2, True, 1, 4)], False, "head"),
    ],
)
def test_who_held_a_sitting(turns: list[Sat], part_counts: bool, result: str) -> None:
    assert held_by(1, turns, part_counts=part_counts) == result


@pytest.mark.parametrize(
    ("results", "day"),
    [
        (["head"], "head"),
        (["cancelled", "head"], "head"),
        (["stand_in", "part"], "part"),
        (["to_come", "cancelled"], "to_come"),
        (["unpublished", "cancelled"], "cancelled"),
    ],
)
def test_a_day_counts_once(results: list[str], day: str) -> None:
    assert day_result(results) == day


def test_turns_for_one_head_follow_each_other() -> None:
    assert not overlapping([sat(1, True, 2, 4), sat(1, False, 1, 2)])
    assert not overlapping([sat(1, False, 1, 4), sat(2, False, 1, 4)])
    assert overlapping([sat(1, True, 2, 4), sat(1, False, 1, 3)])

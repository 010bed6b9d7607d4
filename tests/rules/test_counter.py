"""Whose turn it is, what a group may be, and what the visits come to: as tables."""

from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.errors import BadInput
from scheduler.rules.counter import Visit, check_group, in_turn, is_open, minutes_of, proposed
from scheduler.rules.counting import Counts, check_counts

EIGHT = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
"""Eight o'clock in Vietnam."""
DAY = date(2026, 11, 26)


def at(minutes: int) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


def waits(ticket: int, came: int, window: tuple[int, int] | None = None, way: str = "web") -> Visit:
    first, last = (at(window[0]), at(window[1])) if window else (None, None)
    return Visit(ticket, "arrived", way, arrive_from=first, arrive_until=last, arrived_at=at(came))


def walks_in(ticket: int, came: int) -> Visit:
    return waits(ticket, came, way="door")


TURNS = (
    # what is so, who waits at eight o'clock, their numbers in the order in which they are called
    ("walk-ins by number", [walks_in(9, -5), walks_in(8, -6)], [8, 9]),
    ("registered before walk-ins", [walks_in(4, -60), waits(7, -1)], [7, 4]),
    ("registered without a window by number", [waits(5, -30), waits(2, -1), waits(3, -10)], [2, 3, 5]),
    ("by window, then by number", [waits(1, -5, (0, 30)), waits(6, -1, (-30, 0)), waits(2, -9, (0, 30))], [6, 1, 2]),
    ("in time keeps the turn after the window", [walks_in(3, -90), waits(4, -40, (-60, -30))], [4, 3]),
    ("too late stands with the walk-ins", [walks_in(7, -20), waits(1, -10, (-60, -30)), walks_in(8, -5)], [7, 1, 8]),
    ("minutes before the window is in time", [walks_in(9, -5), waits(1, -3, (4, 34))], [1, 9]),
    ("before the window only when nobody waits", [waits(1, -50, (30, 60)), walks_in(9, -1)], [9, 1]),
    ("nobody", [Visit(1, "booked", "web"), Visit(2, "called"), Visit(3, "inside"), Visit(4, "absent")], []),
)


@pytest.mark.parametrize(("visits", "numbers"), [row[1:] for row in TURNS], ids=[row[0] for row in TURNS])
def test_whose_turn_it_is(visits: list[Visit], numbers: list[int]) -> None:
    assert [visit.ticket for visit in in_turn(visits, EIGHT)] == numbers
    assert [visit.ticket for visit in in_turn(reversed(visits), EIGHT)] == numbers


@pytest.mark.parametrize(
    ("state", "day", "open_"),
    [
        ("published", DAY, True),
        ("published", DAY + timedelta(days=1), False),
        ("published", None, False),
        ("held", DAY, False),
        ("cancelled", DAY, False),
        ("draft", DAY, False),
    ],
)
def test_a_counter_is_open_on_its_day(state: str, day: date | None, open_: bool) -> None:
    assert is_open(state, day, DAY) is open_


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(None, None), (10, 1), (9 * 60, 9), (9 * 60 + 29, 9), (9 * 60 + 31, 10)]
)
def test_how_long_it_took(seconds: int | None, minutes: int | None) -> None:
    ended = None if seconds is None else EIGHT + timedelta(seconds=seconds)
    assert minutes_of(Visit(1, "received", began_at=EIGHT, ended_at=ended)) == minutes


@pytest.mark.parametrize(
    ("people", "named", "place", "key"),
    [
        (5, 0, None, None),
        (5, 2, None, None),
        (10, 2, None, None),
        (11, 5, None, None),
        (40, 5, None, None),
        (4, 0, "people", "counter.group-too-small"),
        (0, 0, "people", "counter.group-too-small"),
        (1_001, 1, "people", "counter.too-many"),
        (10, 3, "representatives", "counter.too-many-representatives"),
        (11, 6, "representatives", "counter.too-many-representatives"),
    ],
)
def test_what_a_group_may_be(people: int, named: int, place: str | None, key: str | None) -> None:
    names = [f"Người {number}" for number in range(named)]
    if key is None:
        check_group(people, names)
        return
    with pytest.raises(BadInput, match=key.replace(".", r"\.")) as refused:
        check_group(people, names)
    assert refused.value.place == place


SUMS = (
    # what is so, the kind, (state, head count) of each visit, the numbers, nobody came, how many were missed
    ("nothing pressed", "periodic_reception", [("booked", 1), ("withdrawn", 1)], None, False, 0),
    ("one", "periodic_reception", [("received", 1)], Counts(1, 1), False, 0),
    ("a couple is one visit", "periodic_reception", [("received", 2), ("received", 1)], Counts(2, 3), False, 0),
    ("still inside was received", "adhoc_reception", [("inside", 1)], Counts(1, 1), False, 0),
    ("a no-show is none", "periodic_reception", [("absent", 3), ("received", 1)], Counts(1, 1), False, 1),
    ("nobody at all", "periodic_reception", [("absent", 1), ("booked", 1)], Counts(), True, 1),
    ("who left waiting is none", "periodic_reception", [("arrived", 1), ("called", 1)], Counts(), True, 2),
    ("a group", "periodic_reception", [("received", 40), ("received", 5), ("received", 4)], Counts(3, 49, 2, 45),
     False, 0),
    ("a conference", "dialogue", [("arrived", 3), ("received", 1), ("absent", 9)], Counts(attendances=4), False, 1),
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "visits", "counts", "nobody", "missed"), [row[1:] for row in SUMS], ids=[row[0] for row in SUMS]
)
def test_what_the_visits_come_to(
    kind: str, visits: list[tuple[str, int]], counts: Counts | None, nobody: bool, missed: int
) -> None:
    found = proposed(kind, [Visit(n, state, people=people) for n, (state, people) in enumerate(visits, 1)])
    if counts is None:
        assert found is None
        return
    assert found is not None
    assert (found.counts, found.nobody_came, found.missed) == (counts, nobody, missed)
    check_counts(kind, found.counts, nobody_came=found.nobody_came)  # what is proposed can be saved as it stands


def test_from_when_to_when_the_counter_received() -> None:
    visits = [Visit(1, "received", began_at=at(5), ended_at=at(14)), Visit(2, "inside", began_at=at(15))]
    found = proposed("periodic_reception", visits)
    assert found is not None
    assert (found.first, found.last) == (at(5), at(14))

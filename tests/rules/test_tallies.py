"""What the law asked and what became of it, what was planned and what became of that: both sums add up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.rules.counting import DAY_RESULTS, Sat
from scheduler.rules.duties import spans_between
from scheduler.rules.tallies import COLUMNS, Sitting, Tally, result_of, tally

JULY, SEPTEMBER = date(2026, 7, 1), date(2026, 9, 30)
OCTOBER = date(2026, 10, 1)


def sitting(day: date, result: str = "head", *, number: int = 0, in_time: bool = True) -> Sitting:
    return Sitting(number or day.toordinal(), day, result, result != "unpublished", in_time)


def counted(*sittings: Sitting, today: date = OCTOBER, key: str = "commune_chairman") -> Tally:
    return tally(spans_between(key, JULY, SEPTEMBER), sittings, today=today)


def numbers(found: Tally, *columns: str) -> tuple[int, ...]:
    return tuple(found.number(column) for column in columns)


def test_a_quarter_of_a_commune_chairman() -> None:
    found = counted(
        sitting(date(2026, 7, 9)),
        sitting(date(2026, 7, 23), "stand_in"),
        sitting(date(2026, 8, 13), "cancelled"),
        sitting(date(2026, 8, 27)),
        sitting(date(2026, 9, 10), "unrecorded"),
        sitting(date(2026, 9, 24), "part"),
    )
    assert numbers(found, "required", "due", "met", "stood_in", "missing", "open") == (6, 6, 2, 2, 2, 0)
    assert numbers(found, "planned", *DAY_RESULTS) == (6, 2, 1, 1, 1, 0, 0, 1, 0)


def test_a_month_with_more_days_makes_up_for_no_other() -> None:
    found = counted(*(sitting(date(2026, 7, day)) for day in (2, 9, 16, 23)))
    assert numbers(found, "head", "met", "missing") == (4, 2, 4)


def test_a_day_with_two_sittings_counts_once_and_by_the_better() -> None:
    day = date(2026, 7, 9)
    found = counted(sitting(day, "cancelled", number=1), sitting(day, "head", number=2))
    assert numbers(found, "planned", "head", "cancelled", "met") == (1, 1, 0, 1)
    assert found.pieces["head"][0].sittings == (1, 2)


def test_a_month_that_has_not_ended_is_open() -> None:
    found = counted(sitting(date(2026, 9, 10)), sitting(date(2026, 9, 24), "to_come"), today=date(2026, 9, 20))
    assert numbers(found, "required", "open", "so_far", "due", "met", "missing") == (6, 2, 1, 4, 0, 4)
    assert found.pieces["open"][0].sittings == (date(2026, 9, 10).toordinal(), date(2026, 9, 24).toordinal())
    assert found.pieces["so_far"][0].sittings == (date(2026, 9, 10).toordinal(),)


def test_the_last_day_of_a_month_is_not_over_yet() -> None:
    assert counted(today=SEPTEMBER).number("open") == 2
    assert counted(today=OCTOBER).number("open") == 0


def test_days_outside_whole_weeks_are_shown_and_meet_nothing() -> None:
    spans = spans_between("commune_chairman", date(2026, 7, 2), date(2026, 7, 31))
    found = tally(spans, [sitting(date(2026, 7, 9))], today=OCTOBER)
    assert numbers(found, "head", "required", "met") == (1, 0, 0)


def test_published_in_time_is_of_all_sittings_of_the_day() -> None:
    day = date(2026, 7, 9)
    found = counted(sitting(day, number=1), sitting(day, number=2, in_time=False), sitting(date(2026, 7, 23)))
    assert numbers(found, "published", "in_time") == (2, 1)
    assert numbers(counted(sitting(day, "unpublished")), "published", "in_time", "planned") == (0, 0, 1)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.builds(
            Sitting,
            st.integers(1, 10_000),
            st.dates(date(2026, 5, 1), date(2026, 10, 31)),
            st.sampled_from(DAY_RESULTS),
            st.booleans(),
            st.booleans(),
        ),
        max_size=60,
    ),
    st.sampled_from(["commune_chairman", "commune_secretary", "province_chairman", ""]),
    st.dates(date(2026, 5, 1), date(2026, 11, 30)),
)
def test_the_parts_always_add_up(sittings: list[Sitting], key: str, today: date) -> None:
    found = tally(spans_between(key, date(2026, 5, 1), date(2026, 10, 31)), sittings, today=today)
    assert found.number("required") == found.number("due") + found.number("open")
    assert found.number("due") == sum(numbers(found, "met", "stood_in", "missing"))
    assert found.number("so_far") <= found.number("open")
    assert found.number("planned") == sum(numbers(found, *DAY_RESULTS)) == len({one.day for one in sittings})
    assert found.number("met") + found.number("so_far") <= found.number("head")
    assert found.number("in_time") <= found.number("published") <= found.number("planned")
    ids = {one.id for one in sittings}
    assert all(set(piece.sittings) <= ids for column in COLUMNS for piece in found.pieces[column])


HEAD = [Sat(1, False, datetime(2026, 7, 9, 1, tzinfo=UTC), datetime(2026, 7, 9, 4, tzinfo=UTC))]


@pytest.mark.parametrize(
    ("state", "ahead", "turns", "result"),
    [
        ("draft", 3, [], "unpublished"),
        ("approved", -3, [], "unpublished"),
        ("published", 0, [], "to_come"),
        ("published", 1, [], "to_come"),
        ("published", -1, [], "unrecorded"),
        ("published", None, [], "postponed"),
        ("postponed", None, [], "postponed"),
        ("cancelled", 4, [], "cancelled"),
        ("held", -1, HEAD, "head"),
        ("closed", -1, HEAD, "head"),
        ("concluded", -1, [], "unrecorded"),
    ],
)
def test_what_a_sitting_comes_to(state: str, ahead: int | None, turns: list[Sat], result: str) -> None:
    today = date(2026, 7, 10)
    day = None if ahead is None else today + timedelta(days=ahead)
    assert result_of(state, day=day, post_id=1, turns=turns, part_counts=True, today=today) == result

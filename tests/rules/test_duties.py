"""How many days the law asks, over whole weeks and months, before and after it changed."""

from datetime import date
from itertools import pairwise

import pytest

from scheduler.rules.duties import DUTIES, DUTY_KEYS, duties_between, required_days, spans_between

CASES = [
    # the commune chairman: one day a week until 30/06/2026, two days a month from 01/07/2026
    ("commune_chairman", date(2026, 6, 1), date(2026, 6, 28), 4),
    ("commune_chairman", date(2026, 7, 1), date(2026, 9, 30), 6),
    ("commune_chairman", date(2026, 6, 29), date(2026, 7, 31), 2),  # 29 and 30/06 are no whole week
    ("commune_chairman", date(2026, 1, 1), date(2026, 12, 31), 25 + 12),
    ("commune_chairman", date(2026, 7, 2), date(2026, 7, 31), 0),  # a month without its first day
    ("commune_chairman", date(2026, 6, 2), date(2026, 6, 7), 0),  # a week without its Monday
    ("commune_chairman", date(2026, 6, 1), date(2026, 6, 7), 1),
    ("commune_secretary", date(2019, 2, 1), date(2019, 3, 31), 2),  # in force from 18/02/2019
    ("commune_secretary", date(2026, 1, 1), date(2026, 12, 31), 24),
    ("province_chairman", date(2026, 1, 1), date(2026, 12, 31), 12),
    ("province_secretary", date(2026, 1, 1), date(2026, 3, 31), 3),
    ("department_head", date(2026, 2, 1), date(2026, 2, 28), 1),
    ("district_chairman", date(2025, 5, 1), date(2025, 8, 31), 4),  # the level ended on 30/06/2025
    ("district_chairman", date(2026, 1, 1), date(2026, 12, 31), 0),
    ("public_unit_head", date(2026, 6, 1), date(2026, 7, 31), 2),
    ("commune_chairman", date(2014, 1, 1), date(2014, 6, 30), 0),  # before the law
    ("", date(2026, 1, 1), date(2026, 12, 31), 0),
    ("commune_chairman", date(2026, 7, 31), date(2026, 7, 1), 0),
]


@pytest.mark.parametrize(("key", "first", "last", "days"), CASES)
def test_days_the_law_asks(key: str, first: date, last: date, days: int) -> None:
    assert required_days(key, first, last) == days


def test_a_piece_of_a_week_or_month_is_shown_and_asks_nothing() -> None:
    spans = spans_between("commune_chairman", date(2026, 6, 22), date(2026, 7, 31))
    assert [(span.first, span.last, span.required, span.whole) for span in spans] == [
        (date(2026, 6, 22), date(2026, 6, 28), 1, True),
        (date(2026, 6, 29), date(2026, 6, 30), 0, False),
        (date(2026, 7, 1), date(2026, 7, 31), 2, True),
    ]
    assert spans[2].duty.basis == "Luật Tiếp công dân 42/2013/QH13, điều 15, sửa đổi bởi Luật 136/2025/QH15"


def test_spans_lie_side_by_side_and_cover_the_time() -> None:
    first, last = date(2025, 1, 1), date(2026, 12, 31)
    spans = spans_between("commune_chairman", first, last)
    assert (spans[0].first, spans[-1].last) == (first, last)
    assert all((after.first - before.last).days == 1 for before, after in pairwise(spans))


def test_rows_of_one_duty_never_overlap() -> None:
    for key in DUTY_KEYS:
        rows = [duty for duty in DUTIES if duty.key == key]
        for before, after in pairwise(rows):
            assert before.valid_to is not None
            assert (after.valid_from - before.valid_to).days == 1


def test_every_row_says_where_it_stands() -> None:
    assert all(duty.basis and duty.source and duty.count > 0 for duty in DUTIES)
    assert "council" not in " ".join(DUTY_KEYS)


def test_the_row_that_holds_then() -> None:
    rows = duties_between("commune_chairman", date(2026, 6, 30), date(2026, 7, 1))
    assert [(row.count, row.per) for row in rows] == [(1, "week"), (2, "month")]

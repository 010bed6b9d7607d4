"""The register's forms: which holds on which day, and that none is known by its code alone."""

from datetime import date

import pytest

from scheduler.errors import BadInput
from scheduler.rules.register_book import REGISTER_FORMS, form_on, parts_of

LAST_OLD, FIRST_NEW = date(2026, 6, 30), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("day", "form"),
    [
        (date(2015, 1, 1), "circular-04-2021"),
        (LAST_OLD, "circular-04-2021"),
        (FIRST_NEW, "decree-154-2026"),
        (date(2030, 1, 1), "decree-154-2026"),
    ],
)
def test_each_day_has_its_form(day: date, form: str) -> None:
    assert form_on(day).key == form


def test_each_form_has_twelve_columns_and_no_day_two_forms() -> None:
    assert [len(form.columns) for form in REGISTER_FORMS] == [12, 12]
    assert [len({column.key for column in form.columns}) for form in REGISTER_FORMS] == [12, 12]
    assert [column.key for column in REGISTER_FORMS[0].columns if column.under] == ["accepted", "guided", "transferred"]
    assert all("03" not in form.key.split("-") for form in REGISTER_FORMS)
    ends = [(form.first_day, form.last_day) for form in REGISTER_FORMS]
    assert ends == [(None, LAST_OLD), (FIRST_NEW, None)]


def test_a_span_is_cut_where_another_form_begins() -> None:
    parts = parts_of(date(2026, 6, 1), date(2026, 7, 31))
    assert [(part.form.key, part.first, part.last) for part in parts] == [
        ("circular-04-2021", date(2026, 6, 1), LAST_OLD),
        ("decree-154-2026", FIRST_NEW, date(2026, 7, 31)),
    ]
    assert [(part.first, part.last) for part in parts_of(FIRST_NEW, FIRST_NEW)] == [(FIRST_NEW, FIRST_NEW)]
    assert [part.last for part in parts_of(LAST_OLD, LAST_OLD)] == [LAST_OLD]


@pytest.mark.parametrize(
    ("first", "last", "key"),
    [
        (FIRST_NEW, LAST_OLD, "register_book.ends-first"),
        (date(2025, 1, 1), date(2026, 12, 31), "register_book.too-long"),
    ],
)
def test_what_is_no_span(first: date, last: date, key: str) -> None:
    with pytest.raises(BadInput) as refused:
        parts_of(first, last)
    assert (refused.value.key, refused.value.place) == (key, "last")

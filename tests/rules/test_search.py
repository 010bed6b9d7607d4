"""A search taken apart into names, days and kinds."""

from datetime import date

import pytest

from scheduler.rules.search import search_asked

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "names", "first", "last", "kinds"),
    [
        ("chủ tịch hoàn kiếm 10/12", "chủ tịch hoàn kiếm", date(2026, 12, 10), date(2026, 12, 10), ()),
        ("5/1", "", date(2027, 1, 5), date(2027, 1, 5), ()),
        ("25/10/2025 cửa nam", "cửa nam", date(2025, 10, 25), date(2025, 10, 25), ()),
        ("2026-12-10", "", date(2026, 12, 10), date(2026, 12, 10), ()),
        ("đối thoại 02/2024", "", date(2024, 2, 1), date(2024, 2, 29), ("dialogue",)),
        ("doi thoai hoan kiem", "hoan kiem", None, None, ("dialogue",)),
        ("hom nay", "", TODAY, TODAY, ()),
        ("29/2", "29/2", None, None, ()),  # no leap year is near
        ("31/02", "31/02", None, None, ()),
        ("12/TB-UBND", "12/tb-ubnd", None, None, ()),
        ("99/9999", "99/9999", None, None, ()),
        ("", "", None, None, ()),
    ],
)
def test_days_and_kinds_are_taken_out(
    text: str, names: str, first: date | None, last: date | None, kinds: tuple[str, ...]
) -> None:
    asked = search_asked(text, TODAY)
    assert (asked.names, asked.first, asked.last, asked.kinds) == (names, first, last, kinds)

"""The small family of rules that is worth holding against a list of dates: what the dates themselves suggest."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from scheduler.rules.recurrence import (
    MONTHS_OF_QUARTER,
    ByDays,
    ByNth,
    ByWeeks,
    Monthly,
    Pick,
    Quarterly,
    Rule,
    Weekly,
    Yearly,
)

FEW = 2
MOST_DAYS_OF_MONTH = 8
SHORTEST_MONTH = 28


def candidates(days: Sequence[date], first: date, last: date) -> Iterator[tuple[Rule, tuple[int, ...]]]:
    """Every rule worth trying, each once: by weeks, by months, by quarters, by the months that are printed."""
    seen: set[tuple[Rule, tuple[int, ...]]] = set()
    for candidate in _all_candidates(days, first, last):
        if candidate not in seen:
            seen.add(candidate)
            yield candidate


def _all_candidates(days: Sequence[date], first: date, last: date) -> Iterator[tuple[Rule, tuple[int, ...]]]:
    printed = sorted({day.month for day in days if first <= day <= last})
    spanned = list(range(first.month, last.month + 1))
    months = tuple(printed) if printed != spanned else ()
    for weekly in _weekly(days):
        yield weekly, ()
        if months:
            yield weekly, months
    for pick in _picks(days):
        yield Monthly(pick), ()
        yield from _sparser(pick, printed, spanned, months)


def _sparser(
    pick: Pick, printed: Sequence[int], spanned: Sequence[int], months: tuple[int, ...]
) -> Iterator[tuple[Rule, tuple[int, ...]]]:
    """The same days in some months only: of every second month, of each quarter, of the months as printed."""
    if not months:
        return
    places = Counter((month - 1) % MONTHS_OF_QUARTER + 1 for month in printed)
    usual = tuple(sorted(place for place, n in places.items() if n * 2 > max(places.values())))
    if len(usual) < MONTHS_OF_QUARTER:
        yield Quarterly(usual, pick), ()
    if set(printed) <= set(spanned[::2]):
        yield Monthly(pick, 2), ()
    yield Yearly(tuple(printed), pick), ()
    yield Monthly(pick), months


def _weekly(days: Sequence[date]) -> Iterator[Weekly]:
    """Each weekday alone, and those that come about as often as the commonest together."""
    counts = Counter(day.weekday() for day in days)
    most = max(counts.values())
    often = tuple(sorted(weekday for weekday, n in counts.items() if n * 2 > most))
    for weekdays in ((weekday,) for weekday in sorted(counts, key=lambda one: -counts[one])):
        yield Weekly(weekdays)
        yield Weekly(weekdays, 2)
    if len(often) > 1:
        yield Weekly(often)
        yield Weekly(often, 2)


def _picks(days: Sequence[date]) -> Iterator[Pick]:
    """Days of the month, n-th weekdays and weekdays of calendar weeks that the dates show often enough."""
    months = {(day.year, day.month) for day in days}
    counts = Counter(day.day for day in days)
    ordered = sorted(counts, key=lambda day: (-counts[day], day))
    for n in range(1, min(len(ordered), MOST_DAYS_OF_MONTH) + 1):
        yield ByDays(tuple(sorted(ordered[:n])))
        if max(ordered[:n]) > SHORTEST_MONTH:
            yield ByDays(tuple(sorted(ordered[:n])), "skip")
    for before in ordered[:FEW]:
        # A day that was always moved on is itself never printed: try those shortly before and after it.
        yield from (ByDays((day,)) for day in range(max(before - 2, 1), min(before + 2, 31) + 1))
    if _ends(days):
        yield ByDays((31,))
    for weekday in sorted({day.weekday() for day in days}):
        own = [day for day in days if day.weekday() == weekday]
        yield from _numbered(own, weekday, len(months))


def _numbered(own: Sequence[date], weekday: int, months: int) -> Iterator[Pick]:
    nth = Counter((day.day - 1) // 7 + 1 for day in own)
    weeks = Counter((day.day + day.replace(day=1).weekday() - 1) // 7 + 1 for day in own)
    enough = max(months / 3, 1)
    for counts, made in ((nth, ByNth), (weeks, ByWeeks)):
        often = sorted(n for n, count in counts.items() if count >= enough)
        if often:
            yield made(tuple(often), weekday)
            yield from (made((n,), weekday) for n in often if len(often) > 1)
    if sum((day + timedelta(days=7)).month != day.month for day in own) >= enough:
        yield ByNth((-1,), weekday)
        others = sorted(n for n, count in nth.items() if n < 4 and count >= enough)
        if others:
            yield ByNth((*others, -1), weekday)


def _ends(days: Sequence[date]) -> bool:
    """Whether many dates lie at the end of their month."""
    return sum((day + timedelta(days=3)).month != day.month for day in days) * 2 > len(days)

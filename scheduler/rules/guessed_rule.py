"""From dates as printed to the simplest rules that explain them: which form, which days, and what a day off does.

Every rule of a small family is expanded over the calendar and compared with the dates; nothing is learned or guessed
beyond that, so that each proposal can be checked by its misfits.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from scheduler.rules.day_off import DEFAULT_WAY, DayOffRule, settle
from scheduler.rules.guessed_candidates import candidates
from scheduler.rules.recurrence import (
    ByDays,
    ByNth,
    ByWeeks,
    Monthly,
    Quarterly,
    Rule,
    Weekly,
    Yearly,
    rule_dates,
)
from scheduler.rules.working_days import Calendar

GUESSED_WAYS = (
    DEFAULT_WAY,
    "skip",
    "previous_working_day",
    "first_working_day_of_next_week",
    "same_weekday_next_week",
    "nearest_working_day",
    "keep",
)
"""Ways a list of dates can show, the commonest first; "announce" leaves no trace in a list."""
BEST = 3
FEWEST = 2
"""Fewer dates explain anything."""
WORTH = 0.6
"""A rule that explains less than this share of the dates, or gives as many others, is no proposal."""
NEAR = timedelta(days=16)
"""A printed day this close to one the rule gives instead was moved by hand rather than invented."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A rule with its way for days off. `missing`: it gives them, they are not printed; `extra`: the other way round.

    `missing` holds (date by the rule, day it would be held); `months` keeps the rule to these months; `excused` are
    dates by the rule on which the notice itself says that nobody receives.
    """

    rule: Rule
    day_off: DayOffRule
    months: tuple[int, ...] = ()
    explained: int = 0
    missing: tuple[tuple[date, date], ...] = ()
    extra: tuple[date, ...] = ()
    excused: tuple[date, ...] = ()

    @property
    def misfits(self) -> int:
        """How many days differ."""
        return len(self.missing) + len(self.extra)

    @property
    def moved(self) -> list[tuple[date, date]]:
        """(date by the rule, printed day) where one stands for the other: same month, or near."""
        left = list(self.extra)
        pairs = []
        for planned, held in self.missing:
            near = [day for day in left if abs(day - held) <= NEAR and day.year == planned.year]
            if near:
                day = min(near, key=lambda day: abs(day - held))
                left.remove(day)
                pairs.append((planned, day))
        return pairs


def guess_rules(
    dates: Iterable[date],
    calendar: Calendar,
    *,
    printed: DayOffRule | None = None,
    excused: Iterable[date] = (),
    most: int = BEST,
) -> list[Guess]:
    """The rules that explain the dates best, the simplest first; empty where none is worth proposing.

    `printed` is what the notice itself says of days off: of ways that fit equally well it is the one. Rules that fit
    equally well stand one after the other, so that the reader can choose between two readings. `excused` are days on
    which the notice says that nobody receives.
    """
    days = sorted(set(dates))
    if len(days) < FEWEST:
        return []
    trial = Trial(tuple(days), calendar, frozenset(excused))
    ways = _ways(printed)
    tried = [tried_rule(trial, rule, ways, months) for rule, months in candidates(days, *span_of(days))]
    tried.sort(key=_rank)
    tried = [*(_with_two_ways(trial, one) for one in tried[:BEST]), *tried[BEST:]]
    tried.sort(key=_rank)
    worth = [one for one in tried if one.explained >= WORTH * len(days) and one.misfits < len(days)]
    near = [one for one in worth if one.misfits <= worth[0].misfits + len(days) // 6]
    return list(_unlike(near, span_of(days)[0].year))[:most]


def _unlike(guesses: Iterable[Guess], year: int) -> Iterator[Guess]:
    """Each that names other days than those before it, in that year and the next."""
    seen = set()
    for guess in guesses:
        days = tuple(rule_dates(guess.rule, date(year, 1, 1), date(year + 1, 12, 31), guess.months))
        if days not in seen:
            seen.add(days)
            yield guess


@dataclass(frozen=True, slots=True)
class Trial:
    """What rules are held against: the printed days, ascending, the calendar, and days said not to be held."""

    days: tuple[date, ...]
    calendar: Calendar
    excused: frozenset[date] = frozenset()


def tried_rule(trial: Trial, rule: Rule, ways: Sequence[DayOffRule], months: tuple[int, ...] = ()) -> Guess:
    """The rule held against the dates over the months they span, with the first of the ways that fits best."""
    found = [
        _guess(trial, rule, way, rule_dates(rule, first, last, months), months=months)
        for first, last in _spans(trial.days)
        for way in ways
    ]
    return min(found, key=lambda guess: guess.misfits)


def _guess(trial: Trial, rule: Rule, way: DayOffRule, planned: Sequence[date], *, months: tuple[int, ...]) -> Guess:
    printed = frozenset(trial.days)
    excused = tuple(day for day in planned if day in trial.excused)
    held = _held([day for day in planned if day not in trial.excused], way, trial.calendar)
    missing = tuple((held[day], day) for day in sorted(held.keys() - printed))
    extra = tuple(sorted(printed - held.keys()))
    return Guess(rule, way, months, len(printed) - len(extra), missing, extra, excused)


def _held(planned: Sequence[date], way: DayOffRule, calendar: Calendar) -> dict[date, date]:
    """The days the planned dates come to, each with the first date by the rule that comes to it."""
    held: dict[date, date] = {}
    for day in planned:
        off = calendar.why_off(day)
        settled = day if off is None else settle(day, way, calendar, off.cause).date
        if settled is not None:
            held.setdefault(settled, day)
    return held


def span_of(days: Sequence[date]) -> tuple[date, date]:
    """First and last day of the months that hold the dates of the year most of them lie in."""
    year = Counter(day.year for day in days).most_common(1)[0][0]
    own = [day for day in days if day.year == year]
    last = max(own).replace(day=28) + timedelta(days=4)
    return min(own).replace(day=1), last - timedelta(days=last.day)


def _spans(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """The months as printed, then the whole year: a date can be moved out of the first or last of them."""
    first, last = span_of(days)
    yield first, last
    yield date(first.year, 1, 1), date(first.year, 12, 31)


def _ways(printed: DayOffRule | None) -> list[DayOffRule]:
    ways = [DayOffRule(way, way) for way in GUESSED_WAYS]
    return [printed, *(way for way in ways if way != printed)] if printed is not None else ways


def _with_two_ways(trial: Trial, guess: Guess) -> Guess:
    """The same rule with a way of its own for weekends and for holidays, where that explains more."""
    if not guess.misfits:
        return guess
    ways = [
        DayOffRule(weekend, holiday, same)
        for same in (False, True)
        for weekend, holiday in product(GUESSED_WAYS, repeat=2)
    ]
    best = tried_rule(trial, guess.rule, ways, guess.months)
    return best if best.misfits < guess.misfits else guess


def _rank(guess: Guess) -> tuple[int, tuple[int, int, int]]:
    return guess.misfits, _weight(guess)


def _weight(guess: Guess) -> tuple[int, int, int]:
    """How much a person has to remember: the form, then how many days it names, then how days off are met."""
    rule = guess.rule
    if isinstance(rule, Weekly):
        form, parts = 0 if rule.interval == 1 else 3, len(rule.weekdays)
    else:
        form, parts = _form(rule)
    way = guess.day_off
    two_ways = (way.weekend != way.holiday) + way.same_month
    return form + (4 if guess.months else 0) + 2 * parts, two_ways, _place(way)


def _form(rule: Rule) -> tuple[int, int]:
    if not isinstance(rule, Monthly | Quarterly | Yearly):
        return 0, 1
    pick = rule.pick
    kinds = {ByDays: 1, ByNth: 2, ByWeeks: 3}
    named = pick.days if isinstance(pick, ByDays) else pick.nth if isinstance(pick, ByNth) else pick.weeks
    sparse = {Monthly: 0, Quarterly: 1, Yearly: 3}[type(rule)]
    skips = isinstance(pick, ByDays) and pick.short_month == "skip"
    interval = isinstance(rule, Monthly) and rule.interval > 1
    return kinds[type(pick)] + sparse + skips + 2 * interval, len(named)


def _place(way: DayOffRule) -> int:
    return GUESSED_WAYS.index(way.weekend) if way.weekend in GUESSED_WAYS else len(GUESSED_WAYS)

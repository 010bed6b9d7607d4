"""Rules guessed from dates: whatever a rule makes is explained again, and what does not fit is named."""

from datetime import date

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduler.rules.day_off import DayOffRule
from scheduler.rules.days_seed import default_calendar
from scheduler.rules.expansion import Series, expand
from scheduler.rules.guessed_rule import FEWEST, GUESSED_WAYS, guess_rules
from scheduler.rules.recurrence import ByDays, ByNth, ByWeeks, Monthly, Quarterly, Rule, Weekly

CALENDAR = default_calendar(2019, 2030)
workdays = st.integers(0, 4)
RULES: st.SearchStrategy[Rule] = st.one_of(
    st.builds(Weekly, st.lists(workdays, min_size=1, max_size=2, unique=True).map(lambda days: tuple(sorted(days)))),
    st.builds(Weekly, workdays.map(lambda day: (day,)), st.just(2)),
    st.builds(Monthly, st.builds(ByDays, st.integers(1, 31).map(lambda day: (day,)))),
    st.builds(Monthly, st.builds(ByDays, st.sampled_from([(5, 20), (10, 25), (1, 15), (8, 22)]))),
    st.builds(Monthly, st.builds(ByNth, st.sampled_from([(1,), (2,), (3,), (4,), (1, 3), (2, 4), (-1,)]), workdays)),
    st.builds(Monthly, st.builds(ByWeeks, st.sampled_from([(2,), (3,), (4,), (2, 4)]), workdays)),
    st.builds(Quarterly, st.sampled_from([(1,), (2,), (3,)]), st.builds(ByDays, st.sampled_from([(5,), (15,)]))),
)


@settings(max_examples=50, deadline=None)
@given(rule=RULES, way=st.sampled_from(GUESSED_WAYS), year=st.integers(2020, 2027))
def test_dates_made_by_a_rule_are_explained_by_the_guessed_one(rule: Rule, way: str, year: int) -> None:
    series = Series("x", rule, date(year, 1, 1), date(year, 12, 31), day_off=DayOffRule(way, way))
    days = {row.date for row in expand(series, CALENDAR) if row.date}
    assume(len(days) >= FEWEST)
    best = guess_rules(days, CALENDAR)[0]
    assert best.misfits == 0
    assert best.explained == len(days)


def made(rule: Rule, year: int = 2026) -> list[date]:
    return [row.date for row in expand(Series("x", rule, date(year, 1, 1), date(year, 12, 31)), CALENDAR) if row.date]


def test_one_day_moved_by_hand_is_the_only_misfit() -> None:
    days = set(made(Monthly(ByDays((15,))))) - {date(2026, 6, 15)} | {date(2026, 6, 18)}
    best = guess_rules(days, CALENDAR)[0]
    assert best.rule == Monthly(ByDays((15,)))
    assert best.missing == ((date(2026, 6, 15), date(2026, 6, 15)),)
    assert best.extra == (date(2026, 6, 18),)
    assert best.moved == [(date(2026, 6, 15), date(2026, 6, 18))]


def test_two_readings_that_fit_alike_are_both_given() -> None:
    # In 2026 months that begin from Monday to Thursday have both readings on the same day.
    days = [day for day in made(Monthly(ByNth((2,), 3))) if day.replace(day=1).weekday() <= 3]
    rules = [guess.rule for guess in guess_rules(days, CALENDAR) if guess.misfits == 0]
    assert any(isinstance(rule, Monthly) and isinstance(rule.pick, ByNth) for rule in rules) or len(rules) > 1


def test_a_day_said_not_to_be_held_is_no_misfit() -> None:
    days = [day for day in made(Monthly(ByNth((2,), 3)), 2027) if day.month != 5]
    off = date(2027, 5, 13)
    best = guess_rules(days, CALENDAR, excused=[off])[0]
    assert (best.misfits, best.excused) == (0, (off,))
    assert best.rule == Monthly(ByNth((2,), 3))


def test_what_the_notice_says_of_days_off_is_taken_where_nothing_contradicts_it() -> None:
    said = DayOffRule("previous_working_day", "previous_working_day")
    days = made(Weekly((3,)), 2025)
    assert guess_rules(days[24:34], CALENDAR, printed=said)[0].day_off == said


def test_dates_without_any_order_give_no_rule() -> None:
    days = [date(2026, month, day) for month, day in ((1, 6), (2, 25), (3, 12), (5, 29), (6, 1), (9, 18), (11, 3))]
    assert all(guess.misfits for guess in guess_rules(days, CALENDAR))
    assert guess_rules([date(2026, 1, 6)], CALENDAR) == []

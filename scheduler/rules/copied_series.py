"""Last year's series for another year: its bounds a year on, its turns taken up, its list as a rule."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from scheduler.rules.expansion import Series, dates_by_rule
from scheduler.rules.guessed_rule import Guess, guess_rules
from scheduler.rules.recurrence import Listed
from scheduler.rules.recurrence_forms import rule_to_plain
from scheduler.rules.schedules import day_off_to_plain, series_from_plain
from scheduler.rules.working_days import Calendar, Reason

YEAR_AT_END = re.compile(r"-20\d\d$")
LEFT_BEHIND = ("changes", "notice")
"""What was decided for the old year's days, and the paper that said them."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A series for another year, in the shape of plan files, or None where its days must be given anew.

    `remarks` are (key, facts) of what the copy does not say by itself.
    """

    key: str
    series: dict[str, Any] | None
    remarks: tuple[Reason, ...] = ()


def copied_series(plain: Mapping[str, Any], year: int, calendar: Calendar) -> Copied:
    """The series of `plain` (as rows keep it, with an end) for `year`; a list becomes the best rule."""
    series = series_from_plain(plain)
    key = f"{YEAR_AT_END.sub('', series.key)}-{year}"
    made = {name: value for name, value in plain.items() if name not in LEFT_BEHIND} | {"key": key}
    remarks: list[Reason] = []
    if isinstance(series.rule, Listed):
        guess = next(iter(guess_rules(series.rule.dates, calendar)), None)
        if guess is None:
            return Copied(key, None, (("schedules.copy-needs-dates", {"n": len(series.rule.dates)}),))
        made |= _by_rule(guess, year)
        remarks.append(("schedules.copy-guessed", {"explained": guess.explained, "misfits": guess.misfits}))
    else:
        made |= _a_year_on(series)
    if plain.get("changes"):
        remarks.append(("schedules.copy-changes-left", {"n": len(plain["changes"])}))
    if plain.get("notice"):
        remarks.append(("schedules.copy-notice-left", {}))
    if series.rotation:
        turn = len(dates_by_rule(series, series.until)) % len(series.rotation)
        made["rotation"] = [*series.rotation[turn:], *series.rotation[:turn]]
        remarks.append(("schedules.copy-turn", {"host": made["rotation"][0]}))
    return Copied(key, {name: value for name, value in made.items() if value not in ("", [], None)}, tuple(remarks))


def _by_rule(guess: Guess, year: int) -> dict[str, Any]:
    return {
        "rule": rule_to_plain(guess.rule),
        "months": list(guess.months),
        "day_off": day_off_to_plain(guess.day_off, guess.rule),
        "starts": date(year, 1, 1).isoformat(),
        "until": date(year, 12, 31).isoformat(),
    }


def _a_year_on(series: Series) -> dict[str, Any]:
    """A year later, but never before the old one's end."""
    until = series.until or series.starts
    starts = max(_next_year(series.starts), until + timedelta(days=1))
    return {"starts": starts.isoformat(), "until": _next_year(until).isoformat()}


def _next_year(day: date) -> date:
    """The same day of the next year; 29 February becomes the 28th."""
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)

"""A rule in its other forms: the plain mapping of a plan file or a stored row, and the facts of its sentence."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from scheduler.rules.recurrence import (
    MONTHS_IN,
    WEEKDAYS,
    ByDays,
    ByNth,
    ByWeeks,
    Counted,
    Listed,
    Monthly,
    Pick,
    Quarterly,
    Rule,
    Weekly,
    Yearly,
)
from scheduler.rules.working_days import Reason


def rule_to_plain(rule: Rule) -> dict[str, Any]:
    """The rule as a plan file writes it; days are ISO text, so that it can be stored as JSON."""
    if isinstance(rule, Listed):
        return {"dates": [day.isoformat() for day in rule.dates]}
    if isinstance(rule, Weekly):
        plain = {"every": "week", "weekdays": [WEEKDAYS[weekday] for weekday in rule.weekdays]}
        return plain | _interval(rule.interval)
    if isinstance(rule, Counted):
        return {"every": rule.every, "times": rule.times}
    if isinstance(rule, Monthly):
        return {"every": "month"} | _pick_to_plain(rule.pick) | _interval(rule.interval)
    every = "quarter" if isinstance(rule, Quarterly) else "year"
    return {"every": every, "month": list(rule.month)} | _pick_to_plain(rule.pick)


def rule_from_plain(plain: Mapping[str, Any]) -> Rule:
    """The rule of a mapping that `rule_to_plain` made; what people type is read by `intake.rules`."""
    if "dates" in plain:
        return Listed(tuple(date.fromisoformat(day) for day in plain["dates"]))
    every, interval = plain["every"], plain.get("interval", 1)
    if "times" in plain:
        return Counted(every, plain["times"])
    if every == "week":
        return Weekly(tuple(WEEKDAYS.index(name) for name in plain["weekdays"]), interval)
    if every == "month":
        return Monthly(_pick_from_plain(plain), interval)
    made = Quarterly if every == "quarter" else Yearly
    return made(tuple(plain["month"]), _pick_from_plain(plain))


def rule_reason(rule: Rule, months: Iterable[int] = ()) -> Reason:
    """The rule said back as plain facts: which days, and of which weeks, months, quarters or years."""
    only = {"months": sorted(set(months))} if months else {}
    if isinstance(rule, Listed):
        return "why.by-rule", {"every": "dates"} | only
    if isinstance(rule, Weekly):
        days = {"pick": "weekdays", "weekdays": sorted(set(rule.weekdays)), "interval": rule.interval}
        return "why.by-rule", {"every": "week"} | days | only
    if isinstance(rule, Counted):
        return "why.by-rule", {"every": rule.every, "pick": "times", "times": rule.times} | only
    facts = _pick_facts(rule.pick)
    if isinstance(rule, Monthly):
        return "why.by-rule", {"every": "month", "interval": rule.interval} | facts | only
    every = "quarter" if isinstance(rule, Quarterly) else "year"
    return "why.by-rule", {"every": every, "month": sorted(set(rule.month))} | facts | only


def set_later_reason(rule: Counted, planned: date) -> Reason:
    """Which of its period's sittings the date stands for; its day is still to be set."""
    period = (planned.month - 1) // MONTHS_IN[rule.every] + 1
    facts = {"every": rule.every, "n": planned.day, "times": rule.times, "period": period, "year": planned.year}
    return "why.set-later", facts


def set_later_until(facts: Mapping[str, Any]) -> date:
    """The last day of the period that `set_later_reason` names."""
    after = facts["year"] * 12 + facts["period"] * MONTHS_IN[facts["every"]]
    return date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def _interval(interval: int) -> dict[str, Any]:
    return {"interval": interval} if interval != 1 else {}


def _pick_to_plain(pick: Pick) -> dict[str, Any]:
    if isinstance(pick, ByDays):
        short = {"short_month": "skip"} if pick.short_month == "skip" else {}
        return {"days": list(pick.days)} | short
    weekday = {"weekday": WEEKDAYS[pick.weekday]}
    return {"nth": list(pick.nth)} | weekday if isinstance(pick, ByNth) else {"weeks": list(pick.weeks)} | weekday


def _pick_from_plain(plain: Mapping[str, Any]) -> Pick:
    if "days" in plain:
        return ByDays(tuple(plain["days"]), plain.get("short_month", "last_day"))
    weekday = WEEKDAYS.index(plain["weekday"])
    return ByNth(tuple(plain["nth"]), weekday) if "nth" in plain else ByWeeks(tuple(plain["weeks"]), weekday)


def _pick_facts(pick: Pick) -> dict[str, Any]:
    if isinstance(pick, ByDays):
        return {"pick": "days", "days": sorted(set(pick.days)), "short_month": pick.short_month}
    if isinstance(pick, ByNth):
        return {"pick": "nth", "nth": sorted(set(pick.nth), key=lambda n: (n < 0, n)), "weekday": pick.weekday}
    return {"pick": "weeks", "weeks": sorted(set(pick.weeks)), "weekday": pick.weekday}

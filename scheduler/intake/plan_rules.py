"""The rule of a series, its ways with days off and its changes, read from nodes; what contradicts itself is refused."""

from functools import partial

from scheduler.intake.plan_faults import Node, Reading, fault
from scheduler.intake.plan_scalars import (
    choice_of,
    day_of,
    flag_of,
    long_text_of,
    many_of,
    mapping_of,
    month_day_of,
    spans_of,
    whole_of,
)
from scheduler.rules.day_off import DEFAULT_WAY, WAYS, DayOffRule
from scheduler.rules.expansion import Change, Season
from scheduler.rules.recurrence import (
    LONGEST_NTH,
    LONGEST_WEEKS,
    MONTHS_OF_QUARTER,
    MOST_TIMES,
    SHORT_MONTH,
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

EVERY = ("week", "month", "quarter", "year")
RULE_KEYS = (
    "every",
    "interval",
    "weekdays",
    "month",
    "days",
    "short_month",
    "nth",
    "weeks",
    "weekday",
    "times",
    "dates",
)
MOST_INTERVAL = 999
PICK_KEYS = ("days", "nth", "weeks")
# What each form takes besides `every`; everything else is a contradiction.
TAKES = {
    "week": ("weekdays", "interval"),
    "month": ("interval", "days", "short_month", "nth", "weeks", "weekday", "times"),
    "quarter": ("month", "days", "short_month", "nth", "weeks", "weekday", "times"),
    "year": ("month", "days", "short_month", "nth", "weeks", "weekday", "times"),
}


def rule_of(reading: Reading, node: Node, name: str) -> Rule | None:
    """The rule; None when a part of it was refused."""
    keys = mapping_of(reading, node, name, RULE_KEYS)
    before = len(reading.faults)
    if "dates" in keys:
        _refuse_others(reading, keys, ("dates",), "dates")
        days = many_of(reading, keys["dates"], "dates", day_of, example="[2026-01-07, 2026-02-04]")
        return Listed(tuple(sorted(set(days)))) if len(reading.faults) == before else None
    if "every" not in keys:
        raise fault("plans.rule-without-form", node)
    every = choice_of(reading, keys["every"], "every", EVERY)
    _refuse_others(reading, keys, ("every", *TAKES[every]), f"every: {every}")
    if "times" in keys and every != "week":
        rule = _times(reading, keys, every)
    else:
        rule = _week(reading, node, keys) if every == "week" else _months(reading, node, keys, every)
    return rule if len(reading.faults) == before else None


def _times(reading: Reading, keys: dict[str, Node], every: str) -> Rule | None:
    """So many sittings a period, their days set later: it goes with nothing that names a day."""
    _refuse_others(reading, keys, ("every", "times"), "times")
    times = reading.take(partial(_whole, least=1, most=MOST_TIMES), keys["times"], "times")
    return Counted("month" if every == "month" else "quarter" if every == "quarter" else "year", times or 1)


def _week(reading: Reading, node: Node, keys: dict[str, Node]) -> Rule | None:
    if "weekdays" not in keys:
        raise fault("plans.missing-key", node, name="weekdays", owner="rule")
    interval = _interval(reading, keys)
    weekdays = many_of(reading, keys["weekdays"], "weekdays", _weekday, example="[TH]")
    return Weekly(tuple(sorted(set(weekdays))), interval)


def _months(reading: Reading, node: Node, keys: dict[str, Node], every: str) -> Rule | None:
    pick = _pick(reading, node, keys)
    if every == "month":
        interval = _interval(reading, keys)
        return Monthly(pick, interval) if pick else None
    if "month" not in keys:
        raise fault("plans.missing-key", node, name="month", owner="rule")
    most = MONTHS_OF_QUARTER if every == "quarter" else 12
    month = many_of(reading, keys["month"], "month", partial(_whole, least=1, most=most), example="[2]")
    made = Quarterly if every == "quarter" else Yearly
    return made(tuple(sorted(set(month))), pick) if pick else None


def _pick(reading: Reading, node: Node, keys: dict[str, Node]) -> Pick | None:
    given = [key for key in PICK_KEYS if key in keys]
    if len(given) != 1:
        reading.note(fault("plans.rule-one-pick", keys[given[1]] if given else node))
        return None
    kind = given[0]
    if kind == "days":
        return _by_days(reading, keys)
    if "short_month" in keys:
        reading.note(fault("plans.not-together", keys["short_month"], name="short_month", other=kind))
    if "weekday" not in keys:
        reading.note(fault("plans.missing-key", keys[kind], name="weekday", owner="rule"))
        return None
    weekday = reading.take(_weekday, keys["weekday"], "weekday") or 0
    if kind == "nth":
        nth = many_of(reading, keys["nth"], "nth", _nth, example="[1, 3]")
        return ByNth(tuple(dict.fromkeys(nth)), weekday)
    numbers = partial(_whole, least=1, most=LONGEST_WEEKS)
    return ByWeeks(tuple(dict.fromkeys(many_of(reading, keys["weeks"], "weeks", numbers, example="[3]"))), weekday)


def _by_days(reading: Reading, keys: dict[str, Node]) -> Pick:
    if "weekday" in keys:
        reading.note(fault("plans.not-together", keys["weekday"], name="weekday", other="days"))
    short = reading.take(_short_month, keys["short_month"], "short_month") if "short_month" in keys else None
    days = many_of(reading, keys["days"], "days", partial(_whole, least=1, most=31), example="[10, 25]")
    return ByDays(tuple(sorted(set(days))), "skip" if short == "skip" else "last_day")


def _interval(reading: Reading, keys: dict[str, Node]) -> int:
    if "interval" not in keys:
        return 1
    return reading.take(partial(_whole, least=1, most=MOST_INTERVAL), keys["interval"], "interval") or 1


def _refuse_others(reading: Reading, keys: dict[str, Node], known: tuple[str, ...], other: str) -> None:
    for key, node in keys.items():
        if key not in known:
            reading.note(fault("plans.not-together", node, name=key, other=other))


def _whole(reading: Reading, node: Node, name: str, *, least: int, most: int) -> int:
    return whole_of(reading, node, name, least=least, most=most)


def _nth(reading: Reading, node: Node, name: str) -> int:
    if node.text is None or node.text.strip() not in ("-1", *(str(n) for n in range(1, LONGEST_NTH + 1))):
        raise fault("plans.not-an-nth", node, name=name, text=node.text or "…")
    return int(node.text)


def _short_month(reading: Reading, node: Node, name: str) -> str:
    return choice_of(reading, node, name, SHORT_MONTH)


def _weekday(reading: Reading, node: Node, name: str) -> int:
    return WEEKDAYS.index(choice_of(reading, node, name, WEEKDAYS))


def day_off_of(reading: Reading, node: Node, name: str) -> DayOffRule:
    """A way's name, or a mapping by cause; a cause left out goes to the next working day."""
    if node.pairs is None:
        way = choice_of(reading, node, name, WAYS)
        return DayOffRule(way, way)
    keys = mapping_of(reading, node, name, ("weekend", "holiday", "same_month"))
    ways = {
        cause: reading.take(partial(_choice, known=tuple(WAYS)), keys[cause], cause) or DEFAULT_WAY
        for cause in ("weekend", "holiday")
        if cause in keys
    }
    same_month = bool(reading.take(flag_of, keys["same_month"], "same_month")) if "same_month" in keys else False
    return DayOffRule(ways.get("weekend", DEFAULT_WAY), ways.get("holiday", DEFAULT_WAY), same_month)


def _choice(reading: Reading, node: Node, name: str, *, known: tuple[str, ...]) -> str:
    return choice_of(reading, node, name, known)


def change_of(reading: Reading, node: Node, name: str) -> Change | None:
    """A decision by hand: `skip`, or `move` with `to`. None when its day or action was refused."""
    keys = mapping_of(reading, node, name, ("date", "action", "to", "reason"))
    for key in ("date", "action"):
        if key not in keys:
            raise fault("plans.missing-key", node, name=key, owner=name)
    day = reading.take(day_of, keys["date"], "date")
    to = reading.take(day_of, keys["to"], "to") if "to" in keys else None
    reason = reading.take(long_text_of, keys["reason"], "reason") if "reason" in keys else None
    action = choice_of(reading, keys["action"], "action", ("skip", "move"))
    if action == "skip" and "to" in keys:
        raise fault("plans.skip-with-to", keys["to"])
    if action == "move" and "to" not in keys:
        raise fault("plans.move-without-to", node)
    return Change(day, "skip" if action == "skip" else "move", to, reason or "") if day else None


def season_of(reading: Reading, node: Node, name: str) -> Season | None:
    """Other hours from one day of the year to another. None when a part of it was refused."""
    keys = mapping_of(reading, node, name, ("from", "until", "hours"))
    for key in ("from", "until", "hours"):
        if key not in keys:
            raise fault("plans.missing-key", node, name=key, owner=name)
    starts = reading.take(month_day_of, keys["from"], "from")
    until = reading.take(month_day_of, keys["until"], "until")
    hours = reading.take(spans_of, keys["hours"], "hours")
    return Season(starts, until, hours) if starts and until and hours else None

"""One series of a plan file: every key by its reader, then what only the whole series can show to be wrong."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from scheduler.intake.plan_faults import Node, Reading, fault
from scheduler.intake.plan_rules import change_of, day_off_of, rule_of, season_of
from scheduler.intake.plan_scalars import (
    choice_of,
    day_of,
    email_of,
    long_text_of,
    many_of,
    mapping_of,
    spans_of,
    text_of,
    whole_of,
)
from scheduler.intake.plan_values import PlanNotice, PlanSeries
from scheduler.rules.deadlines import RegisterBy
from scheduler.rules.expansion import Change, Season, Series, is_date_by_rule
from scheduler.rules.kinds import KIND
from scheduler.rules.recurrence import Listed, Rule
from scheduler.rules.schedules import default_day_off

Read = Callable[[Reading, Node, str], Any]
MOST_REGISTER_DAYS = 60
DAYS_OF_LEAP_YEAR = 366


def _kind(reading: Reading, node: Node, name: str) -> str:
    return choice_of(reading, node, name, KIND)


def _texts(reading: Reading, node: Node, name: str) -> tuple[str, ...]:
    return many_of(reading, node, name, text_of, example="[…, …]")


def _hosts(reading: Reading, node: Node, name: str) -> tuple[str, ...]:
    hosts = (text_of(reading, node, name),) if node.text is not None else _texts(reading, node, name)
    if len(set(hosts)) < len(hosts):
        raise fault("plans.double-host", node, name=name)
    return hosts


def _emails(reading: Reading, node: Node, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(many_of(reading, node, name, email_of, example="[vanphong@example.vn]")))


def _month(reading: Reading, node: Node, name: str) -> int:
    return whole_of(reading, node, name, least=1, most=12)


def _months(reading: Reading, node: Node, name: str) -> tuple[int, ...]:
    return tuple(sorted(set(many_of(reading, node, name, _month, example="[1, 2, 3]"))))


def _seasons(reading: Reading, node: Node, name: str) -> tuple[Season, ...]:
    example = '[{from: "04-16", until: "10-15", hours: ["07:00-11:00"]}]'
    seasons = many_of(reading, node, name, season_of, example=example)
    days = [date.fromordinal(date(2000, 1, 1).toordinal() + index) for index in range(DAYS_OF_LEAP_YEAR)]
    if any(sum(season.holds(day) for season in seasons) > 1 for day in days):
        raise fault("plans.seasons-overlap", node)
    return seasons


def _changes(reading: Reading, node: Node, name: str) -> tuple[tuple[Change, str], ...]:
    """The changes, each with its place."""

    def with_place(reading: Reading, node: Node, name: str) -> tuple[Change, str] | None:
        change = change_of(reading, node, name)
        return (change, node.place) if change else None

    return many_of(reading, node, name, with_place, example="[{date: 2026-03-15, action: skip}]")


def _register_by(reading: Reading, node: Node, name: str) -> RegisterBy:
    keys = mapping_of(reading, node, name, ("working_days", "day"))
    if len(keys) != 1:
        raise fault("plans.register-by", node, name=name)
    if "day" in keys:
        return RegisterBy(day=whole_of(reading, keys["day"], "day", least=1, most=31))
    return RegisterBy(whole_of(reading, keys["working_days"], "working_days", least=0, most=MOST_REGISTER_DAYS))


def _notice(reading: Reading, node: Node, name: str) -> PlanNotice:
    keys = mapping_of(reading, node, name, ("number", "date", "signer"))
    number = reading.take(text_of, keys["number"], "number") if "number" in keys else None
    day = reading.take(day_of, keys["date"], "date") if "date" in keys else None
    signer = reading.take(text_of, keys["signer"], "signer") if "signer" in keys else None
    return PlanNotice(number or "", day, signer or "")


FIELDS: Mapping[str, Read] = {
    "key": text_of,
    "kind": _kind,
    "host": _hosts,
    "rotation": _texts,
    "rule": rule_of,
    "months": _months,
    "starts": day_of,
    "until": day_of,
    "hours": spans_of,
    "place": text_of,
    "notify": _emails,
    "attend": _texts,
    "content": long_text_of,
    "stand_in": text_of,
    "register_by": _register_by,
    "area": _texts,
    "seasons": _seasons,
    "notice": _notice,
    "day_off": day_off_of,
    "changes": _changes,
}
REQUIRED = ("key", "kind", "rule")
MAY_BE_EMPTY = ("months", "notify", "attend", "area", "seasons", "changes")


def series_of(reading: Reading, node: Node, name: str) -> PlanSeries | None:
    """One series; None when something of it was refused."""
    before = len(reading.faults)
    keys = mapping_of(reading, node, name, FIELDS, may_be_empty=MAY_BE_EMPTY)
    for key in REQUIRED:
        if key not in keys:
            reading.note(fault("plans.missing-key", node, name=key, owner=name))
    if ("host" in keys) == ("rotation" in keys):
        reading.note(fault("plans.host-or-rotation", keys.get("rotation", node)))
    found = {key: reading.take(FIELDS[key], value, key) for key, value in keys.items()}
    if "starts" not in keys and not isinstance(found.get("rule"), Listed | None):
        reading.note(fault("plans.missing-key", node, name="starts", owner=name))
    if len(reading.faults) > before:
        return None
    timing = _timing(reading, keys, found)
    return None if timing is None else _whole_series(timing, found)


def _timing(reading: Reading, keys: Mapping[str, Node], found: Mapping[str, Any]) -> Series | None:
    starts, until = _bounds(found)
    if until is not None and until < starts:
        reading.note(
            fault("plans.until-before-starts", keys["until"], until=until.isoformat(), starts=starts.isoformat())
        )
        return None
    changes: tuple[tuple[Change, str], ...] = found.get("changes", ())
    series = Series(
        key=found["key"],
        rule=found["rule"],
        starts=starts,
        until=until,
        months=found.get("months", ()),
        day_off=found.get("day_off", default_day_off(found["rule"])),
        hosts=found.get("host", ()),
        rotation=found.get("rotation", ()),
        hours=found.get("hours", ()),
        seasons=found.get("seasons", ()),
        changes=tuple(sorted((change for change, _ in changes), key=lambda change: change.day)),
    )
    return series if _changes_fit(reading, series, changes) else None


def _bounds(found: Mapping[str, Any]) -> tuple[date, date | None]:
    """First and last day. A list of days needs neither: it begins with its first and ends with its last."""
    rule: Rule = found["rule"]
    if "starts" in found or not isinstance(rule, Listed):
        return found["starts"], found.get("until")
    return min(rule.dates), found.get("until", max(rule.dates))


def _changes_fit(reading: Reading, series: Series, changes: tuple[tuple[Change, str], ...]) -> bool:
    before = len(reading.faults)
    seen: set[date] = set()
    for change, place in changes:
        if change.day in seen:
            reading.note(fault("plans.double-change", place, text=change.day.isoformat()))
        elif not is_date_by_rule(series, change.day):
            reading.note(fault("plans.change-not-by-rule", place, text=change.day.isoformat(), series=series.key))
        seen.add(change.day)
    return len(reading.faults) == before


def _whole_series(timing: Series, found: Mapping[str, Any]) -> PlanSeries:
    texts = {key: found.get(key, "") for key in ("place", "content", "stand_in")}
    lists = {key: found.get(key, ()) for key in ("notify", "attend", "area")}
    return PlanSeries(
        timing, found["kind"], register_by=found.get("register_by"), notice=found.get("notice"), **texts, **lists
    )

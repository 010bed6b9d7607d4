"""A series in the plain form that plan files write and rows keep as JSON, and back to the value the rules expand."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from scheduler.rules.day_off import DEFAULT_WAY, LISTED_WAY, NEXT_WORKING_DAY, DayOffRule
from scheduler.rules.deadlines import RegisterBy
from scheduler.rules.expansion import Change, Season, Series
from scheduler.rules.recurrence import Listed, Rule
from scheduler.rules.recurrence_forms import rule_from_plain, rule_to_plain
from scheduler.rules.working_days import Day


def default_day_off(rule: Rule) -> DayOffRule:
    """What holds when a series says nothing: a list as published is held as published, all else moves on."""
    return DayOffRule(LISTED_WAY, LISTED_WAY) if isinstance(rule, Listed) else NEXT_WORKING_DAY


def series_to_plain(series: Series) -> dict[str, Any]:
    """The keys of the series that decide its dates, as a plan file writes them; days as ISO text."""
    hosts = list(series.hosts)
    people = {"rotation": list(series.rotation)} if series.rotation else {"host": hosts}
    plain: dict[str, Any] = {"key": series.key} | people | {"rule": rule_to_plain(series.rule)}
    optional = {
        "months": list(series.months),
        "starts": series.starts.isoformat(),
        "until": series.until.isoformat() if series.until else None,
        "hours": list(series.hours),
        "seasons": [_season_to_plain(season) for season in series.seasons],
        "day_off": day_off_to_plain(series.day_off, series.rule),
        "changes": [_change_to_plain(change) for change in series.changes],
    }
    return plain | {name: value for name, value in optional.items() if value}


def series_from_plain(plain: Mapping[str, Any]) -> Series:
    """The series of a stored mapping; other keys of a plan file (place, content, …) are left where they are."""
    host = plain.get("host", [])
    rule = rule_from_plain(plain["rule"])
    return Series(
        key=plain["key"],
        rule=rule,
        starts=date.fromisoformat(plain["starts"]),
        until=date.fromisoformat(plain["until"]) if plain.get("until") else None,
        months=tuple(plain.get("months", ())),
        day_off=day_off_from_plain(plain.get("day_off"), rule),
        hosts=(host,) if isinstance(host, str) else tuple(host),
        rotation=tuple(plain.get("rotation", ())),
        hours=tuple(plain.get("hours", ())),
        seasons=tuple(_season_from_plain(season) for season in plain.get("seasons", ())),
        changes=tuple(_change_from_plain(change) for change in plain.get("changes", ())),
    )


def day_off_to_plain(day_off: DayOffRule, rule: Rule) -> str | dict[str, Any]:
    """A way's name, a mapping by cause, or "" where it is what holds anyway."""
    if day_off == default_day_off(rule):
        return ""
    if day_off.weekend == day_off.holiday and not day_off.same_month:
        return day_off.weekend
    plain: dict[str, Any] = {"weekend": day_off.weekend, "holiday": day_off.holiday}
    return plain | ({"same_month": True} if day_off.same_month else {})


def day_off_from_plain(plain: str | Mapping[str, Any] | None, rule: Rule) -> DayOffRule:
    """The rule for days off; a cause missing from a mapping goes to the next working day."""
    if not plain:
        return default_day_off(rule)
    if isinstance(plain, str):
        return DayOffRule(plain, plain)
    weekend, holiday = plain.get("weekend", DEFAULT_WAY), plain.get("holiday", DEFAULT_WAY)
    return DayOffRule(weekend, holiday, bool(plain.get("same_month", False)))


def days_to_plain(days: Iterable[Day]) -> list[dict[str, Any]]:
    """Lines of `days_off` as a plan file writes them."""
    return [
        {"date": day.day.isoformat(), "off": day.off} | ({"source": day.source} if day.source else {}) for day in days
    ]


def days_from_plain(lines: Iterable[Mapping[str, Any]]) -> list[Day]:
    """Days of `days_off` lines; their source is also what they are called."""
    return [day_of_file(date.fromisoformat(line["date"]), line["off"], line.get("source", "")) for line in lines]


def day_of_file(day: date, off: bool, source: str) -> Day:
    """A line of a plan file's `days_off` as a day of the calendar."""
    return Day(day, off, source, source=source)


def register_by_to_plain(by: RegisterBy) -> dict[str, int]:
    """`{working_days: 3}` or `{day: 20}`."""
    return {"day": by.day or 1} if by.working_days is None else {"working_days": by.working_days}


def register_by_from_plain(plain: Mapping[str, int]) -> RegisterBy:
    """The other way round."""
    return RegisterBy(plain.get("working_days"), plain.get("day"))


def _season_to_plain(season: Season) -> dict[str, Any]:
    return {"from": _month_day(season.starts), "until": _month_day(season.until), "hours": list(season.hours)}


def _season_from_plain(plain: Mapping[str, Any]) -> Season:
    return Season(_pair(plain["from"]), _pair(plain["until"]), tuple(plain["hours"]))


def _month_day(pair: tuple[int, int]) -> str:
    return f"{pair[0]:02}-{pair[1]:02}"


def _pair(text: str) -> tuple[int, int]:
    month, _, day = text.partition("-")
    return int(month), int(day)


def _change_to_plain(change: Change) -> dict[str, Any]:
    plain: dict[str, Any] = {"date": change.day.isoformat(), "action": change.action}
    if change.to is not None:
        plain["to"] = change.to.isoformat()
    return plain | ({"reason": change.reason} if change.reason else {})


def _change_from_plain(plain: Mapping[str, Any]) -> Change:
    to = date.fromisoformat(plain["to"]) if plain.get("to") else None
    return Change(date.fromisoformat(plain["date"]), plain["action"], to, plain.get("reason", ""))

"""Between the blanks of the rule editor and the keys of a plan file: what was typed becomes a series, and back."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scheduler.errors import BadInput
from scheduler.rules.day_off import DEFAULT_WAY, LISTED_WAY
from scheduler.rules.hours import read_hours

if TYPE_CHECKING:
    from web.schedule_forms import ScheduleForm

BY_SHAPE: dict[str, tuple[str, ...]] = {
    "month-days": ("days", "interval"),
    "month-nth": ("weekdays", "nth", "interval"),
    "month-weeks": ("weekdays", "nth", "interval"),
    "month-times": ("times",),
    "week": ("weekdays", "interval"),
    "quarter-days": ("days", "month"),
    "quarter-nth": ("weekdays", "nth", "month"),
    "quarter-weeks": ("weekdays", "nth", "month"),
    "quarter-times": ("times",),
    "year-days": ("days", "month"),
    "year-nth": ("weekdays", "nth", "month"),
    "year-weeks": ("weekdays", "nth", "month"),
    "year-times": ("times",),
    "dates": ("dates",),
}
"""The shapes of a rule (how often, and how its days are picked) with the blanks of each."""
SEASON_NAMES = ("from", "until", "hours")
CHANGE_NAMES = ("date", "action", "to", "reason")
DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
DAY_MONTH = re.compile(r"(\d{1,2})[/.-](\d{1,2})", re.ASCII)


def plain_of(form: "ScheduleForm", key: str) -> dict[str, Any]:
    """The series in the words of a plan file, blanks left out; whether it can be is for the plan's reader to say."""
    hosts = split_lines(form.hosts.data)
    plain: dict[str, Any] = {
        "key": (key or "").strip(),
        "kind": form.kind.data,
        "rotation" if form.together.data == "rotation" and len(hosts) > 1 else "host": hosts,
        "rule": _rule(form),
        "months": split_numbers(form.months.data),
        "starts": form.starts.data,
        "until": form.until.data,
        "hours": _spans(form.hours.data),
        "seasons": [_season(row) for row in form.seasons],
        "place": (form.place.data or "").strip(),
        "day_off": _day_off(form),
        "content": (form.content.data or "").strip(),
        "attend": split_lines(form.attend.data),
        "stand_in": (form.stand_in.data or "").strip(),
        "register_by": _register_by(form),
        "area": split_lines(form.area.data),
        "notify": split_lines(form.notify.data),
        "notice": _notice(form),
        "changes": [_change(row) for row in form.changes],
    }
    return {name: value for name, value in plain.items() if value not in (None, "", [], {})}


def blanks_of(series: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the form for a series that is there."""
    rule, way = series["rule"], series.get("day_off", DEFAULT_WAY if "dates" not in series["rule"] else LISTED_WAY)
    ways = {"weekend": way, "holiday": way} if isinstance(way, str) else way
    hosts = series.get("rotation") or series.get("host", [])
    weekdays = rule.get("weekdays") or [rule.get("weekday")]
    shape, by, notice = _shape(rule), series.get("register_by") or {}, series.get("notice") or {}
    return {
        **{name: series.get(name, "") for name in ("kind", "place", "content", "stand_in")},
        **{name: "\n".join(series.get(name, ())) for name in ("attend", "area", "notify")},
        "hours": ", ".join(series.get("hours", ())),
        "hosts": hosts if isinstance(hosts, str) else "\n".join(hosts),
        "together": "rotation" if series.get("rotation") else "together",
        "shape": shape,
        "reading": shape.partition("-")[2] if shape.endswith(("-nth", "-weeks")) else "",
        "interval": rule.get("interval", 1),
        "days": _joined(rule.get("days")),
        "nth": _joined(rule.get("nth") or rule.get("weeks")),
        "weekdays": [weekday for weekday in weekdays if weekday],
        "month": _joined(rule.get("month")),
        "times": rule.get("times"),
        "dates": "\n".join(_shown_day(day) for day in rule.get("dates", ())),
        "short_month": rule.get("short_month", "last_day") if rule.get("days") else "",
        "months": _joined(series.get("months")),
        "weekend": ways.get("weekend", DEFAULT_WAY),
        "holiday": ways.get("holiday", DEFAULT_WAY),
        "same_month": bool(ways.get("same_month", False)),
        "register_days": by.get("working_days"),
        "register_day": by.get("day"),
        "notice_number": notice.get("number", ""),
        "notice_signer": notice.get("signer", ""),
    }


def rows_of(series: Mapping[str, Any]) -> tuple[tuple[dict[str, str], ...], tuple[dict[str, str], ...]]:
    """The seasons and changes of a series as the rows of the form."""
    seasons = tuple(
        {
            "from": "/".join(reversed(season["from"].split("-"))),
            "until": "/".join(reversed(season["until"].split("-"))),
            "hours": ", ".join(season["hours"]),
        }
        for season in series.get("seasons", ())
    )
    changes = tuple({name: change.get(name, "") for name in CHANGE_NAMES} for change in series.get("changes", ()))
    return seasons, changes


def split_lines(text: str | None) -> list[str]:
    """Lines without blanks."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def split_numbers(text: str | None) -> list[str]:
    """Numbers as they were typed; the plan's reader refuses what is none."""
    return [part.strip() for part in re.split(r"[,;\s]+", text or "") if part.strip()]


def _rule(form: "ScheduleForm") -> dict[str, Any]:
    shape = form.shape.data
    every, _, pick = shape.partition("-")
    if every == "dates":
        return {"dates": [_iso(part) for part in re.split(r"[,;\s]+", form.dates.data or "") if part]}
    given = BY_SHAPE[shape]
    weekdays = form.weekdays.data or []
    rule: dict[str, Any] = {"every": every}
    if pick == "times":
        return rule | {"times": form.times.data}
    if pick == "days":
        rule["days"] = split_numbers(form.days.data)
        rule |= {"short_month": "skip"} if form.short_month.data == "skip" and form.asks_short_month else {}
    elif pick:
        rule |= {pick: split_numbers(form.nth.data), "weekday": "".join(weekdays[:1])}
    else:
        rule["weekdays"] = weekdays
    if "month" in given:
        rule["month"] = split_numbers(form.month.data)
    elif form.interval.data and form.interval.data > 1:
        rule["interval"] = form.interval.data
    return rule


def _day_off(form: "ScheduleForm") -> str | dict[str, Any] | None:
    weekend, holiday = form.weekend.data, form.holiday.data
    if form.shape.data.endswith("-times"):
        return None
    if weekend == holiday and not form.same_month.data:
        default = LISTED_WAY if form.shape.data == "dates" else DEFAULT_WAY
        return None if weekend == default else str(weekend)
    ways: dict[str, Any] = {"weekend": weekend, "holiday": holiday}
    return ways | ({"same_month": True} if form.same_month.data else {})


def _register_by(form: "ScheduleForm") -> dict[str, Any]:
    given = {"working_days": form.register_days.data, "day": form.register_day.data}
    return {name: value for name, value in given.items() if value is not None}


def _notice(form: "ScheduleForm") -> dict[str, Any]:
    given = {
        "number": (form.notice_number.data or "").strip(),
        "date": form.notice_day.data,
        "signer": (form.notice_signer.data or "").strip(),
    }
    return {name: value for name, value in given.items() if value}


def _season(row: Mapping[str, str]) -> dict[str, Any]:
    return {"from": _month_day(row["from"]), "until": _month_day(row["until"]), "hours": _spans(row["hours"])}


def _change(row: Mapping[str, str]) -> dict[str, Any]:
    given = {name: _iso(row[name]) if name in ("date", "to") else row[name] for name in CHANGE_NAMES}
    return {name: value for name, value in given.items() if value}


def _spans(text: str | None) -> list[str]:
    """Hours as people write them ("7h30-11h30"); what cannot be read stays, for the plan's reader to name."""
    try:
        return list(read_hours(text or ""))
    except BadInput:
        return split_lines(text)


def _iso(text: str) -> str:
    """A day typed as 07/01/2027 in the form of a plan file; anything else as it is."""
    found = DAY.fullmatch(text.strip())
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else text.strip()


def _month_day(text: str) -> str:
    """A day of any year typed as 16/04."""
    found = DAY_MONTH.fullmatch(text.strip())
    return f"{int(found[2]):02}-{int(found[1]):02}" if found else text.strip()


def _shown_day(text: str) -> str:
    year, month, day = text.split("-")
    return f"{day}/{month}/{year}"


def _shape(rule: Mapping[str, Any]) -> str:
    if "dates" in rule:
        return "dates"
    pick = next((pick for pick in ("days", "nth", "weeks", "times") if pick in rule), "")
    return "-".join(part for part in (rule["every"], pick) if part)


def _joined(values: Any) -> str:
    return ", ".join(str(value) for value in values or ())

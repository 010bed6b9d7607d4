"""A whole series said back as a sentence: who receives, on which days, when and where, and what a day off does."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from scheduler.language import say
from scheduler.language.dates import span_words, table_date
from scheduler.language.why import Facts, rule_words

LISTED_WAY, DEFAULT_WAY = "keep", "next_working_day"


def schedule_words(language: str, rule: Facts, series: Mapping[str, Any]) -> str:
    """ "Chủ tịch UBND tiếp công dân vào ngày 15 hằng tháng, 7 giờ 30 đến 11 giờ 30, tại …; nếu trùng ngày nghỉ thì …."

    `rule` are the facts of `rules.recurrence_forms.rule_reason`, `series` are the keys as a plan file writes them.
    """
    parts = [_who(language, series), _when(language, rule, series), *_hours_and_place(language, series)]
    sentence = ", ".join([" ".join(parts[:2]), *parts[2:]])
    return f"{sentence}{_on_a_day_off(language, rule, series)}. {_bounds(language, series)}".strip()


def way_words(language: str, way: str) -> str:
    """What becomes of a date that is a day off: "ngày làm việc tiếp theo"."""
    return say(language, f"schedules.way-{way.replace('_', '-')}")


def _who(language: str, series: Mapping[str, Any]) -> str:
    turns = series.get("rotation")
    named = turns or series.get("host") or []
    hosts = _joined(language, [named] if isinstance(named, str) else named)
    verb = say(language, f"schedules.verb-{series['kind'].replace('_', '-')}")
    return say(language, "schedules.who-in-turn" if turns else "schedules.who", hosts=hosts, verb=verb)


def _when(language: str, rule: Facts, series: Mapping[str, Any]) -> str:
    if rule["every"] == "dates":
        days = [table_date(_day(day)) for day in series["rule"]["dates"]]
        return say(language, "schedules.on-dates", n=len(days), days=_joined(language, days))
    key = "schedules.so-often" if rule["pick"] == "times" else "schedules.on"
    return say(language, key, rule=rule_words(language, rule))


def _hours_and_place(language: str, series: Mapping[str, Any]) -> Iterable[str]:
    if series.get("hours"):
        yield span_words(language, list(series["hours"]))
    for season in series.get("seasons", ()):
        first, last = ("/".join(reversed(season[end].split("-"))) for end in ("from", "until"))
        hours = span_words(language, list(season["hours"]))
        yield say(language, "schedules.in-season", first=first, last=last, hours=hours)
    if series.get("place"):
        yield say(language, "schedules.at-place", place=series["place"])


def _on_a_day_off(language: str, rule: Facts, series: Mapping[str, Any]) -> str:
    if rule.get("pick") == "times":
        return ""
    given = series.get("day_off") or (LISTED_WAY if rule["every"] == "dates" else DEFAULT_WAY)
    ways = {"weekend": given, "holiday": given} if isinstance(given, str) else given
    weekend, holiday = (way_words(language, ways.get(cause, DEFAULT_WAY)) for cause in ("weekend", "holiday"))
    if weekend == holiday:
        said = say(language, "schedules.if-day-off", way=weekend)
    else:
        said = say(language, "schedules.if-either", weekend=weekend, holiday=holiday)
    return said + (say(language, "schedules.within-month") if ways.get("same_month") else "")


def _bounds(language: str, series: Mapping[str, Any]) -> str:
    starts = table_date(_day(series["starts"]))
    if not series.get("until"):
        return say(language, "schedules.from-on", starts=starts)
    return say(language, "schedules.from-until", starts=starts, until=table_date(_day(series["until"])))


def _day(given: Any) -> date:
    return given if isinstance(given, date) else date.fromisoformat(given)


def _joined(language: str, parts: Iterable[Any]) -> str:
    *most, last = [str(part) for part in parts]
    return say(language, "why.and", most=", ".join(most), last=last) if most else last

"""The news of a calendar in words: new dates summed up by the year, changes one by one, then the next date."""

from collections.abc import Sequence
from typing import Any

from scheduler.language import say
from scheduler.language.dates import long_date, short_date
from scheduler.letters.blanks import fill_blanks
from scheduler.models import Occurrence
from scheduler.queries.agenda import host_titles
from scheduler.rules.followers import NEW, News

FEW = 3
"""So many new dates of one head and year are told one by one, more are summed up."""
MOST_LINES = 15

Told = tuple[Occurrence, News]


def headline(language: str, told: Sequence[Told], followed: str) -> str:
    """The subject: the one piece of news itself, or how many there are."""
    if len(told) == 1:
        sitting, news = told[0]
        if news.steps == (NEW,):
            return say(language, "follow.headline-new", **_words(language, sitting))
        return fill_blanks(_facts(sitting, news, news.steps[0]), language)["headline"]
    new = [sitting for sitting, news in told if news.steps == (NEW,)]
    if len(new) == len(told):
        return say(language, "follow.headline-dates", n=len(new), followed=followed)
    return say(language, "follow.headline-several", n=len(told), followed=followed)


def news_lines(language: str, told: Sequence[Told]) -> list[str]:
    """One sentence a change, the changes first; at most MOST_LINES."""
    lines = [_changed(language, sitting, news) for sitting, news in told if news.steps != (NEW,)]
    groups: dict[tuple[str, str, int], list[Occurrence]] = {}
    for sitting, news in told:
        if news.steps == (NEW,):
            year = (sitting.day or sitting.planned_day).year
            groups.setdefault((sitting.kind, ", ".join(host_titles(sitting)), year), []).append(sitting)
    for sittings in groups.values():
        lines += _new_dates(language, sittings)
    more = len(lines) - MOST_LINES
    return lines if more <= 0 else [*lines[:MOST_LINES], say(language, "follow.more", n=more)]


def next_line(language: str, sitting: Occurrence | None) -> str:
    """The next date of the calendar, or that none is known."""
    if sitting is None:
        return say(language, "follow.none-next")
    return say(language, "follow.next", **_words(language, sitting))


def led_line(language: str, old: str, heir: str) -> str:
    """That the unit or post became another, and that its news come from now on."""
    return say(language, "follow.led", old=old, heir=heir)


def _new_dates(language: str, sittings: list[Occurrence]) -> list[str]:
    dated = sorted((one for one in sittings if one.day), key=lambda one: (one.day, one.id))
    undated = len(sittings) - len(dated)
    if len(dated) <= FEW:
        lines = [say(language, "follow.new-one", **_words(language, one)) for one in dated]
    else:
        first = dated[0]
        assert first.day is not None
        lines = [say(language, "follow.new-many", n=len(dated), year=first.day.year, **_words(language, first))]
    if undated:
        one = next(one for one in sittings if not one.day)
        lines.append(say(language, "follow.new-undated", n=undated, **_words(language, one)))
    return lines


def _changed(language: str, sitting: Occurrence, news: News) -> str:
    said = [fill_blanks(_facts(sitting, news, step), language)["news"] for step in news.steps]
    words = fill_blanks(_facts(sitting, news, news.steps[0]), language)
    if words["reason"]:
        said.append(say(language, "follow.reason", reason=words["reason"]))
    if words["told_by"]:
        said.append(say(language, "follow.told-by", day=words["told_by_short"]))
    return " ".join(said)


def _facts(sitting: Occurrence, news: News, step: str) -> dict[str, Any]:
    """The facts of a letter of kind "change", from the outer states of what happened."""
    before, after = news.before, news.after
    day = after["day"] or before["day"] or sitting.planned_day.isoformat()
    return {
        "unit": sitting.unit.name,
        "post": ", ".join(host_titles(sitting)),
        "kind": sitting.kind,
        "day": day,
        "hours": list(after["hours"]),
        "place": after["place"],
        "step": step,
        "old_day": before["day"],
        "old_hours": list(before["hours"]),
        "old_place": before["place"] if before["place"] != after["place"] else "",
        "reason": news.reason,
        "told_by": after.get("told_by") if step == "postpone" else None,
        "chair": after["chair"][1] if after.get("stands_in") else "",
    }


def _words(language: str, sitting: Occurrence) -> dict[str, str]:
    day = sitting.day or sitting.planned_day
    hours = fill_blanks({"hours": list(sitting.hours), "place": sitting.place, "kind": sitting.kind}, language)
    return {
        "kind": hours["kind"],
        "who": ", ".join(host_titles(sitting)),
        "day": long_date(language, day),
        "day_short": short_date(language, day),
        "hours": hours["hours"],
        "at": hours["at"],
    }

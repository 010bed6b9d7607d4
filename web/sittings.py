"""A sitting in words, as pages tell it: the answer in one sentence, its reasons, its changes and its result.

Names, places and reasons are data and stay Vietnamese; on English pages they are marked as such.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from scheduler.clock import local_date, to_local
from scheduler.language import dates
from scheduler.language.numbers import rate_words
from scheduler.language.why import render_why
from scheduler.models import Occurrence, OccurrenceChange, Post, Record
from scheduler.queries.agenda import host_titles, is_moved, status_of, titled
from scheduler.queries.duties import PostDays
from scheduler.rules.duties import STAND_IN_NEVER_COUNTS_FROM, duties_between
from scheduler.rules.names import by_district
from web.language import language, say
from web.year import has_day, shown_day

MARK = "\x00"


def install(app: Flask) -> None:
    """Give templates these words."""
    for function in SAID:
        app.add_template_global(function)


def vi(text: object) -> Markup:
    """Data that stay Vietnamese, marked on English pages."""
    return escape(text) if language() == "vi" else Markup('<span lang="vi">{}</span>').format(text)


def say_with(key: str, data: dict[str, object], /, **facts: Any) -> Markup:
    """The sentence with data in it: each is escaped and, on English pages, marked as Vietnamese."""
    blanks = {name: f"{MARK}{name}{MARK}" for name in data}
    pieces = say(key, **blanks, **facts).split(MARK)
    return Markup("").join(vi(data[piece]) if place % 2 else escape(piece) for place, piece in enumerate(pieces))


def start_hour(sitting: Occurrence) -> str:
    """ "7 giờ 30"."""
    return dates.hour_words(language(), sitting.hours[0].split("-")[0]) if sitting.hours else ""


def who_sits(sitting: Occurrence) -> str:
    """The posts that host it, joined; for a conference without a host its unit."""
    return ", ".join(host_titles(sitting)) or sitting.unit.name


def place_of(sitting: Occurrence) -> str:
    """Where, in words."""
    if sitting.place:
        return sitting.place
    row = sitting.place_row
    return ", ".join(part for part in (row.name, row.address) if part) if row else sitting.unit.address


def phone_of(sitting: Occurrence) -> str:
    """The number to ask about it: of its place, its unit, or the place the unit belongs to."""
    at = sitting.place_row.phone if sitting.place_row else ""
    return at or sitting.unit.phone or (sitting.unit.parent.phone if sitting.unit.parent else "")


def phone_numbers(text: str) -> list[tuple[str, str]]:
    """(as written, as dialled) of every number in the text: "024 3825 1234, 0912 345 678"."""
    parts = [part.strip() for part in re.split(r"[,;/]| - ", text)]
    return [(part, re.sub(r"[^0-9+]", "", part)) for part in parts if part]


def days_left(day: date, today: date) -> str:
    """ "Hôm nay.", "Ngày mai.", "Còn 4 ngày."; nothing for a day that has passed."""
    left = (day - today).days
    if left < 0:
        return ""
    return say(("public.today", "public.tomorrow")[left]) if left < 2 else say("public.days-left", n=left)


def answer_of(sitting: Occurrence, today: date) -> Markup:
    """The answer: who, when, where, and how many days are left (words.md, string 3)."""
    status = status_of(sitting)
    day = shown_day(sitting)
    data: dict[str, object] = {"who": who_sits(sitting), "place": place_of(sitting)}
    facts = {"day": dates.long_date(language(), day), "one": say(f"public.one-{sitting.kind}")}
    if status == "held":
        return say_with("public.answer-held", {}, **facts)
    if status == "cancelled":
        return say_with("public.answer-cancelled", {"who": data["who"]}, **facts)
    if status == "postponed":
        return _answer_without_day(sitting, data["who"], facts)
    what = say(f"public.what-{sitting.kind}")
    key = "public.answer" if data["place"] else "public.answer-no-place"
    shown = data if data["place"] else {"who": data["who"]}
    return say_with(key, shown, what=what, hour=start_hour(sitting), left=days_left(day, today), **facts)


def _answer_without_day(sitting: Occurrence, who: object, facts: dict[str, str]) -> Markup:
    """Put off, or never dated: one of so many a quarter, whose day is set later."""
    if not has_day(sitting) and sitting.why and sitting.why[0][0] == "why.set-later":
        which = render_why(language(), sitting.why[:1])
        return say_with("public.answer-set-later", {"who": who}, one=facts["one"]) + " " + which
    until = sitting.to_be_told_by
    told = say("public.told-by", date=dates.short_date(language(), until)) if until else say("public.told-here")
    return say_with("public.answer-postponed", {"who": who}, **facts) + " " + told


def reason_words(sitting: Occurrence) -> str:
    """Why it is on this date."""
    return render_why(language(), sitting.why)


def rules_of(sittings: Iterable[Occurrence]) -> list[tuple[str, str]]:
    """(who, rule in words) of the patterns behind these sittings, each once: "ngày 15 hằng tháng"."""
    found: dict[tuple[str, str], None] = {}
    for sitting in sittings:
        first = [reason for reason in sitting.why[:1] if reason[0] == "why.by-rule"]
        if first:
            found[(who_sits(sitting), render_why(language(), first))] = None
    return list(found)


def moved_from(sitting: Occurrence) -> date | None:
    """The day it was first published for, where it takes place on another."""
    moved = is_moved(sitting) and sitting.published_day is not None and sitting.published_day != sitting.day
    return sitting.published_day if moved else None


def change_words(change: OccurrenceChange) -> Markup:
    """What a change did, in one sentence: "từ thứ Tư, 25/11/2026 sang thứ Sáu, 27/11/2026"."""
    before, after = change.before, change.after
    facts: dict[str, Any] = {"old": _day(before.get("day")), "new": _day(after.get("day"))}
    data: dict[str, object] = {}
    if change.step == "postpone":
        facts["date"] = _day(after.get("told_by"))
    elif change.step in ("change_place", "hand_over"):
        data = {"place": after.get("place", ""), "unit": after.get("unit", [0, ""])[1]}
    elif change.step == "change_hours":
        facts["hours"] = dates.span_words(language(), after.get("hours", []))
    elif change.step == "change_chair":
        data = {"name": (after.get("chair") or [None, ""])[1]}
        if not after.get("stands_in"):
            return say_with("public.change-chair-back", {})
    elif change.step == "move" and not before.get("day"):
        return say_with("public.change-dated", {}, **facts)
    elif change.step == "move" and before.get("day") == after.get("day"):
        facts["hours"] = dates.span_words(language(), after.get("hours", []))
        return say_with("public.change-change_hours", {}, **facts)
    return say_with(f"public.change-{change.step}", data, **facts)


def result_words(sitting: Occurrence, record: Record | None) -> Markup:
    """What happened, as facts (words.md, string 9)."""
    if record is None:
        return say_with("public.result-open", {})
    if record.nobody_came:
        return say_with("public.result-nobody", {})
    if sitting.kind in ("dialogue", "voter_meeting"):
        return say_with("public.result-meeting", {}, attendances=record.attendances, opinions=record.opinions)
    return say_with("public.result-counts", {}, visits=record.visits, persons=record.persons)


def turn_words(record: Record) -> list[Markup]:
    """Who sat, from when to when."""
    return [
        say_with(
            "public.turn-stand-in" if turn.stands_in else "public.turn-head",
            {"name": turn.name},
            first=hour_of(turn.starts_at),
            last=hour_of(turn.ends_at),
        )
        + (f" {stand_in_law(local_date(turn.starts_at))}" if turn.stands_in else "")
        for turn in record.turns
    ]


def facts_words(days: PostDays, *, rates: bool = False) -> Markup:
    """What became of a head's days so far, as facts; `rates` against what the law asks where they are public."""
    number = days.tally.number
    said = [
        say_with(key, {}, days=n)
        for key, n in (
            ("public.facts-head", number("head")),
            ("public.facts-part", number("part")),
            ("public.facts-stand-in", number("stand_in")),
            ("public.facts-cancelled", number("cancelled")),
            ("public.facts-unrecorded", number("unrecorded")),
        )
        if n
    ]
    met, due = number("met"), number("due")
    if rates and due:
        said.append(say_with("public.facts-law", {}, met=met, due=due, rate=rate_words(language(), met, due)))
    return Markup(", ").join(said)


def stand_in_law(day: date) -> str:
    """What the law says of a stand-in's day since 01/07/2026, blank before."""
    return say("public.stand-in-law") if day >= STAND_IN_NEVER_COUNTS_FROM else ""


def law_of(post: Post, today: date) -> tuple[int, str, str] | None:
    """(how many days, week or month, where the law says so) that the law asks of this post, None where nothing."""
    duties = duties_between(post.duty, today, today)
    return (duties[-1].count, duties[-1].per, duties[-1].basis) if duties else None


def duty_words(post: Post, today: date) -> Markup:
    """What the law asks of the post, blank where it asks nothing."""
    law = law_of(post, today)
    if law is None:
        return Markup("")
    count, per, basis = law
    key = "public.law-week" if per == "week" else "public.law-month"
    return say_with(key, {"who": titled(post), "basis": basis}, count=count)


def hour_of(moment: datetime | None) -> str:
    """ "8 giờ 05", blank where it is not known."""
    return dates.hour_words(language(), f"{to_local(moment):%H:%M}") if moment else ""


def _day(text: str | None) -> str:
    return dates.short_date(language(), date.fromisoformat(text)) if text else ""


SAID = (
    answer_of,
    by_district,
    change_words,
    days_left,
    duty_words,
    facts_words,
    has_day,
    hour_of,
    law_of,
    moved_from,
    phone_numbers,
    phone_of,
    place_of,
    reason_words,
    result_words,
    rules_of,
    say_with,
    shown_day,
    stand_in_law,
    start_hour,
    status_of,
    titled,
    turn_words,
    vi,
    who_sits,
)
"""What templates may call by name."""

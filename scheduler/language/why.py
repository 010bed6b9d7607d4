"""Reasons in words: why a date stands where it stands, why a due day is due, and a rule said back as a sentence.

Reasons are (key, facts) pairs as the rules give them and rows keep them; days in facts are ISO text.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from scheduler.language import say
from scheduler.language.dates import EN_MONTHS, day_month, short_date, table_date

Facts = Mapping[str, Any]
Sentence = Callable[[str, Facts], str]

FEASTS = ("new_year", "tet", "hung_kings", "victory", "labour", "national", "culture")
LONG_DAYS = ("to",)
"""Facts said with their weekday; the other days are said short."""
SHORTEST_MONTH = 28
ROMAN = ("I", "II", "III", "IV")
"""Quarters, as Vietnamese offices number them."""


def render_why(language: str, reasons: Iterable[Sequence[Any]]) -> str:
    """The reasons as sentences, what the days off rest on last; "" for no reasons.

    Raises KeyError for a reason without words.
    """
    pairs = [(str(key), facts) for key, facts in reasons]
    said = [SENTENCES.get(key, _plain(key))(language, facts) for key, facts in pairs]
    bases = dict.fromkeys(_basis(language, facts) for key, facts in pairs if key == "why.day-off")
    return " ".join(sentence for sentence in (*said, *bases) if sentence)


def rule_words(language: str, facts: Facts) -> str:
    """The rule of `recurrence_forms.rule_reason` as a phrase: "ngày 15 hằng tháng"."""
    if facts["every"] == "dates":
        said = say(language, "why.every-listed")
    elif facts["pick"] == "times":
        said = say(language, f"why.times-{facts['every']}", n=facts["times"])
    else:
        said = _every(language, facts, _days(language, facts))
    return said + "".join(_notes(language, facts))


def _every(language: str, facts: Facts, days: str) -> str:
    every, n = facts["every"], facts.get("interval", 1)
    if every in ("quarter", "year"):
        named = every == "year" and language == "en"
        months = [EN_MONTHS[month - 1] for month in facts["month"]] if named else facts["month"]
        return say(language, f"why.every-{every}", days=days, months=_joined(language, months))
    return say(language, f"why.every-{every}" if n == 1 else f"why.every-n-{every}s", days=days, n=n)


def _days(language: str, facts: Facts) -> str:
    pick = facts["pick"]
    if pick == "weekdays":
        return _joined(language, [_weekday(language, weekday) for weekday in facts["weekdays"]])
    if pick == "days":
        return say(language, "why.pick-days", days=_joined(language, facts["days"]))
    weekday = _weekday(language, facts["weekday"])
    if pick == "nth":
        nth = [say(language, f"why.nth-{n}" if n > 0 else "why.nth-last") for n in facts["nth"]]
        return say(language, "why.pick-nth", weekday=weekday, nth=_joined(language, nth))
    return say(language, "why.pick-weeks", weekday=weekday, weeks=_joined(language, facts["weeks"]))


def _notes(language: str, facts: Facts) -> Iterable[str]:
    if facts.get("pick") == "weeks":
        yield say(language, "why.note-weeks")
    if facts.get("pick") == "days" and max(facts["days"]) > SHORTEST_MONTH:
        yield say(language, "why.note-last-day" if facts["short_month"] == "last_day" else "why.note-short-month")
    if facts.get("months"):
        yield say(language, "why.note-months", months=_joined(language, facts["months"]))


def _by_rule(language: str, facts: Facts) -> str:
    return say(language, "why.by-rule", rule=rule_words(language, facts))


def _set_later(language: str, facts: Facts) -> str:
    """ "Ngày sẽ thông báo: buổi 1 trong 2 của quý I/2027."."""
    period = ROMAN[facts["period"] - 1] if facts["every"] == "quarter" and language == "vi" else facts["period"]
    blanks = {"n": facts["n"], "times": facts["times"], "period": period, "year": facts["year"]}
    return say(language, f"why.set-later-{facts['every']}", **blanks)


def _day_off(language: str, facts: Facts) -> str:
    """ "Ngày 15/02/2026 là Chủ nhật, trong kỳ nghỉ Tết Nguyên đán (14/02 đến 22/02/2026)."."""
    day = date.fromisoformat(facts["day"])
    feasts = [_feast(language, kind, name) for kind, name in facts.get("feasts", ())]
    named = _named(language, facts, feasts)
    around = _around(language, facts, feasts) if feasts else ""
    words = ", ".join(part for part in (named, around) if part)
    return say(language, "why.day-off", day=table_date(day), weekday=_weekday(language, day.weekday()), words=words)


def _named(language: str, facts: Facts, feasts: Sequence[str]) -> str:
    """What the day itself is; left out where the break it lies in says the same."""
    if "name" not in facts:
        return "" if feasts else say(language, "why.weekend")
    kind, name = facts["kind"], facts["name"]
    if kind in FEASTS:
        said = _feast(language, kind, name)
        return "" if list(feasts) == [said] else say(language, "why.feast", name=said)
    if kind == "other":
        return say(language, "why.off-named", name=name) if name else say(language, "why.off-unnamed")
    name = name[:1].lower() + name[1:]
    return say(language, "why.in-lieu" if kind == "in_lieu" else "why.swap", name=name)


def _feast(language: str, kind: str, name: str) -> str:
    return say(language, f"why.feast-{kind}") if kind in FEASTS else name


def _around(language: str, facts: Facts, feasts: Sequence[str]) -> str:
    first, last = date.fromisoformat(facts["first"]), date.fromisoformat(facts["last"])
    begins = day_month(first) if first.year == last.year else table_date(first)
    return say(language, "why.in-break", feasts=_joined(language, feasts), first=begins, last=table_date(last))


def _basis(language: str, facts: Facts) -> str:
    source = str(facts.get("source") or "").rstrip(".")
    if not source or source == facts.get("name"):
        return ""
    return say(language, "why.basis" if facts.get("state") == "confirmed" else "why.basis-expected", source=source)


def _named_days(key: str) -> Sentence:
    def said(language: str, facts: Facts) -> str:
        days = [
            say(language, "why.day-named", day=table_date(date.fromisoformat(day)), name=_feast(language, kind, name))
            for day, kind, name in facts["days"]
        ]
        return say(language, key, days=", ".join(days))

    return said


def _plain(key: str) -> Sentence:
    """A sentence with the facts put in; a reason given by hand follows as its own sentence."""

    def said(language: str, facts: Facts) -> str:
        blanks = {name: _fact(language, name, fact) for name, fact in facts.items() if name != "reason"}
        reason = str(facts.get("reason") or "").strip().rstrip(".")
        sentence = say(language, key, **blanks)
        return f"{sentence} {say(language, 'why.reason', reason=reason)}" if reason else sentence

    return said


def _fact(language: str, name: str, fact: Any) -> Any:
    if not isinstance(fact, str):
        return fact
    day = date.fromisoformat(fact)
    return short_date(language, day) if name in LONG_DAYS else table_date(day)


def _weekday(language: str, weekday: int) -> str:
    return say(language, f"weekdays.{weekday + 1}")


def _joined(language: str, parts: Iterable[Any]) -> str:
    *most, last = [str(part) for part in parts]
    return say(language, "why.and", most=", ".join(most), last=last) if most else last


SENTENCES: Mapping[str, Sentence] = {
    "why.by-rule": _by_rule,
    "why.set-later": _set_later,
    "why.day-off": _day_off,
    "why.due-left-out": _named_days("why.due-left-out"),
    "why.due-counted": _named_days("why.due-counted"),
}

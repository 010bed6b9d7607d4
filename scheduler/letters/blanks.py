"""The blanks of a letter's text, filled from its facts: days, hours, reasons and choices become words."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from scheduler.language import say
from scheduler.language.dates import long_date, moment_words, short_date, span_words, table_date
from scheduler.language.why import render_why


def fill_blanks(
    facts: Mapping[str, Any], language: str, *, name: str = "", base_url: str = "", today: date | None = None
) -> dict[str, str]:
    """Every blank a text may use, in words; one without a value is "".

    Days give three blanks: `day` (long), `day_short`, `day_table`. Raises KeyError for words that do not exist.
    """
    words: dict[str, str] = {"greeting": _greeting(language, name)}
    for fact, value in facts.items():
        words |= _said(fact, value, language)
    words["url"] = whole_url(str(facts.get("url") or ""), language, base_url)
    if today is not None and facts.get("days_left") is not None and facts.get("day"):
        facts = {**facts, "days_left": (date.fromisoformat(facts["day"]) - today).days}
    for blank, compose in COMPOSED.items():
        words[blank] = compose(facts, words, language)
    return words


def whole_url(url: str, language: str, base_url: str) -> str:
    """A path as a whole address in the reader's language; a whole address stays as it is."""
    if not url.startswith("/"):
        return url
    return f"{base_url}/en{url}" if language == "en" else f"{base_url}{url}"


def _said(fact: str, value: Any, language: str) -> dict[str, str]:
    if value is None or value == "" or value == []:
        return {fact: "", f"{fact}_short": "", f"{fact}_table": ""} if _is_day(fact) else {fact: ""}
    if _is_day(fact):
        day = date.fromisoformat(value)
        return {
            fact: long_date(language, day),
            f"{fact}_short": short_date(language, day),
            f"{fact}_table": table_date(day),
        }
    return {fact: WAYS[fact](language, value) if fact in WAYS else str(value)}


def _is_day(fact: str) -> bool:
    return fact == "day" or fact.endswith("_day") or fact == "told_by"


def _hours(language: str, value: Any) -> str:
    return say(language, "letters.hours", span=span_words(language, value))


def _joined(language: str, value: Any) -> str:
    return value if isinstance(value, str) else "; ".join(value)


def _unpointed(language: str, value: Any) -> str:
    return str(value).strip().rstrip(".")


def _lines(language: str, value: Any) -> str:
    return value if isinstance(value, str) else "\n".join(value)


def _sitting(language: str, value: Any) -> str:
    return say(language, f"letters.sitting-{value}")


def _why_you(language: str, value: Any) -> str:
    return say(language, f"letters.why-{value}")


def _cause(language: str, value: Any) -> str:
    return say(language, f"letters.cause-{value}")


def _moment(language: str, value: Any) -> str:
    return moment_words(language, datetime.fromisoformat(value))


def _reasons(language: str, value: Any) -> str:
    return value if isinstance(value, str) else render_why(language, value)


WAYS: dict[str, Callable[[str, Any], str]] = {
    "hours": _hours,
    "old_hours": _hours,
    "kind": _sitting,
    "attend": _joined,
    "content": _unpointed,
    "reason": _unpointed,
    "lines": _lines,
    "due_why": _reasons,
    "why_you": _why_you,
    "cause": _cause,
    "ends": _moment,
}
"""How a fact is said that is neither a day nor plain text."""


def _greeting(language: str, name: str) -> str:
    return say(language, "letters.greeting", name=name) if name else say(language, "letters.greeting-nobody")


def _news(facts: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    return _by_step("news", facts, words, language)


def _headline(facts: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    return _by_step("headline", facts, words, language)


def _by_step(what: str, facts: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    """The sentence of this step, `letters.<what>-<step>`; "" for a letter without steps."""
    step = str(facts.get("step", "")).replace("_", "-")
    if step == "move" and not facts.get("old_day"):
        step = "date-set"  # it was put off before: there is no day it moves from
    if step == "change-chair" and not facts.get("chair"):
        step = "chair-back"
    return say(language, f"letters.{what}-{step}", **words) if step else ""


def _capital_kind(facts: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    kind = words.get("kind", "")
    return kind[:1].upper() + kind[1:]


def _at(facts: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    return say(language, "letters.at-place", place=facts["place"]) if facts.get("place") else ""


def _old_place(facts: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    return say(language, "letters.old-place", place=facts["old_place"]) if facts.get("old_place") else ""


def _left(facts: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    n = facts.get("days_left") or 0
    unit = "letters.days" if "day" in facts else "letters.working-days"
    return say(language, "letters.left", days=say(language, unit, n=n)) if n > 0 else ""


def _late(facts: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    n = facts.get("days_late") or 0
    return say(language, "letters.late", days=say(language, "letters.working-days", n=n)) if n > 0 else ""


def _how(facts: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    return say(language, "letters.how-lead-unit") if facts.get("why_you") == "lead-unit" else ""


COMPOSED: dict[str, Callable[[Mapping[str, Any], Mapping[str, str], str], str]] = {
    "Kind": _capital_kind,
    "at": _at,
    "before": _old_place,
    "left": _left,
    "late": _late,
    "how": _how,
    "headline": _headline,
    "news": _news,
}
"""Blanks that are made of several facts; the later ones may use the earlier ones."""

MAY_BE_EMPTY = ("at", "left", "late")
"""Blanks that carry their own comma or full stop: a line stays without them."""

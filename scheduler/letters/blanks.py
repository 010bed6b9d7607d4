"""The blanks of a letter's text, filled from its facts: days, hours, reasons and choices become words."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from scheduler.language import say
from scheduler.language.dates import long_date, moment_words, short_date, span_words, table_date
from scheduler.language.mouths import RECEPTIONS
from scheduler.language.why import render_why
from scheduler.letters.texting import step_of

LINKS = ("url", "leave_url")
"""Facts that are addresses within the site: where the button leads, and where one gets no such letters any more."""


def fill_blanks(
    facts: Mapping[str, Any], language: str, *, name: str = "", base_url: str = "", today: date | None = None
) -> dict[str, str]:
    """Every blank a text may use, in words; one without a value is "".

    Days give three blanks: `day` (long), `day_short`, `day_table`. Raises KeyError for words that do not exist.
    """
    words: dict[str, str] = {"greeting": _greeting(language, name)}
    for fact, value in facts.items():
        words |= _said(fact, value, language)
    for link in LINKS:
        words[link] = whole_url(str(facts.get(link) or ""), language, base_url)
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


def _arrival(language: str, value: Any) -> str:
    return say(language, "letters.hours", span=span_words(language, ["-".join(value)]))


def _code(_language: str, value: Any) -> str:
    """In two groups, as people read it to each other: "482 615"."""
    return f"{value[:3]} {value[3:]}"


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
    "arrive": _arrival,
    "code": _code,
}
"""How a fact is said that is neither a day nor plain text."""


def _greeting(language: str, name: str) -> str:
    return say(language, "letters.greeting", name=name) if name else say(language, "letters.greeting-nobody")


def _news(facts: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    return _by_step("news", facts, words, language)


def _headline(facts: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    return _by_step("headline", facts, words, language)


def _by_step(what: str, facts: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    """The sentence of this step, `letters.<what>-<step>`; "" for a letter without steps.

    Who registered is told in words of their own: `letters.resident-<what>-<step>`.
    """
    step = step_of(facts)
    whose = "resident-" if "ticket" in facts else ""
    return say(language, f"letters.{whose}{what}-{step}", **words) if step else ""


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


def _your_number(facts: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    """The number in the queue: the same as before, or a new one."""
    if not facts.get("ticket"):
        return ""
    kept = facts.get("step") not in NEW_NUMBER
    return say(language, "letters.number-kept" if kept else "letters.number", ticket=facts["ticket"])


def _come(facts: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    if not facts.get("ticket") or facts.get("step") in NO_DAY:
        return ""
    if facts.get("arrive"):
        return say(language, "letters.come-at", arrive=words["arrive"])
    return say(language, "letters.come" if facts.get("kind") in RECEPTIONS else "letters.come-hall")


def _bring(facts: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    bring = facts.get("kind") in RECEPTIONS and facts.get("step") not in NO_DAY
    return say(language, "letters.bring") if bring else ""


def _sorry(facts: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    """Once, and only where the office caused the trouble."""
    return say(language, "letters.sorry", unit=facts["unit"]) if facts.get("step") in TROUBLE else ""


def _reply(facts: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    return say(language, "letters.offer-answer") if facts.get("step") == "offer" else ""


COMPOSED: dict[str, Callable[[Mapping[str, Any], Mapping[str, str], str], str]] = {
    "Kind": _capital_kind,
    "at": _at,
    "before": _old_place,
    "left": _left,
    "late": _late,
    "how": _how,
    "headline": _headline,
    "news": _news,
    "your_number": _your_number,
    "come": _come,
    "bring": _bring,
    "sorry": _sorry,
    "reply": _reply,
}
"""Blanks that are made of several facts; the later ones may use the earlier ones."""

NEW_NUMBER = ("offer", "restore")
"""Changes after which somebody registered has another number in the queue."""
NO_DAY = ("postpone", "cancel")
"""Changes that leave no day to come on."""
TROUBLE = ("move", "postpone", "cancel", "offer", "change_place", "change_hours")

MAY_BE_EMPTY = ("at", "left", "late", "come")
"""Blanks that carry their own comma or full stop: a line stays without them."""

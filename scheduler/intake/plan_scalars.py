"""Single values of a plan file: text, whole numbers, days, hours, choices. Each raises BadInput with its place."""

import calendar
import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from itertools import pairwise
from typing import TypeVar

from scheduler.errors import BadInput
from scheduler.intake.plan_faults import Node, Reading, fault

Value = TypeVar("Value")

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
SHORT_TEXT, LONG_TEXT = 200, 4000
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
MONTH_DAY = re.compile(r"(\d{1,2})-(\d{1,2})", re.ASCII)
HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})", re.ASCII)
WHOLE = re.compile(r"-?\d{1,6}", re.ASCII)
EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}")
# Signs that steer a terminal or turn the direction of text; a line's end and a tab are no harm.
STEERING = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
LEAP_YEAR = 2000
TRUE, FALSE = ("true", "yes", "on"), ("false", "no", "off")


def text_of(reading: Reading, node: Node, name: str, most: int = SHORT_TEXT) -> str:
    """A text, trimmed and in NFC."""
    if node.text is None:
        raise fault("plans.not-a-text", node, name=name)
    text = unicodedata.normalize("NFC", node.text).strip()
    if not text:
        raise fault("plans.empty-text", node, name=name)
    if STEERING.search(text):
        raise fault("plans.steering-sign", node, name=name)
    if len(text) > most:
        raise fault("plans.too-long", node, name=name, most=most)
    return text


def long_text_of(reading: Reading, node: Node, name: str) -> str:
    """A text of several sentences."""
    return text_of(reading, node, name, LONG_TEXT)


def whole_of(reading: Reading, node: Node, name: str, *, least: int, most: int) -> int:
    """A whole number between `least` and `most`, both included."""
    text = _shown(node)
    if node.text is None or not WHOLE.fullmatch(text) or not least <= int(text) <= most:
        raise fault("plans.not-a-number", node, name=name, text=text, least=least, most=most)
    return int(text)


def day_of(reading: Reading, node: Node, name: str) -> date:
    """A day as 2026-02-15, between 2000 and 2100."""
    text = _shown(node)
    found = ISO_DAY.fullmatch(text) if node.text is not None else None
    if found is None:
        raise fault("plans.not-a-day", node, name=name, text=text)
    year, month, day = (int(part) for part in found.groups())
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise fault("plans.day-out-of-range", node, name=name, text=text)
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise fault("plans.impossible-day", node, name=name, text=f"{day:02}/{month:02}/{year}")
    return date(year, month, day)


def month_day_of(reading: Reading, node: Node, name: str) -> tuple[int, int]:
    """A day of any year as "04-16": month and day."""
    text = _shown(node)
    found = MONTH_DAY.fullmatch(text) if node.text is not None else None
    if found is None:
        raise fault("plans.not-a-month-day", node, name=name, text=text)
    month, day = int(found[1]), int(found[2])
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(LEAP_YEAR, month)[1]:
        raise fault("plans.impossible-day", node, name=name, text=f"{day:02}/{month:02}")
    return month, day


def span_of(reading: Reading, node: Node, name: str) -> str:
    """One span of hours, "07:30-11:30", the hours in two digits."""
    text = _shown(node)
    found = HOURS.fullmatch(text) if node.text is not None else None
    hours = [int(part) for part in found.groups()] if found else [24]
    if max(hours[::2]) > 23 or max(hours[1::2], default=0) > 59:
        raise fault("plans.not-hours", node, name=name, text=text)
    span = f"{hours[0]:02}:{hours[1]:02}-{hours[2]:02}:{hours[3]:02}"
    if hours[2:] <= hours[:2]:
        raise fault("plans.hours-end-first", node, name=name, text=span)
    return span


def spans_of(reading: Reading, node: Node, name: str) -> tuple[str, ...]:
    """Spans of hours of one sitting, in the order of the day; refuses spans that overlap."""
    spans = many_of(reading, node, name, span_of, example='["07:30-11:30", "13:30-16:30"]')
    ordered = sorted(spans)
    if any(earlier[6:] > later[:5] for earlier, later in pairwise(ordered)):
        raise fault("plans.hours-overlap", node, name=name, text=", ".join(ordered))
    return tuple(ordered)


def email_of(reading: Reading, node: Node, name: str) -> str:
    """An e-mail address."""
    text = text_of(reading, node, name)
    if not EMAIL.fullmatch(text):
        raise fault("plans.not-an-email", node, name=name, text=text)
    return text


def choice_of(reading: Reading, node: Node, name: str, known: Iterable[str]) -> str:
    """One of the known words."""
    words, text = tuple(known), _shown(node)
    if node.text is None or text not in words:
        raise fault("plans.not-one-of", node, name=name, text=text, known=", ".join(words))
    return text


def flag_of(reading: Reading, node: Node, name: str) -> bool:
    """true or false."""
    text = _shown(node).lower()
    if node.text is None or text not in (*TRUE, *FALSE):
        raise fault("plans.not-one-of", node, name=name, text=text, known="true, false")
    return text in TRUE


def many_of(
    reading: Reading, node: Node, name: str, one_of: Callable[[Reading, Node, str], Value | None], *, example: str
) -> tuple[Value, ...]:
    """A list of at least one value, without those that are refused: their faults are noted."""
    if not node.items:
        raise fault("plans.not-a-list", node, name=name, example=example)
    values = [reading.take(one_of, item, name) for item in node.items]
    return tuple(value for value in values if value is not None)


def mapping_of(
    reading: Reading, node: Node, name: str, known: Iterable[str], *, may_be_empty: Iterable[str] = ()
) -> dict[str, Node]:
    """A mapping of known keys; notes the others and keys that stand twice.

    Keys without a value are left out, and so are empty lists where the key may be empty.
    """
    keys = tuple(known)
    if node.pairs is None:
        raise fault("plans.not-a-mapping", node, name=name, known=", ".join(keys))
    found: dict[str, Node] = {}
    for key, value in node.pairs:
        said = _shown(key)
        if said not in keys:
            reading.note(unknown_key(key, said, keys))
        elif said in found:
            reading.note(fault("plans.double-key", key, name=said))
        else:
            found[said] = value
    empty = set(may_be_empty)
    return {
        key: value for key, value in found.items() if not value.is_nothing and not (key in empty and value.items == ())
    }


def unknown_key(at: Node | str, said: str, known: Iterable[str]) -> BadInput:
    """The fault of a key nobody knows, with the nearest one that is known."""
    keys = sorted(known)
    near = difflib.get_close_matches(said, keys, n=1)
    if near:
        return fault("plans.unknown-key-near", at, name=said, near=near[0])
    return fault("plans.unknown-key", at, name=said, known=", ".join(keys))


def _shown(node: Node) -> str:
    """The value as written, short enough for a message."""
    if node.text is None:
        return "[…]" if node.items is not None else "{…}"
    return STEERING.sub("", node.text).strip()[:80]

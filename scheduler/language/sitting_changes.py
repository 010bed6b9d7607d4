"""A sitting's old and new values in words: "ngày: 15/12/2026 → 16/12/2026; địa điểm: …"."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from scheduler.language import say
from scheduler.language.dates import short_date

SHOWN = (
    ("day", "schedules.field-day"),
    ("hours", "schedules.field-hours"),
    ("place", "schedules.field-place"),
    ("hosts", "schedules.field-hosts"),
    ("kind", "schedules.field-kind"),
    ("content", "schedules.field-content"),
    ("attend", "schedules.field-attend"),
    ("stand_in", "schedules.field-stand-in"),
    ("area", "schedules.field-area"),
    ("notify", "schedules.field-notify"),
    ("register_by", "schedules.field-register-by"),
)
"""The values that are told, in this order, and what each is called."""
STATES = {"cancelled": "schedules.would-not-be-held", "postponed": "schedules.would-be-put-off"}


def change_words(
    language: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    *,
    titles: Mapping[int, str],
    only: Iterable[str] = (),
) -> str:
    """What differs between two sets of values, the named ones or all; "" where nothing does.

    Days may be dates or ISO text; `titles` names the posts by their ids.
    """
    wanted = set(only) or {name for name, _ in SHOWN}
    said = [
        say(
            language,
            "schedules.field-change",
            field=say(language, key),
            old=value_words(language, name, old.get(name), titles),
            new=value_words(language, name, new.get(name), titles),
        )
        for name, key in SHOWN
        if name in wanted and name in new and _plain(old.get(name)) != _plain(new.get(name))
    ]
    return "; ".join(said)


def proposal_words(
    language: str, old: Mapping[str, Any], proposed: Mapping[str, Any], *, titles: Mapping[int, str]
) -> str:
    """What a proposal would change, in words."""
    parts = [say(language, STATES[proposed["state"]])] if "state" in proposed else []
    new = {("day" if name == "date" else name): value for name, value in proposed.items() if name != "state"}
    parts.append(change_words(language, old, new, titles=titles, only=new))
    return "; ".join(part for part in parts if part)


def value_words(language: str, name: str, value: Any, titles: Mapping[int, str]) -> str:
    """One value as people read it; a dash where there is none."""
    if value in (None, "", []):
        return "–"
    if name in ("day", "register_by"):
        return short_date(language, date.fromisoformat(value) if isinstance(value, str) else value)
    if name == "hosts":
        return ", ".join(titles.get(post, "?") for post in value)
    if name == "kind":
        return say(language, f"kinds.{value}")
    return ", ".join(value) if isinstance(value, list) else str(value)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value or None

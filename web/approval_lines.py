"""What waits for approval as the approver reads it: series by series, what was approved beside what it is now."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.database import Db
from scheduler.language.dates import span_words
from scheduler.language.sitting_changes import value_words
from scheduler.models import Occurrence, Schedule, Unit
from scheduler.queries.approved import COVERED, Compared, changed_fields, compared, content_of
from scheduler.queries.planned import titles_of
from scheduler.rules.permissions import Actor
from scheduler.rules.publication import fingerprint
from scheduler.rules.recurrence_forms import rule_reason
from scheduler.rules.schedules import series_from_plain
from web.form_rows import number_of
from web.language import language, say

Content = Mapping[str, Any]
URGENCY = ("changed", "new", "new-date", "again")
"""What is looked at first."""


@dataclass(frozen=True)
class Field:
    """One thing an approval covers, in words; `old` is blank where nothing was approved before."""

    name: str
    now: str
    old: str = ""


@dataclass(frozen=True)
class Row:
    """One sitting. `since` is what became otherwise while the page stood open; `seen` goes back with the form."""

    occurrence: Occurrence
    novelty: str
    fields: tuple[Field, ...]
    seen: str
    own: bool
    since: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Group:
    """The sittings of one series, its rule as a reason for `why`, and what all of its sittings share."""

    schedule: Schedule | None
    unit: Unit
    rule: list[Any]
    shared: tuple[Field, ...]
    rows: tuple[Row, ...]


def groups_of(db: Db, occurrences: Iterable[Occurrence], actor: Actor, seen: Mapping[int, Content]) -> list[Group]:
    """The sittings by series in the order of their first day: a few queries, however many there are."""
    found = compared(db, occurrences)
    titles = titles_of(db, _posts(found, seen))
    by_series: dict[tuple[int, int | None], list[Compared]] = {}
    for one in found:
        by_series.setdefault((one.occurrence.unit_id, one.occurrence.schedule_id), []).append(one)
    groups = [_group(rows, titles, actor, seen) for rows in by_series.values()]
    return sorted(groups, key=lambda group: min(URGENCY.index(row.novelty) for row in group.rows))


def shown_content(occurrence: Occurrence) -> str:
    """What a page shows of the sitting, for its form to bring back."""
    return json.dumps(content_of(occurrence), ensure_ascii=False, separators=(",", ":"))


def seen_contents(form: Mapping[str, str]) -> dict[int, Content]:
    """What the form says it showed of each sitting; what cannot be read was never shown by us."""
    found: dict[int, Content] = {}
    for name, value in form.items():
        number = number_of(name.removeprefix("seen-")) if name.startswith("seen-") else None
        if number is None:
            continue
        try:
            content = json.loads(value)
            json.dumps(content, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            content = None
        found[number] = content if isinstance(content, dict) else {}
    return found


def marks_of(seen: Mapping[int, Content]) -> dict[int, str]:
    """The fingerprints of what was shown, for the deed to hold against what is there."""
    return {number: fingerprint(dict(content)) for number, content in seen.items()}


def field_names(fields: Iterable[str]) -> str:
    """The names of what changed: "địa điểm, giờ"."""
    return ", ".join(say(f"approval.field-{name}") for name in fields)


def _group(found: list[Compared], titles: Mapping[int, str], actor: Actor, seen: Mapping[int, Content]) -> Group:
    first = found[0].occurrence
    whole = [one for one in found if one.before is None] or found  # of the others only what differs is shown
    shared = [name for name in COVERED[1:] if all(one.now[name] == whole[0].now[name] for one in whole)]
    shown = tuple(field for field in (_field(name, whole[0].now, titles) for name in shared) if field.now != "–")
    alone = set(COVERED[1:]) - set(shared)
    rows = tuple(_row(one, alone, titles, actor=actor, seen=seen.get(one.occurrence.id)) for one in found)
    return Group(first.schedule, first.unit, _rule(first.schedule), shown, rows)


def _row(one: Compared, alone: set[str], titles: Mapping[int, str], *, actor: Actor, seen: Content | None) -> Row:
    names = one.fields if one.before is not None else tuple(name for name in COVERED if name in alone)
    drafters = (one.occurrence.drafted_by_id, one.occurrence.submitted_by_id)
    since = changed_fields(seen, one.now) if seen is not None else ()
    return Row(
        one.occurrence,
        one.novelty,
        tuple(_field(name, one.now, titles, one.before) for name in names),
        shown_content(one.occurrence),
        own=actor.account_id in drafters,
        since=tuple(_field(name, one.now, titles, seen) for name in since),
    )


def _field(name: str, now: Content, titles: Mapping[int, str], before: Content | None = None) -> Field:
    old = _words(name, before.get(name), titles) if before is not None else ""
    return Field(name, _words(name, now.get(name), titles), old)


def _words(name: str, value: Any, titles: Mapping[int, str]) -> str:
    try:
        if name == "hours" and value:
            return span_words(language(), value)
        if name == "chair":
            return (value[1] or titles.get(value[0], "–")) if value else "–"
        return value_words(language(), name, value, titles) if value else "–"
    except (TypeError, ValueError, LookupError, AttributeError):  # what came back with a form is not ours
        return "–"


def _rule(schedule: Schedule | None) -> list[Any]:
    if schedule is None:
        return []
    series = series_from_plain(schedule.series)
    return [rule_reason(series.rule, series.months)]


def _posts(found: Iterable[Compared], seen: Mapping[int, Content]) -> set[int]:
    contents = [content for one in found for content in (one.now, one.before or {})] + list(seen.values())
    posts: set[int] = set()
    for content in contents:
        hosts, chair = content.get("hosts"), content.get("chair")
        named = [*(hosts if isinstance(hosts, list) else ()), *(chair[:1] if isinstance(chair, list) else ())]
        posts.update(post for post in named if isinstance(post, int) and 0 < post < 2**31)
    return posts

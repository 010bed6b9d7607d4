"""What an approval covers, and what became of it: the content as it is beside the content approved last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import func, null, select

from scheduler.database import Db
from scheduler.models import Occurrence
from scheduler.rules.publication import fingerprint
from scheduler.rules.workflow import BEFORE_PUBLIC

Novelty = Literal["changed", "again", "new-date", "new"]
"""Against what was approved last: altered, the same once more, a further date of an approved rule, never seen."""

COVERED = ("day", "hours", "place", "hosts", "chair", "content", "attend", "stand_in", "kind")
"""What an approval covers, in the order in which it is told; the planned day only says which sitting it is."""
NOT_OF_THE_RULE = ("key", "starts", "until", "notice", "changes")
RULE_MARK = "rule"
CHUNK = 500


@dataclass(frozen=True)
class Compared:
    """A sitting beside what was approved of it last: `before` is None where nothing was."""

    occurrence: Occurrence
    novelty: Novelty
    now: Mapping[str, Any]
    before: Mapping[str, Any] | None = None
    fields: tuple[str, ...] = ()


def content_of(occurrence: Occurrence) -> dict[str, Any]:
    """What an approval covers: date, hours, place, chair, subject, participants."""
    return {
        "kind": occurrence.kind,
        "planned_day": occurrence.planned_day.isoformat(),
        "day": occurrence.day.isoformat() if occurrence.day else None,
        "hours": list(occurrence.hours),
        "place": occurrence.place,
        "content": occurrence.content,
        "attend": list(occurrence.attend),
        "stand_in": occurrence.stand_in,
        "hosts": [host.post_id for host in occurrence.hosts],
        "chair": [occurrence.chair_post_id, occurrence.chair_name],
    }


def approval_of(occurrence: Occurrence) -> dict[str, Any]:
    """The columns that tie an approval to what is approved, and remember it for when it lapses."""
    content = content_of(occurrence)
    rule = {} if occurrence.schedule is None or occurrence.changed_by_hand else {RULE_MARK: rule_mark(occurrence)}
    return {"approved_content": fingerprint(content), "last_approved": content | rule}


def rule_mark(occurrence: Occurrence) -> str:
    """The fingerprint of what the plan says of the sitting, but for how long it holds and under which notice."""
    series = occurrence.schedule.series if occurrence.schedule is not None else {}
    return fingerprint({name: value for name, value in series.items() if name not in NOT_OF_THE_RULE})


def compared(db: Db, occurrences: Iterable[Occurrence]) -> list[Compared]:
    """Each sitting beside what was approved of it last, in the order given: two queries, however many there are."""
    rows = list(occurrences)
    before = _last_approved(db, [one.id for one in rows])
    rules = _approved_rules(db, {one.schedule_id for one in rows if one.schedule_id is not None})
    return [_compared(one, before.get(one.id), rules) for one in rows]


def lapsed_fields(db: Db, occurrences: Iterable[Occurrence]) -> dict[int, tuple[str, ...]]:
    """Of sittings not public yet whose approval no longer holds: in which fields they differ from it."""
    rows = [one for one in occurrences if one.state in BEFORE_PUBLIC]
    before = _last_approved(db, [one.id for one in rows])
    found = {one.id: changed_fields(before[one.id], content_of(one)) for one in rows if one.id in before}
    return {number: fields for number, fields in found.items() if fields}


def changed_fields(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of what an approval covers and that differs."""
    return tuple(name for name in COVERED if before.get(name) != now.get(name))


def _compared(one: Occurrence, before: Mapping[str, Any] | None, rules: Mapping[int, set[str]]) -> Compared:
    now = content_of(one)
    if before is not None:
        fields = changed_fields(before, now)
        return Compared(one, "changed" if fields else "again", now, before, fields)
    by_rule = one.schedule_id is not None and not one.changed_by_hand
    known = by_rule and rule_mark(one) in rules.get(one.schedule_id or 0, ())
    return Compared(one, "new-date" if known else "new", now)


def _last_approved(db: Db, ids: list[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any] | None] = {}
    for start in range(0, len(ids), CHUNK):
        some = Occurrence.id.in_(ids[start : start + CHUNK])
        found |= {
            row.id: row.last_approved for row in db.execute(select(Occurrence.id, Occurrence.last_approved).where(some))
        }
    return {number: content for number, content in found.items() if content is not None}


def _approved_rules(db: Db, schedule_ids: Iterable[int]) -> dict[int, set[str]]:
    """For each schedule the mark of its rule as it was approved last."""
    newest = (
        select(func.max(Occurrence.id))
        .where(Occurrence.schedule_id.in_(tuple(schedule_ids)), Occurrence.last_approved.is_not(null()))
        .where(~Occurrence.changed_by_hand)
        .group_by(Occurrence.schedule_id)
    )
    rows = db.execute(select(Occurrence.schedule_id, Occurrence.last_approved).where(Occurrence.id.in_(newest)))
    return {row.schedule_id: {row.last_approved.get(RULE_MARK, "")} - {""} for row in rows}

"""What a change leaves behind: the new sequence, the line of the public history, the line of the ledger."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scheduler.actions.ledger import record
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.models import Occurrence, OccurrenceChange
from scheduler.queries.approved import content_of
from scheduler.queries.days import working_calendar
from scheduler.rules.permissions import Actor
from scheduler.rules.publication import notice_days


@dataclass(frozen=True)
class Order:
    """Who changes which version, why, and under which notice's number."""

    version: int
    reason: str
    by: Actor
    now: datetime
    notice_number: str = ""
    keep_reason: str = ""  # why a clash is kept
    decision_id: int | None = None  # the decision on days off that the change follows


def same_again(occurrence: Occurrence, step: str, order: Order, given: dict[str, Any]) -> OccurrenceChange | None:
    """The change itself when the same form was sent twice: nothing happens a second time."""
    last = occurrence.changes[-1] if occurrence.changes else None
    if last is None or occurrence.version <= order.version:
        return None
    if (last.step, last.reason, last.by_id) != (step, order.reason.strip(), order.by.account_id):
        return None
    reached = last.after | {"chair": last.after["chair"][1] or "head"}
    same = all(_plain(value) == reached[name] for name, value in given.items())
    return last if same else None


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value.strip() if isinstance(value, str) else value


def write_change(
    db: Db, occurrence: Occurrence, step: str, *, before: dict[str, Any], order: Order
) -> OccurrenceChange:
    """Raise the sequence and keep the state before and after, the reason, and how much notice it gives."""
    reason, after = order.reason.strip(), state_of(occurrence)
    occurrence.sequence += 1
    occurrence.content_changed_at = order.now
    occurrence.change_reason = reason
    occurrence.changed_by_hand = True
    occurrence.reminded_for = None
    old = date.fromisoformat(before["day"]) if before["day"] else None
    told_for = occurrence.day or old
    calendar, today = working_calendar(db), local_date(order.now)
    change = OccurrenceChange(
        at=order.now,
        step=step,
        before=before,
        after=after,
        reason=reason,
        earlier=bool(old and occurrence.day and occurrence.day < old),
        notice_days=notice_days(today, told_for, occurrence.kind, calendar) if told_for else None,
        notice_number=order.notice_number.strip(),
        decision_id=order.decision_id,
        by_id=order.by.account_id,
    )
    occurrence.changes.append(change)
    facts: dict[str, Any] = {"reason": reason, "before": before, "after": after}
    record(
        db, f"occurrence.{step.replace('_', '-')}", by=order.by, now=order.now, unit_id=occurrence.unit_id,
        subject=f"occurrence:{occurrence.id}", **facts,
    )  # fmt: skip
    return change


def state_of(occurrence: Occurrence) -> dict[str, Any]:
    """All of a sitting that a change may touch, fit for JSON."""
    told_by, register_by = occurrence.to_be_told_by, occurrence.register_by
    return content_of(occurrence) | {
        "unit": [occurrence.unit_id, occurrence.unit.name],
        "state": occurrence.state,
        "told_by": told_by.isoformat() if told_by else None,
        "area": list(occurrence.area),
        "register_by": register_by.isoformat() if register_by else None,
        "stands_in": occurrence.chair_stands_in,
    }

"""Changes of a published sitting: moved, put off, cancelled, restored, another place, other hours, another chair.

Each asks what the law asks, keeps the old state in the public history, raises SEQUENCE (RFC 5546 2.1.4), withdraws
letters that are no longer true and tells everybody who was told before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scheduler.actions.change_letters import tell_change
from scheduler.actions.feeds import raise_feeds, raise_versions
from scheduler.actions.ledger import record
from scheduler.actions.letters import drop_unsent
from scheduler.actions.occurrences import content_of, require_fresh, set_span
from scheduler.actions.reminders import plan_reminders
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import RuleBroken
from scheduler.models import Occurrence, OccurrenceChange, Post
from scheduler.queries.access import require
from scheduler.queries.agenda import find_occurrence
from scheduler.queries.audience import audience_of
from scheduler.queries.days import working_calendar
from scheduler.rules.permissions import Actor
from scheduler.rules.publication import notice_days
from scheduler.rules.workflow import next_state, require_given, require_no_chain


@dataclass(frozen=True)
class Order:
    """Who changes which version, why, and under which notice's number."""

    version: int
    reason: str
    by: Actor
    now: datetime
    notice_number: str = ""


def move_occurrence(
    db: Db, slug: str, order: Order, *, day: date | None, hours: tuple[str, ...] = (), place: str = ""
) -> OccurrenceChange:
    """Another day, later or earlier; hours and place stay unless given. Also gives a postponed sitting its day."""

    def move(occurrence: Occurrence) -> None:
        occurrence.day = day
        occurrence.outcome = "moved"
        occurrence.hours = list(hours) or occurrence.hours
        occurrence.place = place.strip() or occurrence.place
        occurrence.to_be_told_by = None

    return _change(db, slug, "move", order, move, day=day)


def postpone_occurrence(db: Db, slug: str, order: Order, *, told_by: date | None) -> OccurrenceChange:
    """Put off with the date to come; `told_by` is the day by which it will be told (LTCD art. 24(4))."""

    def postpone(occurrence: Occurrence) -> None:
        if told_by is not None and told_by < local_date(order.now):
            raise RuleBroken("changes.told-by-past")
        occurrence.day = None
        occurrence.to_be_told_by = told_by

    return _change(db, slug, "postpone", order, postpone, told_by=told_by)


def cancel_occurrence(db: Db, slug: str, order: Order) -> OccurrenceChange:
    """Not held; it stays in the history and, for a time, in the feeds."""
    return _change(db, slug, "cancel", order, lambda occurrence: None)


def restore_occurrence(db: Db, slug: str, order: Order) -> OccurrenceChange:
    """A cancelled sitting takes place after all; one without a day must be moved to a day instead."""

    def restore(occurrence: Occurrence) -> None:
        if occurrence.day is None:
            raise RuleBroken("workflow.needs-day")

    return _change(db, slug, "restore", order, restore)


def change_place(db: Db, slug: str, order: Order, *, place: str) -> OccurrenceChange:
    """Another place on the same day."""

    def go(occurrence: Occurrence) -> None:
        occurrence.place = place.strip()
        occurrence.place_id = None

    return _change(db, slug, "change_place", order, go, place=place)


def change_hours(db: Db, slug: str, order: Order, *, hours: tuple[str, ...]) -> OccurrenceChange:
    """Other hours on the same day, as "07:30-11:30" spans in order."""

    def shift(occurrence: Occurrence) -> None:
        occurrence.hours = list(hours)

    return _change(db, slug, "change_hours", order, shift, hours=hours or None)


def change_chair(
    db: Db, slug: str, order: Order, *, name: str, post_id: int | None = None, stands_in: bool = True
) -> OccurrenceChange:
    """Another presides in the head's place, or (`stands_in` False, no name needed) the head takes it back.

    No stand-in for a stand-in. From 01/07/2026 such a day does not count for the head (Luật 136/2025/QH15).
    """

    def replace(occurrence: Occurrence) -> None:
        require_no_chain(occurrence.chair_stands_in, stands_in)
        occurrence.chair_stands_in = stands_in
        occurrence.chair_name = name.strip() if stands_in else ""
        occurrence.chair_post = db.get(Post, post_id) if stands_in and post_id is not None else None
        occurrence.chair_post_id = occurrence.chair_post.id if occurrence.chair_post else None

    return _change(db, slug, "change_chair", order, replace, chair=name if stands_in else "head")


def _change(
    db: Db, slug: str, step: str, order: Order, apply: Callable[[Occurrence], None], **given: Any
) -> OccurrenceChange:
    occurrence = find_occurrence(db, slug)
    require(db, order.by, "change", occurrence.unit_id)
    require_given(step, reason=order.reason, **given)
    repeated = _same_again(occurrence, step, order, given)
    if repeated is not None:
        return repeated
    require_fresh(db, occurrence, order.version, language=order.by.language)
    before, told, old_chair = _state_of(occurrence), audience_of(db, occurrence), occurrence.chair_post_id
    occurrence.state = next_state(occurrence.state, step)
    apply(occurrence)
    set_span(occurrence)
    if _state_of(occurrence) == before:
        raise RuleBroken("changes.nothing-changed")
    occurrence.sequence += 1
    occurrence.content_changed_at = order.now
    occurrence.change_reason = order.reason.strip()
    occurrence.changed_by_hand = True
    occurrence.reminded_for = None
    change = _history(db, occurrence, step, before, order)
    subject = f"occurrence:{occurrence.id}"
    record(
        db,
        f"occurrence.{step.replace('_', '-')}",
        by=order.by,
        now=order.now,
        unit_id=occurrence.unit_id,
        subject=subject,
        reason=change.reason,
        before=before,
        after=change.after,
    )
    drop_unsent(db, occurrence_id=occurrence.id)
    db.flush()
    tell_change(db, occurrence, change, told, now=order.now)
    plan_reminders(db, occurrence, now=order.now)
    raise_versions(db, [occurrence.id], now=order.now)
    if old_chair is not None and old_chair != occurrence.chair_post_id:
        raise_feeds(db, [f"post:{old_chair}"], now=order.now)
    return change


def _same_again(occurrence: Occurrence, step: str, order: Order, given: dict[str, Any]) -> OccurrenceChange | None:
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


def _history(db: Db, occurrence: Occurrence, step: str, before: dict[str, Any], order: Order) -> OccurrenceChange:
    old, new = before["day"], occurrence.day
    calendar = working_calendar(db)
    today = local_date(order.now)
    told_for = new or (date.fromisoformat(old) if old else None)
    change = OccurrenceChange(
        at=order.now,
        step=step,
        before=before,
        after=_state_of(occurrence),
        reason=order.reason.strip(),
        earlier=bool(old and new and new < date.fromisoformat(old)),
        notice_days=notice_days(today, told_for, occurrence.kind, calendar) if told_for else None,
        notice_number=order.notice_number.strip(),
        by_id=order.by.account_id,
    )
    occurrence.changes.append(change)
    return change


def _state_of(occurrence: Occurrence) -> dict[str, Any]:
    told_by = occurrence.to_be_told_by
    return content_of(occurrence) | {
        "state": occurrence.state,
        "told_by": told_by.isoformat() if told_by else None,
        "stands_in": occurrence.chair_stands_in,
    }

"""Changes of a published sitting: moved, put off, cancelled, restored, another place, other hours, another chair.

Each asks what the law asks, keeps the old state in the public history, raises SEQUENCE (RFC 5546 2.1.4), withdraws
letters that are no longer true and tells everybody who was told before.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from scheduler.actions.change_history import Order, same_again, state_of, write_change
from scheduler.actions.change_letters import tell_change
from scheduler.actions.feeds import raise_feeds, raise_versions
from scheduler.actions.letters import drop_unsent
from scheduler.actions.occurrences import moved_by_hand, require_fresh, set_span
from scheduler.actions.reminders import plan_reminders
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import RuleBroken
from scheduler.models import Occurrence, OccurrenceChange, OccurrenceHost, Post
from scheduler.queries.access import require
from scheduler.queries.agenda import find_occurrence
from scheduler.queries.audience import audience_of
from scheduler.rules.workflow import next_state, require_given, require_no_chain

DETAILS = ("kind", "content", "attend", "attend_unit_ids", "stand_in", "area", "register_by")


def move_occurrence(
    db: Db, slug: str, order: Order, *, day: date | None, hours: tuple[str, ...] = (), place: str = ""
) -> OccurrenceChange:
    """Another day, later or earlier; hours and place stay unless given. Also gives a postponed sitting its day.

    Raises RuleBroken where the new day has passed: what took place otherwise is told by its record.
    """

    def move(occurrence: Occurrence) -> None:
        if day is not None and day < local_date(order.now):
            raise RuleBroken("changes.day-past")
        if day is not None and day != occurrence.day:
            occurrence.why = [*occurrence.why, moved_by_hand(occurrence, day, order.reason)]
        occurrence.day = day
        occurrence.outcome = "moved"
        occurrence.hours = list(hours) or occurrence.hours
        occurrence.place = place.strip() or occurrence.place
        occurrence.to_be_told_by = None

    return _change(db, slug, "move", order, apply=move, day=day)


def postpone_occurrence(db: Db, slug: str, order: Order, *, told_by: date | None) -> OccurrenceChange:
    """Put off with the date to come; `told_by` is the day by which it will be told (LTCD art. 24(4))."""

    def postpone(occurrence: Occurrence) -> None:
        if told_by is not None and told_by < local_date(order.now):
            raise RuleBroken("changes.told-by-past")
        occurrence.day = None
        occurrence.to_be_told_by = told_by

    return _change(db, slug, "postpone", order, apply=postpone, told_by=told_by)


def cancel_occurrence(db: Db, slug: str, order: Order) -> OccurrenceChange:
    """Not held; it stays in the history and, for a time, in the feeds."""
    return _change(db, slug, "cancel", order, apply=lambda occurrence: None)


def restore_occurrence(db: Db, slug: str, order: Order) -> OccurrenceChange:
    """A cancelled sitting takes place after all; one without a day must be moved to a day instead."""

    def restore(occurrence: Occurrence) -> None:
        if occurrence.day is None:
            raise RuleBroken("workflow.needs-day")

    return _change(db, slug, "restore", order, apply=restore)


def change_place(db: Db, slug: str, order: Order, *, place: str) -> OccurrenceChange:
    """Another place on the same day."""

    def go(occurrence: Occurrence) -> None:
        occurrence.place = place.strip()
        occurrence.place_id = None

    return _change(db, slug, "change_place", order, apply=go, place=place)


def change_hours(db: Db, slug: str, order: Order, *, hours: tuple[str, ...]) -> OccurrenceChange:
    """Other hours on the same day, as "07:30-11:30" spans in order."""

    def shift(occurrence: Occurrence) -> None:
        occurrence.hours = list(hours)

    return _change(db, slug, "change_hours", order, apply=shift, hours=hours or None)


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

    return _change(db, slug, "change_chair", order, apply=replace, chair=name if stands_in else "head")


def change_details(db: Db, slug: str, order: Order, *, details: Mapping[str, Any]) -> OccurrenceChange:
    """Other subject, participants, deputy, area, last day to register or hosts ("hosts": ids of posts in order)."""

    def renew(occurrence: Occurrence) -> None:
        for name in DETAILS:
            if name in details:
                setattr(occurrence, name, details[name])
        if "hosts" in details:
            there = {host.post_id: host for host in occurrence.hosts}
            posts = [(post, there.get(post) or OccurrenceHost(post_id=post)) for post in details["hosts"]]
            for position, (_, host) in enumerate(posts):
                host.position = position
            occurrence.hosts = [host for _, host in posts]

    return _change(db, slug, "change_details", order, apply=renew)


def _change(
    db: Db, slug: str, step: str, order: Order, *, apply: Callable[[Occurrence], None], **given: Any
) -> OccurrenceChange:
    occurrence = find_occurrence(db, slug)
    require(db, order.by, "change", occurrence.unit_id)
    require_given(step, reason=order.reason, **given)
    repeated = same_again(occurrence, step, order, given)
    if repeated is not None:
        return repeated
    require_fresh(db, occurrence, order.version, language=order.by.language)
    before, told = state_of(occurrence), audience_of(db, occurrence)
    shown_before = _shown_by(occurrence)
    occurrence.state = next_state(occurrence.state, step)
    apply(occurrence)
    set_span(occurrence)
    if state_of(occurrence) == before:
        raise RuleBroken("changes.nothing-changed")
    change = write_change(db, occurrence, step, before=before, order=order)
    drop_unsent(db, occurrence_id=occurrence.id)
    db.flush()
    tell_change(db, occurrence, change, told, now=order.now)
    plan_reminders(db, occurrence, now=order.now)
    raise_versions(db, [occurrence.id], now=order.now)
    raise_feeds(db, [f"post:{post}" for post in shown_before - _shown_by(occurrence)], now=order.now)
    return change


def _shown_by(occurrence: Occurrence) -> set[int]:
    """The posts whose calendars show the sitting; one that no longer does must still be told."""
    chair = {occurrence.chair_post_id} if occurrence.chair_post_id else set()
    return {host.post_id for host in occurrence.hosts} | chair

"""Changes of a published sitting: moved, put off, cancelled, restored, another place, other hours, another chair.

Each asks what the law asks, keeps the old state in the public history, raises SEQUENCE (RFC 5546 2.1.4), withdraws
letters that are no longer true and tells everybody who was told before.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from scheduler.actions.change_history import Order, same_again, state_of, write_change
from scheduler.actions.change_letters import tell_change
from scheduler.actions.clashes import CHECKED, require_free
from scheduler.actions.consents import ask_again
from scheduler.actions.feeds import raise_feeds, raise_versions
from scheduler.actions.letters import drop_unsent
from scheduler.actions.occurrences import require_fresh, set_span, why_moved, without_moves
from scheduler.actions.registration_moves import follow_change
from scheduler.actions.reminders import plan_reminders
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import RuleBroken
from scheduler.models import Occurrence, OccurrenceChange, OccurrenceHost, Post, Unit
from scheduler.queries.access import require
from scheduler.queries.agenda import find_occurrence
from scheduler.queries.audience import audience_of
from scheduler.queries.planned import place_named
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
            occurrence.why = why_moved(occurrence, day, order.reason)
        occurrence.day = day
        occurrence.outcome = "moved"
        occurrence.hours = list(hours) or occurrence.hours
        if place.strip() and place.strip() != occurrence.place:
            _sit_at(db, occurrence, place)
        occurrence.to_be_told_by = None

    return _change(db, slug, "move", order, apply=move, day=day)


def postpone_occurrence(db: Db, slug: str, order: Order, *, told_by: date | None) -> OccurrenceChange:
    """Put off with the date to come; `told_by` is the day by which it will be told (LTCD art. 24(4))."""

    def postpone(occurrence: Occurrence) -> None:
        if told_by is not None and told_by < local_date(order.now):
            raise RuleBroken("changes.told-by-past")
        occurrence.day = None
        occurrence.why = without_moves(occurrence.why)
        occurrence.to_be_told_by = told_by

    return _change(db, slug, "postpone", order, apply=postpone, told_by=told_by)


def cancel_occurrence(db: Db, slug: str, order: Order, *, told: bool = True) -> OccurrenceChange:
    """Not held; it stays in the history and, for a time, in the feeds. Without `told` the caller tells of it."""
    return _change(db, slug, "cancel", order, apply=lambda occurrence: None, told=told)


def restore_occurrence(db: Db, slug: str, order: Order) -> OccurrenceChange:
    """A cancelled sitting takes place after all; one without a day must be moved to a day instead."""

    def restore(occurrence: Occurrence) -> None:
        if occurrence.day is None:
            raise RuleBroken("workflow.needs-day")

    return _change(db, slug, "restore", order, apply=restore)


def change_place(db: Db, slug: str, order: Order, *, place: str) -> OccurrenceChange:
    """Another place on the same day."""

    def go(occurrence: Occurrence) -> None:
        _sit_at(db, occurrence, place)

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


def hand_over(
    db: Db, slug: str, order: Order, *, unit_id: int, posts: Mapping[int, int], schedule_id: int | None
) -> OccurrenceChange:
    """To the unit that follows its own after a merger or division, same day; `posts` leads old heads to new ones.

    No letter goes from here and no other office is asked anew: who is told of several sittings gets one letter for
    all of them, and what was agreed holds on (actions.succession).
    """

    def follow(occurrence: Occurrence) -> None:
        occurrence.unit = db.get_one(Unit, unit_id)
        occurrence.unit_id = unit_id
        occurrence.schedule_id = schedule_id
        if occurrence.chair_post_id is not None:
            occurrence.chair_post = db.get_one(Post, posts.get(occurrence.chair_post_id, occurrence.chair_post_id))
        hosts = dict.fromkeys(posts.get(host.post_id, host.post_id) for host in occurrence.hosts)
        there = {host.post_id: host for host in occurrence.hosts}
        occurrence.hosts = [
            there.get(post) or OccurrenceHost(post_id=post, post=db.get_one(Post, post), position=0) for post in hosts
        ]
        for position, host in enumerate(occurrence.hosts):
            host.position = position

    return _change(db, slug, "hand_over", order, apply=follow, told=False)


def _change(
    db: Db,
    slug: str,
    step: str,
    order: Order,
    *,
    apply: Callable[[Occurrence], None],
    told: bool = True,
    **given: Any,
) -> OccurrenceChange:
    occurrence = find_occurrence(db, slug)
    require(db, order.by, "change", occurrence.unit_id)
    require_given(step, reason=order.reason, **given)
    repeated = same_again(occurrence, step, order, given)
    if repeated is not None:
        return repeated
    require_fresh(db, occurrence, order.version, language=order.by.language)
    before, told_before = state_of(occurrence), audience_of(db, occurrence)
    shown_before = _shown_by(occurrence)
    occurrence.state = next_state(occurrence.state, step)
    apply(occurrence)
    set_span(occurrence)
    if state_of(occurrence) == before:
        raise RuleBroken("changes.nothing-changed")
    if step in CHECKED:
        keep, whats = order.keep_reason, CHECKED[step]
        require_free(db, [occurrence], keep_reason=keep, whats=whats, by=order.by, now=order.now)
    change = write_change(db, occurrence, step, before=before, order=order)
    if step != "hand_over":
        ask_again(db, occurrence, by=order.by, now=order.now)
    drop_unsent(db, occurrence_id=occurrence.id)
    db.flush()
    if told:
        tell_change(db, occurrence, change, told_before, now=order.now)
    follow_change(db, occurrence, change, now=order.now)
    plan_reminders(db, occurrence, now=order.now)
    raise_versions(db, [occurrence.id], now=order.now)
    raise_feeds(db, [f"post:{post}" for post in shown_before - _shown_by(occurrence)], now=order.now)
    return change


def _sit_at(db: Db, occurrence: Occurrence, place: str) -> None:
    """Another place by its words, and the room itself where the unit has one of that name."""
    occurrence.place = place.strip()
    occurrence.place_id = place_named(db, occurrence.unit_id, place)


def _shown_by(occurrence: Occurrence) -> set[int]:
    """The posts whose calendars show the sitting; one that no longer does must still be told."""
    chair = {occurrence.chair_post_id} if occurrence.chair_post_id else set()
    return {host.post_id for host in occurrence.hosts} | chair

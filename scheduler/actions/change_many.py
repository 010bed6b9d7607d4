"""One order for many sittings: moved, put off, cancelled, to another place or under another chair, all or none.

Each sitting is changed by the action of its step, so that each keeps its own history, letters and calls. A person who
attends several gets one letter each: every letter carries the invitation of its own event (RFC 5546 3.2.2: one UID).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.actions import changes
from scheduler.actions.change_history import Order
from scheduler.database import Db
from scheduler.errors import BadInput, RuleBroken
from scheduler.language import dates
from scheduler.models import Occurrence, OccurrenceChange
from scheduler.queries.agenda import find_occurrence
from scheduler.rules.permissions import Actor

MOST = 200
"""Sittings of one order; more are two orders."""


@dataclass(frozen=True)
class OneOfMany:
    """One sitting of the order, as it was shown; `day` where it moves."""

    slug: str
    version: int
    day: date | None = None


@dataclass(frozen=True)
class ManyOrder:
    """What is done to all of them; a step takes what it needs."""

    step: str
    reason: str
    notice_number: str = ""
    keep_reason: str = ""
    told_by: date | None = None
    place: str = ""
    chair_name: str = ""
    chair_post_id: int | None = None


Maker = Callable[[Db, OneOfMany, ManyOrder, Order], OccurrenceChange]

STEPS_OF_MANY: dict[str, Maker] = {
    "move": lambda db, one, many, order: changes.move_occurrence(db, one.slug, order, day=one.day),
    "postpone": lambda db, one, many, order: changes.postpone_occurrence(db, one.slug, order, told_by=many.told_by),
    "cancel": lambda db, one, many, order: changes.cancel_occurrence(db, one.slug, order),
    "change_place": lambda db, one, many, order: changes.change_place(db, one.slug, order, place=many.place),
    "change_chair": lambda db, one, many, order: changes.change_chair(
        db, one.slug, order, name=many.chair_name, post_id=many.chair_post_id
    ),
}


def change_many(
    db: Db, sittings: list[OneOfMany], many: ManyOrder, *, by: Actor, now: datetime
) -> list[OccurrenceChange]:
    """Do the step to every one of them; the first that is refused refuses them all, and its day is named.

    Raises RuleBroken for none or more than MOST, BadInput with the sitting's day as its place, and as each step.
    """
    if not sittings:
        raise RuleBroken("occurrences.none-chosen")
    if len(sittings) > MOST:
        raise RuleBroken("changes.too-many", most=MOST)
    if many.step not in STEPS_OF_MANY:
        raise BadInput("forms.not-a-choice", "step")
    done = []
    for one in sittings:
        order = Order(one.version, many.reason, by, now, many.notice_number, keep_reason=many.keep_reason)
        try:
            done.append(STEPS_OF_MANY[many.step](db, one, many, order))
        except RuleBroken as refusal:
            if refusal.key.startswith(("workflow.", "changes.")) and len(sittings) > 1:
                place = _named(find_occurrence(db, one.slug), by.language)
                raise BadInput(refusal.key, place, **refusal.facts) from refusal
            raise
    return done


def _named(occurrence: Occurrence, language: str) -> str:
    return dates.short_date(language, occurrence.day or occurrence.planned_day)

"""Tạm dừng tiếp công dân: a span of days, what becomes of each published sitting in it, and its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.actions import changes
from scheduler.actions.change_history import Order
from scheduler.actions.ledger import record
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import BadInput, RuleBroken
from scheduler.models import Occurrence, Suspension
from scheduler.queries.access import require
from scheduler.queries.agenda import free_days
from scheduler.queries.days import working_calendar
from scheduler.queries.suspensions import (
    MOST,
    find_suspension,
    free_of_suspensions,
    published_within,
    same_suspension,
)
from scheduler.rules.kinds import KIND
from scheduler.rules.permissions import Actor
from scheduler.rules.workflow import require_given

LONGEST_SPAN = 366
OFFERED = 20
"""Free days after the span among which the moved sittings find theirs."""
CHOICES = ("move", "postpone", "cancel")


@dataclass(frozen=True)
class Choice:
    """What becomes of one sitting; `day` for a move. `version` is the one that was shown, None: whatever stands."""

    step: str
    day: date | None = None
    version: int | None = None


def suspend(
    db: Db,
    unit_id: int,
    first: date,
    last: date,
    *,
    reason: str,
    choices: Mapping[str, Choice] | None = None,
    with_below: bool = False,
    ground: str = "",
    keep_reason: str = "",
    by: Actor,
    now: datetime,
) -> Suspension:
    """Suspend receptions from `first` to `last`, both included, and change every published sitting in the span.

    `choices` by the sittings' slugs; the others as `proposed_choices` says. All or nothing, and the same suspension
    twice is one. Raises BadInput for the span, RuleBroken as any change and for more than MOST sittings.
    """
    require(db, by, "change", unit_id)
    require_span(first, last, local_date(now))
    require_given("cancel", reason=reason)
    standing = same_suspension(db, unit_id, first, last, with_below=with_below)
    if standing is not None:
        return standing
    met = published_within(db, unit_id, max(first, local_date(now)), last, with_below=with_below)
    if len(met) > MOST:
        raise RuleBroken("changes.too-many", most=MOST)
    wanted = proposed_choices(db, met, last) | dict(choices or {})
    suspension = Suspension(
        unit_id=unit_id, with_below=with_below, first_day=first, last_day=last, reason=reason.strip(),
        ground=ground.strip(), occurrence_ids=[one.id for one in met], made_by_id=by.account_id, made_at=now,
    )  # fmt: skip
    db.add(suspension)
    db.flush()
    told_by = max(working_calendar(db).next_working(last), local_date(now))
    for occurrence in met:
        choice = wanted[occurrence.slug]
        version = occurrence.version if choice.version is None else choice.version
        order = Order(version, reason, by, now, ground, keep_reason=keep_reason)
        _change(db, occurrence, choice, order, told_by=told_by)
    span = {"first": first.isoformat(), "last": last.isoformat(), "reason": reason.strip(), "n": len(met)}
    subject = f"suspension:{suspension.id}"
    record(db, "suspension.made", by=by, now=now, unit_id=unit_id, subject=subject, **span)
    return suspension


def lift_suspension(db: Db, suspension_id: int, *, reason: str, by: Actor, now: datetime) -> Suspension:
    """End a suspension before its last day, or take it back; what it changed stays and can be changed back one by one.

    The same twice is one end. Raises RuleBroken without a reason.
    """
    suspension = find_suspension(db, suspension_id)
    require(db, by, "change", suspension.unit_id)
    if suspension.lifted_at is not None:
        return suspension
    require_given("restore", reason=reason)
    suspension.lifted_at, suspension.lifted_by_id, suspension.lifted_reason = now, by.account_id, reason.strip()
    subject = f"suspension:{suspension.id}"
    record(db, "suspension.lifted", by=by, now=now, unit_id=suspension.unit_id, subject=subject, reason=reason.strip())
    return suspension


def proposed_choices(db: Db, met: list[Occurrence], last: date) -> dict[str, Choice]:
    """What a suspension proposes: days that count for a head move to the first free day after, the rest are put off.

    Two sittings of one head or place never get the same day; where no day is free within a few weeks it is put off.
    """
    calendar, given = working_calendar(db), set[tuple[str, int, date]]()
    proposed: dict[str, Choice] = {}
    for one in met:
        needs = [("post", host.post_id) for host in one.hosts]
        needs += [("place", one.place_id)] if one.place_id is not None else []
        days = free_days(db, one, calendar, today=last, n=OFFERED) if KIND[one.kind].counts_for_duty else []
        left = [day for day in days if not given & {(what, number, day) for what, number in needs}]
        day = next(iter(free_of_suspensions(db, one.unit_id, left)), None)
        given |= {(what, number, day) for what, number in needs if day is not None}
        proposed[one.slug] = Choice("move", day) if day else Choice("postpone")
    return proposed


def _change(db: Db, occurrence: Occurrence, choice: Choice, order: Order, *, told_by: date) -> None:
    if choice.step == "move":
        changes.move_occurrence(db, occurrence.slug, order, day=choice.day)
    elif choice.step == "postpone":
        changes.postpone_occurrence(db, occurrence.slug, order, told_by=told_by)
    elif choice.step == "cancel":
        changes.cancel_occurrence(db, occurrence.slug, order)
    else:
        raise BadInput("forms.not-a-choice", occurrence.slug)


def require_span(first: date, last: date, today: date) -> None:
    """Raise BadInput or RuleBroken for a span that is upside down, over or too long."""
    if last < first:
        raise BadInput("suspensions.end-first", "last")
    if last < today:
        raise RuleBroken("suspensions.past")
    if (last - first).days > LONGEST_SPAN:
        raise BadInput("suspensions.too-long", "last")

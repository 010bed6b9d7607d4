"""Decisions on days off as the desk reads them: what each touches in the units somebody reads, and days to offer."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.clock import at_local, local_date
from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import DecidedDraft, Decision, Occurrence, OccurrenceHost, Post, Proposal, Task, UnitAbove
from scheduler.queries.access import units_readable
from scheduler.queries.occupied import COUNTED
from scheduler.queries.proposals import WHOLE, is_current
from scheduler.rules.permissions import Actor
from scheduler.rules.publication import came_too_late, notice_days
from scheduler.rules.working_days import Calendar

MOST = 500
"""Rows that are shown and decided at once."""
LATEST = 50
OFFERED = 3
LOOKED_AT = 15
"""Working days from the proposed one on among which the offered ones are found."""


@dataclass(frozen=True)
class Row:
    """A proposal that follows a decision: the old and the proposed day, and the notice if it is decided today.

    `too_late` where the decision itself left no time for full notice. `free` are the next days for another choice.
    """

    proposal: Proposal
    old: date | None
    day: date | None
    notice: int | None
    too_late: bool
    current: bool
    free: tuple[date, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A sitting not public then whose day followed the decision by itself."""

    occurrence: Occurrence
    before: date | None
    day: date | None
    late: bool


def find_decision(db: Db, decision_id: int) -> Decision:
    """The decision with this number. Raises NotFound."""
    found = db.get(Decision, decision_id)
    if found is None:
        raise NotFound("errors.not-found")
    return found


def decision_of(db: Db, number: str, signed_on: date) -> Decision | None:
    """The decision that names itself so, held until the end of the transaction."""
    query = select(Decision).where(Decision.number == number, Decision.signed_on == signed_on)
    return db.scalars(query.with_for_update()).one_or_none()


def latest_decisions(db: Db, actor: Actor) -> list[tuple[Decision, int]]:
    """The newest decisions, each with how many proposals wait in the units the actor reads."""
    decisions = list(db.scalars(select(Decision).order_by(Decision.signed_on.desc(), Decision.id.desc()).limit(LATEST)))
    query = _of_actor(select(Proposal.decision_id, func.count()), actor).where(
        Proposal.state == "open", Proposal.decision_id.in_([one.id for one in decisions])
    )
    waiting: dict[int | None, int] = {row[0]: row[1] for row in db.execute(query.group_by(Proposal.decision_id))}
    return [(one, waiting.get(one.id, 0)) for one in decisions]


def decidable_units(db: Db, actor: Actor, unit_ids: Iterable[int]) -> set[int]:
    """Those of these units in which the actor decides, in one statement."""
    wanted = set(unit_ids)
    if actor.trusted:
        return wanted
    query = select(UnitAbove.unit_id).where(
        UnitAbove.unit_id.in_(wanted), UnitAbove.above_id.in_(actor.units_for("decide"))
    )
    return set(db.scalars(query))


def touches(db: Db, actor: Actor, decision: Decision) -> dict[str, int]:
    """How many proposals of the decision in the actor's units are in each state."""
    query = _of_actor(select(Proposal.state, func.count()), actor).where(Proposal.decision_id == decision.id)
    return {row[0]: row[1] for row in db.execute(query.group_by(Proposal.state))}


def rows_of(db: Db, actor: Actor, decision: Decision, calendar: Calendar, *, today: date) -> list[Row]:
    """What the decision asks of public sittings and open tasks in the actor's units: what waits first, MOST at once.

    The number of statements does not grow with the rows.
    """
    query = (
        _of_actor(select(Proposal), actor)
        .where(Proposal.decision_id == decision.id)
        .options(*WHOLE, selectinload(Proposal.occurrence, Occurrence.schedule))
        .options(joinedload(Proposal.occurrence).selectinload(Occurrence.hosts).joinedload(OccurrenceHost.post)
                 .joinedload(Post.unit), joinedload(Proposal.task).joinedload(Task.owner_unit))
        .order_by(Proposal.state != "open", Proposal.unit_id, Proposal.id)
        .limit(MOST)
    )  # fmt: skip
    proposals = list(db.scalars(query).unique())
    rows = [_row(one, decision, calendar, today) for one in proposals]
    taken = _taken(db, [row for row in rows if row.current and row.proposal.state == "open"], calendar, today)
    return [_with_free(row, taken, calendar, today) for row in rows]


def drafts_of(db: Db, actor: Actor, decision: Decision) -> list[Draft]:
    """The drafts that followed by themselves, in order of their days; public by now or not."""
    query = (
        select(DecidedDraft, Occurrence)
        .join(Occurrence, Occurrence.id == DecidedDraft.occurrence_id)
        .where(DecidedDraft.decision_id == decision.id)
        .options(joinedload(Occurrence.unit), selectinload(Occurrence.hosts).joinedload(OccurrenceHost.post))
        .order_by(DecidedDraft.before, Occurrence.id)
        .limit(MOST)
    )
    if not actor.trusted:
        query = query.where(Occurrence.unit_id.in_(units_readable(actor)))
    return [
        Draft(row.Occurrence, row.DecidedDraft.before, row.DecidedDraft.day, row.DecidedDraft.late)
        for row in db.execute(query).unique()
    ]


def _of_actor(query: Any, actor: Actor) -> Any:
    return query if actor.trusted else query.where(Proposal.unit_id.in_(units_readable(actor)))


def _row(one: Proposal, decision: Decision, calendar: Calendar, today: date) -> Row:
    current = is_current(one)
    if one.task is not None:
        before, until = date.fromisoformat(one.proposed["from"]), date.fromisoformat(one.proposed["due_day"])
        return Row(one, before, until, None, False, current)
    sitting = one.occurrence
    assert sitting is not None
    old = sitting.day or sitting.planned_day
    day = date.fromisoformat(one.proposed["date"]) if "date" in one.proposed else None
    told_for = day or old
    notice = notice_days(today, told_for, sitting.kind, calendar)
    return Row(one, old, day, notice, came_too_late(decision.signed_on, told_for, sitting.kind, calendar), current)


Needs = dict[tuple[str, int], set[date]]


def _taken(db: Db, rows: Sequence[Row], calendar: Calendar, today: date) -> Needs:
    """The days on which the heads and places of these sittings are wanted already, in two statements."""
    sittings = [row.proposal.occurrence for row in rows if row.proposal.occurrence is not None]
    taken: Needs = defaultdict(set)
    if not sittings:
        return taken
    first = min(_starts(row, today) for row in rows)
    last = max(calendar.add_working_days(_starts(row, today), LOOKED_AT) for row in rows)
    window = (at_local(first, "00:00"), at_local(last + timedelta(days=1), "00:00"))
    posts = {host.post_id for one in sittings for host in one.hosts}
    places = {one.place_id for one in sittings if one.place_id is not None}
    hosted = (
        select(OccurrenceHost.post_id, OccurrenceHost.starts_at)
        .join(Occurrence, Occurrence.id == OccurrenceHost.occurrence_id)
        .where(OccurrenceHost.post_id.in_(posts), OccurrenceHost.starts_at.between(*window))
        .where(Occurrence.state.in_(COUNTED))
    )
    placed = select(Occurrence.place_id, Occurrence.starts_at).where(
        Occurrence.place_id.in_(places), Occurrence.starts_at.between(*window), Occurrence.state.in_(COUNTED)
    )
    for what, query in (("post", hosted), ("place", placed)):
        for number, starts_at in db.execute(query):
            if number is not None and starts_at is not None:
                taken[what, number].add(local_date(starts_at))
    return taken


def _with_free(row: Row, taken: Needs, calendar: Calendar, today: date) -> Row:
    if row.proposal.state != "open" or not row.current:
        return row
    sitting = row.proposal.occurrence
    needs: list[tuple[str, int]] = []
    if sitting is not None:
        needs = [("post", host.post_id) for host in sitting.hosts]
        needs += [("place", sitting.place_id)] if sitting.place_id is not None else []
    free = [day for day in _days_from(_starts(row, today), calendar) if not any(day in taken[need] for need in needs)]
    kept = tuple(day for day in free if day != row.day)[:OFFERED]
    return Row(row.proposal, row.old, row.day, row.notice, row.too_late, row.current, kept)


def _starts(row: Row, today: date) -> date:
    return max(row.day or row.old or today, today)


def _days_from(day: date, calendar: Calendar) -> Iterable[date]:
    for _ in range(LOOKED_AT):
        day = calendar.next_working(day)
        yield day

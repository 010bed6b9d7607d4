"""Totals of old registers: kept beside the records, never over days that have records of their own."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select

from scheduler.actions.ledger import record
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.models import Occurrence, OccurrenceHost, Post, RegisterTotal
from scheduler.rules.counting import Counts, check_counts
from scheduler.rules.permissions import Actor
from scheduler.rules.workflow import TAKEN_PLACE


@dataclass(frozen=True)
class TotalFacts:
    """What a register still says of a time, both days included: days by who sat, and the numbers of all of them."""

    kind: str
    first_day: date
    last_day: date
    days_head: int
    days_stand_in: int
    counts: Counts
    nobody_came: bool
    note: str


def keep_total(db: Db, post: Post, facts: TotalFacts, *, by: Actor, now: datetime) -> str:
    """Keep it: "total", or "unchanged" where the same total stands already.

    Raises BadInput and Faults for numbers that cannot be, another total of these days, or days recorded singly.
    """
    days = (facts.last_day - facts.first_day).days + 1
    if not 0 < facts.days_head + facts.days_stand_in <= days:
        raise BadInput("registers.days-do-not-fit", most=days)
    check_counts(facts.kind, facts.counts, nobody_came=facts.nobody_came)
    for other in _overlapping(db, [post.id], facts.kind, first=facts.first_day, last=facts.last_day):
        if _same(other, facts):
            return "unchanged"
        raise _covered(other)
    _refuse_records(db, post, facts)
    kept = RegisterTotal(post_id=post.id, imported_at=now, **_columns(facts))
    db.add(kept)
    db.flush()
    told = {name: value.isoformat() if isinstance(value, date) else value for name, value in _columns(facts).items()}
    record(db, "register.imported", by=by, now=now, unit_id=post.unit_id, subject=f"post:{post.id}", **told)
    return "total"


def refuse_total(db: Db, posts: Iterable[Post], kind: str, day: date) -> None:
    """Raise BadInput where a total of one of these posts already counts that day."""
    for other in _overlapping(db, [post.id for post in posts], kind, first=day, last=day):
        raise _covered(other)


def _overlapping(db: Db, post_ids: list[int], kind: str, *, first: date, last: date) -> list[RegisterTotal]:
    query = select(RegisterTotal).where(
        RegisterTotal.post_id.in_(post_ids),
        RegisterTotal.kind == kind,
        RegisterTotal.first_day <= last,
        RegisterTotal.last_day >= first,
    )
    return list(db.scalars(query.order_by(RegisterTotal.first_day)))


def _covered(other: RegisterTotal) -> BadInput:
    return BadInput("registers.in-a-total", first=f"{other.first_day:%d/%m/%Y}", last=f"{other.last_day:%d/%m/%Y}")


def _refuse_records(db: Db, post: Post, facts: TotalFacts) -> None:
    """A day with a record of its own within the total would count twice."""
    query = (
        select(Occurrence.day)
        .join(OccurrenceHost, OccurrenceHost.occurrence_id == Occurrence.id)
        .where(OccurrenceHost.post_id == post.id, Occurrence.kind == facts.kind, Occurrence.state.in_(TAKEN_PLACE))
        .where(Occurrence.day.between(facts.first_day, facts.last_day))
        .order_by(Occurrence.day)
    )
    day = db.scalars(query.limit(1)).first()
    if day is not None:
        raise BadInput("registers.has-records", day=f"{day:%d/%m/%Y}")


def _columns(facts: TotalFacts) -> dict[str, object]:
    told = {name: getattr(facts, name) for name in ("kind", "first_day", "last_day", "days_head", "days_stand_in")}
    return told | asdict(facts.counts) | {"note": facts.note}


def _same(other: RegisterTotal, facts: TotalFacts) -> bool:
    return all(getattr(other, name) == value for name, value in _columns(facts).items())

"""Joint sittings: which other offices must agree, which have agreed to exactly this content, and who is asked."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from scheduler.database import Db
from scheduler.models import Consent, Occurrence, OccurrenceHost, Post, Unit
from scheduler.queries.agenda import WHOLE, shown_day
from scheduler.queries.approved import content_of
from scheduler.rules.kinds import BODY_SUFFIXES
from scheduler.rules.permissions import Actor
from scheduler.rules.publication import fingerprint

MOST_SHOWN = 200


def other_offices(occurrence: Occurrence) -> list[Unit]:
    """The offices of a joint sitting besides the one whose plan it stands in; none where all heads are of one body."""
    offices = list(dict.fromkeys(host.post.unit for host in occurrence.hosts))
    return [unit for unit in offices if unit.id != occurrence.unit_id] if len(offices) > 1 else []


def agreements_of(db: Db, occurrences: Iterable[Occurrence]) -> list[Consent]:
    """Those that hold for what the sittings are now: one query, none where no sitting is joint."""
    joint = {one.id: one for one in occurrences if other_offices(one)}
    if not joint:
        return []
    marks = {number: fingerprint(content_of(one)) for number, one in joint.items()}
    given = db.scalars(select(Consent).where(Consent.occurrence_id.in_(tuple(joint))).order_by(Consent.id))
    return [
        one
        for one in given
        if one.content == marks[one.occurrence_id] and one.sequence == joint[one.occurrence_id].sequence
    ]


def awaited_offices(db: Db, occurrences: Iterable[Occurrence]) -> dict[int, list[Unit]]:
    """By sitting the offices that have not agreed to exactly what it is now."""
    rows = list(occurrences)
    given = {(one.occurrence_id, one.unit_id) for one in agreements_of(db, rows)}
    missing = {one.id: [unit for unit in other_offices(one) if (one.id, unit.id) not in given] for one in rows}
    return {number: units for number, units in missing.items() if units}


def agreements_asked(db: Db, actor: Actor, today: date) -> list[Occurrence]:
    """The joint sittings of other offices that wait for one of the actor's own to agree, by day."""
    query = select(Occurrence).where(Occurrence.id.in_(_asked(actor, today))).options(*WHOLE)
    return list(db.scalars(query.order_by(shown_day, Occurrence.id).limit(MOST_SHOWN)).unique())


def count_agreements_asked(db: Db, actor: Actor, today: date) -> int:
    """How many they are."""
    return db.scalar(select(func.count()).select_from(_asked(actor, today).distinct().subquery())) or 0


def asked_units(actor: Actor) -> Select[int]:
    """The offices that the actor itself serves: those of its grants and the bodies of a place, not all below them."""
    mine = actor.units_for("consent")
    return select(Unit.id).where(
        or_(Unit.id.in_(mine), and_(Unit.parent_id.in_(mine), Unit.kind.in_(tuple(BODY_SUFFIXES))))
    )


def _asked(actor: Actor, today: date) -> Select[int]:
    """Approved ones, held against the mark of the approval as publishing does, and public ones changed since."""
    units = asked_units(actor)
    return (
        select(Occurrence.id)
        .join(OccurrenceHost, OccurrenceHost.occurrence_id == Occurrence.id)
        .join(Post, Post.id == OccurrenceHost.post_id)
        .where(Post.unit_id.in_(units), Post.unit_id != Occurrence.unit_id, Occurrence.unit_id.not_in(units))
        .where(shown_day >= today, _with_another_body(), ~_agreed())
        .where(or_(Occurrence.state == "approved", _changed_in_public()))
    )


def _with_another_body() -> ColumnElement[bool]:
    host, post = aliased(OccurrenceHost), aliased(Post)
    beside = select(host.post_id).join(post, post.id == host.post_id)
    return beside.where(host.occurrence_id == Occurrence.id, post.unit_id != Post.unit_id).exists()


def _agreed() -> Any:
    same = or_(Consent.content == Occurrence.approved_content, Occurrence.sequence > 0)
    return exists().where(
        Consent.occurrence_id == Occurrence.id,
        Consent.unit_id == Post.unit_id,
        Consent.sequence == Occurrence.sequence,
        same,
    )


def _changed_in_public() -> ColumnElement[bool]:
    return and_(Occurrence.state.in_(("published", "postponed")), Occurrence.sequence > 0)

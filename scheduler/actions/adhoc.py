"""An ad-hoc sitting: outside the yearly plan, on one of two legal grounds, never refused for want of notice."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import select

from scheduler.actions.clashes import require_free
from scheduler.actions.ledger import record
from scheduler.actions.occurrences import set_span
from scheduler.database import Db
from scheduler.errors import BadInput, NotFound
from scheduler.links import new_slug
from scheduler.models import Occurrence, OccurrenceHost, Post, Unit
from scheduler.queries.access import require
from scheduler.queries.agenda import shown_day
from scheduler.queries.planned import place_named
from scheduler.rules.kinds import ADHOC_GROUNDS
from scheduler.rules.permissions import Actor


@dataclass(frozen=True)
class AdhocSitting:
    """What a clerk writes down: who sits, when, where, why; the kind is adhoc_reception, dialogue or voter_meeting."""

    post_ids: tuple[int, ...]
    day: date
    hours: tuple[str, ...]
    place: str
    kind: str = "adhoc_reception"
    ground: str = ""
    content: str = ""
    attend: tuple[str, ...] = ()


def plan_adhoc(
    db: Db, unit_id: int, sitting: AdhocSitting, *, feed_domain: str, keep_reason: str = "", by: Actor, now: datetime
) -> Occurrence:
    """A draft outside any schedule; the same form sent twice makes one.

    Raises BadInput where a reception names neither of the two legal grounds, RuleBroken for a clash without a
    `keep_reason`.
    """
    require(db, by, "plan", unit_id)
    if sitting.kind == "adhoc_reception" and sitting.ground not in ADHOC_GROUNDS:
        raise BadInput("adhoc.needs-ground", "ground")
    posts = [db.get(Post, post_id) for post_id in dict.fromkeys(sitting.post_ids)]
    if not posts or None in posts or db.get(Unit, unit_id) is None:
        raise NotFound("errors.not-found")
    if (planned := _planned_already(db, unit_id, sitting, by)) is not None:
        return planned
    occurrence = Occurrence(
        slug=new_slug(),
        uid=f"phien-{uuid4()}@{feed_domain}",
        unit_id=unit_id,
        kind=sitting.kind,
        planned_day=sitting.day,
        day=sitting.day,
        outcome="scheduled",
        why=[[f"why.adhoc-{sitting.ground or 'decided'}", {}]],
        hours=list(sitting.hours),
        place=sitting.place.strip(),
        place_id=place_named(db, unit_id, sitting.place),
        content=sitting.content.strip(),
        attend=list(sitting.attend),
        ground=sitting.ground,
        state="draft",
        drafted_by_id=by.account_id,
        content_changed_at=now,
        created_at=now,
    )
    there = [post.id for post in posts if post is not None]
    occurrence.hosts = [OccurrenceHost(post_id=post, position=place) for place, post in enumerate(there)]
    db.add(occurrence)
    set_span(occurrence)
    db.flush()
    require_free(db, [occurrence], keep_reason=keep_reason, drafts=True, by=by, now=now)
    subject = f"occurrence:{occurrence.id}"
    record(db, "occurrence.planned-adhoc", by=by, now=now, unit_id=unit_id, subject=subject, ground=sitting.ground)
    return occurrence


def _planned_already(db: Db, unit_id: int, sitting: AdhocSitting, by: Actor) -> Occurrence | None:
    """The draft that this very form made when it was sent before."""
    query = select(Occurrence).where(
        Occurrence.unit_id == unit_id,
        shown_day == sitting.day,
        Occurrence.schedule_id.is_(None),
        Occurrence.state == "draft",
        Occurrence.kind == sitting.kind,
        Occurrence.place == sitting.place.strip(),
        Occurrence.content == sitting.content.strip(),
        Occurrence.drafted_by_id == by.account_id,
    )
    for one in db.scalars(query):
        if tuple(one.hours) == sitting.hours and tuple(host.post_id for host in one.hosts) == sitting.post_ids:
            return one
    return None

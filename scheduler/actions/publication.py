"""Công bố: approved sittings become public, in one notice a unit, with the law's line kept or the lateness told."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.actions.clashes import require_free
from scheduler.actions.consents import require_agreement
from scheduler.actions.decided_drafts import excused, note_late
from scheduler.actions.feeds import raise_versions
from scheduler.actions.ledger import record, record_each
from scheduler.actions.reminders import plan_reminders
from scheduler.actions.steps import step_all
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import RuleBroken
from scheduler.models import Notice, Occurrence, Posting
from scheduler.queries.access import acting, require
from scheduler.queries.agenda import occurrences_by_id
from scheduler.queries.approved import content_of
from scheduler.queries.days import working_calendar
from scheduler.rules.permissions import Actor
from scheduler.rules.publication import fingerprint, is_late
from scheduler.rules.workflow import PUBLIC, next_state
from scheduler.rules.working_days import Calendar


@dataclass(frozen=True)
class NoticeHead:
    """Number, date and signer of the notice, where it has them already."""

    number: str = ""
    signed_on: date | None = None
    signer: str = ""


NO_HEAD = NoticeHead()


def publish_occurrences(
    db: Db,
    ids: Iterable[int],
    *,
    reason: str = "",
    keep_reason: str = "",
    head: NoticeHead = NO_HEAD,
    by: Actor,
    now: datetime,
) -> list[Notice]:
    """Approved → published, all or none; what is public already is left alone. One notice for each unit.

    Raises RuleBroken("publication.late") where a sitting is nearer than its kind's notice and no reason is given
    (none is asked where a decision on days off came too late: that is the reason),
    RuleBroken("publication.changed-since") where the content is not what was approved, RuleBroken with a key of
    clashes.TAKEN where a head, place or joined unit is not free and no reason to keep it is given.
    """
    occurrences = [one for one in occurrences_by_id(db, ids) if one.state not in PUBLIC]
    by_unit: dict[int, list[Occurrence]] = defaultdict(list)
    for occurrence in occurrences:
        by_unit[occurrence.unit_id].append(occurrence)
    for unit_id in by_unit:
        require(db, by, "publish", unit_id)
    calendar = working_calendar(db)
    late = late_ones(occurrences, calendar, local_date(now))
    causes = excused(db, late, calendar) if late else {}
    own = [one for one in late if one.id not in causes]
    if own and not reason.strip():
        raise RuleBroken("publication.late", n=len(own), first=own[0].day)
    require_agreement(db, occurrences, by=by, now=now)
    require_free(db, occurrences, keep_reason=keep_reason, by=by, now=now)
    notices = [_publish_of_unit(db, unit, rows, head, by=by, now=now) for unit, rows in by_unit.items()]
    because = note_late(db, causes)
    for occurrence in late:
        occurrence.late_reason = because.get(occurrence.id) or reason.strip()
    raise_versions(db, [occurrence.id for occurrence in occurrences], now=now)
    for occurrence in occurrences:
        plan_reminders(db, occurrence, now=now)
    return notices


def late_ones(occurrences: Iterable[Occurrence], calendar: Calendar, today: date) -> list[Occurrence]:
    """Those that would be published today with less notice than their kind asks."""
    return [one for one in occurrences if is_late(today, one.day, one.kind, calendar)]


def _publish_of_unit(
    db: Db, unit_id: int, occurrences: list[Occurrence], head: NoticeHead, *, by: Actor, now: datetime
) -> Notice:
    by = acting(db, by, "publish", unit_id)
    paper = next((one.paper_id for one in occurrences if one.paper_id), None)
    notice = Notice(
        unit_id=unit_id,
        number=head.number.strip(),
        signed_on=head.signed_on,
        signer=head.signer.strip(),
        paper_id=paper,
        published_at=now,
        published_by_id=by.account_id,
    )
    # This site is the office's public page for its calendar; the other two boards are noted by hand.
    notice.postings.append(Posting(where="website", posted_at=now, by=by.name, recorded_at=now))
    db.add(notice)
    db.flush()
    for occurrence in occurrences:
        next_state(occurrence.state, "publish")
        if occurrence.approved_content != fingerprint(content_of(occurrence)):
            raise RuleBroken("publication.changed-since", day=occurrence.day or occurrence.planned_day)
    published = {"state": "published", "notice_id": notice.id, "published_at": now, "content_changed_at": now}
    step_all(db, occurrences, published, each=lambda one: {"published_day": one.day})
    subjects = [(unit_id, f"occurrence:{one.id}") for one in occurrences]
    record_each(db, "occurrence.published", subjects, by=by, now=now, notice=notice.id)
    record(db, "notice.published", by=by, now=now, unit_id=unit_id, subject=f"notice:{notice.id}", n=len(occurrences))
    db.flush()
    return notice

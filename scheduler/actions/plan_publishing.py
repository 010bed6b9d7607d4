"""A plan's drafts approved and published in one go, by an account that may, by the same actions as on the pages."""

from datetime import date, datetime

from sqlalchemy import select

from scheduler.actions.occurrences import approve_occurrences, submit_occurrences
from scheduler.actions.plans import ImportResult
from scheduler.actions.publication import NoticeHead, publish_occurrences
from scheduler.database import Db
from scheduler.errors import BadInput, NotAllowed
from scheduler.models import Account, Occurrence, Schedule
from scheduler.queries.access import may
from scheduler.queries.accounts import actor_of
from scheduler.rules.permissions import COMMAND_LINE, Actor
from scheduler.rules.workflow import BEFORE_PUBLIC

ACTS = ("approve", "publish")


def publish_plan(db: Db, result: ImportResult, email: str, *, reason: str = "", now: datetime) -> int:
    """Approve and publish every draft of the file's series; gives how many sittings became public.

    The command line submits, the account approves and publishes. Raises BadInput for an unknown account, NotAllowed
    without the right, RuleBroken where it drafted one by hand or where one is too near and no reason is given.
    """
    actor = _actor(db, email, result, now)
    in_file = [one.schedule_id for one in result.series if one.verdict in ("new", "same", "changed")]
    query = (
        select(Occurrence.id, Occurrence.state, Schedule.series)
        .join(Schedule, Schedule.id == Occurrence.schedule_id)
        .where(Schedule.id.in_(in_file), Occurrence.state.in_(BEFORE_PUBLIC))
        .order_by(Occurrence.id)
    )
    rows = db.execute(query).all()
    drafts = [row.id for row in rows if row.state == "draft"]
    waiting = [row.id for row in rows if row.state != "approved"]
    if drafts:
        submit_occurrences(db, drafts, by=COMMAND_LINE, now=now)
    if waiting:
        approve_occurrences(db, waiting, by=actor, now=now)
    by_notice: dict[NoticeHead, list[int]] = {}
    for row in rows:
        by_notice.setdefault(_head(row.series), []).append(row.id)
    for head, ids in by_notice.items():
        publish_occurrences(db, ids, reason=reason, keep_reason=reason, head=head, by=actor, now=now)
    return len(rows)


def _actor(db: Db, email: str, result: ImportResult, now: datetime) -> Actor:
    account = db.scalars(select(Account).where(Account.email == email.strip().lower())).one_or_none()
    if account is None or not account.active:
        raise BadInput("schedules.unknown-account", "--as", email=email)
    actor = actor_of(db, account, via=COMMAND_LINE.via, now=now)
    if not all(may(db, actor, act, result.unit.id) for act in ACTS):
        raise NotAllowed("schedules.may-not-publish", email=account.email, unit=result.unit.name)
    return actor


def _head(series: dict[str, object]) -> NoticeHead:
    notice = series.get("notice")
    if not isinstance(notice, dict):
        return NoticeHead()
    signed_on = date.fromisoformat(notice["date"]) if notice.get("date") else None
    return NoticeHead(notice.get("number", ""), signed_on, notice.get("signer", ""))

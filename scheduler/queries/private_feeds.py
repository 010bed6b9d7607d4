"""Private calendars: whose address it is, and the sittings and due days that stand in it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.links import hash_secret
from scheduler.models import (
    Account,
    ConclusionItem,
    FeedToken,
    Holding,
    Occurrence,
    OccurrenceAttendee,
    Post,
    Role,
    Task,
    TaskEvent,
    Unit,
)
from scheduler.queries.access import holds
from scheduler.queries.agenda import titled
from scheduler.queries.feeds import told_sittings, told_to_post
from scheduler.rules.kinds import BODY_SUFFIXES
from scheduler.rules.permissions import PERMISSIONS

CLOSED_KEPT = timedelta(days=14)
"""How long a finished task's due day is still shown."""
MOST_TASKS = 500


@dataclass(frozen=True)
class Owner:
    """Whose calendar an address opens: its posts' sittings, and its units' sittings and due days."""

    token_id: int
    name: str
    language: str
    posts: tuple[int, ...] = ()
    units: tuple[int, ...] = ()
    used_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True)
class GivenAddress:
    """A private address as a list shows it; the secret itself is kept nowhere."""

    id: int
    beginning: str
    name: str
    made_at: datetime
    used_at: datetime | None


def owner_of(db: Db, secret: str, *, today: date, production: bool) -> Owner | None:
    """The owner of a private address that still opens; None for one that never did or does no more, alike."""
    found = select(FeedToken).where(FeedToken.secret_hash == hash_secret(secret), FeedToken.revoked_at.is_(None))
    token = db.scalars(found).one_or_none()
    if token is None:
        return None
    if token.post_id is not None:
        return _post_owner(db, token, today)
    return _account_owner(db, token, today, production=production)


def addresses_of(db: Db, *, account_id: int | None = None, post_id: int | None = None) -> list[GivenAddress]:
    """The open address of an account or a post, newest first (there is one at a time)."""
    rows: Any = db.execute(
        select(FeedToken, Post, Account)
        .outerjoin(Post, Post.id == FeedToken.post_id)
        .outerjoin(Account, Account.id == FeedToken.account_id)
        .where(FeedToken.revoked_at.is_(None), _belongs_to(account_id, post_id))
        .order_by(FeedToken.id.desc())
        .options(joinedload(Post.unit))
    )
    return [
        GivenAddress(
            token.id, token.beginning, account.name if post is None else titled(post), token.made_at, token.used_at
        )
        for token, post, account in rows
    ]


def may_have_calendar(db: Db, account: Account, today: date) -> bool:
    """Whether the account has a role today that has sittings or due days of its own."""
    return bool(_roles_of(db, account.id, today))


def post_by_code(db: Db, code: str) -> Post | None:
    """The post with this code, with its unit."""
    return db.scalars(select(Post).where(Post.code == code).options(joinedload(Post.unit))).one_or_none()


def sittings_told_to(db: Db, owner: Owner, first: date, last: date, *, today: date, limit: int) -> list[Occurrence]:
    """What its posts host or chair, what its units hold, and what its units are asked to attend."""
    whose: list[Any] = [told_to_post(post) for post in owner.posts]
    if owner.units:
        whose.append(Occurrence.unit_id.in_(owner.units))
    whose += [_attended_by(unit) for unit in owner.units]
    return told_sittings(db, whose, first, last, today=today, limit=limit) if whose else []


def due_days_of(db: Db, owner: Owner, first: date, last: date, *, now: datetime) -> list[tuple[Task, datetime]]:
    """The tasks its units carry out or have given, with the moment of their last event; the oldest due first."""
    if not owner.units:
        return []
    newest: Any = select(func.max(TaskEvent.at)).where(TaskEvent.task_id == Task.id).scalar_subquery()
    rows: Any = db.execute(
        select(Task, newest)
        .where(_of_units(owner), Task.due_day.between(first, last))
        .where(or_(Task.closed_at.is_(None), Task.closed_at >= now - CLOSED_KEPT))
        .order_by(Task.due_day, Task.id)
        .limit(MOST_TASKS)
        .options(
            joinedload(Task.item).joinedload(ConclusionItem.conclusion),
            joinedload(Task.unit),
            joinedload(Task.owner_unit),
        )
    )
    return [(task, changed_at or task.made_at) for task, changed_at in rows]


def due_days_stamp(db: Db, owner: Owner) -> tuple[int, int]:
    """Two numbers that stay the same as long as none of these tasks changed."""
    if not owner.units:
        return 0, 0
    count, versions = db.execute(
        select(func.count(), func.coalesce(func.sum(Task.version), 0)).where(_of_units(owner))
    ).one()
    return int(count), int(versions)


def _post_owner(db: Db, token: FeedToken, today: date) -> Owner | None:
    """Leaving the post closes the address: it opens as long as one who held the post when it was made still does."""
    post = db.scalars(select(Post).where(Post.id == token.post_id).options(joinedload(Post.unit))).one()
    then = _holders(db, post.id, local_date(token.made_at))
    if then and not then & _holders(db, post.id, today):
        return None
    return Owner(token.id, titled(post), "vi", posts=(post.id,), used_at=token.used_at)


def _account_owner(db: Db, token: FeedToken, today: date, *, production: bool) -> Owner | None:
    account = db.scalars(select(Account).where(Account.id == token.account_id)).one()
    roles = _roles_of(db, account.id, today)
    if not roles or not account.active or (account.demo and production):
        return None
    posts = tuple(sorted({role.post_id for role in roles if role.post_id is not None}))
    units = {role.unit_id for role in roles if role.role != "leader" or role.post_id is None}
    return Owner(token.id, account.name, account.language, posts, _with_bodies(db, units), token.used_at)


def _roles_of(db: Db, account_id: int, today: date) -> list[Role]:
    rows = db.scalars(select(Role).where(Role.account_id == account_id).order_by(Role.id))
    return [role for role in rows if role.role in PERMISSIONS["own_feed"] and holds(role, today)]


def _with_bodies(db: Db, units: set[int]) -> tuple[int, ...]:
    """A place's bodies are its own; units further below keep their own calendars."""
    if not units:
        return ()
    place = select(Unit.id).where(Unit.id.in_(units), Unit.kind == "place")
    bodies = db.scalars(select(Unit.id).where(Unit.parent_id.in_(place), Unit.kind.in_(tuple(BODY_SUFFIXES))))
    return tuple(sorted(units | set(bodies)))


def _holders(db: Db, post_id: int, day: date) -> set[int]:
    held = and_(Holding.valid_from <= day, or_(Holding.valid_to.is_(None), Holding.valid_to >= day))
    return set(db.scalars(select(Holding.person_id).where(Holding.post_id == post_id, held)))


def _of_units(owner: Owner) -> Any:
    return or_(Task.unit_id.in_(owner.units), Task.owner_unit_id.in_(owner.units))


def _attended_by(unit_id: int) -> Any:
    joined = select(OccurrenceAttendee.occurrence_id).where(OccurrenceAttendee.unit_id == unit_id)
    return Occurrence.id.in_(joined)


def _belongs_to(account_id: int | None, post_id: int | None) -> Any:
    if post_id is not None:
        return FeedToken.post_id == post_id
    return FeedToken.account_id == account_id

"""Private calendar addresses: made, shown once, replaced, taken back. Only the hash of a secret is ever stored."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, update

from scheduler.actions.ledger import record
from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.links import hash_secret, new_secret
from scheduler.models import Account, FeedToken, Post
from scheduler.queries.access import require
from scheduler.rules.permissions import Actor

BEGINNING = 6
"""Characters by which a list names an address."""
NOTED_EVERY = timedelta(minutes=1)


def make_account_address(db: Db, account: Account, *, by: Actor, now: datetime) -> str:
    """The secret of a new address for a member of staff; the earlier one closes at once. Raises NotFound."""
    _require_own(account, by)
    _close(db, FeedToken.account_id == account.id, now)
    return _make(db, FeedToken(account_id=account.id), account.email, by=by, now=now)


def make_post_address(db: Db, post: Post, *, by: Actor, now: datetime) -> str:
    """The secret of a new address for a post; the earlier one closes at once. Raises NotFound, NotAllowed."""
    require(db, by, "administer", post.unit_id)
    _close(db, FeedToken.post_id == post.id, now)
    return _make(db, FeedToken(post_id=post.id), post.code, unit_id=post.unit_id, by=by, now=now)


def revoke_account_address(db: Db, account: Account, *, by: Actor, now: datetime) -> int:
    """Close the account's address; returns how many were open. Raises NotFound."""
    _require_own(account, by)
    return _revoke(db, FeedToken.account_id == account.id, account.email, by=by, now=now)


def revoke_post_address(db: Db, post: Post, *, by: Actor, now: datetime) -> int:
    """Close the post's address; returns how many were open. Raises NotFound, NotAllowed."""
    require(db, by, "administer", post.unit_id)
    return _revoke(db, FeedToken.post_id == post.id, post.code, unit_id=post.unit_id, by=by, now=now)


def note_use(db: Db, token_id: int, *, now: datetime) -> None:
    """Remember that a calendar asked, at most once a minute."""
    stale = or_(FeedToken.used_at.is_(None), FeedToken.used_at <= now - NOTED_EVERY)
    db.execute(update(FeedToken).where(FeedToken.id == token_id, stale).values(used_at=now))


def _require_own(account: Account, by: Actor) -> None:
    if not by.trusted and by.account_id != account.id:
        raise NotFound("errors.not-found")


def _make(db: Db, token: FeedToken, whose: str, *, by: Actor, now: datetime, unit_id: int | None = None) -> str:
    secret = new_secret()
    token.secret_hash, token.beginning, token.made_at = hash_secret(secret), secret[:BEGINNING], now
    db.add(token)
    db.flush()
    record(db, "feed.made", by=by, now=now, unit_id=unit_id, subject=f"feed_token:{token.id}", whose=whose)
    return secret


def _revoke(db: Db, of: Any, whose: str, *, by: Actor, now: datetime, unit_id: int | None = None) -> int:
    closed = _close(db, of, now)
    if closed:
        record(db, "feed.revoked", by=by, now=now, unit_id=unit_id, whose=whose)
    return closed


def _close(db: Db, of: Any, now: datetime) -> int:
    done: Any = db.execute(update(FeedToken).where(of, FeedToken.revoked_at.is_(None)).values(revoked_at=now))
    return int(done.rowcount)

"""Signing in and out, passwords, and one-time links. Secrets leave this file once and are kept as hashes only."""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from math import ceil

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import delete, func, select, update

from scheduler.actions.ledger import record
from scheduler.database import Db
from scheduler.errors import BadInput, NotFound, RuleBroken, TooMany
from scheduler.links import hash_secret, new_secret
from scheduler.models import Account, Attempt, OneTimeLink, SignIn
from scheduler.queries.accounts import account_by_email, account_of_secret, actor_of, link_of_secret, require_over
from scheduler.rules.names import core_name
from scheduler.rules.passwords import LONGEST, password_fault
from scheduler.rules.permissions import Actor

__all__ = [
    "account_of_secret",
    "change_password",
    "count_failed_sign_in",
    "end_sign_in",
    "make_link",
    "set_password",
    "sign_in",
    "sign_out",
    "start_sign_in",
    "touch_sign_in",
    "use_link",
]

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Argon2id with the least cost OWASP names; about a sixth of a second on a small server."""
AT_ONCE = threading.BoundedSemaphore(2)
HASH_WAIT = 5.0

WHOLE = timedelta(hours=12)
LINK_LIFE = timedelta(hours=72)
TOUCH = timedelta(minutes=1)
SHORT_WINDOW, FREE_FAILURES = timedelta(minutes=15), 5
FIRST_PAUSE, LONGEST_PAUSE = 30, 15 * 60
LONG_WINDOW, CLIENT_FAILURES = timedelta(hours=1), 50
PURPOSES = ("password", "sign-in")


def sign_in(
    db: Db, email: str, password: str, *, client: str, device: str = "", now: datetime, production: bool = False
) -> str:
    """The secret of a new sign-in. `client` is the network address that limits count, `device` what the list shows.

    Raises RuleBroken alike for an unknown account and a wrong password, after the same work; TooMany after several
    failures of this pair. The caller leaves a note by `count_failed_sign_in`.
    """
    _refuse_paused(db, email, client, now)
    account = account_by_email(db, email) if len(email) <= LONGEST * 2 else None
    may_try = account is not None and account.active and not (production and account.demo)
    right = _verify(account.password if account is not None and may_try else None, password)
    if account is None or not right:
        raise RuleBroken("accounts.sign-in-refused")
    if account.password is not None and HASHER.check_needs_rehash(account.password):
        account.password = _hash(password)
    db.execute(delete(Attempt).where(Attempt.what == "sign-in", Attempt.who == _pair(email, client)))
    return start_sign_in(db, account, client=device or client, now=now)


def start_sign_in(db: Db, account: Account, *, client: str, now: datetime) -> str:
    """The secret of a new sign-in for an account that has proved who it is."""
    secret = new_secret()
    db.add(
        SignIn(
            secret_hash=hash_secret(secret),
            account_id=account.id,
            created_at=now,
            seen_at=now,
            ends_at=now + WHOLE,
            ended_at=None,
            client=client[:200],
        )
    )
    db.flush()
    by = actor_of(db, account, via="web", now=now)
    record(db, "account.signed-in", by=by, now=now, subject=f"account:{account.id}")
    return secret


def sign_out(db: Db, secret: str, *, now: datetime) -> None:
    """End the sign-in of this secret; an ended one stays as it is."""
    db.execute(
        update(SignIn)
        .where(SignIn.secret_hash == hash_secret(secret), SignIn.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def end_sign_in(db: Db, sign_in_id: int, *, by: Actor, now: datetime) -> None:
    """End one of the actor's own sign-ins. Raises NotFound for anybody else's."""
    found = db.get(SignIn, sign_in_id)
    if found is None or found.account_id != by.account_id:
        raise NotFound("errors.not-found")
    found.ended_at = found.ended_at or now
    record(db, "account.sign-in-ended", by=by, now=now, subject=f"account:{found.account_id}")


def touch_sign_in(db: Db, secret: str, *, now: datetime) -> None:
    """Remember that the sign-in is in use; at most once a minute it writes."""
    db.execute(
        update(SignIn)
        .where(SignIn.secret_hash == hash_secret(secret), SignIn.seen_at < now - TOUCH)
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def count_failed_sign_in(db: Db, email: str, *, client: str, now: datetime) -> None:
    """Count a failure for the pair and for the network address; the names are kept as hashes."""
    db.add_all(
        [
            Attempt(what="sign-in", who=_pair(email, client), at=now),
            Attempt(what="sign-in-client", who=hash_secret(client), at=now),
        ]
    )


def make_link(db: Db, account: Account, *, purpose: str = "password", by: Actor, now: datetime) -> str:
    """The secret of a one-time link that holds 72 hours; earlier ones of this purpose end.

    "password" sets one, "sign-in" is for accounts of the demonstration, which have none.
    Raises RuleBroken, NotAllowed, NotFound.
    """
    require_over(db, by, account, now)
    if purpose not in PURPOSES or (purpose == "sign-in") != account.demo:
        raise RuleBroken("accounts.demo-signs-in-by-link")
    if not account.active:
        raise RuleBroken("accounts.closed", email=account.email)
    _end_links(db, account, purpose, now)
    secret = new_secret()
    db.add(
        OneTimeLink(
            secret_hash=hash_secret(secret),
            account_id=account.id,
            purpose=purpose,
            made_at=now,
            ends_at=now + LINK_LIFE,
            used_at=None,
        )
    )
    record(db, "account.link-made", by=by, now=now, subject=f"account:{account.id}", purpose=purpose)
    return secret


def use_link(
    db: Db, secret: str, *, password: str = "", client: str = "", now: datetime, production: bool = False
) -> str:
    """Use a one-time link: set the password if that is its purpose, then sign in. Gives the sign-in's secret.

    Raises NotFound, RuleBroken when it is used or over, BadInput for a password that will not do (it stays unused).
    """
    link = link_of_secret(db, secret, now)
    account = db.get_one(Account, link.account_id)
    if not account.active or (production and account.demo):
        raise RuleBroken("accounts.link-over")
    if link.purpose == "password":
        set_password(db, account, password, by=actor_of(db, account, via="one-time link", now=now), now=now)
    claimed = db.execute(
        update(OneTimeLink)
        .where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if getattr(claimed, "rowcount", 0) != 1:
        raise RuleBroken("accounts.link-over")
    return start_sign_in(db, account, client=client, now=now)


def change_password(
    db: Db, account: Account, old: str, new: str, *, client: str, keep: str = "", by: Actor, now: datetime
) -> None:
    """A new password for who knows the old one; all sign-ins but the one of secret `keep` end.

    Raises BadInput, TooMany; a wrong old one is counted by the caller as a failed sign-in.
    """
    _refuse_paused(db, account.email, client, now)
    if not _verify(account.password, old):
        raise BadInput("accounts.old-password-wrong", place="old_password")
    set_password(db, account, new, keep=keep, by=by, now=now)


def set_password(db: Db, account: Account, password: str, *, keep: str = "", by: Actor, now: datetime) -> None:
    """Set a password, end the sign-ins but the one of secret `keep`, and the links. Raises BadInput, RuleBroken."""
    if account.demo:
        raise RuleBroken("accounts.demo-signs-in-by-link")
    about = [*account.email.replace("@", ".").split("."), *account.name.split(), account.name]
    about += [core_name(role.unit.name) for role in account.roles]
    fault = password_fault(password, tuple(about))
    if fault is not None:
        raise BadInput(fault, place="password")
    account.password = _hash(password)
    db.execute(
        update(SignIn)
        .where(SignIn.account_id == account.id, SignIn.ended_at.is_(None), SignIn.secret_hash != hash_secret(keep))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    record(db, "account.password-set", by=by, now=now, subject=f"account:{account.id}")


def _end_links(db: Db, account: Account, purpose: str, now: datetime) -> None:
    db.execute(
        update(OneTimeLink)
        .where(OneTimeLink.account_id == account.id, OneTimeLink.purpose == purpose, OneTimeLink.used_at.is_(None))
        .where(OneTimeLink.ends_at > now)
        .values(ends_at=now)
        .execution_options(synchronize_session=False)
    )


def _refuse_paused(db: Db, email: str, client: str, now: datetime) -> None:
    """After five failures of a pair in a quarter of an hour the pauses grow: 30 s, 1, 2 … 15 minutes.

    Another client of the same account is not held up, so that nobody can lock a leader out.
    """
    failures, last = _failures(db, "sign-in", _pair(email, client), now - SHORT_WINDOW)
    if failures >= FREE_FAILURES and last is not None:
        pause = min(FIRST_PAUSE << min(failures - FREE_FAILURES, 10), LONGEST_PAUSE)
        left = pause - (now - last).total_seconds()
        if left > 0:
            raise TooMany("errors.too-many", retry_after=ceil(left))
    failures, last = _failures(db, "sign-in-client", hash_secret(client), now - LONG_WINDOW)
    if failures >= CLIENT_FAILURES and last is not None:
        left = LONGEST_PAUSE - (now - last).total_seconds()
        if left > 0:
            raise TooMany("errors.too-many", retry_after=ceil(left))


def _failures(db: Db, what: str, who: str, since: datetime) -> tuple[int, datetime | None]:
    row = db.execute(
        select(func.count(Attempt.id), func.max(Attempt.at)).where(
            Attempt.what == what, Attempt.who == who, Attempt.at > since
        )
    ).one()
    return int(row[0]), row[1]


def _pair(email: str, client: str) -> str:
    return hash_secret(f"{email.strip().lower()[:300]}\0{client}")


def _verify(kept: str | None, password: str) -> bool:
    """Whether the password is the kept one; without any the same work is done for nothing."""
    if len(password) > LONGEST:
        return False
    with _one_of_two():
        try:
            HASHER.verify(kept or _nobodys_hash(), _composed(password))
        except (Argon2Error, InvalidHashError):
            return False
    return kept is not None


def _hash(password: str) -> str:
    with _one_of_two():
        return HASHER.hash(_composed(password))


def _composed(password: str) -> str:
    """The same password from any keyboard: accents composed (NFC)."""
    return unicodedata.normalize("NFC", password)


@cache
def _nobodys_hash() -> str:
    return HASHER.hash(new_secret())


@contextmanager
def _one_of_two() -> Iterator[None]:
    """Hashing is dear on purpose: two at once, the others wait, and are told when it takes too long."""
    if not AT_ONCE.acquire(timeout=HASH_WAIT):
        raise TooMany("errors.too-many", retry_after=int(HASH_WAIT))
    try:
        yield
    finally:
        AT_ONCE.release()

"""How often somebody may register and look for a code: counted by marks, never by an address or a number itself."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from scheduler.database import Db, vault_of
from scheduler.errors import RuleBroken, TooMany
from scheduler.models import Attempt
from scheduler.queries.registrations import open_ones
from scheduler.rules.registrations import CLIENT_HOURLY, HOURLY, OPEN_A_MONTH, WRONG_CODES

HOUR, MONTH, QUARTER = timedelta(hours=1), timedelta(days=30), timedelta(minutes=15)
TRIED, CLIENT_TRIED, TRAPPED, WRONG = (
    "registration",
    "registration-client",
    "registration-trap",
    "registration-code",
)


def require_few(db: Db, client: str, guard: str, *, now: datetime) -> None:
    """Raise TooMany after five registrations an hour of one contact from one address, or forty of one address;
    RuleBroken where three of this contact are still open."""
    for what, who, most in ((TRIED, f"{client}\0{guard}", HOURLY), (CLIENT_TRIED, client, CLIENT_HOURLY)):
        _require_fewer(db, what, who, most=most, span=HOUR, now=now)
    if open_ones(db, guard, now - MONTH) >= OPEN_A_MONTH:
        raise RuleBroken("registrations.enough-open", n=OPEN_A_MONTH)


def count_registration(db: Db, client: str, guard: str, *, now: datetime) -> None:
    """Count one that was sent, whatever came of it."""
    vault = vault_of(db)
    db.add(Attempt(what=TRIED, who=vault.mark(f"{client}\0{guard}"), at=now))
    db.add(Attempt(what=CLIENT_TRIED, who=vault.mark(client), at=now))


def count_trapped(db: Db, client: str, *, now: datetime) -> None:
    """Count a form that only a program fills in like this."""
    db.add(Attempt(what=TRAPPED, who=vault_of(db).mark(client), at=now))


def require_guesses_left(db: Db, client: str, guards: tuple[str, ...], *, now: datetime) -> None:
    """Raise TooMany after ten wrong codes in a quarter of an hour, of one address or for one contact."""
    for who in (client, *guards):
        _require_fewer(db, WRONG, who, most=WRONG_CODES, span=QUARTER, now=now)


def count_wrong_code(db: Db, client: str, guards: tuple[str, ...], *, now: datetime) -> None:
    """Count a code that was not found, for the address and for the contact."""
    vault = vault_of(db)
    db.add_all(Attempt(what=WRONG, who=vault.mark(who), at=now) for who in (client, *guards))


def _require_fewer(db: Db, what: str, who: str, *, most: int, span: timedelta, now: datetime) -> None:
    since = select(func.count(Attempt.id), func.min(Attempt.at)).where(
        Attempt.what == what, Attempt.who == vault_of(db).mark(who), Attempt.at > now - span
    )
    count, first = db.execute(since).one()
    if count >= most and first is not None:
        raise TooMany("registrations.too-often", retry_after=max(int((first + span - now).total_seconds()), 1))

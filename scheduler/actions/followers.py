"""Following by e-mail: asked for, confirmed, left. Whether an address is known already is told to nobody but itself."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from scheduler.actions.addresses import checked_address
from scheduler.actions.ledger import record
from scheduler.actions.letters import Recipient, queue_letter
from scheduler.database import Db, insert_into, vault_of
from scheduler.errors import BadInput, RuleBroken, TooMany
from scheduler.links import new_slug
from scheduler.models import Attempt, Follower, Letter, Post
from scheduler.queries.feeds import Subject
from scheduler.queries.followers import asks_since, follower_by_slug
from scheduler.rules.followers import ASKS_AN_HOUR, CONFIRM_LIFE, DATA_NOTICE
from scheduler.rules.permissions import Actor

HOUR = timedelta(hours=1)
TWICE = timedelta(minutes=2)
"""The same form within so short a time was sent by one press."""
BY_CLIENT, TO_ADDRESS, TRAPPED = "follow", "follow-to", "follow-trap"
"""What attempts are counted as."""
RESIDENT = Actor("công dân", "letter link")


def ask_to_follow(
    db: Db, subject: Subject, email: str, *, kind: str = "", language: str = "vi", client: str, now: datetime
) -> bool:
    """Have a letter of confirmation sent; `kind` narrows what is followed, `client` is whom limits count.

    False where none was queued: the form came twice, or the address had its letters for this hour. The reader is told
    the same either way. Raises BadInput for what is no address, TooMany for a client that asked too often.
    """
    address = _plain_address(email)
    visitor = vault_of(db).mark(client)
    if asks_since(db, BY_CLIENT, visitor, now - HOUR) >= ASKS_AN_HOUR:
        raise TooMany("errors.too-many", retry_after=int(HOUR.total_seconds()))
    mark = vault_of(db).mark(address)
    follower, fresh = _row(db, subject, address, mark, kind=kind, language=language, now=now)
    if not fresh and now - follower.asked_at < TWICE:
        return False
    too_many = asks_since(db, TO_ADDRESS, mark, now - HOUR) >= ASKS_AN_HOUR
    db.add(Attempt(what=BY_CLIENT, who=visitor, at=now))
    db.add(Attempt(what=TO_ADDRESS, who=mark, at=now))
    if too_many:
        return False
    follower.asked_at, follower.language, follower.data_notice = now, language, DATA_NOTICE
    db.flush()
    return _queue_confirmation(db, follower, subject, now=now)


def count_trapped(db: Db, *, client: str, now: datetime) -> None:
    """Count a form that no person filled in."""
    db.add(Attempt(what=TRAPPED, who=vault_of(db).mark(client), at=now))


def confirm_follower(db: Db, slug: str, *, now: datetime) -> Follower:
    """News go to the address from now on; narrower or wider wishes of before for the same calendar end.

    Doing it twice changes nothing. Raises RuleBroken where it is too late or the address was erased.
    """
    follower = follower_by_slug(db, slug)
    if follower is None or follower.state == "ended":
        raise RuleBroken("follow.gone")
    if follower.state == "asked":
        confirming = update(Follower).where(
            Follower.id == follower.id, Follower.state == "asked", Follower.asked_at > now - CONFIRM_LIFE
        )
        values: dict[str, Any] = {"state": "confirmed", "confirmed_at": now, "told_at": now}
        if not _rows(db.execute(confirming.values(values), execution_options={"synchronize_session": "fetch"})):
            raise RuleBroken("follow.too-late")
        _note(db, "follower.confirmed", follower, now=now)
        _end_others(db, follower, now=now)
    return follower


def leave(db: Db, slug: str, *, now: datetime) -> bool:
    """No letter any more, and the address is erased. False where that was so already."""
    follower = follower_by_slug(db, slug)
    if follower is None or follower.state == "ended":
        return False
    end_follower(db, follower, now=now)
    _note(db, "follower.left", follower, now=now)
    return True


def end_follower(db: Db, follower: Follower, *, now: datetime) -> None:
    """Erase the address, and close the letters that have not left."""
    follower.state, follower.email, follower.mark, follower.ended_at = "ended", "", None, now
    waiting = update(Letter).where(Letter.follower_id == follower.id, Letter.state.in_(("due", "held")))
    db.execute(waiting.values(state="not-wanted"), execution_options={"synchronize_session": "fetch"})
    db.flush()


def _plain_address(email: str) -> str:
    if not email.strip():
        raise BadInput("follow.address-missing", place="email")
    if not email.strip().isascii():
        raise BadInput("follow.address-ascii", place="email")
    return checked_address(email)


def _row(
    db: Db, subject: Subject, address: str, mark: str, *, kind: str, language: str, now: datetime
) -> tuple[Follower, bool]:
    """The row of this address and calendar, and whether it is new; the unique key is the judge."""
    values: dict[str, Any] = {
        "slug": new_slug(),
        "feed": subject.feed,
        "unit_id": subject.id if subject.kind == "unit" else None,
        "post_id": subject.id if subject.kind == "post" else None,
        "kind": kind,
        "email": vault_of(db).seal(address),
        "mark": mark,
        "language": language,
        "data_notice": DATA_NOTICE,
        "state": "asked",
        "asked_at": now,
    }
    made = insert_into(db, Follower).values(values).on_conflict_do_nothing(index_elements=["feed", "kind", "mark"])
    fresh = db.scalar(made.returning(Follower.id)) is not None
    mine = select(Follower).where(Follower.feed == subject.feed, Follower.kind == kind, Follower.mark == mark)
    return db.scalars(mine, execution_options={"populate_existing": True}).one(), fresh


def _queue_confirmation(db: Db, follower: Follower, subject: Subject, *, now: datetime) -> bool:
    facts = {
        "followed": subject.name,
        "kind": follower.kind,
        "ends": (now + CONFIRM_LIFE).isoformat(),
        "list": list_name(subject),
        "url": f"/follow/{follower.slug}",
        "why_you": "asked-to-follow",
    }
    return queue_letter(
        db,
        "follow-confirm",
        Recipient("", language=follower.language, about=f"follower:{follower.id}"),
        facts,
        key=f"follow-confirm:{now.isoformat()}",
        due_at=now,
        now=now,
        follower_id=follower.id,
        expires_at=now + CONFIRM_LIFE,
    )


def list_name(subject: Subject) -> str:
    """What the list is called in a letter's headers (RFC 2919), without the installation's name."""
    return f"{subject.code}.{subject.kind}s"


def _end_others(db: Db, follower: Follower, *, now: datetime) -> None:
    others = select(Follower).where(
        Follower.feed == follower.feed, Follower.mark == follower.mark, Follower.id != follower.id
    )
    for other in list(db.scalars(others)):
        end_follower(db, other, now=now)


def _note(db: Db, deed: str, follower: Follower, *, now: datetime) -> None:
    unit_id = follower.unit_id
    if follower.post_id is not None:
        unit_id = db.get_one(Post, follower.post_id).unit_id
    record(db, deed, by=RESIDENT, now=now, unit_id=unit_id, subject=f"follower:{follower.id}")


def _rows(result: Any) -> int:
    return int(result.rowcount)

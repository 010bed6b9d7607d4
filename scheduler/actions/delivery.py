"""The fate of a letter: claimed by one sender, sent, put off, refused, doubted; and given back to the queue by hand.

Every step is an update that must touch exactly one row in the state it leaves, so that two senders never share one.
"""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, or_, update

from scheduler.actions.calls import call_instead, call_no_more, list_call_for
from scheduler.actions.ledger import record
from scheduler.database import Db
from scheduler.errors import RuleBroken
from scheduler.models import Letter
from scheduler.queries.access import require, units_readable
from scheduler.queries.outbox import Reach, reach_of, wanted
from scheduler.rules.letters import LEASE, LETTER, MAY_SEND_AGAIN, MOST_TRIES, after_doubt, next_pause
from scheduler.rules.permissions import Actor
from scheduler.sealing import Unreadable

ANSWER_LENGTH = 500
FREE: dict[str, Any] = {"lease": None, "leased_until": None}
NATIONAL = 9
"""Digits of a number without what stands before it at home (0) or abroad (+84)."""
SECOND_LIFE = timedelta(days=3)
"""How long a letter is tried that a person sends again."""


def claim_letter(db: Db, letter_id: int, *, lease: str, domain: str, now: datetime) -> Letter | None:
    """Take a due letter to send it; None when somebody else has it, or when it was closed instead of taken.

    A letter past its day becomes "expired", one whose sitting or task is no longer as it says "not-wanted".
    """
    free = or_(Letter.retry_at.is_(None), Letter.retry_at <= now)
    claim = update(Letter).where(Letter.id == letter_id, Letter.state == "due", Letter.due_at <= now, free)
    taken = claim.values(
        state="sending",
        lease=lease,
        leased_until=now + LEASE,
        attempts=Letter.attempts + 1,
        reached_data=False,
    )
    options = {"populate_existing": True, "synchronize_session": False}
    letter = db.scalars(taken.returning(Letter), execution_options=options).one_or_none()
    if letter is None:
        return None
    if letter.expires_at is not None and letter.expires_at <= now:
        _close(letter, "expired")
        return None
    if not wanted(db, letter):
        _close(letter, "not-wanted")
        return None
    reach = _reach(db, letter)
    if isinstance(reach, str):
        _close(letter, reach)
        return None
    if reach.channel != letter.channel:
        # Another contact since it was queued: it leaves by the other way, at that one's next beat.
        letter.channel = reach.channel
        _close(letter, "due")
        return None
    db.expunge(letter)
    letter.recipient, letter.recipient_name = reach.address, reach.name
    letter.message_id = message_id(letter, domain)
    return letter


def call_instead_of_sending(db: Db, letter_id: int, *, now: datetime) -> bool:
    """There is no way out for a due letter: its reader is listed to be called. False where nobody is to be called."""
    letter = db.get_one(Letter, letter_id, with_for_update=True, populate_existing=True)
    if letter.state != "due":
        return False
    if letter.expires_at is not None and letter.expires_at <= now:
        letter.state = "expired"
        return False
    reach = _reach(db, letter) if wanted(db, letter) else "not-wanted"
    if isinstance(reach, str):
        letter.state = reach
        return False
    letter.state = "called"
    return list_call_for(db, letter, now=now) is not None


def message_id(letter: Letter, domain: str) -> str:
    """The same at each try, so that a doubled letter is known as one (RFC 5322 3.6.4)."""
    digest = hashlib.sha256(letter.key.encode()).hexdigest()[:16]
    return f"<letter-{letter.id}-{digest}@{domain}>"


def note_data(db: Db, letter: Letter, *, lease: str, now: datetime) -> bool:
    """Note that the letter is about to be handed over: from here on the server may have it. False: no longer ours."""
    values = {"reached_data": True, "leased_until": now + LEASE, "message_id": letter.message_id}
    return _mine(db, letter.id, lease, values)


def mark_sent(db: Db, letter: Letter, *, lease: str, answer: str, now: datetime) -> bool:
    """The server has it. False when the lease was lost meanwhile (then another sender decides).

    What a letter tells its reader alone (a link to set a password) is not kept after it left.
    """
    values: dict[str, Any] = {"state": "sent", "sent_at": now, "message_id": letter.message_id}
    values["answer"] = _short(letter, answer)
    forgotten = dict.fromkeys(LETTER[letter.kind].forget, "")
    if forgotten:
        values["facts"] = letter.facts | forgotten
    ours = _mine(db, letter.id, lease, values | FREE)
    if ours:
        call_no_more(db, letter, now=now)
    return ours


def mark_refused(db: Db, letter: Letter, *, lease: str, answer: str, now: datetime) -> bool:
    """The server will never take it: told to a person, not tried again; what cannot wait becomes a call."""
    ours = _mine(db, letter.id, lease, {"state": "failed", "answer": _short(letter, answer)} | FREE)
    if ours:
        call_instead(db, letter, now=now)
    return ours


def mark_later(db: Db, letter: Letter, *, lease: str, answer: str, now: datetime) -> bool:
    """The server may take it later: tried again after a growing pause, and given up after MOST_TRIES."""
    if letter.attempts >= MOST_TRIES:
        return mark_refused(db, letter, lease=lease, answer=answer, now=now)
    retry_at = now + next_pause(letter.attempts, letter.id)
    return _mine(db, letter.id, lease, {"state": "due", "answer": _short(letter, answer), "retry_at": retry_at} | FREE)


def mark_unsure(db: Db, letter: Letter, *, lease: str, answer: str, now: datetime) -> bool:
    """The server's answer was lost after the letter was handed over: once more by rule, then for a person."""
    doubts = letter.doubts + 1
    values: dict[str, Any] = {
        "state": after_doubt(letter.kind, doubts),
        "doubts": doubts,
        "retry_at": now + next_pause(doubts, letter.id),
        "answer": _short(letter, answer),
    }
    return _mine(db, letter.id, lease, values | FREE)


def release_letter(db: Db, letter: Letter, *, lease: str, answer: str = "") -> bool:
    """Put a claimed letter back untried: the server cannot be reached at all, or the sender is told to stop."""
    values: dict[str, Any] = {"state": "due", "attempts": Letter.attempts - 1}
    return _mine(db, letter.id, lease, values | FREE | ({"answer": _short(letter, answer)} if answer else {}))


def take_over(db: Db, letter_id: int, *, now: datetime) -> bool:
    """Free a letter whose sender never came back; if the server may have it, as after a lost answer."""
    letter = db.get_one(Letter, letter_id, populate_existing=True)
    if letter.lease is None:
        return False
    left = Letter.leased_until < now
    doubts = letter.doubts + letter.reached_data
    if letter.reached_data:
        state = after_doubt(letter.kind, doubts)
    else:
        state = "due" if letter.attempts < MOST_TRIES else "failed"
    freed = _step(
        db,
        letter_id,
        Letter.state == "sending",
        Letter.lease == letter.lease,
        left,
        state=state,
        doubts=doubts,
        answer="the sender ended before it noted an answer",
        lease=None,
        leased_until=None,
    )
    if freed and state == "failed":
        call_instead(db, letter, now=now)
    return freed


def send_again(db: Db, letter_id: int, *, by: Actor, now: datetime) -> None:
    """A person sends a letter once more that failed, is doubtful, came too late or is held.

    Raises RuleBroken("letters.not-open") in any other state.
    """
    letter = db.get_one(Letter, letter_id)
    if letter.unit_id is not None:
        require(db, by, "send", letter.unit_id)
    again = _step(
        db,
        letter_id,
        Letter.state.in_(MAY_SEND_AGAIN),
        state="due",
        attempts=0,
        doubts=0,
        retry_at=None,
        expires_at=max(letter.expires_at or now, now + SECOND_LIFE),
    )
    if not again:
        raise RuleBroken("letters.not-open", state=letter.state)
    record(db, "letter.sent-again", by=by, now=now, unit_id=letter.unit_id, subject=f"letter:{letter_id}")


def release_held(db: Db, *, by: Actor, now: datetime) -> int:
    """Let the letters go that a restored database held back, in the units the actor administers. Returns how many."""
    held = update(Letter).where(Letter.state == "held").values(state="due")
    if not by.trusted:
        mine = Letter.unit_id.in_(units_readable(by, "administer"))
        held = held.where(or_(mine, Letter.unit_id.is_(None)))
    count = _rows(db.execute(held, execution_options={"synchronize_session": False}))
    record(db, "letters.released", by=by, now=now, n=count)
    return count


def _reach(db: Db, letter: Letter) -> Reach | str:
    """Where it goes, or the state it ends in: nobody is there any more, or who it is for cannot be read."""
    try:
        return reach_of(db, letter) or "not-wanted"
    except Unreadable as fault:
        letter.answer = str(fault)
        return "failed"


def _close(letter: Letter, state: str) -> None:
    letter.state, letter.lease, letter.leased_until = state, None, None
    letter.attempts -= 1


def _mine(db: Db, letter_id: int, lease: str, values: dict[str, Any]) -> bool:
    return _step(db, letter_id, Letter.state == "sending", Letter.lease == lease, **values)


def _step(db: Db, letter_id: int, *conditions: Any, **values: Any) -> bool:
    """Whether the one row was in the state it leaves."""
    step = update(Letter).where(Letter.id == letter_id, *conditions).values(values)
    return _rows(db.execute(step, execution_options={"synchronize_session": False})) == 1


def _rows(result: Any) -> int:
    assert isinstance(result, CursorResult)
    return result.rowcount


def _short(letter: Letter, answer: str) -> str:
    """The answer as it is kept: a server likes to repeat whom it is about, and a resident is named nowhere."""
    if letter.registration_id is not None or letter.follower_id is not None:
        for form in (letter.recipient, letter.recipient[-NATIONAL:], letter.recipient.partition("@")[0]):
            answer = re.sub(re.escape(form), "…", answer, flags=re.IGNORECASE) if form else answer
    return answer[:ANSWER_LENGTH]

"""A resident says that what was promised was not done; the office must answer, and both read it."""

from datetime import datetime, timedelta

from sqlalchemy import update

from scheduler.actions.ledger import record
from scheduler.actions.matter_letters import tell_result
from scheduler.actions.matter_steps import about, refuse_erased
from scheduler.clock import local_date
from scheduler.database import Db, vault_of
from scheduler.errors import BadInput, RuleBroken, Stale, TooMany
from scheduler.language.dates import moment_words
from scheduler.models import Dispute, Matter
from scheduler.models.base import clean
from scheduler.queries.matters import facts_of, readable_dispute
from scheduler.rules.matters import TEXT, may_dispute
from scheduler.rules.permissions import Actor
from scheduler.rules.registration_input import checked_words, denounces

MOST, SPAN = 3, timedelta(days=30)
"""Disputes of one matter in a month: who says it a fourth time is already listened to."""


def dispute_matter(db: Db, matter: Matter, words: str, *, by: Actor, now: datetime) -> Dispute:
    """What was not done, in the resident's words, stored sealed; the matter counts as not done until it is answered.

    The same words twice are one dispute. Raises BadInput, RuleBroken where nothing was promised or another dispute
    waits, or where the words speak of a denunciation: then nothing is kept. TooMany after three in a month.
    """
    refuse_erased(matter)
    words = checked_words(words)
    mark = vault_of(db).mark(words)
    for known in matter.disputes:
        if known.words_mark == mark:
            return known
    if not words:
        raise BadInput("matters.words-missing", "words")
    if denounces(words):
        raise RuleBroken("matters.denounces")
    if not may_dispute(facts_of(matter), matter.due_day, local_date(now)):
        raise RuleBroken("matters.not-disputable")
    lately = [one.made_at for one in matter.disputes if one.made_at > now - SPAN]
    if len(lately) >= MOST:
        wait = min(lately) + SPAN - now
        raise TooMany("matters.disputes-enough", retry_after=int(wait.total_seconds()) + 1)
    dispute = Dispute(unit_id=matter.unit_id, words=vault_of(db).seal(words), words_mark=mark, made_at=now)
    matter.disputes.append(dispute)
    record(db, "matter.disputed", **about(matter), by=by, now=now)
    return dispute


def answer_dispute(db: Db, dispute_id: int, text: str, *, upheld: bool | None, by: Actor, now: datetime) -> Dispute:
    """Answer it; `upheld`: the resident is right, and what was noted as done or settled no longer counts.

    The answer goes to the resident. Raises BadInput, Stale where somebody else answered.
    """
    dispute = readable_dispute(db, by, dispute_id)
    vault, text, matter = vault_of(db), clean(text).strip(), dispute.matter
    if dispute.answered_at is not None:
        if vault.open(dispute.answer) == text and dispute.upheld == upheld:
            return dispute
        raise Stale("errors.stale", who="", at=moment_words(by.language, dispute.answered_at))
    refuse_erased(matter)
    if upheld is None:
        raise BadInput("matters.upheld-missing", "upheld")
    if not text or len(text) > TEXT:
        raise BadInput("matters.answer-missing", "text")
    answered = {"answer": vault.seal(text), "upheld": upheld, "answered_at": now, "answered_by_id": by.account_id}
    claim = update(Dispute).where(Dispute.id == dispute.id, Dispute.answered_at.is_(None)).values(answered)
    if db.execute(claim, execution_options={"synchronize_session": False}).rowcount != 1:  # type: ignore[attr-defined]
        raise Stale("errors.stale", who="", at=moment_words(by.language, now))
    db.refresh(dispute)
    if upheld:
        matter.done_on = matter.settled_on = None
        matter.reopened_at = now
        record(db, "matter.dispute-upheld", **about(matter), by=by, now=now)
    else:
        record(db, "matter.dispute-answered", **about(matter), by=by, now=now)
    tell_result(db, matter, "dispute", now=now, cause=f"dispute-{dispute.id}")
    return dispute

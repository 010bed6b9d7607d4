"""Niêm yết: where a notice hangs, when and by whom; and its number and signer once the paper is signed."""

from datetime import datetime

from sqlalchemy import select

from scheduler.actions.feeds import raise_versions
from scheduler.actions.ledger import record
from scheduler.actions.occurrences import Paper, keep_paper
from scheduler.database import Db
from scheduler.errors import BadInput, NotFound
from scheduler.models import Notice, Occurrence, Posting
from scheduler.queries.access import require
from scheduler.rules.permissions import Actor
from scheduler.rules.publication import POSTING_PLACES, posted_everywhere
from scheduler.rules.workflow import require_given


def add_posting(
    db: Db, notice_id: int, where: str, *, posted_at: datetime, who: str, note: str = "", by: Actor, now: datetime
) -> Posting:
    """Note that the notice hangs somewhere; the same place and moment twice is one posting.

    Raises BadInput for an unknown place, or a moment that has not come.
    """
    notice = _notice(db, notice_id)
    require(db, by, "post", notice.unit_id)
    if where not in POSTING_PLACES:
        raise BadInput("notices.unknown-place", "where")
    if posted_at > now:
        raise BadInput("notices.not-yet", "posted_at")
    for posting in notice.postings:
        if (posting.where, posting.posted_at) == (where, posted_at):
            return posting
    posting = Posting(where=where, posted_at=posted_at, by=who.strip() or by.name, note=note.strip(), recorded_at=now)
    notice.postings.append(posting)
    notice.posted_at = posted_everywhere((one.where, one.posted_at) for one in notice.postings)
    subject = f"notice:{notice.id}"
    record(db, "notice.posted", by=by, now=now, unit_id=notice.unit_id, subject=subject, where=where)
    db.flush()
    return posting


def sign_notice(db: Db, notice_id: int, paper: Paper, *, by: Actor, now: datetime) -> Notice:
    """Note number, date and signer of a notice, with the signed file, which the public pages then cite.

    The same paper sent twice is kept once, and nothing is told anew.
    """
    notice = _notice(db, notice_id)
    require(db, by, "publish", notice.unit_id)
    require_given("approve_on_paper", paper=paper.number if paper.signed_on and paper.signer.strip() else None)
    if _signed_so(notice, paper):
        return notice
    notice.paper_id = keep_paper(db, notice.unit_id, paper, by=by, now=now).id
    notice.number, notice.signed_on, notice.signer = paper.number.strip(), paper.signed_on, paper.signer.strip()
    ids = list(db.scalars(select(Occurrence.id).where(Occurrence.notice_id == notice.id)))
    raise_versions(db, ids, now=now)
    subject = f"notice:{notice.id}"
    record(db, "notice.signed", by=by, now=now, unit_id=notice.unit_id, subject=subject, number=notice.number)
    return notice


def _signed_so(notice: Notice, paper: Paper) -> bool:
    """Whether this very paper is noted already: its marks, and its file where one comes with it."""
    kept = notice.paper
    if kept is None or (notice.number, notice.signed_on, notice.signer) != (
        paper.number.strip(), paper.signed_on, paper.signer.strip()
    ):  # fmt: skip
        return False
    if kept.signature_form != paper.signature_form.strip():
        return False
    file = kept.attachment.content if kept.attachment is not None else b""
    return not paper.pdf or file == paper.pdf


def _notice(db: Db, notice_id: int) -> Notice:
    # Held until the end of the transaction: who notes another board at the same moment counts this one in.
    notice = db.get(Notice, notice_id, with_for_update=True, populate_existing=True)
    if notice is None:
        raise NotFound("errors.not-found")
    return notice

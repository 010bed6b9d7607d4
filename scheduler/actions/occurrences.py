"""A sitting before it is public: edited, submitted, returned, approved on the screen or on paper."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scheduler.actions.ledger import record, stale
from scheduler.actions.steps import record_steps, step_all
from scheduler.database import Db
from scheduler.errors import BadInput, RuleBroken
from scheduler.links import hash_secret, new_slug
from scheduler.models import Attachment, Occurrence, SignedPaper
from scheduler.queries.access import acting, require
from scheduler.queries.agenda import find_occurrence, occurrences_by_id
from scheduler.queries.approved import approval_of, content_of
from scheduler.queries.planned import span_of
from scheduler.rules.expansion import set_by_hand_reason
from scheduler.rules.permissions import Actor
from scheduler.rules.publication import fingerprint
from scheduler.rules.workflow import next_state, require_given, require_other_person

FILE_LIMIT = 5 * 1024 * 1024
MOVED_BY_HAND = "why.moved-by-hand"


@dataclass(frozen=True)
class Paper:
    """An approval given on paper; `pdf` is the signed file, its first bytes are checked."""

    number: str
    signed_on: date | None
    signer: str
    signature_form: str = ""
    pdf: bytes = b""
    file_name: str = ""


@dataclass(frozen=True)
class OccurrenceEdit:
    """What a clerk changes before publication; None leaves a thing as it is. `reason` explains another day."""

    day: date | None = None
    hours: tuple[str, ...] | None = None
    place: str | None = None
    content: str | None = None
    attend: tuple[str, ...] | None = None
    stand_in: str | None = None
    reason: str = ""


def submit_occurrences(db: Db, ids: Iterable[int], *, by: Actor, now: datetime) -> int:
    """Draft → submitted, all or none. One that is submitted already stays so. Returns how many moved on."""
    moved = _to_move(db, ids, "submit", done=("submitted", "approved"), by=by)
    step_all(db, moved, {"state": "submitted", "submitted_by_id": by.account_id})
    record_steps(db, moved, "occurrence.submitted", act="submit", by=by, now=now)
    return len(moved)


def return_occurrences(db: Db, ids: Iterable[int], reason: str, *, by: Actor, now: datetime) -> int:
    """Submitted or approved → draft, with the approver's reason. Returns how many went back."""
    require_given("return", reason=reason)
    moved = _to_move(db, ids, "return", done=("draft",), by=by, act="approve")
    for occurrence in moved:
        occurrence.state = next_state(occurrence.state, "return")
        _forget_approval(occurrence)
    record_steps(db, moved, "occurrence.returned", act="approve", by=by, now=now, reason=reason)
    return len(moved)


def approve_occurrences(
    db: Db, ids: Iterable[int], *, seen: Mapping[int, str] | None = None, by: Actor, now: datetime
) -> int:
    """Submitted → approved, by another person than drafted or submitted. The approval is tied to the content.

    `seen` is the fingerprint of what the approver was shown of each. Raises Stale where one is another by now.
    """
    moved = _to_move(db, ids, "approve", done=("approved",), seen=seen, by=by)
    deciding = {unit_id: acting(db, by, "approve", unit_id) for unit_id in {one.unit_id for one in moved}}
    for occurrence in moved:
        for account_id in deciding[occurrence.unit_id].accounts():
            require_other_person((occurrence.drafted_by_id, occurrence.submitted_by_id), account_id)
    approval = {"state": "approved", "approved_by_id": by.account_id, "approved_at": now}
    step_all(db, moved, approval, each=approval_of)
    record_steps(db, moved, "occurrence.approved", act="approve", by=by, now=now)
    return len(moved)


def approve_on_paper(db: Db, ids: Iterable[int], paper: Paper, *, by: Actor, now: datetime) -> SignedPaper:
    """Draft or submitted → approved, on the strength of a signed paper: signed paper is the truth.

    The same form sent twice is one approval. Raises BadInput for a file that is no PDF or is too large, RuleBroken
    where number, date or signer is missing, or where all are approved already on other grounds.
    """
    given = bool(paper.number.strip() and paper.signer.strip() and paper.signed_on)
    require_given("approve_on_paper", paper=paper.number if given else None)
    ids = tuple(ids)
    moved = _to_move(db, ids, "approve_on_paper", done=("approved",), by=by, act="submit")
    if not moved:
        return _paper_of(db, ids, paper)
    signed = keep_paper(db, moved[0].unit_id, paper, by=by, now=now)
    for occurrence in moved:
        occurrence.state = next_state(occurrence.state, "approve_on_paper")
        occurrence.paper_id = signed.id
        _note_approval(occurrence, by=by, now=now)
    marks = {"number": paper.number, "signer": paper.signer}
    record_steps(db, moved, "occurrence.approved-on-paper", act="submit", by=by, now=now, **marks)
    return signed


def keep_paper(db: Db, unit_id: int, paper: Paper, *, by: Actor, now: datetime) -> SignedPaper:
    """Keep a signed paper with its file, if there is one, for the unit's public pages to cite."""
    attachment = keep_file(db, unit_id, paper.file_name, paper.pdf, public=True, now=now) if paper.pdf else None
    assert paper.signed_on is not None
    signed = SignedPaper(
        unit_id=unit_id,
        number=paper.number.strip(),
        signed_on=paper.signed_on,
        signer=paper.signer.strip(),
        signature_form=paper.signature_form.strip(),
        attachment_id=attachment.id if attachment else None,
        recorded_by_id=by.account_id,
        recorded_at=now,
    )
    db.add(signed)
    db.flush()
    return signed


def keep_file(db: Db, unit_id: int, name: str, content: bytes, *, public: bool, now: datetime) -> Attachment:
    """Keep a PDF. Raises BadInput for another kind of file, or one over 5 MB."""
    if not content.startswith(b"%PDF-"):
        raise BadInput("occurrences.not-a-pdf", "pdf")
    if len(content) > FILE_LIMIT:
        raise BadInput("occurrences.pdf-too-large", "pdf", megabytes=FILE_LIMIT // 1024**2)
    kept = Attachment(
        unit_id=unit_id,
        slug=new_slug(),
        name=(name or "van-ban.pdf")[-120:],
        media_type="application/pdf",
        sha256=hash_secret(content.decode("latin-1")),
        public=public,
        at=now,
        content=content,
    )
    db.add(kept)
    db.flush()
    return kept


def edit_occurrence(db: Db, slug: str, version: int, edit: OccurrenceEdit, *, by: Actor, now: datetime) -> Occurrence:
    """Change a sitting that is not public yet; its approval lapses. Raises Stale for a second editor."""
    occurrence = find_occurrence(db, slug)
    require(db, by, "plan", occurrence.unit_id)
    require_fresh(db, occurrence, version, language=by.language)
    before = content_of(occurrence)
    occurrence.state = next_state(occurrence.state, "edit")
    if edit.day is not None and edit.day != occurrence.day:
        require_given("move", reason=edit.reason, day=edit.day)
        occurrence.why = why_moved(occurrence, edit.day, edit.reason)
        occurrence.day, occurrence.outcome = edit.day, "moved"
    for field in ("place", "content", "stand_in"):
        if getattr(edit, field) is not None:
            setattr(occurrence, field, getattr(edit, field).strip())
    occurrence.hours = list(edit.hours) if edit.hours is not None else occurrence.hours
    occurrence.attend = list(edit.attend) if edit.attend is not None else occurrence.attend
    set_span(occurrence)
    occurrence.changed_by_hand = True
    occurrence.drafted_by_id = by.account_id
    occurrence.content_changed_at = now
    _forget_approval(occurrence)
    changed = [name for name, value in content_of(occurrence).items() if before[name] != value]
    subject = f"occurrence:{occurrence.id}"
    record(
        db,
        "occurrence.edited",
        by=by,
        now=now,
        unit_id=occurrence.unit_id,
        subject=subject,
        fields=changed,
        reason=edit.reason,
    )
    db.flush()
    return occurrence


def require_fresh(db: Db, occurrence: Occurrence, version: int, *, language: str = "vi") -> None:
    """Raise Stale, naming who changed the sitting and when, unless the form was opened on its newest version."""
    if occurrence.version == version:
        return
    raise stale(db, f"occurrence:{occurrence.id}", language=language, otherwise=occurrence.content_changed_at)


def set_span(occurrence: Occurrence) -> None:
    """Set start and end from day and hours: several spans are one sitting, first start to last end."""
    occurrence.starts_at, occurrence.ends_at = span_of(occurrence.day, occurrence.hours)
    for host in occurrence.hosts:
        host.starts_at = occurrence.starts_at


def why_moved(occurrence: Occurrence, day: date, reason: str) -> list[Any]:
    """Why it stands on a day chosen by hand: the rule, and the newest move; what came before it the history keeps."""
    if occurrence.day is None and any(one[0] == "why.set-later" for one in occurrence.why):
        return [*without_moves(occurrence.why), list(set_by_hand_reason(day, reason.strip()))]
    old = occurrence.day or occurrence.planned_day
    told = {"day": old.isoformat(), "to": day.isoformat(), "reason": reason.strip()}
    return [*without_moves(occurrence.why), [MOVED_BY_HAND, told]]


def without_moves(why: list[Any]) -> list[Any]:
    """The reasons without those of moves that hold no more."""
    return [one for one in why if one[0] != MOVED_BY_HAND]


def _to_move(
    db: Db,
    ids: Iterable[int],
    step: str,
    *,
    done: tuple[str, ...],
    by: Actor,
    act: str | None = None,
    seen: Mapping[int, str] | None = None,
) -> list[Occurrence]:
    """Those that the step still has to move: the right is checked in each unit, what is done already is left out.

    Raises Stale for one that is not what was `seen` any more.
    """
    occurrences = occurrences_by_id(db, ids)
    for unit_id in {occurrence.unit_id for occurrence in occurrences}:
        require(db, by, act or step, unit_id)
    waiting = [occurrence for occurrence in occurrences if occurrence.state not in done]
    for occurrence in waiting:
        shown = (seen or {}).get(occurrence.id)
        if shown is not None and shown != fingerprint(content_of(occurrence)):
            newest = occurrence.content_changed_at
            raise stale(db, f"occurrence:{occurrence.id}", language=by.language, otherwise=newest)
        next_state(occurrence.state, step)
    return waiting


def _paper_of(db: Db, ids: Iterable[int], paper: Paper) -> SignedPaper:
    """The paper of this number on which all of these were approved before."""
    first = occurrences_by_id(db, ids)[0]
    signed = db.get(SignedPaper, first.paper_id) if first.paper_id is not None else None
    if signed is None or signed.number != paper.number.strip():
        raise RuleBroken("workflow.wrong-step", step="approve_on_paper", state=first.state)
    return signed


def _note_approval(occurrence: Occurrence, *, by: Actor, now: datetime) -> None:
    occurrence.approved_by_id = by.account_id
    occurrence.approved_at = now
    for name, value in approval_of(occurrence).items():
        setattr(occurrence, name, value)


def _forget_approval(occurrence: Occurrence) -> None:
    occurrence.submitted_by_id = occurrence.approved_by_id = occurrence.paper_id = None
    occurrence.approved_at = None
    occurrence.approved_content = None

"""Documents that were made, whether they still tell what is so, the template that holds for a unit, and what a
document is made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, undefer

from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import Document, DocumentTemplate, Holding, Occurrence, Person, UnitAbove
from scheduler.rules.documents import DOCUMENT, DOCUMENTS

SLUG_LENGTH = 64
MOST_SHOWN = 100
MOST_IDS = 500
NEWEST_FIRST = (Document.made_at.desc(), Document.id.desc())


@dataclass(frozen=True)
class Kept:
    """A document with the moment since which it tells what is no longer so, None while it holds."""

    document: Document
    void_since: datetime | None


def document_by_slug(db: Db, slug: str, *, bytes_too: bool = False) -> Document:
    """The document with its unit, and its bytes where they are wanted. Raises NotFound."""
    query = select(Document).where(Document.slug == slug).options(joinedload(Document.unit))
    if bytes_too:
        query = query.options(undefer(Document.pdf), undefer(Document.docx))
    found = db.scalars(query).one_or_none() if len(slug) <= SLUG_LENGTH and slug.isascii() else None
    if found is None:
        raise NotFound("errors.not-found")
    return found


def public_document(db: Db, slug: str) -> Document:
    """A document everybody may read, with its bytes. Raises NotFound as if another did not exist."""
    found = document_by_slug(db, slug, bytes_too=True)
    if not is_public(found):
        raise NotFound("errors.not-found")
    return found


def is_public(document: Document) -> bool:
    """Whether everybody may read it: a kind for the public which, where it has a number, was given one."""
    kind = DOCUMENT[document.kind]
    return kind.public and (not kind.code or bool(document.number and document.signed_on))


def documents_of_notice(db: Db, notice_id: int) -> list[Kept]:
    """What was made of a notice, the newest first."""
    return _kept(db, select(Document).where(Document.notice_id == notice_id))


def documents_of_sitting(db: Db, occurrence_id: int) -> list[Kept]:
    """What was made of a sitting, the newest first."""
    return _kept(db, select(Document).where(Document.occurrence_id == occurrence_id))


def documents_of_unit(db: Db, unit_id: int) -> list[Kept]:
    """What was made for a unit as a whole, the newest first: posters, and schedules of a time."""
    own = (Document.unit_id == unit_id, Document.notice_id.is_(None), Document.occurrence_id.is_(None))
    return _kept(db, select(Document).where(*own))


def public_documents(db: Db, *, notice_id: int | None, occurrence_id: int) -> list[Kept]:
    """What everybody may read of a sitting and its notice and still holds, the newest of each kind."""
    of = [Document.occurrence_id == occurrence_id]
    if notice_id is not None:
        of.append(Document.notice_id == notice_id)
    return _newest_public(_kept(db, select(Document).where(or_(*of), Document.kind.in_(_PUBLIC))))


def public_documents_of_units(db: Db, unit_ids: Iterable[int]) -> list[Kept]:
    """The newest of each kind that everybody may read, of these units, as far as it still holds."""
    query = select(Document).where(Document.unit_id.in_(tuple(unit_ids)), Document.kind.in_(("schedule", "poster")))
    return _newest_public(_kept(db, query))


def newest_document(db: Db, unit_id: int, kind: str) -> Document | None:
    """The last document of this kind, else of any, that the unit made: who signs it, where, for whom."""
    query = select(Document).where(Document.unit_id == unit_id, Document.kind.in_([one.key for one in DOCUMENTS]))
    return db.scalars(query.order_by((Document.kind == kind).desc(), *NEWEST_FIRST).limit(1)).one_or_none()


def same_document(db: Db, unit_id: int, fingerprint: str) -> Document | None:
    """The document of the unit that says exactly this, if there is one."""
    query = select(Document).where(Document.unit_id == unit_id, Document.fingerprint == fingerprint)
    return db.scalars(query).one_or_none()


def template_for(db: Db, unit_id: int, kind: str) -> DocumentTemplate | None:
    """The template that holds for a unit: its own, else that of the nearest unit above; None: the product's."""
    query = (
        select(DocumentTemplate)
        .join(UnitAbove, UnitAbove.above_id == DocumentTemplate.unit_id)
        .where(UnitAbove.unit_id == unit_id, DocumentTemplate.kind == kind)
        .order_by(UnitAbove.steps)
        .limit(1)
        .options(undefer(DocumentTemplate.content))
    )
    return db.scalars(query).one_or_none()


def templates_of(db: Db, unit_id: int) -> dict[str, DocumentTemplate]:
    """The templates that hold for a unit, own or inherited, by kind."""
    query = (
        select(DocumentTemplate)
        .join(UnitAbove, UnitAbove.above_id == DocumentTemplate.unit_id)
        .where(UnitAbove.unit_id == unit_id)
        .order_by(UnitAbove.steps.desc())
    )
    return {template.kind: template for template in db.scalars(query)}


def holders_between(db: Db, post_ids: Iterable[int], first: date, last: date) -> "Holders":
    """Who holds these posts on any day of the time, in one query."""
    rows = db.execute(
        select(Holding.post_id, Holding.valid_from, Holding.valid_to, Person.name)
        .join(Person, Person.id == Holding.person_id)
        .where(
            Holding.post_id.in_(tuple(post_ids)),
            Holding.valid_from <= last,
            or_(Holding.valid_to.is_(None), Holding.valid_to >= first),
        )
        .order_by(Holding.valid_from.desc())
    )
    found: dict[int, list[tuple[date, date | None, str]]] = {}
    for post_id, since, until, name in rows:
        found.setdefault(post_id, []).append((since, until, name))
    return Holders(found)


@dataclass(frozen=True)
class Holders:
    """Names of holders by post, each with the days between which the post is theirs."""

    of_post: Mapping[int, list[tuple[date, date | None, str]]]

    def on(self, post_id: int, day: date) -> str:
        """Who holds the post on that day; "" where nobody does."""
        for since, until, name in self.of_post.get(post_id, ()):
            if since <= day and (until is None or day <= until):
                return name
        return ""


_PUBLIC = tuple(kind.key for kind in DOCUMENTS if kind.public)


def _kept(db: Db, query: Any) -> list[Kept]:
    documents = list(db.scalars(query.order_by(*NEWEST_FIRST).limit(MOST_SHOWN)))
    changed = _changed(db, {number for one in documents for number, _ in one.made_of})
    return [Kept(one, _void_since(one, changed)) for one in documents]


def _changed(db: Db, ids: set[int]) -> dict[int, tuple[int, datetime]]:
    """Sequence and last change of these sittings."""
    found: dict[int, tuple[int, datetime]] = {}
    wanted = sorted(ids)
    columns = (Occurrence.id, Occurrence.sequence, Occurrence.content_changed_at)
    for start in range(0, len(wanted), MOST_IDS):
        rows = db.execute(select(*columns).where(Occurrence.id.in_(wanted[start : start + MOST_IDS])))
        found.update({number: (sequence, at) for number, sequence, at in rows})
    return found


def _void_since(document: Document, changed: Mapping[int, tuple[int, datetime]]) -> datetime | None:
    later = [changed[number][1] for number, sequence in document.made_of if changed[number][0] > sequence]
    return min(later) if later else None


def _newest_public(kept: list[Kept]) -> list[Kept]:
    newest: dict[tuple[int, str, int | None], Kept] = {}
    for one in kept:
        document = one.document
        if one.void_since is None and is_public(document):
            newest.setdefault((document.unit_id, document.kind, document.notice_id), one)
    return list(newest.values())

"""Documents are kept as they were made; a unit puts its own template in place of ours, or takes it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from scheduler.actions.ledger import record
from scheduler.database import Db
from scheduler.links import new_slug
from scheduler.models import Document, DocumentTemplate, Unit
from scheduler.queries.access import require
from scheduler.queries.documents import same_document
from scheduler.rules.documents import Head
from scheduler.rules.permissions import Actor

LONGEST_NAME = 120


@dataclass(frozen=True)
class Drawn:
    """A document drawn up and not kept yet: what it is of, what it says, its bytes. `docx` is None for a sheet."""

    unit_id: int
    kind: str
    title: str
    fingerprint: str
    made_of: tuple[tuple[int, int], ...]
    docx: bytes | None
    pdf: bytes
    notice_id: int | None = None
    occurrence_id: int | None = None
    change_id: int | None = None


def keep_document(db: Db, drawn: Drawn, head: Head, *, by: Actor, now: datetime) -> Document:
    """Keep the document; the same once more, by a second press or a second clerk, is the one that is there."""
    require(db, by, "publish", drawn.unit_id)
    there = same_document(db, drawn.unit_id, drawn.fingerprint)
    if there is not None:
        return there
    document = _document(drawn, head, by, now)
    try:
        with db.begin_nested():
            db.add(document)
            db.flush()
    except IntegrityError:
        there = same_document(db, drawn.unit_id, drawn.fingerprint)
        if there is None:
            raise
        return there
    subject = f"document:{document.id}"
    record(
        db, "document.made", by=by, now=now, unit_id=drawn.unit_id, subject=subject, kind=drawn.kind,
        number=document.number,
    )  # fmt: skip
    return document


def keep_template(
    db: Db, unit: Unit, kind: str, *, name: str, content: bytes, sha256: str, by: Actor, now: datetime
) -> DocumentTemplate:
    """Put a checked template in place of the one that held; the same file twice changes nothing."""
    require(db, by, "post", unit.id)
    own = (DocumentTemplate.unit_id == unit.id, DocumentTemplate.kind == kind)
    template = db.scalars(select(DocumentTemplate).where(*own).with_for_update()).one_or_none()
    if template is not None and template.sha256 == sha256:
        return template
    values: dict[str, Any] = {"sha256": sha256, "content": content, "at": now, "by_id": by.account_id}
    if template is None:
        template = DocumentTemplate(unit_id=unit.id, kind=kind, name=name[-LONGEST_NAME:], **values)
        db.add(template)
    else:
        template.name = name[-LONGEST_NAME:]
        for field, value in values.items():
            setattr(template, field, value)
    db.flush()
    subject = f"document_template:{template.id}"
    record(db, "document-template.replaced", by=by, now=now, unit_id=unit.id, subject=subject, kind=kind, name=name)
    return template


def remove_template(db: Db, unit: Unit, kind: str, *, by: Actor, now: datetime) -> None:
    """Go back to the template of the unit above, or the product's; where there is none of its own nothing happens."""
    require(db, by, "post", unit.id)
    own = (DocumentTemplate.unit_id == unit.id, DocumentTemplate.kind == kind)
    template = db.scalars(select(DocumentTemplate).where(*own)).one_or_none()
    if template is None:
        return
    db.delete(template)
    subject = f"document_template:{template.id}"
    record(db, "document-template.removed", by=by, now=now, unit_id=unit.id, subject=subject, kind=kind)
    db.flush()


def _document(drawn: Drawn, head: Head, by: Actor, now: datetime) -> Document:
    return Document(
        slug=new_slug(),
        unit_id=drawn.unit_id,
        kind=drawn.kind,
        notice_id=drawn.notice_id,
        occurrence_id=drawn.occurrence_id,
        change_id=drawn.change_id,
        title=drawn.title,
        number=head.number.strip(),
        signed_on=head.signed_on,
        signer=head.signer.strip(),
        signature_form=head.signature_form.strip(),
        place_name=head.place_name.strip(),
        recipients=list(head.recipients),
        made_of=[list(pair) for pair in drawn.made_of],
        fingerprint=drawn.fingerprint,
        made_at=now,
        made_by_id=by.account_id,
        docx=drawn.docx,
        pdf=drawn.pdf,
    )

"""Documents made from what is published, kept as they were made, and the templates a unit put in place of ours."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from scheduler.models.base import Base
from scheduler.models.units import Unit


class Document(Base):
    """One document with its bytes, of a notice, a sitting or a unit. `made_of` are [[sitting, sequence], …].

    Once one of these sittings has a higher sequence the document tells what is no longer so: it is void.
    """

    __tablename__ = "documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    kind: Mapped[str]  # a key of rules.documents.DOCUMENTS
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notices.id"), index=True)
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("occurrences.id"), index=True)
    change_id: Mapped[int | None] = mapped_column(ForeignKey("occurrence_changes.id"))
    title: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    signed_on: Mapped[date | None]
    signer: Mapped[str] = mapped_column(default="")
    signature_form: Mapped[str] = mapped_column(default="")
    place_name: Mapped[str] = mapped_column(default="")  # địa danh, before the date
    recipients: Mapped[list[str]] = mapped_column(default=list)  # Nơi nhận
    language: Mapped[str] = mapped_column(default="vi")
    made_of: Mapped[list[Any]]
    fingerprint: Mapped[str]  # of all it says: the same once more is the same document
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    docx: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    pdf: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))

    unit: Mapped[Unit] = relationship()

    __table_args__ = (UniqueConstraint("unit_id", "fingerprint"),)


class DocumentTemplate(Base):
    """A unit's own Word template for one kind of document, for itself and the units below."""

    __tablename__ = "document_templates"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[str]
    name: Mapped[str]
    sha256: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))

    __table_args__ = (UniqueConstraint("unit_id", "kind"),)

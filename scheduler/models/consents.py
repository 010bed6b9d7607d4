"""The other office's agreement to a joint sitting: it holds for exactly the content that was agreed to."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.models.base import Base


class Consent(Base):
    """An office agreed to a sitting whose heads come from several: `content` is the fingerprint of what it agreed to.

    `sequence` is the sitting's own then, so that a public change asks anew.
    """

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    content: Mapped[str]
    sequence: Mapped[int]
    by: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    paper: Mapped[str] = mapped_column(default="")  # number, day and signer where it was given on paper

    __table_args__ = (UniqueConstraint("occurrence_id", "unit_id", "content", "sequence"),)

"""What a change leaves to be done by hand: calls to whom no letter reaches, and old posted sheets to take down."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.models.base import Base
from scheduler.models.notices import Posting
from scheduler.models.occurrences import Occurrence


class Call(Base):
    """Somebody to be told by telephone. Open until somebody was reached; void once a newer change tells otherwise."""

    __tablename__ = "calls"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id"), index=True)
    change_id: Mapped[int | None] = mapped_column(ForeignKey("occurrence_changes.id"))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"), unique=True)  # refused for good
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id"), index=True)
    role: Mapped[str]  # as queries.audience.Listener
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    words: Mapped[str]  # the sentence to read out, in the language of who is called
    state: Mapped[str] = mapped_column(default="open")  # a row of rules.calls.CALL_STATES
    tries: Mapped[int] = mapped_column(default=0)  # how often nobody answered
    tried_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    occurrence: Mapped[Occurrence] = relationship()

    __table_args__ = (Index("ix_calls_unit_id_state", "unit_id", "state"),)


class OldSheet(Base):
    """A posted sheet whose text no longer holds: it stays on the list until somebody took it down."""

    __tablename__ = "old_sheets"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    posting_id: Mapped[int] = mapped_column(ForeignKey("postings.id"), unique=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id"), index=True)
    made_at: Mapped[datetime]
    taken_down_at: Mapped[datetime | None]
    taken_down_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    posting: Mapped[Posting] = relationship()
    occurrence: Mapped[Occurrence] = relationship()

    __table_args__ = (Index("ix_old_sheets_unit_id_taken_down_at", "unit_id", "taken_down_at"),)

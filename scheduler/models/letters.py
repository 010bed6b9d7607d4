"""The outbox: every letter is a row written in the transaction of its cause, and keeps its whole fate."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.models.base import Base


class Letter(Base):
    """One letter to one recipient. `key` makes it unique for its cause; the Message-ID is made from the row."""

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]  # a key of rules.letters.LETTERS
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    channel: Mapped[str] = mapped_column(default="email", server_default="email")  # or "sms"
    recipient: Mapped[str]  # one address; blank where it is read from the sealed registration at sending
    recipient_name: Mapped[str] = mapped_column(default="")
    language: Mapped[str]
    facts: Mapped[dict[str, Any]]
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("occurrences.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"), index=True)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id"), index=True)
    follower_id: Mapped[int | None] = mapped_column(ForeignKey("followers.id"), index=True)
    sequence: Mapped[int | None]  # of the sitting when it was queued; an older one is not wanted any more
    invitation: Mapped[str] = mapped_column(default="")  # "", "REQUEST", "CANCEL" or "UNINVITE" (RFC 5546)
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]  # late is visible, never silent
    state: Mapped[str] = mapped_column(default="due")  # a key of rules.letters.LETTER_STATES
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]  # not before; `due_at` stays what was promised
    doubts: Mapped[int] = mapped_column(default=0)  # how often its answer was lost
    lease: Mapped[str | None]  # who is sending it now
    leased_until: Mapped[datetime | None]
    reached_data: Mapped[bool] = mapped_column(default=False)  # the server may have it
    message_id: Mapped[str | None]
    answer: Mapped[str] = mapped_column(default="")  # what the server said last
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_letters_to_send",
            "due_at",
            sqlite_where=text("state = 'due'"),
            postgresql_where=text("state = 'due'"),
        ),
        Index("ix_letters_unit_id_state", "unit_id", "state"),
        Index(
            "ix_letters_leased",
            "leased_until",
            sqlite_where=text("state = 'sending'"),
            postgresql_where=text("state = 'sending'"),
        ),
    )

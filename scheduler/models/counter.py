"""What was pressed at a sitting's counter, so that a wrong press can be taken back, and who was told of a crowd."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.models.base import Base


class VisitStep(Base):
    """One press for one visit. What stood there before is kept, so that undoing gives it back as it was."""

    __tablename__ = "visit_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"), index=True)
    step: Mapped[str]  # of rules.registrations.STEPS; "door": it began here, without having registered
    state_before: Mapped[str]
    moment_before: Mapped[datetime | None]  # the moment that the step wrote anew (rules.counter.MOMENTS)
    at: Mapped[datetime]
    by: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class CrowdNotice(Base):
    """Somebody of the office or the police who was told of a group at the door: by letter, or by telephone."""

    __tablename__ = "crowd_notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"), index=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id"), index=True)
    role: Mapped[str]  # "staff" or "police"
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    by_letter: Mapped[bool] = mapped_column(default=False)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id"))
    made_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("registration_id", "role", "name"),)

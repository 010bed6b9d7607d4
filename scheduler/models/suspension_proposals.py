"""Suspensions that a unit proposes to units below it (a storm, a flood), and what each of them answers."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.models.base import Base
from scheduler.models.units import Unit


class SuspensionProposal(Base):
    """A span in which a unit proposes that units below it receive nobody; each answers for itself."""

    __tablename__ = "suspension_proposals"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str]  # as residents read it
    ground: Mapped[str] = mapped_column(default="")  # number of the paper it rests on
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship()
    answers: Mapped[list["SuspensionAnswer"]] = relationship(back_populates="proposal", order_by="SuspensionAnswer.id")


class SuspensionAnswer(Base):
    """One unit that was asked: "open", "agreed" (its suspension stands beside) or "declined" with a reason."""

    __tablename__ = "suspension_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("suspension_proposals.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    state: Mapped[str] = mapped_column(default="open")
    reason: Mapped[str] = mapped_column(default="")  # why it does not suspend
    suspension_id: Mapped[int | None] = mapped_column(ForeignKey("suspensions.id"))
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answered_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]

    proposal: Mapped[SuspensionProposal] = relationship(back_populates="answers")
    unit: Mapped[Unit] = relationship()

    __table_args__ = (
        UniqueConstraint("proposal_id", "unit_id"),
        Index("ix_suspension_answers_unit_id_state", "unit_id", "state"),
    )

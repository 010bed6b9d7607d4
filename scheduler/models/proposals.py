"""Changes that something proposes (a new day off, a second import) and a person accepts or refuses."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.models.base import Base
from scheduler.models.decisions import Decision
from scheduler.models.followups import Task
from scheduler.models.occurrences import Occurrence


class Proposal(Base):
    """One proposed change of a published sitting or of an open deadline. `cause` is "calendar" or "plan"."""

    __tablename__ = "proposals"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("occurrences.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"), index=True)
    cause: Mapped[str]
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), index=True)
    proposed: Mapped[dict[str, Any]]  # what would change: {"date": "2026-01-12", …} or {"state": "cancelled"}
    why: Mapped[list[Any]]  # as Occurrence.why
    subject_version: Mapped[int]  # of the sitting or task when it was proposed
    state: Mapped[str] = mapped_column(default="open")  # open, accepted, refused, outdated
    proposed_by: Mapped[str]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]

    occurrence: Mapped[Occurrence | None] = relationship()
    task: Mapped[Task | None] = relationship()
    decision: Mapped[Decision | None] = relationship()

    __table_args__ = (Index("ix_proposals_unit_id_state", "unit_id", "state"),)

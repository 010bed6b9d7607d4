"""Tasks that follow from conclusions, everything that is said about them, and how far they were escalated."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.models.base import Base
from scheduler.models.conclusions import ConclusionItem
from scheduler.models.notices import Attachment
from scheduler.models.units import Unit


class Task(Base):
    """One conclusion item under way. `unit` carries it out, `owner_unit` (the sitting's) accepts or reopens it."""

    __tablename__ = "tasks"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("conclusion_items.id"), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    owner_unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    state: Mapped[str]  # a key of rules.followups.TASK_STATES
    due_day: Mapped[date]
    due_why: Mapped[list[Any]]
    first_due_day: Mapped[date]
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]  # when the unit reported it done
    closed_at: Mapped[datetime | None]  # when the secretariat accepted
    reopened: Mapped[int] = mapped_column(default=0)
    asked_day: Mapped[date | None]  # an extension asked for and not yet decided
    version: Mapped[int] = mapped_column(default=1)

    item: Mapped[ConclusionItem] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    owner_unit: Mapped[Unit] = relationship(foreign_keys=[owner_unit_id])
    events: Mapped[list["TaskEvent"]] = relationship(back_populates="task", order_by="TaskEvent.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it from the class)
    __table_args__ = (
        Index("ix_tasks_unit_id_state", "unit_id", "state"),
        Index("ix_tasks_owner_unit_id_state", "owner_unit_id", "state"),
        Index(
            "ix_tasks_open_due_day",
            "due_day",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )


class TaskEvent(Base):
    """One line of a task's story: assigned, progress, extension asked, granted, refused, done, accepted, reopened."""

    __tablename__ = "task_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    by: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    text: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))

    task: Mapped[Task] = relationship(back_populates="events")
    attachment: Mapped[Attachment | None] = relationship()


class Escalation(Base):
    """A step of urging that was taken for a due day; the key makes each step happen once."""

    __tablename__ = "escalations"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"))
    due_day: Mapped[date]
    step: Mapped[str]  # a key of rules.followups.ESCALATION
    to_unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("task_id", "due_day", "step"),)

"""Decisions on days off as papers that were taken in, and the drafts that followed each of them by themselves."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.models.base import Base


class Decision(Base):
    """A paper that names days off and worked: its number and day say which one it is."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    signed_on: Mapped[date]
    title: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")  # as it was pasted; "" where a file was imported
    days: Mapped[list[Any]]  # [{"day": "2026-02-16", "off": true, "name": "Tết Nguyên đán"}, …]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    __table_args__ = (UniqueConstraint("number", "signed_on"),)


class DecidedDraft(Base):
    """A sitting not public yet whose day followed a decision; gone with the sitting."""

    __tablename__ = "decided_drafts"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id", ondelete="CASCADE"), primary_key=True)
    before: Mapped[date | None]
    day: Mapped[date | None]
    late: Mapped[bool] = mapped_column(default=False)  # published late, and the decision came too late for better

    __table_args__ = (UniqueConstraint("occurrence_id", "decision_id"),)

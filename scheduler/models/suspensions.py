"""Spans of days in which an office receives nobody: an epidemic, a storm, a move of the office."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.models.base import Base
from scheduler.models.units import Unit


class Suspension(Base):
    """Tạm dừng tiếp công dân, first and last day included; lifted, it holds no more but stays in the history."""

    __tablename__ = "suspensions"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    with_below: Mapped[bool] = mapped_column(default=False)  # the units below it as well
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str]  # as residents read it
    ground: Mapped[str] = mapped_column(default="")  # number of the paper it rests on
    occurrence_ids: Mapped[list[int]] = mapped_column(default=list)  # sittings that were changed for it
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    lifted_reason: Mapped[str] = mapped_column(default="")

    unit: Mapped[Unit] = relationship()

    __table_args__ = (Index("ix_suspensions_unit_id_last_day", "unit_id", "last_day"),)

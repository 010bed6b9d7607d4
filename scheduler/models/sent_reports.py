"""Periodic reports of an office that left it: for which period, by which paper, on which day."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.models.base import Base
from scheduler.models.units import Unit


class SentReport(Base):
    """A report on reception of a place for one of rules.report_periods; sent once, corrected by the next."""

    __tablename__ = "sent_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    period: Mapped[str]  # a key of rules.report_periods, "2026-Q3"
    number: Mapped[str] = mapped_column(default="")
    sent_on: Mapped[date]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship()

    __table_args__ = (UniqueConstraint("unit_id", "period"),)

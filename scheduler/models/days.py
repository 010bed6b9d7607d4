"""The working-day calendar of this installation, and settings of offices that change on a date."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.models.base import Base


class CalendarDay(Base):
    """A day the calendar itself names: off or worked, with its basis. Days without a row are as their weekday says."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    off: Mapped[bool]
    name: Mapped[str]
    basis: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="confirmed")  # or "expected"
    changed_at: Mapped[datetime]


class OfficeSetting(Base):
    """A setting of a unit (or of all, unit_id None) from a day on; keys and meanings in rules.office_settings."""

    __tablename__ = "office_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    key: Mapped[str]
    valid_from: Mapped[date]
    value: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(default="")

    __table_args__ = (UniqueConstraint("unit_id", "key", "valid_from"),)

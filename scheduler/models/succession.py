"""What becomes of units by a resolution: renamed, joined, founded anew, divided; and what a new unit has in place."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.models.base import Base
from scheduler.models.units import Unit


class Succession(Base):
    """One unit's change by a resolution. `day` is the first day of the new order; `carried_at` when it came true."""

    __tablename__ = "successions"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[str]  # a key of rules.succession.KINDS
    day: Mapped[date]
    number: Mapped[str]  # of the resolution
    signed_on: Mapped[date]
    former_name: Mapped[str]
    name: Mapped[str]  # the new name, or the names of those that follow
    heirs: Mapped[dict[str, Any]]  # {"old unit's id": heir's id} of the whole branch
    by: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime]
    carried_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()

    __table_args__ = (UniqueConstraint("unit_id", "kind", "day"),)


class UnitPart(Base):
    """A street or tổ dân phố of a unit that was divided, and the unit it belongs to since."""

    __tablename__ = "unit_parts"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    text: Mapped[str]
    successor_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)

    successor: Mapped[Unit] = relationship(foreign_keys=[successor_id])

    __table_args__ = (UniqueConstraint("unit_id", "text"),)


class CheckedPoint(Base):
    """A point of a unit's checklist that a person ticked, with the document it rests on."""

    __tablename__ = "checked_points"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    key: Mapped[str]  # a key of rules.checklist.POINTS
    done_on: Mapped[date]
    number: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("unit_id", "key"),)

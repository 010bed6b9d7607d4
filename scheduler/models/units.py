"""Units of government and party as a tree with dates, their reception places, and who is above whom."""

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.models.base import Base


class Unit(Base):
    """A place of the state list, or a body, department or office below one. Codes stay when names change."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]  # a key of rules.kinds.UNIT_KINDS
    level: Mapped[str]  # a key of rules.kinds.LEVELS
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]  # last day, included
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    search: Mapped[str]  # plain(name and former names)
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    former_names: Mapped[list[str]] = mapped_column(default=list)

    parent: Mapped["Unit | None"] = relationship(foreign_keys=[parent_id], remote_side=[id])
    successor: Mapped["Unit | None"] = relationship(foreign_keys=[successor_id], remote_side=[id])
    places: Mapped[list["Place"]] = relationship(back_populates="unit", order_by="Place.position")

    __table_args__ = (Index("ix_units_level_code", "level", "code"),)


class UnitAbove(Base):
    """Every unit with itself (steps 0) and all that stand above it: one look-up finds a whole branch."""

    __tablename__ = "units_above"

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    above_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, index=True)
    steps: Mapped[int]


class Place(Base):
    """A reception place of a unit (law: the seat, or where its head decides)."""

    __tablename__ = "places"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    name: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    directions: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    closed_on: Mapped[date | None]

    unit: Mapped[Unit] = relationship(back_populates="places")

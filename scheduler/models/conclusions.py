"""The conclusion notice of a sitting and its items; each item has one unit in charge and a deadline."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from scheduler.models.base import Base, plain
from scheduler.models.occurrences import Occurrence
from scheduler.models.units import Unit


class Conclusion(Base):
    """Thông báo kết luận (NĐ 154/2026 art. 25): root of the tasks."""

    __tablename__ = "conclusions"

    id: Mapped[int] = mapped_column(primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id"), unique=True)
    number: Mapped[str]
    signed_on: Mapped[date]
    signer: Mapped[str]
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))
    nothing_to_do: Mapped[bool] = mapped_column(default=False)  # all answered on the spot
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    occurrence: Mapped[Occurrence] = relationship()
    items: Mapped[list["ConclusionItem"]] = relationship(
        back_populates="conclusion", order_by="ConclusionItem.position", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it from the class)


class ConclusionItem(Base):
    """One thing to do: what, which unit leads, and by when (the sum of the day in `due_why`)."""

    __tablename__ = "conclusion_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    conclusion_id: Mapped[int] = mapped_column(ForeignKey("conclusions.id"), index=True)
    position: Mapped[int]
    text: Mapped[str]
    search: Mapped[str] = mapped_column(default="", server_default="")  # plain(text)
    lead_unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    working_days: Mapped[int]
    due_day: Mapped[date]  # that day included
    due_why: Mapped[list[Any]]
    compiled_at: Mapped[datetime | None]  # when its task was made

    conclusion: Mapped[Conclusion] = relationship(back_populates="items")
    lead_unit: Mapped[Unit] = relationship()
    co_units: Mapped[list["CoUnit"]] = relationship(back_populates="item", cascade="all, delete-orphan")

    @validates("text")
    def _found_by(self, _name: str, text: str) -> str:
        self.search = plain(text)
        return text

    __table_args__ = (
        Index(
            "ix_conclusion_items_to_compile",
            "id",
            sqlite_where=sa.text("compiled_at IS NULL"),
            postgresql_where=sa.text("compiled_at IS NULL"),
        ),
    )


class CoUnit(Base):
    """A unit that helps the one in charge."""

    __tablename__ = "co_units"

    item_id: Mapped[int] = mapped_column(ForeignKey("conclusion_items.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)

    item: Mapped[ConclusionItem] = relationship(back_populates="co_units")
    unit: Mapped[Unit] = relationship()

"""Posts belong to a unit; people hold them for a time, and the history stays."""

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.models.base import Base
from scheduler.models.units import Unit


class Post(Base):
    """A post such as Chủ tịch UBND. `duty` names its row in rules.duties, blank where the law asks nothing."""

    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    title: Mapped[str]
    duty: Mapped[str] = mapped_column(default="")
    is_head: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))  # since its unit ended
    search: Mapped[str]

    unit: Mapped[Unit] = relationship()
    successor: Mapped["Post | None"] = relationship(remote_side=[id])
    holdings: Mapped[list["Holding"]] = relationship(back_populates="post", order_by="Holding.valid_from")


class Person(Base):
    """A holder of posts; never a resident."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="vi")
    search: Mapped[str]


class Holding(Base):
    """Who held a post from when to when (both days included; an open end is None)."""

    __tablename__ = "holdings"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    post: Mapped[Post] = relationship(back_populates="holdings")
    person: Mapped[Person] = relationship()

    __table_args__ = (
        UniqueConstraint("post_id", "person_id", "valid_from"),
        Index("ix_holdings_post_id_valid_from", "post_id", "valid_from"),
    )

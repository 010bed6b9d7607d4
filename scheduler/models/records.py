"""The record of a sitting: who really sat, from when to when, and how many came."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.models.base import Base
from scheduler.models.occurrences import Occurrence
from scheduler.models.people import Post


class Record(Base):
    """What happened at a sitting. Counts are visits, persons and groups (form 01/TCD); zero is a result."""

    __tablename__ = "records"

    id: Mapped[int] = mapped_column(primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id"), unique=True)
    nobody_came: Mapped[bool] = mapped_column(default=False)  # "không phát sinh": held, and a valid result
    visits: Mapped[int] = mapped_column(default=0)  # lượt
    persons: Mapped[int] = mapped_column(default=0)  # người
    groups: Mapped[int] = mapped_column(default=0)  # đoàn, from five people on one content (LTCD art. 29)
    group_persons: Mapped[int] = mapped_column(default=0)
    attendances: Mapped[int] = mapped_column(default=0)  # dialogue: lượt người tham dự
    opinions: Mapped[int] = mapped_column(default=0)  # dialogue: lượt ý kiến
    answered_on_the_spot: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    occurrence: Mapped[Occurrence] = relationship()
    turns: Mapped[list["Turn"]] = relationship(
        back_populates="record", order_by="Turn.starts_at", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it from the class)


class Turn(Base):
    """One who sat, from when to when; several may hold one sitting in turn. `for_post_id` is the head's post."""

    __tablename__ = "turns"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"), index=True)
    for_post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))  # the post of who sat
    name: Mapped[str]
    stands_in: Mapped[bool]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    record: Mapped[Record] = relationship(back_populates="turns")
    for_post: Mapped[Post] = relationship(foreign_keys=[for_post_id])
    post: Mapped[Post | None] = relationship(foreign_keys=[post_id])

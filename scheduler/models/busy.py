"""When a head is busy elsewhere: from a calendar of his that is read, a file, or the office's weekly schedule."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.models.base import Base
from scheduler.models.people import Person, Post
from scheduler.models.units import Unit


class BusyCalendar(Base):
    """One source of busy times of one post or one person; `unit_id` is where the right to it is asked.

    `waiting` holds what a file said until somebody has looked at it: {"events": …, "notes": …}.
    """

    __tablename__ = "busy_calendars"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    source: Mapped[str]  # "address", "file" or "week"
    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")  # often a secret: shown to administrators alone
    waiting: Mapped[dict[str, Any] | None]
    notes: Mapped[list[Any]] = mapped_column(default=list)  # [[key, facts], …] about what was left out
    etag: Mapped[str] = mapped_column(default="")
    last_modified: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime | None]  # the next fetch; None where there is nothing to fetch
    lease: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    read_at: Mapped[datetime | None]  # when it was last read whole
    failure: Mapped[list[Any] | None]  # [key, facts] of the newest fetch that failed
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()
    post: Mapped[Post | None] = relationship()
    person: Mapped[Person | None] = relationship()

    __table_args__ = (
        CheckConstraint("(post_id IS NULL) <> (person_id IS NULL)", name="of_post_or_person"),
        Index("ix_busy_calendars_due_at", "due_at"),
    )


class BusyTime(Base):
    """A span, within one day of Vietnam, in which the post's holder or the person is busy.

    Whose it is stands here as well, so that the busy times of a head are one index range.
    """

    __tablename__ = "busy_times"

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("busy_calendars.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    title: Mapped[str] = mapped_column(default="")  # shown to those who may read the unit
    place: Mapped[str] = mapped_column(default="")
    attend: Mapped[str] = mapped_column(default="")

    calendar: Mapped[BusyCalendar] = relationship()

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_busy_times_post_id_starts_at", "post_id", "starts_at"),
        Index("ix_busy_times_person_id_starts_at", "person_id", "starts_at"),
    )

"""A schedule: the pattern by which a post receives, as a plan file writes it down."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.models.base import Base
from scheduler.models.people import Post
from scheduler.models.units import Unit


class Schedule(Base):
    """One series of a plan file or of the rule editor. `series` holds its keys as the plan file writes them."""

    __tablename__ = "schedules"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    key: Mapped[str]
    kind: Mapped[str]  # a key of rules.kinds.KINDS
    series: Mapped[dict[str, Any]]  # JSON of the plan file's series, dates as ISO text
    days_off: Mapped[list[Any]] = mapped_column(default=list)  # the file's own days, they count for it only
    # As the plan file last gave it ({"series", "days_off"}), so that a second import knows what was changed by hand.
    imported: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    rotating: Mapped[bool] = mapped_column(default=False)
    starts: Mapped[date]
    until: Mapped[date | None]
    planned_until: Mapped[date | None]  # the horizon: dates by the rule up to here have their rows
    ended_on: Mapped[date | None]  # the series was taken back from this day on
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    drafted_via: Mapped[str]  # "web", "command line"
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit] = relationship()
    hosts: Mapped[list["ScheduleHost"]] = relationship(
        back_populates="schedule", order_by="ScheduleHost.position", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it from the class)
    __table_args__ = (
        UniqueConstraint("unit_id", "key"),
        Index("ix_schedules_planned_until", "planned_until"),
    )


class ScheduleHost(Base):
    """A post that hosts the schedule's sittings: all together, or in turn where the schedule rotates."""

    __tablename__ = "schedule_hosts"

    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedules.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True, index=True)
    position: Mapped[int]

    schedule: Mapped[Schedule] = relationship(back_populates="hosts")
    post: Mapped[Post] = relationship()

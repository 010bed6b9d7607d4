"""An occurrence is one dated sitting; its identity is schedule and planned date, its history is public."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from scheduler.models.base import Base
from scheduler.models.notices import Notice
from scheduler.models.people import Post
from scheduler.models.schedules import Schedule
from scheduler.models.units import Place, Unit


class Occurrence(Base):
    """One dated sitting. `sequence` and `content_changed_at` are what feeds and letters tell (RFC 5546 2.1.4)."""

    __tablename__ = "occurrences"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)  # in addresses; random
    uid: Mapped[str] = mapped_column(unique=True)  # RFC 5545 3.8.4.7, never changes
    schedule_id: Mapped[int | None] = mapped_column(ForeignKey("schedules.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[str]

    planned_day: Mapped[date]  # the date by the rule
    day: Mapped[date | None]  # the day it takes place; None while open or where there is none
    outcome: Mapped[str]  # a key of rules.expansion.OUTCOMES
    why: Mapped[list[Any]]  # [[key, facts], …], said by language.why
    hours: Mapped[list[str]]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    place: Mapped[str] = mapped_column(default="")  # as published
    content: Mapped[str] = mapped_column(default="")
    attend: Mapped[list[str]] = mapped_column(default=list)
    attend_unit_ids: Mapped[list[int]] = mapped_column(default=list)
    stand_in: Mapped[str] = mapped_column(default="")  # who may receive in the head's place, as announced
    area: Mapped[list[str]] = mapped_column(default=list)
    notify: Mapped[list[str]] = mapped_column(default=list)
    register_by: Mapped[date | None]
    ground: Mapped[str] = mapped_column(default="")  # ad hoc: one of the two legal grounds

    # Set where another than the hosts sits.
    chair_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    chair_name: Mapped[str] = mapped_column(default="")
    chair_stands_in: Mapped[bool] = mapped_column(default=False)

    state: Mapped[str]  # a key of rules.workflow.STATES
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    approved_at: Mapped[datetime | None]
    approved_content: Mapped[str | None]  # fingerprint of what was approved
    # What was approved last, kept when the approval lapses; read only where it is compared (actions.occurrences).
    last_approved: Mapped[dict[str, Any] | None] = deferred(mapped_column(JSON(none_as_null=True)))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("signed_papers.id"))  # approval given on paper
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notices.id"), index=True)
    published_at: Mapped[datetime | None]
    published_day: Mapped[date | None]  # the day as first published: moved when `day` differs
    late_reason: Mapped[str] = mapped_column(default="")
    change_reason: Mapped[str] = mapped_column(default="")  # of the newest public change
    changed_by_hand: Mapped[bool] = mapped_column(default=False)  # survives when the rule is planned again
    to_be_told_by: Mapped[date | None]  # postponed: the new date will be told by this day

    sequence: Mapped[int] = mapped_column(default=0)
    content_changed_at: Mapped[datetime]
    created_at: Mapped[datetime]
    reminded_for: Mapped[int | None]  # the sequence whose reminders are planned
    version: Mapped[int] = mapped_column(default=1)

    schedule: Mapped[Schedule | None] = relationship()
    unit: Mapped[Unit] = relationship()
    place_row: Mapped[Place | None] = relationship()
    notice: Mapped[Notice | None] = relationship()
    chair_post: Mapped[Post | None] = relationship(foreign_keys=[chair_post_id])
    hosts: Mapped[list["OccurrenceHost"]] = relationship(
        back_populates="occurrence", order_by="OccurrenceHost.position", cascade="all, delete-orphan"
    )
    changes: Mapped[list["OccurrenceChange"]] = relationship(
        back_populates="occurrence", order_by="OccurrenceChange.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it from the class)
    __table_args__ = (
        UniqueConstraint("schedule_id", "planned_day"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        # Where a sitting stands in a calendar: its day, or the planned one while it has none.
        Index("ix_occurrences_shown_day", text("coalesce(day, planned_day)")),
        Index("ix_occurrences_unit_id_shown_day", "unit_id", text("coalesce(day, planned_day)")),
        Index("ix_occurrences_day", "day"),
        Index("ix_occurrences_unit_id_state", "unit_id", "state"),
        # What a chair or a place is wanted for at one time.
        Index("ix_occurrences_chair_post_id_starts_at", "chair_post_id", "starts_at"),
        Index("ix_occurrences_place_id_starts_at", "place_id", "starts_at"),
        Index(
            "ix_occurrences_to_remind",
            "day",
            sqlite_where=text("state = 'published' AND reminded_for IS NULL"),
            postgresql_where=text("state = 'published' AND reminded_for IS NULL"),
        ),
    )


class OccurrenceHost(Base):
    """A post whose head sits; the date is kept here as well so that a post's sittings are one index range."""

    __tablename__ = "occurrence_hosts"

    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    position: Mapped[int]
    starts_at: Mapped[datetime | None]

    occurrence: Mapped[Occurrence] = relationship(back_populates="hosts")
    post: Mapped[Post] = relationship()

    __table_args__ = (Index("ix_occurrence_hosts_post_id_starts_at", "post_id", "starts_at"),)


class OccurrenceChange(Base):
    """A public change of a published sitting, as its page tells it; never removed."""

    __tablename__ = "occurrence_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id"), index=True)
    at: Mapped[datetime]
    step: Mapped[str]  # a step of rules.workflow.TRANSITIONS
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    reason: Mapped[str]
    earlier: Mapped[bool] = mapped_column(default=False)  # the law's wording foresees only later
    notice_days: Mapped[int | None]  # working days between the change and the (new) day
    notice_number: Mapped[str] = mapped_column(default="")
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), index=True)  # which it follows
    by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    occurrence: Mapped[Occurrence] = relationship(back_populates="changes")

    __table_args__ = (
        Index("ix_occurrence_changes_at", "at"),
        Index("ix_occurrence_changes_step", "step"),
    )

"""What became of a visit's matter, what the resident says of it, and how it was rated without a name.

Sealed (scheduler.sealing): the summary, the answer, and the words of a dispute on both sides.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.links import new_slug
from scheduler.models.base import Base
from scheduler.models.followups import Task
from scheduler.models.occurrences import Occurrence
from scheduler.models.registrations import Registration
from scheduler.models.units import Unit

OPEN = "answered_on IS NULL AND closed_on IS NULL"


class Matter(Base):
    """One matter of one visit. Its state follows from its facts (rules.matters.state_of), it is not stored.

    `year` and `number` are its place in the unit's register (form 03, NĐ 154/2026): one running number a year.
    """

    __tablename__ = "matters"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("occurrences.id"), index=True)  # None: by a petition
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id"), index=True)
    year: Mapped[int]
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(default="")  # of rules.matters.KINDS, "" while nobody has said
    topic: Mapped[str] = mapped_column(default="")  # of rules.registrations.TOPICS
    summary: Mapped[str] = mapped_column(default="")  # sealed
    same_content_people: Mapped[int | None]  # how many came with the same content (column 7)
    settled_by: Mapped[str] = mapped_column(default="")  # cơ quan đã giải quyết hết thẩm quyền (column 8)
    received_on: Mapped[date]  # the days of the answer are counted from here

    direction: Mapped[str] = mapped_column(default="")  # of rules.matters.DIRECTIONS, "" while only received
    directed_on: Mapped[date | None]
    closed_on: Mapped[date | None]  # the direction itself was the answer: guided, transferred, returned, refused
    in_charge_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    in_charge: Mapped[str] = mapped_column(default="")  # in words, where it is no unit of ours
    contact: Mapped[str] = mapped_column(default="")  # whom the resident may call (LTCD art. 18(4))
    other_office: Mapped[str] = mapped_column(default="")  # guided or transferred to (columns 10 and 11)
    document_number: Mapped[str] = mapped_column(default="")
    document_day: Mapped[date | None]
    refusal_ground: Mapped[str] = mapped_column(default="")  # of rules.matters.REFUSAL_GROUNDS

    due_day: Mapped[date]  # that day included
    due_why: Mapped[list[Any]]
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"), index=True)
    answer: Mapped[str] = mapped_column(default="")  # sealed
    answered_on: Mapped[date | None]  # đã trả lời
    done_on: Mapped[date | None]  # đã thực hiện xong
    settled_on: Mapped[date | None]  # giải quyết dứt điểm
    reopened_at: Mapped[datetime | None]  # a dispute was right: what its task reported before no longer counts
    answer_rated: Mapped[bool] = mapped_column(default=False)

    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    occurrence: Mapped[Occurrence | None] = relationship()
    registration: Mapped[Registration | None] = relationship()
    in_charge_unit: Mapped[Unit | None] = relationship(foreign_keys=[in_charge_unit_id])
    task: Mapped[Task | None] = relationship()
    disputes: Mapped[list["Dispute"]] = relationship(back_populates="matter", order_by="Dispute.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it from the class)
    __table_args__ = (
        UniqueConstraint("unit_id", "year", "number"),
        Index("ix_matters_waiting", "unit_id", "due_day", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
    )


class Dispute(Base):
    """A resident says that what was promised was not done; open until the office has answered."""

    __tablename__ = "disputes"

    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("matters.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))  # of the matter
    words: Mapped[str] = mapped_column(default="")  # sealed
    words_mark: Mapped[str] = mapped_column(default="")  # the same words twice are one dispute
    made_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")  # sealed
    upheld: Mapped[bool | None]  # whether the resident was right; None while open
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    matter: Mapped[Matter] = relationship(back_populates="disputes")

    __table_args__ = (
        Index(
            "uq_disputes_open",
            "matter_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
        Index(
            "ix_disputes_waiting",
            "unit_id",
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )


class Rating(Base):
    """One answer to "were you content", without any link to who gave it; the name is random, so order tells nothing."""

    __tablename__ = "ratings"

    name: Mapped[str] = mapped_column(primary_key=True, default=new_slug)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("occurrences.id"))
    about: Mapped[str]  # "reception" or "answer"
    score: Mapped[int]  # of rules.matters.SCORES
    day: Mapped[date]

    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 3", name="known_score"),)


class RatedReception(Base):
    """That somebody rated the reception, not how: so that it is counted once."""

    __tablename__ = "rated_receptions"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"), primary_key=True)

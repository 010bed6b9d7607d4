"""Who wishes to be received or came: one record for web, telephone, counter, officer, door and paper.

What residents tell stands sealed (scheduler.sealing); numbers, states and times are readable.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.models.base import Base
from scheduler.models.occurrences import Occurrence


class Queue(Base):
    """The numbers and seats of one sitting; made when the first of them is needed, changed by conditional updates."""

    __tablename__ = "queues"

    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id"), primary_key=True)
    last_ticket: Mapped[int] = mapped_column(default=0)
    seats: Mapped[int | None]  # of a hall; None: nobody counts them
    taken: Mapped[int] = mapped_column(default=0)
    paper_first: Mapped[int | None]  # numbers kept for the paper kit, both included
    paper_last: Mapped[int | None]
    screen: Mapped[str] = mapped_column(unique=True)  # random name of the waiting-room screen
    reminded_on: Mapped[date | None]  # the day of the sitting of which who registered was reminded
    version: Mapped[int] = mapped_column(default=1)

    occurrence: Mapped[Occurrence] = relationship()

    __table_args__ = (CheckConstraint("taken >= 0 AND (seats IS NULL OR taken <= seats)", name="seats_suffice"),)


class ArrivalWindow(Base):
    """A span of a sitting in which so many are asked to come; the last place goes to exactly one."""

    __tablename__ = "arrival_windows"

    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime]
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)

    __table_args__ = (CheckConstraint("taken >= 0 AND taken <= places", name="places_suffice"),)


class Registration(Base):
    """One visit to one sitting, reserved or not. `asked_occurrence_id` is where it was asked for first."""

    __tablename__ = "registrations"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)  # in the resident's own address, beside a signature
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id"))
    asked_occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))  # of the sitting
    ticket: Mapped[int]
    state: Mapped[str] = mapped_column(default="booked")  # of rules.registrations.STATES
    way: Mapped[str]  # of rules.registrations.WAYS
    language: Mapped[str] = mapped_column(default="vi")

    # Sealed.
    name: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    home: Mapped[str] = mapped_column(default="")  # commune
    words: Mapped[str] = mapped_column(default="")
    representatives: Mapped[str] = mapped_column(default="")  # one a line
    code: Mapped[str] = mapped_column(default="")  # six digits

    contact_kind: Mapped[str] = mapped_column(default="")  # "email", "phone" or ""
    guard_mark: Mapped[str]  # mark of the contact, of the plain name where there is none
    code_mark: Mapped[str]
    topic: Mapped[str] = mapped_column(default="")  # of rules.registrations.TOPICS
    people: Mapped[int] = mapped_column(default=1)
    arrive_from: Mapped[datetime | None]  # None: any time of the sitting, by number
    arrive_until: Mapped[datetime | None]
    data_notice: Mapped[str] = mapped_column(default="")  # the version that was read
    form_mark: Mapped[str | None] = mapped_column(unique=True)  # the same form twice is one registration
    form_body: Mapped[str] = mapped_column(default="")

    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    registered_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]  # held in the next sitting since its own was cancelled, not yet answered
    offered_from_id: Mapped[int | None] = mapped_column(ForeignKey("occurrences.id"), index=True)  # the cancelled one
    arrived_at: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    occurrence: Mapped[Occurrence] = relationship(foreign_keys=[occurrence_id])
    asked_occurrence: Mapped[Occurrence] = relationship(foreign_keys=[asked_occurrence_id])
    offered_from: Mapped[Occurrence | None] = relationship(foreign_keys=[offered_from_id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it from the class)
    __table_args__ = (
        UniqueConstraint("occurrence_id", "ticket"),
        UniqueConstraint("guard_mark", "code_mark"),
        CheckConstraint("people >= 1", name="somebody"),
        Index("ix_registrations_unit_id_state", "unit_id", "state"),
        Index(
            "ix_registrations_to_erase",
            "registered_at",
            sqlite_where=text("erased_at IS NULL"),
            postgresql_where=text("erased_at IS NULL"),
        ),
    )

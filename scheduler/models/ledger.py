"""Who did what and when, and what the jobs did."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.models.base import Base


class Entry(Base):
    """One deed. `actor` is a name as it was then, `via` the door it came through ("web", "command line", "job …")."""

    __tablename__ = "ledger"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    deed: Mapped[str]  # "occurrence.published", …; words under deeds.
    actor: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    via: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    subject: Mapped[str] = mapped_column(default="")  # "occurrence:17"
    facts: Mapped[dict[str, Any]]

    __table_args__ = (Index("ix_ledger_unit_id_id", "unit_id", "id"), Index("ix_ledger_subject", "subject"))


class JobRun(Base):
    """One beat of a job that found something, or failed."""

    __tablename__ = "job_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    found: Mapped[int]
    done: Mapped[int]
    failed: Mapped[int]
    error: Mapped[str] = mapped_column(default="")

    __table_args__ = (Index("ix_job_runs_job_id", "job", "id"),)


class JobBeat(Base):
    """When each job last ticked, in any process; /readyz reads it."""

    __tablename__ = "job_beats"

    job: Mapped[str] = mapped_column(primary_key=True)
    ticked_at: Mapped[datetime]

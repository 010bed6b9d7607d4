"""Totals of old paper registers, for times whose single sittings are lost."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.models.base import Base
from scheduler.models.people import Post


class RegisterTotal(Base):
    """What a register says of a post and a time, both days included; no day of it has a record of its own."""

    __tablename__ = "register_totals"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    kind: Mapped[str]  # a key of rules.kinds.KINDS
    first_day: Mapped[date]
    last_day: Mapped[date]
    days_head: Mapped[int]
    days_stand_in: Mapped[int]
    visits: Mapped[int]
    persons: Mapped[int]
    groups: Mapped[int]
    group_persons: Mapped[int]
    attendances: Mapped[int]
    opinions: Mapped[int]
    answered_on_the_spot: Mapped[int]
    note: Mapped[str]
    imported_at: Mapped[datetime]

    post: Mapped[Post] = relationship()

    __table_args__ = (
        UniqueConstraint("post_id", "kind", "first_day"),
        CheckConstraint("last_day >= first_day", name="last_after_first"),
    )

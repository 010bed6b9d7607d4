"""Residents who follow a unit or a post by e-mail; the address stands sealed and is erased when they leave."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.models.base import Base


class Follower(Base):
    """One address that follows one unit or post, or one kind of its sittings.

    `feed` is the row in the table of versions whose changes concern it. `told_at` is the moment up to which it knows
    all news, whether a letter was needed or not.
    """

    __tablename__ = "followers"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)  # in the follower's own address, beside a signature
    feed: Mapped[str]  # "unit:12" or "post:7"
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"), index=True)
    kind: Mapped[str] = mapped_column(default="")  # of rules.kinds.KINDS; blank: all kinds
    email: Mapped[str] = mapped_column(default="")  # sealed; blank once erased
    mark: Mapped[str | None]  # finds the address without reading it; None once erased
    language: Mapped[str] = mapped_column(default="vi")
    data_notice: Mapped[str] = mapped_column(default="")  # the version that was read
    state: Mapped[str] = mapped_column(default="asked")  # of rules.followers.STATES
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    written_at: Mapped[datetime | None]  # when the newest letter of news was queued
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("feed", "kind", "mark"),
        Index("ix_followers_mark", "mark"),
        Index("ix_followers_state_asked_at", "state", "asked_at"),
        Index(
            "ix_followers_to_tell",
            "feed",
            "told_at",
            sqlite_where=text("state = 'confirmed'"),
            postgresql_where=text("state = 'confirmed'"),
        ),
    )

"""What feeds remember: a version raised by every change they show, and the private addresses given out."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.models.base import Base


class FeedVersion(Base):
    """A feed's version: "unit:12" or "post:7". Raised in the transaction of the change itself."""

    __tablename__ = "feed_versions"

    feed: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    changed_at: Mapped[datetime]


class FeedToken(Base):
    """A private feed's address; only the SHA-256 of the secret is kept. For a post, or for a staff account."""

    __tablename__ = "feed_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    beginning: Mapped[str]  # six characters, to recognise it by
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

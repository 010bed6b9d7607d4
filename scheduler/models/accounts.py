"""Staff accounts, their roles in units, sign-ins that can be ended, one-time links, and counters of attempts."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.models.base import Base
from scheduler.models.units import Unit


class Account(Base):
    """A member of staff who signs in. An account of the demonstration cannot sign in in production."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)  # lower case
    name: Mapped[str]
    password: Mapped[str | None]  # argon2id
    language: Mapped[str] = mapped_column(default="vi")
    active: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    roles: Mapped[list["Role"]] = relationship(back_populates="account", order_by="Role.id")


class Role(Base):
    """What an account may do in a unit and the units below it; `role` is a key of rules.permissions.ROLES."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    role: Mapped[str]
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    account: Mapped[Account] = relationship(back_populates="roles")
    unit: Mapped[Unit] = relationship()

    __table_args__ = (UniqueConstraint("account_id", "unit_id", "role"),)


class SignIn(Base):
    """A server-side sign-in; the cookie holds the secret, the table only its SHA-256."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    client: Mapped[str] = mapped_column(default="")

    account: Mapped[Account] = relationship()


class OneTimeLink(Base):
    """A link that sets a password or signs in once; only the SHA-256 of its secret is kept."""

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    purpose: Mapped[str]  # "password" or "sign-in"
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Attempt(Base):
    """A counted attempt (failed sign-in, fetch of a private feed), for limits that survive a restart."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str]
    who: Mapped[str]  # a hash or an address, never a secret
    at: Mapped[datetime]

    __table_args__ = (Index("ix_attempts_what_who_at", "what", "who", "at"),)

"""Ủy quyền phê duyệt: for some days one account acts in the place of an approver, in one unit and those below it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.models.accounts import Account
from scheduler.models.base import Base
from scheduler.models.units import Unit


class Delegation(Base):
    """From `first_day` to `last_day`, both included; `acts` are keys of rules.permissions.DELEGABLE."""

    __tablename__ = "delegations"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    to_account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    acts: Mapped[list[Any]]
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    revoked_at: Mapped[datetime | None]

    from_account: Mapped[Account] = relationship(foreign_keys=[from_account_id])
    to_account: Mapped[Account] = relationship(foreign_keys=[to_account_id])
    unit: Mapped[Unit] = relationship()

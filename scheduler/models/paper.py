"""The paper kit of a sitting: that it was made for the sitting as it then was."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.models.base import Base


class PaperKit(Base):
    """One kit for each state of a sitting: a moved or changed one gets another."""

    __tablename__ = "paper_kits"

    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)  # of the sitting, as its letters name it
    made_at: Mapped[datetime]

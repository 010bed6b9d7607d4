"""What sittings share at one time: the units that join them, and the clashes somebody kept with a reason."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, delete, event, insert, inspect
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from scheduler.models.base import Base
from scheduler.models.occurrences import Occurrence


class OccurrenceAttendee(Base):
    """A unit that joins a sitting; a copy of `Occurrence.attend_unit_ids` that an index can find, with its start."""

    __tablename__ = "occurrence_attendees"

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(
        ForeignKey("occurrences.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    starts_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_occurrence_attendees_unit_id_starts_at", "unit_id", "starts_at"),)


class KeptClash(Base):
    """A clash that was seen and kept: what both want, when, and why it stays. Shown to the staff alone.

    `other_id` is the other sitting; where the head is busy elsewhere there is none.
    """

    __tablename__ = "kept_clashes"

    id: Mapped[int] = mapped_column(primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("occurrences.id", ondelete="CASCADE"), index=True)
    what: Mapped[str]  # "head", "place" or "unit"
    whose: Mapped[str]  # the post, place or unit by its name on that day
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


def attendee_rows(rows: list[tuple[int, list[int], datetime | None]]) -> list[dict[str, Any]]:
    """(sitting, joined units, start) as rows of `occurrence_attendees`."""
    return [
        {"occurrence_id": one, "unit_id": unit, "starts_at": starts_at}
        for one, units, starts_at in rows
        for unit in dict.fromkeys(units)
    ]


@event.listens_for(Occurrence, "after_insert")
def _join(_mapper: Mapper[Any], connection: Connection, sitting: Occurrence) -> None:
    rows = attendee_rows([(sitting.id, sitting.attend_unit_ids or [], sitting.starts_at)])
    if rows:
        connection.execute(insert(OccurrenceAttendee), rows)


@event.listens_for(Occurrence, "after_update")
def _join_anew(mapper: Mapper[Any], connection: Connection, sitting: Occurrence) -> None:
    """Follow a sitting whose units or start changed; where neither did, ask nothing of the database."""
    changed = {name for name in ("attend_unit_ids", "starts_at") if _has_changed(sitting, name)}
    if "attend_unit_ids" in changed or (changed and sitting.attend_unit_ids):
        connection.execute(delete(OccurrenceAttendee).where(OccurrenceAttendee.occurrence_id == sitting.id))
        _join(mapper, connection, sitting)


def _has_changed(sitting: Occurrence, name: str) -> bool:
    state: Any = inspect(sitting)
    return bool(state.attrs[name].history.has_changes())

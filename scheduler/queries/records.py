"""Records and conclusions of sittings, as pages show them."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.database import Db
from scheduler.models import Conclusion, ConclusionItem, CoUnit, Record, Task


def record_of_sitting(db: Db, occurrence_id: int) -> Record | None:
    """The sitting's record with its turns, None while there is none."""
    query = select(Record).where(Record.occurrence_id == occurrence_id).options(selectinload(Record.turns))
    return db.scalars(query).one_or_none()


def conclusion_of_sitting(db: Db, occurrence_id: int) -> Conclusion | None:
    """The sitting's conclusion with its items and their units, None while there is none."""
    items = selectinload(Conclusion.items)
    query = (
        select(Conclusion)
        .where(Conclusion.occurrence_id == occurrence_id)
        .options(
            items.joinedload(ConclusionItem.lead_unit),
            items.selectinload(ConclusionItem.co_units).joinedload(CoUnit.unit),
        )
    )
    return db.scalars(query).unique().one_or_none()


def tasks_of_conclusion(db: Db, conclusion_id: int) -> dict[int, Task]:
    """The task of each item of the conclusion that has one, by the item's id."""
    query = (
        select(Task)
        .join(ConclusionItem, ConclusionItem.id == Task.item_id)
        .where(ConclusionItem.conclusion_id == conclusion_id)
        .options(joinedload(Task.unit))
    )
    return {task.item_id: task for task in db.scalars(query)}


def nobody_came(db: Db, occurrence_id: int) -> bool:
    """Whether the sitting was held and nobody came: "không phát sinh", a result that needs no conclusion."""
    return bool(db.scalar(select(Record.nobody_came).where(Record.occurrence_id == occurrence_id)))

"""A sitting's whole story: every deed on it, its notice and its tasks, the letters about it, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from scheduler.database import Db
from scheduler.models import Conclusion, ConclusionItem, Entry, Letter, Occurrence, Task

LONGEST = 500


@dataclass(frozen=True)
class LettersTold:
    """How many letters of one kind about the sitting are in one state, and when the newest became due."""

    kind: str
    state: str
    n: int
    newest: datetime


@dataclass(frozen=True)
class Story:
    """Deeds oldest first; letters by kind and state; the tasks that followed, by their place in the conclusion."""

    entries: tuple[Entry, ...]
    letters: tuple[LettersTold, ...]
    tasks: tuple[Task, ...]


def story_of_sitting(db: Db, occurrence: Occurrence) -> Story:
    """Three queries; the notice's deeds are told where the sitting stands in it."""
    tasks = tuple(
        db.scalars(
            select(Task)
            .join(ConclusionItem, ConclusionItem.id == Task.item_id)
            .join(Conclusion, Conclusion.id == ConclusionItem.conclusion_id)
            .where(Conclusion.occurrence_id == occurrence.id)
            .order_by(ConclusionItem.position)
            .options(joinedload(Task.item), joinedload(Task.unit))
        )
    )
    subjects = [f"occurrence:{occurrence.id}", *(f"task:{task.id}" for task in tasks)]
    if occurrence.notice_id is not None:
        subjects.append(f"notice:{occurrence.notice_id}")
    return Story(_entries(db, subjects), _letters(db, occurrence.id), tasks)


def _entries(db: Db, subjects: Sequence[str]) -> tuple[Entry, ...]:
    return tuple(db.scalars(select(Entry).where(Entry.subject.in_(subjects)).order_by(Entry.id).limit(LONGEST)))


def _letters(db: Db, occurrence_id: int) -> tuple[LettersTold, ...]:
    rows = db.execute(
        select(Letter.kind, Letter.state, func.count(), func.max(Letter.due_at))
        .where(Letter.occurrence_id == occurrence_id)
        .group_by(Letter.kind, Letter.state)
        .order_by(func.max(Letter.due_at), Letter.kind, Letter.state)
    )
    return tuple(LettersTold(*row) for row in rows)

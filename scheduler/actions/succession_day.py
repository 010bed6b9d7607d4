"""The first day of the new order: open tasks, private addresses and old papers go to those who follow."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, or_, select, update

from scheduler.actions.ledger import record
from scheduler.actions.succession_desk import carry_desks
from scheduler.actions.task_letters import tell_assigned
from scheduler.actions.units import move_unit, rename_unit
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.models import FeedToken, Post, Succession, Task, TaskEvent, Unit, UnitAbove
from scheduler.rules.permissions import Actor, job_actor
from scheduler.rules.succession import heirs_of

JOB = job_actor("succession")


def carry_succession(db: Db, succession_id: int, *, now: datetime, by: Actor = JOB) -> int:
    """Carry over what waits for the day; gives how many tasks moved. Doing it twice moves what came since alone.

    From now on the old unit stands below its heir: whoever serves the heir reads and finishes the old one's papers,
    and reports over the heir take in its days.
    """
    row = db.scalars(select(Succession).where(Succession.id == succession_id).with_for_update()).one()
    if row.day > local_date(now):
        return 0
    heirs = heirs_of(row.heirs)
    if row.carried_at is None:
        if row.kind == "rename":
            rename_unit(db, row.unit, row.name, by=by, now=now)
        _hang_places(db, heirs, by=by, now=now)
        _stand_below(db, heirs)
        _lead_addresses(db, heirs)
        carry_desks(db, heirs, day=row.day, by=by, now=now)
        row.carried_at = now
    return _lead_tasks(db, row, by=by, now=now)


def _hang_places(db: Db, heirs: Mapping[int, int], *, by: Actor, now: datetime) -> None:
    """Communes of a province that ended lie in the new one."""
    below = select(Unit).where(Unit.parent_id.in_(heirs), Unit.kind == "place", Unit.id.not_in(heirs))
    for place in list(db.scalars(below.where(Unit.valid_to.is_(None)).order_by(Unit.id))):
        assert place.parent_id is not None
        move_unit(db, place, db.get_one(Unit, heirs[place.parent_id]), by=by, now=now)


def _stand_below(db: Db, heirs: Mapping[int, int]) -> None:
    """Every old unit, with those that stood below it before, also stands below its heir and all above that."""
    for old, heir in heirs.items():
        lows = db.execute(select(UnitAbove.unit_id, UnitAbove.steps).where(UnitAbove.above_id == old)).all()
        highs = db.execute(select(UnitAbove.above_id, UnitAbove.steps).where(UnitAbove.unit_id == heir)).all()
        ids = [low.unit_id for low in lows]
        there = db.execute(select(UnitAbove.unit_id, UnitAbove.above_id).where(UnitAbove.unit_id.in_(ids)))
        known = {(row.unit_id, row.above_id) for row in there}
        rows = [
            {"unit_id": low.unit_id, "above_id": high.above_id, "steps": low.steps + high.steps}
            for low in lows
            for high in highs
            if (low.unit_id, high.above_id) not in known
        ]
        if rows:
            db.execute(insert(UnitAbove), rows)


def _lead_addresses(db: Db, heirs: Mapping[int, int]) -> None:
    posts = db.execute(
        select(Post.id, Post.successor_id).where(Post.unit_id.in_(heirs), Post.successor_id.is_not(None))
    )
    for old, new in posts.all():
        mine = update(FeedToken).where(FeedToken.post_id == old, FeedToken.revoked_at.is_(None))
        db.execute(mine.values(post_id=new))


def _lead_tasks(db: Db, row: Succession, *, by: Actor, now: datetime) -> int:
    """Open tasks go to the heirs, with their story and their day; who was told of one already is not told again."""
    ended = tuple(heirs_of(row.heirs))
    mine = or_(Task.unit_id.in_(ended), Task.owner_unit_id.in_(ended))
    tasks = list(db.scalars(select(Task).where(Task.closed_at.is_(None), mine).order_by(Task.id)))
    for task in tasks:
        heirs = heirs_of(row.heirs, task.id)
        names = {"before": task.unit.name, "owner_before": task.owner_unit.name}
        task.unit = db.get_one(Unit, heirs.get(task.unit_id, task.unit_id))
        task.owner_unit = db.get_one(Unit, heirs.get(task.owner_unit_id, task.owner_unit_id))
        names |= {"after": task.unit.name, "owner": task.owner_unit.name}
        text = names["after"] if names["after"] != names["before"] else names["owner"]
        task.events.append(
            TaskEvent(at=now, kind="handed-over", by=by.name, by_id=by.account_id, text=text, facts=names)
        )
        db.flush()
        record(
            db, "task.handed-over", by=by, now=now, unit_id=task.owner_unit_id, subject=f"task:{task.id}", **names
        )  # fmt: skip
        tell_assigned(db, task, now=now)
    return len(tasks)

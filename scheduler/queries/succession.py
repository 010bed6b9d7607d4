"""What became of units: who follows whom, the streets of a divided one, and what waits for its day."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.models import Post, Succession, Task, Unit, UnitPart
from scheduler.queries.units import MOST_STEPS, successor_of
from scheduler.rules.kinds import BODY_SUFFIXES


@dataclass(frozen=True)
class Followed:
    """One that follows a divided unit, with the streets it took."""

    unit: Unit
    parts: tuple[str, ...]


def find_to_carry(db: Db, now: datetime) -> list[int]:
    """Successions whose day has come and that are not carried over, or to whose old units tasks came since."""
    rows = db.execute(
        select(Succession.id, Succession.carried_at, Succession.heirs)
        .where(Succession.day <= local_date(now))
        .order_by(Succession.day, Succession.id)
    ).all()
    if not rows:
        return []
    ended = select(Unit.id).where(Unit.valid_to < local_date(now), Unit.successor_id.is_not(None))
    open_tasks = select(Task.unit_id, Task.owner_unit_id).where(
        Task.closed_at.is_(None), or_(Task.unit_id.in_(ended), Task.owner_unit_id.in_(ended))
    )
    stray = {str(unit_id) for pair in db.execute(open_tasks) for unit_id in pair}
    return [row.id for row in rows if row.carried_at is None or stray & set(row.heirs)]


def successions_of(db: Db, unit: Unit) -> list[Succession]:
    """What was decided of this unit, the newest first."""
    query = select(Succession).where(Succession.unit_id == unit.id)
    return list(db.scalars(query.order_by(Succession.day.desc(), Succession.id.desc())))


def followers_of(db: Db, unit: Unit, today: date) -> list[Followed]:
    """Those that follow a divided unit, or the like bodies of those that follow its place; none before the day."""
    whole = unit if unit.kind not in BODY_SUFFIXES else unit.parent
    if whole is None or whole.valid_to is None or whole.valid_to >= today:
        return []
    query = select(UnitPart).where(UnitPart.unit_id == whole.id).order_by(UnitPart.id)
    rows = list(db.scalars(query.options(joinedload(UnitPart.successor))))
    found: dict[int, list[str]] = {}
    units = {row.successor_id: row.successor for row in rows}
    for row in rows:
        found.setdefault(row.successor_id, []).append(row.text)
    if whole is not unit:
        units |= _bodies(db, unit.kind, units)
    return [Followed(units[id], tuple(parts)) for id, parts in found.items()]


def post_after(db: Db, post: Post, today: date) -> Post | None:
    """The post that stands today where this one stood: by the resolution, else the one of the same word at the heir."""
    found: Post | None = post
    for _ in range(MOST_STEPS):
        if found is None or successor_of(found.unit, today) is found.unit:
            break
        if found.successor is not None:
            found = found.successor
            continue
        heir = successor_of(found.unit, today)
        same = heir.code + found.code.removeprefix(found.unit.code)
        found = db.scalars(select(Post).where(Post.code == same)).one_or_none()
    return found if found is not post else None


def predecessors_of(db: Db, unit: Unit, today: date) -> list[Unit]:
    """The units that ended and were led on to this one, those it got streets of among them."""
    divided = select(UnitPart.unit_id).where(UnitPart.successor_id == unit.id)
    query = select(Unit).where(or_(Unit.successor_id == unit.id, Unit.id.in_(divided)), Unit.valid_to < today)
    return list(db.scalars(query.order_by(Unit.valid_to.desc(), Unit.code)))


def _bodies(db: Db, kind: str, places: dict[int, Unit]) -> dict[int, Unit]:
    query = select(Unit).where(Unit.parent_id.in_(places), Unit.kind == kind, Unit.valid_to.is_(None))
    return {body.parent_id: body for body in db.scalars(query) if body.parent_id is not None}

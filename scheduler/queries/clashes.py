"""Sittings that want the same head, place or joined unit at one time, or a head who is busy elsewhere."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.database import Db
from scheduler.models import BusyTime, KeptClash, Occurrence, OccurrenceHost, Place, Post, Unit
from scheduler.queries.occupied import COUNTED, Need, Wanted, others_near, overlapping, wanted_of, with_needs

WHATS = ("head", "place", "unit")


@dataclass(frozen=True)
class Clash:
    """`other_id` wants the same `what` (of WHATS) while `occurrence_id` sits; `busy` where it is a head's busy time."""

    occurrence_id: int
    other_id: int
    what: str
    starts_at: datetime
    ends_at: datetime
    need: Need
    busy: bool = False
    other_unit_id: int | None = None
    other_state: str = ""


@dataclass(frozen=True)
class NamedClash:
    """A clash with its names: whose time it is (a post, place or unit), and the other sitting or busy time itself."""

    clash: Clash
    whose: str
    sitting: Occurrence | None
    busy_time: BusyTime | None


def clashes_of(db: Db, occurrence_ids: Iterable[int]) -> list[Clash]:
    """All clashes of these sittings with any other one that stands or is planned; a few statements for all of them."""
    query = select(Occurrence).where(Occurrence.id.in_(tuple(occurrence_ids))).options(selectinload(Occurrence.hosts))
    return clashes_between(db, [wanted_of(one) for one in db.scalars(query)])


def clashes_between(db: Db, wanted: Iterable[Wanted], *, states: Collection[str] = COUNTED) -> list[Clash]:
    """The same for sittings as they would be, saved or not; the other ones are in these states."""
    mine = with_needs(db, wanted)
    return sorted(
        (
            Clash(
                one.id,
                other.id,
                "head" if need[0] in ("post", "person") else need[0],
                other.starts_at,
                other.ends_at,
                need,
                other.busy,
                other.unit_id,
                other.state,
            )
            for one, other, need in overlapping(mine, others_near(db, mine, states))
        ),
        key=lambda clash: (clash.starts_at, WHATS.index(clash.what), clash.occurrence_id, clash.other_id),
    )


def named(db: Db, clashes: Sequence[Clash]) -> list[NamedClash]:
    """The clashes with the names that a sentence about them needs, in a constant number of statements."""
    sittings = {one.id: one for one in _sittings(db, clashes)}
    busy_ids = {clash.other_id for clash in clashes if clash.busy}
    busy = {one.id: one for one in db.scalars(select(BusyTime).where(BusyTime.id.in_(busy_ids)))}
    names = _names(db, clashes, sittings)
    return [
        NamedClash(
            clash,
            names[clash],
            None if clash.busy else sittings.get(clash.other_id),
            busy.get(clash.other_id) if clash.busy else None,
        )
        for clash in clashes
    ]


def _sittings(db: Db, clashes: Sequence[Clash]) -> list[Occurrence]:
    ids = {clash.occurrence_id for clash in clashes} | {clash.other_id for clash in clashes if not clash.busy}
    query = select(Occurrence).where(Occurrence.id.in_(ids))
    hosts = selectinload(Occurrence.hosts).joinedload(OccurrenceHost.post)
    return list(
        db.scalars(query.options(joinedload(Occurrence.unit), joinedload(Occurrence.chair_post), hosts)).unique()
    )


def _names(db: Db, clashes: Sequence[Clash], sittings: dict[int, Occurrence]) -> dict[Clash, str]:
    kinds: tuple[tuple[str, type[Post] | type[Place] | type[Unit]], ...]
    kinds = (("post", Post), ("place", Place), ("unit", Unit))
    found: dict[Need, str] = {}
    for what, table in kinds:
        ids = {clash.need[1] for clash in clashes if clash.need[0] == what}
        column = Post.title if table is Post else table.name  # type: ignore[union-attr]
        for row in db.execute(select(table.id, column).where(table.id.in_(ids))) if ids else ():
            found[what, row[0]] = row[1]
    return {clash: found.get(clash.need) or _head_of(sittings.get(clash.occurrence_id)) for clash in clashes}


def _head_of(sitting: Occurrence | None) -> str:
    """Who sits, by his post: a person who is needed elsewhere is told by the post he would sit for here."""
    if sitting is None:
        return ""
    if sitting.chair_stands_in and sitting.chair_post is not None:
        return sitting.chair_post.title
    return sitting.hosts[0].post.title if sitting.hosts else ""


def kept_of(db: Db, occurrence_ids: Collection[int]) -> list[KeptClash]:
    """The clashes of these sittings that were kept with a reason, whichever of the two it was given for."""
    mine = or_(KeptClash.occurrence_id.in_(occurrence_ids), KeptClash.other_id.in_(occurrence_ids))
    return list(db.scalars(select(KeptClash).where(mine).order_by(KeptClash.id)))

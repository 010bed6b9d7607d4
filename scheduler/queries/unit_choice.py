"""Choosing among the units somebody reads: all of them where they are few, by name where they are many."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from scheduler.database import Db
from scheduler.models import Unit, UnitAbove
from scheduler.models.base import plain
from scheduler.queries.access import units_readable
from scheduler.queries.search import search_units
from scheduler.rules.permissions import Actor

FEW = 12
"""So many units fit into a list to choose from; more are found by typing."""
MOST = 60
"""A name that fits more units than this says too little."""


def few_units(db: Db, actor: Actor, today: date) -> list[Unit]:
    """The units the actor reads, if they are FEW; none where they are more."""
    query = (
        select(Unit)
        .where(Unit.id.in_(units_readable(actor)), or_(Unit.valid_to.is_(None), Unit.valid_to >= today))
        .order_by(Unit.level, Unit.code)
        .limit(FEW + 1)
    )
    found = list(db.scalars(query))
    return found if len(found) <= FEW else []


def units_meant(db: Db, actor: Actor, text: str) -> list[Unit]:
    """The units the actor reads that a code or a typed name means, without diacritics too; the likeliest first.

    A whole name means this unit alone ("hoan kiem" the ward, with what is below it), a part every unit that has it.
    """
    readable = units_readable(actor)
    query = select(Unit).where(Unit.code == text.strip(), Unit.id.in_(readable)).options(joinedload(Unit.parent))
    coded = db.scalars(query).one_or_none()
    if coded is not None:
        return [coded]
    found = search_units(db, text, MOST, within=readable)
    whole = [unit for unit in found if f"|{plain(text)}|" in unit.search]
    return whole or found


def narrowed(db: Db, actor: Actor, units: Collection[int]) -> Actor:
    """The actor as if every right held in these units and those below them only."""
    granted = {grant.unit_id for grant in actor.grants}
    pairs = db.execute(
        select(UnitAbove.unit_id, UnitAbove.above_id).where(
            or_(
                and_(UnitAbove.unit_id.in_(units), UnitAbove.above_id.in_(granted)),
                and_(UnitAbove.unit_id.in_(granted), UnitAbove.above_id.in_(units)),
            )
        )
    )
    rows = {(row.unit_id, row.above_id) for row in pairs}
    inside = {below for below, above in rows if below in granted and above in units}
    kept = [grant for grant in actor.grants if grant.unit_id in inside]
    kept += [
        replace(grant, unit_id=below)
        for grant in actor.grants
        for below, above in sorted(rows)
        if above == grant.unit_id and below in units and grant.unit_id not in inside
    ]
    return replace(actor, grants=tuple(dict.fromkeys(kept)))

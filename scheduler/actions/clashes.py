"""Clashes found before they hurt: a sitting's head, place and guests must be free, or a reason is given and kept."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from scheduler.actions.ledger import record
from scheduler.clock import local_date, to_local
from scheduler.database import Db
from scheduler.errors import RuleBroken
from scheduler.language import say
from scheduler.models import KeptClash, Occurrence, Person, Place, Post, Unit
from scheduler.queries.access import may
from scheduler.queries.agenda import host_titles
from scheduler.queries.clashes import WHATS, Clash, NamedClash, clashes_between, kept_of, named
from scheduler.queries.occupied import COUNTED, STANDING, Wanted, posts_of_people, wanted_of, with_needs
from scheduler.rules.permissions import Actor

TAKEN = ("clashes.taken", "clashes.taken-several")
"""What a deed is refused with for a clash; a form shows its field for the reason then."""

CHECKED = {
    # step of a published sitting: what may clash by it
    "move": WHATS,
    "restore": WHATS,
    "change_hours": WHATS,
    "change_details": WHATS,
    "change_place": ("place",),
    "change_chair": ("head",),
}


def require_free(
    db: Db,
    occurrences: Iterable[Occurrence],
    *,
    keep_reason: str = "",
    whats: Collection[str] = WHATS,
    drafts: bool = False,
    by: Actor,
    now: datetime,
) -> list[Clash]:
    """Refuse sittings whose head, place or joined unit is wanted at the same time, unless a reason to keep it is given.

    Asked against what is public, against each other and against busy times; with `drafts` also against what is
    planned in the units the actor may read. A clash that was kept before is not asked for again. Until the end of
    the transaction nobody else can have the same heads and places looked at. Gives the clashes that are kept now.
    Raises RuleBroken with a key of TAKEN.
    """
    rows = list(occurrences)
    db.flush()
    wanted = with_needs(db, [wanted_of(one) for one in rows])
    if not wanted:
        return []
    _hold(db, wanted)
    found = _standing(db, clashes_between(db, wanted), {one.id for one in rows}, drafts=drafts, by=by)
    kept = {_marks(one) for one in kept_of(db, [clash.occurrence_id for clash in found])}
    clashes = [one for one in _each_pair_once(found) if one.what in whats and _marks_of(one) not in kept]
    if not clashes:
        return []
    told = named(db, clashes)
    if not keep_reason.strip():
        raise _refusal(db, told, by)
    _keep(db, told, {one.id: one.unit_id for one in rows}, reason=keep_reason.strip(), by=by, now=now)
    return clashes


def _hold(db: Db, wanted: list[Wanted]) -> None:
    """Let others who want the same wait until this transaction ends, always in the same order.

    PostgreSQL locks the rows; SQLite has one writer at a time and knows no such locks.
    """
    needed: dict[Any, set[int]] = {
        Person: {number for one in wanted for what, number in one.needs if what == "person"},
        Post: posts_of_people(db, wanted),
        Place: {number for one in wanted for what, number in one.needs if what == "place"},
        Unit: {number for one in wanted for what, number in one.needs if what == "unit"},
    }
    for table, ids in needed.items():
        if ids:
            query = select(table.id).where(table.id.in_(ids)).order_by(table.id)
            db.execute(query.with_for_update(key_share=True)).all()


def _standing(db: Db, found: list[Clash], own: set[int], *, drafts: bool, by: Actor) -> list[Clash]:
    """Those that count: busy times, public sittings, the ones of this deed, and drafts where they are asked for."""
    readable: dict[int, bool] = {}

    def reads(unit_id: int) -> bool:
        if unit_id not in readable:
            readable[unit_id] = may(db, by, "read", unit_id)
        return readable[unit_id]

    def counts(clash: Clash) -> bool:
        if clash.busy or clash.other_id in own or clash.other_state in STANDING:
            return True
        return drafts and clash.other_state in COUNTED and reads(clash.other_unit_id or 0)

    return [clash for clash in found if counts(clash)]


def _each_pair_once(found: list[Clash]) -> list[Clash]:
    """Two sittings of one deed find each other; the pair is told once."""
    pairs: dict[Any, Clash] = {}
    for clash in found:
        pairs.setdefault((*_pair(clash), clash.what), clash)
    return list(pairs.values())


def _pair(clash: Clash) -> tuple[Any, ...]:
    if clash.busy:
        return (clash.occurrence_id, None, clash.starts_at)
    return (*sorted((clash.occurrence_id, clash.other_id)), None)


def _marks_of(clash: Clash) -> tuple[Any, ...]:
    pair = frozenset((clash.occurrence_id, None if clash.busy else clash.other_id))
    return pair, clash.what, clash.starts_at if clash.busy else local_date(clash.starts_at)


def _marks(kept: KeptClash) -> tuple[Any, ...]:
    """What makes a kept clash the same when it is met again: the two on the same day, or the very busy time."""
    pair = frozenset((kept.occurrence_id, kept.other_id))
    return pair, kept.what, kept.starts_at if kept.other_id is None else local_date(kept.starts_at)


def _refusal(db: Db, told: list[NamedClash], by: Actor) -> RuleBroken:
    first = told[0]
    start, end = to_local(first.clash.starts_at), to_local(first.clash.ends_at)
    facts = {
        "who": first.whose,
        "title": title_of(db, first, by),
        "start": say(by.language, "clashes.hour", hour=start.hour, minute=f"{start:%M}"),
        "end": say(by.language, "clashes.hour", hour=end.hour, minute=f"{end:%M}"),
    }
    if len(told) == 1:
        return RuleBroken(TAKEN[0], **facts)
    return RuleBroken(TAKEN[1], **facts, day=local_date(first.clash.starts_at), n=len(told) - 1)


def title_of(db: Db, told: NamedClash, by: Actor) -> str:
    """The other sitting or busy time in words, as far as the reader may know it."""
    clash = told.clash
    may_read = clash.other_unit_id is not None and may(db, by, "read", clash.other_unit_id)
    if told.sitting is not None and (may_read or clash.other_state in STANDING):
        kind = say(by.language, f"kinds.{told.sitting.kind}")
        return f"{kind[:1].lower()}{kind[1:]} ({', '.join(host_titles(told.sitting)) or told.sitting.unit.name})"
    if may_read and told.busy_time is not None and told.busy_time.title:
        return f"“{told.busy_time.title}”"
    return say(by.language, "clashes.busy-elsewhere")


def _keep(db: Db, told: list[NamedClash], units: dict[int, int], *, reason: str, by: Actor, now: datetime) -> None:
    for one in told:
        clash = one.clash
        kept = KeptClash(
            occurrence_id=clash.occurrence_id,
            other_id=None if clash.busy else clash.other_id,
            what=clash.what,
            whose=one.whose,
            starts_at=clash.starts_at,
            ends_at=clash.ends_at,
            reason=reason,
            at=now,
            by_id=by.account_id,
        )
        db.add(kept)
        record(
            db, "occurrence.clash-kept", by=by, now=now, unit_id=units[clash.occurrence_id],
            subject=f"occurrence:{clash.occurrence_id}", reason=reason, what=clash.what, whose=one.whose,
            starts_at=clash.starts_at.isoformat(), ends_at=clash.ends_at.isoformat(),
        )  # fmt: skip

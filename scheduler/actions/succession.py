"""What a resolution makes of a unit: renamed, taken in, united or divided; decided in one deed, all or none.

Plans, coming sittings, people, places and settings follow at once; what must wait for the day itself (open tasks,
private addresses, who reads whose papers) follows in `carry_succession`, by this deed or by a job.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import or_, select

from scheduler.actions.clashes import require_free, title_of
from scheduler.actions.feeds import raise_feeds
from scheduler.actions.ledger import record
from scheduler.actions.succession_accounts import lead_delegations, lead_roles
from scheduler.actions.succession_day import carry_succession
from scheduler.actions.succession_desk import lead_suspensions, lead_templates, tell_of_desks
from scheduler.actions.succession_series import lead_schedules
from scheduler.actions.succession_sittings import called, lead_sittings, told_before
from scheduler.actions.succession_units import (
    Line,
    Moves,
    Question,
    find_heirs,
    lead_places,
    lead_posts,
    lead_settings,
)
from scheduler.actions.succession_ways import unit_for
from scheduler.actions.units import create_bodies, create_unit, merge_unit, take_names
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import BadInput, NotFound, RuleBroken
from scheduler.models import FeedToken, Occurrence, Post, Succession, Task, Unit, UnitPart
from scheduler.queries.access import require
from scheduler.queries.agenda import titled
from scheduler.queries.clashes import named
from scheduler.queries.units import unit_by_code
from scheduler.rules.permissions import Actor
from scheduler.rules.succession import Decision, Share, check_decision

REHEARSED = "…"
"""Stands in a preview for the reason that is asked for afterwards."""


@dataclass(frozen=True)
class Preview:
    """What moves, line by line; `seen` names exactly this, so that nothing else is confirmed."""

    lines: tuple[Line, ...]
    questions: tuple[Question, ...] = ()

    @property
    def seen(self) -> str:
        """A word for these lines."""
        return sha256(repr(sorted(self.lines)).encode()).hexdigest()[:20]

    def of(self, what: str) -> list[Line]:
        """The lines of one kind."""
        return [line for line in self.lines if line.what == what]


def preview_succession(db: Db, decision: Decision, *, by: Actor, now: datetime) -> Preview:
    """What the decision would move; nothing of it stays. Raises what the deed itself would."""
    rehearsal = db.begin_nested()
    try:
        return decide_succession(db, replace(decision, keep_reason=REHEARSED), by=by, now=now)
    finally:
        rehearsal.rollback()
        db.expire_all()


def confirm_succession(db: Db, decision: Decision, seen: str, *, by: Actor, now: datetime) -> Preview | None:
    """Carry out what was previewed as `seen`; None where the same was decided before, which is no fault.

    Raises RuleBroken where something else would move by now.
    """
    if _decided_before(db, decision) is not None:
        return None
    done = decide_succession(db, decision, by=by, now=now)
    if done.seen != seen:
        raise RuleBroken("succession.changed-since")
    return done


def decide_succession(db: Db, decision: Decision, *, by: Actor, now: datetime) -> Preview:
    """Do all of it. Raises BadInput, RuleBroken, NotAllowed, NotFound; then nothing may be kept."""
    check_decision(decision)
    olds = _ending(db, decision, by)
    # A resolution of the state is the right to move what the clerks of these units could change themselves.
    moves = Moves(decision, replace(by, trusted=True), now)
    if decision.kind == "rename":
        heirs = [olds[0]]
        moves.moved("names", olds[0].name, decision.name.strip())
    else:
        heirs = [_heir(db, moves, share, olds[0], by=by) for share in _shares(decision)]
        moves.shares = heirs
        _lead(db, moves, olds, by)
    made = [_note(db, moves, old, heirs) for old in olds]
    if decision.day <= local_date(now):
        for row in made:
            carry_succession(db, row.id, now=now, by=moves.doer)
    db.flush()
    return Preview(tuple(moves.lines), tuple(moves.questions))


def _ending(db: Db, decision: Decision, by: Actor) -> list[Unit]:
    """The units the decision is about, held until the end of the transaction."""
    found = []
    for code in dict.fromkeys((decision.unit, *decision.others)):
        unit = _known(db, code, "others")
        require(db, by, "administer", unit.id)
        unit = db.scalars(select(Unit).where(Unit.id == unit.id).with_for_update()).one()
        if unit.valid_to is not None:
            raise RuleBroken("units.ended-already", unit=unit.name)
        found.append(unit)
    if decision.kind == "rename" and decision.name.strip() == found[0].name:
        raise BadInput("succession.same-name", "name")
    return found


def _shares(decision: Decision) -> tuple[Share, ...]:
    return decision.shares if decision.kind != "found" else (Share(decision.name),)


def _heir(db: Db, moves: Moves, share: Share, old: Unit, *, by: Actor) -> Unit:
    """The unit with this code, or a new one of this name beside the old one."""
    if moves.decision.kind != "found":
        try:
            known = unit_by_code(db, share.unit)
        except NotFound:
            known = None
        if known is not None:
            require(db, by, "administer", known.id)
            return known
        if moves.decision.kind == "join":
            raise BadInput("people.unknown-unit", place="shares", unit=share.unit)
    made = create_unit(
        db,
        share.unit,
        level=old.level,
        kind=old.kind,
        parent=old.parent,
        code=moves.decision.code.strip() if moves.decision.kind == "found" else "",
        valid_from=moves.decision.day,
        by=by,
        now=moves.now,
    )
    made.phone, made.email, made.address = old.phone, old.email, old.address
    moves.founded.add(made.id)
    moves.moved("founded", made.name, made.code)
    if made.kind == "place":
        bodies = create_bodies(db, made, by=moves.doer, now=moves.now)
        moves.founded |= {body.id for body in bodies}
        _reach_bodies(db, old, bodies)
    return made


def _reach_bodies(db: Db, old: Unit, bodies: Iterable[Unit]) -> None:
    """A new committee is reached as the old one was until somebody says otherwise."""
    before = {body.kind: body for body in db.scalars(select(Unit).where(Unit.parent_id == old.id))}
    for body in bodies:
        like = before.get(body.kind)
        if like is not None:
            body.phone, body.email, body.address = like.phone, like.email, like.address


def _lead(db: Db, moves: Moves, olds: list[Unit], by: Actor) -> None:
    heirs = moves.shares
    main = heirs[0]
    for old in olds:
        find_heirs(db, moves, old, main)
        if any(heir.id in moves.olds for heir in heirs):
            raise BadInput("succession.follows-itself", "shares")
    told = told_before(db, moves)
    lead_posts(db, moves)
    lead_roles(db, moves)
    lead_delegations(db, moves)
    lead_places(db, moves)
    lead_settings(db, moves)
    lead_templates(db, moves)
    lead_suspensions(db, moves)
    for old in olds:
        merge_unit(db, old, main, moves.decision.last_day, heirs=moves.heirs, by=moves.doer, now=moves.now)
        for other in heirs[1:]:
            take_names(db, other, old)
    _divide(db, moves, olds[0], heirs)
    _keep_clashes(db, moves, lead_sittings(db, moves, lead_schedules(db, moves, told), told), by)
    _tell_of_the_day(db, moves)
    tell_of_desks(db, moves)
    ended = [f"unit:{old}" for old in moves.olds] + [f"post:{post}" for post in moves.posts]
    raise_feeds(db, ended + [f"unit:{heir.id}" for heir in heirs], now=moves.now)


def _divide(db: Db, moves: Moves, old: Unit, heirs: list[Unit]) -> None:
    if moves.decision.kind != "divide":
        return
    for share, heir in zip(moves.decision.shares, heirs, strict=True):
        for part in share.parts:
            db.add(UnitPart(unit_id=old.id, text=part, successor_id=heir.id))
            moves.moved("parts", part, heir.name)
    db.flush()
    record(
        db, "unit.divided", by=moves.doer, now=moves.now, unit_id=old.id, subject=f"unit:{old.id}", name=old.name,
        heirs=[heir.name for heir in heirs],
    )  # fmt: skip


def _keep_clashes(db: Db, moves: Moves, handed: list[Occurrence], by: Actor) -> None:
    """Sittings that now want the same head or place: kept with a reason, as anywhere. Raises RuleBroken without one."""
    names = {row.id: called(row) for row in handed}
    kept = require_free(db, handed, keep_reason=moves.decision.keep_reason, by=by, now=moves.now)
    for one in named(db, kept):
        name = f"{names[one.clash.occurrence_id]}: {one.whose}, {title_of(db, one, by)}"
        moves.moved("clashes", name)


def _tell_of_the_day(db: Db, moves: Moves) -> None:
    """What is carried over on the day itself, as it stands now."""
    tasks = select(Task).where(
        Task.closed_at.is_(None), or_(Task.unit_id.in_(moves.olds), Task.owner_unit_id.in_(moves.olds))
    )
    for task in db.scalars(tasks.order_by(Task.id)):
        share = moves.ask_share("task", f"task-{task.id}", task.item.text)
        heir = unit_for(db, moves, task.unit_id, share) if task.unit_id in moves.olds else task.unit
        for old in {task.unit_id, task.owner_unit_id} & moves.olds.keys() if share else ():
            moves.tasks[f"{old}/task-{task.id}"] = unit_for(db, moves, old, share).id
        moves.moved("tasks", task.item.text, heir.name)
    tokens = select(Post).join(FeedToken, FeedToken.post_id == Post.id).where(Post.id.in_(moves.posts))
    for post in db.scalars(tokens.where(FeedToken.revoked_at.is_(None)).order_by(Post.id)):
        moves.moved("addresses", titled(post), titled(db.get_one(Post, moves.posts[post.id])))


def _note(db: Db, moves: Moves, old: Unit, heirs: list[Unit]) -> Succession:
    decision = moves.decision
    own = {str(id): heir.id for id, heir in moves.heirs.items()} | moves.tasks
    row = Succession(
        unit_id=old.id,
        kind=decision.kind,
        day=decision.day,
        number=decision.number.strip(),
        signed_on=decision.signed_on,
        former_name=old.name,
        name=decision.name.strip() or ", ".join(heir.name for heir in heirs),
        heirs=own,
        by=moves.doer.name,
        by_id=moves.doer.account_id,
        decided_at=moves.now,
        carried_at=None,
    )
    db.add(row)
    db.flush()
    record(
        db, "unit.succeeded", by=moves.doer, now=moves.now, unit_id=old.id, subject=f"unit:{old.id}",
        kind=decision.kind, day=decision.day.isoformat(), number=row.number, name=row.name,
    )  # fmt: skip
    return row


def _known(db: Db, code: str, place: str) -> Unit:
    try:
        return unit_by_code(db, code.strip())
    except NotFound:
        raise BadInput("people.unknown-unit", place=place, unit=code) from None


def _decided_before(db: Db, decision: Decision) -> Succession | None:
    query = select(Succession).join(Unit, Unit.id == Succession.unit_id).where(Unit.code == decision.unit)
    same = query.where(Succession.kind == decision.kind, Succession.day == decision.day)
    return db.scalars(same.where(Succession.number == decision.number.strip())).one_or_none()

"""What is pressed at the counter of a sitting: who came, is called, goes in and comes out; each can be taken back."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from scheduler.actions.ledger import record
from scheduler.actions.registration_places import queue_of
from scheduler.actions.registrations import Given, enter_visit
from scheduler.clock import local_date, to_local
from scheduler.database import Db, vault_of
from scheduler.errors import BadInput, NotFound, RuleBroken, Stale
from scheduler.language.dates import hour_words
from scheduler.models import Occurrence, Queue, Registration, VisitStep
from scheduler.queries.access import require
from scheduler.queries.agenda import find_occurrence
from scheduler.queries.counter import newest_step
from scheduler.queries.registrations import find_registration
from scheduler.rules.counter import MOMENTS, check_group, is_open
from scheduler.rules.permissions import Actor
from scheduler.rules.registration_input import checked_line, checked_name, checked_words, denounces
from scheduler.rules.registrations import STEP, TOPICS, next_registration_state

DOOR = "door"
"""The first press for somebody who came without having registered."""


@dataclass(frozen=True)
class Group:
    """People at the door on one matter: a head count, who speaks for them, no other names."""

    people: int
    topic: str = ""
    words: str = ""
    representatives: tuple[str, ...] = ()


def take_step(db: Db, slug: str, step: str, *, version: int, by: Actor, now: datetime) -> Registration:
    """One press for one visit. The same press twice is one; `version` is the row's as its officer saw it.

    Raises NotFound, RuleBroken on another day and for a step that is not open, Stale where somebody else pressed.
    """
    if step not in STEP or step == "withdraw":
        raise NotFound("errors.not-found")
    visit = _held(db, slug, by=by, now=now)
    if visit.version != version:
        return _pressed_already(db, visit, step, by=by)
    before = visit.state
    visit.state = next_registration_state(before, step)
    moment = MOMENTS.get(step)
    old = getattr(visit, moment) if moment else None
    _keep(db, visit, step, before=before, moment=old, by=by, now=now)
    if moment:
        setattr(visit, moment, now)
    if step == "come_back" and visit.arrived_at is None:
        visit.arrived_at = now
    db.flush()
    _note(db, visit, f"visit.{step.replace('_', '-')}", by=by, now=now)
    return visit


def undo_step(db: Db, slug: str, *, version: int, by: Actor, now: datetime) -> Registration:
    """Take the newest press for this visit back; what was given a number at the door is withdrawn with it.

    Raises NotFound, RuleBroken where there is nothing to take back, Stale where somebody else pressed.
    """
    visit = _held(db, slug, by=by, now=now)
    if visit.version != version:
        newest = newest_step(db, visit.id, undone=True)
        if newest is not None and newest.undone_at is not None and newest.undone_by_id == by.account_id:
            return visit
        return _pressed_already(db, visit, "undo", by=by)
    newest = newest_step(db, visit.id)
    if newest is None:
        raise RuleBroken("counter.nothing-to-undo", number=visit.ticket)
    if newest.step == DOOR:
        visit.state, visit.withdrawn_at = "withdrawn", now
    else:
        visit.state = newest.state_before
        moment = MOMENTS.get(newest.step)
        if moment:
            setattr(visit, moment, newest.moment_before)
    newest.undone_at, newest.undone_by_id = now, by.account_id
    db.flush()
    _note(db, visit, "visit.undone", by=by, now=now, step=newest.step)
    return visit


def walk_in(db: Db, slug: str, name: str, *, mark: str, by: Actor, now: datetime) -> Registration:
    """The next number for somebody who came without having registered; the name may stay blank.

    `mark` is the form's own: sent twice it is the same number. Raises NotFound, RuleBroken on another day, BadInput
    for a name that cannot be, RuleBroken for a denunciation, Stale for a form used for somebody else.
    """
    occurrence = _open_counter(db, slug, by=by, now=now)
    if denounces(name):
        raise RuleBroken("counter.denounces")
    given = Given(name=checked_line(name, "name"), way=DOOR, form=mark)
    return _at_the_door(db, occurrence, given, by=by, now=now)


def enter_group(db: Db, slug: str, group: Group, *, mark: str, by: Actor, now: datetime) -> Registration:
    """One number for a group at the door. Raises BadInput against the law on groups, else as `walk_in`."""
    occurrence = _open_counter(db, slug, by=by, now=now)
    group = _checked(group)
    given = Given(
        name="", topic=group.topic, words=group.words, people=group.people,
        representatives=group.representatives, way=DOOR, form=mark,
    )  # fmt: skip
    return _at_the_door(db, occurrence, given, by=by, now=now)


def correct_group(db: Db, slug: str, group: Group, *, version: int, by: Actor, now: datetime) -> Registration:
    """Count a group anew, or name who speaks for it. Raises BadInput, NotFound, RuleBroken, Stale."""
    visit = _held(db, slug, by=by, now=now)
    group = _checked(group)
    vault = vault_of(db)
    spoken = "\n".join(group.representatives)
    told = (visit.people, visit.topic, vault.open(visit.words), vault.open(visit.representatives))
    if told == (group.people, group.topic, group.words, spoken):
        return visit
    if visit.version != version:
        return _pressed_already(db, visit, "group", by=by)
    visit.people, visit.topic = group.people, group.topic
    for column, now_said, was_said in (("words", group.words, told[2]), ("representatives", spoken, told[3])):
        if now_said != was_said:
            setattr(visit, column, vault.seal(now_said))
    db.flush()
    _note(db, visit, "visit.group-corrected", by=by, now=now, people=group.people)
    return visit


def open_screen(db: Db, slug: str, *, by: Actor, now: datetime) -> Queue:
    """The sitting's queue with the name of its waiting-room screen, made at first need."""
    occurrence = find_occurrence(db, slug)
    require(db, by, "receive", occurrence.unit_id)
    if occurrence.state != "published" or occurrence.day is None or occurrence.day < local_date(now):
        raise RuleBroken("counter.closed")
    return queue_of(db, occurrence.id)


def _open_counter(db: Db, slug: str, *, by: Actor, now: datetime) -> Occurrence:
    occurrence = find_occurrence(db, slug)
    require(db, by, "receive", occurrence.unit_id)
    _require_open(occurrence, now)
    return occurrence


def _require_open(occurrence: Occurrence, now: datetime) -> None:
    if not is_open(occurrence.state, occurrence.day, local_date(now)):
        raise RuleBroken("counter.closed")


def _held(db: Db, slug: str, *, by: Actor, now: datetime) -> Registration:
    """The visit, held until the end of the transaction: of two presses at once the second reads what the first did."""
    visit = find_registration(db, slug)
    require(db, by, "receive", visit.occurrence.unit_id)
    _require_open(visit.occurrence, now)
    held = select(Registration).where(Registration.id == visit.id).with_for_update()
    return db.scalars(held.execution_options(populate_existing=True)).one()


def _at_the_door(db: Db, occurrence: Occurrence, given: Given, *, by: Actor, now: datetime) -> Registration:
    queue_of(db, occurrence.id)
    db.execute(select(Queue.occurrence_id).where(Queue.occurrence_id == occurrence.id).with_for_update())
    known = _same_form(db, given)
    if known is not None:
        return known
    visit = enter_visit(db, occurrence, given, by=by, now=now)
    visit.state, visit.arrived_at = "arrived", now
    _keep(db, visit, DOOR, by=by, now=now)
    db.flush()
    return visit


def _same_form(db: Db, given: Given) -> Registration | None:
    """What this very form made before. Raises Stale where it was somebody else then: each gets a number of his own."""
    vault = vault_of(db)
    mark = vault.mark(f"form\0{given.form}")
    known = db.scalars(select(Registration).where(Registration.form_mark == mark)).one_or_none()
    if known is not None and (vault.open(known.name), known.people) != (given.name, given.people):
        raise Stale("counter.form-used", number=known.ticket)
    return known


def _checked(group: Group) -> Group:
    """The same in the form it is stored. Raises BadInput at its field, RuleBroken for a denunciation."""
    if group.topic not in TOPICS:
        raise BadInput("forms.not-a-choice", "topic")
    if denounces(group.words, *group.representatives):
        raise RuleBroken("counter.denounces")
    lines = [line for line in group.representatives if line.strip()]
    names = tuple(dict.fromkeys(checked_name(line, "representatives") for line in lines))
    check_group(group.people, names)
    return replace(group, words=checked_words(group.words), representatives=names)


def _keep(
    db: Db,
    visit: Registration,
    step: str,
    *,
    before: str = "",
    moment: datetime | None = None,
    by: Actor,
    now: datetime,
) -> None:
    db.add(
        VisitStep(
            registration_id=visit.id, step=step, state_before=before, moment_before=moment, at=now,
            by=by.name, by_id=by.account_id,
        )
    )  # fmt: skip


def _pressed_already(db: Db, visit: Registration, step: str, *, by: Actor) -> Registration:
    """The same press by the same account did it already; another's is told, and nothing is changed."""
    newest = newest_step(db, visit.id, undone=True)
    mine = newest is not None and newest.by_id == by.account_id and newest.undone_at is None
    if mine and newest is not None and newest.step == step:
        return visit
    if newest is None:
        raise Stale("counter.changed", number=visit.ticket)
    undone = newest.undone_at is not None
    at = hour_words(by.language, f"{to_local(newest.undone_at or newest.at):%H:%M}")
    key = "counter.undone-by-another" if undone else f"counter.by-another-{newest.step.replace('_', '-')}"
    raise Stale(key, number=visit.ticket, who=newest.by, at=at)


def _note(db: Db, visit: Registration, deed: str, *, by: Actor, now: datetime, **facts: Any) -> None:
    subject = f"registration:{visit.id}"
    record(db, deed, by=by, now=now, unit_id=visit.unit_id, subject=subject, number=visit.ticket, **facts)

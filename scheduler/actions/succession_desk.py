"""What else lies on the desks of a unit that ends: suspensions, templates, calls, old sheets, calendars of heads."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased, joinedload, undefer

from scheduler.actions.busy import end_calendar
from scheduler.actions.ledger import record
from scheduler.actions.succession_sittings import called, reason_of
from scheduler.actions.succession_units import Moves
from scheduler.database import Db
from scheduler.models import BusyCalendar, BusyTime, Call, DocumentTemplate, Holding, OldSheet, Post, Suspension, Unit
from scheduler.queries.agenda import titled
from scheduler.queries.suspensions import same_suspension
from scheduler.rules.permissions import Actor


def lead_suspensions(db: Db, moves: Moves) -> None:
    """A suspension beyond the day goes on in a unit just founded if it holds in all that become it; else it ends.

    A unit that stood already goes on receiving: what closed the office of another does not close its own.
    """
    day, last = moves.decision.day, moves.decision.last_day
    query = select(Suspension).where(
        Suspension.unit_id.in_(moves.olds), Suspension.lifted_at.is_(None), Suspension.last_day >= day
    )
    running = list(db.scalars(query.options(joinedload(Suspension.unit)).order_by(Suspension.id)))
    going = {one.id for one in running if _holds_in_all(one, moves, running)}
    for one in running:
        heir = moves.heirs[one.unit_id]
        if heir.id in moves.founded and one.id in going:
            moves.moved("suspensions", _span(one), heir.name)
            _suspend_on(db, moves, one, heir)
        else:
            moves.moved("lifted", f"{_span(one)}, {one.unit.name}")
        if one.first_day <= last:
            one.last_day = last
        else:
            one.lifted_at, one.lifted_by_id, one.lifted_reason = moves.now, moves.doer.account_id, reason_of(moves)
    db.flush()


def _holds_in_all(one: Suspension, moves: Moves, running: Iterable[Suspension]) -> bool:
    heir, day = moves.heirs[one.unit_id], moves.decision.day
    covered = {
        other.unit_id
        for other in running
        if max(other.first_day, day) <= max(one.first_day, day) and other.last_day >= one.last_day
    }
    return covered >= {old for old, follows in moves.heirs.items() if follows is heir}


def _suspend_on(db: Db, moves: Moves, one: Suspension, heir: Unit) -> None:
    first, last = max(one.first_day, moves.decision.day), one.last_day
    if same_suspension(db, heir.id, first, last, with_below=one.with_below) is not None:
        return
    row = Suspension(
        unit_id=heir.id, with_below=one.with_below, first_day=first, last_day=last, reason=one.reason,
        ground=one.ground, occurrence_ids=[], made_by_id=one.made_by_id, made_at=moves.now,
    )  # fmt: skip
    db.add(row)
    db.flush()
    span = {"first": first.isoformat(), "last": last.isoformat(), "reason": one.reason, "n": 0}
    subject = f"suspension:{row.id}"
    record(db, "suspension.made", by=moves.doer, now=moves.now, unit_id=heir.id, subject=subject, **span)


def _span(one: Suspension) -> str:
    return f"{one.first_day:%d/%m/%Y} – {one.last_day:%d/%m/%Y}: {one.reason}"


def lead_templates(db: Db, moves: Moves) -> None:
    """A unit just founded keeps the Word templates of the first one it follows; one that stood has its own."""
    query = select(DocumentTemplate).where(DocumentTemplate.unit_id.in_(moves.olds))
    order = {unit: place for place, unit in enumerate(moves.olds)}
    led: set[tuple[int, str]] = set()
    rows = db.scalars(query.options(undefer(DocumentTemplate.content)))
    for old in sorted(rows, key=lambda row: (order[row.unit_id], row.id)):
        heir = moves.heirs[old.unit_id]
        if heir.id not in moves.founded or (heir.id, old.kind) in led:
            continue
        led.add((heir.id, old.kind))
        db.add(
            DocumentTemplate(
                unit_id=heir.id, kind=old.kind, name=old.name, sha256=old.sha256, at=old.at, by_id=old.by_id,
                content=old.content,
            )
        )  # fmt: skip
        moves.moved("templates", old.name, heir.name)
    db.flush()


def tell_of_desks(db: Db, moves: Moves) -> None:
    """What `carry_desks` will carry on the day, as it stands now."""
    for one in _calendars(db, moves.olds):
        whose = titled(one.post) if one.post is not None else one.person.name if one.person is not None else ""
        goes = one.post is None or _goes_along(db, one.post.id, moves.posts.get(one.post.id), moves.decision.day)
        moves.moved("busy" if goes else "forgotten", whose, moves.heirs[one.unit_id].name if goes else "")
    for call in _calls(db, moves.olds):
        whom = ", ".join(part for part in (call.name, called(call.occurrence)) if part)  # a resident is named nowhere
        moves.moved("calls", whom, moves.heirs[call.unit_id].name)
    for sheet in _sheets(db, moves.olds):
        moves.moved("sheets", called(sheet.occurrence), moves.heirs[sheet.unit_id].name)


def carry_desks(db: Db, heirs: Mapping[int, int], *, day: date, by: Actor, now: datetime) -> None:
    """Calls to make, sheets to take down and calendars of heads go to the heirs.

    The calendar of a post goes on only with its holder: else the heir's head would be busy when another is.
    """
    work: list[Call | OldSheet] = [*_calls(db, heirs), *_sheets(db, heirs)]
    for row in work:
        row.unit_id = heirs.get(row.occurrence.unit_id, row.occurrence.unit_id)
    for one in _calendars(db, heirs):
        after = db.get_one(Post, one.post_id).successor_id if one.post_id is not None else None
        if one.post_id is not None and not _goes_along(db, one.post_id, after, day):
            end_calendar(db, one, by=by, now=now)
        elif one.post_id is not None:
            one.post_id = after
            db.execute(update(BusyTime).where(BusyTime.calendar_id == one.id).values(post_id=after))
        one.unit_id = heirs[one.unit_id]
    db.flush()


def _goes_along(db: Db, post_id: int, after: int | None, day: date) -> bool:
    """Whether somebody who held the post until the day holds the one after it on the day."""
    old, new = aliased(Holding), aliased(Holding)
    same = exists().where(
        old.post_id == post_id, new.post_id == after, old.person_id == new.person_id,
        new.valid_from <= day, new.valid_to.is_(None) | (new.valid_to >= day),
    )  # fmt: skip
    return bool(db.scalar(select(same)))


def _calendars(db: Db, units: Iterable[int]) -> list[BusyCalendar]:
    query = select(BusyCalendar).where(BusyCalendar.unit_id.in_(tuple(units)), BusyCalendar.ended_at.is_(None))
    whose = (joinedload(BusyCalendar.post).joinedload(Post.unit), joinedload(BusyCalendar.person))
    return list(db.scalars(query.options(*whose).order_by(BusyCalendar.id)))


def _calls(db: Db, units: Iterable[int]) -> list[Call]:
    query = select(Call).where(Call.unit_id.in_(tuple(units)), Call.state == "open")
    return list(db.scalars(query.options(joinedload(Call.occurrence)).order_by(Call.id)))


def _sheets(db: Db, units: Iterable[int]) -> list[OldSheet]:
    query = select(OldSheet).where(OldSheet.unit_id.in_(tuple(units)), OldSheet.taken_down_at.is_(None))
    return list(db.scalars(query.options(joinedload(OldSheet.occurrence)).order_by(OldSheet.id)))

"""Busy times of heads: calendars added by an administrator, files looked at before they count, weekly schedules."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from scheduler.actions.ledger import record
from scheduler.clock import at_local
from scheduler.database import Db
from scheduler.errors import RuleBroken
from scheduler.models import BusyCalendar, BusyTime
from scheduler.queries.access import require
from scheduler.queries.busy import Whose
from scheduler.rules.busy import BusySpan, ReadBusy, next_read
from scheduler.rules.busy_address import CalendarAddress
from scheduler.rules.permissions import Actor

LEASE = timedelta(minutes=2)
NAME_LENGTH = 120


def add_address(
    db: Db, whose: Whose, address: CalendarAddress, *, name: str = "", by: Actor, now: datetime
) -> BusyCalendar:
    """A calendar that a job reads from its address; the same address again is the same calendar."""
    require(db, by, "administer", whose.unit_id)
    there = _standing(db, whose, "address", BusyCalendar.address == address.whole)
    if there is not None:
        return there
    return _add(db, whose, "address", name=name, address=address.whole, due_at=now, by=by, now=now)


def propose_file(db: Db, whose: Whose, read: ReadBusy, *, name: str = "", by: Actor, now: datetime) -> BusyCalendar:
    """Keep what a file says, to be looked at; nothing of it counts before `confirm_file`."""
    require(db, by, "administer", whose.unit_id)
    name = (name.strip() or read.name)[:NAME_LENGTH]
    there = _standing(db, whose, "file", BusyCalendar.name == name)
    calendar = there or _add(db, whose, "file", name=name, by=by, now=now)
    calendar.waiting = {"spans": [_plain(span) for span in read.spans], "notes": [list(note) for note in read.notes]}
    db.flush()
    return calendar


def confirm_file(db: Db, calendar: BusyCalendar, *, by: Actor, now: datetime) -> int:
    """Let what was looked at count; gives how many spans changed. Doing it twice changes nothing."""
    require(db, by, "administer", calendar.unit_id)
    if calendar.waiting is None:
        return 0
    spans = [_span(plain) for plain in calendar.waiting["spans"]]
    calendar.notes, calendar.waiting, calendar.read_at = calendar.waiting["notes"], None, now
    return _replace(db, calendar, spans, by=by, now=now)


def end_calendar(db: Db, calendar: BusyCalendar, *, by: Actor, now: datetime) -> None:
    """Read it no more and forget its times. Doing it twice changes nothing."""
    require(db, by, "administer", calendar.unit_id)
    if calendar.ended_at is not None:
        return
    db.execute(delete(BusyTime).where(BusyTime.calendar_id == calendar.id))
    calendar.ended_at, calendar.due_at, calendar.waiting = now, None, None
    _note(db, calendar, "busy.ended", by=by, now=now)


def read_soon(db: Db, calendar: BusyCalendar, *, by: Actor, now: datetime) -> None:
    """Have the address read at the next beat of the job. Raises RuleBroken where there is none."""
    require(db, by, "administer", calendar.unit_id)
    if calendar.source != "address" or calendar.ended_at is not None:
        raise RuleBroken("busy.no-address")
    calendar.due_at = now


def save_week(
    db: Db, whose: Whose, spans: Sequence[BusySpan], days: Sequence[date], *, by: Actor, now: datetime
) -> int:
    """The busy times of these days as the weekly schedule tells them; what it told of them before is replaced.

    Gives how many spans changed: none when the same is saved twice.
    """
    require(db, by, "plan", whose.unit_id)
    calendar = _standing(db, whose, "week")
    if calendar is None:
        if not spans:
            return 0
        calendar = _add(db, whose, "week", by=by, now=now)
    windows = [(at_local(day, "00:00"), at_local(day + timedelta(days=1), "00:00")) for day in sorted(set(days))]
    calendar.read_at = now
    changed = 0
    for start, end in windows:
        own = [span for span in spans if start <= span.starts_at < end]
        changed += _exchange(db, calendar, own, BusyTime.starts_at >= start, BusyTime.starts_at < end)
    if changed:
        _note(db, calendar, "busy.saved", by=by, now=now, n=changed)
    return changed


def claim_calendar(db: Db, calendar_id: int, *, lease: str, now: datetime) -> BusyCalendar | None:
    """Take a calendar that is due, to read it; None when somebody else has it or it is due no more."""
    free = (BusyCalendar.leased_until.is_(None)) | (BusyCalendar.leased_until < now)
    claim = update(BusyCalendar).where(
        BusyCalendar.id == calendar_id, BusyCalendar.due_at <= now, BusyCalendar.ended_at.is_(None), free
    )
    taken = claim.values(lease=lease, leased_until=now + LEASE).returning(BusyCalendar)
    options = {"populate_existing": True, "synchronize_session": False}
    found = db.scalars(taken, execution_options=options).one_or_none()
    if found is not None:
        db.expunge(found)
    return found


def save_read(
    db: Db, calendar_id: int, read: ReadBusy | None, *, lease: str, marks: tuple[str, str], by: Actor, now: datetime
) -> int | None:
    """Note what the address gave: `read`, or None where it is as before; `marks` are its ETag and Last-Modified.

    Gives how many spans changed; None when the lease was lost meanwhile.
    """
    calendar = _leased(db, calendar_id, lease)
    if calendar is None:
        return None
    _release(calendar, due_at=next_read(now, 0))
    calendar.failure, calendar.failures, calendar.read_at = None, 0, now
    calendar.etag, calendar.last_modified = marks
    if read is None:
        return 0
    calendar.notes = [list(note) for note in read.notes]
    calendar.name = calendar.name or read.name
    return _replace(db, calendar, read.spans, by=by, now=now)


def note_failure(db: Db, calendar_id: int, key: str, facts: dict[str, Any], *, lease: str, now: datetime) -> bool:
    """Note why it could not be read; the times it gave before stay. False when the lease was lost meanwhile."""
    calendar = _leased(db, calendar_id, lease)
    if calendar is None:
        return False
    calendar.failures += 1
    calendar.failure = [key, facts]
    _release(calendar, due_at=next_read(now, calendar.failures))
    return True


def _leased(db: Db, calendar_id: int, lease: str) -> BusyCalendar | None:
    query = select(BusyCalendar).where(
        BusyCalendar.id == calendar_id, BusyCalendar.lease == lease, BusyCalendar.ended_at.is_(None)
    )
    return db.scalars(query.with_for_update(of=BusyCalendar)).one_or_none()


def _release(calendar: BusyCalendar, *, due_at: datetime) -> None:
    calendar.lease, calendar.leased_until, calendar.due_at = None, None, due_at


def _standing(db: Db, whose: Whose, source: str, *more: Any) -> BusyCalendar | None:
    """The newest calendar of this source for the post or person that is not ended."""
    of_post = whose.post_id is not None
    own = BusyCalendar.post_id == whose.post_id if of_post else BusyCalendar.person_id == whose.person_id
    query = select(BusyCalendar).where(own, BusyCalendar.source == source, BusyCalendar.ended_at.is_(None), *more)
    return db.scalars(query.order_by(BusyCalendar.id.desc()).limit(1)).one_or_none()


def _add(
    db: Db,
    whose: Whose,
    source: str,
    *,
    name: str = "",
    address: str = "",
    due_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> BusyCalendar:
    calendar = BusyCalendar(
        unit_id=whose.unit_id,
        post_id=whose.post_id,
        person_id=whose.person_id,
        source=source,
        name=name.strip()[:NAME_LENGTH],
        address=address,
        due_at=due_at,
        created_at=now,
        created_by_id=by.account_id,
    )
    db.add(calendar)
    db.flush()
    _note(db, calendar, "busy.added", by=by, now=now, source=source)
    return calendar


def _replace(db: Db, calendar: BusyCalendar, spans: Iterable[BusySpan], *, by: Actor, now: datetime) -> int:
    changed = _exchange(db, calendar, list(spans))
    if changed:
        _note(db, calendar, "busy.saved", by=by, now=now, n=changed)
    return changed


def _exchange(db: Db, calendar: BusyCalendar, spans: Sequence[BusySpan], *within: Any) -> int:
    """Make the calendar's times (those `within`) these; gives how many came or went."""
    rows = db.scalars(select(BusyTime).where(BusyTime.calendar_id == calendar.id, *within)).all()
    there = {BusySpan(row.starts_at, row.ends_at, row.title, row.place, row.attend): row for row in rows}
    wanted = set(spans)
    gone = [row.id for span, row in there.items() if span not in wanted]
    gone += [row.id for row in rows if row not in there.values()]
    come = sorted(wanted - there.keys())
    for start in range(0, len(gone), 500):
        db.execute(delete(BusyTime).where(BusyTime.id.in_(gone[start : start + 500])))
    db.add_all(
        BusyTime(
            calendar_id=calendar.id, post_id=calendar.post_id, person_id=calendar.person_id, starts_at=span.starts_at,
            ends_at=span.ends_at, title=span.title, place=span.place, attend=span.attend,
        )
        for span in come
    )  # fmt: skip
    db.flush()
    return len(gone) + len(come)


def _note(db: Db, calendar: BusyCalendar, deed: str, *, by: Actor, now: datetime, **facts: Any) -> None:
    subject = f"busy_calendar:{calendar.id}"
    record(db, deed, by=by, now=now, unit_id=calendar.unit_id, subject=subject, **facts)


def _plain(span: BusySpan) -> list[str]:
    return [span.starts_at.isoformat(), span.ends_at.isoformat(), span.title, span.place, span.attend]


def _span(plain: Sequence[str]) -> BusySpan:
    start, end, *texts = plain
    return BusySpan(datetime.fromisoformat(start), datetime.fromisoformat(end), *texts)


def waiting_spans(calendar: BusyCalendar) -> list[BusySpan]:
    """What a file said that still waits to be looked at."""
    return [_span(plain) for plain in calendar.waiting["spans"]] if calendar.waiting else []

"""Past registers from a file: each day becomes a sitting with its record, or the record of one that was published."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import select

from scheduler.actions.feeds import raise_versions
from scheduler.actions.ledger import record
from scheduler.actions.occurrences import set_span
from scheduler.actions.records import NO_COUNTS, Sheet, TurnGiven, checked_turns, facts_of, record_of, record_sitting
from scheduler.actions.register_totals import TotalFacts, keep_total, refuse_total
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import BadInput, Faults, NotAllowed, NotFound, RuleBroken
from scheduler.links import new_slug
from scheduler.models import Occurrence, OccurrenceHost, Post, Record, Unit
from scheduler.queries.access import require
from scheduler.queries.agenda import WHOLE
from scheduler.queries.units import find_post, unit_by_code
from scheduler.rules.counting import Counts
from scheduler.rules.permissions import Actor
from scheduler.rules.workflow import TAKEN_PLACE

FIRST_DAY = date(2000, 1, 1)
HEADS_APART = re.compile(r"\s*[+;]\s*")


@dataclass(frozen=True)
class RegisterRow:
    """One row of a register, as read. With `matter` it is one matter of a sitting; with `last_day` it is a total.

    `posts` are the heads as written, several apart by "+". Hours as "07:30", blank where the register has none.
    """

    place: str
    unit: str
    posts: str
    kind: str
    day: date
    last_day: date | None = None
    starts: str = ""
    ends: str = ""
    stands_in: bool = False
    name: str = ""
    counts: Counts = NO_COUNTS
    nobody_came: bool = False
    note: str = ""
    matter: str = ""
    days_head: int = 0
    days_stand_in: int = 0


@dataclass(frozen=True)
class ImportedRows:
    """What an import did: sittings made or recorded, totals kept, and what was there already."""

    rows: int
    recorded: int
    totals: int
    unchanged: int


@dataclass(frozen=True)
class _Day:
    """The rows of one sitting: its unit, heads, kind and day."""

    unit: Unit
    posts: tuple[Post, ...]
    kind: str
    day: date


def import_register(db: Db, rows: Iterable[RegisterRow], *, feed_domain: str, by: Actor, now: datetime) -> ImportedRows:
    """Every row or none; run twice it changes nothing. Rows of one day, kind and heads are one sitting.

    Raises Faults with the place of every row that cannot be taken.
    """
    faults: list[BadInput] = []
    days: dict[_Day, list[RegisterRow]] = {}
    totals: list[tuple[_Day, RegisterRow]] = []
    outcomes: list[str] = []
    given = list(rows)
    for row in given:
        with _noting(faults, row.place):
            found = _day_of(db, row, by=by, now=now)
            if row.last_day is None:
                days.setdefault(found, []).append(row)
            else:
                totals.append((found, row))
    for found, some in days.items():
        with _noting(faults, some[0].place):
            outcomes.append(_take_sitting(db, found, some, feed_domain=feed_domain, by=by, now=now))
    for found, row in totals:
        with _noting(faults, row.place):
            outcomes.append(_take_total(db, found, row, by=by, now=now))
    if faults or not given:
        raise Faults(sorted(faults, key=_by_place) or [BadInput("tables.empty")])
    counted = {outcome: outcomes.count(outcome) for outcome in ("recorded", "total", "unchanged")}
    return ImportedRows(len(given), counted["recorded"], counted["total"], counted["unchanged"])


@contextmanager
def _noting(faults: list[BadInput], place: str) -> Iterator[None]:
    """Keep what is refused inside with the place of its row, and go on."""
    try:
        yield
    except Faults as refused:
        faults.extend(BadInput(fault.key, place, **fault.facts) for fault in refused.faults)
    except (BadInput, RuleBroken, NotAllowed, NotFound) as refused:
        faults.append(BadInput(refused.key, place, **refused.facts))


def _by_place(fault: BadInput) -> int:
    number = fault.place.removeprefix("line:")
    return int(number) if number.isdigit() else 0


def _day_of(db: Db, row: RegisterRow, *, by: Actor, now: datetime) -> _Day:
    """Whose sitting, what and when: all of them known here, and all of them past."""
    try:
        unit = unit_by_code(db, row.unit)
    except NotFound:
        raise BadInput("people.unknown-unit", unit=row.unit) from None
    posts = tuple(dict.fromkeys(_post(db, unit, text, row) for text in HEADS_APART.split(row.posts)))
    for post in posts:
        require(db, by, "record", post.unit_id)
    last = row.last_day or row.day
    if row.day < FIRST_DAY or last > local_date(now):
        raise BadInput("registers.day-out-of-range", first=f"{FIRST_DAY:%d/%m/%Y}")
    if last < row.day:
        raise BadInput("people.ends-before-it-begins")
    return _Day(posts[0].unit, posts, row.kind, row.day)


def _post(db: Db, unit: Unit, text: str, row: RegisterRow) -> Post:
    post = find_post(db, unit, text)
    if post is None:
        raise BadInput("people.unknown-post", post=text, unit=unit.name)
    for valid in (post, post.unit):
        if (valid.valid_from and row.day < valid.valid_from) or (
            valid.valid_to and (row.last_day or row.day) > valid.valid_to
        ):
            raise BadInput("registers.not-in-office", post=post.title, unit=post.unit.name)
    return post


def _take_sitting(
    db: Db, found: _Day, rows: Sequence[RegisterRow], *, feed_domain: str, by: Actor, now: datetime
) -> str:
    """ "recorded", or "unchanged" where the same record stands already. Raises BadInput for another record."""
    _refuse_repeated(rows)
    occurrence = _sitting_of(db, found)
    sheet = _sheet(found, rows, occurrence.hours if occurrence else ())
    if occurrence is not None and occurrence.state in TAKEN_PLACE:
        turns = checked_turns(db, occurrence, sheet, day=found.day, now=now)
        written = Record(turns=turns, nobody_came=sheet.nobody_came, note=sheet.note, **asdict(sheet.counts))
        if facts_of(written) != facts_of(record_of(db, occurrence)):
            raise BadInput("registers.recorded-otherwise", day=f"{found.day:%d/%m/%Y}")
        return "unchanged"
    refuse_total(db, found.posts, found.kind, found.day)
    if occurrence is None:
        _make_sitting(db, found, sheet, feed_domain=feed_domain, by=by, now=now)
    elif occurrence.state == "published":
        record_sitting(db, occurrence.slug, occurrence.version, sheet, by=by, now=now)
    else:
        raise BadInput(f"registers.is-{occurrence.state}", day=f"{found.day:%d/%m/%Y}")
    return "recorded"


def _refuse_repeated(rows: Sequence[RegisterRow]) -> None:
    """One row copied twice would count its visits twice."""
    seen: dict[tuple[object, ...], RegisterRow] = {}
    for row in rows:
        same = ("matter", row.matter) if row.matter else (row.starts, row.ends, row.stands_in, row.name)
        if same in seen:
            raise BadInput("registers.same-twice", line=seen[same].place.removeprefix("line:"))
        seen[same] = row


def _sitting_of(db: Db, found: _Day) -> Occurrence | None:
    """The sitting of these heads on that day, void ones left out. Raises BadInput where two could be meant."""
    query = (
        select(Occurrence)
        .join(OccurrenceHost, OccurrenceHost.occurrence_id == Occurrence.id)
        .where(OccurrenceHost.post_id == found.posts[0].id, Occurrence.day == found.day)
        .where(Occurrence.kind == found.kind, Occurrence.state != "void")
        .options(*WHOLE)
    )
    sittings = list(db.scalars(query).unique())
    wanted = {post.id for post in found.posts}
    exact = [one for one in sittings if {host.post_id for host in one.hosts} == wanted]
    if len(exact) > 1 or (sittings and not exact):
        raise BadInput("registers.other-heads", day=f"{found.day:%d/%m/%Y}")
    return exact[0] if exact else None


def _sheet(found: _Day, rows: Sequence[RegisterRow], hours: Sequence[str]) -> Sheet:
    """The rows of one sitting as one sheet: turns in their order, numbers added, notes one below the other."""
    starts, ends = (hours[0].split("-")[0], hours[-1].split("-")[1]) if hours else ("", "")
    turns = dict.fromkeys(
        TurnGiven(post.id, row.starts or starts, row.ends or ends, row.stands_in, row.name)
        for row in rows
        for post in found.posts
    )
    if any(not turn.starts or not turn.ends for turn in turns):
        raise BadInput("registers.hours-missing")
    sums = {name: sum(getattr(row.counts, name) for row in rows) for name in asdict(NO_COUNTS)}
    notes = dict.fromkeys(row.note for row in rows if row.note)
    return Sheet(tuple(turns), Counts(**sums), all(row.nobody_came for row in rows), "\n".join(notes))


def _make_sitting(db: Db, found: _Day, sheet: Sheet, *, feed_domain: str, by: Actor, now: datetime) -> None:
    """A sitting that no plan here knew, closed with its record: nothing of it waits for anybody."""
    occurrence = Occurrence(
        slug=new_slug(),
        uid=f"phien-{uuid4()}@{feed_domain}",
        unit_id=found.unit.id,
        kind=found.kind,
        planned_day=found.day,
        day=found.day,
        outcome="scheduled",
        why=[["why.from-register", {}]],
        hours=sorted({f"{turn.starts}-{turn.ends}" for turn in sheet.turns}),
        state="closed",
        content_changed_at=now,
        created_at=now,
    )
    occurrence.hosts = [OccurrenceHost(post_id=post.id, post=post, position=n) for n, post in enumerate(found.posts)]
    turns = checked_turns(db, occurrence, sheet, day=found.day, now=now)
    set_span(occurrence)
    db.add(occurrence)
    db.flush()
    kept = Record(occurrence_id=occurrence.id, turns=turns, nobody_came=sheet.nobody_came, note=sheet.note)
    for name, number in asdict(sheet.counts).items():
        setattr(kept, name, number)
    kept.recorded_by_id, kept.recorded_at = by.account_id, now
    db.add(kept)
    db.flush()
    raise_versions(db, [occurrence.id], now=now)
    subject = f"occurrence:{occurrence.id}"
    record(db, "record.imported", by=by, now=now, unit_id=found.unit.id, subject=subject, **facts_of(kept))


def _take_total(db: Db, found: _Day, row: RegisterRow, *, by: Actor, now: datetime) -> str:
    if len(found.posts) > 1:
        raise BadInput("registers.total-of-several")
    assert row.last_day is not None
    facts = TotalFacts(
        found.kind, row.day, row.last_day, row.days_head, row.days_stand_in, row.counts, row.nobody_came, row.note
    )
    return keep_total(db, found.posts[0], facts, by=by, now=now)

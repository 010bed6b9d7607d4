"""Whether offices hold what the law asks, as at a day: one line a place, one cell a duty, what is missing behind it.

Only facts dated up to that day count: a sitting, a notice, a conclusion or a report of later is not seen.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, and_, exists, or_, select

from scheduler.database import Db
from scheduler.models import Conclusion, Occurrence, Record, SentReport, Unit, UnitAbove
from scheduler.queries.access import units_below
from scheduler.queries.days import working_calendar
from scheduler.queries.duties import PostDays, Wanted, days_of_posts
from scheduler.queries.office_settings import OfficeSettings, office_settings
from scheduler.rules.duties import DUTY_KEYS
from scheduler.rules.report_periods import periods_ended
from scheduler.rules.workflow import TAKEN_PLACE

COLUMNS = ("published", "held", "dialogue", "concluded", "reported")
"""Schedule made public in time, days held by the head, dialogue held, conclusions issued, reports sent."""


@dataclass(frozen=True)
class Asked:
    """Which places as at which day: from `first` on, of one duty, of a branch, of what may be read (None: all)."""

    first: date
    as_at: date
    duty: str
    level: str = "commune"
    unit_id: int | None = None
    readable: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: between two days (both included), the sitting where there is one, the report's key."""

    first: date
    last: date
    n: int = 1
    sittings: tuple[int, ...] = ()
    period: str = ""


@dataclass
class Cell:
    """`done` of `asked`; the rest is `missing`, or still `to_come` where the time for it has not ended."""

    asked: int = 0
    done: int = 0
    missing: list[Missing] = field(default_factory=list)
    to_come: int = 0


@dataclass(frozen=True)
class Line:
    """A place with its cells, by column."""

    place: Unit
    cells: Mapping[str, Cell]

    @property
    def gaps(self) -> int:
        """How many of its cells miss something."""
        return sum(bool(cell.missing) for cell in self.cells.values())


def compliance(db: Db, asked: Asked) -> list[Line]:
    """Every place of the level, by code; a constant number of queries however many there are."""
    places = list(db.scalars(_places(asked).order_by(Unit.code)))
    cells = {place.id: {column: Cell() for column in COLUMNS} for place in places}
    place_of = _bodies(db, asked)
    _count_days(db, asked, cells, place_of)
    settings = office_settings(db)
    _count_dialogues(db, asked, cells, settings)
    _count_conclusions(db, asked, cells, settings)
    _count_reports(db, asked, cells, settings)
    return [Line(place, cells[place.id]) for place in places]


def _places(asked: Asked) -> Select[Unit]:
    query = select(Unit).where(
        Unit.kind == "place",
        Unit.level == asked.level,
        or_(Unit.valid_from.is_(None), Unit.valid_from <= asked.as_at),
        or_(Unit.valid_to.is_(None), Unit.valid_to >= asked.as_at),
    )
    for units in ([asked.unit_id] if asked.unit_id is not None else None, asked.readable):
        if units is not None:
            query = query.where(Unit.id.in_(units_below(units)))
    return query


def _branches(asked: Asked) -> Select[int, int]:
    """(unit, place) for the places and all that stands below them; a commune is not counted in its province."""
    places = _places(asked).with_only_columns(Unit.id).scalar_subquery()
    query = select(UnitAbove.unit_id, UnitAbove.above_id).where(UnitAbove.above_id.in_(places))
    if asked.level != "commune":
        within = exists().where(
            Unit.id == UnitAbove.unit_id, or_(Unit.level == asked.level, Unit.level == "department")
        )
        query = query.where(within)
    return query


def _bodies(db: Db, asked: Asked) -> dict[int, int]:
    return {row.unit_id: row.above_id for row in db.execute(_branches(asked))}


def _count_days(db: Db, asked: Asked, cells: dict[int, dict[str, Cell]], place_of: Mapping[int, int]) -> None:
    if asked.duty not in DUTY_KEYS or asked.as_at < asked.first:
        return
    wanted = Wanted(asked.first, asked.as_at, asked.unit_id, asked.readable, duty=asked.duty)
    for found in days_of_posts(db, wanted, today=asked.as_at):
        place = place_of.get(found.post.unit_id)
        if place in cells:
            _count_published(cells[place]["published"], found)
            _count_held(cells[place]["held"], found)


def _count_published(cell: Cell, found: PostDays) -> None:
    in_time = {piece.first for piece in found.tally.pieces["in_time"]}
    for piece in found.tally.pieces["planned"]:
        cell.asked += 1
        cell.done += piece.first in in_time
        if piece.first not in in_time:
            cell.missing.append(Missing(piece.first, piece.last, 1, piece.sittings))
    if found.tally.number("planned"):
        return
    for span in found.spans:  # nothing planned at all is worse than late, and must not look like nothing asked
        if span.whole:
            cell.asked += span.required
            cell.missing.append(Missing(span.first, span.last, span.required))


def _count_held(cell: Cell, found: PostDays) -> None:
    cell.asked += found.tally.number("due")
    cell.done += found.tally.number("met")
    cell.to_come += found.tally.number("open") - found.tally.number("so_far")
    for column in ("stood_in", "missing"):
        cell.missing += [
            Missing(piece.first, piece.last, piece.n, piece.sittings) for piece in found.tally.pieces[column]
        ]


def _count_dialogues(db: Db, asked: Asked, cells: dict[int, dict[str, Cell]], settings: OfficeSettings) -> None:
    """So many a calendar year (Luật Tổ chức chính quyền địa phương 2025 art. 43); this year's are still to come."""
    branches = _branches(asked).subquery()
    years = range(asked.first.year, asked.as_at.year + 1)
    rows = db.execute(
        select(branches.c.above_id, Occurrence.day)
        .join(Occurrence, Occurrence.unit_id == branches.c.unit_id)
        .where(
            Occurrence.kind == "dialogue",
            Occurrence.state.in_(TAKEN_PLACE),
            Occurrence.day.between(date(years[0], 1, 1), asked.as_at),
        )
    )
    held: dict[tuple[int, int], int] = defaultdict(int)
    for place, day in rows:
        held[place, day.year] += 1
    for place, line in cells.items():
        for year in years:
            last = date(year, 12, 31)
            wanted = settings.value("dialogues_per_year", place, min(last, asked.as_at))
            _add(line["dialogue"], wanted, held[place, year], Missing(date(year, 1, 1), last), over=last < asked.as_at)


def _add(cell: Cell, wanted: int, held: int, gap: Missing, *, over: bool) -> None:
    done = min(wanted, held)
    cell.asked += wanted
    cell.done += done
    if wanted > done and over:
        cell.missing.append(Missing(gap.first, gap.last, wanted - done))
    elif wanted > done:
        cell.to_come += wanted - done


def _count_conclusions(db: Db, asked: Asked, cells: dict[int, dict[str, Cell]], settings: OfficeSettings) -> None:
    branches, calendar = _branches(asked).subquery(), working_calendar(db)
    quiet = exists().where(Record.occurrence_id == Occurrence.id, Record.nobody_came)
    rows = db.execute(
        select(branches.c.above_id, Occurrence.id, Occurrence.day, Conclusion.signed_on)
        .join(Occurrence, Occurrence.unit_id == branches.c.unit_id)
        .outerjoin(Conclusion, Conclusion.occurrence_id == Occurrence.id)
        .where(Occurrence.state.in_(TAKEN_PLACE), Occurrence.day.between(asked.first, asked.as_at), ~quiet)
        .order_by(Occurrence.day, Occurrence.id)
    )
    lines: dict[int, date] = {}
    for place, number, day, signed_on in rows:
        if place not in lines:
            within = settings.value("conclude_within_days", place, asked.as_at)
            lines[place] = calendar.add_working_days(asked.as_at, -within)
        cell, done = cells[place]["concluded"], signed_on is not None and signed_on <= asked.as_at
        if not done and day >= lines[place]:
            cell.to_come += 1
            continue
        cell.asked += 1
        cell.done += done
        if not done:
            cell.missing.append(Missing(day, day, 1, (number,)))


def _count_reports(db: Db, asked: Asked, cells: dict[int, dict[str, Cell]], settings: OfficeSettings) -> None:
    periods, calendar = list(periods_ended(asked.first, asked.as_at)), working_calendar(db)
    rows = db.execute(
        select(SentReport.unit_id, SentReport.period).where(
            and_(
                SentReport.unit_id.in_(_places(asked).with_only_columns(Unit.id).scalar_subquery()),
                SentReport.period.in_([period.key for period in periods]),
                SentReport.sent_on <= asked.as_at,
            )
        )
    )
    sent = {(place, key) for place, key in rows}
    for place, line in cells.items():
        for period in periods:
            within = settings.value("report_within_days", place, period.last)
            cell, done = line["reported"], (place, period.key) in sent
            if not done and calendar.add_working_days(period.last, within) >= asked.as_at:
                cell.to_come += 1
                continue
            cell.asked += 1
            cell.done += done
            if not done:
                cell.missing.append(Missing(period.first, period.last, 1, period=period.key))

"""The paper kit as its job, its page and its print read it: which sittings want one, who is expected, what was sent."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from scheduler.clock import at_local, local_date, to_local
from scheduler.database import Db, vault_of
from scheduler.errors import NotFound
from scheduler.models import Letter, Occurrence, PaperKit, Queue, Registration
from scheduler.queries.days import working_calendar
from scheduler.rules.paper import KIT_HOUR, NO_BLOCK, RECEPTIONS, Block, PaperRow, kit_day
from scheduler.rules.working_days import Calendar

KIND = "paper-kit"
"""The kind of its letter."""


@dataclass(frozen=True)
class Expected:
    """Somebody on the day's list, unsealed."""

    slug: str
    ticket: int
    state: str
    name: str
    representatives: tuple[str, ...]
    topic: str
    people: int
    arrive_from: datetime | None
    arrive_until: datetime | None
    began_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class Sent:
    """What became of the kit's letters for the sitting as it is now: when it is due, how many left and when first."""

    due_at: datetime | None
    letters: int
    left: int
    left_at: datetime | None


def find_kits_due(db: Db, now: datetime, occurrence_id: int | None = None) -> list[int]:
    """Receptions whose kit is due and was not made for their present state, or this one where it is such."""
    today, calendar = local_date(now), working_calendar(db)
    made = select(PaperKit.occurrence_id).where(
        PaperKit.occurrence_id == Occurrence.id, PaperKit.sequence == Occurrence.sequence
    )
    query = select(Occurrence.id, Occurrence.day).where(
        Occurrence.day.between(today, calendar.next_working(today)),
        Occurrence.state == "published",
        Occurrence.kind.in_(RECEPTIONS),
        Occurrence.ends_at > now,
        ~made.exists(),
    )
    if occurrence_id is not None:
        query = query.where(Occurrence.id == occurrence_id)
    rows = db.execute(query.order_by(Occurrence.day, Occurrence.id))
    return [row.id for row in rows if kit_due(row.day, calendar) <= now]


def kit_due(day: date, calendar: Calendar) -> datetime:
    """The moment at which the kit of a sitting on that day goes out."""
    return at_local(kit_day(day, calendar), KIT_HOUR)


def block_of(db: Db, occurrence_id: int) -> Block:
    """The numbers kept for paper; NO_BLOCK where none are."""
    query = select(Queue.paper_first, Queue.paper_last).where(Queue.occurrence_id == occurrence_id)
    found = db.execute(query).one_or_none()
    if found is None or found.paper_first is None or found.paper_last is None:
        return NO_BLOCK
    return Block(found.paper_first, found.paper_last)


def expected_at(db: Db, occurrence_id: int, *, on_paper: bool = False) -> list[Expected]:
    """Who registered and did not withdraw, by number; with `on_paper` those entered from paper instead."""
    vault = vault_of(db)
    way = Registration.way == "paper" if on_paper else Registration.way != "paper"
    query = select(Registration).where(
        Registration.occurrence_id == occurrence_id, Registration.state != "withdrawn", way
    )
    return [
        Expected(
            slug=one.slug,
            ticket=one.ticket,
            state=one.state,
            name=vault.open(one.name),
            representatives=tuple(vault.open(one.representatives).splitlines()),
            topic=one.topic,
            people=one.people,
            arrive_from=one.arrive_from,
            arrive_until=one.arrive_until,
            began_at=one.began_at,
            ended_at=one.ended_at,
        )
        for one in db.scalars(query.order_by(Registration.ticket))
    ]


def entered_row(db: Db, occurrence_id: int, number: int) -> tuple[Registration, PaperRow]:
    """A visit that was entered from paper, and its row as it would be typed again. Raises NotFound."""
    query = select(Registration).where(
        Registration.occurrence_id == occurrence_id, Registration.ticket == number, Registration.way == "paper"
    )
    kept = db.scalars(query.where(Registration.erased_at.is_(None))).one_or_none()
    if kept is None:
        raise NotFound("errors.not-found")
    vault = vault_of(db)
    starts, ends = (f"{to_local(at):%H:%M}" if at else "" for at in (kept.began_at, kept.ended_at))
    name, contact, words = (vault.open(text) for text in (kept.name, kept.contact, kept.words))
    number_typed = str(number) if number in block_of(db, occurrence_id) else ""
    return kept, PaperRow(number_typed, name, contact, kept.topic, words, str(kept.people), starts, ends)


def kit_sent(db: Db, occurrence: Occurrence) -> Sent:
    """How the kit of the sitting as it is now was sent."""
    query = select(Letter.sent_at).where(
        Letter.occurrence_id == occurrence.id, Letter.kind == KIND, Letter.sequence == occurrence.sequence
    )
    letters = list(db.scalars(query))
    left = [moment for moment in letters if moment is not None]
    due = kit_due(occurrence.day, working_calendar(db)) if occurrence.day is not None else None
    return Sent(due, len(letters), len(left), min(left, default=None))

"""Holders of posts: appointed, followed by others, reached; their history stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select

from scheduler.actions.addresses import checked_address
from scheduler.actions.ledger import record
from scheduler.actions.places import checked_name
from scheduler.database import Db
from scheduler.errors import BadInput, Faults, NotAllowed, NotFound
from scheduler.language import LANGUAGES
from scheduler.models import Holding, Person, Post, Unit
from scheduler.models.base import clean
from scheduler.queries.access import require
from scheduler.queries.search import person_search_text
from scheduler.queries.units import find_post, local_units, unit_by_code
from scheduler.rules.permissions import Actor

FIRST_DAY, LAST_DAY = date(1945, 9, 2), date(2100, 12, 31)


@dataclass(frozen=True)
class PersonFacts:
    """Who a holder is. The e-mail tells two persons of one name apart; blank where it is not known."""

    name: str
    email: str = ""
    phone: str = ""
    language: str = "vi"


@dataclass(frozen=True)
class HolderRow:
    """One line of a file of holders, as read: `place` says where it stands ("dòng 3")."""

    place: str
    unit: str
    post: str
    name: str
    email: str
    since: date | None
    until: date | None


@dataclass(frozen=True)
class ImportedLine:
    """What a line did: "appointed", "changed" or "unchanged", with the unit and post it was understood to mean."""

    row: HolderRow
    unit: str
    post: str
    outcome: str


@dataclass(frozen=True)
class Imported:
    """What an import did, line by line."""

    lines: tuple[ImportedLine, ...]

    def count(self, outcome: str) -> int:
        """How many lines had this outcome."""
        return sum(line.outcome == outcome for line in self.lines)


def appoint(
    db: Db,
    post: Post,
    person: PersonFacts | Person,
    *,
    since: date,
    until: date | None = None,
    by: Actor,
    now: datetime,
) -> Holding:
    """Give a post its holder from a day on; who held it then holds it until the day before. History stays.

    The same person may hold several posts. Raises BadInput for impossible days and for days somebody else is
    already appointed to later; NotAllowed.
    """
    require(db, by, "administer", post.unit_id)
    _check_days(post, since, until)
    holder = person if isinstance(person, Person) else _person_of(db, post, _checked(person))
    same = _same_term(db, post, holder, since)
    if same is not None:
        same.valid_to = until
        _check_overlap(db, post, same)
        db.flush()
        return same
    _end_former(db, post, since)
    holding = Holding(post=post, person=holder, valid_from=since, valid_to=until)
    db.add(holding)
    db.flush()
    _check_overlap(db, post, holding)
    record(
        db,
        "post.holder-appointed",
        by=by,
        now=now,
        unit_id=post.unit_id,
        subject=f"post:{post.id}",
        name=holder.name,
        post=post.title,
        day=since.isoformat(),
    )
    return holding


def end_holding(db: Db, holding_id: int, last_day: date, *, by: Actor, now: datetime) -> Holding:
    """The holder leaves the post; `last_day` is the last. Raises NotFound, BadInput, NotAllowed."""
    holding = db.get(Holding, holding_id)
    if holding is None:
        raise NotFound("errors.not-found")
    require(db, by, "administer", holding.post.unit_id)
    if last_day < holding.valid_from:
        raise BadInput("people.ends-before-it-begins", place="until")
    holding.valid_to = last_day
    record(
        db, "post.holder-left", by=by, now=now, unit_id=holding.post.unit_id, subject=f"post:{holding.post_id}",
        name=holding.person.name, post=holding.post.title, day=last_day.isoformat(),
    )  # fmt: skip
    return holding


def edit_person(db: Db, person: Person, facts: PersonFacts, *, by: Actor, now: datetime) -> None:
    """Name, e-mail, telephone and language of a holder, by who administers a post of theirs. Raises BadInput."""
    posts = list(db.scalars(select(Post).join(Holding).where(Holding.person_id == person.id).order_by(Post.id)))
    if not posts and not by.trusted:
        raise NotFound("errors.not-found")
    for post in posts:
        require(db, by, "administer", post.unit_id)
    facts = _checked(facts)
    if facts.language not in LANGUAGES:
        raise BadInput("accounts.unknown-language", place="language")
    person.name, person.email, person.phone, person.language = facts.name, facts.email, facts.phone, facts.language
    person.search = person_search_text(person.name, person.email)
    record(
        db,
        "person.edited",
        by=by,
        now=now,
        unit_id=posts[0].unit_id if posts else None,
        subject=f"person:{person.id}",
        name=person.name,
    )


def import_people(db: Db, rows: Iterable[HolderRow], *, by: Actor, now: datetime) -> Imported:
    """Holders of posts from a file: all of them or none, and run twice it changes nothing.

    Raises Faults with the place of every line that cannot be taken.
    """
    faults: list[BadInput] = []
    lines: list[ImportedLine] = []
    for row in rows:
        try:
            lines.append(_import_row(db, row, by=by, now=now))
        except (BadInput, NotAllowed) as fault:
            faults.append(BadInput(fault.key, row.place, **fault.facts))
        except NotFound:
            faults.append(BadInput("people.unknown-unit", row.place, unit=row.unit))
    if not lines and not faults:
        faults.append(BadInput("tables.empty"))
    if faults:
        raise Faults(faults)
    return Imported(tuple(lines))


def preview_people(db: Db, rows: Iterable[HolderRow], *, by: Actor, now: datetime) -> Imported:
    """What an import would do; nothing of it stays. Raises Faults as the import does."""
    rehearsal = db.begin_nested()
    try:
        return import_people(db, rows, by=by, now=now)
    finally:
        rehearsal.rollback()


def _import_row(db: Db, row: HolderRow, *, by: Actor, now: datetime) -> ImportedLine:
    unit = unit_by_code(db, row.unit)
    require(db, by, "administer", unit.id)
    post = find_post(db, unit, row.post)
    if post is None:
        raise BadInput("people.unknown-post", post=row.post, unit=unit.name)
    facts = _checked(PersonFacts(row.name, row.email))
    known = _known_term(db, post, facts, row)
    since = row.since or (known.valid_from if known else None) or _default_since(unit)
    until = row.until or _eve_of_next(db, post, since)
    outcome = "changed" if known is not None else "appointed"
    if known is not None and (known.valid_to, known.person.email) == (until, facts.email or known.person.email):
        outcome = "unchanged"
    else:
        appoint(db, post, facts, since=since, until=until, by=by, now=now)
    return ImportedLine(row, post.unit.name, post.title, outcome)


def _eve_of_next(db: Db, post: Post, since: date) -> date | None:
    """A line without an end holds until the next holder begins, whichever line comes first in the file."""
    query = select(func.min(Holding.valid_from)).where(Holding.post_id == post.id, Holding.valid_from > since)
    following = db.scalar(query)
    return following - timedelta(days=1) if following else None


def _known_term(db: Db, post: Post, facts: PersonFacts, row: HolderRow) -> Holding | None:
    """The term the line speaks of: of this name, begun on this day, or the open one where no day is given."""
    terms = db.scalars(select(Holding).where(Holding.post_id == post.id).order_by(Holding.valid_from.desc()))
    for term in terms:
        if term.person.name == facts.name and (row.since is None or term.valid_from == row.since):
            return term
    return None


def _default_since(unit: Unit) -> date:
    """Without a day the term begins with the unit itself, or with the two levels of 01/07/2025."""
    return unit.valid_from or date(2025, 7, 1)


def _checked(facts: PersonFacts) -> PersonFacts:
    if not facts.name.strip():
        raise BadInput("people.name-missing", place="name")
    email = checked_address(facts.email) if facts.email.strip() else ""
    return PersonFacts(checked_name(facts.name), email, clean(facts.phone).strip()[:50], facts.language)


def _check_days(post: Post, since: date, until: date | None) -> None:
    if not FIRST_DAY <= since <= LAST_DAY or (until is not None and until > LAST_DAY):
        raise BadInput("people.day-out-of-range", place="since")
    if until is not None and until < since:
        raise BadInput("people.ends-before-it-begins", place="until")
    if post.valid_to is not None and since > post.valid_to:
        raise BadInput("people.post-has-ended", place="since", post=post.title)


def _find_person(db: Db, post: Post, facts: PersonFacts) -> Person | None:
    """The same person: this name with this e-mail anywhere, this name among those who held the post, or this name in
    a post of the same place where no e-mail says otherwise (a secretary is often the council's chairman too)."""
    named = select(Person).where(Person.name == facts.name).order_by(Person.id)
    if facts.email:
        found = db.scalars(named.where(Person.email == facts.email)).first()
        if found is not None:
            return found
    found = db.scalars(named.join(Holding).where(Holding.post_id == post.id)).first()
    if found is not None:
        return found
    near = named.join(Holding).join(Post, Post.id == Holding.post_id)
    near = near.where(Post.unit_id.in_(local_units(db, post.unit)))
    return db.scalars(near.where(Person.email.in_(("", facts.email))) if facts.email else near).first()


def _person_of(db: Db, post: Post, facts: PersonFacts) -> Person:
    person = _find_person(db, post, facts)
    if person is None:
        person = Person(name=facts.name, email=facts.email, phone=facts.phone, language=facts.language, search="")
        db.add(person)
    person.email = facts.email or person.email
    person.phone = facts.phone or person.phone
    person.search = person_search_text(person.name, person.email)
    return person


def _same_term(db: Db, post: Post, person: Person, since: date) -> Holding | None:
    if person.id is None:
        return None
    query = select(Holding).where(
        Holding.post_id == post.id, Holding.person_id == person.id, Holding.valid_from == since
    )
    return db.scalars(query).one_or_none()


def _end_former(db: Db, post: Post, since: date) -> None:
    """Whoever holds the post on that day and began before it has it until the day before."""
    query = select(Holding).where(
        Holding.post_id == post.id,
        Holding.valid_from < since,
        or_(Holding.valid_to.is_(None), Holding.valid_to >= since),
    )
    for former in db.scalars(query):
        former.valid_to = since - timedelta(days=1)


def _check_overlap(db: Db, post: Post, holding: Holding) -> None:
    """Two at once hold one post only by mistake: somebody begins within the days of this term."""
    query = select(Holding).where(
        Holding.post_id == post.id,
        Holding.id != holding.id,
        or_(Holding.valid_to.is_(None), Holding.valid_to >= holding.valid_from),
    )
    if holding.valid_to is not None:
        query = query.where(Holding.valid_from <= holding.valid_to)
    other = db.scalars(query.order_by(Holding.valid_from)).first()
    if other is not None:
        raise BadInput("people.held-by-another", place="since", name=other.person.name, post=post.title)

"""The coming sittings of a unit that ends are held by its heir, and whoever was told of them is told once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import or_, select, update

from scheduler.actions.change_history import Order
from scheduler.actions.changes import hand_over
from scheduler.actions.feeds import raise_versions
from scheduler.actions.ledger import record_each
from scheduler.actions.letters import Recipient, queue_letter
from scheduler.actions.succession_units import Moves
from scheduler.actions.succession_ways import place_for, posts_for, unit_for
from scheduler.database import Db
from scheduler.language import say
from scheduler.language.dates import short_date, span_words, table_date
from scheduler.models import Consent, Occurrence, OccurrenceHost, Proposal, Unit
from scheduler.queries.agenda import WHOLE, host_titles, shown_day
from scheduler.queries.approved import content_of
from scheduler.queries.audience import Listener, audience_of
from scheduler.queries.consents import agreements_of
from scheduler.rules.publication import fingerprint
from scheduler.rules.workflow import BEFORE_PUBLIC

NAMED = 10
"""Sittings a letter names one by one; of the others it says how many there are."""
OPEN = ("published", "postponed")


@dataclass
class Told:
    """Who is told of what: by e-mail address the reader with the sittings, and by sitting all who were told of it."""

    letters: dict[str, tuple[Listener, list[Occurrence]]] = field(default_factory=dict)
    heard: dict[int, list[Listener]] = field(default_factory=dict)

    def add(self, row: Occurrence, listeners: Iterable[Listener]) -> None:
        """These are told of the sitting, each address once."""
        for listener in listeners:
            if listener.email:
                self.letters.setdefault(listener.email.lower(), (listener, []))[1].append(row)


def told_before(db: Db, moves: Moves) -> Told:
    """Whoever is told of the coming public sittings as long as the old units have their people."""
    told = Told()
    for row in _coming(db, moves):
        if row.state in OPEN:
            told.heard[row.id] = audience_of(db, row)
            told.add(row, told.heard[row.id])
    return told


def lead_sittings(db: Db, moves: Moves, schedules: dict[int, int], told: Told) -> list[Occurrence]:
    """Coming sittings go to the heir: drafts as drafts, public ones as a public change with the resolution as reason.

    Cancelled and past ones stay where they were. Those who are told of several get one letter about all, and so do
    those who were `told` before. Gives the public ones.
    """
    rows = _coming(db, moves)
    drafts = [row for row in rows if row.state in (*BEFORE_PUBLIC, "void")]
    public = [row for row in rows if row.state in OPEN]
    agreed = agreements_of(db, public)
    for row in drafts:
        _take_draft(db, moves, row, _schedule_of(row, moves, schedules))
    raised = [(row.unit_id, f"occurrence:{row.id}") for row in drafts if row.state != "void"]
    record_each(db, "occurrence.hand-over", raised, by=moves.doer, now=moves.now)
    for row in public:
        _take_public(db, moves, row, _schedule_of(row, moves, schedules))
        told.add(row, audience_of(db, row))
    db.flush()
    _agree_on(db, moves, public, agreed)
    raise_versions(db, [row.id for row in rows], now=moves.now)
    _lead_proposals(db, moves, rows)
    _write_letters(db, moves, told)
    return public


def _coming(db: Db, moves: Moves) -> list[Occurrence]:
    coming = select(Occurrence).where(
        Occurrence.unit_id.in_(moves.olds),
        or_(
            Occurrence.state.in_((*BEFORE_PUBLIC, "void", "published")) & (shown_day >= moves.decision.day),
            Occurrence.state == "postponed",
        ),
    )
    return list(db.scalars(coming.options(*WHOLE).order_by(shown_day, Occurrence.id)).unique())


def _schedule_of(row: Occurrence, moves: Moves, schedules: dict[int, int]) -> int | None:
    if row.schedule_id is None or row.planned_day < moves.decision.day:
        return row.schedule_id
    return schedules.get(row.schedule_id, row.schedule_id)


def _share_of(row: Occurrence, moves: Moves) -> int:
    """A sitting goes where its series goes."""
    return moves.decision.share_of(f"series-{row.schedule_id}")


def _take_draft(db: Db, moves: Moves, row: Occurrence, schedule_id: int | None) -> None:
    share = _share_of(row, moves)
    heir = unit_for(db, moves, row.unit_id, share)
    if row.state != "void":
        moves.moved("drafts", called(row), heir.name)
    _lead_place(db, moves, row, share)
    row.unit, row.unit_id, row.schedule_id = heir, heir.id, schedule_id
    there = {host.post_id: host for host in row.hosts}
    posts = list(dict.fromkeys(posts_for(db, moves, there, share).values()))
    row.hosts = [there.get(post) or OccurrenceHost(post_id=post, position=0, starts_at=row.starts_at) for post in posts]
    for position, host in enumerate(row.hosts):
        host.position = position
    if row.state != "void":  # other heads are other content: an approval lapses
        row.state = "draft"
        row.submitted_by_id = row.approved_by_id = row.paper_id = None
        row.approved_at = row.approved_content = None
    row.content_changed_at = moves.now


def _take_public(db: Db, moves: Moves, row: Occurrence, schedule_id: int | None) -> None:
    share = _share_of(row, moves)
    heir = unit_for(db, moves, row.unit_id, share)
    moves.moved("published", called(row), heir.name)
    _lead_place(db, moves, row, share)
    db.flush()
    heads = [host.post_id for host in row.hosts] + ([row.chair_post_id] if row.chair_post_id else [])
    posts = posts_for(db, moves, heads, share)
    order = Order(row.version, reason_of(moves), moves.doer, moves.now, notice_number=moves.decision.number)
    hand_over(db, row.slug, order, unit_id=heir.id, posts=posts, schedule_id=schedule_id)
    db.flush()


def _lead_place(db: Db, moves: Moves, row: Occurrence, share: int) -> None:
    if row.place_id is not None:
        row.place_id = place_for(db, moves, row.place_id, share)


def _agree_on(db: Db, moves: Moves, public: list[Occurrence], agreed: Iterable[Consent]) -> None:
    """What another office had agreed to it, or who follows it, agrees to as before; what waited goes on waiting."""
    given: dict[int, list[Consent]] = {}
    for one in agreed:
        given.setdefault(one.occurrence_id, []).append(one)
    for row in public:
        share, mark = _share_of(row, moves), fingerprint(content_of(row))
        for one in given.get(row.id, ()):
            office = unit_for(db, moves, one.unit_id, share).id if one.unit_id in moves.olds else one.unit_id
            db.add(
                Consent(
                    occurrence_id=row.id, unit_id=office, content=mark, sequence=row.sequence, by=one.by,
                    by_id=one.by_id, at=one.at, paper=one.paper,
                )
            )  # fmt: skip
            moves.moved("consents", called(row), db.get_one(Unit, office).name)
    db.flush()


def reason_of(moves: Moves) -> str:
    """The public reason of what follows, in Vietnamese like every reason."""
    decision = moves.decision
    return say("vi", "succession.reason", number=decision.number.strip(), day=table_date(decision.signed_on))


def called(row: Occurrence) -> str:
    """A sitting by its day and its heads."""
    day: date = row.day or row.planned_day
    return f"{day:%d/%m/%Y} {', '.join(host_titles(row))}"


def _lead_proposals(db: Db, moves: Moves, rows: Iterable[Occurrence]) -> None:
    by_unit: dict[int, list[int]] = {}
    for row in rows:
        by_unit.setdefault(row.unit_id, []).append(row.id)
    mine = update(Proposal).where(Proposal.unit_id.in_(moves.olds), Proposal.state == "open")
    for unit_id, ids in by_unit.items():
        for start in range(0, len(ids), 500):
            db.execute(mine.where(Proposal.occurrence_id.in_(ids[start : start + 500])).values(unit_id=unit_id))


def _write_letters(db: Db, moves: Moves, told: Told) -> None:
    first = moves.olds[next(iter(moves.olds))]
    for listener, rows in told.letters.values():
        sittings = list(dict.fromkeys(rows))
        heir = next((row.unit for row in sittings if row.unit_id not in moves.olds), None)
        heir = heir or moves.heirs[sittings[0].unit_id]
        facts = {
            "unit": first.name if len(moves.decision.others) == 0 else _olds_of(moves, sittings),
            "heir": heir.name,
            "first_day": moves.decision.day.isoformat(),
            "number": moves.decision.number.strip(),
            "signed_day": moves.decision.signed_on.isoformat(),
            "lines": _lines(sittings, listener.language),
            "url": f"/units/{heir.code}",
            "why_you": listener.role,
        }
        queue_letter(
            db,
            "new-office",
            Recipient(listener.email, listener.name, listener.language),
            facts,
            key=f"new-office:{first.id}:{moves.decision.day}",
            due_at=moves.now,
            now=moves.now,
            unit_id=heir.id,
        )
        moves.moved("letters", listener.name or listener.email, listener.email)


def _olds_of(moves: Moves, sittings: Iterable[Occurrence]) -> str:
    names = dict.fromkeys(str(row.changes[-1].before["unit"][1]) for row in sittings)
    return ", ".join(names)


def _lines(sittings: list[Occurrence], language: str) -> list[str]:
    said = [_line(row, language) for row in sittings[:NAMED]]
    more = len(sittings) - NAMED
    return [*said, say(language, "letters.new-office-more", n=more)] if more > 0 else said


def _line(row: Occurrence, language: str) -> str:
    facts: dict[str, Any] = {"who": ", ".join(host_titles(row)), "place": row.place}
    if row.day is None:
        return say(language, "letters.new-office-open", **facts)
    hours = span_words(language, row.hours)
    if row.state == "cancelled":
        return say(language, "letters.new-office-cancelled", day=short_date(language, row.day), hours=hours, **facts)
    return say(language, "letters.new-office-line", day=short_date(language, row.day), hours=hours, **facts)

"""The plans and coming sittings of a unit that ends go on at its heir, and whoever was told of them is told once."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from scheduler.actions.change_history import Order
from scheduler.actions.changes import hand_over
from scheduler.actions.feeds import raise_versions
from scheduler.actions.ledger import record, record_each
from scheduler.actions.letters import Recipient, queue_letter
from scheduler.actions.schedules import create_schedule
from scheduler.actions.succession_units import Moves
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.language import say
from scheduler.language.dates import short_date, span_words, table_date
from scheduler.models import Occurrence, OccurrenceHost, Post, Proposal, Schedule
from scheduler.queries.agenda import WHOLE, host_titles, shown_day, titled
from scheduler.queries.audience import Listener, audience_of
from scheduler.queries.days import working_calendar
from scheduler.queries.planned import host_names, patterns_of, planned_values
from scheduler.queries.schedules import WHOLE as WHOLE_SCHEDULE
from scheduler.queries.units import find_post
from scheduler.rules.schedules import days_from_plain
from scheduler.rules.succession import series_after, series_before
from scheduler.rules.workflow import BEFORE_PUBLIC

NAMED = 10
"""Sittings a letter names one by one; of the others it says how many there are."""
OPEN = ("published", "postponed")
Told = dict[str, tuple[Listener, list[Occurrence]]]


def lead_schedules(db: Db, moves: Moves) -> dict[int, int]:
    """End each series with the old order and begin its like at the heir; gives the new ids by the old ones.

    Rows that were planned already are taken over as they are (`lead_sittings`), none is planned a second time.
    """
    led: dict[int, int] = {}
    query = select(Schedule).where(
        Schedule.unit_id.in_(moves.olds),
        Schedule.ended_on.is_(None),
        or_(Schedule.until.is_(None), Schedule.until >= moves.decision.day),
    )
    for schedule in list(db.scalars(query.options(*WHOLE_SCHEDULE).order_by(Schedule.id))):
        after = _begin_like(db, moves, schedule)
        led[schedule.id] = after.id
        _end_old(db, moves, schedule)
        moves.moved("schedules", f"{', '.join(host_names(schedule.series))} ({schedule.key})", after.unit.name)
    return led


def _begin_like(db: Db, moves: Moves, schedule: Schedule) -> Schedule:
    heir = moves.heirs[schedule.unit_id]
    day = moves.decision.day
    last = max(schedule.planned_until or day, day) + timedelta(days=400)
    pattern = patterns_of(db, [schedule])[schedule.id]
    planned = planned_values(pattern, working_calendar(db), last=last)
    names = _names(db, moves, schedule)
    series = series_after(schedule.series, day, planned, names=names) | {"key": _free_key(db, moves, schedule)}
    after = create_schedule(
        db,
        heir.id,
        series,
        days_off=days_from_plain(schedule.days_off),
        imported=schedule.imported is not None,
        by=moves.doer,
        now=moves.now,
    )
    after.drafted_by_id, after.planned_until = schedule.drafted_by_id, schedule.planned_until
    db.flush()
    return after


def _names(db: Db, moves: Moves, schedule: Schedule) -> dict[str, str]:
    """How the series calls its hosts at the heir: by their titles, or by code where a title could mean two."""
    heir, called = moves.heirs[schedule.unit_id], {}
    for name, host in zip(host_names(schedule.series), schedule.hosts, strict=True):
        post = db.get_one(Post, moves.posts.get(host.post_id, host.post_id))
        said = titled(post)
        called[name] = said if find_post(db, heir, said) is post else post.code
    return called


def _free_key(db: Db, moves: Moves, schedule: Schedule) -> str:
    taken = set(db.scalars(select(Schedule.key).where(Schedule.unit_id == moves.heirs[schedule.unit_id].id)))
    old = f"{schedule.key}-{moves.olds[schedule.unit_id].code}"
    return schedule.key if schedule.key not in taken else old


def _end_old(db: Db, moves: Moves, schedule: Schedule) -> None:
    last = moves.decision.last_day
    if schedule.starts > last:
        schedule.ended_on = local_date(moves.now)
    else:
        schedule.series = series_before(schedule.series, last)
        schedule.until = last
        schedule.planned_until = min(schedule.planned_until, last) if schedule.planned_until else None
    subject = f"schedule:{schedule.id}"
    record(
        db, "schedule.ended", by=moves.doer, now=moves.now, unit_id=schedule.unit_id, subject=subject,
        key=schedule.key, until=last.isoformat(),
    )  # fmt: skip


def told_before(db: Db, moves: Moves) -> Told:
    """Whoever is told of the coming public sittings as long as the old units have their people."""
    told: Told = {}
    for row in _coming(db, moves):
        if row.state in OPEN:
            _add(told, row, audience_of(db, row))
    return told


def lead_sittings(db: Db, moves: Moves, schedules: dict[int, int], told: Told) -> None:
    """Coming sittings go to the heir: drafts as drafts, public ones as a public change with the resolution as reason.

    Cancelled and past ones stay where they were. Those who are told of several get one letter about all, and so do
    those who were `told` before.
    """
    rows = _coming(db, moves)
    drafts = [row for row in rows if row.state in (*BEFORE_PUBLIC, "void")]
    public = [row for row in rows if row.state in OPEN]
    for row in drafts:
        _take_draft(moves, row, _schedule_of(row, moves, schedules))
    raised = [(row.unit_id, f"occurrence:{row.id}") for row in drafts if row.state != "void"]
    record_each(db, "occurrence.hand-over", raised, by=moves.doer, now=moves.now)
    for row in public:
        _take_public(db, moves, row, _schedule_of(row, moves, schedules))
        _add(told, row, audience_of(db, row))
    db.flush()
    ids = [row.id for row in rows]
    raise_versions(db, ids, now=moves.now)
    _lead_proposals(db, moves, ids)
    _write_letters(db, moves, told)


def _coming(db: Db, moves: Moves) -> list[Occurrence]:
    coming = select(Occurrence).where(
        Occurrence.unit_id.in_(moves.olds),
        or_(
            Occurrence.state.in_((*BEFORE_PUBLIC, "void", "published")) & (shown_day >= moves.decision.day),
            Occurrence.state == "postponed",
        ),
    )
    return list(db.scalars(coming.options(*WHOLE).order_by(shown_day, Occurrence.id)).unique())


def _add(told: Told, row: Occurrence, listeners: Iterable[Listener]) -> None:
    for listener in listeners:
        if listener.email:
            told.setdefault(listener.email.lower(), (listener, []))[1].append(row)


def _schedule_of(row: Occurrence, moves: Moves, schedules: dict[int, int]) -> int | None:
    if row.schedule_id is None or row.planned_day < moves.decision.day:
        return row.schedule_id
    return schedules.get(row.schedule_id, row.schedule_id)


def _take_draft(moves: Moves, row: Occurrence, schedule_id: int | None) -> None:
    heir = moves.heirs[row.unit_id]
    if row.state != "void":
        moves.moved("drafts", _called(row), heir.name)
    row.unit, row.unit_id, row.schedule_id = heir, heir.id, schedule_id
    _lead_place(moves, row)
    there = {host.post_id: host for host in row.hosts}
    posts = list(dict.fromkeys(moves.posts.get(post, post) for post in there))
    row.hosts = [there.get(post) or OccurrenceHost(post_id=post, position=0, starts_at=row.starts_at) for post in posts]
    for position, host in enumerate(row.hosts):
        host.position = position
    if row.state != "void":  # other heads are other content: an approval lapses
        row.state = "draft"
        row.submitted_by_id = row.approved_by_id = row.paper_id = None
        row.approved_at = row.approved_content = None
    row.content_changed_at = moves.now


def _take_public(db: Db, moves: Moves, row: Occurrence, schedule_id: int | None) -> None:
    heir = moves.heirs[row.unit_id]
    moves.moved("published", _called(row), heir.name)
    _lead_place(moves, row)
    db.flush()
    order = Order(row.version, reason_of(moves), moves.doer, moves.now, notice_number=moves.decision.number)
    hand_over(db, row.slug, order, unit_id=heir.id, posts=moves.posts, schedule_id=schedule_id)
    db.flush()


def _lead_place(moves: Moves, row: Occurrence) -> None:
    if row.place_id is not None:
        row.place_id = moves.places.get(row.place_id, row.place_id)


def reason_of(moves: Moves) -> str:
    """The public reason of what follows, in Vietnamese like every reason."""
    decision = moves.decision
    return say("vi", "succession.reason", number=decision.number.strip(), day=table_date(decision.signed_on))


def _called(row: Occurrence) -> str:
    day: date = row.day or row.planned_day
    return f"{day:%d/%m/%Y} {', '.join(host_titles(row))}"


def _lead_proposals(db: Db, moves: Moves, ids: list[int]) -> None:
    for old, heir in moves.heirs.items():
        mine = update(Proposal).where(Proposal.unit_id == old, Proposal.state == "open")
        for start in range(0, len(ids), 500):
            db.execute(mine.where(Proposal.occurrence_id.in_(ids[start : start + 500])).values(unit_id=heir.id))


def _write_letters(db: Db, moves: Moves, told: Told) -> None:
    first = moves.olds[next(iter(moves.olds))]
    for listener, rows in told.values():
        sittings = list(dict.fromkeys(rows))
        heir = sittings[0].unit
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
    return say(language, "letters.new-office-line", day=short_date(language, row.day), hours=hours, **facts)

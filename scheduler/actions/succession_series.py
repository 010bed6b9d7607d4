"""The series of a unit that ends: those that go on at its heir, and those that end on the day: it has its own."""

from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select

from scheduler.actions.change_history import Order
from scheduler.actions.change_letters import list_by_hand
from scheduler.actions.changes import cancel_occurrence
from scheduler.actions.ledger import record
from scheduler.actions.replanning import remove_draft
from scheduler.actions.schedules import create_schedule
from scheduler.actions.succession_sittings import OPEN, Told, called, reason_of
from scheduler.actions.succession_units import Moves, Question
from scheduler.actions.succession_ways import posts_for, unit_for
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.models import Occurrence, Post, Schedule, ScheduleHost, Unit
from scheduler.queries.agenda import WHOLE, titled
from scheduler.queries.audience import audience_of, told_of_change
from scheduler.queries.days import working_calendar
from scheduler.queries.planned import host_names, patterns_of, planned_values
from scheduler.queries.schedules import WHOLE as WHOLE_SCHEDULE
from scheduler.queries.units import find_post
from scheduler.rules.schedules import days_from_plain
from scheduler.rules.succession import ANSWERS, series_after, series_before
from scheduler.rules.workflow import BEFORE_PUBLIC


def lead_schedules(db: Db, moves: Moves, told: Told) -> dict[int, int]:
    """End each series with the old order and begin its like at the heir; gives the new ids by the old ones.

    Rows that were planned already are taken over as they are (`lead_sittings`), none is planned a second time. Where
    the new head would have two series of a kind, those end that the decision says.
    """
    led: dict[int, int] = {}
    old = _running(db, moves, Schedule.unit_id.in_(moves.olds))
    answers = _ask_which_go_on(db, moves, old)
    for schedule in old:
        share = moves.ask_share("series", f"series-{schedule.id}", _called(schedule))
        if answers.get(schedule.id, "on") == "on":
            after = _begin_like(db, moves, schedule, share)
            led[schedule.id] = after.id
            moves.moved("schedules", _called(schedule), after.unit.name)
    for schedule, answer in [(db.get_one(Schedule, number), answer) for number, answer in answers.items()]:
        if answer != "on":
            moves.moved("ended", _called(schedule), "")
            _let_go(db, moves, schedule, told, cancelled=answer == "end")
            if schedule.unit_id not in moves.olds:
                _end_old(db, moves, schedule)
    for schedule in old:
        _end_old(db, moves, schedule)
    return led


def _running(db: Db, moves: Moves, *which: Any) -> list[Schedule]:
    query = select(Schedule).where(
        *which,
        Schedule.ended_on.is_(None),
        or_(Schedule.until.is_(None), Schedule.until >= moves.decision.day),
    )
    return list(db.scalars(query.options(*WHOLE_SCHEDULE).order_by(Schedule.id)).unique())


def _called(schedule: Schedule) -> str:
    return f"{', '.join(titled(host.post) for host in schedule.hosts)} ({schedule.key})"


def _ask_which_go_on(db: Db, moves: Moves, old: list[Schedule]) -> dict[int, str]:
    """Of the series that meet at one new head: which go on, by their ids. The heir's does unless told otherwise.

    Where no heir has one yet, that of the unit named first goes on.
    """
    if moves.decision.kind == "divide":
        return {}
    hosted = select(ScheduleHost.schedule_id).where(ScheduleHost.post_id.in_(tuple(moves.posts.values())))
    standing = _running(db, moves, Schedule.id.in_(hosted), Schedule.unit_id.not_in(moves.olds))
    order = {unit: place for place, unit in enumerate(moves.olds)}
    answers: dict[int, str] = {}
    taken: dict[tuple[str, int], int] = {}
    series = [*standing, *sorted(old, key=lambda one: (order[one.unit_id], one.id))]
    heads = {one.id: {(one.kind, moves.posts.get(host.post_id, host.post_id)) for host in one.hosts} for one in series}
    for one in series:
        if any(_meet(one, other, heads) for other in series):
            proposed = "end" if any(taken.get(head, one.unit_id) != one.unit_id for head in heads[one.id]) else "on"
            answers[one.id] = moves.decision.answers.get(f"series-{one.id}", proposed)
            _ask(moves, one, answers[one.id])
        for head in heads[one.id]:
            taken.setdefault(head, one.unit_id)
    return answers


def _meet(one: Schedule, other: Schedule, heads: dict[int, set[tuple[str, int]]]) -> bool:
    return one.unit_id != other.unit_id and not heads[one.id].isdisjoint(heads[other.id])


def _ask(moves: Moves, schedule: Schedule, chosen: str) -> None:
    options = tuple((answer, "") for answer in ANSWERS)
    moves.questions.append(Question("which", f"series-{schedule.id}", _called(schedule), options, chosen))


def _let_go(db: Db, moves: Moves, schedule: Schedule, told: Told, *, cancelled: bool) -> None:
    """What was planned of a series from the day on: drafts go, public sittings are cancelled or stand alone.

    One whose day has passed is never cancelled: a resolution may say its day afterwards.
    """
    day, today = moves.decision.day, local_date(moves.now)
    rows = select(Occurrence).where(Occurrence.schedule_id == schedule.id, Occurrence.planned_day >= day)
    for row in list(db.scalars(rows.options(*WHOLE).order_by(Occurrence.planned_day)).unique()):
        if row.state in (*BEFORE_PUBLIC, "void"):
            if row.state != "void":
                moves.moved("dropped", called(row))
            remove_draft(db, row)
        elif row.state in OPEN and cancelled and (row.day or row.planned_day) >= max(day, today):
            _cancel(db, moves, row, told)
        elif row.state in OPEN:
            row.schedule_id = None
    db.flush()


def _cancel(db: Db, moves: Moves, row: Occurrence, told: Told) -> None:
    # Its own posts are empty by now where the unit ends: who was told before is all there is to tell.
    hears = told_of_change(told.heard.get(row.id) or audience_of(db, row), ())
    order = Order(row.version, reason_of(moves), moves.doer, moves.now, notice_number=moves.decision.number)
    change = cancel_occurrence(db, row.slug, order, told=False)
    moves.moved("cancelled", called(row))
    list_by_hand(db, row, change, hears, now=moves.now)
    told.add(row, hears.letters)


def _begin_like(db: Db, moves: Moves, schedule: Schedule, share: int) -> Schedule:
    heir = unit_for(db, moves, schedule.unit_id, share)
    day = moves.decision.day
    last = max(schedule.planned_until or day, day) + timedelta(days=400)
    pattern = patterns_of(db, [schedule])[schedule.id]
    planned = planned_values(pattern, working_calendar(db), last=last)
    names = _names(db, moves, schedule, heir=heir, share=share)
    key = _free_key(db, schedule, heir, moves.olds[schedule.unit_id])
    series = series_after(schedule.series, day, planned, names=names) | {"key": key}
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


def _names(db: Db, moves: Moves, schedule: Schedule, *, heir: Unit, share: int) -> dict[str, str]:
    """How the series calls its hosts at the heir: by their titles, or by code where a title could mean two."""
    led, names = posts_for(db, moves, [host.post_id for host in schedule.hosts], share), {}
    for name, host in zip(host_names(schedule.series), schedule.hosts, strict=True):
        post = db.get_one(Post, led[host.post_id])
        said = titled(post)
        names[name] = said if find_post(db, heir, said) is post else post.code
    return names


def _free_key(db: Db, schedule: Schedule, heir: Unit, old: Unit) -> str:
    taken = set(db.scalars(select(Schedule.key).where(Schedule.unit_id == heir.id)))
    return schedule.key if schedule.key not in taken else f"{schedule.key}-{old.code}"


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

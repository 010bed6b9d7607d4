"""The deeds of the demonstration's clerks: planning and publishing, changing, recording, concluding, closing tasks."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from scheduler.actions.change_history import Order
from scheduler.actions.changes import cancel_occurrence, change_chair, move_occurrence
from scheduler.actions.conclusions import ConclusionGiven, ItemGiven, record_conclusion
from scheduler.actions.notices import add_posting
from scheduler.actions.occurrences import approve_occurrences, submit_occurrences
from scheduler.actions.publication import NoticeHead, publish_occurrences
from scheduler.actions.records import Sheet, TurnGiven, record_sitting
from scheduler.actions.schedules import create_schedule, extend_schedule
from scheduler.clock import at_local, local_date
from scheduler.demonstration.invented import CANCEL_REASONS, ITEMS, MOVE_REASONS, invented_name
from scheduler.demonstration.offices import Office
from scheduler.demonstration.story import Story
from scheduler.demonstration.tasks import follow_task
from scheduler.models import Conclusion, Occurrence
from scheduler.rules.counting import CONFERENCES, Counts
from scheduler.rules.working_days import Calendar

MOVED, CANCELLED, STOOD_IN = 0.035, 0.015, 0.02
"""How often a sitting is changed: a few in a hundred, as in life."""
NOBODY_CAME = 0.5
FORGOTTEN = 0.08
"""How often a record or conclusion of the last days is still missing."""


def plan_year(story: Story, office: Office, series: list[dict[str, object]], now: datetime, *, until: date) -> None:
    """Draft the year, submit it, have it approved and published, and hang the notice on both boards."""
    ids: list[int] = []
    for one in series:
        schedule = create_schedule(story.db, office.unit.id, one, by=office.clerk, now=now)
        extend_schedule(story.db, schedule.id, until=until, domain=story.feed_domain, by=office.clerk, now=now)
        rows = select(Occurrence.id).where(Occurrence.schedule_id == schedule.id, Occurrence.state == "draft")
        ids += story.db.scalars(rows)
    one_hour, one_day = timedelta(hours=1), timedelta(days=1)

    def approve(story: Story, moment: datetime) -> None:
        approve_occurrences(story.db, ids, by=office.approver, now=moment)

    def publish(story: Story, moment: datetime) -> None:
        number = notice_number(office, story.chance.randrange(3, 60))
        head = NoticeHead(number, local_date(moment), invented_name(story.chance))
        [notice] = publish_occurrences(story.db, ids, head=head, by=office.clerk, now=moment)
        for where in ("office", "reception_place"):
            add_posting(
                story.db, notice.id, where, posted_at=moment, who=office.clerk.name, by=office.clerk, now=moment
            )
        for occurrence_id, day in _days(story, ids):
            _foresee(story, office, occurrence_id, day)

    submit_occurrences(story.db, ids, by=office.clerk, now=now)
    story.at(now + one_day, approve)
    story.at(now + one_day + one_hour, publish)


def notice_number(office: Office, number: int) -> str:
    """As the body writes it: 05/TB-UBND, of a party committee 05-TB/ĐU."""
    return f"{number:02}-TB/ĐU" if office.unit.kind == "party_committee" else f"{number:02}/TB-UBND"


def _days(story: Story, ids: list[int]) -> list[tuple[int, date]]:
    rows = story.db.execute(select(Occurrence.id, Occurrence.day).where(Occurrence.id.in_(ids)).order_by(Occurrence.id))
    return [(row.id, row.day) for row in rows if row.day]


def _foresee(story: Story, office: Office, occurrence_id: int, day: date) -> None:
    """Chance decides what will become of a sitting; the change is made some working days before."""
    dice = story.chance.random()
    ahead = story.calendar.add_working_days(day, -story.chance.choice((3, 4, 6)))
    moment = at_local(ahead, "16:20")
    if dice < MOVED:
        story.at(moment, lambda story, now: _move(story, office, occurrence_id, now))
    elif dice < MOVED + CANCELLED:
        story.at(moment, lambda story, now: _cancel(story, office, occurrence_id, now))
    elif dice < MOVED + CANCELLED + STOOD_IN and office.deputy_id is not None:
        story.at(moment, lambda story, now: _stand_in(story, office, occurrence_id, now))
    story.at(at_local(day, "16:45"), lambda story, now: _hold(story, office, occurrence_id, now))


def _order(story: Story, office: Office, one: Occurrence, reasons: tuple[str, ...], *, now: datetime) -> Order:
    return Order(one.version, story.chance.choice(reasons), office.clerk, now)


def _move(story: Story, office: Office, occurrence_id: int, now: datetime) -> None:
    one = story.db.get_one(Occurrence, occurrence_id)
    assert one.day is not None
    to = _nearby(story.calendar, one.day, story.chance.choice((-1, 1, 2, 3)), local_date(now))
    move_occurrence(story.db, one.slug, _order(story, office, one, MOVE_REASONS, now=now), day=to)
    story.at(at_local(to, "16:50"), lambda story, later: _hold(story, office, occurrence_id, later))


def _nearby(calendar: Calendar, day: date, steps: int, today: date) -> date:
    found = calendar.add_working_days(day, steps)
    return found if found > today else calendar.add_working_days(day, 2)


def _cancel(story: Story, office: Office, occurrence_id: int, now: datetime) -> None:
    one = story.db.get_one(Occurrence, occurrence_id)
    cancel_occurrence(story.db, one.slug, _order(story, office, one, CANCEL_REASONS, now=now))


def _stand_in(story: Story, office: Office, occurrence_id: int, now: datetime) -> None:
    one = story.db.get_one(Occurrence, occurrence_id)
    order = _order(story, office, one, MOVE_REASONS, now=now)
    change_chair(story.db, one.slug, order, name=invented_name(story.chance), post_id=office.deputy_id)


def _hold(story: Story, office: Office, occurrence_id: int, now: datetime) -> None:
    """The sitting took place and its record is written, unless it was moved away, cancelled, or just forgotten."""
    one = story.db.get_one(Occurrence, occurrence_id)
    recent = story.until - now < timedelta(days=6)
    if one.state != "published" or one.day != local_date(now) or (recent and story.chance.random() < FORGOTTEN):
        return
    nobody = story.chance.random() < NOBODY_CAME and one.kind not in CONFERENCES and not office.shown
    start, end = one.hours[0][:5], one.hours[-1][6:]
    turn = TurnGiven(office.post.id, start, end)
    if one.chair_stands_in:
        turn = replace(turn, stands_in=True, name=one.chair_name, post_id=one.chair_post_id)
    sheet = Sheet((turn,), _counts(story, one.kind, nobody=nobody), nobody_came=nobody)
    record_sitting(story.db, one.slug, one.version, sheet, by=office.clerk, now=now)
    if not nobody:
        later = story.calendar.add_working_days(local_date(now), story.chance.choice((1, 1, 2)))
        story.at(at_local(later, "10:15"), lambda story, at: _conclude(story, office, occurrence_id, at))


def _counts(story: Story, kind: str, *, nobody: bool) -> Counts:
    if nobody:
        return Counts()
    if kind in CONFERENCES:
        opinions = story.chance.randrange(8, 30)
        return Counts(
            attendances=story.chance.randrange(80, 240),
            opinions=opinions,
            answered_on_the_spot=opinions - opinions // 5,
        )
    visits = story.chance.randrange(1, 9)
    grouped = story.chance.random() < 0.1
    group = story.chance.randrange(5, 14) if grouped else 0
    return Counts(visits, visits + story.chance.randrange(0, 3) + group, int(grouped), group)


def _conclude(story: Story, office: Office, occurrence_id: int, now: datetime) -> None:
    if story.until - now < timedelta(days=6) and story.chance.random() < FORGOTTEN * 2:
        return
    one = story.db.get_one(Occurrence, occurrence_id)
    number = notice_number(office, story.chance.randrange(60, 300))
    signed_on, signer = local_date(now), invented_name(story.chance)
    if story.chance.random() < 0.6 and not office.shown:
        given = ConclusionGiven(number, signed_on, signer, nothing_to_do=True)
    else:
        items = tuple(
            ItemGiven(text, _carrier(story, office), story.chance.choice((5, 10, 10, 15)))
            for text in story.chance.sample(ITEMS, story.chance.choice((1, 1, 2)))
        )
        given = ConclusionGiven(number, signed_on, signer, items)
    made = record_conclusion(story.db, one.slug, one.version, given, by=office.clerk, now=now)
    _follow(story, office, made, now)


def _carrier(story: Story, office: Office) -> int:
    """The unit in charge; in the shown ward always the one whose officer a newcomer can be."""
    return (office.carriers[0] if office.shown else story.chance.choice(office.carriers)).id


def _follow(story: Story, office: Office, made: Conclusion, now: datetime) -> None:
    for item in made.items:
        follow_task(story, office, item.id, item.due_day, now=now)

"""`demo load`: some months of Hà Nội, into an empty database; none of its letters ever leaves."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import func, select

from scheduler.actions.adhoc import AdhocSitting, plan_adhoc
from scheduler.actions.days import seed_days
from scheduler.actions.occurrences import approve_occurrences, submit_occurrences
from scheduler.actions.sent_reports import note_sent_report
from scheduler.clock import at_local, local_date
from scheduler.database import Db
from scheduler.demonstration.deeds import plan_year
from scheduler.demonstration.examples import leave_examples, suspend_once
from scheduler.demonstration.offices import CITY, SHOWN, Office, set_up
from scheduler.demonstration.plans import ATTEND, chairman_series, city_series, secretary_series
from scheduler.demonstration.registrations import register_some
from scheduler.demonstration.story import Story
from scheduler.errors import RuleBroken
from scheduler.models import Base, Letter, Occurrence, Task, Unit
from scheduler.rules.report_periods import periods_ended

SEED = 2026
FORGOTTEN = 0.03
"""Share of the quarterly reports that were not sent."""
FORGETFUL = 15
"""One in so many offices: its plan does not say who stands in."""
HISTORY = timedelta(days=40)
"""At least so much has happened already; the plan's year begins on the first of that month."""


@dataclass(frozen=True)
class Loaded:
    """What the demonstration holds now."""

    units: int
    occurrences: int
    tasks: int
    letters: int


def is_empty(db: Db) -> bool:
    """Whether nothing is there that the demonstration could mix with."""
    return _count(db, Unit) == 0


def _count(db: Db, table: type[Base]) -> int:
    return db.scalar(select(func.count()).select_from(table)) or 0


def load_demonstration(db: Db, *, feed_domain: str, now: datetime) -> Loaded:
    """Fill an empty database. Raises RuleBroken("demo.not-empty") for any other."""
    if not is_empty(db):
        raise RuleBroken("demo.not-empty")
    db.info["demonstration"] = True
    chance = Random(SEED)
    today = local_date(now)
    starts = (today - HISTORY).replace(day=1)
    until = starts.replace(year=starts.year + 1) - timedelta(days=1)
    beginning = at_local(starts - timedelta(days=24), "08:30")
    seed_days(db, beginning)
    offices = set_up(db, chance, since=starts, now=beginning)
    story = Story.begin(db, until=now, chance=chance, feed_domain=feed_domain)
    for number, office in enumerate(offices):
        moment = beginning + timedelta(days=1, minutes=number)
        series = _series(office, starts, until, chance=chance, whole=not office.shown and number % FORGETFUL != 1)
        plan_year(story, office, series, moment, until=until)
    _reports_before(story, offices, starts, beginning + timedelta(days=2))
    suspend_once(story, offices, starts)
    story.every_morning(starts - timedelta(days=14))
    story.tell()
    _leave_work(story, offices, now)
    leave_examples(story, offices, now)
    register_some(story, offices, now)
    db.flush()
    return Loaded(
        *(db.scalar(select(func.count()).select_from(table)) or 0 for table in (Unit, Occurrence, Task, Letter))
    )


def _reports_before(story: Story, offices: list[Office], starts: date, now: datetime) -> None:
    """The quarterly reports of the year before the story begins; some offices forgot one."""
    periods = list(periods_ended(date(starts.year, 1, 1), starts - timedelta(days=1)))
    for office in (one for one in offices if one.unit.kind == "peoples_committee"):
        for number, period in enumerate(periods, 1):
            sent_on = period.last + timedelta(days=story.chance.randint(1, 6))
            if story.chance.random() < FORGOTTEN or sent_on > local_date(now):
                continue
            note_sent_report(
                story.db, office.unit.code.removesuffix("-ubnd"), period.key,
                sent_on=sent_on, number=f"{number * 7}/BC-UBND", by=office.clerk, now=now,
            )  # fmt: skip


def _series(
    office: Office, starts: date, until: date, *, chance: Random, whole: bool
) -> list[dict[str, object]]:  # fmt: skip
    if office.unit.code == f"{CITY}-ubnd":
        return city_series(office.place, starts, until)
    if office.unit.kind == "party_committee":
        return secretary_series(office.place, office.post.title, starts, until, chance=chance, whole=whole)
    # In the shown ward the departments go by their full names: they are units and get letters of their own.
    attend = tuple(unit.name for unit in office.carriers) if office.shown else ATTEND
    return chairman_series(office.place, starts, until, chance=chance, attend=attend)


def _leave_work(story: Story, offices: list[Office], now: datetime) -> None:
    """Something at each step for the newcomer's own office: a draft, one to approve, one to publish."""
    office = next(office for office in offices if office.unit.code == f"{SHOWN}-ubnd")
    made: list[Occurrence] = []
    for ahead, content in (
        (9, "Đối thoại về chỉnh trang tuyến phố, vỉa hè."),
        (12, "Đối thoại về phòng cháy chữa cháy nhà ở kết hợp kinh doanh."),
        (15, "Tiếp công dân đột xuất về thu hồi đất mở rộng ngõ."),
    ):
        day = story.calendar.add_working_days(local_date(now), ahead)
        urgent = content.startswith("Tiếp")
        sitting = AdhocSitting(
            (office.post.id,), day, ("14:00-16:30",), "Nhà văn hóa phường", content=content,
            kind="adhoc_reception" if urgent else "dialogue", ground="sharp_or_complex" if urgent else "",
        )  # fmt: skip
        made.append(
            plan_adhoc(
                story.db, office.unit.id, sitting, feed_domain=story.feed_domain, by=office.clerk,
                now=now - timedelta(days=1),
            )
        )  # fmt: skip
    first, second, _draft = (one.id for one in made)
    submit_occurrences(story.db, [first, second], by=office.clerk, now=now - timedelta(hours=20))
    approve_occurrences(story.db, [first], by=office.approver, now=now - timedelta(hours=2))

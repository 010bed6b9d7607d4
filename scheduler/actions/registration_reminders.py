"""Who registered is reminded the day before, once; not who registered after that, or heard of the sitting since."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import exists, or_, select, update

from scheduler.actions.registration_letters import News, tell_registrants
from scheduler.clock import at_local, local_date
from scheduler.database import Db
from scheduler.models import Letter, Occurrence, Queue, Registration
from scheduler.queries.agenda import WHOLE
from scheduler.queries.office_settings import OfficeSettings, office_settings
from scheduler.queries.registrations import registration_facts
from scheduler.rules.letters import ABOUT_SITTING
from scheduler.rules.reminders import awake

HOUR = "resident_reminder_hour"
"""The office's setting: when who registered is reminded on the day before."""
LATEST = timedelta(hours=1)
"""Nobody is reminded of a sitting that begins sooner."""
QUIETLY = {"synchronize_session": False}


def find_to_remind(db: Db, now: datetime) -> list[int]:
    """Sittings of tomorrow, or still of today, whose hour to remind has come and who registered was not reminded."""
    today = local_date(now)
    query = (
        select(Occurrence.id, Occurrence.unit_id, Occurrence.day)
        .join(Queue, Queue.occurrence_id == Occurrence.id)
        .where(
            Occurrence.day.between(today, today + timedelta(days=1)),
            Occurrence.state == "published",
            Occurrence.starts_at > now + LATEST,
            or_(Queue.reminded_on.is_(None), Queue.reminded_on != Occurrence.day),
        )
        .order_by(Occurrence.starts_at, Occurrence.id)
    )
    rows = db.execute(query).all()
    settings = office_settings(db) if rows else None
    return [row.id for row in rows if settings and _due(settings, row.unit_id, row.day) <= now]


def remind_registered(db: Db, occurrence_id: int, *, now: datetime) -> int:
    """Remind everyone who is registered; a second time nobody. Returns how many letters, messages and calls."""
    query = select(Occurrence).where(Occurrence.id == occurrence_id).options(*WHOLE)
    occurrence = db.scalars(query).unique().one()
    day, starts_at = occurrence.day, occurrence.starts_at
    if occurrence.state != "published" or day is None or starts_at is None:
        return 0
    due = _due(office_settings(db), occurrence.unit_id, day)
    if not due <= now < starts_at - LATEST:
        return 0
    mine = update(Queue).where(
        Queue.occurrence_id == occurrence_id, or_(Queue.reminded_on.is_(None), Queue.reminded_on != day)
    )
    noted = mine.values(reminded_on=day).returning(Queue.occurrence_id)
    if db.execute(noted, execution_options=QUIETLY).scalar_one_or_none() is None:
        return 0
    heard = exists().where(
        Letter.registration_id == Registration.id, Letter.kind.in_(ABOUT_SITTING), Letter.made_at >= due
    )
    coming = select(Registration).where(
        Registration.occurrence_id == occurrence_id,
        Registration.state == "booked",
        Registration.registered_at < due,
        ~heard,
    )
    news = [News(one, registration_facts(db, one)) for one in db.scalars(coming.order_by(Registration.ticket))]
    key = f"registration-reminder:{occurrence_id}:{day}"
    return tell_registrants(db, news, "registration-reminder", occurrence, key=key, now=now)


def _due(settings: OfficeSettings, unit_id: int, day: date) -> datetime:
    hour = time.fromisoformat(settings.value(HOUR, unit_id, day))
    return at_local(day - timedelta(days=1), awake(hour))

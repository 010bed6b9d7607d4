"""One living example of each thing a clerk meets seldom, in the shown ward: lent rights, a call to make, a span without
receptions, a neighbour's joint sitting, the head's other duties, a document."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from scheduler.actions.adhoc import AdhocSitting, plan_adhoc
from scheduler.actions.busy import save_week
from scheduler.actions.change_history import Order
from scheduler.actions.changes import change_hours
from scheduler.actions.delegations import Lent, delegate
from scheduler.actions.occurrences import approve_occurrences, submit_occurrences
from scheduler.actions.suspensions import suspend
from scheduler.clock import at_local, local_date
from scheduler.demonstration.offices import SHOWN, Office
from scheduler.demonstration.story import Story
from scheduler.documents.making import make_for_sitting
from scheduler.models import Occurrence
from scheduler.queries.busy import whose_of
from scheduler.rules.busy import BusySpan
from scheduler.rules.documents import Head
from scheduler.rules.permissions import DELEGABLE

NEIGHBOUR = "00073"
"""Phường Cửa Nam: it asks the shown ward to a dialogue about the street between them."""
SUSPENDED_DAYS = 2
LEAVE_AHEAD, LEAVE_LENGTH = timedelta(days=7), timedelta(days=4)


def suspend_once(story: Story, offices: list[Office], starts: date) -> None:
    """Two days of the past on which the shown committee received nobody, free of its own sittings."""
    office = _office(offices, f"{SHOWN}-ubnd")

    def stop(story: Story, now: datetime) -> None:
        held = set(story.db.scalars(select(Occurrence.day).where(Occurrence.unit_id == office.unit.id)))
        first = story.calendar.next_working(local_date(now))
        while held & {first, first + timedelta(days=1)} or not story.calendar.is_working(first + timedelta(days=1)):
            first = story.calendar.next_working(first)
        last = first + timedelta(days=SUSPENDED_DAYS - 1)
        reason = "Di chuyển Phòng tiếp công dân để sửa chữa, chống ngập"
        suspend(story.db, office.unit.id, first, last, reason=reason, by=office.clerk, now=now)

    story.at(at_local(starts + timedelta(days=9), "09:15"), stop)


def leave_examples(story: Story, offices: list[Office], now: datetime) -> None:
    """What is going on in the shown ward at the moment the newcomer opens it."""
    office, neighbour = _office(offices, f"{SHOWN}-ubnd"), _office(offices, f"{NEIGHBOUR}-ubnd")
    _lend(story, office, now - timedelta(hours=5))
    _ask_for_agreement(story, neighbour, office, now - timedelta(hours=26))
    _be_busy(story, office, now - timedelta(hours=4))
    coming = list(
        story.db.scalars(
            select(Occurrence)
            .where(
                Occurrence.unit_id == office.unit.id,
                Occurrence.state == "published",
                Occurrence.schedule_id.is_not(None),
                Occurrence.day >= story.calendar.add_working_days(local_date(now), 6),
            )
            .order_by(Occurrence.day)
            .limit(2)
        )
    )  # fmt: skip
    if coming:
        _call_somebody(story, office, coming[0], now - timedelta(hours=1))
        make_for_sitting(story.db, coming[-1], "invitation", Head(), by=office.clerk, now=now - timedelta(minutes=40))


def _office(offices: list[Office], code: str) -> Office:
    return next(office for office in offices if office.unit.code == code)


def _lend(story: Story, office: Office, now: datetime) -> None:
    """The approver goes on leave next week and lends his rights to the clerk."""
    first = story.calendar.next_working(local_date(now) + LEAVE_AHEAD)
    assert office.approver.account_id is not None
    assert office.clerk.account_id is not None
    place_id = office.unit.parent_id or office.unit.id
    lent = Lent(
        office.approver.account_id, office.clerk.account_id, place_id, DELEGABLE, first, first + LEAVE_LENGTH,
        "Nghỉ phép năm",
    )  # fmt: skip
    delegate(story.db, lent, by=office.approver, now=now)


def _ask_for_agreement(story: Story, neighbour: Office, office: Office, now: datetime) -> None:
    """The neighbour has approved a dialogue of both chairmen; it can be published once the shown ward agrees."""
    sitting = AdhocSitting(
        (neighbour.post.id, office.post.id), story.calendar.add_working_days(local_date(now), 13), ("14:00-16:30",),
        "Nhà văn hóa trung tâm", kind="dialogue", attend=("Ủy ban MTTQ Việt Nam",),
        content="Đối thoại với Nhân dân hai phường về trật tự, vệ sinh tuyến phố giáp ranh.",
    )  # fmt: skip
    made = plan_adhoc(
        story.db, neighbour.unit.id, sitting, feed_domain=story.feed_domain, by=neighbour.clerk, now=now
    )  # fmt: skip
    submit_occurrences(story.db, [made.id], by=neighbour.clerk, now=now + timedelta(hours=1))
    approve_occurrences(story.db, [made.id], by=neighbour.approver, now=now + timedelta(hours=2))


def _be_busy(story: Story, office: Office, now: datetime) -> None:
    """What the weekly schedule says of the chairman's next working day."""
    day = story.calendar.next_working(local_date(now))
    whose = next(one for one in whose_of(story.db, office.unit, day) if one.post_id == office.post.id)
    span = BusySpan(
        at_local(day, "14:00"),
        at_local(day, "16:00"),
        title="Họp giao ban Ủy ban nhân dân thành phố",
        place="Trụ sở UBND thành phố",
        attend=office.post.title,
    )
    save_week(story.db, whose, [span], [day], by=office.clerk, now=now)


def _call_somebody(story: Story, office: Office, sitting: Occurrence, now: datetime) -> None:
    """A sitting begins later; the ward's police, who read no letters, must be called."""
    order = Order(sitting.version, "Dự họp giao ban của thành phố đầu giờ sáng", office.clerk, now)
    end = sitting.hours[0][6:]
    change_hours(story.db, sitting.slug, order, hours=(f"09:00-{end}", *sitting.hours[1:]))

"""What an approver is shown, and what an approval holds for: the content approved last is remembered when it lapses."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from scheduler.actions.notices import sign_notice
from scheduler.actions.occurrences import (
    OccurrenceEdit,
    Paper,
    approve_occurrences,
    approve_on_paper,
    edit_occurrence,
    return_occurrences,
    submit_occurrences,
)
from scheduler.actions.publication import publish_occurrences
from scheduler.actions.schedules import create_schedule, extend_schedule
from scheduler.database import Db
from scheduler.errors import Stale
from scheduler.models import FeedVersion, Letter, Occurrence, SignedPaper
from scheduler.queries.agenda import occurrences_by_id
from scheduler.queries.approved import compared, content_of, lapsed_fields
from scheduler.queries.publication import announcement_of
from scheduler.rules.publication import fingerprint
from tests.build import make_actor, make_holder, make_occurrence, make_office, make_post

SERIES: dict[str, Any] = {
    "key": "chu-tich",
    "kind": "periodic_reception",
    "host": "Chủ tịch UBND",
    "rule": {"every": "month", "days": [15]},
    "starts": "2027-01-01",
    "until": "2027-12-31",
    "hours": ["07:30-11:30"],
    "place": "126 Hàng Trống",
}


class Office:
    """A clerk and an approver with what they do all day."""

    def __init__(self, db: Db, now: datetime) -> None:
        self.db, self.now = db, now
        self.unit, self.chairman = make_office(db)
        self.clerk, self.head = make_actor(db, self.unit), make_actor(db, self.unit, "approver")

    def approve(self, *sittings: Occurrence) -> None:
        """Submit and approve."""
        ids = [one.id for one in sittings]
        submit_occurrences(self.db, ids, by=self.clerk, now=self.now)
        approve_occurrences(self.db, ids, by=self.head, now=self.now)

    def edit(self, sitting: Occurrence, **values: Any) -> None:
        """Change the draft by hand."""
        edit_occurrence(self.db, sitting.slug, sitting.version, OccurrenceEdit(**values), by=self.clerk, now=self.now)

    def novelty(self, *ids: int) -> list[str]:
        """How each stands against what was approved."""
        return [one.novelty for one in compared(self.db, occurrences_by_id(self.db, ids))]

    def planned(self, **series: Any) -> list[int]:
        """The dates of a schedule planned for half a year, as ids."""
        schedule = create_schedule(self.db, self.unit.id, SERIES | series, by=self.clerk, now=self.now)
        extend_schedule(self.db, schedule.id, until=date(2027, 3, 31), by=self.clerk, now=self.now)
        return self.dates(schedule.id)

    def dates(self, schedule_id: int) -> list[int]:
        """All dates of the schedule, by day."""
        rows = self.db.query(Occurrence).filter_by(schedule_id=schedule_id).order_by(Occurrence.planned_day)
        return [row.id for row in rows]


@pytest.fixture
def office(db: Db, now: datetime) -> Office:
    return Office(db, now)


def test_what_was_approved_is_remembered_when_the_approval_lapses(office: Office, db: Db) -> None:
    sitting = make_occurrence(db, office.unit, office.chairman)
    assert office.novelty(sitting.id) == ["new"]
    office.approve(sitting)
    office.edit(sitting, place="Nhà văn hóa phường", hours=("08:00-11:00",))
    assert sitting.approved_content is None
    assert lapsed_fields(db, [sitting]) == {sitting.id: ("hours", "place")}
    [one] = compared(db, [sitting])
    assert (one.novelty, one.fields) == ("changed", ("hours", "place"))
    assert one.before is not None
    assert (one.before["place"], one.now["place"]) == ("126 Hàng Trống", "Nhà văn hóa phường")
    office.edit(sitting, place="126 Hàng Trống", hours=("07:30-11:30",))
    assert office.novelty(sitting.id) == ["again"]
    assert lapsed_fields(db, [sitting]) == {}


def test_what_is_returned_unchanged_comes_again_as_it_was(office: Office, db: Db, now: datetime) -> None:
    sitting = make_occurrence(db, office.unit, office.chairman)
    office.approve(sitting)
    return_occurrences(db, [sitting.id], "Chờ ý kiến", by=office.head, now=now)
    assert office.novelty(sitting.id) == ["again"]


def test_an_approval_on_paper_is_remembered_too(office: Office, db: Db, now: datetime) -> None:
    sitting = make_occurrence(db, office.unit, office.chairman)
    paper = Paper("12/KH-UBND", date(2026, 11, 20), "Trần Văn A")
    approve_on_paper(db, [sitting.id], paper, by=office.clerk, now=now)
    office.edit(sitting, place="Nhà văn hóa phường")
    assert lapsed_fields(db, [sitting]) == {sitting.id: ("place",)}


def test_new_dates_of_an_approved_rule_are_told_from_new_rules(office: Office, db: Db, now: datetime) -> None:
    ids = office.planned()
    assert set(office.novelty(*ids)) == {"new"}
    first = occurrences_by_id(db, ids[:1])
    office.approve(*first)
    assert office.novelty(*ids) == ["again", *["new-date"] * (len(ids) - 1)]
    by_hand = occurrences_by_id(db, ids[1:2])[0]
    office.edit(by_hand, place="Nhà văn hóa phường")
    assert office.novelty(*ids)[1] == "new"
    assert set(office.novelty(*office.planned(key="khac"))) == {"new"}


def test_a_rule_that_says_otherwise_is_no_approved_rule(office: Office, db: Db, now: datetime) -> None:
    ids = office.planned()
    first, second = occurrences_by_id(db, ids[:2])
    office.approve(first)
    assert second.schedule is not None
    second.schedule.series = second.schedule.series | {"until": "2028-12-31", "notice": {"number": "1/TB"}}
    db.flush()
    assert office.novelty(second.id) == ["new-date"]
    second.schedule.series = second.schedule.series | {"place": "Nơi khác"}
    db.flush()
    assert office.novelty(second.id) == ["new"]


def test_what_changed_since_it_was_shown_is_not_approved(office: Office, db: Db, now: datetime) -> None:
    sitting = make_occurrence(db, office.unit, office.chairman)
    submit_occurrences(db, [sitting.id], by=office.clerk, now=now)
    seen = {sitting.id: fingerprint(content_of(sitting))}
    office.edit(sitting, place="Nhà văn hóa phường")
    submit_occurrences(db, [sitting.id], by=office.clerk, now=now)
    with pytest.raises(Stale):
        approve_occurrences(db, [sitting.id], seen=seen, by=office.head, now=now)
    seen = {sitting.id: fingerprint(content_of(sitting))}
    assert approve_occurrences(db, [sitting.id], seen=seen, by=office.head, now=now) == 1
    assert approve_occurrences(db, [sitting.id], seen=seen, by=office.head, now=now) == 0


@pytest.mark.parametrize("days", [3, 10, 30])
def test_publishing_does_what_was_said_before(days: int, office: Office, db: Db, now: datetime) -> None:
    """The calendars told are those that rise, the letters told are those queued, with the same people and times."""
    deputy = make_post(db, office.unit, "Phó Chủ tịch UBND", duty="", is_head=False)
    make_holder(db, deputy)
    day = date(2026, 11, 22) + timedelta(days=days)
    sittings = [
        make_occurrence(db, office.unit, office.chairman, day=day, notify=["vanphong@example.vn"]),
        make_occurrence(db, office.unit, office.chairman, deputy, day=day + timedelta(days=1)),
    ]
    office.approve(*sittings)
    told = announcement_of(db, occurrences_by_id(db, [one.id for one in sittings]), now=now)
    before = {row.feed: row.version for row in db.query(FeedVersion)}
    publish_occurrences(db, [one.id for one in sittings], reason="Gấp", by=office.clerk, now=now)
    db.expire_all()
    raised = {row.feed for row in db.query(FeedVersion) if row.version != before.get(row.feed)}
    assert {page.feed for page in told.pages} == raised
    letters = sorted((row.kind, row.recipient, row.due_at) for row in db.query(Letter))
    assert sorted(("reminder", one.listener.email, one.due_at) for one in told.reminders) == letters
    assert bool(letters) == (days < 30)
    assert len(told.later) == (2 if days == 30 else 0)


def test_a_notice_signed_twice_keeps_one_paper(office: Office, db: Db, now: datetime) -> None:
    sitting = make_occurrence(db, office.unit, office.chairman)
    office.approve(sitting)
    [notice] = publish_occurrences(db, [sitting.id], by=office.clerk, now=now)
    paper = Paper("45/TB-UBND", date(2026, 11, 22), "Trần Văn A", "KT. CHỦ TỊCH", b"%PDF-1.7 signed", "a.pdf")
    for _ in range(2):
        sign_notice(db, notice.id, paper, by=office.clerk, now=now)
        db.flush()
        db.expire_all()
    assert db.query(SignedPaper).count() == 1
    sign_notice(db, notice.id, Paper("46/TB-UBND", date(2026, 11, 22), "Trần Văn A"), by=office.clerk, now=now)
    assert db.query(SignedPaper).count() == 2

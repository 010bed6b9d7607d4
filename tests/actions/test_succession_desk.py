"""What lies on the desks of a unit that ends: what is open goes to the heir, and who may choose chooses."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from scheduler.actions.delegations import Lent, delegate
from scheduler.actions.schedules import create_schedule, extend_schedule
from scheduler.actions.succession import confirm_succession, preview_succession
from scheduler.actions.succession_day import carry_succession
from scheduler.clock import at_local
from scheduler.database import Db
from scheduler.errors import BadInput, RuleBroken
from scheduler.models import (
    BusyCalendar,
    BusyTime,
    Call,
    Consent,
    Delegation,
    DocumentTemplate,
    KeptClash,
    Letter,
    Notice,
    Occurrence,
    OldSheet,
    Post,
    Posting,
    Schedule,
    SentReport,
    Succession,
    Suspension,
    Unit,
)
from scheduler.queries.access import grants_of
from scheduler.queries.approved import content_of
from scheduler.queries.consents import awaited_offices
from scheduler.queries.succession import find_to_carry
from scheduler.queries.units import unit_by_code
from scheduler.rules.permissions import COMMAND_LINE
from scheduler.rules.publication import fingerprint
from tests.actions.succession_city import (
    LATER,
    SERIES,
    TODAY,
    City,
    decide,
    divide,
    found,
    join,
    make_city,
    publish,
    sittings,
)
from tests.build import NOW, actor_for, make_account, make_post, make_published

THEN = NOW + (LATER - TODAY)


@pytest.fixture
def city(db: Db) -> City:
    """Two wards."""
    return make_city(db)


def deputy(db: Db) -> Post:
    return db.scalars(select(Post).where(Post.code == "00073-ubnd-pho")).one()


def make_calendar(db: Db, post: Post) -> BusyCalendar:
    calendar = BusyCalendar(unit_id=post.unit_id, post_id=post.id, source="file", created_at=NOW)
    db.add(calendar)
    db.flush()
    start = at_local(date(2027, 1, 11), "08:00")
    db.add(BusyTime(calendar_id=calendar.id, post_id=post.id, starts_at=start, ends_at=start + timedelta(hours=1)))
    db.flush()
    return calendar


def make_work(db: Db, city: City) -> tuple[Call, OldSheet]:
    """A call to make and a sheet to take down."""
    row = db.scalars(select(Occurrence).where(Occurrence.day == date(2027, 1, 11))).one()
    call = Call(unit_id=city.office.id, occurrence_id=row.id, role="host", name="Ông Bảy", words="x", made_at=NOW)
    notice = Notice(unit_id=city.office.id, published_at=NOW)
    notice.postings = [Posting(where="office", posted_at=NOW, by="x", recorded_at=NOW)]
    db.add_all([call, notice])
    db.flush()
    sheet = OldSheet(unit_id=city.office.id, posting_id=notice.postings[0].id, occurrence_id=row.id, made_at=NOW)
    db.add(sheet)
    db.flush()
    return call, sheet


def carry(db: Db) -> None:
    for number in find_to_carry(db, THEN):
        carry_succession(db, number, now=THEN)


def test_open_work_goes_on_the_day_and_history_stays(city: City, db: Db) -> None:
    call, sheet = make_work(db, city)
    kept, gone = make_calendar(db, deputy(db)), make_calendar(db, city.chairman)
    db.add(SentReport(unit_id=city.office.id, period="2026-Q3", sent_on=TODAY, recorded_at=NOW))
    preview = preview_succession(db, join(LATER), by=city.by, now=NOW)
    assert [line.to for what in ("calls", "sheets", "busy") for line in preview.of(what)] == [
        "UBND phường Hoàn Kiếm"
    ] * 3
    assert [line.name for line in preview.of("forgotten")] == ["Chủ tịch UBND phường Cửa Nam"]
    decide(db, join(LATER), city.by)
    assert (call.unit_id, kept.unit_id) == (city.office.id, city.office.id)
    carry(db)
    heir = unit_by_code(db, "00070-ubnd")
    assert (call.unit_id, sheet.unit_id, kept.unit_id) == (heir.id, heir.id, heir.id)
    assert (call.state, sheet.taken_down_at) == ("open", None)
    after = db.get_one(Post, deputy(db).successor_id)
    assert (kept.post_id, gone.ended_at) == (after.id, THEN)
    assert list(db.scalars(select(BusyTime.post_id))) == [after.id]
    assert db.scalars(select(SentReport.unit_id)).one() == city.office.id


def test_what_was_lent_is_lent_on_for_the_rest(city: City, db: Db) -> None:
    giver, receiver = (make_account(db, city.office, role) for role in ("approver", "secretariat"))
    by = actor_for(giver, city.office, "approver")
    days = ((TODAY, LATER + timedelta(days=9)), (LATER, LATER + timedelta(days=3)), (TODAY, LATER - timedelta(days=1)))
    for first, last in days:
        delegate(db, Lent(giver.id, receiver.id, city.office.id, ("approve",), first, last, "Đi học"), by=by, now=NOW)
    assert len(preview_succession(db, join(LATER), by=city.by, now=NOW).of("delegations")) == 2
    decide(db, join(LATER), city.by)
    heir = unit_by_code(db, "00070-ubnd")
    standing = select(Delegation).where(Delegation.revoked_at.is_(None)).order_by(Delegation.id)
    spans = [(one.unit_id, one.first_day, one.last_day) for one in db.scalars(standing)]
    assert spans == [
        (city.office.id, TODAY, LATER - timedelta(days=1)),
        (city.office.id, *days[2]),
        (heir.id, LATER, LATER + timedelta(days=9)),
        (heir.id, *days[1]),
    ]


def suspend(db: Db, unit: Unit) -> Suspension:
    row = Suspension(unit_id=unit.id, first_day=TODAY, last_day=LATER + timedelta(days=5), reason="Bão", made_at=NOW)
    db.add(row)
    db.flush()
    return row


def test_a_suspension_ends_with_the_office_unless_all_that_become_the_new_one_have_it(city: City, db: Db) -> None:
    rows = [suspend(db, city.office)]
    for decision, other in ((join(LATER), False), (found(LATER), False), (found(LATER), True)):
        if other:
            rows.append(suspend(db, unit_by_code(db, "00070-ubnd")))
        preview = preview_succession(db, decision, by=city.by, now=NOW)
        assert (len(preview.of("suspensions")), len(preview.of("lifted"))) == ((2, 0) if other else (0, 1))
    decide(db, found(LATER), city.by)
    new = db.scalars(select(Suspension).where(Suspension.unit_id == unit_by_code(db, "00099-ubnd").id)).one()
    assert (new.first_day, new.last_day, new.reason) == (LATER, LATER + timedelta(days=5), "Bão")
    assert {row.last_day for row in rows} == {LATER - timedelta(days=1)}


def test_a_new_unit_keeps_the_templates_of_the_first(city: City, db: Db) -> None:
    for unit, name in ((city.office, "cua-nam.docx"), (unit_by_code(db, "00070-ubnd"), "hoan-kiem.docx")):
        db.add(DocumentTemplate(unit_id=unit.id, kind="schedule", name=name, sha256="0", at=NOW, content=b"docx"))
    db.flush()
    assert preview_succession(db, join(LATER), by=city.by, now=NOW).of("templates") == []
    decide(db, found(LATER), city.by)
    mine = select(DocumentTemplate).where(DocumentTemplate.unit_id == unit_by_code(db, "00099-ubnd").id)
    assert [(one.name, one.content) for one in db.scalars(mine)] == [("cua-nam.docx", b"docx")]
    assert db.scalar(select(func.count(DocumentTemplate.id))) == 3


def test_an_agreement_holds_on_and_none_is_invented(city: City, db: Db) -> None:
    party = unit_by_code(db, "00073")
    secretary = make_post(db, party, "Bí thư", code="00073-bi-thu")
    rows = [make_published(db, city.office, city.chairman, secretary, day=date(2027, 2, day)) for day in (17, 18)]
    mark = fingerprint(content_of(rows[0]))
    db.add(Consent(occurrence_id=rows[0].id, unit_id=party.id, content=mark, sequence=0, by="Bà Tám", at=NOW))
    db.flush()
    preview = preview_succession(db, join(), by=city.by, now=NOW)
    assert [line.to for line in preview.of("consents")] == ["Phường Hoàn Kiếm"]
    decide(db, join(), city.by)
    assert {row.unit.code for row in rows} == {"00070-ubnd"}
    assert list(awaited_offices(db, rows)) == [rows[1].id]
    assert db.scalars(select(Consent.by).where(Consent.sequence == 1)).all() == ["Bà Tám"]


def give_the_heir_a_series(db: Db, city: City) -> Schedule:
    series = SERIES | {"host": "Chủ tịch UBND phường Hoàn Kiếm", "place": "126 Hàng Trống"}
    own = create_schedule(db, city.heir_chairman.unit_id, series, by=COMMAND_LINE, now=NOW - timedelta(days=300))
    extend_schedule(db, own.id, until=date(2027, 3, 31), by=COMMAND_LINE, now=NOW - timedelta(days=300))
    publish(db, own, until=date(2027, 1, 31))
    return own


def test_of_two_series_of_one_head_the_heirs_goes_on(city: City, db: Db) -> None:
    own = give_the_heir_a_series(db, city)
    preview = preview_succession(db, join(), by=city.by, now=NOW)
    [heirs, olds] = preview.questions
    assert (heirs.row, heirs.chosen, olds.chosen) == (f"series-{own.id}", "on", "end")
    assert [len(preview.of(what)) for what in ("cancelled", "dropped", "ended", "clashes", "calls")] == [
        2, 2, 1, 0, 0,
    ]  # fmt: skip
    decide(db, join(), city.by)
    assert sittings(db, city.office)["cancelled"] == [date(2026, 12, 10), date(2027, 1, 11)]
    assert sittings(db, own.unit)["draft"] == [date(2027, 2, 11), date(2027, 3, 10)]
    assert db.scalar(select(func.count(Schedule.id)).where(Schedule.until.is_(None))) == 1
    letters = db.scalars(select(Letter).where(Letter.kind != "task")).all()
    assert {(letter.kind, letter.recipient) for letter in letters} == {("new-office", "cua@example.vn")}
    assert all("hủy, không tổ chức" in line for line in letters[0].facts["lines"])


def test_the_old_series_may_go_on_instead(city: City, db: Db) -> None:
    own = give_the_heir_a_series(db, city)
    old = db.scalars(select(Schedule).where(Schedule.unit_id == city.office.id)).one()
    answers = {f"series-{own.id}": "end", f"series-{old.id}": "on"}
    decide(db, replace(join(), answers=answers), city.by)
    heir = sittings(db, own.unit)
    assert [day for day in heir["published"] if day >= TODAY] == [date(2026, 12, 10), date(2027, 1, 11)]
    assert heir["cancelled"] == [date(2026, 12, 10), date(2027, 1, 11)]
    assert own.until == TODAY - timedelta(days=1)
    with pytest.raises(BadInput, match="not-a-choice"):
        preview_succession(db, replace(join(), answers={"series-1": "both"}), by=city.by, now=NOW)


def test_sittings_that_clash_at_the_heir_are_kept_with_a_reason(city: City, db: Db) -> None:
    give_the_heir_a_series(db, city)
    old = db.scalars(select(Schedule).where(Schedule.unit_id == city.office.id)).one()
    held = replace(join(), answers={f"series-{old.id}": "held"})
    preview = preview_succession(db, held, by=city.by, now=NOW)
    assert [len(preview.of(what)) for what in ("cancelled", "clashes", "published")] == [0, 2, 2]
    nested = db.begin_nested()
    with pytest.raises(RuleBroken, match=r"clashes\.taken"):
        confirm_succession(db, held, preview.seen, by=city.by, now=NOW)
    nested.rollback()
    reasoned = replace(held, keep_reason="Chủ tịch tiếp hai nơi nối nhau")
    assert confirm_succession(db, reasoned, preview.seen, by=city.by, now=NOW) is not None
    assert list(db.scalars(select(KeptClash.reason))) == [reasoned.keep_reason] * 2
    moved = select(Occurrence).where(Occurrence.unit_id == city.heir_chairman.unit_id, Occurrence.schedule_id.is_(None))
    assert len(db.scalars(moved).all()) == 2


def test_each_row_of_a_divided_ward_goes_where_it_was_chosen(city: City, db: Db) -> None:
    series = db.scalars(select(Schedule)).one()
    second = {f"series-{series.id}": "1", f"task-{city.task.id}": "1", f"account-{city.clerk}": "1"}
    asked = preview_succession(db, divide(LATER), by=city.by, now=NOW).questions
    assert {one.row for one in asked} == second.keys()
    assert {one.chosen for one in asked} == {"0"}
    decide(db, replace(divide(LATER), answers=second), city.by)
    ga = db.scalars(select(Unit).where(Unit.name == "UBND phường Ga")).one()
    assert sittings(db, ga) == {"published": [date(2027, 1, 11)], "draft": [date(2027, 2, 11), date(2027, 3, 10)]}
    row = db.scalars(select(Occurrence).where(Occurrence.unit_id == ga.id, Occurrence.state == "published")).one()
    assert [host.post.unit_id for host in row.hosts] == [ga.id]
    after = db.scalars(select(Schedule).where(Schedule.unit_id == ga.id)).one()
    assert [host.post.unit_id for host in after.hosts] == [ga.id]
    assert {grant.unit_id for grant in grants_of(db, city.clerk, LATER)} == {ga.id}
    carry(db)
    room = db.scalars(select(Unit).where(Unit.parent_id == ga.id, Unit.kind == "department")).one()
    assert (city.task.unit, city.task.owner_unit) == (room, ga)
    heirs = db.scalars(select(Succession)).one().heirs
    assert heirs[str(city.office.id)] == unit_by_code(db, "00070-ubnd").id

"""Units renamed, joined, united and divided: what moves, once, and what stays where it was."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from scheduler.actions.escalation import escalate
from scheduler.actions.feed_tokens import make_post_address
from scheduler.actions.schedules import extend_schedule
from scheduler.actions.succession import confirm_succession, preview_succession
from scheduler.actions.succession_day import carry_succession
from scheduler.database import Db
from scheduler.errors import BadInput, HouseError, NotAllowed, NotFound, RuleBroken
from scheduler.models import (
    Entry,
    FeedToken,
    FeedVersion,
    Letter,
    Occurrence,
    OfficeSetting,
    Role,
    Schedule,
    Succession,
    Unit,
)
from scheduler.queries.access import grants_of, may
from scheduler.queries.agenda import find_occurrence
from scheduler.queries.audience import audience_of, secretariat_of
from scheduler.queries.office_settings import office_value
from scheduler.queries.search import search_units
from scheduler.queries.succession import find_to_carry, followers_of, predecessors_of
from scheduler.queries.units import post_by_code, successor_of, unit_by_code
from scheduler.reports.duties import run as duties
from scheduler.reports.followups import run as followups
from scheduler.reports.frame import Period, Scope
from scheduler.rules.permissions import COMMAND_LINE, Actor
from scheduler.rules.succession import Decision, Share
from tests.actions.succession_city import DAY, LATER, TODAY, City, decide, divide, found, join, make_city, sittings
from tests.build import NOW, actor_for, make_account, make_published


@pytest.fixture
def city(db: Db) -> City:
    """Two wards."""
    return make_city(db)


def test_a_preview_tells_all_and_moves_nothing(city: City, db: Db) -> None:
    counts = select(func.count(Entry.id)), select(func.count(Letter.id)), select(func.count(Unit.id))
    before = [db.scalar(query) for query in counts]
    preview = preview_succession(db, join(), by=city.by, now=NOW)
    assert [db.scalar(query) for query in counts] == before
    assert city.ward.valid_to is None
    assert len(preview.of("published")) == 2
    assert len(preview.of("drafts")) == 2
    assert [line.to for line in preview.of("schedules")] == ["UBND phường Hoàn Kiếm"]
    assert [line.name for line in preview.of("tasks")] == ["Dựng biển báo"]
    assert [line.name for line in preview.of("left")] == ["Lê Văn Cửa, Chủ tịch UBND phường Cửa Nam"]
    assert preview.of("holders")[0].to == "Phó Chủ tịch UBND phường Hoàn Kiếm"
    assert {line.name for line in preview.of("letters")} == {"Lê Văn Cửa", "Phạm Hoàn"}
    assert [line.to for line in preview.of("places")] == ["UBND phường Hoàn Kiếm"]


def test_joining_moves_plans_sittings_and_people_once(city: City, db: Db) -> None:
    held = sittings(db, city.office)
    uids = {row.slug: row.uid for row in db.execute(select(Occurrence.slug, Occurrence.uid))}
    decide(db, join(), city.by)
    heir = unit_by_code(db, "00070-ubnd")
    assert sittings(db, heir) == {
        "published": [date(2026, 12, 10), date(2027, 1, 11)],
        "draft": [date(2027, 2, 11), date(2027, 3, 10)],
    }
    assert sittings(db, city.office)["concluded"] == held["concluded"]
    moved = db.scalars(select(Occurrence).where(Occurrence.unit_id == heir.id, Occurrence.state == "published")).all()
    for sitting in moved:
        assert sitting.uid == uids[sitting.slug]
        assert (sitting.sequence, [host.post_id for host in sitting.hosts]) == (1, [city.heir_chairman.id])
        change = sitting.changes[-1]
        assert (change.step, change.notice_number) == ("hand_over", "12/NQ-HĐND")
        assert change.before["unit"][1] == "UBND phường Cửa Nam"
        assert "12/NQ-HĐND" in change.reason
    letters = db.scalars(select(Letter).where(Letter.kind == "new-office")).all()
    assert sorted(letter.recipient for letter in letters) == ["cua@example.vn", "hoan@example.vn"]
    assert len(letters[0].facts["lines"]) == 2
    assert db.scalar(select(func.count(Letter.id)).where(Letter.kind == "change")) == 0
    assert successor_of(city.ward, TODAY).code == "00070"
    assert post_by_code(db, "00073-ubnd-chu-tich").successor is city.heir_chairman
    assert {grant.unit_id for grant in grants_of(db, city.clerk, TODAY)} == {heir.id}
    versions = {row.feed: row.version for row in db.scalars(select(FeedVersion))}
    assert {f"unit:{heir.id}", f"unit:{city.office.id}", f"post:{city.heir_chairman.id}"} <= set(versions)


def test_the_same_decision_twice_is_one(city: City, db: Db) -> None:
    decide(db, join(), city.by)
    counts = [db.scalar(select(func.count(model.id))) for model in (Entry, Letter, Succession, Role, Schedule)]
    assert confirm_succession(db, join(), "another", by=city.by, now=NOW) is None
    assert [db.scalar(select(func.count(model.id))) for model in (Entry, Letter, Succession, Role, Schedule)] == counts
    with pytest.raises(RuleBroken, match="ended-already"):
        preview_succession(db, found(), by=city.by, now=NOW)
    assert find_to_carry(db, NOW) == []


def test_what_was_not_previewed_is_not_confirmed(city: City, db: Db) -> None:
    seen = preview_succession(db, join(), by=city.by, now=NOW).seen
    make_published(db, city.office, city.chairman, day=date(2026, 12, 17))
    with pytest.raises(RuleBroken, match="changed-since"):
        confirm_succession(db, join(), seen, by=city.by, now=NOW)


def test_the_series_goes_on_at_the_heir(city: City, db: Db) -> None:
    decide(db, join(), city.by)
    old, new = db.scalars(select(Schedule).order_by(Schedule.id)).all()
    assert (old.until, old.unit_id, new.unit.code) == (DAY - timedelta(days=1), city.office.id, "00070-ubnd")
    assert [host.post_id for host in new.hosts] == [city.heir_chairman.id]
    assert (new.starts, new.series["host"]) == (DAY, "Chủ tịch UBND phường Hoàn Kiếm")
    rows = db.scalars(select(Occurrence).where(Occurrence.schedule_id == new.id)).all()
    assert min(row.planned_day for row in rows) == date(2026, 12, 10)
    assert extend_schedule(db, new.id, until=date(2027, 3, 31), by=COMMAND_LINE, now=NOW) == 0
    assert extend_schedule(db, new.id, until=date(2027, 5, 31), by=COMMAND_LINE, now=NOW) == 2
    assert extend_schedule(db, old.id, until=date(2027, 5, 31), by=COMMAND_LINE, now=NOW) == 0


def test_tasks_are_urged_at_the_new_unit(city: City, db: Db) -> None:
    decide(db, join(), city.by)
    heir = unit_by_code(db, "00070-ubnd")
    room = db.scalars(select(Unit).where(Unit.parent_id == heir.id, Unit.kind == "department")).one()
    assert (city.task.unit, city.task.owner_unit) == (room, heir)
    assert room.email == "kt@example.vn"
    assert city.task.events[-1].kind == "handed-over"
    late = NOW + timedelta(days=16)
    assert escalate(db, city.task.id, now=late) > 0
    recipients = set(db.scalars(select(Letter.recipient).where(Letter.task_id == city.task.id)))
    assert {"kt@example.vn", "vphk@example.vn"} <= recipients
    assert [one.email for one in secretariat_of(db, city.office.id, today=late.date())] == [
        "vphk@example.vn",
        "vpcn@example.vn",
    ]


def test_a_decision_ahead_waits_for_its_day(city: City, db: Db) -> None:
    secret = make_post_address(db, city.chairman, by=COMMAND_LINE, now=NOW)
    assert secret
    decide(db, join(LATER), city.by)
    assert {row.day for row in city_rows(db, city.office)} == {date(2026, 12, 10)}
    assert city.task.owner_unit is city.office
    heir = unit_by_code(db, "00070-ubnd")
    clerk = Actor("x", "web", 1, grants_of(db, city.clerk, TODAY))
    assert may(db, clerk, "plan", city.office.id)
    assert not may(db, clerk, "plan", heir.id)
    assert find_to_carry(db, NOW) == []
    then = NOW + (LATER - TODAY)
    [row] = find_to_carry(db, then)
    assert carry_succession(db, row, now=then) == 1
    assert carry_succession(db, row, now=then) == 0
    assert find_to_carry(db, then) == []
    clerk = Actor("x", "web", 1, grants_of(db, city.clerk, LATER))
    assert may(db, clerk, "record", city.office.id)
    assert may(db, clerk, "plan", heir.id)
    assert db.scalars(select(FeedToken.post_id)).one() == city.heir_chairman.id


def city_rows(db: Db, office: Unit) -> list[Occurrence]:
    query = select(Occurrence).where(Occurrence.unit_id == office.id, Occurrence.day >= TODAY)
    return list(db.scalars(query))


def test_two_wards_become_a_new_one(city: City, db: Db) -> None:
    office = unit_by_code(db, "00073-ubnd")
    db.add(OfficeSetting(unit_id=office.id, key="reminder_days_before", valid_from=TODAY, value={"value": 9}))
    decide(db, found(LATER), city.by)
    new = unit_by_code(db, "00099-ubnd")
    assert new.name == "UBND phường Hồ Gươm"
    chairman = post_by_code(db, "00099-ubnd-chu-tich")
    assert {city.chairman.successor, city.heir_chairman.successor} == {chairman}
    assert [term.person.name for term in chairman.holdings] == ["Lê Văn Cửa"]
    assert office_value(db, "reminder_days_before", new.id, LATER) == 9
    # Who serves the old ones may prepare the new one from today on.
    assert {grant.unit_id for grant in grants_of(db, city.clerk, TODAY)} == {office.id, new.id}
    assert [unit.code for unit in search_units(db, "cua nam")][:1] == ["00099"]
    assert len(db.scalars(select(Succession)).all()) == 2
    assert [unit.code for unit in predecessors_of(db, unit_by_code(db, "00099"), LATER)] == ["00070", "00073"]


def test_a_divided_ward_names_its_streets(city: City, db: Db) -> None:
    decide(db, divide(), city.by)
    followed = followers_of(db, unit_by_code(db, "00073"), TODAY)
    assert [(one.unit.name, one.parts) for one in followed] == [
        ("Phường Hoàn Kiếm", ("Phố Hàng Bông", "Tổ dân phố 1")),
        ("Phường Ga", ("Tổ dân phố 2",)),
    ]
    bodies = followers_of(db, unit_by_code(db, "00073-ubnd"), TODAY)
    assert [one.unit.name for one in bodies] == ["UBND phường Hoàn Kiếm", "UBND phường Ga"]
    assert followers_of(db, unit_by_code(db, "00073"), TODAY - timedelta(days=1)) == []
    codes = {unit.code for unit in search_units(db, "cua nam")}
    assert {"00073", "00070", followed[1].unit.code} <= codes


def test_a_new_name_waits_for_its_day(city: City, db: Db) -> None:
    rename = Decision("rename", "00073", LATER, "3/NQ", TODAY, name="Phường Cửa Bắc")
    decide(db, rename, city.by)
    assert city.ward.name == "Phường Cửa Nam"
    [row] = find_to_carry(db, NOW + (LATER - TODAY))
    carry_succession(db, row, now=NOW + (LATER - TODAY))
    assert (city.ward.name, city.ward.former_names, city.office.name) == (
        "Phường Cửa Bắc", ["Phường Cửa Nam"], "UBND phường Cửa Bắc",
    )  # fmt: skip
    assert (city.ward.valid_to, city.ward.code) == (None, "00073")


def test_reports_before_and_after_add_up(city: City, db: Db) -> None:
    period = Period(date(2026, 7, 1), date(2026, 12, 31))
    top = unit_by_code(db, "01")

    def totals(unit: Unit) -> tuple[int, ...]:
        table = duties(db, period, Scope(unit), TODAY)
        cells = [row.cells for row in table.rows]
        return tuple(sum(cell[name] for cell in cells) for name in ("planned", "published", "unrecorded"))

    before, tasks = totals(top), followups(db, period, Scope(top), TODAY).totals[0].cells["tasks"]
    alone = totals(city.ward)
    decide(db, join(), city.by)
    assert totals(top) == before
    assert totals(city.heir) == before
    assert totals(city.ward)[1] == alone[1] - 1  # December goes to the heir
    table = duties(db, period, Scope(city.heir), TODAY)
    assert [row.cells["unit"] for row in table.rows] == ["00070-ubnd", "00073-ubnd"]
    assert [note.facts["unit"] for note in table.notes if note.key == "reports.ended-unit"] == ["UBND phường Cửa Nam"]
    assert followups(db, period, Scope(city.heir), TODAY).totals[0].cells["tasks"] == tasks == 1


def test_what_cannot_be_is_refused(city: City, db: Db) -> None:
    refusals = (
        (replace(join(), number=" "), "succession.number-missing"),
        (replace(join(), signed_on=DAY + timedelta(days=1)), "succession.signed-after"),
        (replace(join(), shares=(Share("zz"),)), "people.unknown-unit"),
        (replace(join(), shares=(Share("00073"),)), "succession.follows-itself"),
        (replace(found(), name=""), "succession.name-missing"),
        (replace(found(), others=()), "succession.others-missing"),
        (replace(found(), code="00070"), "units.code-taken"),
        (replace(divide(), shares=(Share("00070", ("A",)),)), "succession.two-needed"),
        (replace(divide(), shares=(Share("00070", ("A",)), Share("Ga", ("a",)))), "succession.part-twice"),
        (replace(divide(), shares=(Share("00070"), Share("Ga", ("A",)))), "succession.parts-missing"),
        (Decision("rename", "00073", DAY, "1", DAY, name="Phường Cửa Nam"), "succession.same-name"),
        (replace(join(), kind="swap"), "succession.unknown-kind"),
    )
    for decision, refusal in refusals:
        with pytest.raises(HouseError) as refused:
            preview_succession(db, decision, by=city.by, now=NOW)
        assert isinstance(refused.value, BadInput | RuleBroken)
        assert refused.value.key == refusal
    assert city.ward.valid_to is None


def test_only_who_administers_both_may(city: City, db: Db) -> None:
    chief = actor_for(make_account(db, city.ward, "administrator"), city.ward, "administrator")
    with pytest.raises(NotFound):
        preview_succession(db, join(), by=chief, now=NOW)
    clerk = actor_for(make_account(db, city.ward, "secretariat"), city.ward, "secretariat")
    with pytest.raises(NotAllowed):
        preview_succession(db, join(), by=clerk, now=NOW)
    assert find_occurrence(db, city_rows(db, city.office)[0].slug).unit is city.office


def test_an_ended_unit_that_attends_elsewhere_is_asked_at_its_heir(city: City, db: Db) -> None:
    sitting = make_published(
        db, city.heir, city.heir_chairman, day=date(2026, 12, 22), attend_unit_ids=[city.office.id]
    )
    assert {"cuanam@example.vn"} <= {one.email for one in audience_of(db, sitting)}
    decide(db, join(), city.by)
    unit_by_code(db, "00070-ubnd").email = "hoankiem@example.vn"
    db.flush()
    asked = {one.email for one in audience_of(db, sitting) if one.role == "attending"}
    assert asked == {"hoankiem@example.vn"}

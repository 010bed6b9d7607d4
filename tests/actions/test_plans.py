"""A plan file is taken in once, its changes are followed, and what is public is only proposed."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from scheduler.actions.days import seed_days
from scheduler.actions.occurrences import OccurrenceEdit, edit_occurrence
from scheduler.actions.plan_publishing import publish_plan
from scheduler.actions.plans import ImportResult, merge_series
from scheduler.database import Db
from scheduler.errors import BadInput, NotAllowed, RuleBroken
from scheduler.intake.plan_file import read_plan
from scheduler.models import Account, Entry, Letter, Occurrence, Proposal, Schedule, Unit
from tests.actions.plan_texts import TEXT, plan, take_in
from tests.build import make_account, make_actor, make_unit
from tests.conftest import NOW

NOTICES = Path(__file__).parents[1] / "intake" / "plans"
FIVE_SPANS = ('hours: ["07:30-11:30"]', 'hours: ["13:30-16:30"]')
TO_TWENTIETH = ("days: [15]", "days: [20]")


def rows(db: Db, key: str = "chu-tich") -> dict[date, Occurrence]:
    query = select(Occurrence).join(Schedule, Schedule.id == Occurrence.schedule_id).where(Schedule.key == key)
    return {row.planned_day: row for row in db.scalars(query)}


def published(db: Db, result: ImportResult, now: datetime = NOW) -> int:
    return publish_plan(db, result, "duyet@example.vn", reason="kế hoạch năm", now=now)


def verdicts(result: ImportResult) -> dict[str, str]:
    return {one.key: one.verdict for one in result.series}


def everything(db: Db) -> list[object]:
    tables = (Occurrence, Schedule, Proposal, Entry, Letter)
    counts = [db.scalar(select(func.count()).select_from(table)) for table in tables]
    return [*counts, [(row.id, row.version) for row in db.scalars(select(Occurrence).order_by(Occurrence.id))]]


@pytest.mark.parametrize("name", ["tayninh-2021", "soyte-thaibinh-2022", "svhttdl-thanhhoa-2019", "tayson-gialai-2025"])
def test_real_notices_come_out_date_for_date(db: Db, name: str) -> None:
    seed_days(db, NOW)
    take_in(db, read_plan(NOTICES / f"{name}.yaml"))
    expected = json.loads((NOTICES / f"{name}.expected.json").read_text(encoding="utf-8"))
    for key, days in expected.items():
        held = sorted(row.day for row in rows(db, key).values() if row.day)
        assert [day.isoformat() for day in held] == days


def test_the_first_import_makes_drafts_of_the_command_line(db: Db, office: Unit) -> None:
    result = take_in(db, plan())
    assert verdicts(result) == {"chu-tich": "new", "pho-chu-tich": "new"}
    made = rows(db)
    assert len(made) == 12
    assert made[date(2026, 12, 15)].day == date(2026, 12, 16)
    assert {row.state for row in made.values()} == {"draft"}
    entries = db.scalars(select(Entry).where(Entry.deed.like("plan.%"))).all()
    assert [(one.deed, one.actor, one.via) for one in entries] == [("plan.imported", "command line", "command line")]
    schedule = db.scalars(select(Schedule).where(Schedule.key == "chu-tich")).one()
    assert (schedule.drafted_via, schedule.drafted_by_id) == ("command line", None)


def test_a_second_import_changes_nothing(db: Db, office: Unit) -> None:
    take_in(db, plan())
    before = everything(db)
    result = take_in(db, plan())
    assert result.nothing
    assert result.unchanged == 24
    assert everything(db) == before


def test_days_off_count_for_their_file_alone(db: Db, office: Unit) -> None:
    take_in(db, plan())
    other = make_unit(db, "other", name="UBND phường Khác")
    take_in(db, plan(("00070-ubnd", "other"), ("- {date: 2026-12-15", "- {date: 2026-12-30")))
    days = db.scalars(
        select(Occurrence.day).where(Occurrence.unit_id == other.id, Occurrence.planned_day == date(2026, 12, 15))
    )
    assert days.all() == [date(2026, 12, 15)]


def test_a_changed_file_changes_drafts_and_lets_approvals_lapse(db: Db, office: Unit) -> None:
    take_in(db, plan())
    draft = rows(db)[date(2027, 1, 15)]
    draft.state, draft.approved_content, draft.approved_at = "approved", "seal", NOW
    result = take_in(db, plan(FIVE_SPANS))
    assert verdicts(result) == {"chu-tich": "changed", "pho-chu-tich": "same"}
    assert (result.applied.changed, result.applied.made, result.unchanged) == (12, 0, 12)
    assert draft.hours == ["13:30-16:30"]
    assert draft.starts_at == datetime(2027, 1, 15, 6, 30, tzinfo=UTC)
    assert draft.hosts[0].starts_at == draft.starts_at
    assert (draft.state, draft.approved_content, draft.approved_at) == ("draft", None, None)
    assert result.series[0].differences[0].old is not None
    assert result.series[0].differences[0].old["hours"] == ["07:30-11:30"]


def test_other_dates_by_the_rule_replace_drafts(db: Db, office: Unit) -> None:
    take_in(db, plan())
    result = take_in(db, plan(TO_TWENTIETH))
    assert (result.applied.made, result.applied.removed) == (12, 12)
    assert set(rows(db)) == {date(2026 + (month > 12), (month - 1) % 12 + 1, 20) for month in range(7, 19)}


def test_a_sitting_changed_by_hand_stays(db: Db, office: Unit) -> None:
    take_in(db, plan())
    actor = make_actor(db, office)
    draft = rows(db)[date(2027, 1, 15)]
    edit = OccurrenceEdit(day=date(2027, 1, 18), place="Nhà văn hóa", reason="bận họp")
    edit_occurrence(db, draft.slug, draft.version, edit, by=actor, now=NOW)
    result = take_in(db, plan(FIVE_SPANS))
    assert (result.applied.changed, result.applied.kept) == (11, 1)
    kept = rows(db)[date(2027, 1, 15)]
    assert (kept.day, kept.place, kept.hours) == (date(2027, 1, 18), "Nhà văn hóa", ["07:30-11:30"])
    result = take_in(db, plan(TO_TWENTIETH, FIVE_SPANS))
    assert result.applied.kept == 1
    assert date(2027, 1, 15) in rows(db)


def test_a_series_changed_by_hand_stands_against_the_file(db: Db, office: Unit) -> None:
    take_in(db, plan())
    schedule = db.scalars(select(Schedule).where(Schedule.key == "chu-tich")).one()
    schedule.series = schedule.series | {"place": "Nhà văn hóa"}
    assert take_in(db, plan()).nothing
    other = ("host: Chủ tịch UBND phường\n", "host: Chủ tịch UBND phường\n  content: Đất đai\n")
    result = take_in(db, plan(other, ("place: Phòng tiếp công dân", "place: Trụ sở")))
    assert result.series[0].kept == ("place",)
    assert (schedule.series["place"], schedule.series["content"]) == ("Nhà văn hóa", "Đất đai")


def test_merging_takes_only_what_the_file_changed() -> None:
    base = {"a": 1, "b": 1, "c": 1, "d": 1}
    ours = {"a": 1, "b": 2, "c": 1, "e": 5}
    file = {"a": 9, "b": 9, "f": 6}
    assert merge_series(base, ours, file) == ({"a": 9, "b": 2, "e": 5, "f": 6}, ("b",))


def test_what_is_public_is_only_proposed(db: Db, office: Unit, approver: Account) -> None:
    assert published(db, take_in(db, plan())) == 24
    before = {row.id: (row.day, row.hours, row.sequence) for row in rows(db).values()}
    result = take_in(db, plan(FIVE_SPANS))
    assert {row.id: (row.day, row.hours, row.sequence) for row in rows(db).values()} == before
    proposals = list(db.scalars(select(Proposal).order_by(Proposal.id)))
    # July to November have been; December to June are still to come.
    assert len(proposals) == len(result.applied.proposals) == 7
    assert proposals[0].proposed == {"hours": ["13:30-16:30"]}
    assert (proposals[0].cause, proposals[0].state, proposals[0].proposed_by) == ("plan", "open", "command line")
    letters = db.scalars(select(Letter).where(Letter.kind == "proposal")).all()
    assert [(letter.recipient, letter.facts["n"]) for letter in letters] == [("duyet@example.vn", 7)]
    again = everything(db)
    assert take_in(db, plan(FIVE_SPANS)).nothing
    assert everything(db) == again


def test_a_sitting_the_file_no_longer_gives_is_proposed_to_be_cancelled(
    db: Db, office: Unit, approver: Account
) -> None:
    published(db, take_in(db, plan()))
    skip = (
        "host: Chủ tịch UBND phường\n",
        "host: Chủ tịch UBND phường\n  changes: [{date: 2027-02-15, action: skip}]\n",
    )
    take_in(db, plan(skip))
    assert [(one.proposed, one.occurrence.planned_day) for one in db.scalars(select(Proposal)) if one.occurrence] == [
        ({"state": "cancelled"}, date(2027, 2, 15))
    ]
    take_in(db, plan(skip, ('until: 2027-06-30\n  hours: ["07:30', 'until: 2027-04-30\n  hours: ["07:30')))
    open_ones = db.scalars(select(Proposal).where(Proposal.state == "open")).all()
    assert sorted(one.occurrence.planned_day for one in open_ones if one.occurrence) == [
        date(2027, 2, 15),
        date(2027, 5, 15),
        date(2027, 6, 15),
    ]


def test_a_plan_that_comes_back_outdates_its_proposals(db: Db, office: Unit, approver: Account) -> None:
    published(db, take_in(db, plan()))
    take_in(db, plan(FIVE_SPANS))
    take_in(db, plan())
    assert {one.state for one in db.scalars(select(Proposal))} == {"outdated"}


def test_a_series_left_out_of_a_later_version_is_taken_back(db: Db, office: Unit, approver: Account) -> None:
    published(db, take_in(db, plan()))
    text = TEXT[: TEXT.index("- key: pho-chu-tich")]
    result = take_in(db, plan(text=text))
    assert verdicts(result) == {"chu-tich": "same", "pho-chu-tich": "taken-back"}
    proposals = db.scalars(select(Proposal)).all()
    assert {json.dumps(one.proposed) for one in proposals} == {'{"state": "cancelled"}'}
    assert len(proposals) == 7
    assert take_in(db, plan(text=text)).nothing
    result = take_in(db, plan())
    assert verdicts(result) == {"chu-tich": "same", "pho-chu-tich": "changed"}
    assert {one.state for one in db.scalars(select(Proposal))} == {"outdated"}


def test_drafts_of_a_series_left_out_go(db: Db, office: Unit) -> None:
    take_in(db, plan())
    result = take_in(db, plan(text=TEXT[: TEXT.index("- key: pho-chu-tich")]))
    assert result.applied.removed == 12
    assert rows(db, "pho-chu-tich") == {}


def test_another_file_of_the_unit_leaves_the_first_alone(db: Db, office: Unit) -> None:
    take_in(db, plan())
    head, tail = TEXT.split("- key: chu-tich")
    other = head + "- key: doi-thoai" + tail.split("- key: pho-chu-tich")[0]
    result = take_in(db, plan(text=other))
    assert verdicts(result) == {"doi-thoai": "new", "chu-tich": "left", "pho-chu-tich": "left"}
    assert len(rows(db)) == 12


def test_held_cancelled_and_past_sittings_are_left_alone(db: Db, office: Unit, approver: Account) -> None:
    published(db, take_in(db, plan()))
    later = datetime(2027, 3, 1, tzinfo=UTC)
    rows(db)[date(2027, 4, 15)].state = "cancelled"
    rows(db)[date(2027, 3, 15)].state = "held"
    result = take_in(db, plan(FIVE_SPANS), later)
    days = [one.occurrence.planned_day for one in result.applied.proposals if one.occurrence]
    assert days == [date(2027, 5, 15), date(2027, 6, 15)]


def test_publishing_needs_an_account_that_may(db: Db, office: Unit) -> None:
    result = take_in(db, plan())
    make_account(db, office, "leader", email="leader@example.vn")
    make_account(db, office, "approver", email="gone@example.vn", active=False)
    for email, refusal in (
        ("nobody@example.vn", BadInput),
        ("gone@example.vn", BadInput),
        ("leader@example.vn", NotAllowed),
    ):
        with pytest.raises(refusal):
            publish_plan(db, result, email, reason="x", now=NOW)
    assert {row.state for row in rows(db).values()} == {"draft"}


def test_publishing_too_late_needs_a_reason(db: Db, office: Unit, approver: Account) -> None:
    result = take_in(db, plan())
    with pytest.raises(RuleBroken, match=r"publication\.late"):
        publish_plan(db, result, "duyet@example.vn", now=NOW)
    db.rollback()


def test_who_drafted_one_by_hand_does_not_publish_it(db: Db, office: Unit, approver: Account) -> None:
    result = take_in(db, plan())
    rows(db)[date(2027, 1, 15)].drafted_by_id = approver.id
    with pytest.raises(RuleBroken, match=r"workflow\.own-draft"):
        published(db, result)


def test_publishing_names_the_notice_and_is_done_once(db: Db, office: Unit, approver: Account) -> None:
    notice = (
        "host: Chủ tịch UBND phường\n",
        "host: Chủ tịch UBND phường\n  notice: {number: 12/TB-UBND, date: 2026-07-01, signer: Lan}\n",
    )
    result = take_in(db, plan(notice))
    assert published(db, result) == 24
    row = rows(db)[date(2027, 1, 15)]
    assert (row.state, row.approved_by_id, row.drafted_by_id) == ("published", approver.id, None)
    assert row.notice is not None
    assert (row.notice.number, row.notice.signed_on, row.notice.signer) == ("12/TB-UBND", date(2026, 7, 1), "Lan")
    assert published(db, take_in(db, plan(notice))) == 0

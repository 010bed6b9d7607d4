"""What is sent twice is done once, and who comes second hears of the first."""

from datetime import date

import pytest

from scheduler.actions.adhoc import AdhocSitting, plan_adhoc
from scheduler.actions.occurrences import Paper, approve_on_paper
from scheduler.actions.records import Sheet, TurnGiven, correct_record, record_sitting
from scheduler.database import Db
from scheduler.errors import RuleBroken, Stale
from scheduler.models import Occurrence, SignedPaper
from tests.build import NOW, make_actor, make_occurrence, make_office, make_published

PAPER = Paper("12/TB-UBND", date(2026, 11, 20), "Nguyễn Văn Thử")


def test_a_paper_sent_twice_is_one_approval(db: Db) -> None:
    office, chairman = make_office(db)
    sitting, clerk = make_occurrence(db, office, chairman), make_actor(db, office)
    first = approve_on_paper(db, [sitting.id], PAPER, by=clerk, now=NOW)
    version = sitting.version
    assert approve_on_paper(db, [sitting.id], PAPER, by=clerk, now=NOW) is first
    assert (db.query(SignedPaper).count(), sitting.version) == (1, version)
    with pytest.raises(RuleBroken, match="wrong-step"):
        approve_on_paper(db, [sitting.id], Paper("13/TB-UBND", date(2026, 11, 20), "x"), by=clerk, now=NOW)


def test_an_adhoc_sitting_sent_twice_is_one_draft(db: Db) -> None:
    office, chairman = make_office(db)
    clerk, other = make_actor(db, office), make_actor(db, office)
    wanted = AdhocSitting((chairman.id,), date(2026, 12, 3), ("08:00-10:00",), "Trụ sở", kind="dialogue")
    first = plan_adhoc(db, office.id, wanted, feed_domain="example.vn", by=clerk, now=NOW)
    assert plan_adhoc(db, office.id, wanted, feed_domain="example.vn", by=clerk, now=NOW) is first
    later = AdhocSitting((chairman.id,), date(2026, 12, 3), ("14:00-16:00",), "Trụ sở", kind="dialogue")
    plan_adhoc(db, office.id, later, feed_domain="example.vn", by=clerk, now=NOW)
    with pytest.raises(RuleBroken):  # another's draft of the same hour is a clash, not the same form again
        plan_adhoc(db, office.id, wanted, feed_domain="example.vn", by=other, now=NOW)
    plan_adhoc(db, office.id, wanted, feed_domain="example.vn", keep_reason="Hai buổi nối nhau", by=other, now=NOW)
    assert db.query(Occurrence).count() == 3


def test_who_corrects_an_old_record_hears_who_wrote_the_newer_one(db: Db) -> None:
    office, chairman = make_office(db)
    first, second = make_actor(db, office), make_actor(db, office, "approver", "secretariat")
    sitting = make_published(db, office, chairman, day=date(2026, 11, 19))
    turn = TurnGiven(chairman.id, "07:30", "11:00", name="Nguyễn Văn Thử")
    sheet = Sheet((turn,), nobody_came=True)
    kept = record_sitting(db, sitting.slug, sitting.version, sheet, by=first, now=NOW)
    with pytest.raises(Stale) as refusal:
        correct_record(db, sitting.slug, kept.version + 1, sheet, reason="nhầm", by=second, now=NOW)
    assert refusal.value.facts["who"] == first.name

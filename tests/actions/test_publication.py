"""Submit, approve, publish: who may, in which order, and how lateness is told."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from scheduler.actions.notices import add_posting, sign_notice
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
from scheduler.database import Db
from scheduler.errors import BadInput, NotAllowed, NotFound, RuleBroken, Stale
from scheduler.models import Entry, FeedVersion, Letter
from tests.build import make_actor, make_occurrence, make_office, make_unit

LATER = date(2026, 12, 10)
NEAR = date(2026, 11, 25)
PDF = b"%PDF-1.7 signed"


def test_the_whole_way(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    clerk, head = make_actor(db, office), make_actor(db, office, "approver")
    sitting = make_occurrence(db, office, chairman, day=LATER)
    assert submit_occurrences(db, [sitting.id], by=clerk, now=now) == 1
    assert approve_occurrences(db, [sitting.id], by=head, now=now) == 1
    [notice] = publish_occurrences(db, [sitting.id], by=clerk, now=now)
    assert (sitting.state, sitting.published_day, sitting.sequence) == ("published", LATER, 0)
    assert [posting.where for posting in notice.postings] == ["website"]
    deeds = [entry.deed for entry in db.query(Entry).order_by(Entry.id)]
    assert deeds == ["occurrence.submitted", "occurrence.approved", "occurrence.published", "notice.published"]
    assert {row.feed for row in db.query(FeedVersion)} >= {f"unit:{office.id}", f"post:{chairman.id}"}


def test_each_step_twice_is_harmless(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    clerk, head = make_actor(db, office), make_actor(db, office, "approver")
    sitting = make_occurrence(db, office, chairman, day=LATER)
    for _ in range(2):
        submit_occurrences(db, [sitting.id], by=clerk, now=now)
    for _ in range(2):
        approve_occurrences(db, [sitting.id], by=head, now=now)
    assert len(publish_occurrences(db, [sitting.id], by=clerk, now=now)) == 1
    assert publish_occurrences(db, [sitting.id], by=clerk, now=now) == []
    assert db.query(Entry).filter_by(deed="occurrence.approved").count() == 1


def test_who_drafted_does_not_approve(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    both = make_actor(db, office, "secretariat", "approver")
    sitting = make_occurrence(db, office, chairman, drafted_by_id=both.account_id)
    submit_occurrences(db, [sitting.id], by=make_actor(db, office), now=now)
    with pytest.raises(RuleBroken, match="own-draft"):
        approve_occurrences(db, [sitting.id], by=both, now=now)


def test_who_submitted_does_not_approve(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    both = make_actor(db, office, "secretariat", "approver")
    sitting = make_occurrence(db, office, chairman)
    submit_occurrences(db, [sitting.id], by=both, now=now)
    with pytest.raises(RuleBroken, match="own-draft"):
        approve_occurrences(db, [sitting.id], by=both, now=now)


def test_rights_hold_in_the_unit_and_below(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    elsewhere = make_unit(db, name="UBND phường Cửa Nam")
    sitting = make_occurrence(db, office, chairman)
    with pytest.raises(NotFound):
        submit_occurrences(db, [sitting.id], by=make_actor(db, elsewhere), now=now)
    with pytest.raises(NotAllowed):
        submit_occurrences(db, [sitting.id], by=make_actor(db, office, "supervisor"), now=now)
    province = office.parent.parent
    assert submit_occurrences(db, [sitting.id], by=make_actor(db, province), now=now) == 1


def test_no_step_is_skipped(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    sitting = make_occurrence(db, office, chairman)
    with pytest.raises(RuleBroken, match="wrong-step"):
        approve_occurrences(db, [sitting.id], by=make_actor(db, office, "approver"), now=now)
    with pytest.raises(RuleBroken, match="wrong-step"):
        publish_occurrences(db, [sitting.id], reason="gấp", by=make_actor(db, office), now=now)


def test_late_publishing_needs_a_reason_and_keeps_it(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    clerk = make_actor(db, office)
    sitting = _approved(db, office, chairman, day=NEAR, now=now)
    with pytest.raises(RuleBroken, match=r"publication\.late"):
        publish_occurrences(db, [sitting.id], by=clerk, now=now)
    publish_occurrences(db, [sitting.id], reason=" Mới bổ nhiệm ", by=clerk, now=now)
    assert sitting.late_reason == "Mới bổ nhiệm"


def test_a_sitting_in_time_keeps_no_reason(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    sitting = _approved(db, office, chairman, day=LATER, now=now)
    publish_occurrences(db, [sitting.id], reason="không cần", by=make_actor(db, office), now=now)
    assert sitting.late_reason == ""


def test_an_edit_lets_the_approval_lapse(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    sitting = _approved(db, office, chairman, day=LATER, now=now)
    edit = OccurrenceEdit(place="Hội trường")
    edit_occurrence(db, sitting.slug, sitting.version, edit, by=make_actor(db, office), now=now)
    assert (sitting.state, sitting.approved_content, sitting.approved_by_id) == ("draft", None, None)


def test_what_changed_behind_the_approval_is_not_published(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    sitting = _approved(db, office, chairman, day=LATER, now=now)
    sitting.place = "Nơi khác"
    db.flush()
    with pytest.raises(RuleBroken, match="changed-since"):
        publish_occurrences(db, [sitting.id], by=make_actor(db, office), now=now)


def test_the_second_editor_is_told_and_nothing_is_overwritten(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    clerk = make_actor(db, office)
    sitting = make_occurrence(db, office, chairman)
    opened = sitting.version
    edit_occurrence(db, sitting.slug, opened, OccurrenceEdit(place="Phòng một"), by=clerk, now=now)
    with pytest.raises(Stale) as refusal:
        edit_occurrence(db, sitting.slug, opened, OccurrenceEdit(place="Phòng hai"), by=clerk, now=now)
    assert refusal.value.facts == {"who": clerk.name, "at": "9 giờ ngày 22/11/2026"}
    assert sitting.place == "Phòng một"


def test_another_day_by_hand_needs_a_reason(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    clerk = make_actor(db, office)
    sitting = make_occurrence(db, office, chairman)
    other = LATER + timedelta(days=1)
    with pytest.raises(RuleBroken, match="needs-reason"):
        edit_occurrence(db, sitting.slug, sitting.version, OccurrenceEdit(day=other), by=clerk, now=now)


def test_a_day_by_hand_says_why_and_moves_the_span(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    sitting = make_occurrence(db, office, chairman)
    other = LATER + timedelta(days=1)
    edit = OccurrenceEdit(day=other, reason="Họp Thành ủy", hours=("08:00-10:00",), attend=("Công an phường",))
    edit_occurrence(db, sitting.slug, sitting.version, edit, by=make_actor(db, office), now=now)
    assert (sitting.day, sitting.outcome, sitting.hours, sitting.changed_by_hand) == (
        other,
        "moved",
        ["08:00-10:00"],
        True,
    )
    assert sitting.starts_at == datetime.fromisoformat("2026-12-11T08:00+07:00")
    assert sitting.hosts[0].starts_at == sitting.starts_at


def test_a_returned_sitting_carries_the_reason(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    head = make_actor(db, office, "approver")
    sitting = make_occurrence(db, office, chairman)
    submit_occurrences(db, [sitting.id], by=make_actor(db, office), now=now)
    with pytest.raises(RuleBroken, match="needs-reason"):
        return_occurrences(db, [sitting.id], " ", by=head, now=now)
    return_occurrences(db, [sitting.id], "Thiếu địa điểm", by=head, now=now)
    assert sitting.state == "draft"
    assert db.query(Entry).filter_by(deed="occurrence.returned").one().facts == {"reason": "Thiếu địa điểm"}


def test_signed_paper_approves_and_is_cited(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    clerk = make_actor(db, office)
    sitting = make_occurrence(db, office, chairman)
    paper = Paper("12/TB-UBND", date(2026, 11, 20), "Trần Thị Thử", "KT. CHỦ TỊCH", PDF, "thong-bao.pdf")
    signed = approve_on_paper(db, [sitting.id], paper, by=clerk, now=now)
    assert (sitting.state, sitting.paper_id) == ("approved", signed.id)
    [notice] = publish_occurrences(db, [sitting.id], by=clerk, now=now)
    assert notice.paper is signed
    assert signed.attachment is not None
    assert signed.attachment.public


@pytest.mark.parametrize(
    ("paper", "word"),
    [
        (Paper("", date(2026, 11, 20), "Trần Thị Thử"), "needs-paper"),
        (Paper("12/TB-UBND", None, "Trần Thị Thử"), "needs-paper"),
        (Paper("12/TB-UBND", date(2026, 11, 20), " "), "needs-paper"),
    ],
)
def test_a_paper_without_its_marks_is_refused(db: Db, now: datetime, paper: Paper, word: str) -> None:
    office, chairman = make_office(db)
    sitting = make_occurrence(db, office, chairman)
    with pytest.raises(RuleBroken, match=word):
        approve_on_paper(db, [sitting.id], paper, by=make_actor(db, office), now=now)


def test_only_a_pdf_of_fair_size_is_kept(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    clerk, sitting = make_actor(db, office), make_occurrence(db, office, chairman)
    paper = Paper("12/TB-UBND", date(2026, 11, 20), "Trần Thị Thử", pdf=b"GIF89a")
    with pytest.raises(BadInput, match="not-a-pdf"):
        approve_on_paper(db, [sitting.id], paper, by=clerk, now=now)
    large = replace(paper, pdf=PDF + b"0" * 6 * 1024**2)
    with pytest.raises(BadInput, match="pdf-too-large"):
        approve_on_paper(db, [sitting.id], large, by=clerk, now=now)


def test_the_line_is_met_when_office_place_and_website_hang_it(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    clerk = make_actor(db, office)
    sitting = _approved(db, office, chairman, day=LATER, now=now)
    [notice] = publish_occurrences(db, [sitting.id], by=clerk, now=now)
    hour = timedelta(hours=1)
    add_posting(db, notice.id, "office", posted_at=now + hour, who="Bà Lan", by=clerk, now=now + 2 * hour)
    assert notice.posted_at is None
    for _ in range(2):
        add_posting(db, notice.id, "reception_place", posted_at=now + 2 * hour, who="", by=clerk, now=now + 3 * hour)
    assert notice.posted_at == now + 2 * hour
    assert len(notice.postings) == 3


def test_a_posting_is_something_done(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    clerk = make_actor(db, office)
    [notice] = publish_occurrences(db, [_approved(db, office, chairman, day=LATER, now=now).id], by=clerk, now=now)
    with pytest.raises(BadInput, match="not-yet"):
        add_posting(db, notice.id, "office", posted_at=now + timedelta(days=1), who="", by=clerk, now=now)
    with pytest.raises(BadInput, match="unknown-place"):
        add_posting(db, notice.id, "moon", posted_at=now, who="", by=clerk, now=now)
    with pytest.raises(NotFound):
        add_posting(db, 999, "office", posted_at=now, who="", by=clerk, now=now)


def test_number_and_signer_come_later(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    clerk = make_actor(db, office)
    [notice] = publish_occurrences(db, [_approved(db, office, chairman, day=LATER, now=now).id], by=clerk, now=now)
    sign_notice(db, notice.id, Paper("12/TB-UBND", date(2026, 11, 20), "Trần Thị Thử", pdf=PDF), by=clerk, now=now)
    assert (notice.number, notice.signer) == ("12/TB-UBND", "Trần Thị Thử")
    with pytest.raises(RuleBroken, match="needs-paper"):
        sign_notice(db, notice.id, Paper("12/TB-UBND", None, ""), by=clerk, now=now)


def test_reminders_of_a_near_sitting_are_planned_at_once(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    sitting = _approved(db, office, chairman, day=date(2026, 12, 3), now=now)
    publish_occurrences(db, [sitting.id], by=make_actor(db, office), now=now)
    due = [(letter.due_at.isoformat(), letter.invitation) for letter in db.query(Letter).order_by(Letter.due_at)]
    # Seven days before at eight, and 16:30 on the working day before, both on a Vietnamese clock.
    assert due == [("2026-11-26T01:00:00+00:00", "REQUEST"), ("2026-12-02T09:30:00+00:00", "REQUEST")]


def _approved(db: Db, office: object, chairman: object, *, day: date, now: datetime) -> object:
    sitting = make_occurrence(db, office, chairman, day=day)
    submit_occurrences(db, [sitting.id], by=make_actor(db, office), now=now)
    approve_occurrences(db, [sitting.id], by=make_actor(db, office, "approver"), now=now)
    return sitting

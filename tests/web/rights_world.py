"""An office with one thing of each kind, and the units around it: what the tests of rights walk through."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from scheduler.database import Database
from scheduler.models import (
    Attachment,
    BusyCalendar,
    Call,
    Conclusion,
    ConclusionItem,
    Delegation,
    Dispute,
    Document,
    Holding,
    Letter,
    Matter,
    Notice,
    OldSheet,
    Place,
    Posting,
    Proposal,
    Role,
    Schedule,
    ScheduleHost,
    Suspension,
    SuspensionAnswer,
    SuspensionProposal,
    Task,
    TaskEvent,
    Unit,
)
from tests.build import (
    NOW,
    make_account,
    make_holder,
    make_occurrence,
    make_office,
    make_place,
    make_post,
    make_published,
    make_registration,
    make_unit,
)

DAY = date(2026, 12, 10)
SERIES = {
    "key": "chu-tich",
    "kind": "periodic_reception",
    "host": "Chủ tịch UBND",
    "rule": {"every": "month", "days": [15]},
    "starts": DAY.isoformat(),
    "hours": ["07:30-11:30"],
    "place": "Trụ sở",
}


@dataclass
class World:
    """An office with one thing of each kind, and the units around it by where they stand."""

    units: dict[str, Unit]
    names: dict[str, str] = field(default_factory=dict)


def make_world(database: Database) -> World:
    """Everything belongs to the office "own"; "above" is its city, "below" a room of it, "beside" another ward's."""
    with database.transaction() as db:
        office, chairman = make_office(db)
        ward = db.get_one(Unit, office.parent_id)
        city = db.get_one(Unit, ward.parent_id)
        other = make_unit(db, "00071-ubnd", name="UBND phường Cửa Nam", parent=make_unit(db, "00071", parent=city))
        room = make_unit(db, "00070-vp", name="Văn phòng", parent=office, kind="department")
        department = make_unit(db, "00070-kt", name="Phòng Kinh tế", parent=office, kind="department")
        world = World({"own": office, "above": city, "below": room, "beside": other})
        draft = make_occurrence(db, office, chairman, day=DAY)
        sitting = make_published(db, office, chairman, day=DAY + timedelta(days=7))
        concluded = make_published(db, office, chairman, day=date(2026, 11, 5), state="concluded")
        conclusion = Conclusion(
            occurrence_id=concluded.id, number="1", signed_on=concluded.day, signer="x", recorded_at=NOW
        )
        item = ConclusionItem(
            position=1, text="Dựng biển báo", lead_unit_id=department.id, working_days=10, due_day=DAY, due_why=[]
        )
        conclusion.items.append(item)
        proof = Attachment(
            unit_id=department.id, slug="p" * 32, name="a.pdf", media_type="application/pdf", sha256="0" * 64,
            at=NOW, content=b"%PDF-1.7 secret",
        )  # fmt: skip
        task = Task(
            slug="t" * 32, item=item, unit_id=department.id, owner_unit_id=office.id, state="assigned",
            due_day=DAY, due_why=[], first_due_day=DAY, made_at=NOW,
        )  # fmt: skip
        task.events.append(TaskEvent(at=NOW, kind="assigned", by="x", attachment=proof))
        notice = Notice(unit_id=office.id, published_at=NOW)
        letter = Letter(
            key="k", kind="reminder", unit_id=office.id, recipient="a@example.vn", language="vi", facts={},
            due_at=NOW, made_at=NOW, state="failed",
        )  # fmt: skip
        schedule = Schedule(
            unit_id=office.id, key="chu-tich", kind="periodic_reception", starts=DAY, drafted_via="web",
            created_at=NOW, series=SERIES, hosts=[ScheduleHost(post_id=chairman.id, position=0)],
        )  # fmt: skip
        document = Document(
            slug="d" * 32, unit_id=office.id, kind="schedule", title="Lịch", made_of=[], fingerprint="x", made_at=NOW,
            pdf=b"%PDF-1.7 secret",
        )  # fmt: skip
        db.add_all([document, conclusion, task, notice, letter, schedule])
        db.flush()
        proposal = Proposal(
            unit_id=office.id, occurrence_id=sitting.id, cause="plan", proposed={"state": "cancelled"}, why=[],
            subject_version=0, proposed_by="plan", made_at=NOW,
        )  # fmt: skip
        account = make_account(db, office, "officer")
        delegation = Delegation(
            from_account_id=make_account(db, office, "approver").id, to_account_id=account.id, unit_id=office.id,
            acts=["approve"], first_day=DAY, last_day=DAY, reason="Nghỉ phép", made_at=NOW,
        )  # fmt: skip
        deputy = make_post(db, office, "Phó Chủ tịch UBND", duty="", is_head=False)
        person = make_holder(db, deputy)
        posting = Posting(notice_id=notice.id, where="office", posted_at=NOW, by="x", recorded_at=NOW)
        db.add_all([proposal, delegation, posting])
        db.flush()
        visit = make_registration(db, sitting)
        matter = Matter(
            unit_id=office.id, occurrence_id=sitting.id, registration=visit, year=2026, number=1, received_on=DAY,
            due_day=DAY, due_why=[], made_at=NOW, direction="accepted", in_charge="Phòng Kinh tế",
        )  # fmt: skip
        matter.disputes.append(Dispute(unit_id=office.id, made_at=NOW))
        db.add(matter)
        db.flush()
        call = Call(unit_id=office.id, occurrence_id=sitting.id, role="host", name="x", words="x", made_at=NOW)
        sheet = OldSheet(unit_id=office.id, posting_id=posting.id, occurrence_id=sitting.id, made_at=NOW)
        suspension = Suspension(unit_id=office.id, first_day=DAY, last_day=DAY, reason="x", made_at=NOW)
        busy = BusyCalendar(
            unit_id=office.id, post_id=deputy.id, source="address", address="https://x.vn/", created_at=NOW
        )
        span = {"first_day": DAY, "last_day": DAY, "reason": "Bão", "made_at": NOW}
        asked, from_city = SuspensionProposal(unit_id=office.id, **span), SuspensionProposal(unit_id=city.id, **span)
        answer = SuspensionAnswer(unit_id=office.id)
        from_city.answers.append(answer)
        db.add_all([call, sheet, suspension, busy, asked, from_city])
        db.flush()
        world.names = {
            "draft": draft.slug, "draft_id": str(draft.id), "sitting": sitting.slug, "concluded": concluded.slug,
            "task": task.slug, "proof": proof.slug, "notice": str(notice.id), "document": document.slug, "shape": "pdf",
            "table": "xlsx", "year": "2026", "template": "schedule",
            "proposal": str(proposal.id),
            "call": str(call.id), "matter": str(matter.id), "dispute": str(matter.disputes[0].id),
            "visit": visit.slug, "sheet": str(sheet.id), "suspension": str(suspension.id),
            "asked": str(asked.id), "answer": str(answer.id),
            "letter": str(letter.id), "schedule": str(schedule.id), "unit": office.code, "post": deputy.code,
            "place": str(db.query(Place).filter_by(unit_id=office.id).one().id), "person": str(person.id),
            "holding": str(db.query(Holding).filter_by(person_id=person.id).one().id), "account": str(account.id),
            "delegation": str(delegation.id), "busy": str(busy.id),
            "role": str(db.query(Role).filter_by(account_id=account.id).one().id),
        }  # fmt: skip
        make_place(db, other)
        return world

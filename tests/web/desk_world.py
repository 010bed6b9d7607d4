"""An office on Sunday 22/11/2026 with two of everything its desk can ask for."""

from dataclasses import dataclass
from datetime import date

from scheduler.database import Database, Db
from scheduler.models import (
    Account,
    Conclusion,
    ConclusionItem,
    Letter,
    Notice,
    Occurrence,
    Post,
    Proposal,
    Role,
    Task,
    Unit,
)
from tests.build import NOW, make_account, make_occurrence, make_office, make_post, make_published, make_unit

NEAR, FAR, WEEK, PAST = date(2026, 12, 3), date(2026, 12, 15), date(2026, 11, 25), date(2026, 11, 10)
WHOLE = {"attend": ["Công an phường"], "content": "Tiếp định kỳ", "stand_in": "Phó Chủ tịch"}


@dataclass
class DeskWorld:
    """The office, its clerk and approver, somebody who is both, and the draft's address."""

    office: Unit
    clerk: Account
    head: Account
    both: Account
    draft: str


def make_desk_world(database: Database, times: int = 2) -> DeskWorld:
    """Two (`times`) sittings in every line, and as many tasks, letters, notices, proposals and posts."""
    with database.transaction() as db:
        office, chairman = make_office(db)
        clerk, head = make_account(db, office), make_account(db, office, "approver")
        both = make_account(db, office, "secretariat")
        db.add(Role(account_id=both.id, unit_id=office.id, role="approver"))
        other = make_post(db, office, "Phó Chủ tịch UBND", is_head=False)
        draft = None
        for number in range(times):
            draft = _sittings(db, office, chairman, number)
            _findings(db, office, other, number)
        assert draft is not None
        return DeskWorld(office, clerk, head, both, draft.slug)


def _sittings(db: Db, office: Unit, chairman: Post, number: int) -> Occurrence:
    for state, day in (
        ("approved", NEAR), ("draft", NEAR), ("submitted", NEAR), ("submitted", FAR), ("approved", FAR),
        ("draft", None), ("postponed", None), ("published", PAST), ("held", PAST), ("published", WEEK),
    ):  # fmt: skip
        moved = day.replace(day=day.day + number) if day else None
        make_occurrence(db, office, chairman, day=moved, planned_day=moved or date(2026, 11, 26), state=state)
    return make_occurrence(db, office, chairman, day=FAR.replace(day=18 + number))


def _findings(db: Db, office: Unit, post: Post, number: int) -> None:
    """A notice that hangs nowhere, a letter that failed, a late task and one that is done, a proposal, a post."""
    notice = Notice(unit_id=office.id, published_at=NOW, number=f"{number}/TB-UBND")
    db.add(notice)
    db.flush()
    nobody = make_post(db, office, f"Phó Chủ tịch {number}", duty="", is_head=False)
    sitting = make_published(db, office, nobody, day=FAR.replace(day=21 + number), notice_id=notice.id, **WHOLE)
    held = make_published(db, office, post, day=PAST, state="concluded")
    department = make_unit(db, name=f"Phòng Kinh tế {number}", parent=office, kind="department")
    conclusion = Conclusion(
        occurrence_id=held.id, number="1", signed_on=PAST, signer="x", recorded_at=NOW, nothing_to_do=False
    )
    for place, (state, due) in enumerate((("assigned", PAST), ("assigned", WEEK), ("done", WEEK))):
        item = ConclusionItem(
            position=place,
            text="Việc",
            lead_unit_id=department.id,
            working_days=10,
            due_day=due,
            due_why=[],
            compiled_at=NOW,
        )
        conclusion.items.append(item)
        db.add(
            Task(
                slug=f"task{number}{place}",
                item=item,
                unit_id=department.id,
                owner_unit_id=office.id,
                state=state,
                due_day=due,
                due_why=[],
                first_due_day=due,
                made_at=NOW,
                asked_day=FAR if due == PAST else None,
            )
        )
    db.add(conclusion)
    db.add(
        Letter(
            key=f"k{number}",
            kind="reminder",
            unit_id=office.id,
            recipient="a@example.vn",
            language="vi",
            facts={},
            due_at=NOW,
            made_at=NOW,
            state="failed",
        )
    )
    db.add(
        Proposal(
            unit_id=office.id,
            occurrence_id=sitting.id,
            cause="plan",
            proposed={"state": "cancelled"},
            why=[],
            subject_version=0,
            proposed_by="plan",
            made_at=NOW,
        )
    )
    db.flush()

"""Two people at the same moment: one deed, and a clear answer for the second."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.test import TestResponse

from scheduler.actions.occurrences import approve_occurrences, submit_occurrences
from scheduler.database import Database
from scheduler.models import Entry, Notice, Occurrence, Posting, Proposal
from tests.build import NOW, actor_for, make_account, make_occurrence, make_office, make_published
from tests.visitors import SignIn, Visitor

DAY = date(2026, 12, 17)


class Office:
    """UBND phường with two secretaries and two approvers, and sittings to work on."""

    def __init__(self, database: Database) -> None:
        with database.transaction() as db:
            self.unit, self.chairman = make_office(db)
            self.clerks = [make_account(db, self.unit, name=f"Văn thư {n}") for n in (1, 2)]
            self.approvers = [make_account(db, self.unit, "approver", name=f"Người duyệt {n}") for n in (1, 2)]
            self.draft = make_occurrence(db, self.unit, self.chairman, day=DAY)
            self.public = make_published(db, self.unit, self.chairman, day=DAY + timedelta(days=7))
        self.database = database

    def approve(self) -> None:
        """Take the draft as far as approved."""
        clerk = actor_for(self.clerks[0], self.unit)
        approver = actor_for(self.approvers[0], self.unit, "approver")
        with self.database.transaction() as db:
            submit_occurrences(db, [self.draft.id], by=clerk, now=NOW)
        with self.database.transaction() as db:
            approve_occurrences(db, [self.draft.id], by=approver, now=NOW)

    def count(self, table: type, *where: object) -> int:
        """How many rows there are."""
        with self.database.open() as db:
            return db.query(table).filter(*where).count()  # type: ignore[arg-type]


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def at_once(*deeds: Callable[[], TestResponse]) -> list[int]:
    """Send all of them at the same moment; their statuses, the lowest first."""
    start = Barrier(len(deeds))

    def send(deed: Callable[[], TestResponse]) -> int:
        start.wait()
        return deed().status_code

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(send, deeds))


def post(visitor: Visitor, page: str, data: dict[str, object], to: str = "") -> Callable[[], TestResponse]:
    """A form that is open already, to be sent later."""
    token = visitor.get(page).text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    return lambda: visitor.post(to or page, data={**data, "csrf_token": token})


def test_two_who_publish_at_once_make_one_notice(office: Office, sign_in: SignIn) -> None:
    office.approve()
    page = f"/desk/occurrences/publish?id={office.draft.id}"
    form = {"do": "publish", "id": office.draft.id}
    statuses = at_once(*(post(sign_in(clerk), page, dict(form)) for clerk in office.clerks))
    assert statuses[0] == 303
    assert statuses[1] in (303, 409)
    assert office.count(Notice) == 1
    assert office.count(Entry, Entry.deed == "occurrence.published") == 1


def test_two_who_approve_at_once_approve_once(office: Office, sign_in: SignIn) -> None:
    with office.database.transaction() as db:
        submit_occurrences(db, [office.draft.id], by=actor_for(office.clerks[0], office.unit), now=NOW)
    page = f"/desk/occurrences/approve?id={office.draft.id}"
    form = {"do": "approve", "id": office.draft.id}
    address = "/desk/occurrences/approve"
    statuses = at_once(*(post(sign_in(head), page, dict(form), to=address) for head in office.approvers))
    assert statuses[0] == 303
    assert statuses[1] in (303, 409)
    assert office.count(Entry, Entry.deed == "occurrence.approved") == 1


def test_two_who_move_one_sitting_at_once_move_it_once(office: Office, sign_in: SignIn) -> None:
    page = f"/desk/occurrences/{office.public.slug}/change/move"
    days = ("2026-12-28", "2026-12-29")
    form = {"version": office.public.version, "reason": "Họp Quốc hội", "hours": "7:30-11:30", "place": "Trụ sở"}
    deeds = [post(sign_in(clerk), page, form | {"day": day}) for clerk, day in zip(office.clerks, days, strict=True)]
    assert at_once(*deeds) == [303, 409]
    with office.database.open() as db:
        moved = db.get_one(Occurrence, office.public.id)
        assert (moved.sequence, len(moved.changes)) == (1, 1)


def test_a_form_sent_twice_changes_once_and_answers_alike(office: Office, sign_in: SignIn) -> None:
    page = f"/desk/occurrences/{office.public.slug}/change/cancel"
    send = post(sign_in(office.clerks[0]), page, {"version": office.public.version, "reason": "Bão số 9"})
    assert [send().status_code, send().status_code] == [303, 303]
    with office.database.open() as db:
        assert db.get_one(Occurrence, office.public.id).sequence == 1


def test_two_who_decide_one_proposal_at_once_decide_it_once(office: Office, sign_in: SignIn) -> None:
    with office.database.transaction() as db:
        proposal = Proposal(
            unit_id=office.unit.id,
            occurrence_id=office.public.id,
            cause="plan",
            proposed={"state": "cancelled"},
            why=[],
            subject_version=0,
            state="open",
            proposed_by="plan",
            made_at=NOW,
        )
        db.add(proposal)
        db.flush()
        number = proposal.id
    deeds = [
        post(sign_in(approver), "/desk/proposals", {"do": do, "id": number, "reason": "Theo kế hoạch"})
        for approver, do in zip(office.approvers, ("accept", "refuse"), strict=True)
    ]
    statuses = at_once(*deeds)
    assert statuses[0] == 303
    assert statuses[1] in (409, 422)
    with office.database.open() as db:
        decided = db.get_one(Proposal, number).state
        state = db.get_one(Occurrence, office.public.id).state
    assert (decided, state) in {("accepted", "cancelled"), ("refused", "published")}
    assert office.count(Entry, Entry.deed.in_(("proposal.accepted", "proposal.refused"))) == 1


def test_two_boards_noted_at_once_are_both_counted(office: Office, sign_in: SignIn) -> None:
    with office.database.transaction() as db:
        notice = Notice(unit_id=office.unit.id, published_at=NOW)
        notice.postings.append(Posting(where="website", posted_at=NOW, by="x", recorded_at=NOW))
        db.add(notice)
        db.flush()
        number = notice.id
    page = f"/desk/notices/{number}"
    deeds = [
        post(
            sign_in(clerk),
            page,
            {"where": where, "day": "2026-11-22", "hour": "08:00", "who": "", "note": ""},
            to=f"{page}/postings",
        )
        for clerk, where in zip(office.clerks, ("office", "reception_place"), strict=True)
    ]
    assert at_once(*deeds) == [303, 303]
    with office.database.open() as db:
        assert db.get_one(Notice, number).posted_at is not None


@pytest.mark.parametrize("fault", [StaleDataError("x"), IntegrityError("INSERT", {}, Exception("unique"))])
def test_a_race_that_shows_only_at_the_end_is_told_as_one(
    fault: Exception, office: Office, app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database speaks at the very commit: the answer is the refusal, and no page says later that it was done."""
    visitor = sign_in(office.clerks[0])
    send = post(
        visitor, f"/desk/occurrences/{office.draft.slug}", {"id": office.draft.id}, to="/desk/occurrences/submit"
    )

    def refuse(_session: object) -> None:
        raise fault

    with monkeypatch.context() as patched:
        patched.setattr(app.extensions["lichdan"].database._sessions.class_, "commit", refuse)
        answer = send()
    assert answer.status_code == 409
    assert "trước" in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "gửi" not in visitor.get("/desk/occurrences?list=drafts").text.split("<main")[0].split("flash")[-1]
    with office.database.open() as db:
        assert db.get_one(Occurrence, office.draft.id).state == "draft"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_locked_for_a_while_is_waited_for(office: Office, sign_in: SignIn) -> None:
    send = post(
        sign_in(office.clerks[0]),
        f"/desk/occurrences/{office.draft.slug}",
        {"id": office.draft.id},
        to="/desk/occurrences/submit",
    )
    with office.database.engine.connect() as other:  # BEGIN IMMEDIATE: nobody else writes now
        other.execute(text("SELECT 1"))
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(send)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=1)
            other.rollback()
            assert waiting.result(timeout=8).status_code == 303

"""An accepted proposal can be read wherever it is told: public pages, the desk, the task, the letters."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from scheduler.actions.days import seed_days, set_day
from scheduler.actions.proposals import accept_proposal, propose
from scheduler.database import Database
from scheduler.letters.render import render
from scheduler.models import Letter, Proposal
from scheduler.rules.permissions import COMMAND_LINE
from scheduler.rules.working_days import Day
from tests.actions.task_office import Office
from tests.build import make_account, make_actor, make_holder, make_office, make_post, make_published
from tests.conftest import NOW
from tests.visitors import SignIn, Visitor
from tests.web.checks import check_page

PROPOSED = (
    {"content": "Đất đai", "attend": ["Thanh tra"], "area": ["TDP 1"]},
    {"date": "2026-12-11", "hours": ["13:30-16:30"], "place": "Nhà văn hóa", "content": "Đất đai"},
    {"state": "postponed"},
    {"state": "cancelled"},
)


@pytest.mark.parametrize("proposed", PROPOSED)
def test_pages_and_letters_tell_it(
    database: Database, client: Visitor, sign_in: SignIn, proposed: dict[str, object]
) -> None:
    with database.transaction() as db:
        unit, chairman = make_office(db)
        seed_days(db, NOW)
        deputy = make_post(db, unit, "Phó Chủ tịch UBND", duty="")
        make_holder(db, deputy, email="pho@example.vn")
        clerk = make_account(db, unit)
        sitting = make_published(db, unit, chairman, day=date(2026, 12, 10), notify=["vanphong@example.vn"])
        hosts = {"hosts": [deputy.id]} if "state" not in proposed else {}
        made = propose(db, sitting, {**proposed, **hosts}, cause="plan", why=[], by=COMMAND_LINE, now=NOW)
        assert made is not None
        db.flush()
        accept_proposal(db, made.id, by=make_actor(db, unit, "approver"), now=NOW)
        slug = sitting.slug
    desk = sign_in(clerk)
    for path in (f"/occurrences/{slug}", "/units/00070", "/"):
        check_page(client.get(path).text)
        check_page(client.get(f"/en{path}").text, "en")
    for path in (f"/desk/occurrences/{slug}", "/desk", "/desk/ledger"):
        check_page(desk.get(path).text)
    assert client.get("/feeds/unit/00070.ics").status_code == 200
    with database.open() as db:
        letters = db.scalars(select(Letter)).all()
        assert {letter.recipient for letter in letters} >= {"vanphong@example.vn"}
        for letter in letters:
            for language in ("vi", "en"):
                assert render(letter.kind, letter.facts, language, base_url="https://lich.example.vn").subject


def test_a_deadline_counted_anew_is_told_to_the_unit(database: Database, sign_in: SignIn) -> None:
    now = datetime(2026, 9, 4, 2, tzinfo=UTC)
    with database.transaction() as db:
        seed_days(db, now)
        office = Office(db)
        task = office.task()
        clerk = make_account(db, office.unit)
        set_day(db, Day(date(2026, 9, 10), True, "Nghỉ", "QĐ"), by=COMMAND_LINE, now=now)
        (proposal,) = db.scalars(select(Proposal))
        accept_proposal(db, proposal.id, by=make_actor(db, office.unit, "approver"), now=now)
        slug = task.slug
    desk = sign_in(clerk)
    for path in (f"/desk/tasks/{slug}", f"/en/desk/tasks/{slug}"):
        page = desk.get(path)
        assert page.status_code == 200
        check_page(page.text, "en" if path.startswith("/en") else "vi")
    assert "Tính lại hạn vì lịch làm việc thay đổi" in desk.get(f"/desk/tasks/{slug}").text
    with database.open() as db:
        news = db.scalars(select(Letter).where(Letter.kind == "task-news")).all()
        assert news
        for letter in news:
            told = render(letter.kind, letter.facts, "vi", base_url="https://lich.example.vn")
            assert "18/09/2026" in told.text
            assert render(letter.kind, letter.facts, "en", base_url="https://lich.example.vn").subject

"""A clash on the pages: told in one sentence, a field for the reason appears, and the reason stays in the office."""

from datetime import date

import pytest

from scheduler.actions.proposals import propose
from scheduler.database import Database
from scheduler.models import KeptClash, Occurrence
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW, make_account, make_occurrence, make_office, make_published
from tests.visitors import SignIn, Visitor
from tests.web.checks import check_page

DAY, NEXT = date(2026, 12, 10), date(2026, 12, 11)
KEEP = "Lý do giữ dù trùng lịch"
TAKEN = "Chủ tịch UBND đã có lịch tiếp công dân định kỳ (Chủ tịch UBND phường Hoàn Kiếm) từ 7 giờ 30 đến 11 giờ 30"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def clerk(database: Database, sign_in: SignIn) -> Visitor:
    with database.transaction() as db:
        office, chairman = make_office(db)
        make_published(db, office, chairman, day=DAY)
        make_published(db, office, chairman, day=NEXT, slug="buoihai")
        account = make_account(db, office)
    return sign_in(account)


def test_a_change_is_refused_and_then_kept_with_a_reason(clerk: Visitor, client: Visitor, database: Database) -> None:
    page = "/desk/occurrences/buoihai/change/move"
    assert KEEP not in clerk.get(page).text
    form = {"version": "1", "day": DAY.isoformat(), "hours": "10:00-12:00", "reason": "Họp Quốc hội"}
    answer = clerk.submit(page, form)
    assert answer.status_code == 422
    assert TAKEN in answer.text
    assert KEEP in answer.text
    assert "Họp Quốc hội" in answer.text
    check_page(answer.text)
    kept = clerk.submit(page, form | {"keep_reason": "Hai buổi trong một ngày"})
    assert kept.status_code == 303
    with database.open() as db:
        assert db.query(KeptClash).one().reason == "Hai buổi trong một ngày"
    assert "Hai buổi trong một ngày" in clerk.get("/desk/occurrences/buoihai").text
    for address in ("/occurrences/buoihai", "/units/00070-ubnd", "/feeds/unit/00070-ubnd.ics"):
        assert "Hai buổi trong một ngày" not in client.get(address).text


def test_an_ad_hoc_sitting_that_is_refused_leaves_nothing(clerk: Visitor, database: Database) -> None:
    page = "/desk/occurrences/new?unit=00070-ubnd"
    with database.open() as db:
        before = db.query(Occurrence).count()
        post = db.query(Occurrence).first().hosts[0].post_id  # type: ignore[union-attr]
    form = {
        "unit": "00070-ubnd", "kind": "adhoc_reception", "post": str(post), "ground": "sharp_or_complex",
        "day": DAY.isoformat(), "hours": "10:00-11:00", "place": "Trụ sở",
    }  # fmt: skip
    answer = clerk.submit(page, form)
    assert (answer.status_code, TAKEN in answer.text, KEEP in answer.text) == (422, True, True)
    with database.open() as db:
        assert db.query(Occurrence).count() == before
    assert clerk.submit(page, form | {"keep_reason": "Vụ việc gay gắt"}).status_code == 303


def test_publishing_asks_for_the_reason_too(database: Database, sign_in: SignIn, clerk: Visitor) -> None:
    with database.transaction() as db:
        first = db.query(Occurrence).first()
        assert first is not None
        twin = make_occurrence(db, first.unit, first.hosts[0].post, day=DAY)
        boss = make_account(db, first.unit, "approver")
    number = {"id": str(twin.id)}
    assert clerk.submit(f"/desk/occurrences/{twin.slug}", number, to="/desk/occurrences/submit").status_code == 303
    approver = sign_in(boss)
    assert approver.submit(f"/desk/occurrences/{twin.slug}", number, to="/desk/occurrences/approve").status_code == 303
    page = f"/desk/occurrences/publish?id={twin.id}"
    refused = clerk.submit(page, number | {"do": "publish"})
    assert (refused.status_code, TAKEN in refused.text, KEEP in refused.text) == (422, True, True)
    assert clerk.submit(page, number | {"do": "publish", "keep_reason": "Tiếp chung"}).status_code == 303


def test_a_proposal_that_leads_into_a_clash(database: Database, sign_in: SignIn, clerk: Visitor) -> None:
    with database.transaction() as db:
        second = db.query(Occurrence).filter_by(slug="buoihai").one()
        made = propose(db, second, {"date": DAY.isoformat()}, cause="plan", why=[], by=COMMAND_LINE, now=NOW)
        assert made is not None
        boss = make_account(db, second.unit, "approver")
    form = {"id": str(made.id), "do": "accept", "reason": "Theo kế hoạch mới"}
    approver = sign_in(boss)
    refused = approver.submit("/desk/proposals", form)
    assert (refused.status_code, TAKEN in refused.text, KEEP in refused.text) == (422, True, True)
    check_page(refused.text)
    assert approver.submit("/desk/proposals", form | {"keep_reason": "Tiếp liền hai buổi"}).status_code == 303
    with database.open() as db:
        assert db.query(Occurrence).filter_by(slug="buoihai").one().day == DAY
        assert db.query(KeptClash).one().reason == "Tiếp liền hai buổi"

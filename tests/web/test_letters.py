"""The pages of letters and jobs: what is listed to whom, what may be sent again, and what is held back."""

from datetime import timedelta

import pytest

from scheduler.actions.job_runs import record_run, tick_job
from scheduler.database import Database
from scheduler.models import Account, Entry, Letter, Unit
from scheduler.rules.letters import LETTERS
from tests.build import NOW, make_account, make_office, make_unit
from tests.jobs.outbox import letter, queue
from tests.letters.samples import SAMPLES
from tests.visitors import SignIn
from tests.web.checks import check_page


@pytest.fixture
def office(database: Database) -> Unit:
    with database.transaction() as db:
        office, _ = make_office(db)
    return office


@pytest.fixture
def clerk(database: Database, office: Unit) -> Account:
    with database.transaction() as db:
        return make_account(db, office, "secretariat")


@pytest.fixture
def administrator(database: Database, office: Unit) -> Account:
    with database.transaction() as db:
        return make_account(db, office, "administrator")


def test_letters_of_the_own_units_are_listed(database: Database, office: Unit, clerk: Account, sign_in: SignIn) -> None:
    with database.transaction() as db:
        mine = queue(db, "chutich@example.vn", unit_id=office.id)
        db.get_one(Letter, mine).state = "failed"
        db.get_one(Letter, mine).answer = "550 no such mailbox"
        stranger = make_unit(db)
        theirs = queue(db, "nguoikhac@example.vn", unit_id=stranger.id)
    visitor = sign_in(clerk)
    page = visitor.get("/desk/letters")
    check_page(page.text)
    assert "chutich@example.vn" in page.text
    assert "550 no such mailbox" in page.text
    assert "nguoikhac@example.vn" not in page.text
    assert visitor.get(f"/desk/letters/{theirs}").status_code == 404
    assert "chutich@example.vn" not in visitor.get("/desk/letters?state=sent").text
    assert visitor.get("/desk/letters?state=x&kind=y&before=z").status_code == 200
    check_page(visitor.get("/en/desk/letters?kind=publish-by").text, "en")


@pytest.mark.parametrize("kind", [kind.key for kind in LETTERS])
def test_every_letter_is_read_as_it_goes_out(
    database: Database, office: Unit, clerk: Account, sign_in: SignIn, kind: str
) -> None:
    with database.transaction() as db:
        letter_id = queue(db, kind=kind, facts=SAMPLES[kind], unit_id=office.id)
    page = sign_in(clerk).get(f"/desk/letters/{letter_id}")
    assert page.status_code == 200
    check_page(page.text)
    assert "Kính gửi Nguyễn Văn Thử." in page.text


def test_a_letter_that_is_no_longer_kept_says_so(
    database: Database, office: Unit, clerk: Account, sign_in: SignIn
) -> None:
    with database.transaction() as db:
        letter_id = queue(db, unit_id=office.id)
        row = db.get_one(Letter, letter_id)
        row.facts, row.recipient, row.recipient_name = {}, "", ""
    page = sign_in(clerk).get(f"/desk/letters/{letter_id}")
    assert page.status_code == 200
    assert "Nội dung không còn lưu." in page.text


def test_a_failed_letter_is_sent_again_by_a_button(
    database: Database, office: Unit, clerk: Account, sign_in: SignIn
) -> None:
    with database.transaction() as db:
        letter_id = queue(db, unit_id=office.id)
        db.get_one(Letter, letter_id).state = "failed"
    visitor = sign_in(clerk)
    address = f"/desk/letters/{letter_id}"
    answer = visitor.submit(address, to=f"{address}/again")
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    assert letter(database, letter_id).state == "due"
    with database.open() as db:
        assert db.query(Entry).filter_by(deed="letter.sent-again").one().account_id == clerk.id
    assert visitor.submit("/desk/letters", to=f"{address}/again").status_code == 422


def test_who_only_reads_sends_nothing(database: Database, office: Unit, sign_in: SignIn) -> None:
    with database.transaction() as db:
        supervisor = make_account(db, office, "supervisor")
        letter_id = queue(db, unit_id=office.id)
        db.get_one(Letter, letter_id).state = "failed"
    visitor = sign_in(supervisor)
    page = visitor.get(f"/desk/letters/{letter_id}")
    assert f"/desk/letters/{letter_id}/again" not in page.text
    assert visitor.submit("/desk/letters", to=f"/desk/letters/{letter_id}/again").status_code == 403
    assert visitor.get("/desk/jobs").status_code == 403


def test_an_administrator_lets_held_letters_go(
    database: Database, office: Unit, clerk: Account, administrator: Account, sign_in: SignIn
) -> None:
    with database.transaction() as db:
        mine, theirs = queue(db, unit_id=office.id), queue(db, unit_id=make_unit(db).id)
        for letter_id in (mine, theirs):
            db.get_one(Letter, letter_id).state = "held"
    assert "/desk/letters/held" not in sign_in(clerk).get("/desk/letters").text
    visitor = sign_in(administrator)
    page = visitor.get("/desk/letters").text
    check_page(page)
    assert "Cho gửi 1 thư" in page
    assert visitor.submit("/desk/letters", to="/desk/letters/held").status_code == 303
    assert (letter(database, mine).state, letter(database, theirs).state) == ("due", "held")


def test_the_page_of_jobs_tells_what_broke(database: Database, administrator: Account, sign_in: SignIn) -> None:
    visitor = sign_in(administrator)
    assert "Không có tiến trình nào" in visitor.get("/desk/jobs").text
    with database.transaction() as db:
        tick_job(db, "delivery", now=NOW)
        tick_job(db, "unheard", now=NOW - timedelta(days=1))
        record_run(db, "delivery", began_at=NOW, ended_at=NOW, found=3, done=2, failed=1, error="17: 550 <no>")
    page = visitor.get("/desk/jobs").text
    check_page(page)
    assert "Gửi thư" in page
    assert "17: 550 &lt;no&gt;" in page
    check_page(visitor.get("/en/desk/jobs").text, "en")

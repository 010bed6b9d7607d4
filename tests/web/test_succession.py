"""The guided step of a resolution through its pages, and what residents meet at the old addresses after it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from scheduler.actions.feeds import raise_versions
from scheduler.actions.units import create_bodies, create_unit
from scheduler.clock import local_date
from scheduler.database import Database
from scheduler.models import Account, Entry, KeptClash, Occurrence, Role, Succession, Unit
from scheduler.queries.units import post_by_code, unit_by_code
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW, make_account, make_holder, make_published, make_unit
from tests.visitors import SignIn, Visitor
from tests.web.checks import check_page
from tests.web.test_feeds import uids

STEP = "/desk/units/00073/succession"
DAY = local_date(NOW)
JOIN = {"kind": "join", "day": DAY.isoformat(), "number": "12/NQ", "signed_on": "2026-11-01", "shares": "00070"}
DIVIDE = JOIN | {"kind": "divide", "shares": "Phường Hoàn Kiếm (00070): Phố Hàng Bông; TDP 1\nPhường Ga: TDP 2"}
BY = {"by": COMMAND_LINE, "now": NOW}


@pytest.fixture
def head(database: Database) -> Account:
    """The administrator of Hà Nội, with two wards: one with a sitting to come and one that has been."""
    with database.transaction() as db:
        city = make_unit(db, "01", name="Thành phố Hà Nội", kind="place", level="province")
        for code, name in (("00073", "Phường Cửa Nam"), ("00070", "Phường Hoàn Kiếm")):
            ward = create_unit(db, name, level="commune", kind="place", code=code, parent=city, **BY)
            create_bodies(db, ward, **BY)
        chairman = post_by_code(db, "00073-ubnd-chu-tich")
        make_holder(db, chairman, email="cua@example.vn")
        make_published(db, chairman.unit, chairman, day=date(2026, 12, 10), slug="den", uid="den@example.vn")
        held = {"slug": "qua", "uid": "qua@example.vn", "state": "held"}
        make_published(db, chairman.unit, chairman, day=date(2026, 11, 5), **held)
        return make_account(db, city, "administrator")


def confirm(visitor: Visitor, data: dict[str, str]) -> None:
    page = visitor.submit(f"{STEP}?kind={data['kind']}", data | {"do": "preview"}, to=STEP)
    assert page.status_code == 200, page.text
    seen = page.text.partition('name="seen" value="')[2].partition('"')[0]
    for _ in range(2):  # pressed twice
        answer = visitor.submit("/desk/units/00070/edit", data | {"do": "confirm", "seen": seen}, to=STEP)
        assert (answer.status_code, answer.location) == (303, "/desk/units/00073")


def test_the_step_is_previewed_then_done_once(head: Account, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(head)
    for page in (STEP, *(f"{STEP}?kind={kind}" for kind in ("rename", "join", "found", "divide"))):
        check_page(visitor.get(page).text)
    page = visitor.submit(f"{STEP}?kind=join", JOIN | {"do": "preview"}, to=STEP)
    check_page(page.text)
    assert "Buổi đã công bố chuyển sang, giữ ngày giờ: 1" in page.text
    assert "Người được báo một thư: 1" in page.text
    with database.open() as db:
        assert unit_by_code(db, "00073").valid_to is None
        assert db.scalar(select(func.count(Entry.id)).where(Entry.deed == "unit.merged")) == 0
    confirm(visitor, JOIN)
    with database.open() as db:
        assert db.scalar(select(func.count(Succession.id))) == 1
        assert db.scalars(select(Occurrence).where(Occurrence.slug == "den")).one().unit.code == "00070-ubnd"
    check_page(visitor.get("/desk/units/00073").text)
    text = visitor.get("/desk/units/00070").text
    check_page(text)
    assert "Trước đây: <a" in text
    check_page(sign_in(head).get("/en/desk/units/00073").text, "en")


def test_a_preview_that_is_out_of_date_is_shown_anew(head: Account, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(head)
    answer = visitor.submit(f"{STEP}?kind=join", JOIN | {"do": "confirm", "seen": "x"}, to=STEP)
    assert answer.status_code in (409, 422)
    assert "Dữ liệu đã thay đổi" in answer.text
    assert 'value="confirm"' in answer.text
    with database.open() as db:
        assert db.scalar(select(func.count(Succession.id))) == 0
    wrong = visitor.submit(f"{STEP}?kind=join", JOIN | {"shares": "99999", "do": "preview"}, to=STEP)
    assert wrong.status_code == 422
    assert "99999" in wrong.text


def test_old_addresses_lead_on(head: Account, sign_in: SignIn, client: Visitor) -> None:
    confirm(sign_in(head), JOIN)
    moved = {
        "/units/00073": "/units/00070",
        "/en/units/00073": "/en/units/00070",
        "/units/00073-ubnd": "/units/00070-ubnd",
        "/posts/00073-ubnd-chu-tich": "/posts/00070-ubnd-chu-tich",
        "/feeds/unit/00073.ics?lang=en": "/feeds/unit/00070.ics?lang=en",
        "/feeds/unit/00073-ubnd.ics": "/feeds/unit/00070-ubnd.ics",
        "/feeds/post/00073-ubnd-chu-tich.ics": "/feeds/post/00070-ubnd-chu-tich.ics",
        "/units/00073/subscribe": "/units/00070/subscribe",
    }
    assert {path: client.get(path).location for path in moved} == moved
    assert {client.get(path).status_code for path in moved} == {301}
    old_year = client.get("/units/00073?year=2026").text
    check_page(old_year)
    assert "kết thúc hoạt động ngày 21/11/2026" in old_year
    assert "/occurrences/qua" in old_year
    new = client.get("/units/00070").text
    check_page(new)
    assert 'href="/units/00073?year=2026"' in new
    assert "Lịch đã đổi" not in new  # a new office on the same day is no change of the day
    sitting = client.get("/occurrences/den").text
    assert "Chuyển về" in sitting
    event = client.get("/feeds/unit/00070-ubnd.ics").text
    assert "UID:den@example.vn" in event
    assert "SEQUENCE:1" in event
    listed = client.get("/api/v1/occurrences?unit=00073&from=2026-10-01&to=2026-12-31").get_json()["items"]
    assert [row["uid"] for row in listed] == ["qua@example.vn", "den@example.vn"]


def test_a_divided_ward_asks_for_the_street(head: Account, sign_in: SignIn, client: Visitor) -> None:
    confirm(sign_in(head), DIVIDE)
    for path in ("/units/00073", "/en/units/00073", "/units/00073-ubnd"):
        answer = client.get(path)
        assert answer.status_code == 200
        check_page(answer.text, "en" if path.startswith("/en") else "vi")
        assert "Phố Hàng Bông" in answer.text
        assert "TDP 2" in answer.text
        assert not answer.headers.getlist("Set-Cookie")
    assert "/units/00070" in client.get("/units/00073").text
    # Whoever subscribed to the old calendar misses nothing, whatever the street.
    for feed in ("/feeds/unit/00073.ics", "/feeds/unit/00073-ubnd.ics", "/feeds/post/00073-ubnd-chu-tich.ics"):
        answer = client.get(feed)
        assert answer.status_code == 200
        assert uids(answer.data) == {"qua@example.vn", "den@example.vn"}
    assert "Phường Cửa Nam" in client.get("/search?q=cua nam").text


def test_a_feed_of_a_divided_ward_is_fresh(head: Account, sign_in: SignIn, client: Visitor, database: Database) -> None:
    confirm(sign_in(head), DIVIDE)
    before = client.get("/feeds/unit/00073.ics")
    with database.transaction() as db:
        office = unit_by_code(db, "00070-ubnd")
        post = post_by_code(db, "00070-ubnd-chu-tich")
        make_published(db, office, post, day=DAY + timedelta(days=30), uid="moi@example.vn")
        raise_versions(db, db.scalars(select(Occurrence.id)).all(), now=NOW)
    after = client.get("/feeds/unit/00073.ics?lang=vi")
    assert uids(after.data) - uids(before.data) == {"moi@example.vn"}


def test_a_new_name_by_a_resolution(head: Account, sign_in: SignIn, database: Database) -> None:
    rename = JOIN | {"kind": "rename", "name": "Phường Cửa Bắc"}
    confirm(sign_in(head), rename)
    with database.open() as db:
        ward = unit_by_code(db, "00073")
        assert (ward.name, ward.former_names) == ("Phường Cửa Bắc", ["Phường Cửa Nam"])
        assert db.scalars(select(Unit.name).where(Unit.code == "00073-ubnd")).one() == "UBND phường Cửa Bắc"
    assert "đổi tên từ Phường Cửa Nam thành Phường Cửa Bắc" in sign_in(head).get("/desk/units/00073").text


def test_a_clash_is_confirmed_with_a_reason_and_a_choice_is_kept(
    head: Account, sign_in: SignIn, database: Database
) -> None:
    with database.transaction() as db:
        chairman = post_by_code(db, "00070-ubnd-chu-tich")
        make_published(db, chairman.unit, chairman, day=date(2026, 12, 10), uid="co-san@example.vn")
    visitor = sign_in(head)
    page = visitor.submit(f"{STEP}?kind=join", JOIN | {"do": "preview"}, to=STEP).text
    check_page(page)
    assert "Buổi bị trùng sau khi chuyển: 1" in page
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    sent = JOIN | {"do": "confirm", "seen": seen}
    refused = visitor.submit(f"{STEP}?kind=join", sent, to=STEP)
    assert refused.status_code in (409, 422)
    assert 'name="keep_reason"' in refused.text
    done = visitor.submit(f"{STEP}?kind=join", sent | {"keep_reason": "Nối nhau"}, to=STEP)
    assert done.status_code == 303
    with database.open() as db:
        assert db.scalars(select(KeptClash.reason)).one() == "Nối nhau"


def test_a_divided_ward_asks_who_gets_what(head: Account, sign_in: SignIn, database: Database) -> None:
    with database.transaction() as db:
        clerk = make_account(db, unit_by_code(db, "00073-ubnd"), "secretariat", email="vpcn@example.vn")
    visitor, chosen = sign_in(head), {f"answer-account-{clerk.id}": "1"}
    page = visitor.submit(f"{STEP}?kind=divide", DIVIDE | chosen | {"do": "preview"}, to=STEP).text
    check_page(page)
    assert '<option value="1" lang="vi" selected>Phường Ga</option>' in page
    edited = visitor.submit(f"{STEP}?kind=divide", DIVIDE | chosen | {"do": "edit"}, to=STEP).text
    assert f'name="answer-account-{clerk.id}" value="1"' in edited
    wrong = visitor.submit(f"{STEP}?kind=divide", DIVIDE | dict.fromkeys(chosen, "9") | {"do": "preview"}, to=STEP)
    assert wrong.status_code == 422
    confirm(visitor, DIVIDE | chosen)
    with database.open() as db:
        units = {role.unit.name for role in db.scalars(select(Role).where(Role.account_id == clerk.id))}
        assert units == {"UBND phường Cửa Nam", "UBND phường Ga"}

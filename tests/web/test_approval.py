"""The approver's, the publisher's and the other office's pages, as they are clicked through."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape

import pytest

from scheduler.database import Database
from scheduler.models import Account, Consent, Entry, Letter, Notice, Occurrence, Unit
from tests.build import make_account, make_occurrence, make_office, make_post, make_unit
from tests.visitors import SignIn, Visitor
from tests.web.checks import check_page
from tests.web.conftest import Statements

DAY = date(2026, 12, 10)
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Office:
    """Accounts of one office, and three drafts of it."""

    unit: Unit
    clerk: Account
    heads: list[Account]
    ids: list[int]
    slugs: list[str]


@pytest.fixture
def office(database: Database) -> Office:
    with database.transaction() as db:
        unit, chairman = make_office(db)
        clerk = make_account(db, unit, name="Văn thư")
        heads = [make_account(db, unit, "approver", name=f"Người duyệt {n}") for n in (1, 2)]
        days = (DAY + timedelta(days=7 * n) for n in range(3))
        drafts = [make_occurrence(db, unit, chairman, day=day, drafted_by_id=clerk.id) for day in days]
        return Office(unit, clerk, heads, [one.id for one in drafts], [one.slug for one in drafts])


def seen(page: str) -> dict[str, str]:
    """What the page would send back of what it showed."""
    found = re.findall(r'name="(seen-\d+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


def submit(office: Office, clerk: Visitor, **more: object) -> str:
    answer = clerk.submit("/desk/occurrences?list=drafts", {"id": office.ids, **more}, to="/desk/occurrences/submit",
                          follow_redirects=True)  # fmt: skip
    return str(answer.text)


@one_database
def test_from_a_sittings_own_page_one_returns_to_it(office: Office, sign_in: SignIn) -> None:
    clerk, head = sign_in(office.clerk), sign_in(office.heads[0])
    slug, number = office.slugs[0], office.ids[0]
    own = f"/desk/occurrences/{slug}"
    form = {"id": number, "back": slug}
    assert clerk.submit(own, form, to="/desk/occurrences/submit").headers["Location"].endswith(own)
    approve = f"/desk/occurrences/approve?id={number}&back={slug}"
    page = head.get(approve).text
    done = head.submit(approve, {**form, **seen(page), "do": "approve"}, to="/desk/occurrences/approve")
    assert done.headers["Location"].endswith(own)
    confirm = f"/desk/occurrences/publish?id={number}&back={slug}"
    done = clerk.submit(confirm, {**form, "do": "publish"}, to="/desk/occurrences/publish")
    assert done.headers["Location"].endswith(own)
    led_away = clerk.submit(
        "/desk/account", {"id": office.ids[1], "back": "//evil.example"}, to="/desk/occurrences/submit"
    )
    assert led_away.headers["Location"] == "/desk/occurrences?list=drafts"


@one_database
def test_what_had_not_to_be_done_is_said(office: Office, sign_in: SignIn) -> None:
    clerk, head = sign_in(office.clerk), sign_in(office.heads[0])
    assert "Đã trình 3 buổi." in submit(office, clerk)
    again = submit(office, clerk)
    assert "Không có buổi nào cần trình: 3 buổi Chờ phê duyệt." in again
    assert "0 buổi" not in again.split("<main")[0]
    first = {"id": office.ids[0]}
    for words in ("Đã phê duyệt 1 buổi.", "Không có buổi nào cần phê duyệt: 1 buổi Đã phê duyệt."):
        answer = head.submit("/desk/occurrences/approve", first, follow_redirects=True)
        assert words in answer.text


def test_the_approver_sees_what_was_approved_before_and_approves_many(
    office: Office, sign_in: SignIn, database: Database
) -> None:
    clerk, head = sign_in(office.clerk), sign_in(office.heads[0])
    submit(office, clerk)
    head.submit("/desk/occurrences/approve", {"id": office.ids[:1]})
    path = f"/desk/occurrences/{office.slugs[0]}/edit"
    version = re.search(r'name="version"[^>]*value="(\d+)"', clerk.get(path).text)
    assert version
    edit = {"version": version[1], "day": "2026-12-10", "hours": "7:30-11:30", "place": "Nhà văn hóa phường"}
    assert clerk.submit(path, edit).status_code == 303
    assert "Phê duyệt đã hết hiệu lực vì đổi: địa điểm." in clerk.get(f"/desk/occurrences/{office.slugs[0]}").text
    assert "Phê duyệt đã hết hiệu lực vì đổi: địa điểm." in clerk.get("/desk/occurrences?list=drafts").text
    submit(office, clerk)
    page = head.get("/desk/occurrences/approve").text
    check_page(page)
    assert re.search(r'<del><span class="unseen">trước: </span>126 Hàng Trống</del>', page)
    assert re.search(r'<ins><span class="unseen">nay: </span>Nhà văn hóa phường</ins>', page)
    form = {"id": office.ids, **seen(page), "do": "approve"}
    answer = head.submit("/desk/occurrences/approve", form, follow_redirects=True)
    assert "Đã phê duyệt 3 buổi." in answer.text
    with database.open() as db:
        assert {one.state for one in db.query(Occurrence)} == {"approved"}


def test_what_changed_while_the_page_stood_open_comes_with_both_texts(office: Office, sign_in: SignIn) -> None:
    clerk, head = sign_in(office.clerk), sign_in(office.heads[0])
    submit(office, clerk)
    opened = head.get("/desk/occurrences/approve").text
    path = f"/desk/occurrences/{office.slugs[1]}/edit"
    version = re.search(r'name="version"[^>]*value="(\d+)"', clerk.get(path).text)
    assert version
    clerk.submit(path, {"version": version[1], "day": "2026-12-17", "hours": "8:00-10:00", "place": "126 Hàng Trống"})
    submit(office, clerk)
    form = {"id": office.ids, **seen(opened), "do": "approve"}
    answer = head.submit("/desk/occurrences/approve", form)
    assert answer.status_code == 409
    assert "Nội dung đổi sau khi mở trang này" in answer.text
    assert "7 giờ 30" in answer.text.replace("07", "7")
    assert answer.text.count("checked") == 3
    again = {"id": office.ids, **seen(answer.text), "do": "approve"}
    assert head.submit("/desk/occurrences/approve", again).status_code == 303


@one_database
def test_nothing_ticked_approves_nothing(office: Office, sign_in: SignIn, database: Database) -> None:
    submit(office, sign_in(office.clerk))
    head = sign_in(office.heads[0])
    page = head.get("/desk/occurrences/approve").text
    assert head.submit("/desk/occurrences/approve", {**seen(page), "do": "approve"}).status_code == 422
    with database.open() as db:
        assert {one.state for one in db.query(Occurrence)} == {"submitted"}


@one_database
def test_all_that_the_list_finds_is_submitted_not_only_its_first_page(
    office: Office, sign_in: SignIn, database: Database
) -> None:
    with database.transaction() as db:
        unit = db.get_one(Unit, office.unit.id)
        chairman = db.get_one(Occurrence, office.ids[0]).hosts[0].post
        for n in range(60):
            make_occurrence(db, unit, chairman, day=date(2027, 1, 4) + timedelta(days=n))
    clerk = sign_in(office.clerk)
    page = clerk.get("/desk/occurrences?list=drafts&month=2027-02").text
    assert "Trình cả" not in page
    assert "Trình cả 63 buổi trong danh sách" in clerk.get("/desk/occurrences?list=drafts").text
    everything = "/desk/occurrences/submit?list=drafts&month=2027-01"
    answer = clerk.submit("/desk/occurrences?list=drafts", {"everything": "1"}, to=everything, follow_redirects=True)
    assert "Đã trình 28 buổi." in answer.text
    with database.open() as db:
        assert db.query(Occurrence).filter_by(state="submitted").count() == 28


@one_database
def test_who_drafted_cannot_even_tick_it(office: Office, sign_in: SignIn, database: Database) -> None:
    with database.transaction() as db:
        db.get_one(Occurrence, office.ids[0]).drafted_by_id = office.heads[0].id
    submit(office, sign_in(office.clerk))
    page = sign_in(office.heads[0]).get("/desk/occurrences/approve").text
    assert "Người soạn không phê duyệt buổi này." in page
    assert page.count('type="checkbox"') == 2


@one_database
def test_publishing_names_pages_calendars_and_letters(office: Office, sign_in: SignIn, database: Database) -> None:
    clerk, head = sign_in(office.clerk), sign_in(office.heads[0])
    submit(office, clerk)
    head.submit("/desk/occurrences/approve", {"id": office.ids})
    address = "/desk/occurrences/publish?" + "&".join(f"id={number}" for number in office.ids)
    page = clerk.get(address).text
    check_page(page)
    for told in ("/feeds/unit/00070-ubnd.ics", "/feeds/unit/01.ics", "/feeds/post/00070-ubnd-chu-tich.ics"):
        assert told in page
    assert "Công bố và gửi 2 thông báo" in page
    assert "chutich@example.vn" in page
    assert "2 buổi còn xa" in page
    form = {"id": office.ids, "do": "publish"}
    for words in ("Đã công bố 3 buổi.", "Không có buổi nào cần công bố: 3 buổi Đã công bố."):
        assert words in clerk.submit(address, form, to="/desk/occurrences/publish", follow_redirects=True).text
    with database.open() as db:
        assert db.query(Letter).count() == 2
        assert db.query(Notice).count() == 1


@one_database
def test_a_delegation_from_the_page_to_the_ledger(office: Office, sign_in: SignIn, database: Database) -> None:
    with database.transaction() as db:
        deputy = make_account(db, db.get_one(Unit, office.unit.id), "leader", name="Nguyễn B")
    head = sign_in(office.heads[0])
    page = head.get("/desk/delegations").text
    check_page(page)
    form = {
        "giver": re.search(r'name="giver" value="(\d+)"', page)[1],  # type: ignore[index]
        "receiver": deputy.id, "acts": ["approve"], "first_day": "2026-11-22", "last_day": "2026-11-30",
        "reason": "Nghỉ phép",
    }  # fmt: skip
    refused = head.submit("/desk/delegations", {**form, "last_day": "2026-11-20"})
    assert refused.status_code == 422
    assert "Ngày cuối trước ngày bắt đầu." in refused.text
    assert "Nghỉ phép" in refused.text
    assert "Đã ủy quyền cho Nguyễn B" in unescape(head.submit("/desk/delegations", form, follow_redirects=True).text)
    submit(office, sign_in(office.clerk))
    other = sign_in(deputy)
    assert "thay Người duyệt 1 (ủy quyền đến 30/11/2026)" in other.get("/desk").text
    assert "Phê duyệt thay Người duyệt 1 (ủy quyền đến 30/11/2026)." in other.get("/desk/occurrences/approve").text
    assert other.submit("/desk/occurrences/approve", {"id": office.ids}).status_code == 303
    story = other.get(f"/desk/occurrences/{office.slugs[0]}").text
    assert re.search(r"Nguyễn B\s+thay Người duyệt 1 \(ủy quyền đến 30/11/2026\)", story)
    assert "Publish" not in other.get(f"/desk/occurrences/{office.slugs[0]}").text
    revoke = re.search(r'action="(/desk/delegations/\d+/revoke)"', head.get("/desk/delegations").text)
    assert revoke
    assert head.submit("/desk/delegations", {}, to=revoke[1]).status_code == 303
    assert other.get("/desk/occurrences/approve").status_code == 403


@one_database
def test_the_other_office_agrees_on_its_own_desk(office: Office, sign_in: SignIn, database: Database) -> None:
    with database.transaction() as db:
        unit = db.get_one(Unit, office.unit.id)
        party = make_unit(db, "00070-du", name="Đảng ủy phường Hoàn Kiếm", parent=unit.parent, kind="party_committee")
        chairman = db.get_one(Occurrence, office.ids[0]).hosts[0].post
        joint = make_occurrence(db, unit, chairman, make_post(db, party, "Bí thư Đảng ủy", duty=""), day=DAY)
        joint.drafted_by_id = office.clerk.id
        number, slug, other = joint.id, joint.slug, make_account(db, party)
    clerk, head, party_clerk = sign_in(office.clerk), sign_in(office.heads[0]), sign_in(other)
    clerk.submit("/desk/occurrences?list=drafts", {"id": number}, to="/desk/occurrences/submit")
    head.submit("/desk/occurrences/approve", {"id": number})
    assert "Chờ cơ quan cùng tiếp đồng ý" in clerk.get(f"/desk/occurrences/{slug}").text
    confirm = f"/desk/occurrences/publish?id={number}"
    assert "chưa đồng ý 1 buổi cùng tiếp" in clerk.get(confirm).text
    form = {"id": number, "do": "publish"}
    assert clerk.submit(confirm, form, to="/desk/occurrences/publish").status_code == 422
    assert "Buổi cùng tiếp chờ cơ quan đồng ý" in party_clerk.get("/desk").text
    page = party_clerk.get("/desk/consents").text
    check_page(page)
    agreed = {"id": number, **seen(page)}
    done = party_clerk.submit("/desk/consents", agreed, follow_redirects=True).text
    assert "Đã đồng ý 1 buổi cùng tiếp." in done
    assert "Không có buổi nào chờ đồng ý." in done
    assert clerk.submit(confirm, form, to="/desk/occurrences/publish").status_code == 303
    with database.open() as db:
        assert db.query(Consent).count() == 1
        assert db.query(Entry).filter_by(deed="occurrence.agreed").one().actor == "secretariat"


@one_database
def test_the_number_of_queries_does_not_grow(
    office: Office, sign_in: SignIn, database: Database, statements: Statements
) -> None:
    clerk, head = sign_in(office.clerk), sign_in(office.heads[0])
    submit(office, clerk)
    counts = []
    head.get("/desk/occurrences/approve")
    clerk.get("/desk/occurrences?list=all")
    for _ in range(2):
        with statements() as approving:
            head.get("/desk/occurrences/approve")
        with statements() as listed:
            clerk.get("/desk/occurrences?list=all")
        counts.append((len(approving), len(listed)))
        with database.transaction() as db:
            chairman = db.get_one(Occurrence, office.ids[0]).hosts[0].post
            for n in range(40):
                day = date(2027, 1, 4) + timedelta(days=n)
                make_occurrence(db, db.get_one(Unit, office.unit.id), chairman, day=day, state="submitted")
    assert counts[0] == counts[1]
    with database.transaction() as db:
        ids = [one.id for one in db.query(Occurrence).filter(Occurrence.day > date(2027, 1, 1))]
    with statements() as few:
        clerk.get(f"/desk/occurrences/publish?id={ids[0]}")
    with statements() as many:
        clerk.get("/desk/occurrences/publish?" + "&".join(f"id={number}" for number in ids))
    assert len(many) == len(few)

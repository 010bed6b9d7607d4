"""The staff's side, clicked through: what waits, submitting, approving, publishing, changing and noting postings."""

from dataclasses import dataclass
from datetime import date

import pytest

from scheduler.database import Database
from scheduler.models import Account, Letter, Notice, Occurrence
from tests.build import make_account, make_occurrence, make_office, make_published
from tests.visitors import Clock, SignIn, Visitor

LATER = date(2026, 12, 10)


@dataclass
class Office:
    """Ids and accounts of one office with a draft and a published sitting."""

    clerk: Account
    head: Account
    draft: int
    draft_slug: str
    public: int
    public_slug: str
    unit_id: int


@pytest.fixture
def office(database: Database) -> Office:
    with database.transaction() as db:
        unit, chairman = make_office(db)
        clerk, head = make_account(db, unit, "secretariat"), make_account(db, unit, "approver")
        draft = make_occurrence(db, unit, chairman, day=LATER, drafted_by_id=clerk.id)
        public = make_published(db, unit, chairman, day=date(2026, 12, 3), notify=["vanphong@example.vn"])
        return Office(clerk, head, draft.id, draft.slug, public.id, public.slug, unit.id)


def test_an_empty_desk_says_so(database: Database, sign_in: SignIn) -> None:
    with database.transaction() as db:
        unit, _ = make_office(db)
        clerk = make_account(db, unit)
    page = sign_in(clerk).get("/desk")
    assert "Hôm nay không còn việc phải xử lý." in page.text


def test_from_draft_to_public(office: Office, sign_in: SignIn, database: Database) -> None:
    clerk, head = sign_in(office.clerk), sign_in(office.head)
    assert "Buổi dự thảo, chưa trình" in clerk.get("/desk").text
    ids = {"id": office.draft}
    drafts = "/desk/occurrences?list=drafts"
    assert clerk.submit(drafts, ids, to="/desk/occurrences/submit").status_code == 303
    assert "Buổi chờ phê duyệt" in head.get("/desk").text
    waiting = "/desk/occurrences?list=to-approve"
    assert head.submit(waiting, ids, to="/desk/occurrences/approve").status_code == 303
    confirm = f"/desk/occurrences/publish?id={office.draft}"
    assert "1 buổi sẽ hiện ngay trên 4 trang công khai" in clerk.get(confirm).text
    answer = clerk.submit(confirm, {**ids, "do": "publish", "number": "12/TB-UBND"}, follow_redirects=True)
    assert "Đã công bố 1 buổi." in answer.text
    with database.open() as db:
        assert db.get_one(Occurrence, office.draft).state == "published"
        assert db.query(Notice).one().number == "12/TB-UBND"


def test_who_drafted_is_told_that_another_approves(office: Office, sign_in: SignIn, database: Database) -> None:
    with database.transaction() as db:
        db.get_one(Occurrence, office.draft).drafted_by_id = office.head.id
    ids = {"id": office.draft}
    sign_in(office.clerk).submit("/desk/occurrences?list=drafts", ids, to="/desk/occurrences/submit")
    answer = sign_in(office.head).submit("/desk/occurrences?list=to-approve", ids, to="/desk/occurrences/approve")
    assert answer.status_code == 422
    assert "Người soạn không phê duyệt" in answer.text


def test_a_sitting_is_given_back_with_a_reason(office: Office, sign_in: SignIn, database: Database) -> None:
    ids = {"id": office.draft}
    sign_in(office.clerk).submit("/desk/occurrences?list=drafts", ids, to="/desk/occurrences/submit")
    back = f"/desk/occurrences/return?id={office.draft}"
    head = sign_in(office.head)
    assert "Lý do" in head.submit("/desk/occurrences?list=to-approve", ids, to="/desk/occurrences/return").text
    assert "Chưa" in head.submit(back, {**ids, "do": "return", "reason": ""}).text
    assert head.submit(back, {**ids, "do": "return", "reason": "Thiếu nội dung"}).status_code == 303
    assert "Thiếu nội dung" in sign_in(office.clerk).get(f"/desk/occurrences/{office.draft_slug}").text


def test_late_publishing_asks_for_a_reason(office: Office, sign_in: SignIn, clock: Clock) -> None:
    ids = {"id": office.draft}
    clerk = sign_in(office.clerk)
    clerk.submit("/desk/occurrences?list=drafts", ids, to="/desk/occurrences/submit")
    sign_in(office.head).submit("/desk/occurrences?list=to-approve", ids, to="/desk/occurrences/approve")
    clock.wait(days=16)
    clerk, confirm = sign_in(office.clerk), f"/desk/occurrences/publish?id={office.draft}"
    assert "Lý do công bố chậm" in clerk.get(confirm).text
    refused = clerk.submit(confirm, {**ids, "do": "publish"})
    assert refused.status_code == 422
    assert "ít ngày hơn quy định" in refused.text
    done = clerk.submit(confirm, {**ids, "do": "publish", "reason": "Mới nhận nhiệm vụ"}, follow_redirects=True)
    assert done.status_code == 200
    assert "Mới nhận nhiệm vụ" in clerk.get(f"/desk/occurrences/{office.draft_slug}").text


def _version(visitor: Visitor, path: str) -> str:
    return visitor.get(path).text.split('name="version"')[1].split('value="')[1].split('"')[0]


def test_moving_shows_who_is_told_and_the_letters(office: Office, sign_in: SignIn, database: Database) -> None:
    clerk, path = sign_in(office.clerk), f"/desk/occurrences/{office.public_slug}/change/move"
    page = clerk.get(path).text
    assert "chutich@example.vn" in page
    assert "Đổi lịch và báo cho 2 người (2 thư, 0 cuộc gọi)" in page
    form = {"version": _version(clerk, path), "day": "2026-12-04", "reason": "Họp Quốc hội"}
    preview = clerk.submit(path, {**form, "do": "preview"})
    assert "Thư gửi vanphong@example.vn" in preview.text
    with database.open() as db:
        assert db.query(Letter).count() == 0
        assert db.get_one(Occurrence, office.public).day == date(2026, 12, 3)
    done = clerk.submit(path, {**form, "do": "change"}, follow_redirects=True)
    assert "Đã đổi lịch. 2 thư đã xếp gửi" in done.text
    with database.open() as db:
        assert db.get_one(Occurrence, office.public).day == date(2026, 12, 4)


def test_a_free_day_is_one_press(office: Office, sign_in: SignIn, database: Database) -> None:
    clerk, path = sign_in(office.clerk), f"/desk/occurrences/{office.public_slug}/change/move"
    page = clerk.get(path).text
    assert 'value="2026-12-11"' in page  # the first working day after its own, a Thursday
    assert 'value="2026-11-23"' not in page
    clerk.submit(path, {"version": _version(clerk, path), "free_day": "2026-12-11", "reason": "Bận", "do": "change"})
    with database.open() as db:
        assert db.get_one(Occurrence, office.public).day == date(2026, 12, 11)


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        ("postpone", {"told_by": "2026-11-30"}),
        ("cancel", {}),
        ("change_place", {"place": "Nhà văn hóa"}),
        ("change_hours", {"hours": "13h30 - 16h30"}),
        ("change_chair", {"chair": "Lê Thị Phó"}),
    ],
)
def test_every_change_asks_for_its_reason(office: Office, sign_in: SignIn, step: str, fields: dict[str, str]) -> None:
    clerk, path = sign_in(office.clerk), f"/desk/occurrences/{office.public_slug}/change/{step}"
    form = {"version": _version(clerk, path), "do": "change", **fields}
    refused = clerk.submit(path, form)
    assert refused.status_code == 422
    assert "Chưa ghi lý do. Người dân sẽ đọc lý do này." in refused.text
    done = clerk.submit(path, {**form, "reason": "Họp đột xuất"}, follow_redirects=True)
    assert done.status_code == 200
    assert "Họp đột xuất" in done.text


def test_the_second_clerk_is_told(office: Office, sign_in: SignIn) -> None:
    clerk, path = sign_in(office.clerk), f"/desk/occurrences/{office.public_slug}/change/move"
    opened = _version(clerk, path)
    clerk.submit(path, {"version": opened, "day": "2026-12-04", "reason": "Một", "do": "change"})
    second = sign_in(office.head).submit(
        path, {"version": opened, "day": "2026-12-07", "reason": "Hai", "do": "change"}
    )
    assert second.status_code == 409
    assert "vừa được secretariat sửa lúc 9 giờ ngày 22/11/2026" in second.text
    assert "Hai" in second.text


def test_hours_that_cannot_be_read(office: Office, sign_in: SignIn) -> None:
    clerk, path = sign_in(office.clerk), f"/desk/occurrences/{office.public_slug}/change/change_hours"
    for hours, words in (("sáng", "Không đọc được giờ"), ("11:30-7:30", "không sau giờ bắt đầu")):
        form = {"version": _version(clerk, path), "hours": hours, "reason": "x", "do": "change"}
        answer = clerk.submit(path, form)
        assert (answer.status_code, words in answer.text) == (422, True)


def test_posting_and_paper_of_a_notice(office: Office, sign_in: SignIn, database: Database) -> None:
    ids = {"id": office.draft}
    clerk = sign_in(office.clerk)
    clerk.submit("/desk/occurrences?list=drafts", ids, to="/desk/occurrences/submit")
    sign_in(office.head).submit("/desk/occurrences?list=to-approve", ids, to="/desk/occurrences/approve")
    clerk.submit(f"/desk/occurrences/publish?id={office.draft}", {**ids, "do": "publish"})
    with database.open() as db:
        path = f"/desk/notices/{db.query(Notice).one().id}"
    for where in ("office", "reception_place"):
        form = {"where": where, "day": "2026-11-22", "hour": "08:30", "who": "Bà Lan"}
        assert clerk.submit(path, form, to=f"{path}/postings").status_code == 303
    assert "Niêm yết đủ nơi" in clerk.get(path).text
    with database.open() as db:
        assert db.query(Notice).one().posted_at is not None
    early = {"where": "zalo", "day": "2026-12-22", "hour": "08:30"}
    assert clerk.submit(path, early, to=f"{path}/postings").status_code == 422


def test_an_adhoc_sitting_names_its_ground(office: Office, sign_in: SignIn, database: Database) -> None:
    clerk = sign_in(office.clerk)
    page = clerk.get("/desk/occurrences/new")
    post = page.text.split('name="post"')[1].split('value="')[1].split('"')[0]
    form = {
        "unit": "00070-ubnd", "kind": "adhoc_reception", "post": post, "day": "2026-11-24", "hours": "8:00-10:00",
        "place": "126 Hàng Trống",
    }  # fmt: skip
    assert "Chưa chọn căn cứ" in clerk.submit("/desk/occurrences/new", form).text
    done = clerk.submit("/desk/occurrences/new", {**form, "ground": "sharp_or_complex"}, follow_redirects=True)
    assert "Tiếp đột xuất" in done.text


def test_an_edit_before_publication(office: Office, sign_in: SignIn, database: Database) -> None:
    clerk, path = sign_in(office.clerk), f"/desk/occurrences/{office.draft_slug}/edit"
    form = {
        "version": _version(clerk, path), "day": "2026-12-11", "hours": "7h30-11h", "place": "Hội trường",
        "attend": "Công an phường\n\nThanh tra", "reason": "Họp Thành ủy",
    }  # fmt: skip
    assert clerk.submit(path, form).status_code == 303
    with database.open() as db:
        one = db.get_one(Occurrence, office.draft)
        assert (one.day, one.hours, one.attend) == (
            date(2026, 12, 11),
            ["07:30-11:00"],
            ["Công an phường", "Thanh tra"],
        )


def test_the_ledger_tells_the_deeds(office: Office, sign_in: SignIn) -> None:
    clerk = sign_in(office.clerk)
    clerk.submit("/desk/occurrences?list=drafts", {"id": office.draft}, to="/desk/occurrences/submit")
    assert "Trình phê duyệt" in clerk.get("/desk/ledger").text


@pytest.mark.parametrize(
    "path",
    [
        "/desk", "/desk/occurrences", "/desk/occurrences?list=past", "/desk/ledger", "/desk/occurrences/new",
        "/en/desk", "/en/desk/occurrences?list=all&kind=dialogue&unit=00070",
    ],
)  # fmt: skip
def test_pages_open(office: Office, sign_in: SignIn, path: str) -> None:
    assert sign_in(office.clerk).get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/desk/occurrences?list=x", "/desk/occurrences?kind=x", "/desk/notices/99999999999",
        "/desk/occurrences/none", "/desk/occurrences/none/change/move",
    ],
)  # fmt: skip
def test_what_is_not_there(office: Office, sign_in: SignIn, path: str) -> None:
    assert sign_in(office.clerk).get(path).status_code == 404


def test_another_office_sees_nothing(office: Office, sign_in: SignIn, database: Database) -> None:
    with database.transaction() as db:
        from tests.build import make_unit

        stranger = make_account(db, make_unit(db), "secretariat")
    visitor = sign_in(stranger)
    for path in (f"/desk/occurrences/{office.public_slug}", f"/desk/occurrences/{office.public_slug}/change/cancel"):
        assert visitor.get(path).status_code == 404


def test_nothing_chosen_is_said(office: Office, sign_in: SignIn) -> None:
    answer = sign_in(office.clerk).submit("/desk/occurrences?list=drafts", {}, to="/desk/occurrences/submit")
    assert answer.status_code == 422
    assert "Chưa chọn buổi nào" in answer.text

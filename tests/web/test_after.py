"""After the sitting, clicked through: record, conclusion, task, the unit's own page, acceptance, reports."""

from datetime import date

import pytest
from flask import Flask

from scheduler.actions.escalation import escalate
from scheduler.clock import at_local
from scheduler.database import Database
from scheduler.links import sign
from scheduler.models import ConclusionItem, Occurrence, Record, Task
from scheduler.settings import Settings
from tests.build import make_account, make_unit
from tests.visitors import Clock, SignIn, Visitor
from tests.web.ward_after import Ward, concluded, concluding, head_sat, held, make_guest, make_ward, the_task

DAY = date(2026, 11, 19)
PDF = b"%PDF-1.7 proof"


@pytest.fixture
def ward(database: Database) -> Ward:
    """An office with a sitting whose day has passed."""
    return make_ward(database)


@pytest.fixture
def guest(app: Flask) -> Visitor:
    """Somebody without an account."""
    return make_guest(app)


def test_the_whole_way(
    ward: Ward, sign_in: SignIn, guest: Visitor, database: Database, clock: Clock, settings: Settings
) -> None:
    clerk = sign_in(ward.clerk)
    shown = clerk.get(f"/desk/records/{ward.slug}").text
    assert 'value="07:30"' in shown
    assert "Nguyễn Văn Thử" in shown
    concluded(ward, clerk)
    notice = clerk.get(f"/desk/conclusions/{ward.slug}").text
    assert "Thông báo kết luận số 12/TB-UBND" in notice
    assert "hết ngày thứ Hai, 07/12/2026" in notice
    assert "Nhiệm vụ đang được lập" in notice
    slug = the_task(database, clock)
    link = f"/tasks/{slug}/{sign(settings.secret, 'task', slug)}"
    page = guest.get(link)
    assert page.status_code == 200
    assert "Nhiệm vụ của Phòng Kinh tế" in page.text
    assert "noindex" in page.text
    answer = guest.submit(link, {"version": 1, "text": "Đã khảo sát"}, to=f"{link}/progress", follow_redirects=True)
    assert "Đã ghi tiến độ." in answer.text
    done = guest.submit(link, {"version": 2, "text": "Văn bản 5/KT"}, to=f"{link}/report_done")
    assert done.status_code == 303
    desk = clerk.get("/desk/tasks?view=to-accept").text
    assert "Dựng biển báo" in desk
    story = f"/desk/tasks/{slug}"
    text = clerk.get(story).text
    assert text.index("Đã khảo sát") < text.index("Văn bản 5/KT")
    assert clerk.submit(story, {"version": 3, "text": ""}, to=f"{story}/accept").status_code == 303
    closing = clerk.get(f"/desk/conclusions/{ward.slug}").text
    assert "Kết thúc: mọi nhiệm vụ đã hoàn thành" in closing
    with database.open() as db:
        version = db.query(Occurrence).one().version
    closed = clerk.submit(
        f"/desk/conclusions/{ward.slug}", {"version": version}, to=f"/desk/conclusions/{ward.slug}/close"
    )
    assert closed.status_code == 303
    with database.open() as db:
        assert db.query(Occurrence).one().state == "closed"
        assert db.query(Task).one().state == "accepted"


def test_no_visitor(ward: Ward, sign_in: SignIn, database: Database) -> None:
    clerk = sign_in(ward.clerk)
    sheet = head_sat(ward, visits="", persons="", nobody_came="y")
    assert clerk.submit(f"/desk/records/{ward.slug}", sheet).status_code == 303
    with database.open() as db:
        assert db.query(Record).one().nobody_came


def test_a_refused_record_keeps_what_was_typed(ward: Ward, sign_in: SignIn, database: Database) -> None:
    clerk = sign_in(ward.clerk)
    sheet = head_sat(ward, visits="6", persons="", note="Ghi chú dài") | {
        "turns-1-host": ward.chairman, "turns-1-who": "stand_in", "turns-1-name": "", "turns-1-post": "",
        "turns-1-starts": "10:00", "turns-1-ends": "11:00",
    }  # fmt: skip
    answer = clerk.submit(f"/desk/records/{ward.slug}", sheet)
    assert answer.status_code == 422
    assert "Lượt 2: Chưa ghi tên người tiếp thay." in answer.text
    assert "Có lượt tiếp thì có người được tiếp" in answer.text
    assert "Ghi chú dài" in answer.text
    assert 'value="10:00"' in answer.text
    letters = clerk.submit(f"/desk/records/{ward.slug}", head_sat(ward, visits="nhiều"))
    assert letters.status_code == 422
    assert "nhiều" in letters.text
    with database.open() as db:
        assert db.query(Record).count() == 0


def test_a_correction_asks_for_a_reason_and_shows_what_is_there(ward: Ward, sign_in: SignIn) -> None:
    clerk = sign_in(ward.clerk)
    held(ward, clerk)
    page = clerk.get(f"/desk/records/{ward.slug}").text
    assert "Sửa kết quả buổi tiếp" in page
    assert 'value="6"' in page
    assert clerk.submit(f"/desk/records/{ward.slug}", head_sat(ward, visits=7)).status_code == 422
    right = head_sat(ward, visits=7, reason="ghi nhầm")
    assert clerk.submit(f"/desk/records/{ward.slug}", right).status_code == 303
    stale = clerk.submit(f"/desk/records/{ward.slug}", right)
    assert stale.status_code == 409


def test_an_item_needs_a_unit_and_a_deadline(ward: Ward, sign_in: SignIn, database: Database) -> None:
    clerk = sign_in(ward.clerk)
    held(ward, clerk)
    address = f"/desk/conclusions/{ward.slug}"
    lacking = concluding(ward, **{"items-0-lead_unit": "", "items-0-working_days": "", "number": ""})
    answer = clerk.submit(address, lacking)
    assert answer.status_code == 422
    assert "Nội dung 1: Chưa chọn đơn vị chủ trì." in answer.text
    assert "Chưa ghi số thông báo kết luận." in answer.text
    assert "Dựng biển báo" in answer.text
    unknown = clerk.submit(address, concluding(ward, **{"items-0-lead_unit": "Phòng Không Có"}))
    assert (unknown.status_code, "Phòng Không Có" in unknown.text) == (422, True)
    helper = clerk.submit(address, concluding(ward, **{"items-0-co_units": "Không có"}))
    assert helper.status_code == 422
    with database.open() as db:
        assert db.query(ConclusionItem).count() == 0


def test_due_days_are_shown_before_it_is_recorded(ward: Ward, sign_in: SignIn) -> None:
    clerk = sign_in(ward.clerk)
    held(ward, clerk)
    address = f"/desk/conclusions/{ward.slug}"
    shown = clerk.submit(address, concluding(ward, do="preview"))
    assert shown.status_code == 200
    assert "Hạn: hết ngày thứ Hai, 07/12/2026" in shown.text
    assert "Không tính: 24/11/2026" in shown.text
    more = clerk.submit(address, concluding(ward, do="more"))
    assert 'name="items-2-text"' in more.text


def test_the_unit_asks_for_more_time(
    ward: Ward, sign_in: SignIn, guest: Visitor, database: Database, clock: Clock, settings: Settings
) -> None:
    clerk = sign_in(ward.clerk)
    concluded(ward, clerk)
    slug = the_task(database, clock)
    link = f"/tasks/{slug}/{sign(settings.secret, 'task', slug)}"
    early = guest.submit(link, {"version": 1, "text": "Chờ", "until": "2026-12-01"}, to=f"{link}/ask_extension")
    assert early.status_code == 422
    assert "Ngày gia hạn phải sau hạn hiện tại" in early.text
    assert "Chờ" in early.text
    later = {"version": 1, "text": "Chờ Sở Xây dựng", "until": "2026-12-14"}
    assert guest.submit(link, later, to=f"{link}/ask_extension").status_code == 303
    assert guest.submit(link, later, to=f"{link}/ask_extension").status_code == 409
    assert guest.submit(link, {"version": 2}, to=f"{link}/grant_extension").status_code == 403
    story = f"/desk/tasks/{slug}"
    assert "Đề nghị gia hạn đến hết thứ Hai, 14/12/2026" in clerk.get(story).text
    assert clerk.submit(story, {"version": 2, "text": ""}, to=f"{story}/grant_extension").status_code == 303
    assert "Đã gia hạn đến hết thứ Hai, 14/12/2026" in guest.get(link).text


def test_proof_is_for_who_reads_the_task(
    ward: Ward, sign_in: SignIn, guest: Visitor, database: Database, clock: Clock
) -> None:
    from io import BytesIO

    clerk, officer = sign_in(ward.clerk), sign_in(ward.officer)
    concluded(ward, clerk)
    slug = the_task(database, clock)
    story = f"/desk/tasks/{slug}"
    sent = {"version": 1, "text": "Xong", "pdf": (BytesIO(PDF), "5-KT.pdf")}
    assert officer.submit(story, sent, to=f"{story}/report_done").status_code == 303
    with database.open() as db:
        proof = db.query(Task).one().events[-1].attachment
        assert proof is not None
        address = f"{story}/proof/{proof.slug}"
    answer = clerk.get(address)
    assert (answer.data, answer.mimetype) == (PDF, "application/pdf")
    assert guest.get(address).status_code == 303
    assert clerk.get(f"{story}/proof/{'0' * 32}").status_code == 404


@pytest.mark.parametrize("signature", ["x", "0" * 32, "Đ", "a" * 500])
def test_a_signature_that_is_not_ours_opens_nothing(
    ward: Ward, sign_in: SignIn, guest: Visitor, database: Database, clock: Clock, signature: str
) -> None:
    concluded(ward, sign_in(ward.clerk))
    slug = the_task(database, clock)
    assert guest.get(f"/tasks/{slug}/{signature}").status_code == 404


def test_a_signature_holds_for_its_task_alone(guest: Visitor, database: Database, settings: Settings) -> None:
    slug = "0" * 32
    assert guest.get(f"/tasks/{slug}/{sign(settings.secret, 'task', slug)}").status_code == 404
    assert guest.get(f"/tasks/{slug}/{sign(settings.secret, 'other', slug)}").status_code == 404


def test_who_may_open_what(ward: Ward, sign_in: SignIn, guest: Visitor, database: Database) -> None:
    with database.transaction() as db:
        stranger = make_account(db, make_unit(db, name="UBND phường khác"))
    for path in ("/desk/tasks", "/desk/reports", f"/desk/records/{ward.slug}", f"/desk/conclusions/{ward.slug}"):
        assert guest.get(path).status_code == 303
    other = sign_in(stranger)
    for path in (f"/desk/records/{ward.slug}", f"/desk/conclusions/{ward.slug}"):
        assert other.get(path).status_code == 404
    assert sign_in(ward.approver).get(f"/desk/records/{ward.slug}").status_code == 403
    assert sign_in(ward.officer).get("/desk/reports").status_code == 403
    assert sign_in(ward.officer).get("/desk/tasks").status_code == 200
    assert "Không có số liệu" in other.get("/desk/reports/duties?unit=00070-ubnd").text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        ("?view=overdue&q=%25", 200),
        ("?view=closed&page=-1", 200),
        ("?view=no-such", 404),
        ("?page=999999999", 200),
        ("?page=x", 200),
    ],
)
def test_the_worklist_takes_any_address(ward: Ward, sign_in: SignIn, query: str, status: int) -> None:
    assert sign_in(ward.clerk).get(f"/desk/tasks{query}").status_code == status


def test_a_late_task_says_how_late(ward: Ward, sign_in: SignIn, database: Database, clock: Clock) -> None:
    clerk = sign_in(ward.clerk)
    concluded(ward, clerk)
    slug = the_task(database, clock)
    with database.transaction() as db:
        task_id = db.query(Task).one().id
        for day in (date(2026, 12, 2), date(2026, 12, 7), date(2026, 12, 8), date(2026, 12, 10), date(2026, 12, 16)):
            escalate(db, task_id, now=at_local(day, "07:00"))
    clock.now = at_local(date(2026, 12, 16), "08:00")
    clerk = sign_in(ward.clerk)
    assert "quá hạn 7 ngày làm việc" in clerk.get("/desk/tasks?view=overdue").text
    page = clerk.get(f"/desk/tasks/{slug}").text
    for words in ("sắp đến hạn", "báo đơn vị giao việc", "báo cấp trên"):
        assert words in page

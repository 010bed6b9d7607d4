"""Documents and texts through the pages: made, found again, void after a change, templates refused with their fault."""

import io
from datetime import date

import pytest
from docx import Document as open_docx
from pypdf import PdfReader

from scheduler.actions.change_history import Order
from scheduler.actions.changes import move_occurrence
from scheduler.database import Database
from scheduler.models import Account, Document, Notice, Occurrence
from tests.build import NOW, actor_for, make_account, make_office, make_published
from tests.visitors import SignIn, Visitor
from tests.web.checks import check_page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SHEET = {"sheet-signature_form": "CHỦ TỊCH", "sheet-place_name": "Hà Nội", "sheet-recipients": "Lưu: VT"}


@pytest.fixture
def clerk(database: Database, sign_in: SignIn) -> Visitor:
    with database.transaction() as db:
        unit, chairman = make_office(db)
        notice = Notice(unit_id=unit.id, published_at=NOW)
        db.add(notice)
        db.flush()
        make_published(
            db, unit, chairman, day=date(2026, 12, 3), notice_id=notice.id, attend=["Phòng Kinh tế"],
            content="{{7*7}} <b>đất</b>",
        )  # fmt: skip
        account = make_account(db, unit, "secretariat", name="Lan")
    return sign_in(account)


@pytest.fixture
def slug(database: Database, clerk: Visitor) -> str:
    with database.open() as db:
        return db.query(Occurrence).one().slug


def move(database: Database) -> None:
    with database.transaction() as db:
        sitting, account = db.query(Occurrence).one(), db.query(Account).one()
        by = actor_for(account, sitting.unit)
        move_occurrence(
            db, sitting.slug, Order(sitting.version, "Bận họp", by, NOW, "07/TB-UBND"), day=date(2026, 12, 4)
        )


def document(database: Database, kind: str) -> Document:
    with database.open() as db:
        return db.query(Document).filter_by(kind=kind).order_by(Document.id.desc()).first() or Document()


def test_number_and_signer_are_entered_once_and_stand_on_paper_and_page(
    clerk: Visitor, client: Visitor, slug: str, database: Database
) -> None:
    page = clerk.get("/desk/notices/1").text
    assert "Thông báo chưa ghi số và người ký" in page
    check_page(page)
    signed = {"number": "12", "signed_on": "2026-11-20", "signer": "Nguyễn Thị Thử"}
    assert clerk.submit("/desk/notices/1", signed, to="/desk/notices/1/paper").status_code == 303
    assert clerk.submit("/desk/notices/1", SHEET, to="/desk/notices/1/documents").status_code == 303
    assert clerk.submit("/desk/notices/1", SHEET, to="/desk/notices/1/documents").status_code == 303
    with database.open() as db:
        assert db.query(Document).count() == 1
    made = document(database, "schedule")
    assert (made.number, made.signer, made.place_name) == ("12", "Nguyễn Thị Thử", "Hà Nội")
    page = clerk.get("/desk/notices/1").text
    check_page(page)
    assert "Đúng với lịch đang công bố" in page
    pdf = clerk.get(f"/desk/documents/{made.slug}.pdf")
    text = " ".join(PdfReader(io.BytesIO(pdf.data)).pages[0].extract_text().split())
    assert (pdf.mimetype, "Số: 12/TB-UBND" in text, "Nguyễn Thị Thử" in text) == ("application/pdf", True, True)
    word = clerk.get(f"/desk/documents/{made.slug}.docx")
    assert open_docx(io.BytesIO(word.data)).tables
    assert f"/documents/{made.slug}.pdf" in client.get(f"/occurrences/{slug}").text
    assert client.get(f"/documents/{made.slug}.pdf").data == pdf.data
    assert client.get(f"/desk/documents/{made.slug}.pdf").status_code == 303


def test_a_change_makes_the_old_one_void_everywhere(
    clerk: Visitor, client: Visitor, slug: str, database: Database
) -> None:
    clerk.submit(
        "/desk/notices/1", {"number": "12", "signed_on": "2026-11-20", "signer": "x"}, to="/desk/notices/1/paper"
    )
    clerk.submit("/desk/notices/1", SHEET, to="/desk/notices/1/documents")
    made = document(database, "schedule")
    texts = clerk.get(f"/desk/occurrences/{slug}/texts", follow_redirects=True)
    assert "version=0" in texts.request.url
    assert "Bản này không còn hiệu lực" not in texts.text
    move(database)
    assert "Không còn hiệu lực: lịch đã đổi lúc 9 giờ ngày 22/11/2026" in clerk.get("/desk/notices/1").text
    assert f"/documents/{made.slug}.pdf" not in client.get(f"/occurrences/{slug}").text
    old = clerk.get(f"/desk/occurrences/{slug}/texts?version=0").text
    assert "Bản này không còn hiệu lực: lịch đã đổi lúc 9 giờ ngày 22/11/2026." in old
    assert "data-copies" not in old
    check_page(old)
    new = clerk.get(f"/desk/occurrences/{slug}/texts", follow_redirects=True).text
    assert "chuyển sang bảy giờ ba mươi phút, thứ Sáu, ngày mùng bốn tháng mười hai" in new
    assert "buoi tiep cong dan 03/12 doi sang 7h30 thu Sau 04/12/2026" in new
    assert "&lt;table&gt;" in new
    check_page(new)
    assert clerk.get(f"/desk/occurrences/{slug}/texts?version=2").status_code == 404
    door = clerk.get(f"/desk/occurrences/{slug}/door?version=1").text
    assert "KHÔNG TIẾP CÔNG DÂN" in door
    check_page(door)
    check_page(clerk.get(f"/en/desk/occurrences/{slug}/texts?version=1").text, "en")


@pytest.mark.parametrize("kind", ["change", "invitation", "agenda", "door"])
def test_documents_of_a_sitting(clerk: Visitor, slug: str, database: Database, kind: str) -> None:
    move(database)
    path = f"/desk/occurrences/{slug}/documents"
    check_page(clerk.get(f"{path}?kind={kind}").text)
    form = {"kind": kind, "number": "9", "recipients": "Như trên\nLưu: VT"}
    assert clerk.submit(path, form).status_code == 303
    made = document(database, kind)
    answer = clerk.get(f"/desk/documents/{made.slug}.pdf")
    assert answer.data.startswith(b"%PDF-")
    assert clerk.get(f"/desk/documents/{made.slug}.docx").status_code == (404 if kind == "door" else 200)
    page = clerk.get(path).text
    assert "Đúng với lịch đang công bố" in page
    check_page(page)


def test_what_was_typed_stays_when_a_document_is_refused(clerk: Visitor, slug: str) -> None:
    path = f"/desk/occurrences/{slug}/documents"
    answer = clerk.submit(path, {"kind": "agenda", "signer": "Nguyễn Thị Thử", "recipients": "nơi\n" * 40})
    assert (answer.status_code, "Nguyễn Thị Thử" in answer.text, "tối đa 30 dòng" in answer.text) == (422, True, True)
    answer = clerk.submit(path, {"kind": "nonsense", "signer": "Nguyễn Thị Thử"})
    assert (answer.status_code, "Nguyễn Thị Thử" in answer.text) == (422, True)


def test_a_unit_makes_its_year_and_its_poster(clerk: Visitor, client: Visitor, database: Database) -> None:
    path = "/desk/units/00070-ubnd/documents"
    check_page(clerk.get(path).text)
    when = {"first": "2026-12-01", "last": "2026-12-31"}
    assert clerk.submit(path, when | {"kind": "schedule", "number": "3"}).status_code == 303
    assert clerk.submit(path, when | {"kind": "poster"}).status_code == 303
    answer = clerk.submit(path, {"kind": "schedule", "first": "2026-12-31", "last": "2026-12-01"})
    assert (answer.status_code, "Ngày cuối phải sau ngày đầu" in answer.text) == (422, True)
    answer = clerk.submit(path, {"kind": "schedule", "first": "2028-01-01", "last": "2028-02-01"})
    assert "Không có buổi nào đã công bố" in answer.text
    with database.open() as db:
        slugs = {one.kind: one.slug for one in db.query(Document)}
    public = client.get("/units/00070-ubnd").text
    assert [f"/documents/{slugs[kind]}.pdf" in public for kind in ("poster", "schedule")] == [True, False]
    assert client.get(f"/documents/{slugs['schedule']}.pdf").status_code == 404  # it has no day of signature
    check_page(clerk.get(path).text)


def test_a_template_is_refused_with_its_placeholder_named_or_kept_and_taken_back(clerk: Visitor) -> None:
    path = "/desk/units/00070-ubnd/templates"
    page = clerk.get(path).text
    check_page(page)
    assert "bản PDF giữ thể thức chuẩn" in page
    assert page.count("Mẫu có sẵn") == 4
    answer = clerk.submit(path, {"kind": "agenda", "file": (io.BytesIO(_template("{{ so_van_ban }}")), "mau.docx")})
    assert (answer.status_code, "chỗ điền không biết: so_van_ban." in answer.text) == (422, True)
    given = {"kind": "agenda", "file": (io.BytesIO(_template("{{ title }} của phường")), "mau.docx")}
    assert clerk.submit(path, given).status_code == 303
    page = clerk.get(path).text
    assert "Mẫu của đơn vị: mau.docx" in page
    check_page(page)
    assert open_docx(io.BytesIO(clerk.get(f"{path}/agenda.docx").data)).paragraphs[0].text == "{{ title }} của phường"
    assert clerk.submit(path, to=f"{path}/agenda/remove").status_code == 303
    assert clerk.get(path).text.count("Mẫu có sẵn") == 4
    assert clerk.get(f"{path}/nothing.docx").status_code == 404


def test_the_texts_of_a_notice(clerk: Visitor, database: Database) -> None:
    page = clerk.get("/desk/notices/1/texts", follow_redirects=True).text
    check_page(page)
    assert "Chủ tịch UBND phường Hoàn Kiếm: từ 7 giờ 30, các ngày 03/12/2026, tại 126 Hàng Trống." in page
    assert "UBND P. Hoan Kiem: lich tiep cong dan: Chu tich 03/12/2026. Hoi: 024 3825 0001" in page
    check_page(clerk.get("/en/desk/notices/1/texts?version=0").text, "en")
    assert "không còn hiệu lực" not in page
    move(database)
    page = clerk.get("/desk/notices/1/texts?version=0").text
    assert "Bản mở trước đây không còn hiệu lực: lịch đã đổi lúc 9 giờ ngày 22/11/2026." in page
    assert "các ngày 04/12/2026" in page
    check_page(page)


def _template(text: str) -> bytes:
    made = open_docx()
    made.add_paragraph(text)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()

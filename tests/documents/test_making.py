"""Documents as offices get them: opened as Word and as PDF, by the decree and by the party's own layout."""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from docx import Document as open_docx
from pypdf import PdfReader
from sqlalchemy import event

from scheduler.actions.change_history import Order
from scheduler.actions.changes import change_chair, move_occurrence
from scheduler.actions.documents import keep_template
from scheduler.database import Db
from scheduler.documents.making import make_for_notice, make_for_sitting, make_for_unit, make_poster, replace_template
from scheduler.documents.word import default_template
from scheduler.errors import NotAllowed, NotFound, RuleBroken
from scheduler.models import Document, Notice, Occurrence, Post, Unit
from scheduler.queries.documents import documents_of_notice, documents_of_sitting, public_documents
from scheduler.queries.notices import find_notice
from scheduler.rules.documents import Head
from scheduler.rules.permissions import Actor
from tests.build import NOW, make_actor, make_holder, make_office, make_post, make_published, make_unit

HEAD = Head("5", date(2027, 1, 5), "Nguyễn Thị Thử", "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH", "Hà Nội", ("Như trên", "Lưu: VT"))

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what the two databases cannot do differently."""


@dataclass
class Office:
    """A ward's committee with a notice of three sittings."""

    unit: Unit
    chairman: Post
    notice: Notice
    clerk: Actor
    sittings: list[Occurrence]


@pytest.fixture
def office(db: Db) -> Office:
    unit, chairman = make_office(db)
    return _with_notice(db, unit, chairman)


def _with_notice(db: Db, unit: Unit, post: Post, n: int = 3) -> Office:
    notice = Notice(unit_id=unit.id, published_at=NOW, number=HEAD.number, signed_on=HEAD.signed_on, signer=HEAD.signer)
    db.add(notice)
    db.flush()
    sittings = [
        make_published(db, unit, post, day=date(2026, 12, 3) + timedelta(days=7 * place), notice_id=notice.id,
                       content="Đất đai {{7*7}} & <b>nhà ở</b>", attend=["Phòng Kinh tế", "Công an phường"])
        for place in range(n)
    ]  # fmt: skip
    return Office(unit, post, find_notice(db, notice.id), make_actor(db, unit, "secretariat"), sittings)


def words(document: Document) -> str:
    """All text of the Word file, its tables included."""
    assert document.docx is not None
    opened = open_docx(io.BytesIO(document.docx))
    tables = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *tables])


def printed(document: Document) -> str:
    """All text of the PDF, blanks made even."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(document.pdf)).pages]
    return " ".join(" ".join(pages).split())


@contextmanager
def counted(db: Db) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    engine = db.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def schedule(db: Db, office: Office) -> Document:
    return make_for_notice(db, office.notice, HEAD, by=office.clerk, now=NOW)


@one_database
def test_a_schedule_notice_follows_the_decree(schedule: Document) -> None:
    for text in (words(schedule), printed(schedule)):
        for said in (
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "ỦY BAN NHÂN DÂN",
            "PHƯỜNG HOÀN KIẾM", "Số: 05/TB-UBND", "Hà Nội, ngày 05 tháng 01 năm 2027", "THÔNG BÁO",
            "Lịch tiếp công dân tháng 12 năm 2026", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Nguyễn Thị Thử", "Nơi nhận:",
            "- Như trên;", "- Lưu: VT.", "Thứ Năm", "03/12/2026", "17/12/2026", "Chủ tịch UBND phường Hoàn Kiếm",
            "Nguyễn Văn Thử", "126 Hàng Trống", "./.",
        ):  # fmt: skip
            assert said in text


@one_database
def test_its_table_repeats_its_head_and_tears_no_row(schedule: Document) -> None:
    assert schedule.docx is not None
    table = open_docx(io.BytesIO(schedule.docx)).tables[1]
    assert [cell.text for cell in table.rows[0].cells] == ["TT", "Ngày", "Giờ", "Người tiếp", "Địa điểm"]
    assert len(table.rows) == 4
    assert table.rows[0]._tr.trPr.xpath("w:tblHeader")
    assert all(row._tr.trPr is not None and row._tr.trPr.xpath("w:cantSplit") for row in table.rows)


@one_database
def test_a_party_body_writes_its_own_way(db: Db, office: Office) -> None:
    committee = make_unit(
        db, "00070-du", name="Đảng ủy phường Hoàn Kiếm", parent=office.unit.parent, kind="party_committee"
    )
    secretary = make_post(db, committee, "Bí thư Đảng ủy", duty="commune_secretary")
    party = _with_notice(db, committee, secretary)
    head = Head("12", date(2027, 1, 5), "Trần Văn B", recipients=("Lưu Văn phòng Đảng ủy",))
    made = make_for_notice(db, party.notice, head, by=party.clerk, now=NOW)
    for text in (words(made), printed(made)):
        for said in (
            "ĐẢNG CỘNG SẢN VIỆT NAM", "ĐẢNG BỘ THÀNH PHỐ HÀ NỘI", "ĐẢNG ỦY", "Số 12-TB/ĐU", "T/M ĐẢNG ỦY", "BÍ THƯ",
            "Hoàn Kiếm, ngày 05 tháng 01 năm 2027",
        ):  # fmt: skip
            assert said in text
        assert "CỘNG HÒA" not in text
        assert "Hạnh phúc" not in text


@one_database
def test_without_a_number_room_is_left_for_it(db: Db, office: Office) -> None:
    made = make_for_notice(db, office.notice, Head(), by=office.clerk, now=NOW)
    assert "/TB-UBND" in words(made)
    assert "tháng" in words(made)
    assert not any(sign.isdigit() for sign in words(made).split("/TB-UBND")[0].split("Số:")[1])
    assert "TM. ỦY BAN NHÂN DÂN" in printed(made)


def test_the_same_once_more_is_the_same_document(db: Db, office: Office, schedule: Document) -> None:
    again = make_for_notice(db, office.notice, HEAD, by=make_actor(db, office.unit, "approver"), now=NOW)
    assert again.id == schedule.id
    other = make_for_notice(db, office.notice, Head("6", HEAD.signed_on), by=office.clerk, now=NOW)
    assert other.id != schedule.id


def test_a_document_of_an_older_version_is_void_and_a_new_one_holds(db: Db, office: Office, schedule: Document) -> None:
    sitting, later = office.sittings[1], NOW + timedelta(hours=3)
    assert [one.void_since for one in documents_of_notice(db, office.notice.id)] == [None]
    assert public_documents(db, notice_id=office.notice.id, occurrence_id=sitting.id)
    order = Order(sitting.version, "Bận họp", office.clerk, later, "07/TB-UBND")
    move_occurrence(db, sitting.slug, order, day=date(2026, 12, 14))
    assert [one.void_since for one in documents_of_notice(db, office.notice.id)] == [later]
    assert public_documents(db, notice_id=office.notice.id, occurrence_id=sitting.id) == []
    fresh = make_for_notice(db, office.notice, HEAD, by=office.clerk, now=later)
    assert fresh.id != schedule.id
    assert "14/12/2026" in words(fresh)
    assert [one.void_since for one in documents_of_notice(db, office.notice.id)] == [None, later]


@one_database
def test_a_change_is_told_as_a_notice(db: Db, office: Office) -> None:
    sitting = office.sittings[0]
    with pytest.raises(RuleBroken, match="no-change"):
        make_for_sitting(db, sitting, "change", HEAD, by=office.clerk, now=NOW)
    order = Order(sitting.version, "Bận họp HĐND", office.clerk, NOW, "07/TB-UBND")
    move_occurrence(db, sitting.slug, order, day=date(2026, 12, 4))
    made = make_for_sitting(db, sitting, "change", HEAD, by=office.clerk, now=NOW)
    for text in (words(made), printed(made)):
        assert "Về việc đổi lịch tiếp công dân ngày 03/12/2026" in text
        assert "thứ Năm, ngày 03 tháng 12 năm 2026, chuyển sang 07 giờ 30 phút, thứ Sáu, ngày 04 tháng 12" in text
        assert "Lý do: Bận họp HĐND." in text
    change_chair(db, sitting.slug, Order(sitting.version, "Ốm", office.clerk, NOW), name="Lê Thị Phó")
    assert documents_of_sitting(db, sitting.id)[0].void_since == NOW
    chair = make_for_sitting(db, sitting, "change", HEAD, by=office.clerk, now=NOW)
    assert "không tính vào số ngày tiếp của người đứng đầu" in printed(chair)


@one_database
def test_units_are_invited_and_the_agenda_keeps_what_somebody_typed(db: Db, office: Office) -> None:
    sitting = office.sittings[0]
    invitation = make_for_sitting(db, sitting, "invitation", Head("9"), by=office.clerk, now=NOW)
    agenda = make_for_sitting(db, sitting, "agenda", Head(), by=office.clerk, now=NOW)
    for text in (words(invitation), printed(invitation)):
        assert "Số: 09/GM-UBND" in text
        assert "trân trọng kính mời: Phòng Kinh tế; Công an phường." in text
        assert "từ 07 giờ 30 phút đến 11 giờ 30 phút, thứ Năm, ngày 03 tháng 12 năm 2026" in text
    for text in (words(agenda), printed(agenda)):
        assert "Đất đai {{7*7}} & <b>nhà ở</b>." in text
        assert "/CTr-UBND" in text


@one_database
def test_sheets_are_made_as_pdf_alone(db: Db, office: Office) -> None:
    sitting = office.sittings[0]
    poster = make_poster(db, office.unit, base_url="https://lich.example.vn", by=office.clerk, now=NOW)
    assert "LỊCH TIẾP CÔNG DÂN" in printed(poster)
    assert "Thứ Năm" in printed(poster)
    assert "Nguyễn Văn Thử" in printed(poster)
    move_occurrence(db, sitting.slug, Order(sitting.version, "Bận", office.clerk, NOW), day=date(2026, 12, 4))
    door = make_for_sitting(db, sitting, "door", Head(), by=office.clerk, now=NOW)
    assert "THỨ NĂM, 03/12/2026 CHỦ TỊCH KHÔNG TIẾP CÔNG DÂN" in printed(door)
    assert (poster.docx, door.docx) == (None, None)


@one_database
def test_a_unit_lists_any_time_up_to_a_year(db: Db, office: Office) -> None:
    when = {"first": date(2026, 12, 1), "last": date(2026, 12, 12), "by": office.clerk, "now": NOW}
    made = make_for_unit(db, office.unit, HEAD, **when)  # type: ignore[arg-type]
    assert "10/12/2026" in words(made)
    assert "17/12/2026" not in words(made)
    with pytest.raises(RuleBroken, match="nothing-to-list"):
        make_for_unit(db, office.unit, HEAD, **when | {"last": date(2026, 12, 2)})  # type: ignore[arg-type]


@one_database
def test_who_may_not_publish_makes_nothing(db: Db, office: Office) -> None:
    beside = make_unit(db, "00071-ubnd", name="UBND phường Cửa Nam")
    with pytest.raises(NotFound):
        make_for_notice(db, office.notice, HEAD, by=make_actor(db, beside, "secretariat"), now=NOW)
    with pytest.raises(NotAllowed):
        make_for_notice(db, office.notice, HEAD, by=make_actor(db, office.unit, "leader"), now=NOW)
    draft = office.sittings[0]
    draft.state = "draft"
    with pytest.raises(RuleBroken, match="not-public"):
        make_for_sitting(db, draft, "agenda", HEAD, by=office.clerk, now=NOW)


def test_a_units_own_template_changes_the_word_file(db: Db, office: Office, schedule: Document) -> None:
    opened = open_docx(io.BytesIO(default_template("schedule")))
    opened.add_paragraph("Mẫu của phường: {{ issuer_name }}")
    out = io.BytesIO()
    opened.save(out)
    city = office.unit.parent.parent if office.unit.parent else None
    assert city is not None
    clerk = make_actor(db, city, "secretariat")
    replace_template(db, city, "schedule", name="mau.docx", content=out.getvalue(), by=clerk, now=NOW)
    made = make_for_notice(db, office.notice, HEAD, by=office.clerk, now=NOW)
    assert "Mẫu của phường: Ủy ban nhân dân phường Hoàn Kiếm" in words(made)
    assert "Mẫu của phường" not in printed(made)
    assert made.id != schedule.id


def test_the_same_template_twice_is_one(db: Db, office: Office) -> None:
    given = {"name": "a.docx", "content": b"1", "sha256": "x", "by": office.clerk, "now": NOW}
    first = keep_template(db, office.unit, "agenda", **given)  # type: ignore[arg-type]
    assert keep_template(db, office.unit, "agenda", **given).id == first.id  # type: ignore[arg-type]
    changed = keep_template(db, office.unit, "agenda", **given | {"sha256": "y"})  # type: ignore[arg-type]
    assert (changed.id, changed.sha256) == (first.id, "y")


@one_database
def test_a_year_of_a_district_takes_a_moment(db: Db, office: Office) -> None:
    deputies = [make_post(db, office.unit, f"Phó Chủ tịch UBND {n}", duty="") for n in range(4)]
    for post in deputies:
        make_holder(db, post, "Nguyễn Hoàng Phương Thảo Nguyên")
    notice = Notice(unit_id=office.unit.id, published_at=NOW)
    db.add(notice)
    db.flush()
    for n in range(126):
        place = "Trụ sở Tiếp công dân, số 126 phố Hàng Trống, phường Hoàn Kiếm, thành phố Hà Nội"
        make_published(
            db, office.unit, deputies[n % 4], day=date(2027, 1, 4) + timedelta(days=2 * n), notice_id=notice.id,
            place=place,
        )  # fmt: skip
    whole = find_notice(db, notice.id)
    with counted(db) as asked:
        begun = time.process_time()
        made = make_for_notice(db, whole, HEAD, by=office.clerk, now=NOW)
        took = time.process_time() - begun
    assert took < 2
    assert len(asked) <= 20
    reader = PdfReader(io.BytesIO(made.pdf))
    assert len(reader.pages) > 5
    assert all("Người tiếp" in page.extract_text() for page in reader.pages[1:-1])
    assert "Lịch tiếp công dân năm 2027" in words(made)
    assert words(made).count("Trụ sở Tiếp công dân") == 126

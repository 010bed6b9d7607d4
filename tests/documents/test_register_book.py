"""The reception register: one row a visit, numbered within the year, in the columns of the form of its day."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import event

from scheduler.clock import at_local
from scheduler.database import Db, vault_of
from scheduler.documents.register_book import register_pdf, register_xlsx, sheets_of
from scheduler.models import Matter, Occurrence, Post, Registration, Unit
from scheduler.queries.register_book import register_rows, units_with_visits
from tests.build import NOW, make_actor, make_office, make_post, make_published, make_registration, make_unit

JUNE, JULY, NOVEMBER = date(2026, 6, 25), date(2026, 7, 2), date(2026, 11, 5)
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(db: Db) -> tuple[Unit, Post]:
    return make_office(db)


def visit(db: Db, office: tuple[Unit, Post], day: date, start: str = "08:00", **values: Any) -> Registration:
    """Somebody who was received on that day."""
    occurrence = db.query(Occurrence).filter_by(day=day, unit_id=office[0].id).one_or_none()
    occurrence = occurrence or make_published(db, *office, day=day, state="held")
    values = {"state": "received", "began_at": at_local(day, start), "ended_at": at_local(day, "10:00")} | values
    return make_registration(db, occurrence, **values)


def matter(db: Db, of: Registration, number: int, *, summary: str = "", **values: Any) -> Matter:
    day = of.occurrence.day
    values = {"year": day.year if day else 0, "received_on": day, "due_day": date(2026, 7, 16), "due_why": []} | values
    made = Matter(
        unit_id=of.unit_id, occurrence_id=of.occurrence_id, registration_id=of.id, number=number,
        summary=vault_of(db).seal(summary), made_at=NOW, **values,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def table(db: Db, unit: Unit, first: date, last: date) -> list[list[list[str]]]:
    """The cells of each sheet."""
    sheets = sheets_of(register_rows(db, unit.id, first, last), first, last)
    return [[list(row) for row in sheet.rows] for sheet in sheets]


def test_columns_by_the_day_of_the_visit(db: Db, office: tuple[Unit, Post]) -> None:
    old = visit(db, office, JUNE, name="Trần Thị Cũ", home="Phường Hoàn Kiếm", way="paper")
    matter(db, old, 1, summary="Đòi đất", kind="complaint", same_content_people=7, direction="accepted",
           in_charge="Phòng Kinh tế")  # fmt: skip
    new = visit(db, office, JULY, name="Lê Văn Mới", people=3, representatives="Lê Văn Mới\nNgô Sáu")
    matter(db, new, 2, summary="Xin đường", kind="recommendation", direction="transferred", other_office="Sở Xây dựng",
           document_number="12/PC", document_day=JULY, closed_on=JULY, settled_by="UBND quận")  # fmt: skip
    before, since = table(db, office[0], date(2026, 6, 1), date(2026, 7, 31))
    assert before == [
        ["1", "25/06/2026", "Trần Thị Cũ\nPhường Hoàn Kiếm", "", "Đòi đất", "Khiếu nại / 7", "", "x", "", "",
         "Đang giải quyết; Phòng Kinh tế; hạn 16/07/2026", "Nhập lại từ giấy"],
    ]  # fmt: skip
    assert since == [
        ["2", "02/07/2026", "Lê Văn Mới\nNgười đại diện: Ngô Sáu", "", "Xin đường", "Kiến nghị", "3", "UBND quận",
         "", "", "Sở Xây dựng, số 12/PC ngày 02/07/2026", "Đã chuyển"],
    ]  # fmt: skip


@one_database
def test_several_matters_of_one_visit_stand_in_its_one_row(db: Db, office: tuple[Unit, Post]) -> None:
    one = visit(db, office, NOVEMBER, words="không hiện khi đã có tóm tắt")
    matter(db, one, 1, summary="Việc thứ nhất", kind="complaint", direction="guided", other_office="Tòa án")
    matter(db, one, 2, summary="Việc thứ hai", direction="accepted", answered_on=date(2026, 11, 12))
    ((row,),) = table(db, office[0], NOVEMBER, NOVEMBER)
    assert row[4:] == [
        "1) Việc thứ nhất\n2) Việc thứ hai", "1) Khiếu nại", "", "", "x", "1) Tòa án", "",
        "1) Đã hướng dẫn\n2) Đã trả lời 12/11/2026",
    ]  # fmt: skip


def test_numbers_run_through_the_year_in_the_order_of_the_day(db: Db, office: tuple[Unit, Post]) -> None:
    for day, start in ((date(2025, 12, 4), "08:00"), (JUNE, "09:00"), (JUNE, "08:00"), (date(2027, 1, 7), "08:00")):
        visit(db, office, day, start, name=f"{day:%Y} {start}")
    last = visit(db, office, NOVEMBER, name="tháng 11")
    visit(db, office, NOVEMBER, name="chưa tiếp", state="booked")
    visit(db, office, NOVEMBER, name="vắng", state="absent")
    noted = visit(db, office, NOVEMBER, name="có việc ghi", state="booked", began_at=None)
    matter(db, noted, 1)
    rows = register_rows(db, office[0].id, date(2026, 6, 1), date(2027, 1, 31))
    assert [(row.number, row.name) for row in rows] == [
        (1, "2026 08:00"),
        (2, "2026 09:00"),
        (3, "có việc ghi"),
        (4, "tháng 11"),
        (1, "2027 08:00"),
    ]
    assert last.state == "received"
    assert [row.number for row in register_rows(db, office[0].id, NOVEMBER, NOVEMBER)] == [3, 4]


@one_database
def test_nothing_of_another_unit_or_of_a_conference(db: Db, office: tuple[Unit, Post]) -> None:
    beside = make_unit(db, name="UBND phường Cửa Nam", parent=office[0].parent)
    visit(db, (beside, make_post(db, beside)), NOVEMBER, name="Người Khác")
    hall = make_published(db, *office, day=JULY, state="held", kind="dialogue")
    make_registration(db, hall, state="received", name="Người Dự")
    assert register_rows(db, office[0].id, JULY, NOVEMBER) == []
    assert [row.name for row in register_rows(db, beside.id, JULY, NOVEMBER)] == ["Người Khác"]
    clerk = make_actor(db, beside, "officer")
    assert [unit.id for unit in units_with_visits(db, clerk, 5)] == [beside.id]


@one_database
def test_what_was_erased_keeps_its_row(db: Db, office: tuple[Unit, Post]) -> None:
    visit(db, office, NOVEMBER, name="", topic="land", erased_at=NOW)
    ((row,),) = table(db, office[0], NOVEMBER, NOVEMBER)
    assert row[2] == "(đã xóa theo thời hạn lưu)"
    assert row[4].startswith("Đất đai")


@one_database
def test_a_workbook_holds_text_alone(db: Db, office: tuple[Unit, Post]) -> None:
    visit(db, office, JUNE, name='=HYPERLINK("https://x")', words="+84 là đầu số")
    visit(db, office, NOVEMBER, name="@lan", words="-1 việc\n=2+2")
    rows = register_rows(db, office[0].id, date(2026, 6, 1), NOVEMBER)
    content = register_xlsx(office[0], sheets_of(rows, date(2026, 6, 1), NOVEMBER))
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["TT 04-2021, mẫu 03", "NĐ 154-2026, mẫu 03-TCD"]
    kinds = {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None}
    assert kinds == {"s"}
    old, new = book.worksheets
    assert old["H3"].value == "Hướng xử lý"
    assert [cell.value for cell in new[5]] == [str(number) for number in range(1, 13)]
    name = new["C6"]
    assert (name.value, name.quotePrefix) == ("@lan", True)
    assert old["C6"].value == '=HYPERLINK("https://x")'


@one_database
def test_a_print_tells_the_same(db: Db, office: tuple[Unit, Post]) -> None:
    visit(db, office, NOVEMBER, name="Trần Thị In", words="#import[lạ] $x$")
    sheets = sheets_of(register_rows(db, office[0].id, NOVEMBER, NOVEMBER), NOVEMBER, NOVEMBER)
    pdf = PdfReader(io.BytesIO(register_pdf(office[0], sheets, now=NOW)))
    said = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    for words in ("SỔ TIẾP CÔNG DÂN", "Nghị định 154/2026/NĐ-CP", "Trần Thị In", "#import[lạ] $x$", "PHƯỜNG HOÀN KIẾM"):
        assert words in said, words
    assert pdf.pages[0].mediabox.width > pdf.pages[0].mediabox.height


@contextmanager
def counted(db: Db) -> Iterator[list[str]]:
    """Every statement that goes to the database meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    engine = db.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


@one_database
def test_ten_visits_cost_no_more_statements_than_one(db: Db, office: tuple[Unit, Post]) -> None:
    costs = []
    for n in (1, 9):
        for number in range(n):
            matter(db, visit(db, office, NOVEMBER), n * 100 + number)
        db.flush()
        db.expire_all()
        unit_id = office[0].id
        with counted(db) as said:
            register_rows(db, unit_id, JUNE, NOVEMBER)
        costs.append(len(said))
    assert costs[0] == costs[1] <= 4

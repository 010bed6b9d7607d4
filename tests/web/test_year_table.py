"""A unit's whole year as one table: who sat on which day, in a constant number of queries, on the page and as files."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from scheduler.database import Database
from scheduler.models import Account, Holding, Post, Unit
from tests.build import make_account, make_holder, make_occurrence, make_post, make_unit
from tests.visitors import SignIn, Visitor
from tests.web.checks import check_page
from tests.web.conftest import Statements

ADDRESS = "/desk/units/00070/year/2026"


@pytest.fixture
def clerk(database: Database) -> Account:
    with database.transaction() as db:
        place = make_unit(db, "00070", name="Phường Hoàn Kiếm", kind="place")
        committee = make_unit(db, "00070-ubnd", name="UBND phường Hoàn Kiếm", parent=place)
        council = make_unit(db, "00070-hdnd", name="HĐND phường Hoàn Kiếm", parent=place, kind="peoples_council")
        chairman = make_post(db, committee, "Chủ tịch UBND", code="00070-ubnd-chu-tich")
        deputy = make_post(db, committee, "Phó Chủ tịch UBND", is_head=False, duty="")
        head = make_post(db, council, "Chủ tịch HĐND", duty="")
        make_holder(db, chairman, "Trần Thị Trước", since=date(2026, 1, 1))
        db.query(Holding).filter_by(post_id=chairman.id).one().valid_to = date(2026, 5, 31)
        make_holder(db, chairman, "Lê Văn Sau", since=date(2026, 6, 1))
        make_holder(db, deputy, "Phạm Thị Thay", since=date(2026, 1, 1))
        make_occurrence(db, committee, chairman, day=date(2026, 3, 10), content='=HYPERLINK("x")', state="published")
        make_occurrence(db, committee, chairman, day=date(2026, 9, 15), chair_post_id=deputy.id, chair_stands_in=True)
        make_occurrence(db, committee, chairman, day=None, planned_day=date(2026, 7, 7), state="postponed")
        make_occurrence(
            db, committee, chairman, day=None, planned_day=date(2026, 2, 17), state="void", outcome="skipped"
        )
        make_occurrence(db, committee, chairman, day=date(2027, 1, 5))
        make_occurrence(db, council, head, day=date(2026, 4, 20))
        make_unit(db, "00080")
        return make_account(db, place, "secretariat")


def cells_of(visitor: Visitor, query: str = "") -> list[list[str]]:
    answer = visitor.get(f"{ADDRESS}.csv{query}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_each_day_names_who_holds_the_post_on_it(clerk: Account, sign_in: SignIn) -> None:
    visitor = sign_in(clerk)
    heads, *rows = cells_of(visitor, "?below=1")
    assert heads[:5] == ["Ngày", "Thứ", "Âm lịch", "Giờ", "Người tiếp"]
    assert [(row[0], row[4]) for row in rows] == [
        ("10/03/2026", "Trần Thị Trước, Chủ tịch UBND phường Hoàn Kiếm"),
        ("20/04/2026", "Chủ tịch HĐND phường Hoàn Kiếm"),
        ("chưa có ngày (theo lịch: 07/07/2026)", "Lê Văn Sau, Chủ tịch UBND phường Hoàn Kiếm"),
        (
            "15/09/2026",
            "Lê Văn Sau, Chủ tịch UBND phường Hoàn Kiếm; Phạm Thị Thay, Phó Chủ tịch UBND phường Hoàn Kiếm tiếp thay, "
            "không tính vào số ngày của người đứng đầu",
        ),
    ]
    assert rows[0][1:3] == ["thứ Ba", "22/1 âm lịch"]
    assert rows[0][6] == '\'=HYPERLINK("x")'
    page = visitor.get(f"{ADDRESS}?below=1")
    check_page(page.text)
    assert page.text.index("Trần Thị Trước") < page.text.index("Phạm Thị Thay")
    check_page(visitor.get(f"/en{ADDRESS}?below=1").text, "en")


def test_what_the_table_leaves_out_can_be_asked_for(clerk: Account, sign_in: SignIn) -> None:
    visitor = sign_in(clerk)
    assert cells_of(visitor) == cells_of(visitor, "?below=1"), "a place shows what its bodies do"
    assert len(cells_of(visitor, "?below=1&void=1")) == 6
    assert len(cells_of(visitor, "?below=1&post=00070-ubnd-chu-tich")) == 4
    assert visitor.get(f"{ADDRESS}?below=1&post=khac").status_code == 404
    check_page(visitor.get(f"{ADDRESS}?below=1&post=00070-ubnd-chu-tich").text)
    check_page(visitor.get("/desk/units/00070/year/2031").text)
    for wrong in ("/desk/units/00070/year/1999", "/desk/units/00070/year/9999", "/desk/units/00080/year/2026"):
        assert visitor.get(wrong).status_code == 404


def test_the_workbook_prints_on_a4_with_its_head_on_each_page(clerk: Account, sign_in: SignIn) -> None:
    sheet: Any = load_workbook(io.BytesIO(sign_in(clerk).get(f"{ADDRESS}.xlsx?below=1").data)).worksheets[0]
    assert sheet.print_title_rows == "$2:$2"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet["A3"].value.date() == date(2026, 3, 10)
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_more_sittings_are_not_more_queries(
    clerk: Account, sign_in: SignIn, database: Database, statements: Statements
) -> None:
    visitor = sign_in(clerk)
    visitor.get(f"{ADDRESS}?below=1")
    with statements() as few:
        visitor.get(f"{ADDRESS}?below=1")
    with database.transaction() as db:
        committee = db.query(Unit).filter_by(code="00070-ubnd").one()
        post = db.query(Post).filter_by(code="00070-ubnd-chu-tich").one()
        for day in range(1, 29):
            make_occurrence(db, committee, post, day=date(2026, 10, day), chair_post_id=post.id)
    with statements() as many:
        assert "28/10/2026" in visitor.get(f"{ADDRESS}?below=1").text
    assert len(many) == len(few) <= 18

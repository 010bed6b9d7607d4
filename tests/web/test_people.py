"""Units, posts, holders and accounts on the staff's pages: seen, changed, imported, and refused to others."""

import io
from dataclasses import dataclass
from html import unescape

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from scheduler.actions.people import PersonFacts, appoint
from scheduler.actions.units import create_unit
from scheduler.database import Database
from scheduler.intake.vietnam_units import load_vietnam
from scheduler.models import Account, Entry, Holding, Person, Place, Post, Unit
from scheduler.queries.units import post_by_code, unit_by_code
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW, make_account, make_occurrence
from tests.visitors import SignIn, Visitor

CHAIR = "00070-ubnd-chu-tich"


@dataclass
class City:
    """Hà Nội with its communes, who administers it, who administers one ward, and a clerk of that ward."""

    head: Account
    ward: Account
    clerk: Account


@pytest.fixture
def city(database: Database) -> City:
    with database.transaction() as db:
        load_vietnam(db, ["01"], by=COMMAND_LINE, now=NOW)
        ward = unit_by_code(db, "00070")
        return City(
            make_account(db, unit_by_code(db, "01"), "administrator"),
            make_account(db, ward, "administrator"),
            make_account(db, ward, "secretariat"),
        )


def test_the_tree_and_the_search(city: City, sign_in: SignIn) -> None:
    page = sign_in(city.clerk).get("/desk/units?q=HOÀN KIẾM")
    assert page.status_code == 200
    assert page.text.index("Phường Hoàn Kiếm</a>") < page.text.index("UBND phường Hoàn Kiếm</a>")
    outside = sign_in(city.clerk).get("/desk/units?q=cua nam")
    assert "Cửa Nam" not in outside.text
    assert "Cửa Nam" in sign_in(city.head).get("/desk/units?q=cua nam").text


def test_a_place_shows_bodies_posts_and_places_below(city: City, sign_in: SignIn) -> None:
    visitor = sign_in(city.head)
    top = visitor.get("/desk/units/01")
    assert "126 đơn vị hành chính cấp dưới" in top.text
    assert "Thành ủy Hà Nội" in top.text
    ward = visitor.get("/desk/units/00070")
    for words in ("Bí thư Đảng ủy", "Chủ tịch UBND", "Phó Chủ tịch UBND", "Chủ tịch HĐND", "Chưa có người giữ"):
        assert words in ward.text


def test_names_reach_and_places_are_edited(city: City, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(city.ward)
    facts = {
        "name": "Phường Hồ Gươm",
        "phone": "024 3825 0001",
        "email": "Phuong@example.vn",
        "address": "126 Hàng Trống",
    }
    assert visitor.submit("/desk/units/00070/edit", facts).status_code == 303
    place = {"name": "Phòng tiếp công dân", "address": "126 Hàng Trống", "directions": "Tầng 1", "phone": ""}
    assert visitor.submit("/desk/units/00070/new-place", place).status_code == 303
    assert visitor.submit("/desk/units/00070/new-place", place).status_code == 422
    page = visitor.get("/desk/units/00070").text
    for words in ("UBND phường Hồ Gươm", "Tên cũ", "Phường Hoàn Kiếm", "phuong@example.vn", "Tầng 1"):
        assert words in page
    with database.open() as db:
        place_id = db.scalars(select(Place.id)).one()
    closing = f"/desk/units/00070/places/{place_id}/close"
    assert visitor.submit("/desk/units/00070", to=closing).status_code == 303
    assert "Tầng 1" not in visitor.get("/desk/units/00070").text
    assert visitor.submit("/desk/units/00070/edit", facts | {"email": "phuong"}).status_code == 422
    assert visitor.submit("/desk/units/00070/edit", facts | {"name": " "}).status_code == 422


def test_departments_and_posts_are_added(city: City, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(city.ward)
    unit = {"name": "Phòng Văn hóa - Xã hội", "phone": "", "email": "vhxh@example.vn", "address": ""}
    answer = visitor.submit("/desk/units/00070/new-unit", unit)
    assert answer.location == "/desk/units/00070-phong-van-hoa-xa-hoi"
    assert visitor.submit(f"{answer.location}/new-post", {"title": "Trưởng phòng", "is_head": "y"}).status_code == 303
    assert "Trưởng phòng" in visitor.get(answer.location).text
    with database.open() as db:
        post = post_by_code(db, "00070-phong-van-hoa-xa-hoi-truong-phong")
        assert (post.is_head, post.duty) == (True, "")


def test_the_same_form_twice_makes_one(city: City, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(city.ward)
    unit = {"name": "Phòng Văn hóa", "phone": "", "email": "", "address": "", "once": "a" * 32}
    first, second = (visitor.submit("/desk/units/00070/new-unit", unit) for _ in range(2))
    assert first.location == second.location == "/desk/units/00070-phong-van-hoa"
    place = {"name": "Phòng 1", "address": "", "directions": "", "phone": "", "once": "b" * 32}
    assert [visitor.submit("/desk/units/00070/new-place", place).status_code for _ in range(2)] == [303, 303]
    post = {"title": "Phó Chủ tịch UBND", "once": "c" * 32}
    assert [visitor.submit("/desk/units/00070-ubnd/new-post", post).status_code for _ in range(2)] == [303, 303]
    assert visitor.submit("/desk/units/00070-ubnd/new-post", post | {"once": "d" * 32}).status_code == 303
    with database.open() as db:
        names = db.scalars(select(Unit.name).where(Unit.name == "Phòng Văn hóa")).all()
        assert len(names) == len(db.scalars(select(Place.id)).all()) == 1
        titles = select(Post.id).where(Post.title == "Phó Chủ tịch UBND", Post.code.startswith("00070-ubnd"))
        assert len(db.scalars(titles).all()) == 3  # the standard one, and one for each form


def test_a_unit_is_hung_under_another(city: City, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(city.head)
    room = {"name": "Phòng Văn hóa", "phone": "", "email": "", "address": ""}
    assert visitor.submit("/desk/units/00070/new-unit", room).status_code == 303
    page = "/desk/units/00070-phong-van-hoa/parent"
    assert visitor.submit(page, {"parent": "99999"}).status_code == 422
    assert visitor.submit("/desk/units/00070/parent", {"parent": "00070-phong-van-hoa"}).status_code == 422
    for _ in range(2):
        assert visitor.submit(page, {"parent": "UBND phường Hoàn Kiếm (00070-ubnd)"}).status_code == 303
    with database.open() as db:
        moved = unit_by_code(db, "00070-phong-van-hoa")
        assert moved.parent is not None
        assert moved.parent.code == "00070-ubnd"


def test_a_holder_is_appointed_and_followed(city: City, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(city.ward)
    first = {"name": "Nguyễn Văn Thử", "email": "thu@example.vn", "phone": "", "since": "2025-07-01", "until": ""}
    assert visitor.submit(f"/desk/posts/{CHAIR}", first).status_code == 303
    second = first | {"name": "Trần Thị Mới", "email": "moi@example.vn", "since": "2026-03-01"}
    assert visitor.submit(f"/desk/posts/{CHAIR}", second).status_code == 303
    page = visitor.get(f"/desk/posts/{CHAIR}").text
    assert "từ ngày 01/07/2025 đến hết ngày 28/02/2026" in page
    assert "từ ngày 01/03/2026" in page
    assert "Trần Thị Mới" in visitor.get("/desk/units/00070").text
    for wrong in ({"email": "moi@"}, {"since": "31/02/2026"}, {"name": ""}, {"since": "1900-01-01"}):
        assert visitor.submit(f"/desk/posts/{CHAIR}", second | wrong).status_code == 422
    between = visitor.submit(f"/desk/posts/{CHAIR}", first | {"name": "Lê Thử", "since": "2025-09-01"})
    assert between.status_code == 422
    assert "cũng giữ chức danh" in between.text
    with database.open() as db:
        names = db.scalars(select(Person.name).join(Holding).order_by(Holding.valid_from)).all()
        assert names == ["Nguyễn Văn Thử", "Trần Thị Mới"]
        person, term = db.execute(select(Person.id, Holding.id).join(Holding).where(Holding.valid_to.is_(None))).one()
    edit = {"name": "Trần Thị Mới", "email": "tranmoi@example.vn", "phone": "0900 000 000", "language": "en"}
    assert visitor.submit(f"/desk/people/{person}", edit).status_code == 303
    assert "tranmoi@example.vn" in visitor.get("/desk/people").text
    assert visitor.submit(f"/desk/people/{person}", edit | {"email": "x"}).status_code == 422
    assert visitor.submit(f"/desk/holdings/{term}/end", {"until": "2026-02-01"}).status_code == 422
    assert visitor.submit(f"/desk/holdings/{term}/end", {"until": "2026-11-21"}).status_code == 303
    assert "Chưa có người giữ" in visitor.get("/desk/units/00070").text


def test_posts_nobody_can_be_reached_at_are_told_first(city: City, sign_in: SignIn, database: Database) -> None:
    with database.transaction() as db:
        chair, secretary = post_by_code(db, CHAIR), post_by_code(db, "00070-du-bi-thu")
        make_occurrence(db, chair.unit, chair)
        make_occurrence(db, secretary.unit, secretary)
        appoint(db, secretary, PersonFacts("Lê Thử"), since=NOW.date(), by=COMMAND_LINE, now=NOW)
    page = sign_in(city.ward).get("/desk/people").text
    assert "2 chức danh chưa liên lạc được" in page
    assert "Chưa có thư điện tử" in page
    with database.transaction() as db:
        appoint(
            db, post_by_code(db, CHAIR), PersonFacts("A", "a@example.vn"), since=NOW.date(), by=COMMAND_LINE, now=NOW
        )
    assert "1 chức danh chưa liên lạc được" in sign_in(city.ward).get("/desk/people").text
    assert "Chức danh chưa có người giữ hoặc chưa có thư điện tử" in sign_in(city.ward).get("/desk").text
    seen = sign_in(city.clerk).get("/desk/people").text
    assert "1 chức danh chưa liên lạc được" in seen
    assert "/desk/posts/" not in seen


def workbook(*rows: tuple[str, ...]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


HEAD = ("unit", "post", "name", "email", "from", "to")
LINE = ("00070", "Chủ tịch UBND", "Nguyễn Văn Thử", "thu@example.vn", "2025-07-01", "")


def test_a_file_is_previewed_then_imported(city: City, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(city.ward)
    file = (io.BytesIO(workbook(HEAD, LINE)), "danh sach.xlsx")
    preview = visitor.submit("/desk/people/import", {"file": file})
    assert preview.status_code == 200
    assert "Nguyễn Văn Thử" in preview.text
    with database.open() as db:
        assert db.scalars(select(Holding)).all() == []
    rows = unescape(preview.text.split('name="rows" hidden aria-hidden="true">')[1].split("</textarea>")[0])
    done = visitor.submit("/desk/people/import", {"rows": rows, "do": "import"})
    assert done.status_code == 303
    assert "1 người mới giữ chức danh" in visitor.get("/desk/people").text
    with database.open() as db:
        assert db.scalars(select(Person.email)).all() == ["thu@example.vn"]


def test_a_file_with_faults_names_each_and_writes_nothing(city: City, sign_in: SignIn, database: Database) -> None:
    bad = workbook(HEAD, LINE, ("00073", "Chủ tịch UBND", "B", "", "", ""), ("00070", "Trưởng thôn", "C", "c@", "", ""))
    answer = sign_in(city.ward).submit("/desk/people/import", {"file": (io.BytesIO(bad), "a.xlsx"), "do": "import"})
    assert answer.status_code == 422
    assert "00073" in answer.text  # a unit of others is no unit here
    assert "Trưởng thôn" in answer.text
    with database.open() as db:
        assert db.scalars(select(Holding)).all() == []
    empty = sign_in(city.ward).submit("/desk/people/import", {})
    assert empty.status_code == 422


def test_others_units_posts_and_accounts_do_not_exist(city: City, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(city.ward)
    with database.transaction() as db:
        chair = post_by_code(db, "00073-ubnd-chu-tich")
        term = appoint(db, chair, PersonFacts("A", "a@example.vn"), since=NOW.date(), by=COMMAND_LINE, now=NOW)
        term_id, person_id = term.id, term.person_id
    for path in (
        "/desk/units/01",
        "/desk/units/00073",
        "/desk/units/00073/edit",
        "/desk/units/00073/merge",
        "/desk/units/none",
        f"/desk/units/{'x' * 300}",
        "/desk/posts/00073-ubnd-chu-tich",
        f"/desk/holdings/{term_id}/end",
        f"/desk/people/{person_id}",
        f"/desk/people/{2**63}",
        f"/desk/staff/{city.head.id}",
        f"/desk/staff/{2**63}",
    ):
        assert visitor.get(path).status_code == 404, path
    lent = f"/desk/staff/{city.head.id}"
    assert visitor.submit("/desk/account", to=f"{lent}/link").status_code == 404
    assert visitor.submit("/desk/account", to=f"{lent}/close").status_code == 404


@pytest.mark.parametrize(
    "path", ["/desk/people/import", "/desk/staff", "/desk/units/00070/edit", f"/desk/posts/{CHAIR}"]
)
def test_a_clerk_administers_nothing(path: str, city: City, sign_in: SignIn, client: Visitor) -> None:
    assert sign_in(city.clerk).get(path).status_code == 403
    assert client.get(path).status_code == 303


def test_the_deeds_are_in_the_ledger(city: City, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(city.ward)
    visitor.submit("/desk/units/00070/new-post", {"title": "Phó Bí thư Thường trực Đảng ủy"})
    with database.open() as db:
        entry = db.scalars(select(Entry).where(Entry.deed == "post.created")).one()
        assert (entry.via, entry.account_id) == ("web", city.ward.id)
        assert db.scalars(select(Post.is_head).where(Post.title.startswith("Phó Bí thư"))).all() == [False]


def test_a_unit_of_another_kind_stands_in_english(city: City, sign_in: SignIn, database: Database) -> None:
    with database.transaction() as db:
        create_unit(db, "Ban Tiếp công dân", level="department", parent=db.scalars(
            select(Unit).where(Unit.code == "00070")).one(), by=COMMAND_LINE, now=NOW)  # fmt: skip
    page = sign_in(city.ward).get("/en/desk/units/00070").text
    assert '<span lang="vi">Ban Tiếp công dân</span>' in page
    assert "Reception places" in page

"""Finding one's place by what people type: the page, the suggestions while typing, and their freshness."""

from datetime import date

import pytest
from flask import Flask

from scheduler.actions.units import create_unit, rename_unit
from scheduler.database import Database
from scheduler.intake.vietnam_units import former_names, load_vietnam
from scheduler.models import Unit
from scheduler.queries.find import NAMING, KeptNames
from scheduler.rules.deeds import DEEDS
from scheduler.rules.permissions import COMMAND_LINE
from tests.browser import PHONE, OpenPage
from tests.build import NOW
from tests.served import Served
from tests.visitors import Visitor
from tests.web.checks import check_page
from tests.web.conftest import Statements
from tests.web.test_axe import AXE, RUN
from tests.web.wards import Ward
from web.state import state_of

TODAY = date(2026, 11, 22)


@pytest.fixture
def hanoi(database: Database) -> Database:
    with database.transaction() as db:
        load_vietnam(db, ["01"], by=COMMAND_LINE, now=NOW)
    return database


def test_what_people_type_finds_their_place(hanoi: Database) -> None:
    kept, found = KeptNames(), {}
    with hanoi.open() as db:
        for text, code in (
            ("hoan kiem", "00070"),
            ("Hoàn Kiếm", "00070"),
            ("hoàn k", "00070"),
            ("p. hoan kiem, hà nội", "00070"),
            ("xã hoàn kiếm", "00070"),
            ("lịch tiếp dân phường hoàn kiếm", "00070"),
            ("00070", "00070"),
            ("hang bac", "00070"),
            ("phường hàng bạc quận hoàn kiếm", "00070"),
            ("quận hoàn kiếm", "00070"),
            ("huyện sóc sơn", "00376"),
            ("cua nam", "00073"),
            ("ba", "00004"),
            ("ha noi", "01"),
            ("chủ tịch hoàn kiếm", "00070-ubnd-chu-tich"),
            ("ct phường hoàn kiếm", "00070-ubnd-chu-tich"),
            ("gặp chủ tịch phường hoàn kiếm", "00070-ubnd-chu-tich"),
            ("bí thư phường cửa nam", "00073-du-bi-thu"),
            ("uỷ ban nhân dân phường hoàn kiếm", "00070-ubnd"),
            ("", None),
            ("%", None),
            ("không có nơi này", None),
            ("hoan kiem" + "x" * 200, None),
        ):
            first = next(iter(kept.of(lambda: db, TODAY).find(text, 8)), None)
            if (first.code if first else None) != code:
                found[text] = first
        named = kept.of(lambda: db, TODAY).find("hang bac", 8)[0]
    assert found == {}
    assert named.former == "Phường Hàng Bạc (quận Hoàn Kiếm)"


def test_who_types_accents_means_them(hanoi: Database) -> None:
    with hanoi.transaction() as db:
        city = db.query(Unit).filter_by(code="01").one()
        for code, name in (("90001", "Xã Tấn Thử"), ("90002", "Xã Tân Thử")):
            create_unit(db, name, level="commune", kind="place", parent=city, code=code, by=COMMAND_LINE, now=NOW)
        names = KeptNames().of(lambda: db, TODAY)
        assert [one.code for one in names.find("tân thử", 2)] == ["90002", "90001"]
        assert [one.code for one in names.find("tấn thử", 2)] == ["90001", "90002"]


def test_the_state_list_gives_former_names_and_keeps_those_given_by_hand(hanoi: Database) -> None:
    names = former_names()
    assert len(names) > 3300
    assert names["31"] == ("Tỉnh Hải Dương",)
    assert all(name == name.strip() and name for some in names.values() for name in some)
    with hanoi.transaction() as db:
        units = {unit.code: unit for unit in db.query(Unit).filter(Unit.kind == "place")}
        units["00070"].former_names, units["00073"].former_names = [], ["Phường Tay"]
        load_vietnam(db, ["01"], by=COMMAND_LINE, now=NOW)
        assert "Phường Hàng Bạc (quận Hoàn Kiếm)" in units["00070"].former_names
        assert units["00073"].former_names == ["Phường Tay"]


def test_a_new_name_is_found_at_once_and_nothing_is_read_twice(
    app: Flask, client: Visitor, database: Database, ward: Ward, statements: Statements
) -> None:
    assert [deed for deed in NAMING if deed not in DEEDS] == []
    assert client.get("/search.json?q=gu").json == {"items": []}
    with statements() as sent:
        client.get("/search.json?q=guom")
    assert sent == []
    with database.transaction() as db:
        rename_unit(db, db.get_one(Unit, ward.place), "Phường Hồ Gươm", by=COMMAND_LINE, now=NOW)
    state_of(app).names.doubt()
    answer = client.get("/search.json?q=ho gu").json
    assert answer is not None
    assert answer["items"][0] == {"name": "Phường Hồ Gươm, Hà Nội", "note": "", "path": "/units/00070"}
    old = client.get("/en/search.json?q=hoan kiem").json
    assert old is not None
    assert old["items"][0]["path"] == "/en/units/00070"
    assert old["items"][0]["note"] == "formerly: Phường Hoàn Kiếm"


def test_suggestions_may_be_kept_and_name_nobody(client: Visitor, ward: Ward) -> None:
    first = client.get("/search.json?q=hoan")
    assert "public" in first.headers["Cache-Control"]
    assert "Cookie" not in first.headers.get("Vary", "")
    assert "Set-Cookie" not in first.headers
    again = client.get("/search.json?q=hoan", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    for text in ("", "%00", "'" * 500, "<b>", "a" * 9000):
        assert client.get("/search.json", query_string={"q": text}).status_code == 200


def test_the_page_finds_the_same_without_script(client: Visitor, ward: Ward) -> None:
    text = client.get("/search?q=hoan kiem").text
    check_page(text)
    assert text.index("/units/00070") < text.index("/posts/00070-ubnd-chu-tich") < text.index("/units/00070-ubnd")
    empty = client.get("/search?q=%25<b>").text
    check_page(empty)
    assert "&lt;b&gt;" in empty
    check_page(client.get("/en/search").text, "en")
    check_page(client.get("/en/provinces").text, "en")


def test_a_single_place_is_opened_at_once(client: Visitor, database: Database) -> None:
    with database.transaction() as db:
        create_unit(db, "Xã Sóc Sơn", level="commune", kind="place", code="00376", by=COMMAND_LINE, now=NOW)
    response = client.get("/en/search?q=soc son")
    assert (response.status_code, response.headers["Location"]) == (303, "/en/units/00376")


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_keyboard_chooses_among_suggestions(served: Served, ward: Ward, open_page: OpenPage) -> None:
    page = open_page(PHONE)
    page.goto(f"{served.address}/en/")
    box = page.get_by_role("combobox", name="Name of the commune")
    box.press_sequentially("hoan ki", delay=10)
    options = page.get_by_role("option")
    options.first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(RUN) == []
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("ArrowUp")
    assert options.first.get_attribute("aria-selected") == "true"
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    box.press("Escape")
    assert options.first.is_hidden()
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/en/units/00070")

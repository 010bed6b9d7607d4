"""Units made, named, moved and merged, their posts and places, and the state list in bulk; every refusal."""

from collections.abc import Iterable
from datetime import date

import pytest
from sqlalchemy import func, select

from scheduler.actions.places import close_place, create_place
from scheduler.actions.posts import create_post
from scheduler.actions.state_list import load_places
from scheduler.actions.units import (
    Reach,
    create_bodies,
    create_unit,
    edit_reach,
    merge_unit,
    move_unit,
    rename_unit,
)
from scheduler.database import Db
from scheduler.errors import BadInput, Faults, HouseError, NotAllowed, NotFound, RuleBroken
from scheduler.intake.vietnam_units import load_vietnam, state_places
from scheduler.models import Entry, FeedVersion, Post, Unit, UnitAbove
from scheduler.queries.search import search_units
from scheduler.queries.units import post_by_code, unit_by_code
from scheduler.rules.permissions import COMMAND_LINE, Actor
from tests.build import NOW, make_actor

TRUSTED = {"by": COMMAND_LINE, "now": NOW}


@pytest.fixture
def city(db: Db) -> Unit:
    """Hà Nội with two wards and all their bodies, made one by one."""
    city = create_unit(db, "Thành phố Hà Nội", level="province", kind="place", code="01", **TRUSTED)
    for code, name in (("00070", "Phường Hoàn Kiếm"), ("00073", "Phường Cửa Nam")):
        place = create_unit(db, name, level="commune", kind="place", parent=city, code=code, **TRUSTED)
        create_bodies(db, place, **TRUSTED)
    return city


def above(db: Db) -> set[tuple[int, int, int]]:
    return {(row.unit_id, row.above_id, row.steps) for row in db.scalars(select(UnitAbove))}


def above_by_parents(db: Db) -> set[tuple[int, int, int]]:
    """The same, walked up from parent to parent."""
    parents = {row.id: row.parent_id for row in db.execute(select(Unit.id, Unit.parent_id))}
    found = set()
    for unit in parents:
        high, steps = unit, 0
        while high is not None:
            found.add((unit, high, steps))
            high, steps = parents[high], steps + 1
    return found


def names(units: Iterable[Unit]) -> list[str]:
    return [unit.name for unit in units]


def test_everybody_above_is_known_after_making_and_moving(city: Unit, db: Db) -> None:
    assert above(db) == above_by_parents(db)
    ward, other = unit_by_code(db, "00070"), unit_by_code(db, "00073")
    office = create_unit(db, "Văn phòng", level="department", parent=unit_by_code(db, "00070-ubnd"), **TRUSTED)
    assert above(db) == above_by_parents(db)
    move_unit(db, unit_by_code(db, "00070-ubnd"), other, **TRUSTED)
    assert above(db) == above_by_parents(db)
    assert office.parent is not None
    assert office.parent.parent is other
    with pytest.raises(RuleBroken, match=r"units\.below-itself"):
        move_unit(db, city, ward, **TRUSTED)
    with pytest.raises(RuleBroken, match=r"units\.below-itself"):
        move_unit(db, ward, ward, **TRUSTED)


def test_a_moved_unit_is_found_by_its_new_place(city: Unit, db: Db) -> None:
    province = create_unit(db, "Tỉnh Tây Ninh", level="province", kind="place", code="80", **TRUSTED)
    move_unit(db, unit_by_code(db, "00070"), province, **TRUSTED)
    assert names(search_units(db, "hoan kiem tay ninh"))[0] == "Phường Hoàn Kiếm"
    assert search_units(db, "hoan kiem ha noi") == []


def test_bodies_are_made_once_with_their_posts(city: Unit, db: Db) -> None:
    ward = unit_by_code(db, "00070")
    assert create_bodies(db, ward, **TRUSTED) == []
    chair = post_by_code(db, "00070-ubnd-chu-tich")
    assert (chair.title, chair.duty, chair.is_head) == ("Chủ tịch UBND", "commune_chairman", True)
    deputy = post_by_code(db, "00070-ubnd-pho-chu-tich")
    assert (deputy.title, deputy.duty, deputy.is_head) == ("Phó Chủ tịch UBND", "", False)
    assert post_by_code(db, "00070-du-bi-thu").duty == "commune_secretary"
    create_bodies(db, city, **TRUSTED)
    assert post_by_code(db, "01-du-bi-thu").title == "Bí thư Thành ủy"


def test_codes_are_readable_and_last(city: Unit, db: Db) -> None:
    ward = unit_by_code(db, "00070")
    first = create_unit(db, "Phòng Văn hóa - Xã hội", level="department", parent=ward, **TRUSTED)
    second = create_unit(db, "Phòng Văn hoá - Xã hội", level="department", parent=ward, **TRUSTED)
    alone = create_unit(db, "UBND tỉnh Tây Ninh", level="province", kind="peoples_committee", **TRUSTED)
    assert [unit.code for unit in (first, second, alone)] == [
        "00070-phong-van-hoa-xa-hoi",
        "00070-phong-van-hoa-xa-hoi-2",
        "ubnd-tinh-tay-ninh",
    ]
    post = create_post(db, alone, "Chủ tịch Ủy ban nhân dân tỉnh", **TRUSTED)
    assert (post.code, post.title, post.duty) == (
        "ubnd-tinh-tay-ninh-chu-tich",
        "Chủ tịch UBND tỉnh",
        "province_chairman",
    )
    twin = create_post(db, alone, "Chủ tịch UBND", **TRUSTED)
    assert twin.code == "ubnd-tinh-tay-ninh-chu-tich-2"


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({"code": "00070"}, "units.code-taken"),
        ({"code": "A B"}, "units.bad-code"),
        ({"name": " \u202e "}, "units.name-missing"),
        ({"name": "x" * 201}, "units.name-too-long"),
        ({"level": "village"}, "units.unknown-level"),
        ({"kind": "club"}, "units.unknown-level"),
    ],
)
def test_a_unit_that_cannot_be(facts: dict[str, str], key: str, city: Unit, db: Db) -> None:
    name = facts.get("name", "Phòng thử")
    rest = {"level": "department"} | {other: value for other, value in facts.items() if other != "name"}
    with pytest.raises(BadInput, match=key):
        create_unit(db, name, parent=city, **rest, **TRUSTED)


@pytest.mark.parametrize(("code", "key"), [("00070-ubnd-chu-tich", "units.code-taken"), ("A", "units.bad-code")])
def test_a_post_that_cannot_be(code: str, key: str, city: Unit, db: Db) -> None:
    with pytest.raises(BadInput, match=key):
        create_post(db, unit_by_code(db, "00070-ubnd"), "Chủ tịch", code=code, **TRUSTED)


def test_only_who_administers_the_branch_may(city: Unit, db: Db) -> None:
    ward, other = unit_by_code(db, "00070"), unit_by_code(db, "00073")
    chief, clerk, head = (make_actor(db, ward, role) for role in ("administrator", "secretariat", "approver"))
    create_unit(db, "Phòng thử", level="department", parent=unit_by_code(db, "00070-ubnd"), by=chief, now=NOW)
    create_post(db, unit_by_code(db, "00070-ubnd"), "Chánh Văn phòng", by=clerk, now=NOW)
    refusals = (
        (NotAllowed, lambda: create_unit(db, "Tỉnh", level="province", by=chief, now=NOW)),
        (NotAllowed, lambda: create_unit(db, "Phòng", level="department", parent=ward, by=clerk, now=NOW)),
        (NotFound, lambda: create_unit(db, "Phòng", level="department", parent=other, by=chief, now=NOW)),
        (NotAllowed, lambda: create_post(db, ward, "Trưởng ban", by=head, now=NOW)),
        (NotAllowed, lambda: create_place(db, ward, "Phòng 1", by=clerk, now=NOW)),
        (NotAllowed, lambda: edit_reach(db, ward, Reach(), by=clerk, now=NOW)),
        (NotAllowed, lambda: rename_unit(db, ward, "Phường Mới", by=clerk, now=NOW)),
        (NotFound, lambda: move_unit(db, ward, other, by=chief, now=NOW)),
        (NotFound, lambda: merge_unit(db, ward, other, date(2026, 12, 31), by=chief, now=NOW)),
        (NotAllowed, lambda: load_places(db, [], by=chief, now=NOW)),
    )
    for kind, refused in refusals:
        with pytest.raises(kind):
            refused()


def test_a_new_name_keeps_the_code_and_the_old_name_is_found(city: Unit, db: Db) -> None:
    ward = unit_by_code(db, "00070")
    council = unit_by_code(db, "00070-hdnd")
    rename_unit(db, council, "HĐND khóa mới", **TRUSTED)
    before = {row.feed: row.version for row in db.scalars(select(FeedVersion))}
    rename_unit(db, ward, "Phường Hồ Gươm", **TRUSTED)
    db.flush()
    assert unit_by_code(db, "00070").former_names == ["Phường Hoàn Kiếm"]
    assert unit_by_code(db, "00070-ubnd").name == "UBND phường Hồ Gươm"
    assert council.name == "HĐND khóa mới"  # named by hand: it does not follow
    for text in ("hoan kiem", "Hồ Gươm", "ho guom"):
        assert names(search_units(db, text))[0] == "Phường Hồ Gươm"
    raised = {row.feed for row in db.scalars(select(FeedVersion)) if row.version > before.get(row.feed, 0)}
    assert {f"unit:{ward.id}", f"unit:{city.id}", f"post:{post_by_code(db, '00070-ubnd-chu-tich').id}"} <= raised
    entries = db.scalar(select(func.count(Entry.id)))
    rename_unit(db, ward, " Phường  Hồ Gươm ", **TRUSTED)
    assert db.scalar(select(func.count(Entry.id))) == entries  # nothing new, nothing noted
    rename_unit(db, ward, "Phường Hoàn Kiếm", **TRUSTED)
    assert ward.former_names == ["Phường Hồ Gươm"]


def test_a_merged_unit_leads_on_with_its_bodies(city: Unit, db: Db) -> None:
    ward, other = unit_by_code(db, "00070"), unit_by_code(db, "00073")
    merge_unit(db, ward, other, date(2026, 12, 31), **TRUSTED)
    db.flush()
    assert (ward.valid_to, ward.successor) == (date(2026, 12, 31), other)
    assert unit_by_code(db, "00070-ubnd").successor is unit_by_code(db, "00073-ubnd")
    assert post_by_code(db, "00070-ubnd-chu-tich").valid_to == date(2026, 12, 31)
    assert names(search_units(db, "hoan kiem"))[:2] == ["Phường Cửa Nam", "Phường Hoàn Kiếm"]
    with pytest.raises(RuleBroken, match=r"units\.ended-already"):
        merge_unit(db, ward, other, date(2027, 1, 1), **TRUSTED)
    with pytest.raises(RuleBroken, match=r"units\.ended-already"):
        merge_unit(db, other, ward, date(2027, 1, 1), **TRUSTED)
    with pytest.raises(RuleBroken, match=r"units\.below-itself"):
        merge_unit(db, city, other, date(2027, 1, 1), **TRUSTED)


def test_places_open_and_close(city: Unit, db: Db) -> None:
    office = unit_by_code(db, "00070-ubnd")
    place = create_place(db, office, " Phòng  tiếp công dân ", address="126 Hàng Trống", **TRUSTED)
    assert place.name == "Phòng tiếp công dân"
    with pytest.raises(BadInput, match=r"units\.place-there-already"):
        create_place(db, office, "Phòng tiếp công dân", **TRUSTED)
    close_place(db, place, date(2026, 12, 1), **TRUSTED)
    assert create_place(db, office, "Phòng tiếp công dân", **TRUSTED).position == 1


def test_how_a_unit_is_reached(city: Unit, db: Db) -> None:
    edit_reach(db, city, Reach("024", "hanoi@example.vn", "Đinh Tiên Hoàng"), **TRUSTED)
    assert (city.phone, city.email, city.address) == ("024", "hanoi@example.vn", "Đinh Tiên Hoàng")
    edit_reach(db, city, Reach("024", "tp@example.vn", "Đinh Tiên Hoàng"), **TRUSTED)
    assert city.email == "tp@example.vn"


def test_the_state_list_has_34_provinces_and_3321_communes() -> None:
    places = state_places()
    assert [sum(place.level == level for place in places) for level in ("province", "commune")] == [34, 3321]
    assert sum(place.province == "01" for place in places) == 126
    by_code = {place.code: place for place in places}
    assert len(by_code) == len(places)
    assert by_code["00070"].name == "Phường Hoàn Kiếm"
    assert by_code["80"].name == "Tỉnh Tây Ninh"
    assert all(place.province in by_code for place in places if place.level == "commune")


def test_loading_a_province_twice_adds_nothing(db: Db) -> None:
    done = load_vietnam(db, ["1"], **TRUSTED)
    assert (done.provinces, done.communes, done.bodies, done.posts) == (1, 126, 381, 508)
    assert above(db) == above_by_parents(db)
    again = load_vietnam(db, ["01"], **TRUSTED)
    assert (again.provinces, again.communes, again.bodies, again.posts, again.there_already) == (0, 0, 0, 0, 127)
    assert db.scalar(select(func.count(Entry.id))) == 1
    assert unit_by_code(db, "00070").valid_from == date(2025, 7, 1)
    assert post_by_code(db, "00070-du-bi-thu").title == "Bí thư Đảng ủy"


def test_what_was_changed_by_hand_stays_when_the_list_is_loaded_again(db: Db) -> None:
    load_vietnam(db, ["80"], **TRUSTED)
    ward = db.scalars(select(Unit).where(Unit.level == "commune", Unit.kind == "place").order_by(Unit.id)).first()
    assert ward is not None
    rename_unit(db, ward, "Xã Đặt Tay", **TRUSTED)
    db.delete(post_by_code(db, f"{ward.code}-ubnd-pho-chu-tich"))
    db.flush()
    done = load_vietnam(db, ["80"], **TRUSTED)
    assert (done.communes, done.posts) == (0, 1)
    assert unit_by_code(db, ward.code).name == "Xã Đặt Tay"


def test_the_same_is_found_and_named_whether_made_singly_or_in_bulk(db: Db, city: Unit) -> None:
    single = {unit.code: (unit.name, unit.kind, unit.level, unit.search) for unit in db.scalars(select(Unit))}
    posts = {post.code: (post.title, post.duty, post.position, post.search) for post in db.scalars(select(Post))}
    for model in (UnitAbove, Post, Unit):
        if model is Unit:
            db.query(Entry).delete()
            db.query(Unit).update({"parent_id": None})
        db.query(model).delete()
    load_vietnam(db, ["01"], **TRUSTED)
    bulk = {unit.code: (unit.name, unit.kind, unit.level, unit.search) for unit in db.scalars(select(Unit))}
    assert {code: bulk[code] for code in single} == single
    bulk_posts = {post.code: (post.title, post.duty, post.position, post.search) for post in db.scalars(select(Post))}
    assert {code: bulk_posts[code] for code in posts} == posts


@pytest.mark.parametrize("codes", [["99"], ["01", "x"], [""]])
def test_an_unknown_province_is_refused(codes: list[str], db: Db) -> None:
    with pytest.raises(Faults) as refusal:
        load_vietnam(db, codes, **TRUSTED)
    assert [fault.key for fault in refusal.value.faults] == ["units.unknown-province"]
    assert db.scalar(select(func.count(Unit.id))) == 0


def test_nobody_without_trust_loads_the_list(db: Db) -> None:
    with pytest.raises(HouseError):
        load_vietnam(db, ["01"], by=Actor("x", "web"), now=NOW)

"""Holders from a file: all or none, in any order, twice without change, each fault with its line."""

from datetime import date

import pytest
from sqlalchemy import select

from scheduler.actions.people import (
    HolderRow,
    PersonFacts,
    import_people,
    preview_people,
)
from scheduler.actions.units import create_bodies, create_unit
from scheduler.database import Db
from scheduler.errors import Faults
from scheduler.models import Holding, Person, Post, Unit
from scheduler.queries.agenda import holders_on
from scheduler.queries.people import (
    holdings_of,
)
from scheduler.queries.units import post_by_code
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW, make_actor

TRUSTED = {"by": COMMAND_LINE, "now": NOW}
LAN = PersonFacts("Nguyễn Thử Lan", "lan@example.vn")
MAI = PersonFacts("Trần Thử Mai", "mai@example.vn")


@pytest.fixture
def ward(db: Db) -> Unit:
    ward = create_unit(db, "Phường Hoàn Kiếm", level="commune", kind="place", code="00070", **TRUSTED)
    create_bodies(db, ward, **TRUSTED)
    return ward


@pytest.fixture
def chair(db: Db, ward: Unit) -> Post:
    return post_by_code(db, "00070-ubnd-chu-tich")


@pytest.fixture
def secretary(db: Db, ward: Unit) -> Post:
    return post_by_code(db, "00070-du-bi-thu")


def terms(db: Db, post: Post) -> list[tuple[str, str, str]]:
    return [
        (term.person.name, str(term.valid_from), str(term.valid_to))
        for term in reversed(holdings_of(db, [post.id]).get(post.id, []))
    ]


def row(line: int, **values: object) -> HolderRow:
    facts = {"unit": "00070", "post": "Chủ tịch UBND", "name": LAN.name, "email": "", "since": None, "until": None}
    return HolderRow(f"line:{line}", **(facts | values))  # type: ignore[arg-type]


HISTORY = [
    row(2, since=date(2025, 7, 1), email="lan@example.vn"),
    row(3, name=MAI.name, since=date(2026, 3, 1), unit="00070-ubnd"),
    row(4, post="Bí thư Đảng ủy phường", email="lan@example.vn"),
]


@pytest.mark.parametrize("rows", [HISTORY, HISTORY[::-1]], ids=["in order", "backwards"])
def test_an_import_in_any_order_twice_changes_nothing(rows: list[HolderRow], db: Db, chair: Post) -> None:
    assert [line.outcome for line in import_people(db, rows, **TRUSTED).lines] == ["appointed"] * 3
    before = terms(db, chair)
    assert before == [(LAN.name, "2025-07-01", "2026-02-28"), (MAI.name, "2026-03-01", "None")]
    assert [line.outcome for line in import_people(db, rows, **TRUSTED).lines] == ["unchanged"] * 3
    assert terms(db, chair) == before
    assert len(db.scalars(select(Person)).all()) == 2
    secretary = post_by_code(db, "00070-du-bi-thu")
    assert terms(db, secretary) == [(LAN.name, "2025-07-01", "None")]  # a line without a day begins with the two levels


def test_a_changed_file_changes_what_differs(db: Db, chair: Post) -> None:
    import_people(db, HISTORY, **TRUSTED)
    changed = [HISTORY[0], row(3, name=MAI.name, since=date(2026, 3, 1), email="mai@example.vn")]
    done = import_people(db, changed, **TRUSTED)
    assert [(line.post, line.outcome) for line in done.lines] == [
        ("Chủ tịch UBND", "unchanged"),
        ("Chủ tịch UBND", "changed"),
    ]
    assert (done.count("changed"), done.count("unchanged")) == (1, 1)
    assert holders_on(db, [chair.id], NOW.date())[chair.id].email == "mai@example.vn"


def test_every_line_that_cannot_be_taken_is_named(db: Db, ward: Unit) -> None:
    rows = [
        row(2),
        row(3, unit="zz"),
        row(4, post="Trưởng thôn"),
        row(5, email="x@"),
        row(6, name=MAI.name, since=date(2026, 2, 1), until=date(2026, 1, 1)),
        row(7, name=" "),
    ]
    with pytest.raises(Faults) as refusal:
        import_people(db, rows, **TRUSTED)
    assert [(fault.place, fault.key) for fault in refusal.value.faults] == [
        ("line:3", "people.unknown-unit"),
        ("line:4", "people.unknown-post"),
        ("line:5", "people.bad-address"),
        ("line:6", "people.ends-before-it-begins"),
        ("line:7", "people.name-missing"),
    ]
    with pytest.raises(Faults) as refusal:
        import_people(db, [], **TRUSTED)
    assert [fault.key for fault in refusal.value.faults] == ["tables.empty"]


def test_an_import_reaches_only_units_one_administers(db: Db, ward: Unit) -> None:
    other = create_unit(db, "Phường Khác", level="commune", kind="place", code="00073", **TRUSTED)
    create_bodies(db, other, **TRUSTED)
    clerk = make_actor(db, ward, "secretariat")
    with pytest.raises(Faults) as refusal:
        import_people(db, [row(2), row(3, unit="00073")], by=clerk, now=NOW)
    assert [fault.key for fault in refusal.value.faults] == ["errors.not-allowed", "people.unknown-unit"]


def test_a_preview_leaves_nothing(db: Db, chair: Post) -> None:
    done = preview_people(db, HISTORY, **TRUSTED)
    assert done.count("appointed") == 3
    assert db.scalars(select(Holding)).all() == []
    with pytest.raises(Faults):
        preview_people(db, [row(2), row(3, unit="zz")], **TRUSTED)
    assert db.scalars(select(Holding)).all() == []
    assert import_people(db, HISTORY, **TRUSTED).count("appointed") == 3

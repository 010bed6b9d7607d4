"""A merged province brings its communes along on the day: rights, calendars, board and reports follow at once."""

from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from jobs.succession import find, handle
from scheduler.actions.succession import confirm_succession, preview_succession
from scheduler.database import Database
from scheduler.models import Role, Unit
from scheduler.queries.access import grants_of, may
from scheduler.queries.units import unit_by_code
from scheduler.reports.compliance import run as compliance
from scheduler.reports.duties import run as duties
from scheduler.reports.frame import Period, Scope
from scheduler.rules.permissions import COMMAND_LINE, Actor
from scheduler.rules.succession import Decision, Share
from tests.build import NOW, make_account, make_holder, make_post, make_published, make_unit
from tests.visitors import Clock, Visitor
from tests.web.test_feeds import uids

DAY = date(2027, 1, 1)
THEN = datetime.fromisoformat("2027-01-01T00:30:00+07:00")
YEAR = Period(date(2026, 1, 1), date(2027, 6, 30))
"""Both halves of the move."""


@pytest.fixture
def people(database: Database) -> dict[str, int]:
    """Accounts of both provinces and of the commune, by who they are."""
    with database.transaction() as db:
        old = make_unit(db, "35", name="Tỉnh Hà Nam", kind="place", level="province")
        new = make_unit(db, "37", name="Tỉnh Ninh Bình", kind="place", level="province")
        for province in (old, new):
            make_unit(db, f"{province.code}-ubnd", name=f"UBND {province.name}", parent=province, level="province")
        commune = make_unit(db, "13285", name="Phường Phủ Lý", kind="place", parent=old)
        office = make_unit(db, "13285-ubnd", name="UBND phường Phủ Lý", parent=commune)
        chairman = make_post(db, office, code="13285-ubnd-chu-tich")
        make_holder(db, chairman)
        for day, uid in ((date(2026, 12, 29), "truoc"), (date(2027, 1, 14), "sau")):
            make_published(db, office, chairman, day=day, uid=f"{uid}@example.vn")
        return {
            name: make_account(db, unit, role).id
            for name, unit, role in (
                ("old", old, "supervisor"),
                ("new", new, "supervisor"),
                ("clerk", office, "secretariat"),
            )
        }


def readers(database: Database, people: dict[str, int], day: date) -> list[str]:
    """Who may read the commune's office on that day."""
    with database.open() as db:
        office = unit_by_code(db, "13285-ubnd")
        actors = {name: Actor(name, "web", number, grants_of(db, number, day)) for name, number in people.items()}
        return [name for name, actor in actors.items() if may(db, actor, "read", office.id)]


def counted(database: Database, code: str) -> tuple[list[str], int]:
    """The communes on the board of a province, and its published days in the report on duties."""
    with database.open() as db:
        scope = Scope(unit_by_code(db, code))
        board = [row.key for row in compliance(db, YEAR, scope, DAY).rows]
        return board, sum(row.cells["published"] for row in duties(db, YEAR, scope, DAY).rows)


def test_a_merged_province_brings_its_communes_along(
    people: dict[str, int], database: Database, client: Visitor, app: Flask, clock: Clock
) -> None:
    decision = Decision("join", "35", DAY, "202/2025/QH15", date(2026, 11, 1), shares=(Share("37"),))
    before = counted(database, "35")
    assert before == (["13285"], 2)
    with database.transaction() as db:
        seen = preview_succession(db, decision, by=COMMAND_LINE, now=NOW)
        assert [line.name for line in seen.of("below")] == ["Phường Phủ Lý"]
        assert seen.of("published") == []
        confirm_succession(db, decision, seen.seen, by=COMMAND_LINE, now=NOW)
        assert find(db, NOW) == []
    assert readers(database, people, NOW.date()) == ["old", "clerk"]
    assert uids(client.get("/feeds/unit/37.ics?below=1").data) == set()
    with database.transaction() as db:
        for number in find(db, THEN):
            handle(db, number, THEN)
        assert find(db, THEN) == []
    clock.now = THEN
    assert readers(database, people, DAY) == ["old", "new", "clerk"]
    both = {"truoc@example.vn", "sau@example.vn"}
    assert uids(client.get("/feeds/unit/37.ics?below=1").data) == both
    assert client.get("/feeds/unit/35.ics?below=1").location == "/feeds/unit/37.ics?below=1"
    assert "Phường Phủ Lý" in client.get("/units/37").text
    assert counted(database, "37") == before
    with database.open() as db:
        commune = db.scalars(select(Unit).where(Unit.code == "13285")).one()
        assert (commune.parent, commune.valid_to) == (unit_by_code(db, "37"), None)
        assert db.scalars(select(Role.valid_to).where(Role.account_id == people["clerk"])).one() is None

"""Every page read by axe-core as a screen reader's user would meet it: nothing serious on the desk, nothing at all on
the pages of residents."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from flask import Flask
from playwright.sync_api import Page

from scheduler.actions.changes import cancel_occurrence, move_occurrence
from scheduler.actions.units import create_unit
from scheduler.database import Database, Db
from scheduler.links import signed_path
from scheduler.models import Record, Role, Unit
from scheduler.rules.permissions import COMMAND_LINE
from tests.browser import PHONE, OpenPage
from tests.build import NOW, make_account, make_follower, make_registration
from tests.served import Served
from tests.web.results_world import make_answered
from tests.web.rights_matrix import MATRIX
from tests.web.rights_world import make_world
from tests.web.wards import Ward, make_ward, order, publish_in

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
ROLES = ("administrator", "secretariat", "approver")
SERIOUS = ("serious", "critical")
RUN = """async () => {
  const found = await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]});
  return found.violations.map(one => [one.impact, one.id, one.nodes.map(node => node.target.join(" ")).slice(0, 3)]);
}"""
NARROW = (320, 740)
PUBLIC_PAGES = (
    "/",
    "/search?q=hoan",
    "/search?q=khong-co-noi-nay",
    "/provinces",
    "/provinces/01",
    "/units/00070",
    "/units/00070-ubnd",
    "/units/00070?month=12",
    "/units/00070?view=list&kind=reception&post=00070-ubnd-chu-tich",
    "/units/00070?year=2027",
    "/units/00040?year=2025",
    "/units/01",
    "/posts/00070-ubnd-chu-tich",
    "/units/00070/subscribe",
    "/posts/00070-ubnd-chu-tich/subscribe",
    "/units/00070/subscribe/sent",
    "/follow/{asked}",
    "/follow/{following}",
    "/occurrences/{coming}",
    "/occurrences/{late}",
    "/occurrences/{moved}",
    "/occurrences/{cancelled}",
    "/occurrences/{held}",
    "/occurrences/{coming}/poster",
    "/embed/units/00070",
    "/units/00070/embed",
    "/open-data",
    "/registrations/{answered}",
    "/registrations/{answered}/matters/1/not-done",
    "/occurrences/{coming}/register",
    "/occurrences/{late}/register",
    "/registrations",
    "/registrations/{registered}",
    "/registrations/{registered}/change",
    "/registrations/{registered}/cancel",
)
"""What everybody may read, {…} a sitting of `make_residents_world`; new public pages are added here."""
NO_PAGE = re.compile(r"\.(csv|xlsx|json|yaml|pdf|docx|ics|txt)$|<")


def plain_addresses(app: Flask) -> list[str]:
    """The addresses of the desk that name nothing and are pages."""
    rules = [str(rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return sorted(rule for rule in rules if rule.startswith("/desk") and not NO_PAGE.search(rule))


def is_file(page: Page, address: str) -> bool:
    """Whether the address answers with something to keep instead of a page to read."""
    return not page.request.get(address).headers.get("content-type", "").startswith("text/html")


def make_residents_world(db: Db) -> dict[str, str]:
    """A ward with a sitting of every kind that a resident may open, by name."""
    ward = make_ward(db)
    coming = publish_in(db, ward, attend=["Công an phường"], content="Đất đai", register_by=date(2026, 11, 25))
    late = publish_in(db, ward, date(2026, 12, 3), register_by=date(2026, 11, 20))
    moved, cancelled = publish_in(db, ward, date(2026, 12, 10)), publish_in(db, ward, date(2026, 12, 17))
    slug, given = order(db, ward, moved.slug)
    move_occurrence(db, slug, given, day=date(2026, 12, 11))
    slug, given = order(db, ward, cancelled.slug)
    cancel_occurrence(db, slug, given)
    held = publish_in(db, ward, date(2026, 11, 14), kind="dialogue", state="held")
    db.add(Record(occurrence_id=held.id, attendances=144, opinions=24, answered_on_the_spot=20, recorded_at=NOW))
    old = create_unit(db, "Phường Hàng Bạc", level="commune", kind="place", code="00040", by=COMMAND_LINE, now=NOW)
    old.valid_to, old.successor_id = date(2025, 6, 30), ward.place
    own = signed_path("k" * 43, f"/registrations/{make_answered(db, held).slug}")
    answered = {"answered": own.removeprefix("/registrations/")}
    named = {"coming": coming, "late": late, "moved": moved, "cancelled": cancelled, "held": held}
    registered = signed_path("k" * 43, f"/registrations/{make_registration(db, coming, words='Sổ đỏ').slug}")
    followers = make_followers(db, ward)
    return {name: row.slug for name, row in named.items()} | answered | followers | {"registered": registered[15:]}


def make_followers(db: Db, ward: Ward) -> dict[str, str]:
    """Who follows the ward and who has not confirmed yet: slug and signature of their own pages."""
    place = db.get_one(Unit, ward.place)
    asked = make_follower(db, place, state="asked", confirmed_at=None, told_at=None)
    named = {"asked": asked, "following": make_follower(db, place)}
    return {name: signed_path("k" * 43, f"/follow/{row.slug}").removeprefix("/follow/") for name, row in named.items()}


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_stands_in_a_residents_way(served: Served, database: Database, open_page: OpenPage) -> None:
    with database.transaction() as db:
        slugs = make_residents_world(db)
    page, faults = open_page(NARROW), {}
    for path in PUBLIC_PAGES:
        for prefix in ("", "/en"):
            address = prefix + path.format(**slugs)
            answer = page.goto(served.address + address)
            assert answer is not None
            assert answer.status == 200, address
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found: list[list[Any]] = page.evaluate(RUN)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if found or wide > NARROW[0]:
                faults[address] = (found, wide)
    assert faults == {}


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_page_of_the_desk_keeps_anybody_out(
    served: Served, app: Flask, database: Database, open_page: OpenPage
) -> None:
    world = make_world(database)
    with database.transaction() as db:
        account = make_account(db, world.units["above"], ROLES[0], demo=True)
        for role in ROLES[1:]:
            db.add(Role(account_id=account.id, unit_id=world.units["above"].id, role=role))
    page, faults = open_page(PHONE), {}
    served.sign_in(page, account)
    named = [path.format(**world.names) for method, path, _ in MATRIX if method == "GET"]
    for address in dict.fromkeys([*plain_addresses(app), *named]):
        if is_file(page, served.address + address):
            continue
        answer = page.goto(served.address + address)
        assert answer is not None
        assert answer.status < 500, address
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found: list[list[Any]] = page.evaluate(RUN)
        serious = [one for one in found if one[0] in SERIOUS]
        if serious:
            faults[address] = serious
    assert faults == {}

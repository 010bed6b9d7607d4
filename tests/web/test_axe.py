"""Every page of the desk read by axe-core as a screen reader's user would meet it: nothing serious may be found."""

import re
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from flask import Flask
from playwright.sync_api import Page

from scheduler.database import Database
from scheduler.models import Role
from tests.browser import PHONE, OpenPage
from tests.build import make_account
from tests.served import Served
from tests.web.rights_world import make_world
from tests.web.test_rights import MATRIX

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
ROLES = ("administrator", "secretariat", "approver")
SERIOUS = ("serious", "critical")
RUN = """async () => {
  const found = await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]});
  return found.violations.map(one => [one.impact, one.id, one.nodes.map(node => node.target.join(" ")).slice(0, 3)]);
}"""
NO_PAGE = re.compile(r"\.(csv|xlsx|json|yaml|pdf|docx|ics|txt)$|<")


def plain_addresses(app: Flask) -> list[str]:
    """The addresses of the desk that name nothing and are pages."""
    rules = [str(rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return sorted(rule for rule in rules if rule.startswith("/desk") and not NO_PAGE.search(rule))


def is_file(page: Page, address: str) -> bool:
    """Whether the address answers with something to keep instead of a page to read."""
    return not page.request.get(address).headers.get("content-type", "").startswith("text/html")


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

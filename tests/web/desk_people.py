"""Three people at their desks at the same time, each in a browser of their own: two clerks and the one who approves."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from scheduler.actions.days import seed_days
from scheduler.database import Db
from scheduler.models import Account, Post, Unit
from tests.browser import OpenPage
from tests.build import make_account, make_holder, make_office, make_post, make_unit
from tests.conftest import NOW
from tests.served import Served
from tests.visitors import SignIn


@dataclass
class Office:
    """UBND phường Hoàn Kiếm: a chairman with an address, a deputy with another, a police station with a telephone."""

    unit: Unit
    chairman: Post
    deputy: Post
    police: Unit
    accounts: dict[str, Account]


@dataclass
class Desks:
    """The office, and its people's pages: `clerk`, `second` and `head` (Chánh Văn phòng)."""

    served: Served
    cookies: SignIn
    office: Office
    clerk: Page
    second: Page
    head: Page

    def go(self, page: Page, path: str) -> None:
        """Open an address of the desk, which must answer."""
        answer = page.goto(self.served.address + path)
        assert answer is not None
        assert answer.status == 200, f"{path} answered {answer.status}"

    def sign_in(self, page: Page, who: str) -> None:
        """Give this browser the cookie of somebody of the office."""
        cookie = self.cookies(self.office.accounts[who]).get_cookie("lichdan")
        assert cookie is not None
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.served.address}])


def make_desk_office(db: Db) -> Office:
    """The office with the ward's accounts; the days off of these years are known."""
    unit, chairman = make_office(db)
    seed_days(db, NOW)
    deputy = make_post(db, unit, "Phó Chủ tịch UBND", code="00070-ubnd-pho", duty="", is_head=False)
    make_holder(db, deputy, "Lê Thị Phó", email="pho@example.vn")
    police = make_unit(db, "00070-ca", name="Công an phường", parent=unit, phone="024 3825 0113", email="")
    named = {
        "clerk": ("secretariat", "Văn thư Lan"),
        "second": ("secretariat", "Văn thư Mai"),
        "head": ("approver", "Chánh Văn phòng"),
        "deputy-head": ("approver", "Phó Chánh Văn phòng"),
    }
    ward = db.get_one(Unit, unit.parent_id)
    accounts = {who: make_account(db, ward, role, name=name, demo=True) for who, (role, name) in named.items()}
    return Office(unit, chairman, deputy, police, accounts)


def open_desks(served: Served, sign_in: SignIn, open_page: OpenPage) -> Desks:
    """Everybody signed in, each in a browser of their own, on Sunday 22/11/2026 at nine."""
    with served.database.transaction() as db:
        office = make_desk_office(db)
    found = Desks(served, sign_in, office, open_page(), open_page(), open_page())
    for who in ("clerk", "second", "head"):
        found.sign_in(getattr(found, who), who)
    return found


def told(page: Page, words: str) -> None:
    """What the page says after a deed."""
    expect(page.locator(".told")).to_contain_text(words)


def choose_all(page: Page) -> None:
    """Tick every row of a list of sittings."""
    for box in page.locator('input[name="id"]').all():
        box.check()


def rows(page: Page) -> Locator:
    """The rows of the page's first table."""
    return page.locator("main table").first.locator("tbody tr")

"""One ward in a city, as residents look at it, and how its sittings are changed."""

from dataclasses import dataclass
from datetime import date

from scheduler.actions.changes import Order
from scheduler.actions.units import create_bodies, create_unit
from scheduler.database import Db
from scheduler.models import Occurrence, Post, Unit
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW, make_actor, make_holder, make_published

NEXT = date(2026, 11, 26)
BY_RULE = ["why.by-rule", {"every": "month", "pick": "days", "days": [26], "short_month": "last_day"}]


@dataclass
class Ward:
    """A ward in a city with its bodies, by id."""

    city: int
    place: int
    committee: int
    chairman: int


def make_ward(db: Db) -> Ward:
    """Phường Hoàn Kiếm in Hà Nội, with the three bodies and a chairman."""
    city = create_unit(db, "Thành phố Hà Nội", level="province", kind="place", code="01", by=COMMAND_LINE, now=NOW)
    place = create_unit(
        db, "Phường Hoàn Kiếm", level="commune", kind="place", code="00070", parent=city, by=COMMAND_LINE, now=NOW
    )
    for unit in (city, place):
        create_bodies(db, unit, by=COMMAND_LINE, now=NOW)
    committee = db.query(Unit).filter_by(code="00070-ubnd").one()
    committee.phone = "024 3825 0001"
    chairman = db.query(Post).filter_by(code="00070-ubnd-chu-tich").one()
    make_holder(db, chairman, "Nguyễn Thị Minh Hạnh")
    return Ward(city.id, place.id, committee.id, chairman.id)


def publish_in(db: Db, ward: Ward, day: date = NEXT, **values: object) -> Occurrence:
    """A public sitting of the chairman, on Thursday 26/11/2026 unless told otherwise."""
    unit, post = db.get_one(Unit, ward.committee), db.get_one(Post, ward.chairman)
    return make_published(db, unit, post, day=day, **({"why": [BY_RULE]} | values))


def order(db: Db, ward: Ward, address: str, reason: str = "Họp Quốc hội") -> tuple[str, Order]:
    """The sitting's slug, and an order to change it as it now stands."""
    slug = address.rpartition("/")[2]
    found = db.query(Occurrence).filter_by(slug=slug).one()
    by = make_actor(db, db.get_one(Unit, ward.place), "secretariat", "approver")
    return slug, Order(version=found.version, reason=reason, by=by, now=NOW, notice_number="45/TB-UBND")

"""Rows for tests, one plain function a thing, with defaults that make a small living office in Hà Nội."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from scheduler.actions.registrations import next_ticket
from scheduler.clock import at_local
from scheduler.database import Db, vault_of
from scheduler.links import new_slug
from scheduler.models import (
    Account,
    CalendarDay,
    Follower,
    Holding,
    Occurrence,
    OccurrenceHost,
    Person,
    Place,
    Post,
    Registration,
    Role,
    Unit,
    UnitAbove,
)
from scheduler.models.base import plain
from scheduler.queries.days import fresh_calendar
from scheduler.rules.permissions import Actor, Grant

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
"""Sunday 22/11/2026, nine o'clock in the morning in Vietnam."""

_numbers = count(1)


def make_unit(db: Db, code: str = "", *, name: str = "", parent: Unit | None = None, **values: Any) -> Unit:
    """A unit below `parent`, known to the table of who is above whom."""
    number = next(_numbers)
    values = {"kind": "peoples_committee", "level": "commune", "phone": "024 3825 0001"} | values
    name = name or f"UBND phường Thử {number}"
    unit = Unit(
        code=code or f"u{number}", name=name, parent_id=parent.id if parent else None, search=plain(name), **values
    )
    db.add(unit)
    db.flush()
    above = db.query(UnitAbove).filter_by(unit_id=parent.id).all() if parent else []
    db.add(UnitAbove(unit_id=unit.id, above_id=unit.id, steps=0))
    db.add_all(UnitAbove(unit_id=unit.id, above_id=row.above_id, steps=row.steps + 1) for row in above)
    db.flush()
    return unit


def make_place(db: Db, unit: Unit, name: str = "Phòng tiếp công dân") -> Place:
    """A reception place of the unit."""
    place = Place(unit_id=unit.id, name=name, address="126 Hàng Trống")
    db.add(place)
    db.flush()
    return place


def make_post(db: Db, unit: Unit, title: str = "Chủ tịch UBND phường", **values: Any) -> Post:
    """A head's post of the unit."""
    values = {"duty": "commune_chairman", "is_head": True, "code": f"{unit.code}-p{next(_numbers)}"} | values
    post = Post(unit_id=unit.id, title=title, search=plain(title), **values)
    db.add(post)
    db.flush()
    return post


def make_holder(
    db: Db, post: Post, name: str = "Nguyễn Văn Thử", *, email: str = "", since: date | None = None
) -> Person:
    """Somebody who holds the post from `since` (2025-07-01) on."""
    person = Person(name=name, email=email or f"nguoi{next(_numbers)}@example.vn", search=plain(name))
    db.add(person)
    db.flush()
    db.add(Holding(post_id=post.id, person_id=person.id, valid_from=since or date(2025, 7, 1)))
    db.flush()
    return person


def make_account(db: Db, unit: Unit, role: str = "secretariat", *, email: str = "", **values: Any) -> Account:
    """An account with one role in the unit."""
    email = email or f"{role}{next(_numbers)}@example.vn"
    account = Account(email=email, name=values.pop("name", role), created_at=NOW, **values)
    db.add(account)
    db.flush()
    db.add(Role(account_id=account.id, unit_id=unit.id, role=role))
    db.flush()
    return account


def actor_for(account: Account, unit: Unit, *roles: str) -> Actor:
    """The account as an actor with these roles in the unit."""
    grants = tuple(Grant(role, unit.id) for role in roles or ("secretariat",))
    return Actor(account.name, "web", account_id=account.id, grants=grants)


def make_actor(db: Db, unit: Unit, *roles: str) -> Actor:
    """A new account as an actor with these roles (secretariat) in the unit."""
    roles = roles or ("secretariat",)
    account = make_account(db, unit, roles[0])
    db.add_all(Role(account_id=account.id, unit_id=unit.id, role=role) for role in roles[1:])
    db.flush()
    return actor_for(account, unit, *roles)


def make_occurrence(
    db: Db, unit: Unit, *posts: Post, day: date | None = date(2026, 12, 10), **values: Any
) -> Occurrence:
    """A sitting of these posts, a draft unless told otherwise."""
    number = next(_numbers)
    planned = values.pop("planned_day", day or date(2026, 12, 10))
    hours = values.pop("hours", ["07:30-11:30"])
    start = at_local(day, hours[0].split("-")[0]) if day else None
    values = {
        "slug": new_slug(),
        "uid": f"phien-{number}-{new_slug()}@example.vn",
        "kind": "periodic_reception",
        "outcome": "scheduled",
        "why": [],
        "state": "draft",
        "place": "126 Hàng Trống",
        "created_at": NOW - timedelta(days=30),
        "content_changed_at": NOW - timedelta(days=30),
        "starts_at": start,
        "ends_at": at_local(day, hours[-1].split("-")[1]) if day else None,
    } | values
    occurrence = Occurrence(
        unit_id=unit.id,
        day=day,
        planned_day=planned,
        hours=hours,
        **values,
    )
    occurrence.hosts = [
        OccurrenceHost(post_id=post.id, position=place, starts_at=start) for place, post in enumerate(posts)
    ]
    db.add(occurrence)
    db.flush()
    return occurrence


def make_published(db: Db, unit: Unit, *posts: Post, day: date = date(2026, 12, 10), **values: Any) -> Occurrence:
    """A sitting that was made public in time."""
    at = datetime.combine(day - timedelta(days=21), time(2), tzinfo=UTC)
    values = {"state": "published", "published_at": at, "published_day": day, "content_changed_at": at} | values
    return make_occurrence(db, unit, *posts, day=day, **values)


def make_day(db: Db, day: date, name: str = "Ngày nghỉ thử", *, off: bool = True) -> CalendarDay:
    """A row of the working-day calendar."""
    row = CalendarDay(day=day, off=off, name=name, basis="quyết định thử", changed_at=NOW)
    db.add(row)
    db.flush()
    fresh_calendar(db)
    return row


def make_office(db: Db) -> tuple[Unit, Post]:
    """UBND phường Hoàn Kiếm below its ward, with a chairman who has an e-mail address."""
    province = make_unit(db, "01", name="Thành phố Hà Nội", kind="place", level="province")
    ward = make_unit(db, "00070", name="Phường Hoàn Kiếm", parent=province, kind="place")
    office = make_unit(db, "00070-ubnd", name="UBND phường Hoàn Kiếm", parent=ward)
    make_place(db, office)
    chairman = make_post(db, office, "Chủ tịch UBND", code="00070-ubnd-chu-tich")
    make_holder(db, chairman, email="chutich@example.vn")
    return office, chairman


def make_registration(db: Db, occurrence: Occurrence, *, name: str = "Trần Thị Thử", **values: Any) -> Registration:
    """Somebody registered for a sitting, with the next number; sealed texts are given as they are read."""
    vault = vault_of(db)
    code = values.pop("code", f"{next(_numbers):06}")
    contact = values.pop("contact", f"nguoidan{next(_numbers)}@example.vn")
    sealed = {word: vault.seal(values.pop(word, "")) for word in ("home", "words", "representatives")}
    values = {
        "slug": new_slug(),
        "unit_id": occurrence.unit_id,
        "ticket": values.pop("ticket", None) or next_ticket(db, occurrence.id),
        "state": "booked",
        "way": "web",
        "contact_kind": "email" if "@" in contact else "phone" if contact else "",
        "registered_at": NOW,
        "topic": "land",
    } | values
    registration = Registration(
        occurrence_id=occurrence.id,
        asked_occurrence_id=occurrence.id,
        name=vault.seal(name),
        contact=vault.seal(contact),
        code=vault.seal(code),
        guard_mark=vault.mark(contact or plain(name)),
        code_mark=vault.mark(code),
        **sealed,
        **values,
    )
    db.add(registration)
    db.flush()
    return registration


def make_follower(db: Db, of: Unit | Post, email: str = "", **values: Any) -> Follower:
    """Somebody who has followed this unit or post since yesterday and knows all until then."""
    email, yesterday = email or f"theodoi{next(_numbers)}@example.vn", NOW - timedelta(days=1)
    what = {"feed": f"unit:{of.id}", "unit_id": of.id} if isinstance(of, Unit) else {}
    if isinstance(of, Post):
        what = {"feed": f"post:{of.id}", "post_id": of.id}
    vault = vault_of(db)
    values = {
        "slug": new_slug(),
        "email": vault.seal(email),
        "mark": vault.mark(email),
        "state": "confirmed",
        "asked_at": yesterday,
        "confirmed_at": yesterday,
        "told_at": yesterday,
    } | values
    follower = Follower(**what, **values)
    db.add(follower)
    db.flush()
    return follower

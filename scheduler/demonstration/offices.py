"""The offices of the demonstration: places, departments, holders of posts, accounts."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from sqlalchemy import select

from scheduler.actions.people import PersonFacts, appoint
from scheduler.actions.places import create_place
from scheduler.actions.staff import add_staff
from scheduler.actions.units import Reach, create_unit, edit_reach
from scheduler.database import Db
from scheduler.demonstration.invented import DOMAIN, invented_address, invented_name, invented_phone
from scheduler.intake.vietnam_units import load_vietnam
from scheduler.models import Post, Unit
from scheduler.queries.accounts import actor_of
from scheduler.rules.names import inside_sentence
from scheduler.rules.permissions import COMMAND_LINE, Actor

CITY = "01"
SHOWN = "00070"
"""Phường Hoàn Kiếm: the office whose accounts a newcomer gets."""

DEPARTMENTS = (("kt", "Phòng Kinh tế, Hạ tầng và Đô thị"), ("ca", "Công an"))
SHOWN_ACCOUNTS = (
    # address, name, role, unit: those who get a link at every start
    ("quantri", "Quản trị thành phố", "administrator", CITY),
    ("vanphong", "Văn phòng phường Hoàn Kiếm", "secretariat", SHOWN),
    ("pheduyet", "Chánh Văn phòng phường Hoàn Kiếm", "approver", SHOWN),
    ("lanhdao", "Chủ tịch UBND phường Hoàn Kiếm", "leader", f"{SHOWN}-ubnd"),
    ("phongkt", "Phòng Kinh tế, Hạ tầng và Đô thị Hoàn Kiếm", "officer", f"{SHOWN}-kt"),
    ("giamsat", "Thanh tra thành phố", "supervisor", CITY),
)


@dataclass
class Office:
    """A body that plans sittings, with who drafts and who approves there, and the units that carry out tasks."""

    unit: Unit
    place: str
    clerk: Actor
    approver: Actor
    post: Post
    deputy_id: int | None = None
    carriers: list[Unit] = field(default_factory=list)

    @property
    def shown(self) -> bool:
        """Whether this is the office whose accounts a newcomer gets: something of everything happens there."""
        return self.unit.code.startswith(SHOWN)


def set_up(db: Db, chance: Random, *, since: date, now: datetime) -> list[Office]:
    """Hà Nội with its communes, their departments, holders and accounts. Returns the bodies that will plan."""
    load_vietnam(db, [CITY], by=COMMAND_LINE, now=now)
    units = {unit.code: unit for unit in db.scalars(select(Unit))}
    posts = {post.code: post for post in db.scalars(select(Post))}
    places = [unit for unit in units.values() if unit.kind == "place"]
    for place in places:
        reach = Reach(invented_phone(chance), f"vp.{place.code}@{DOMAIN}", invented_address(chance))
        for code in (place.code, f"{place.code}-ubnd", f"{place.code}-du"):
            edit_reach(db, units[code], reach, by=COMMAND_LINE, now=now)
    for each in posts.values():
        # The law asks for every day since a post is there; this life begins with its plan, and so do its posts.
        each.valid_from = since
    _appoint_all(db, posts, chance, since=since, now=now)
    offices: list[Office] = []
    for place in places:
        offices += _offices_of(db, place, units, posts, now=now)
    for address, name, role, code in SHOWN_ACCOUNTS:
        unit = units.get(code) or db.scalars(select(Unit).where(Unit.code == code)).one()
        post = posts[f"{SHOWN}-ubnd-chu-tich"] if role == "leader" else None
        add_staff(
            db, f"{address}@{DOMAIN}", role=role, unit=unit, post=post, name=name, demo=True, by=COMMAND_LINE, now=now
        )
    db.flush()
    return offices


def _appoint_all(db: Db, posts: dict[str, Post], chance: Random, *, since: date, now: datetime) -> None:
    """Every post its invented holder; the secretary is often the council's chairman as well."""
    for code, post in sorted(posts.items()):
        both = code.removesuffix("-hdnd-chu-tich") + "-du-bi-thu"
        if code.endswith("-hdnd-chu-tich") and both in posts and chance.random() < 0.6:
            holder = posts[both].holdings[0].person
            facts = PersonFacts(holder.name, holder.email)
        else:
            facts = PersonFacts(invented_name(chance), f"{code}@{DOMAIN}")
        appoint(db, post, facts, since=since, by=COMMAND_LINE, now=now)


def _offices_of(db: Db, place: Unit, units: dict[str, Unit], posts: dict[str, Post], *, now: datetime) -> list[Office]:
    carriers = [_department(db, place, word, name, now=now) for word, name in DEPARTMENTS]
    room = create_place(
        db, units[f"{place.code}-ubnd"], "Phòng tiếp công dân", address=place.address, phone=place.phone,
        by=COMMAND_LINE, now=now,
    )  # fmt: skip
    clerk = _account(db, place, "secretariat", "vanphong", now=now)
    approver = _account(db, place, "approver", "pheduyet", now=now)
    found = []
    for body, word in (("ubnd", "chu-tich"), ("du", "bi-thu")):
        unit, post = units[f"{place.code}-{body}"], posts[f"{place.code}-{body}-{word}"]
        deputy = posts.get(f"{place.code}-{body}-pho-{word}")
        where = f"{room.name}, {place.address}"
        found.append(Office(unit, where, clerk, approver, post, deputy.id if deputy else None, carriers))
    return found


def _department(db: Db, place: Unit, word: str, name: str, *, now: datetime) -> Unit:
    # The police of the shown ward read no letters: what changes is told them by telephone.
    address = "" if (place.code, word) == (SHOWN, "ca") else f"{word}.{place.code}@{DOMAIN}"
    return create_unit(
        db, f"{name} {inside_sentence(place.name)}" if word == "ca" else name, level="department", parent=place,
        code=f"{place.code}-{word}", reach=Reach(place.phone, address, place.address),
        valid_from=place.valid_from, by=COMMAND_LINE, now=now,
    )  # fmt: skip


def _account(db: Db, place: Unit, role: str, word: str, *, now: datetime) -> Actor:
    address = f"{word}@{DOMAIN}" if place.code == SHOWN else f"{word}.{place.code}@{DOMAIN}"
    names = {"secretariat": "Văn phòng", "approver": "Chánh Văn phòng"}
    added = add_staff(
        db, address, role=role, unit=place, name=f"{names[role]} {place.name}", demo=True, by=COMMAND_LINE, now=now
    )
    db.flush()
    return actor_of(db, added.account, via="web", now=now)

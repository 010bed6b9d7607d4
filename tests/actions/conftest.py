"""Offices and people that several tests of actions begin with; a file may put its own in their place."""

import pytest
from sqlalchemy import select

from scheduler.actions.accounts import (
    set_password,
)
from scheduler.actions.days import seed_days
from scheduler.actions.staff import add_staff
from scheduler.actions.units import create_bodies, create_unit
from scheduler.database import Db
from scheduler.models import (
    Account,
    Unit,
)
from scheduler.rules.permissions import Actor
from tests.actions.account_ward import PASSWORD, TRUSTED
from tests.build import NOW, make_account, make_actor, make_office


@pytest.fixture
def office(db: Db) -> Unit:
    unit, _ = make_office(db)
    seed_days(db, NOW)
    return unit


@pytest.fixture
def administrator(db: Db, office: Unit) -> Actor:
    highest = db.scalars(select(Unit).where(Unit.code == "01")).one()
    return make_actor(db, highest, "administrator")


@pytest.fixture
def approver(db: Db, office: Unit) -> Account:
    return make_account(db, office, "approver", email="duyet@example.vn")


@pytest.fixture
def ward(db: Db) -> Unit:
    city = create_unit(db, "Thành phố Hà Nội", level="province", kind="place", code="01", **TRUSTED)
    ward = create_unit(db, "Phường Hoàn Kiếm", level="commune", kind="place", code="00070", parent=city, **TRUSTED)
    create_bodies(db, ward, **TRUSTED)
    return ward


@pytest.fixture
def lan(db: Db, ward: Unit) -> Account:
    account = add_staff(db, "lan@example.vn", role="secretariat", unit=ward, **TRUSTED).account
    set_password(db, account, PASSWORD, **TRUSTED)
    return account

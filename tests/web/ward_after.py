"""A ward with a sitting that took place: who writes it down, who carries out, and the forms as they are sent."""

from dataclasses import dataclass
from datetime import date

from flask import Flask

from scheduler.actions.followups import compile_task
from scheduler.database import Database
from scheduler.models import Account, Task
from scheduler.queries.followups import find_uncompiled
from scheduler.rules.permissions import job_actor
from tests.build import make_account, make_office, make_post, make_published, make_unit
from tests.visitors import Clock, Visitor

DAY = date(2026, 11, 19)


def make_guest(app: Flask) -> Visitor:
    """Somebody without an account, in a browser that keeps nothing open between two pages."""
    visitor = app.test_client()
    assert isinstance(visitor, Visitor)
    return visitor


@dataclass
class Ward:
    """Addresses and accounts of one office."""

    clerk: Account
    officer: Account
    approver: Account
    slug: str
    chairman: int
    department: str


def make_ward(database: Database) -> Ward:
    """The office, committed."""
    with database.transaction() as db:
        unit, chairman = make_office(db)
        make_post(db, unit, "Phó Chủ tịch UBND", duty="", is_head=False)
        department = make_unit(
            db, "00070-kt", name="Phòng Kinh tế", parent=unit, kind="department", email="kt@example.vn"
        )
        sitting = make_published(db, unit, chairman, day=DAY)
        return Ward(
            make_account(db, unit),
            make_account(db, department, "officer", name="Cán bộ Thử"),
            make_account(db, unit, "approver"),
            sitting.slug,
            chairman.id,
            department.code,
        )


def head_sat(ward: Ward, **values: object) -> dict[str, object]:
    row = {"host": ward.chairman, "who": "head", "name": "", "post": "", "starts": "07:30", "ends": "10:45"}
    typed: dict[str, object] = {f"turns-0-{name}": value for name, value in row.items()}
    return typed | {"version": 1, "visits": 6, "persons": 8} | values


def concluding(ward: Ward, **values: object) -> dict[str, object]:
    return {
        "version": 2,
        "number": "12/TB-UBND",
        "signed_on": "2026-11-20",
        "signer": "Nguyễn Văn Thử",
        "items-0-text": "Dựng biển báo",
        "items-0-lead_unit": f"Phòng Kinh tế ({ward.department})",
        "items-0-working_days": "10",
        "items-0-co_units": "",
        "items-1-text": "",
        "items-1-lead_unit": "",
        "items-1-working_days": "",
        "items-1-co_units": "",
    } | values


def held(ward: Ward, clerk: Visitor) -> None:
    answer = clerk.submit(f"/desk/records/{ward.slug}", head_sat(ward))
    assert answer.status_code == 303, answer.text


def concluded(ward: Ward, clerk: Visitor) -> None:
    held(ward, clerk)
    answer = clerk.submit(f"/desk/conclusions/{ward.slug}", concluding(ward))
    assert answer.status_code == 303, answer.text


def the_task(database: Database, clock: Clock) -> str:
    with database.transaction() as db:
        for item in find_uncompiled(db, clock.now):
            compile_task(db, item, by=job_actor("followups"), now=clock.now)
        return db.query(Task).one().slug

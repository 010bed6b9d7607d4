"""The unit a plan file names: one of the state list, one made once, or a refusal."""

import pytest

from scheduler.actions.plans import import_plan
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.models import Unit
from tests.actions.plan_texts import plan, take_in
from tests.build import make_actor, make_unit
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("unit", "key"),
    [
        ("{code: '99999'}", "schedules.unknown-unit-code"),
        ("{code: '99999', name: Xã Lạ, level: commune}", "schedules.unknown-unit-code"),
        ("{name: Phường Hoàn Kiếm, level: commune}", "schedules.place-needs-code"),
        ("{name: UBND xã Tân Lập, level: commune}", "schedules.several-units"),
    ],
)
def test_a_unit_that_cannot_be_told_is_refused(db: Db, office: Unit, unit: str, key: str) -> None:
    make_unit(db, "a-ubnd", name="UBND xã Tân Lập")
    make_unit(db, "b-ubnd", name="UBND xã Tân Lập")
    with pytest.raises(BadInput) as refusal:
        take_in(db, plan(("{code: 00070-ubnd}", unit)))
    assert refusal.value.key == key


def test_a_unit_of_no_list_is_made_once_and_known_again(db: Db, office: Unit) -> None:
    given = plan(("{code: 00070-ubnd}", "{name: Sở Y tế tỉnh Thử, level: department}"))
    first, second = take_in(db, given), take_in(db, given)
    assert first.unit.id == second.unit.id
    assert (first.unit.code, first.unit.kind) == ("so-y-te-tinh-thu", "department")
    body = plan(("{code: 00070-ubnd}", "{name: Ủy ban nhân dân phường Hoàn Kiếm, level: commune}"))
    assert take_in(db, body).unit.id == office.id
    new = plan(("{code: 00070-ubnd}", "{code: ban-tiep-dan, name: Ban Tiếp công dân, level: province}"))
    assert take_in(db, new).unit.code == "ban-tiep-dan"


def test_staff_make_no_units_by_a_plan(db: Db, office: Unit) -> None:
    given = plan(("{code: 00070-ubnd}", "{name: Sở Y tế tỉnh Thử, level: department}"))
    with pytest.raises(BadInput) as refusal:
        import_plan(db, given, by=make_actor(db, office), now=NOW)
    assert refusal.value.key == "schedules.unknown-unit"

"""A sitting's page tells its whole story: the tasks that followed, the letters about it, the deeds in their order."""

from scheduler.actions.ledger import record
from scheduler.database import Database
from scheduler.models import Letter, Occurrence, Task
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW, make_account
from tests.visitors import SignIn
from tests.web.rights_world import make_world


def test_tasks_letters_and_deeds_stand_on_one_page(database: Database, sign_in: SignIn) -> None:
    world = make_world(database)
    with database.transaction() as db:
        sitting = db.query(Occurrence).filter_by(slug=world.names["concluded"]).one()
        task = db.query(Task).one()
        db.query(Letter).one().occurrence_id = sitting.id
        office = world.units["own"].id
        for deed, subject in (("record.made", f"occurrence:{sitting.id}"), ("task.assigned", f"task:{task.id}")):
            record(db, deed, by=COMMAND_LINE, now=NOW, unit_id=office, subject=subject)
        account = make_account(db, world.units["own"])
    clerk = sign_in(account)
    page = clerk.get(f"/desk/occurrences/{world.names['concluded']}").text
    assert f"/desk/tasks/{world.names['task']}" in page
    assert "Thư về buổi này" in page
    assert page.index("Ghi kết quả buổi tiếp") < page.index("Giao nhiệm vụ")
    other = clerk.get(f"/desk/occurrences/{world.names['sitting']}").text
    assert world.names["task"] not in other
    assert "Thư về buổi này" not in other

"""The daily copy, and both commands from outside."""

from datetime import timedelta
from pathlib import Path

from jobs.backup import KEEP
from jobs.runner import run_job
from jobs.timetable import JOB
from scheduler.database import Database
from tests.build import NOW, make_office
from tests.jobs.outbox import letter, queue, workshop_on
from tests.servers import Product


def test_the_newest_copies_are_kept(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    workshop = workshop_on(database, "file:unused", tmp_path)
    for n in range(KEEP + 2):
        assert run_job(workshop, JOB["backup"], NOW + timedelta(days=n)).errors == []
    names = sorted(file.name for file in (tmp_path / "backups").iterdir())
    assert len(names) == KEEP
    assert names[0] == "lichdan-20261124-090000.zip"
    database.engine.dispose()


def test_backup_and_restore_by_command(product: Product, tmp_path: Path) -> None:
    with product.database.transaction() as db:
        office, _ = make_office(db)
        letter_id = queue(db, unit_id=office.id)
    file = tmp_path / "copies" / "lichdan.zip"
    assert "Đã sao lưu" in product.flask("backup", str(file))
    refused = product.refused_flask("restore", str(file))
    assert "--over" in refused
    said = product.flask("restore", "--over", str(file))
    assert "1 thư chưa gửi được giữ lại" in said
    assert letter(product.database, letter_id).state == "held"
    assert "không phải bản sao lưu" in product.refused_flask("restore", str(tmp_path / "none.zip"))


def test_a_copy_founds_a_new_installation(product: Product, tmp_path: Path) -> None:
    with product.database.transaction() as db:
        make_office(db)
    product.flask("backup", str(tmp_path / "copy.zip"))
    product.environment["LICHDAN_DATABASE_URL"] = f"sqlite:///{tmp_path}/new.db"
    assert "Đã phục hồi" in product.flask("restore", str(tmp_path / "copy.zip"))
    new = Database(f"sqlite:///{tmp_path}/new.db")
    new.check_schema()
    new.engine.dispose()

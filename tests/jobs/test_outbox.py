"""Letters that people send again or let go, letters into a folder, and a process that is told to stop."""

from datetime import timedelta
from pathlib import Path

import pytest

from jobs.delivery import deliver_letters
from jobs.job import Workshop
from scheduler.actions import delivery
from scheduler.database import Database
from scheduler.errors import RuleBroken
from scheduler.models import Letter
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW
from tests.jobs.outbox import letter, queue_many, states, workshop_on
from tests.mailbox import Sink


@pytest.fixture
def workshop(database: Database, smtp_sink: Sink) -> Workshop:
    return workshop_on(database, smtp_sink.url)


def test_a_person_sends_a_failed_letter_again(workshop: Workshop, database: Database, smtp_sink: Sink) -> None:
    (letter_id,) = queue_many(database, 1)
    smtp_sink.then("refuse")
    deliver_letters(workshop, NOW)
    later = NOW + timedelta(days=9)
    with database.transaction() as db:
        delivery.send_again(db, letter_id, by=COMMAND_LINE, now=later)
    assert deliver_letters(workshop, later).counts == {"sent": 1}
    with database.open() as db, pytest.raises(RuleBroken):
        delivery.send_again(db, letter_id, by=COMMAND_LINE, now=later)


def test_held_letters_wait_for_an_administrator(workshop: Workshop, database: Database, smtp_sink: Sink) -> None:
    ids = queue_many(database, 2)
    with database.transaction() as db:
        for letter_id in ids:
            db.get_one(Letter, letter_id).state = "held"
    assert deliver_letters(workshop, NOW).found == 0
    with database.transaction() as db:
        assert delivery.release_held(db, by=COMMAND_LINE, now=NOW) == 2
    assert deliver_letters(workshop, NOW).done == 2


def test_letters_into_a_folder_are_whole_files_and_the_second_takes_the_place_of_the_first(
    database: Database, tmp_path: Path
) -> None:
    shop = workshop_on(database, f"file:{tmp_path}/mail")
    ids = queue_many(database, 2)
    assert deliver_letters(shop, NOW).done == 2
    with database.transaction() as db:
        db.get_one(Letter, ids[0]).state = "due"
    assert deliver_letters(shop, NOW).done == 1
    files = sorted((tmp_path / "mail").iterdir())
    assert len(files) == 2
    assert all(file.suffix == ".eml" and b"\r\nMessage-ID: <letter-" in file.read_bytes() for file in files)


def test_a_folder_that_cannot_be_written_costs_no_letter(database: Database, tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (letter_id,) = queue_many(database, 1)
    with database.open() as db:
        row = db.get_one(Letter, letter_id)
        name = delivery.message_id(row, "lich.example.vn").strip("<>")
    (tmp_path / "mail" / f"{name}.eml").mkdir()
    assert deliver_letters(workshop_on(database, f"file:{tmp_path}/mail"), NOW).counts == {"released": 1}
    assert letter(database, letter_id).state == "due"


def test_a_stopped_process_begins_no_new_letter(workshop: Workshop, database: Database, smtp_sink: Sink) -> None:
    ids = queue_many(database, 3)
    workshop.stopping.set()
    deliver_letters(workshop, NOW)
    assert states(database, ids) == ["due"] * 3
    assert smtp_sink.letters == []

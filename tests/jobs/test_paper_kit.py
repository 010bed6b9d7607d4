"""The paper kit: sent once on the working day before, its numbers never the line's, its names never in the outbox."""

import io
import json
import threading
from datetime import date, datetime, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import inspect

from jobs import paper_kit
from jobs.delivery import deliver_letters
from jobs.job import Workshop
from jobs.runner import run_job
from jobs.timetable import JOB
from scheduler.actions.change_history import Order
from scheduler.actions.changes import cancel_occurrence, move_occurrence
from scheduler.actions.paper_kit import keep_numbers
from scheduler.actions.registrations import Given, enter_visit, next_ticket
from scheduler.clock import at_local
from scheduler.database import Database, Db
from scheduler.documents.paper_kit import paper_kit_pdf
from scheduler.models import Letter, Occurrence, OfficeSetting, PaperKit, Queue
from scheduler.queries.paper import find_kits_due
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import (
    make_account,
    make_actor,
    make_day,
    make_occurrence,
    make_office,
    make_published,
    make_registration,
)
from tests.jobs.outbox import workshop_on
from tests.mailbox import Sink

THURSDAY = date(2026, 11, 26)
FRIDAY = date(2026, 11, 27)
EVE = at_local(date(2026, 11, 25), "16:00")
MINUTE = timedelta(minutes=1)
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def workshop(database: Database, smtp_sink: Sink) -> Workshop:
    return workshop_on(database, smtp_sink.url)


def sitting(db: Db, **values: object) -> Occurrence:
    """A reception on Thursday, with a secretariat that reads letters."""
    office, chairman = make_office(db)
    make_account(db, office, "secretariat", email="vanphong@example.vn", name="Văn phòng")
    return make_published(db, office, chairman, day=THURSDAY, **values)


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def kits(database: Database) -> tuple[int, int]:
    """How many kits were made, and how many letters are about them."""
    with database.open() as db:
        return db.query(PaperKit).count(), db.query(Letter).filter_by(kind="paper-kit").count()


def test_it_goes_out_once_however_often_and_by_however_many(workshop: Workshop, database: Database) -> None:
    with database.transaction() as db:
        occurrence = sitting(db)
        make_registration(db, occurrence)
    job = JOB["paper_kit"]
    assert run_job(workshop, job, EVE - MINUTE).found == 0
    threads = [threading.Thread(target=run_job, args=(workshop, job, EVE)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kits(database) == (1, 1)
    again = run_job(workshop, job, EVE + MINUTE)
    assert (again.found, again.failed) == (0, 0)
    with database.transaction() as db:
        paper_kit.handle(db, occurrence.id, EVE + MINUTE)
        queue = db.get_one(Queue, occurrence.id)
        assert (queue.paper_first, queue.paper_last, queue.last_ticket) == (2, 21, 21)
        assert next_ticket(db, occurrence.id) == 22
    assert kits(database) == (1, 1)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (at_local(date(2026, 11, 24), "17:00"), False),
        (EVE - MINUTE, False),
        (EVE, True),
        (at_local(THURSDAY, "06:00"), True),  # the program stood still the evening before
        (at_local(THURSDAY, "11:29"), True),
        (at_local(THURSDAY, "11:31"), False),
    ],
)
@one_database
def test_when_it_is_due(db: Db, now: datetime, due: bool) -> None:
    occurrence = sitting(db)
    assert find_kits_due(db, now) == ([occurrence.id] if due else [])


@one_database
def test_days_off_before_the_sitting_are_stepped_over(db: Db) -> None:
    occurrence = sitting(db)
    make_day(db, date(2026, 11, 24))
    make_day(db, date(2026, 11, 25))
    monday = at_local(date(2026, 11, 23), "16:00")
    assert find_kits_due(db, monday - MINUTE) == []
    assert find_kits_due(db, monday) == [occurrence.id]


@one_database
@pytest.mark.parametrize("kind", ["dialogue", "voter_meeting"])
def test_a_conference_has_no_kit(db: Db, kind: str) -> None:
    sitting(db, kind=kind)
    assert find_kits_due(db, EVE) == []


@one_database
def test_what_is_not_public_or_not_held_has_none(db: Db) -> None:
    office, chairman = make_office(db)
    for state in ("draft", "approved", "postponed", "cancelled", "held"):
        make_occurrence(db, office, chairman, day=THURSDAY, state=state)
    assert find_kits_due(db, EVE) == []


@one_database
def test_an_office_may_want_none(workshop: Workshop, database: Database) -> None:
    with database.transaction() as db:
        occurrence = sitting(db)
        db.add(
            OfficeSetting(
                unit_id=occurrence.unit_id, key="paper_numbers", valid_from=date(2026, 1, 1), value={"value": 0},
                source="thử",
            )
        )  # fmt: skip
    assert run_job(workshop, JOB["paper_kit"], EVE).done == 1
    assert run_job(workshop, JOB["paper_kit"], EVE).found == 0
    assert kits(database) == (1, 0)


def test_the_letter_brings_the_kit_and_the_outbox_holds_no_name(
    workshop: Workshop, database: Database, smtp_sink: Sink
) -> None:
    with database.transaction() as db:
        occurrence = sitting(db)
        office, chairman = occurrence.unit, occurrence.hosts[0].post
        make_registration(db, occurrence, name="Trần Thị Hoài Thu", contact="0912345678")
        make_registration(db, occurrence, name="Lê Văn Rút", state="withdrawn")
        other = make_published(db, office, chairman, day=date(2026, 12, 3))
        make_registration(db, other, name="Phạm Buổi Khác")
    run_job(workshop, JOB["paper_kit"], EVE)
    assert stored_text(database).isdisjoint({"Hoài Thu", "0912345678"})
    with database.transaction() as db:
        make_registration(db, occurrence, name="Đỗ Đến Sau")
    outcome = deliver_letters(workshop, EVE + MINUTE)
    assert (outcome.done, outcome.errors) == (1, [])
    (got,) = smtp_sink.letters
    assert got.recipient == "vanphong@example.vn"
    assert "Hoài Thu" not in got.subject + got.part("text/plain") + got.part("text/html")
    (file,) = got.message.iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("application/pdf", "ho-so-giay-2026-11-26.pdf")
    said = text_of(file.get_content())
    for expected in (
        "Trần Thị Hoài Thu",
        "Đỗ Đến Sau",
        "126 Hàng Trống",
        "26/11/2026",
        "GIẤY BIÊN NHẬN",
        "TIẾP CÔNG DÂN",
    ):
        assert expected in said, expected
    assert "Phạm Buổi Khác" not in said
    assert "Lê Văn Rút" not in said
    assert "0912345678" not in said
    assert stored_text(database).isdisjoint({"Hoài Thu", "Đến Sau"})


def stored_text(database: Database) -> set[str]:
    """Of some words, those that stand readable anywhere in the outbox, the ledger or the job runs."""
    words = ("Hoài Thu", "Đến Sau", "0912345678")
    found: set[str] = set()
    with database.engine.connect() as connection:
        for table in inspect(database.engine).get_table_names():
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings():
                text = json.dumps(dict(row), default=str, ensure_ascii=False)
                found |= {word for word in words if word in text or json.dumps(word)[1:-1] in text}
    return found


def test_every_reserved_number_stands_on_a_row(db: Db) -> None:
    occurrence = sitting(db)
    make_registration(db, occurrence)
    block = keep_numbers(db, occurrence)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(paper_kit_pdf(db, occurrence.id, now=EVE))).pages]
    rows = " ".join(page for page in pages if "Từ" in page and "GIẤY BIÊN NHẬN" not in page).split()
    assert (block.first, block.last) == (2, 21)
    assert [str(number) for number in range(2, 22) if str(number) not in rows] == []


def test_the_numbers_of_paper_and_of_the_line_never_meet(database: Database) -> None:
    with database.transaction() as db:
        occurrence = sitting(db)
    taken: list[int] = []
    blocks: list[tuple[int, int]] = []
    start = threading.Barrier(12)

    def register() -> None:
        start.wait()
        for number in range(4):
            given = Given(f"Người {threading.get_ident()} {number}", way="counter")
            with database.transaction() as db:
                here = db.get_one(Occurrence, occurrence.id)
                ticket = enter_visit(db, here, given, by=COMMAND_LINE, now=EVE).ticket
            taken.append(ticket)

    def reserve() -> None:
        start.wait()
        with database.transaction() as db:
            block = keep_numbers(db, db.get_one(Occurrence, occurrence.id))
        blocks.append((block.first, block.last))

    threads = [threading.Thread(target=register) for _ in range(8)] + [
        threading.Thread(target=reserve) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ((first, last),) = set(blocks)
    kept = set(range(first, last + 1))
    assert len(kept) == 20
    assert len(taken) == len(set(taken)) == 32
    assert kept.isdisjoint(taken)


def test_a_cancelled_sitting_wants_no_letter_and_a_moved_one_gets_another(
    workshop: Workshop, database: Database, smtp_sink: Sink
) -> None:
    with database.transaction() as db:
        occurrence = sitting(db)
        clerk = make_actor(db, occurrence.unit, "secretariat")
        other = make_published(db, occurrence.unit, occurrence.hosts[0].post, day=THURSDAY, hours=["13:30-16:30"])
    run_job(workshop, JOB["paper_kit"], EVE)
    with database.transaction() as db:
        move_occurrence(db, occurrence.slug, Order(occurrence.version, "Họp", clerk, EVE + MINUTE), day=FRIDAY)
        cancel_occurrence(db, other.slug, Order(other.version, "Bão", clerk, EVE + MINUTE))
    deliver_letters(workshop, EVE + 2 * MINUTE)
    assert [got for got in smtp_sink.letters if "hồ sơ giấy" in got.subject] == []
    assert run_job(workshop, JOB["paper_kit"], EVE + 3 * MINUTE).found == 0
    later = at_local(THURSDAY, "16:00")
    assert run_job(workshop, JOB["paper_kit"], later).done == 1
    deliver_letters(workshop, later)
    brought = [got for got in smtp_sink.letters if "hồ sơ giấy" in got.subject]
    assert len(brought) == 2  # the secretariat's two accounts
    assert "27/11/2026" in brought[0].subject

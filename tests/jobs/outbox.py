"""Letters for the tests of the jobs, and a workshop on the test's own database."""

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from jobs.job import Workshop
from scheduler.actions.letters import Recipient, queue_letter
from scheduler.database import Database, Db
from scheduler.models import Letter, Occurrence
from scheduler.settings import Settings
from tests.build import NOW, make_occurrence, make_office

_numbers = count(1)

FACTS = {
    "unit": "UBND phường Hoàn Kiếm",
    "last_day": "2026-11-23",
    "n": 3,
    "first_day": "2026-12-01",
    "url": "/desk",
    "why_you": "staff",
}


def workshop_on(database: Database, mail_url: str, var: Path | None = None, **values: Any) -> Workshop:
    """The jobs' workshop: this database, this post box."""
    settings = Settings(
        var=var or Path("var"),
        database_url=str(database.url),
        secret_key="k" * 43,
        base_url="http://127.0.0.1:8000",
        mail_url=mail_url,
        mail_from="Lịch Dân <lich@example.vn>",
        feed_domain="lich.example.vn",
        **values,
    )
    return Workshop(database, settings)


def queue(db: Db, to: str = "", *, kind: str = "publish-by", due_at: datetime = NOW, **more: Any) -> int:
    """One letter in the outbox; gives its id."""
    number = next(_numbers)
    facts = more.pop("facts", FACTS)
    recipient = Recipient(to or f"nguoi{number}@example.vn", "Nguyễn Văn Thử", more.pop("language", "vi"))
    assert queue_letter(db, kind, recipient, facts, key=f"test:{number}", due_at=due_at, now=NOW, **more)
    db.flush()
    return db.query(Letter).filter_by(key=f"test:{number}:{recipient.email}").one().id


def queue_many(database: Database, n: int) -> list[int]:
    """So many letters to as many people, committed."""
    with database.transaction() as db:
        return [queue(db) for _ in range(n)]


def published_sitting(db: Db, **values: Any) -> Occurrence:
    """A published sitting of the office's head."""
    office, chairman = make_office(db)
    office.email = "ubnd@example.vn"
    values = {"state": "published", "published_at": NOW - timedelta(days=20)} | values
    return make_occurrence(db, office, chairman, **values)


def letter(database: Database, letter_id: int) -> Letter:
    """The letter as the database has it now."""
    with database.open() as db:
        return db.get_one(Letter, letter_id)


def states(database: Database, letter_ids: list[int]) -> list[str]:
    """The states of these letters, in their order."""
    return [letter(database, letter_id).state for letter_id in letter_ids]


def reminder_facts() -> dict[str, Any]:
    """The facts of a reminder, as the action gives them."""
    return {
        "unit": "UBND phường Hoàn Kiếm",
        "post": "Chủ tịch UBND phường Hoàn Kiếm",
        "kind": "periodic_reception",
        "day": "2026-12-10",
        "hours": ["07:30-11:30"],
        "place": "126 Hàng Trống",
        "url": "/occurrences/abc",
        "why_you": "host",
        "days_left": 7,
        "content": "",
        "attend": [],
        "stand_in": "",
    }

"""What residents tell is nowhere in the open: a denunciation in no byte, the rest sealed and erased in time."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from jobs.runner import run_job
from jobs.timetable import JOB
from scheduler.database import Database
from scheduler.models import Base, Registration
from scheduler.settings import Settings
from tests.jobs.outbox import workshop_on
from tests.visitors import Clock, Visitor
from tests.web.resident import fill_in, open_form
from tests.web.wards import Ward

WORDS = "Tôi tố cáo ông Trần Văn Kín nhận tiền ở bến Chương Dương"
STRINGS = (
    "tố cáo ông",
    "Trần Văn Kín",
    "Chương Dương",
    "Bà Nguyễn Bí Mật",
    "0987654321",
    "987654321",
    "bimat@example.vn",
)


def everything(database: Database) -> Iterator[str]:
    """Every value of every table as text."""
    with database.open() as db:
        for table in Base.metadata.sorted_tables:
            for row in db.execute(text(f'SELECT * FROM "{table.name}"')):
                yield from (str(value) for value in row)


def bytes_of(folder: Path) -> bytes:
    """All that lies in the folder: the database with its journal, mail, whatever else."""
    return b"\0".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_denunciation_is_in_no_byte(
    client: Visitor, clock: Clock, database: Database, settings: Settings, ward: Ward, sitting: str,
    tmp_path: Path, capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    typed = {"name": "Bà Nguyễn Bí Mật", "contact": "0987654321", "home": "bến Chương Dương"}
    others = ({"about": "yes", "words": "x"}, {"words": WORDS}, {"words": WORDS.upper()}, {"words": "to cao ong Kin"})
    others += ({"representatives": "Đơn tố\u200b-cáo ông"}, {"words": WORDS, "contact": "bimat@example.vn", "name": ""})
    for other in others:
        answer = fill_in(client, clock, sitting, **typed | other)
        assert answer.status_code == (200 if other.get("about") else 422)
        assert "UBND thành phố Hà Nội" in answer.text
        assert not any(one in answer.text for one in STRINGS), other
    own = fill_in(client, clock, sitting, contact="khac@example.vn").headers["Location"].split("?")[0]
    assert client.submit(f"{own}/change", {"version": "1", "topic": "land", "words": WORDS}).status_code == 422
    for text_of_row in everything(database):
        assert not any(one.lower() in text_of_row.lower() for one in STRINGS)
    lying = bytes_of(tmp_path) + capfd.readouterr().err.encode() + capfd.readouterr().out.encode()
    for one in STRINGS:
        assert one.encode() not in lying
        assert one.lower().encode() not in lying
        assert one.upper().encode() not in lying


def test_what_is_kept_stands_sealed(
    client: Visitor, clock: Clock, database: Database, sitting: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    told = ("Hoàng Thị Kín", "0987654321", "Xã Thanh Oai", "Bức tường nhà số 9")
    names = ("name", "contact", "home", "words")
    sent = fill_in(client, clock, sitting, **dict(zip(names, told, strict=True)))
    client.get(sent.headers["Location"])
    log = capfd.readouterr().err
    with database.open() as db:
        own = db.query(Registration).one().slug
    for one in told:
        assert not any(one in value for value in everything(database))
        assert one.encode() not in bytes_of(tmp_path)
        assert one not in log
    assert own not in log


def test_a_year_after_its_sitting_it_is_erased_and_still_counted(
    client: Visitor, clock: Clock, database: Database, sitting: str
) -> None:
    own = fill_in(client, clock, sitting, representatives="Minh", together="group", people="3").headers["Location"]
    with database.open() as db:
        made = db.query(Registration).one()
        columns = ("name", "contact", "home", "words", "representatives", "code")
        columns += ("guard_mark", "code_mark", "form_mark", "form_body")
        secrets = [getattr(made, column) for column in columns]
        ends_at = made.occurrence.ends_at
    assert all(secrets)
    workshop = workshop_on(database, "file:unused")
    for moment, erased in ((ends_at + timedelta(days=364), 0), (ends_at + timedelta(days=366), 1)):
        assert run_job(workshop, JOB["retention"], moment).counts["registrations"] == erased
    assert run_job(workshop, JOB["retention"], ends_at + timedelta(days=367)).counts["registrations"] == 0
    for value in everything(database):
        assert not any(secret in value for secret in secrets)
    with database.open() as db:
        made = db.query(Registration).one()
        assert (made.people, made.topic, made.ticket, made.way) == (3, "land", 1, "web")
    assert "đã được xóa theo thời hạn" in client.get(own).text
    assert open_form(client, sitting)

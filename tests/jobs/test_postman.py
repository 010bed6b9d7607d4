"""What goes over the wire: every kind of letter, invitations real clients accept, encryption that is checked."""

import smtplib  # noqa: TID251 (its classes are made to raise, to prove that nothing uses them)
import ssl
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from icalendar import Calendar

from jobs.delivery import deliver_letters
from jobs.job import Workshop
from scheduler.database import Database
from scheduler.links import signed
from scheduler.models import Letter
from scheduler.rules.letters import LETTERS
from tests.build import NOW
from tests.jobs.outbox import letter, published_sitting, queue, reminder_facts, workshop_on
from tests.letters.samples import SAMPLES
from tests.mailbox import Sink, free_port

CERTIFICATES = Path(__file__).parent / "certificates"
METHODS = [("REQUEST", "REQUEST", "CONFIRMED"), ("CANCEL", "CANCEL", "CANCELLED"), ("UNINVITE", "CANCEL", None)]


@pytest.fixture
def workshop(database: Database, smtp_sink: Sink) -> Workshop:
    return workshop_on(database, smtp_sink.url)


@pytest.fixture
def no_smtplib(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever makes a connection with the library that sends twice is found out."""

    def refuse(*_args: object, **_named: object) -> None:
        raise AssertionError("smtplib was used")

    for name in ("SMTP", "SMTP_SSL", "LMTP"):
        monkeypatch.setattr(getattr(smtplib, name), "__init__", refuse)


@pytest.mark.usefixtures("no_smtplib")
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_kind_of_letter_goes_out(workshop: Workshop, database: Database, smtp_sink: Sink, language: str) -> None:
    with database.transaction() as db:
        for kind in LETTERS:
            queue(db, kind=kind.key, facts=SAMPLES[kind.key], language=language)
    outcome = deliver_letters(workshop, NOW)
    assert (outcome.done, outcome.errors) == (len(LETTERS), [])
    for got in smtp_sink.letters:
        assert got.raw.isascii()
        assert got.message["Content-Language"] == language
        assert got.part("text/plain").strip()
        assert f'<html lang="{language}">' in got.part("text/html")
        assert max(len(line) for line in got.raw.split(b"\r\n")) <= 998


@pytest.mark.parametrize(("wanted", "method", "status"), METHODS)
def test_an_invitation_is_what_clients_accept(
    workshop: Workshop, database: Database, smtp_sink: Sink, wanted: str, method: str, status: str | None
) -> None:
    with database.transaction() as db:
        sitting = published_sitting(db, state="cancelled" if wanted == "CANCEL" else "published", sequence=3)
        facts = reminder_facts() | {"step": "cancel", "reason": "Họp", "old_day": None, "old_hours": [], "chair": ""}
        facts |= {"old_place": "", "told_by": None}
        for extra in ("days_left", "content", "attend", "stand_in"):
            del facts[extra]
        queue(
            db,
            "chutich@example.vn",
            kind="change",
            facts=facts,
            occurrence_id=sitting.id,
            sequence=3,
            invitation=wanted,
        )
        uid = sitting.uid
    assert deliver_letters(workshop, NOW).errors == []
    (got,) = smtp_sink.letters
    root = got.message
    assert [part.get_content_type() for part in root.iter_parts()] == ["multipart/alternative", "application/ics"]
    alternatives = next(root.iter_parts())
    assert isinstance(alternatives, EmailMessage)
    kinds = [part.get_content_type() for part in alternatives.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    part = list(alternatives.iter_parts())[-1]
    assert part["Content-Type"].params["method"] == method
    assert part["Content-Type"].params["charset"].upper() == "UTF-8"
    assert part["Content-Transfer-Encoding"] == "base64"
    calendar = part.get_payload(decode=True)
    assert calendar == list(root.iter_parts())[1].get_payload(decode=True)
    parsed = Calendar.from_ical(calendar)
    (event,) = parsed.walk("VEVENT")
    assert parsed["METHOD"] == method
    assert (event["UID"], event["SEQUENCE"], event.get("STATUS")) == (uid, 3, status)
    assert event["ATTENDEE"] == "mailto:chutich@example.vn"
    assert event["ORGANIZER"] == "mailto:ubnd@example.vn"


def test_a_task_is_opened_by_a_signed_address(workshop: Workshop, database: Database, smtp_sink: Sink) -> None:
    slug = "0123456789abcdef"
    with database.transaction() as db:
        facts = SAMPLES["task"] | {"url": f"/tasks/{slug}"}
        queue(db, kind="task", facts=facts)
        queue(db, kind="task", facts=SAMPLES["task"] | {"url": f"/desk/tasks/{slug}"})
    deliver_letters(workshop, NOW)
    lines = [got.part("text/plain").splitlines() for got in smtp_sink.letters]
    addresses = [next(line for line in found if line.startswith("http")) for found in lines]
    begin, _, signature = addresses[0].rpartition("/")
    assert begin == f"http://127.0.0.1:8000/tasks/{slug}"
    assert signed("k" * 43, "task", slug, signature)
    assert addresses[1] == f"http://127.0.0.1:8000/desk/tasks/{slug}"


def test_nothing_a_person_typed_becomes_a_header(workshop: Workshop, database: Database, smtp_sink: Sink) -> None:
    facts = SAMPLES["reminder"] | {"unit": "UBND\r\nBcc: x@y.vn", "post": "<script>alert(1)</script> {url}"}
    with database.transaction() as db:
        letter_id = queue(db, kind="reminder", facts=facts)
        db.get_one(Letter, letter_id).recipient_name = 'Lan\r\nBcc: x@y.vn, "A" <b@c.vn>'
    deliver_letters(workshop, NOW)
    (got,) = smtp_sink.letters
    names = {name for name, _ in message_from_bytes(got.raw, policy=policy.default).items()}
    assert "Bcc" not in names
    assert got.recipient == letter(database, letter_id).recipient
    html = got.part("text/html")
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {url}" in html


@pytest.fixture
def secure_sink(request: pytest.FixtureRequest) -> Iterator[Sink]:
    """A server that speaks TLS from the first word ("smtps") or after STARTTLS, with a certificate of its own."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATES / "server.crt", CERTIFICATES / "server.key")
    sink = Sink(port=free_port())
    options = {"ssl_context": context} if request.param == "smtps" else {"tls_context": context}
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, ready_timeout=20, **options)
    controller.start()
    yield sink
    controller.stop()


@pytest.mark.parametrize(
    ("secure_sink", "scheme"), [("smtps", "smtps"), ("starttls", "smtp+starttls")], indirect=["secure_sink"]
)
def test_encryption_is_checked(
    sqlite_url: str, secure_sink: Sink, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(sqlite_url)
    with database.transaction() as db:
        letter_id = queue(db)
    url = f"{scheme}://127.0.0.1:{secure_sink.port}"
    assert deliver_letters(workshop_on(database, url), NOW).counts == {"released": 1}
    assert secure_sink.letters == []
    assert "certificate" in letter(database, letter_id).answer.lower()
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "server.crt"))
    assert deliver_letters(workshop_on(database, url), NOW).counts == {"sent": 1}
    assert len(secure_sink.letters) == 1
    database.engine.dispose()


def test_starttls_is_never_left_out(sqlite_url: str, smtp_sink: Sink) -> None:
    database = Database(sqlite_url)
    with database.transaction() as db:
        queue(db)
    url = f"smtp+starttls://127.0.0.1:{smtp_sink.port}"
    assert deliver_letters(workshop_on(database, url), NOW).counts == {"released": 1}
    assert smtp_sink.letters == []
    database.engine.dispose()

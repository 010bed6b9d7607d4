"""Messages to telephones against a gateway that misbehaves, and the calls that take their place."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from jobs import gateway
from jobs.delivery import deliver_letters, deliver_messages
from jobs.job import Workshop
from scheduler.actions.registration_letters import tell_registrant
from scheduler.database import Database, Db, vault_of
from scheduler.models import Call, Letter, Registration
from scheduler.queries.registrations import registration_facts
from tests.build import NOW, make_registration
from tests.databases import SECRET
from tests.gateway import Behaviour, Phone
from tests.jobs.outbox import letter, published_sitting, queue_many, states, workshop_on
from tests.mailbox import Sink

HOUR = timedelta(hours=1)
NUMBER = "0912345678"


@pytest.fixture
def texting(sqlite_url: str) -> Iterator[Database]:
    """The database of an installation with a gateway."""
    database = Database(sqlite_url, SECRET, messages=True)
    yield database
    database.engine.dispose()


@pytest.fixture
def workshop(texting: Database, smtp_sink: Sink, phone: Phone) -> Workshop:
    return workshop_on(texting, smtp_sink.url, sms_url=phone.url, sms_token="secret-word", sms_from="HOANKIEM")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long enough to wait for a gateway of this machine."""
    monkeypatch.setattr(gateway.Gateway.__init__, "__defaults__", (0.4,))


def registered(workshop: Workshop, contact: str = NUMBER) -> int:
    """Somebody who registered and is told so; gives the letter."""
    with workshop.database.transaction() as db:
        return told(db, make_registration(db, published_sitting(db), contact=contact, code="482615"))


def told(db: Db, registration: Registration, *, now: datetime = NOW) -> int:
    facts = registration_facts(db, registration) | {"asked_day": ""}
    assert tell_registrant(db, registration, "registration-confirmed", facts, key="registration-confirmed", now=now)
    return db.query(Letter).filter_by(registration_id=registration.id).one().id


def test_a_message_goes_out_once_and_names_itself(workshop: Workshop, phone: Phone, smtp_sink: Sink) -> None:
    letter_id = registered(workshop)
    assert deliver_letters(workshop, NOW).found == 0
    assert deliver_messages(workshop, NOW).counts == {"sent": 1}
    assert deliver_messages(workshop, NOW).found == 0
    (got,) = phone.messages
    sent = letter(workshop.database, letter_id)
    assert got.body == {"to": NUMBER, "text": phone.texts[0], "id": sent.message_id, "from": "HOANKIEM"}
    assert got.headers["Idempotency-Key"] == sent.message_id
    assert got.headers["Authorization"] == "Bearer secret-word"
    assert phone.texts[0].startswith("UBND P. Hoan Kiem: da nhan dang ky buoi tiep cong dan 7h30 thu Nam 10/12/2026.")
    assert phone.texts[0].endswith("Hoi: 024 3825 0001")
    assert "So thu tu cua ong/ba: 1. Ma 482615." in phone.texts[0]
    assert smtp_sink.letters == []


def test_neither_number_nor_code_stays_in_the_outbox(workshop: Workshop) -> None:
    sent = letter(workshop.database, registered(workshop))
    deliver_messages(workshop, NOW)
    sent = letter(workshop.database, sent.id)
    assert (sent.state, sent.recipient, sent.recipient_name, sent.facts["code"]) == ("sent", "", "", "")
    assert sent.answer == "202 number … accept"
    kept = f"{sent.facts} {sent.answer} {sent.key}"
    assert "482615" not in kept
    assert NUMBER[-9:] not in kept


@pytest.mark.parametrize(
    ("behaviour", "counts", "state"),
    [
        ("refuse", {"refused": 1}, "failed"),
        ("later", {"later": 1}, "due"),
        ("busy", {"later": 1}, "due"),
        ("unknown", {"released": 1}, "due"),
        ("lead-on", {"released": 1}, "due"),
    ],
)
def test_what_the_gateway_answers_decides(
    workshop: Workshop, phone: Phone, behaviour: Behaviour, counts: dict[str, int], state: str
) -> None:
    letter_id = registered(workshop)
    phone.then(behaviour)
    assert deliver_messages(workshop, NOW).counts == counts
    found = letter(workshop.database, letter_id)
    assert found.state == state
    assert NUMBER[-9:] not in found.answer
    assert len(phone.messages) == 1  # nobody followed the redirect
    if state == "due":
        assert deliver_messages(workshop, NOW + 2 * HOUR).counts == {"sent": 1}
        assert len({message.body["id"] for message in phone.messages}) == 1


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("behaviour", ["drop", "reset", "hang"])
def test_a_lost_answer_is_tried_once_more_under_the_same_name(
    workshop: Workshop, phone: Phone, behaviour: Behaviour
) -> None:
    letter_id = registered(workshop)
    phone.then(behaviour, behaviour)
    assert deliver_messages(workshop, NOW).counts == {"unsure": 1}
    assert deliver_messages(workshop, NOW + HOUR).counts == {"unsure": 1}
    assert letter(workshop.database, letter_id).state == "unsure"
    assert deliver_messages(workshop, NOW + 2 * HOUR).found == 0
    assert len(phone.messages) == 2
    assert len({message.headers["Idempotency-Key"] for message in phone.messages}) == 1


@pytest.mark.usefixtures("quick")
def test_an_answer_whose_rest_never_comes_is_an_answer(workshop: Workshop, phone: Phone) -> None:
    letter_id = registered(workshop)
    phone.then("trickle")
    assert deliver_messages(workshop, NOW).counts == {"sent": 1}
    assert letter(workshop.database, letter_id).answer.startswith("202 number …")


def test_a_gateway_that_is_away_costs_no_try_and_holds_no_letter_back(
    texting: Database, smtp_sink: Sink, closed_port: int
) -> None:
    shop = workshop_on(texting, smtp_sink.url, sms_url=f"http://127.0.0.1:{closed_port}/send")
    message, letters = registered(shop), queue_many(texting, 2)
    assert deliver_messages(shop, NOW).counts == {"released": 1}
    assert deliver_letters(shop, NOW).counts == {"sent": 2}
    assert (letter(texting, message).state, letter(texting, message).attempts) == ("due", 0)
    assert states(texting, letters) == ["sent", "sent"]


def test_messages_leave_by_day_alone(workshop: Workshop, phone: Phone) -> None:
    late = NOW + 13 * HOUR  # ten in the evening in Vietnam
    with workshop.database.transaction() as db:
        letter_id = told(db, make_registration(db, published_sitting(db), contact=NUMBER), now=late)
    assert letter(workshop.database, letter_id).due_at == NOW + 22 * HOUR
    phone.then("later")
    assert deliver_messages(workshop, NOW + 22 * HOUR).counts == {"later": 1}
    assert deliver_messages(workshop, NOW + 37 * HOUR).found == 0  # tried again, but not at night
    assert deliver_messages(workshop, NOW + 46 * HOUR).counts == {"sent": 1}


def test_without_a_gateway_the_reader_is_on_the_list_of_calls_at_once(db: Db) -> None:
    registration = make_registration(db, published_sitting(db), contact=NUMBER, name="Lê Văn Kín")
    letter_id = told(db, registration)
    call = db.query(Call).one()
    assert (call.registration_id, call.letter_id, call.state) == (registration.id, letter_id, "open")
    assert (call.name, call.phone) == ("", "")
    assert "Kín" not in call.words
    assert call.words.startswith("Tôi gọi từ Văn phòng Ủy ban nhân dân phường Hoàn Kiếm. Đã nhận đăng ký buổi tiếp")
    assert not re.search(r"\d", call.words)
    assert db.get_one(Letter, letter_id).state == "called"


def test_a_gateway_taken_away_leaves_calls(workshop: Workshop, smtp_sink: Sink) -> None:
    letter_id = registered(workshop)
    silent = workshop_on(workshop.database, smtp_sink.url)
    assert deliver_messages(silent, NOW).counts == {"called": 1}
    assert deliver_messages(silent, NOW).found == 0
    assert letter(workshop.database, letter_id).state == "called"
    with workshop.database.open() as db:
        assert db.query(Call).one().letter_id == letter_id


def test_a_refused_number_becomes_a_call(workshop: Workshop, phone: Phone) -> None:
    letter_id = registered(workshop)
    phone.then("refuse")
    deliver_messages(workshop, NOW)
    with workshop.database.open() as db:
        call = db.query(Call).one()
    assert (call.letter_id, call.registration_id is None, call.name) == (letter_id, False, "")


def test_who_took_the_registration_back_or_was_erased_gets_nothing(workshop: Workshop, phone: Phone) -> None:
    with workshop.database.transaction() as db:
        sitting = published_sitting(db)
        rows = [make_registration(db, sitting, contact=f"091234567{n}") for n in range(2)]
        ids = [told(db, row) for row in rows]
        rows[0].state = "withdrawn"
        rows[1].contact, rows[1].erased_at = "", NOW
    assert deliver_messages(workshop, NOW).counts == {"passed_over": 2}
    assert states(workshop.database, ids) == ["not-wanted", "not-wanted"]
    assert phone.messages == []


def test_another_contact_is_told_by_its_own_way(workshop: Workshop, phone: Phone, smtp_sink: Sink) -> None:
    letter_id = registered(workshop)
    with workshop.database.transaction() as db:
        row = db.query(Registration).one()
        row.contact_kind, row.contact = "email", vault_of(db).seal("dan@example.vn")
    assert deliver_messages(workshop, NOW).counts == {"passed_over": 1}
    assert deliver_letters(workshop, NOW).counts == {"sent": 1}
    assert letter(workshop.database, letter_id).state == "sent"
    assert smtp_sink.letters[0].recipient == "dan@example.vn"
    assert "482 615" in smtp_sink.letters[0].part("text/plain")
    assert phone.messages == []

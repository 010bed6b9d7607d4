"""The fate of a letter against a mail server that misbehaves: sent once, told when not, never lost."""

import threading
from datetime import timedelta

import pytest

from jobs import carriers
from jobs.delivery import deliver_letters
from jobs.job import Workshop
from scheduler.actions import delivery
from scheduler.database import Database
from scheduler.models import Letter
from scheduler.queries.outbox import due_letters, outbox_figures
from scheduler.rules.letters import LEASE, MOST_TRIES
from tests.build import NOW
from tests.jobs.outbox import letter, published_sitting, queue, queue_many, reminder_facts, states, workshop_on
from tests.mailbox import Sink

HOUR = timedelta(hours=1)


@pytest.fixture
def workshop(database: Database, smtp_sink: Sink) -> Workshop:
    return workshop_on(database, smtp_sink.url)


@pytest.fixture
def quick_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second is long enough to wait for a server of this machine."""
    monkeypatch.setattr(carriers.Smtp.__init__, "__defaults__", (1.0,))
    monkeypatch.setattr(carriers.carrier_of, "__defaults__", (1.0,))


def test_what_is_due_is_sent_once_over_one_connection(workshop: Workshop, database: Database, smtp_sink: Sink) -> None:
    ids = queue_many(database, 5)
    with database.transaction() as db:
        later = queue(db, due_at=NOW + HOUR)
    outcome = deliver_letters(workshop, NOW)
    assert (outcome.found, outcome.done, outcome.failed) == (5, 5, 0)
    assert deliver_letters(workshop, NOW).found == 0
    assert len(smtp_sink.letters) == 5
    assert smtp_sink.connections == 1
    assert states(database, [*ids, later]) == ["sent"] * 5 + ["due"]
    sent = letter(database, ids[0])
    assert sent.sent_at is not None
    assert sent.answer.startswith("250")
    assert smtp_sink.letters[0].message["Message-ID"] == sent.message_id


def test_each_letter_has_one_recipient_and_the_envelope_of_the_office(
    workshop: Workshop, database: Database, smtp_sink: Sink
) -> None:
    with database.transaction() as db:
        queue(db, "chutich@example.vn")
    deliver_letters(workshop, NOW)
    (got,) = smtp_sink.letters
    assert (got.sender, got.recipient) == ("lich@example.vn", "chutich@example.vn")
    assert got.message["To"] == "Nguyễn Văn Thử <chutich@example.vn>"
    assert got.message["From"] == "Lịch Dân <lich@example.vn>"
    assert got.message["Auto-Submitted"] == "auto-generated"
    assert got.message["Date"] == "Sun, 22 Nov 2026 09:00:00 +0700"
    assert got.raw.isascii()


def test_two_senders_at_once_send_each_letter_once(database: Database, smtp_sink: Sink) -> None:
    ids = queue_many(database, 30)
    shops = [workshop_on(database, smtp_sink.url) for _ in range(3)]
    threads = [threading.Thread(target=deliver_letters, args=(shop, NOW)) for shop in shops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states(database, ids) == ["sent"] * 30
    assert len({got.recipient for got in smtp_sink.letters}) == len(smtp_sink.letters) == 30


def test_a_claimed_letter_is_nobody_elses(database: Database) -> None:
    (letter_id,) = queue_many(database, 1)
    with database.transaction() as db:
        mine = delivery.claim_letter(db, letter_id, lease="a", domain="example.vn", now=NOW)
    assert mine is not None
    with database.transaction() as db:
        assert delivery.claim_letter(db, letter_id, lease="b", domain="example.vn", now=NOW) is None
        assert not delivery.mark_sent(db, mine, lease="b", answer="250", now=NOW)
        assert not delivery.note_data(db, mine, lease="b", now=NOW)
        assert delivery.note_data(db, mine, lease="a", now=NOW)
        assert delivery.mark_sent(db, mine, lease="a", answer="250", now=NOW)


def test_greylisted_letters_go_out_later_and_once(workshop: Workshop, database: Database, smtp_sink: Sink) -> None:
    (letter_id,) = queue_many(database, 1)
    smtp_sink.then("later", "later")
    assert deliver_letters(workshop, NOW).counts == {"later": 1}
    assert letter(database, letter_id).answer.startswith("450")
    assert deliver_letters(workshop, NOW).found == 0
    assert deliver_letters(workshop, NOW + 2 * HOUR).counts == {"later": 1}
    assert deliver_letters(workshop, NOW + 4 * HOUR).counts == {"sent": 1}
    assert len(smtp_sink.letters) == 1
    assert letter(database, letter_id).due_at == NOW


def test_a_refused_address_fails_and_the_others_go_on(workshop: Workshop, database: Database, smtp_sink: Sink) -> None:
    ids = queue_many(database, 3)
    smtp_sink.by_recipient[letter(database, ids[1]).recipient] = "refuse"
    outcome = deliver_letters(workshop, NOW)
    assert outcome.counts == {"sent": 2, "refused": 1}
    assert states(database, ids) == ["sent", "failed", "sent"]
    assert letter(database, ids[1]).answer.startswith("550")
    assert deliver_letters(workshop, NOW + HOUR).found == 0


@pytest.mark.usefixtures("quick_timeout")
@pytest.mark.parametrize("behaviour", ["drop", "hang"])
def test_a_lost_answer_is_tried_once_more_and_then_left_to_a_person(
    workshop: Workshop, database: Database, smtp_sink: Sink, behaviour: str
) -> None:
    (letter_id,) = queue_many(database, 1)
    smtp_sink.then(behaviour, behaviour)  # type: ignore[arg-type]
    assert deliver_letters(workshop, NOW).counts == {"unsure": 1}
    assert len(smtp_sink.letters) == 1
    assert letter(database, letter_id).state == "due"
    assert deliver_letters(workshop, NOW + HOUR).counts == {"unsure": 1}
    assert letter(database, letter_id).state == "unsure"
    assert deliver_letters(workshop, NOW + 2 * HOUR).found == 0
    assert len({got.message["Message-ID"] for got in smtp_sink.letters}) == 1
    assert len(smtp_sink.letters) == 2


@pytest.mark.usefixtures("quick_timeout")
def test_a_secret_link_is_never_sent_twice_after_doubt(workshop: Workshop, database: Database, smtp_sink: Sink) -> None:
    facts = {"name": "Lan", "url": "/links/abc", "ends": NOW.isoformat(), "why_you": "account"}
    with database.transaction() as db:
        letter_id = queue(db, kind="password-link", facts=facts)
    smtp_sink.then("drop")
    deliver_letters(workshop, NOW)
    assert letter(database, letter_id).state == "unsure"


def test_a_secret_link_is_forgotten_once_it_left(workshop: Workshop, database: Database, smtp_sink: Sink) -> None:
    facts = {"name": "Lan", "url": "/links/abc", "ends": NOW.isoformat(), "why_you": "account"}
    with database.transaction() as db:
        letter_id = queue(db, kind="password-link", facts=facts)
    deliver_letters(workshop, NOW)
    assert "/links/abc" in smtp_sink.letters[0].part("text/plain")
    assert letter(database, letter_id).facts["url"] == ""


@pytest.mark.usefixtures("quick_timeout")
def test_a_server_that_drops_every_letter_is_left_alone_after_three(
    workshop: Workshop, database: Database, smtp_sink: Sink
) -> None:
    ids = queue_many(database, 6)
    smtp_sink.then(*["drop"] * 6)
    assert deliver_letters(workshop, NOW).counts == {"unsure": 3}
    assert [letter(database, letter_id).attempts for letter_id in ids] == [1, 1, 1, 0, 0, 0]


def test_a_server_that_is_away_costs_no_letter_and_no_try(database: Database, closed_port: int) -> None:
    ids = queue_many(database, 3)
    outcome = deliver_letters(workshop_on(database, f"smtp://127.0.0.1:{closed_port}"), NOW)
    assert outcome.counts == {"released": 1}
    assert outcome.failed == 1
    assert states(database, ids) == ["due"] * 3
    assert letter(database, ids[0]).attempts == 0
    with database.open() as db:
        assert due_letters(db, NOW) == ids
        assert outbox_figures(db, NOW + HOUR).oldest_due_seconds == 3600


def test_a_dead_senders_letter_is_taken_over_when_its_lease_ran_out(
    workshop: Workshop, database: Database, smtp_sink: Sink
) -> None:
    (letter_id,) = queue_many(database, 1)
    with database.transaction() as db:
        delivery.claim_letter(db, letter_id, lease="dead", domain="example.vn", now=NOW)
    assert deliver_letters(workshop, NOW + LEASE).found == 0
    outcome = deliver_letters(workshop, NOW + LEASE + timedelta(seconds=1))
    assert outcome.counts == {"taken_over": 1, "sent": 1}
    assert letter(database, letter_id).doubts == 0


def test_a_sender_killed_after_data_leaves_a_doubt_that_is_sent_once_more(
    workshop: Workshop, database: Database, smtp_sink: Sink
) -> None:
    (letter_id,) = queue_many(database, 1)
    later = NOW
    for expected in ({"taken_over": 1, "sent": 1}, None):
        with database.transaction() as db:
            row = db.get_one(Letter, letter_id)
            row.state, row.retry_at = "due", None
        with database.transaction() as db:
            claimed = delivery.claim_letter(db, letter_id, lease="dead", domain="example.vn", now=later)
            assert claimed is not None
            assert delivery.note_data(db, claimed, lease="dead", now=later)
        later += LEASE + timedelta(seconds=1)
        outcome = deliver_letters(workshop, later)
        if expected:
            assert outcome.counts == expected
            assert letter(database, letter_id).doubts == 1
    assert letter(database, letter_id).state == "unsure"
    assert len(smtp_sink.letters) == 1


def test_what_is_no_longer_so_is_not_sent(workshop: Workshop, database: Database, smtp_sink: Sink) -> None:
    with database.transaction() as db:
        sitting = published_sitting(db, sequence=2)
        facts = reminder_facts()
        same = queue(db, kind="reminder", facts=facts, occurrence_id=sitting.id, sequence=2)
        older = queue(db, kind="reminder", facts=facts, occurrence_id=sitting.id, sequence=1)
        past = queue(db, expires_at=NOW)
    assert deliver_letters(workshop, NOW).counts == {"sent": 1, "passed_over": 2}
    assert states(database, [same, older, past]) == ["sent", "not-wanted", "expired"]
    assert letter(database, older).attempts == 0
    with database.transaction() as db:
        sitting = db.merge(sitting)
        sitting.state = "cancelled"
        of_cancelled = queue(db, kind="reminder", facts=facts, occurrence_id=sitting.id, sequence=2)
    deliver_letters(workshop, NOW)
    assert letter(database, of_cancelled).state == "not-wanted"
    assert len(smtp_sink.letters) == 1


def test_a_letter_that_makes_no_sense_is_told_and_the_rest_goes_on(
    workshop: Workshop, database: Database, smtp_sink: Sink
) -> None:
    ids = queue_many(database, 3)
    with database.transaction() as db:
        db.get_one(Letter, ids[1]).facts = {"why_you": "staff"}
    assert deliver_letters(workshop, NOW).counts == {"sent": 2, "refused": 1}
    assert letter(database, ids[1]).answer.startswith("cannot be composed: KeyError")


@pytest.mark.parametrize("address", ["a b@example.vn", "x@y.vn>\r\nRCPT TO:<evil@example.vn", "nguyễn@example.vn", "x"])
def test_an_address_that_is_none_never_reaches_the_server(
    workshop: Workshop, database: Database, smtp_sink: Sink, address: str
) -> None:
    with database.transaction() as db:
        letter_id = queue(db, address)
    deliver_letters(workshop, NOW)
    assert letter(database, letter_id).state == "failed"
    assert smtp_sink.letters == []


def test_a_letter_is_given_up_visibly_after_many_tries(workshop: Workshop, database: Database, smtp_sink: Sink) -> None:
    (letter_id,) = queue_many(database, 1)
    with database.transaction() as db:
        db.get_one(Letter, letter_id).attempts = MOST_TRIES - 1
    smtp_sink.then("later")
    deliver_letters(workshop, NOW)
    assert letter(database, letter_id).state == "failed"

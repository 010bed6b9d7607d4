"""What one row tells cannot be opened any more: the row says so, and every list, letter and sheet goes on."""

from pathlib import Path

import pytest

from jobs.delivery import deliver_letters
from scheduler.actions.registration_changes import tell_confirmed
from scheduler.actions.registrations import RESIDENT, Wish, change_registration
from scheduler.database import Database
from scheduler.documents.paper_kit import paper_kit_pdf
from scheduler.links import sign
from scheduler.models import Call, Letter, Registration
from scheduler.sealing import UNREADABLE, Unreadable, Vault
from scheduler.settings import Settings
from tests.build import make_registration
from tests.jobs.outbox import workshop_on
from tests.mailbox import Sink
from tests.visitors import Clock, SignIn, Visitor
from tests.web.counter_house import DAY, EIGHT, House, make_house, one_database

LOST = Vault("a key that nobody has any more")
SEALED = ("name", "contact", "home", "words", "representatives", "code")


@pytest.fixture
def house(database: Database, clock: Clock) -> House:
    """A counter with two visits: of the first nothing can be read."""
    made = make_house(database, clock)
    with database.transaction() as db:
        sitting = db.merge(made.sitting)
        for name, email in (("Mất Khoá", "mat@example.vn"), ("Lê Thị Còn", "con@example.vn")):
            one = make_registration(db, sitting, name=name, contact=email, words="Sổ đỏ", state="received")
            one.began_at = EIGHT
            if name == "Mất Khoá":
                for column in SEALED:
                    setattr(one, column, LOST.seal("x"))
    return made


def test_a_text_is_looked_at_or_acted_upon() -> None:
    vault = Vault("new,old")
    assert vault.open(Vault("old").seal("Lan")) == "Lan"
    assert (vault.open(""), vault.open_exactly("")) == ("", "")
    for damaged in (LOST.seal("Lan"), "no token", "\x00"):
        assert vault.open(damaged) == UNREADABLE
        with pytest.raises(Unreadable):
            vault.open_exactly(damaged)


@one_database
def test_every_list_goes_on(sign_in: SignIn, house: House, database: Database) -> None:
    with database.transaction() as db:
        lost, kept = db.query(Registration).order_by(Registration.id).all()
        for one in (lost, kept):
            row = {"unit_id": one.unit_id, "occurrence_id": one.occurrence_id, "role": "registered", "words": "Đã dời."}
            db.add(Call(**row, registration_id=one.id, name="", phone="", state="open", tries=0, made_at=EIGHT))
    client = sign_in(house.clerk)
    for state, address in (
        ("booked", f"{house.page}/paper"),
        ("booked", house.page),
        ("received", f"/desk/register-book?from={DAY}&to={DAY}"),
        ("received", f"/desk/matters?sitting={house.sitting.slug}"),
        ("received", "/desk/calls"),
    ):
        with database.transaction() as db:
            for one in db.query(Registration):
                one.state = state
        page = client.get(address)
        assert page.status_code == 200, address
        assert UNREADABLE in page.text, address
        assert "Lê Thị Còn" in page.text, address
    for address in (f"/desk/matters/new/{lost.slug}", f"/desk/counter/groups/{lost.slug}"):
        assert client.get(address).status_code == 200
    read = client.submit(f"/desk/registrations/{lost.slug}", to=f"/desk/registrations/{lost.slug}/read")
    assert (read.status_code, UNREADABLE in read.text) == (200, True)
    with database.open() as db:
        assert paper_kit_pdf(db, house.sitting.id, now=EIGHT).startswith(b"%PDF")


@one_database
def test_the_own_page_opens_and_a_change_writes_over_nothing(
    client: Visitor, house: House, database: Database, settings: Settings
) -> None:
    with database.transaction() as db:
        lost = db.query(Registration).order_by(Registration.id).first()
        assert lost is not None
        lost.state, before = "booked", lost.words
    own = f"/registrations/{lost.slug}/{sign(settings.secret, 'registration', lost.slug)}"
    for step in ("", "/change", "/cancel"):
        assert client.get(own + step).status_code == 200
    with database.transaction() as db:
        one = db.get_one(Registration, lost.id)
        wish = Wish(topic="other", words=UNREADABLE)
        change_registration(db, one, wish, version=one.version, by=RESIDENT, now=EIGHT)
    with database.open() as db:
        one = db.get_one(Registration, lost.id)
        assert (one.topic, one.words) == ("other", before)


@one_database
def test_its_letter_fails_and_the_others_leave(
    house: House, database: Database, smtp_sink: Sink, tmp_path: Path
) -> None:
    with database.transaction() as db:
        for one in db.query(Registration).order_by(Registration.id):
            one.state = "booked"
            tell_confirmed(db, one, now=EIGHT)
    outcome = deliver_letters(workshop_on(database, smtp_sink.url, tmp_path), EIGHT)
    assert outcome.counts["sent"] == 1
    with database.open() as db:
        first, second = db.query(Letter).order_by(Letter.id)
        assert (first.state, first.lease, second.state) == ("failed", None, "sent")
        assert "cannot be opened" in first.answer
    assert deliver_letters(workshop_on(database, smtp_sink.url, tmp_path), EIGHT).found == 0

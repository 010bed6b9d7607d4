"""Following by e-mail: asked, confirmed, left; an address is kept sealed, told to nobody, and erased."""

from datetime import timedelta

import pytest

from scheduler.actions.followers import ask_to_follow, confirm_follower, leave
from scheduler.actions.retention import forget
from scheduler.database import Db, vault_of
from scheduler.errors import BadInput, RuleBroken, TooMany
from scheduler.models import Entry, Follower, Letter, Unit
from scheduler.queries.feeds import Subject, subject_of_post, subject_of_unit
from scheduler.rules.followers import CONFIRM_LIFE
from tests.build import NOW, make_follower, make_office, make_unit

ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What the kind of database makes no difference to."""
EMAIL = "cu.tri@example.vn"
POST = "00070-ubnd-chu-tich"


@pytest.fixture
def ward(db: Db) -> Subject:
    make_office(db)
    return subject_of_unit(db, "00070", NOW.date())


def ask(db: Db, of: Subject, email: str = EMAIL, *, kind: str = "", client: str = "10.0.0.1", minutes: int = 0) -> bool:
    now = NOW + timedelta(minutes=minutes)
    return ask_to_follow(db, of, email, kind=kind, client=client, now=now)


def rows(db: Db) -> list[Follower]:
    return db.query(Follower).order_by(Follower.id).all()


def letters(db: Db) -> list[Letter]:
    return db.query(Letter).order_by(Letter.id).all()


def test_an_address_is_asked_to_confirm_and_stands_nowhere_in_the_open(db: Db, ward: Subject) -> None:
    assert ask(db, ward, " Cu.Tri@Example.VN ")
    (follower,), (letter,) = rows(db), letters(db)
    assert (follower.state, follower.feed, follower.told_at) == ("asked", ward.feed, None)
    assert vault_of(db).open(follower.email) == EMAIL
    assert (letter.kind, letter.recipient, letter.follower_id) == ("follow-confirm", "", follower.id)
    assert letter.expires_at == NOW + CONFIRM_LIFE
    kept = " ".join(str(value) for row in (follower, letter) for value in vars(row).values())
    assert "example" not in kept.lower()


@ONE
@pytest.mark.parametrize(
    "email",
    ["a@b", "a@b.vn\r\nBcc: x@y.vn", "a@b.vn,c@d.vn", "nguyễn@b.vn", f"{'a' * 65}@b.vn", "", "   ", "a b@c.vn", "\x00"],
)
def test_what_is_no_address_is_refused_at_its_field(db: Db, ward: Subject, email: str) -> None:
    with pytest.raises(BadInput) as refused:
        ask(db, ward, email)
    assert refused.value.place == "email"
    assert (rows(db), letters(db)) == ([], [])


def test_one_press_sends_one_letter_and_a_later_one_another(db: Db, ward: Subject) -> None:
    assert [ask(db, ward), ask(db, ward, minutes=1), ask(db, ward, minutes=20)] == [True, False, True]
    assert (len(rows(db)), len(letters(db))) == (1, 2)


@ONE
def test_a_client_asks_five_times_an_hour(db: Db, ward: Subject) -> None:
    for number in range(5):
        assert ask(db, ward, f"a{number}@example.vn")
    with pytest.raises(TooMany):
        ask(db, ward, "a6@example.vn")
    assert ask(db, ward, "a6@example.vn", client="10.0.0.2")
    assert ask(db, ward, "a7@example.vn", minutes=61)


@ONE
def test_an_address_gets_five_letters_an_hour_and_nobody_is_told(db: Db, ward: Subject) -> None:
    asked = [ask(db, ward, client=f"10.0.0.{number}", minutes=3 * number) for number in range(7)]
    assert asked == [True] * 5 + [False] * 2
    assert ask(db, ward, client="10.0.0.9", minutes=90)


def test_confirmed_once_and_for_all(db: Db, ward: Subject) -> None:
    ask(db, ward)
    (follower,) = rows(db)
    later = NOW + timedelta(hours=71)
    for moment in (later, later + timedelta(days=9)):
        assert confirm_follower(db, follower.slug, now=moment).state == "confirmed"
    assert (follower.confirmed_at, follower.told_at) == (later, later)
    assert [entry.deed for entry in db.query(Entry)] == ["follower.confirmed"]


def test_too_late_is_too_late_and_the_address_is_erased(db: Db, ward: Subject) -> None:
    ask(db, ward)
    (follower,) = rows(db)
    slug = follower.slug
    with pytest.raises(RuleBroken, match=r"follow\.too-late"):
        confirm_follower(db, slug, now=NOW + CONFIRM_LIFE)
    assert forget(db, "followers", now=NOW + CONFIRM_LIFE - timedelta(minutes=1)) == 0
    assert forget(db, "followers", now=NOW + CONFIRM_LIFE) == 1
    assert rows(db) == []
    db.expire_all()
    assert [(letter.follower_id, letter.state) for letter in letters(db)] == [(None, "not-wanted")]
    with pytest.raises(RuleBroken, match=r"follow\.gone"):
        confirm_follower(db, slug, now=NOW)


@ONE
def test_who_confirmed_stays(db: Db, ward: Subject) -> None:
    make_follower(db, db.get_one(Unit, ward.id), asked_at=NOW - timedelta(days=900))
    assert forget(db, "followers", now=NOW) == 0


def test_leaving_erases_the_address_and_twice_is_harmless(db: Db, ward: Subject) -> None:
    ask(db, ward)
    (follower,) = rows(db)
    confirm_follower(db, follower.slug, now=NOW)
    assert [leave(db, follower.slug, now=NOW), leave(db, follower.slug, now=NOW)] == [True, False]
    assert (follower.state, follower.email, follower.mark) == ("ended", "", None)
    assert [letter.state for letter in letters(db)] == ["not-wanted"]
    assert not leave(db, "khong-co", now=NOW)
    assert forget(db, "followers", now=NOW + timedelta(days=31)) == 1
    assert ask(db, ward, minutes=5)
    assert len(rows(db)) == 1


@ONE
def test_the_newest_wish_for_a_calendar_holds(db: Db, ward: Subject) -> None:
    for number, kind in enumerate(("", "dialogue")):
        ask(db, ward, kind=kind, minutes=10 * number)
        confirm_follower(db, rows(db)[-1].slug, now=NOW + timedelta(minutes=10 * number + 1))
    assert [(row.kind, row.state) for row in rows(db)] == [("", "ended"), ("dialogue", "confirmed")]


@ONE
def test_a_post_and_a_unit_are_followed_side_by_side(db: Db, ward: Subject) -> None:
    ask(db, ward)
    ask(db, subject_of_post(db, POST, NOW.date()))
    make_unit(db)
    for row in rows(db):
        confirm_follower(db, row.slug, now=NOW)
    assert [(row.state, bool(row.unit_id), bool(row.post_id)) for row in rows(db)] == [
        ("confirmed", True, False),
        ("confirmed", False, True),
    ]

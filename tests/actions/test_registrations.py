"""Registering for a sitting: a number, a window, a code; late ones go on to the next; twice is once."""

from datetime import date, timedelta

import pytest

from scheduler.actions.registrations import (
    RESIDENT,
    Given,
    Wish,
    accept_offer,
    change_registration,
    decline_offer,
    place_in,
    register,
    withdraw,
)
from scheduler.database import Db
from scheduler.errors import BadInput, NotAllowed, NotFound, RuleBroken, Stale
from scheduler.models import ArrivalWindow, Entry, Letter, Occurrence, Post, Queue, Registration, Unit
from scheduler.queries.registrations import told_in
from tests.build import NOW, make_actor, make_occurrence, make_office, make_post, make_published

DAY = date(2026, 11, 26)
LAN = Given("  Nguyễn  Thị Lan ", contact="+84 (0)912 345 678", home="Phường Cửa Nam", topic="land", words="Sổ đỏ\x07")


@pytest.fixture
def office(db: Db) -> tuple[Unit, Post]:
    return make_office(db)


@pytest.fixture
def sitting(db: Db, office: tuple[Unit, Post]) -> Occurrence:
    return make_published(db, *office, day=DAY)


def put(db: Db, sitting: Occurrence, given: Given = LAN) -> Registration:
    return register(db, sitting.slug, given, by=RESIDENT, now=NOW)


def test_it_is_confirmed_at_once(db: Db, sitting: Occurrence) -> None:
    first, second = put(db, sitting), put(db, sitting, Given("Minh", contact="minh@example.vn", topic="other"))
    told = told_in(db, first)
    assert (told.name, told.contact, told.words) == ("Nguyễn Thị Lan", "0912345678", "Sổ đỏ")
    assert (first.ticket, second.ticket) == (1, 2)
    assert first.arrive_from == sitting.starts_at
    assert first.arrive_until == sitting.starts_at + timedelta(minutes=30)
    assert (first.contact_kind, second.contact_kind) == ("phone", "email")
    assert len(told.code) == 6
    assert "Lan" not in first.name
    letters = {letter.channel: letter for letter in db.query(Letter)}
    assert len(letters) == 2
    assert letters["email"].facts["ticket"] == 2
    assert [entry.deed for entry in db.query(Entry)] == ["registration.made"] * 2


def test_windows_fill_in_order_and_then_only_numbers_are_given(db: Db, sitting: Occurrence) -> None:
    places = 8 * 3  # four hours, half an hour each, three people
    made = [put(db, sitting, Given("Lan", contact=f"lan{n}@example.vn")) for n in range(places + 1)]
    assert [one.ticket for one in made] == list(range(1, places + 2))
    assert made[3].arrive_from == sitting.starts_at + timedelta(minutes=30)
    assert made[-2].arrive_until == sitting.ends_at
    assert made[-1].arrive_from is None


def test_a_wished_window_is_kept_or_refused(db: Db, sitting: Occurrence) -> None:
    wished = sitting.starts_at + timedelta(hours=2)
    for n in range(3):
        assert put(db, sitting, Given("Lan", contact=f"lan{n}@example.vn", window=wished)).arrive_from == wished
    with pytest.raises(Stale, match="window-full"):
        put(db, sitting, Given("Lan", contact="lan9@example.vn", window=wished))


def test_a_late_one_goes_to_the_next_sitting_of_the_same_head(db: Db, office: tuple[Unit, Post]) -> None:
    unit, chairman = office
    asked = make_published(db, unit, chairman, day=DAY, register_by=date(2026, 11, 20))
    other = make_published(db, unit, make_post(db, unit, "Phó Chủ tịch UBND"), day=date(2026, 12, 3))
    make_published(db, unit, chairman, day=date(2026, 12, 8), kind="dialogue")
    make_published(db, unit, chairman, day=date(2026, 12, 9), register_by=date(2026, 11, 21))
    following = make_published(db, unit, chairman, day=date(2026, 12, 10))
    made = put(db, asked)
    assert made.occurrence_id == following.id != other.id
    assert made.asked_occurrence_id == asked.id
    assert db.query(Letter).one().facts["asked_day"] == "2026-11-26"


def test_late_without_a_next_sitting_is_told_that_coming_is_possible(db: Db, office: tuple[Unit, Post]) -> None:
    asked = make_published(db, *office, day=DAY, register_by=date(2026, 11, 20))
    with pytest.raises(Stale, match="late-no-next") as refusal:
        put(db, asked)
    assert refusal.value.facts["phone"] == "024 3825 0001"
    assert db.query(Registration).count() == 0


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"day": date(2026, 11, 20)}, "sitting-over"),
        ({"day": DAY, "state": "cancelled"}, "sitting-cancelled"),
        ({"day": DAY, "state": "postponed"}, "sitting-postponed"),
        ({"day": DAY, "state": "held"}, "sitting-over"),
    ],
)
def test_what_cannot_be_registered_for(db: Db, office: tuple[Unit, Post], values: dict, key: str) -> None:
    with pytest.raises(Stale, match=key):
        put(db, make_published(db, *office, **values))


def test_a_draft_does_not_exist(db: Db, office: tuple[Unit, Post]) -> None:
    with pytest.raises(NotFound):
        put(db, make_occurrence(db, *office))


def test_the_same_form_twice_is_one_registration(db: Db, sitting: Occurrence) -> None:
    form = Given("Lan", contact="lan@example.vn", words="Một", form="f1")
    first = put(db, sitting, form)
    assert put(db, sitting, form) is first
    with pytest.raises(Stale, match="form-used"):
        put(db, sitting, Given("Lan", contact="lan@example.vn", words="Hai", form="f1"))
    assert db.query(Registration).count() == db.query(Letter).count() == 1
    assert db.query(Queue).one().last_ticket == 1


@pytest.mark.parametrize("where", ["name", "home", "words"])
def test_a_denunciation_is_never_kept(db: Db, sitting: Occurrence, where: str) -> None:
    with pytest.raises(RuleBroken, match="denounces"):
        put(db, sitting, Given(**{"name": "Lan", "contact": "lan@example.vn", where: "Tôi TỐ  CÁO ông Bình"}))
    assert db.query(Registration).count() == db.query(Entry).count() == 0


def test_a_contact_has_three_open_ones_a_month(db: Db, office: tuple[Unit, Post]) -> None:
    sittings = [make_published(db, *office, day=DAY + timedelta(days=7 * n)) for n in range(4)]
    made = [put(db, one) for one in sittings[:3]]
    with pytest.raises(RuleBroken, match="enough-open"):
        put(db, sittings[3])
    withdraw(db, made[0], by=RESIDENT, now=NOW)
    assert put(db, sittings[3]).ticket == 1


def test_seats_of_a_hall_end(db: Db, office: tuple[Unit, Post]) -> None:
    hall = make_published(db, *office, day=DAY, kind="dialogue")
    first = put(db, hall, Given("Lan", contact="lan@example.vn", people=2))
    db.query(Queue).update({"seats": 3})
    assert first.arrive_from is None
    with pytest.raises(Stale, match="no-seats"):
        put(db, hall, Given("Minh", contact="minh@example.vn", people=2))
    withdraw(db, first, by=RESIDENT, now=NOW)
    assert put(db, hall, Given("Minh", contact="minh@example.vn", people=3)).ticket == 2


def test_withdrawing_frees_the_window(db: Db, sitting: Occurrence) -> None:
    made = put(db, sitting)
    withdraw(db, made, by=RESIDENT, now=NOW)
    withdraw(db, made, by=RESIDENT, now=NOW)
    assert (made.state, made.withdrawn_at, made.arrive_from) == ("withdrawn", NOW, None)
    assert {row.taken for row in db.query(ArrivalWindow)} == {0}
    assert db.query(Queue).one().taken == 0
    assert [entry.deed for entry in db.query(Entry)] == ["registration.made", "registration.withdrawn"]


def test_a_resident_changes_what_was_told(db: Db, office: tuple[Unit, Post], sitting: Occurrence) -> None:
    made = put(db, sitting)
    code = told_in(db, made).code
    wish = Wish(contact="lan@example.vn", topic="other", words="Khác", window=sitting.starts_at + timedelta(hours=1))
    change_registration(db, made, wish, version=1, by=RESIDENT, now=NOW)
    told = told_in(db, made)
    assert (told.contact, told.words, told.code, made.topic, made.contact_kind) == (
        "lan@example.vn", "Khác", code, "other", "email",
    )  # fmt: skip
    assert made.arrive_from == wish.window
    assert sum(row.taken for row in db.query(ArrivalWindow)) == 1
    with pytest.raises(Stale):
        change_registration(db, made, Wish(words="Cũ"), version=1, by=RESIDENT, now=NOW)
    later = make_published(db, *office, day=date(2026, 12, 10))
    change_registration(db, made, Wish(sitting=later.slug), version=made.version, by=RESIDENT, now=NOW)
    assert (made.occurrence_id, made.asked_occurrence_id, made.ticket) == (later.id, later.id, 1)
    with pytest.raises(BadInput, match="no-such-sitting"):
        change_registration(db, made, Wish(sitting="khongco"), version=made.version, by=RESIDENT, now=NOW)
    with pytest.raises(RuleBroken, match="denounces"):
        change_registration(db, made, Wish(words="tố cáo"), version=made.version, by=RESIDENT, now=NOW)


def test_an_offer_is_answered_once(db: Db, office: tuple[Unit, Post], sitting: Occurrence) -> None:
    later = make_published(db, *office, day=date(2026, 12, 10))
    taken, left = put(db, sitting), put(db, sitting, Given("Minh", contact="minh@example.vn"))
    for one in (taken, left):
        place_in(db, one, later, now=NOW)
        one.offered_at = NOW
    for _ in range(2):
        accept_offer(db, taken, by=RESIDENT, now=NOW)
        decline_offer(db, left, by=RESIDENT, now=NOW)
    decline_offer(db, taken, by=RESIDENT, now=NOW)
    assert [(one.state, one.offered_at, one.occurrence_id) for one in (taken, left)] == [
        ("booked", None, later.id),
        ("withdrawn", None, later.id),
    ]


def test_staff_enter_for_somebody_without_a_contact(db: Db, office: tuple[Unit, Post], sitting: Occurrence) -> None:
    clerk = make_actor(db, office[0], "officer")
    made = register(db, sitting.slug, Given("Cụ Bình", way="phone"), by=clerk, now=NOW)
    assert (made.contact_kind, made.entered_by_id, made.way) == ("", clerk.account_id, "phone")
    assert db.query(Letter).count() == 0
    with pytest.raises(NotAllowed):
        register(db, sitting.slug, Given("Cụ Bình"), by=make_actor(db, office[0], "leader"), now=NOW)
    with pytest.raises(BadInput, match="no-contact"):
        put(db, sitting, Given("Cụ Bình"))

"""Holders: appointed, followed, reached, imported; their history stays. Every refusal."""

from datetime import date

import pytest

from scheduler.actions.people import (
    PersonFacts,
    appoint,
    edit_person,
    end_holding,
)
from scheduler.actions.units import create_bodies, create_unit
from scheduler.database import Db
from scheduler.errors import BadInput, NotAllowed, NotFound
from scheduler.models import Person, Post, Unit
from scheduler.queries.access import units_below
from scheduler.queries.agenda import holders_on
from scheduler.queries.people import (
    count_holders,
    current_holdings,
    holders_in,
    holding_by_id,
    holdings_of,
    person_by_id,
    posts_of_person,
    posts_without_email,
    posts_without_holder,
    unreached_posts,
)
from scheduler.queries.units import post_by_code, unit_by_code
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW, make_actor, make_occurrence, make_published

TRUSTED = {"by": COMMAND_LINE, "now": NOW}
LAN = PersonFacts("Nguyễn Thử Lan", "lan@example.vn")
MAI = PersonFacts("Trần Thử Mai", "mai@example.vn")


@pytest.fixture
def ward(db: Db) -> Unit:
    ward = create_unit(db, "Phường Hoàn Kiếm", level="commune", kind="place", code="00070", **TRUSTED)
    create_bodies(db, ward, **TRUSTED)
    return ward


@pytest.fixture
def chair(db: Db, ward: Unit) -> Post:
    return post_by_code(db, "00070-ubnd-chu-tich")


@pytest.fixture
def secretary(db: Db, ward: Unit) -> Post:
    return post_by_code(db, "00070-du-bi-thu")


def terms(db: Db, post: Post) -> list[tuple[str, str, str]]:
    return [
        (term.person.name, str(term.valid_from), str(term.valid_to))
        for term in reversed(holdings_of(db, [post.id]).get(post.id, []))
    ]


def test_the_former_holder_leaves_the_day_before(db: Db, chair: Post) -> None:
    appoint(db, chair, LAN, since=date(2025, 7, 1), **TRUSTED)
    appoint(db, chair, MAI, since=date(2026, 3, 1), **TRUSTED)
    assert terms(db, chair) == [
        ("Nguyễn Thử Lan", "2025-07-01", "2026-02-28"),
        ("Trần Thử Mai", "2026-03-01", "None"),
    ]
    for day, name in ((date(2026, 2, 28), LAN.name), (date(2026, 3, 1), MAI.name)):
        assert holders_on(db, [chair.id], day)[chair.id].name == name
    assert current_holdings(db, [chair.id], date(2025, 6, 30)) == {}


def test_one_person_holds_two_posts(db: Db, chair: Post, secretary: Post) -> None:
    first = appoint(db, chair, LAN, since=date(2025, 7, 1), **TRUSTED)
    second = appoint(db, secretary, LAN, since=date(2025, 7, 1), **TRUSTED)
    assert first.person is second.person
    assert len(posts_of_person(db, first.person_id)) == 2


def test_one_name_in_two_posts_of_a_place_is_one_person_while_no_address_says_otherwise(
    db: Db, chair: Post, secretary: Post
) -> None:
    first = appoint(db, secretary, PersonFacts(LAN.name), since=date(2025, 7, 1), **TRUSTED)
    second = appoint(db, chair, LAN, since=date(2025, 7, 1), **TRUSTED)
    assert first.person is second.person
    assert first.person.email == "lan@example.vn"
    elsewhere = create_unit(db, "Phường Khác", level="commune", kind="place", code="00073", **TRUSTED)
    create_bodies(db, elsewhere, **TRUSTED)
    far = post_by_code(db, "00073-du-bi-thu")
    assert appoint(db, far, PersonFacts(LAN.name), since=date(2025, 7, 1), **TRUSTED).person is not first.person


def test_two_of_one_name_are_two_persons_unless_they_share_the_address(db: Db, chair: Post, secretary: Post) -> None:
    first = appoint(db, chair, LAN, since=date(2025, 7, 1), **TRUSTED)
    other = appoint(db, secretary, PersonFacts(LAN.name, "lan2@example.vn"), since=date(2025, 7, 1), **TRUSTED)
    assert first.person is not other.person


def test_appointing_the_same_again_changes_the_end_or_the_address(db: Db, chair: Post) -> None:
    first = appoint(db, chair, PersonFacts(LAN.name), since=date(2025, 7, 1), **TRUSTED)
    again = appoint(db, chair, LAN, since=date(2025, 7, 1), until=date(2026, 6, 30), **TRUSTED)
    assert again is first
    assert (again.valid_to, again.person.email) == (date(2026, 6, 30), "lan@example.vn")


@pytest.mark.parametrize(
    ("facts", "since", "until", "key"),
    [
        (PersonFacts("  "), date(2026, 1, 1), None, "people.name-missing"),
        (PersonFacts("A", "a@"), date(2026, 1, 1), None, "people.bad-address"),
        (PersonFacts("A", "a b@example.vn"), date(2026, 1, 1), None, "people.bad-address"),
        (PersonFacts("A", f"{'a' * 65}@example.vn"), date(2026, 1, 1), None, "people.bad-address"),
        (PersonFacts("A"), date(1945, 1, 1), None, "people.day-out-of-range"),
        (PersonFacts("A"), date(2200, 1, 1), None, "people.day-out-of-range"),
        (PersonFacts("A"), date(2026, 1, 1), date(2200, 1, 1), "people.day-out-of-range"),
        (PersonFacts("A"), date(2026, 1, 2), date(2026, 1, 1), "people.ends-before-it-begins"),
    ],
)
def test_a_holder_that_cannot_be(
    facts: PersonFacts, since: date, until: date | None, key: str, db: Db, chair: Post
) -> None:
    with pytest.raises(BadInput) as refusal:
        appoint(db, chair, facts, since=since, until=until, **TRUSTED)
    assert refusal.value.key == key


def test_nobody_holds_a_post_that_has_ended(db: Db, chair: Post) -> None:
    chair.valid_to = date(2026, 6, 30)
    with pytest.raises(BadInput) as refusal:
        appoint(db, chair, LAN, since=date(2026, 7, 1), **TRUSTED)
    assert refusal.value.key == "people.post-has-ended"


def test_two_never_hold_a_post_at_once(db: Db, chair: Post) -> None:
    appoint(db, chair, LAN, since=date(2026, 3, 1), **TRUSTED)
    for since, until in ((date(2025, 1, 1), None), (date(2026, 3, 1), None), (date(2025, 1, 1), date(2026, 3, 1))):
        rehearsal = db.begin_nested()
        with pytest.raises(BadInput) as refusal:
            appoint(db, chair, MAI, since=since, until=until, **TRUSTED)
        assert refusal.value.key == "people.held-by-another"
        rehearsal.rollback()
    appoint(db, chair, MAI, since=date(2025, 1, 1), until=date(2026, 2, 28), **TRUSTED)
    assert len(terms(db, chair)) == 2


def test_leaving_a_post(db: Db, chair: Post) -> None:
    term = appoint(db, chair, LAN, since=date(2026, 3, 1), **TRUSTED)
    with pytest.raises(BadInput, match=r"people\.ends-before"):
        end_holding(db, term.id, date(2026, 2, 28), **TRUSTED)
    end_holding(db, term.id, date(2026, 3, 1), **TRUSTED)
    assert current_holdings(db, [chair.id], date(2026, 3, 2)) == {}
    for unknown in (0, 99, 2**31 - 1):
        with pytest.raises(NotFound):
            end_holding(db, unknown, date(2026, 3, 1), **TRUSTED)
        with pytest.raises(NotFound):
            holding_by_id(db, unknown)
        with pytest.raises(NotFound):
            person_by_id(db, unknown)


def test_only_who_administers_the_post_may(db: Db, ward: Unit, chair: Post) -> None:
    clerk = make_actor(db, ward, "secretariat")
    stranger = make_actor(
        db, create_unit(db, "Phường Khác", level="commune", kind="place", code="00073", **TRUSTED), "administrator"
    )
    chief = make_actor(db, ward, "administrator")
    term = appoint(db, chair, LAN, since=date(2026, 1, 1), by=chief, now=NOW)
    for actor, refusal in ((clerk, NotAllowed), (stranger, NotFound)):
        with pytest.raises(refusal):
            appoint(db, chair, MAI, since=date(2026, 2, 1), by=actor, now=NOW)
        with pytest.raises(refusal):
            end_holding(db, term.id, date(2026, 2, 1), by=actor, now=NOW)
        with pytest.raises(refusal):
            edit_person(db, term.person, MAI, by=actor, now=NOW)
    nobody = Person(name="A", search="")
    db.add(nobody)
    db.flush()
    with pytest.raises(NotFound):
        edit_person(db, nobody, MAI, by=chief, now=NOW)
    edit_person(db, nobody, MAI, **TRUSTED)
    assert nobody.name == MAI.name


def test_how_a_holder_is_reached(db: Db, chair: Post) -> None:
    person = appoint(db, chair, LAN, since=date(2026, 1, 1), **TRUSTED).person
    edit_person(db, person, PersonFacts("Lan Mới", " LAN.Moi@Example.VN ", "0900", "en"), **TRUSTED)
    assert (person.name, person.email, person.phone, person.language) == (
        "Lan Mới",
        "lan.moi@example.vn",
        "0900",
        "en",
    )
    edit_person(db, person, PersonFacts("Lan Mới"), **TRUSTED)
    assert person.email == ""
    with pytest.raises(BadInput, match=r"accounts\.unknown-language"):
        edit_person(db, person, PersonFacts("Lan", language="fr"), **TRUSTED)


def test_a_post_without_holder_or_address_is_a_finding_where_something_is_planned(
    db: Db, ward: Unit, chair: Post, secretary: Post
) -> None:
    today = NOW.date()
    actor = make_actor(db, ward, "administrator")
    assert unreached_posts(db, actor, today).n == 0
    make_occurrence(db, chair.unit, chair)
    make_published(db, secretary.unit, secretary)
    past = post_by_code(db, "00070-hdnd-chu-tich")
    make_published(db, past.unit, past, day=date(2026, 10, 1))
    assert posts_without_holder(db, None, today) == [chair, secretary] or posts_without_holder(db, None, today) == [
        secretary,
        chair,
    ]
    appoint(db, chair, PersonFacts("A"), since=date(2026, 1, 1), **TRUSTED)
    found = unreached_posts(db, actor, today)
    assert [post.code for post in found.without_holder] == ["00070-du-bi-thu"]
    assert [(post.code, person.name) for post, person in found.without_email] == [("00070-ubnd-chu-tich", "A")]
    assert unreached_posts(db, COMMAND_LINE, today).n == 2
    outside = create_unit(db, "Phường Khác", level="commune", kind="place", code="00073", **TRUSTED)
    assert unreached_posts(db, make_actor(db, outside, "administrator"), today).n == 0
    edit_person(db, found.without_email[0][1], LAN, **TRUSTED)
    assert posts_without_email(db, units_below([ward.id]), today) == []
    assert count_holders(db, units_below([ward.id]), today) == 1
    assert [term.person.name for term in holders_in(db, units_below([ward.id]), today)] == [LAN.name]
    assert holders_in(db, units_below([ward.id]), today, after=1) == []
    assert unit_by_code(db, "00070") is ward

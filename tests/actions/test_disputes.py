"""A resident says that it was not done: it counts as not done until the office has answered; ratings name nobody."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from scheduler.actions.disputes import answer_dispute, dispute_matter
from scheduler.actions.ratings import rate_answer, rate_reception
from scheduler.actions.registrations import RESIDENT
from scheduler.actions.results import mark_done, settle_matter
from scheduler.database import Db
from scheduler.errors import BadInput, NotFound, RuleBroken, Stale, TooMany
from scheduler.models import Dispute, Entry, Letter, Matter, RatedReception, Rating
from scheduler.queries.access import units_below
from scheduler.queries.matter_lists import ratings_told
from scheduler.queries.matters import results_of
from tests.actions.matter_office import AT, Office, state
from tests.build import make_actor, make_unit

LATER = AT + timedelta(days=4)
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(db: Db) -> Office:
    return Office(db)


@pytest.fixture
def done(office: Office) -> Matter:
    matter = office.answered()
    mark_done(office.db, matter.id, office.step(matter, days=2))
    return settle_matter(office.db, matter.id, office.step(matter, days=3))


def said(office: Office, matter: Matter, words: str = "Cống chưa nạo vét", *, days: int = 4) -> Dispute:
    return dispute_matter(office.db, matter, words, by=RESIDENT, now=AT + timedelta(days=days))


@one_database
def test_a_dispute_outranks_what_the_office_says(office: Office, done: Matter) -> None:
    assert state(done) == "settled"
    said(office, done)
    assert state(done) == "disputed"


def test_who_was_right_decides_what_still_counts(office: Office, done: Matter) -> None:
    first = said(office, done)
    answer_dispute(office.db, first.id, "Đã làm ngày 21/11, có biên bản.", upheld=False, by=office.clerk, now=LATER)
    assert state(done) == "settled"
    second = said(office, done, "Chỉ làm một nửa", days=5)
    answer_dispute(
        office.db, second.id, "Đúng, sẽ làm nốt.", upheld=True, by=office.clerk, now=LATER + timedelta(days=2)
    )
    assert (state(done), done.done_on, done.settled_on) == ("answered", None, None)
    steps = [letter.facts["step"] for letter in office.db.scalars(select(Letter).order_by(Letter.id))]
    assert steps[-2:] == ["result-dispute", "result-dispute"]
    mark_done(office.db, done.id, office.step(done, days=8))
    assert state(done) == "done"


@one_database
def test_the_same_words_twice_are_one_dispute(office: Office, done: Matter) -> None:
    assert said(office, done, "Chưa làm\r\n").id == said(office, done, "Chưa làm", days=5).id
    assert office.db.query(Dispute).count() == 1


@one_database
def test_another_waits_for_the_answer_to_the_first(office: Office, done: Matter) -> None:
    said(office, done)
    with pytest.raises(RuleBroken, match=r"matters\.not-disputable"):
        said(office, done, "Vẫn chưa")


@one_database
def test_three_in_a_month_are_enough(office: Office, done: Matter) -> None:
    for n in range(3):
        one = said(office, done, f"Chưa làm {n}", days=4 + n)
        answer_dispute(office.db, one.id, "Đã làm", upheld=False, by=office.clerk, now=AT + timedelta(days=4 + n))
    with pytest.raises(TooMany) as told:
        said(office, done, "Chưa làm nữa", days=8)
    assert told.value.facts["retry_after"] == timedelta(days=26).total_seconds() + 1
    assert said(office, done, "Chưa làm nữa", days=35).answered_at is None


@one_database
@pytest.mark.parametrize("words", ["", " \n", "\u200b"])
def test_a_dispute_has_words(office: Office, done: Matter, words: str) -> None:
    with pytest.raises(BadInput, match=r"matters\.words-missing"):
        said(office, done, words)


@one_database
@pytest.mark.parametrize("words", ["Tôi tố cáo ông A nhận tiền", "toi to cao ong A"])
def test_a_denunciation_is_not_kept(office: Office, done: Matter, words: str) -> None:
    with pytest.raises(RuleBroken, match=r"matters\.denounces"):
        said(office, done, words)
    assert office.db.query(Dispute).count() == 0


@one_database
def test_nothing_promised_is_nothing_to_dispute_until_its_day_is_past(office: Office) -> None:
    matter = office.noted()
    with pytest.raises(RuleBroken, match=r"matters\.not-disputable"):
        said(office, matter)
    assert said(office, matter, days=15).answered_at is None


@one_database
def test_an_answer_says_who_was_right_and_comes_once(office: Office, done: Matter) -> None:
    dispute, db, clerk = said(office, done), office.db, office.clerk
    with pytest.raises(BadInput, match=r"matters\.upheld-missing"):
        answer_dispute(db, dispute.id, "Đã làm", upheld=None, by=clerk, now=LATER)
    with pytest.raises(BadInput, match=r"matters\.answer-missing"):
        answer_dispute(db, dispute.id, " ", upheld=True, by=clerk, now=LATER)
    for _ in range(2):
        answer_dispute(db, dispute.id, "Đã làm", upheld=False, by=clerk, now=LATER)
    with pytest.raises(Stale):
        answer_dispute(db, dispute.id, "Chưa làm", upheld=True, by=clerk, now=LATER)
    with pytest.raises(NotFound):
        answer_dispute(db, dispute.id, "x", upheld=True, by=make_actor(db, make_unit(db)), now=LATER)
    deeds = list(db.scalars(select(Entry.deed).where(Entry.deed.like("matter.dispute%"))))
    assert deeds == ["matter.disputed", "matter.dispute-answered"]


@one_database
def test_a_rating_says_nothing_of_who_gave_it(office: Office, done: Matter) -> None:
    before = office.db.query(Entry).count()
    version = (done.version, office.visit.version)
    assert rate_reception(office.db, office.visit, 3, now=LATER)
    assert rate_answer(office.db, done, 1, now=LATER)
    office.db.expire_all()
    kept = {row.about: row for row in office.db.scalars(select(Rating))}
    assert {about: (row.score, row.day) for about, row in kept.items()} == {
        "reception": (3, date(2026, 11, 24)),
        "answer": (1, date(2026, 11, 24)),
    }
    columns = {column.name for column in Rating.__table__.columns}
    assert columns == {"name", "unit_id", "occurrence_id", "about", "score", "day"}
    assert set(RatedReception.__table__.columns.keys()) == {"registration_id"}
    assert (done.version, office.visit.version) == version
    assert office.db.query(Entry).count() == before


def test_a_rating_counts_once(office: Office, done: Matter) -> None:
    for score in (3, 1):
        rate_reception(office.db, office.visit, score, now=LATER)
        rate_answer(office.db, done, score, now=LATER)
    assert sorted(office.db.scalars(select(Rating.score))) == [3, 3]
    office.db.expire_all()
    told = results_of(office.db, office.visit)
    assert (told.may_rate_reception, told.matters[0].may_rate) == (False, False)


@one_database
def test_only_what_was_had_is_rated(office: Office) -> None:
    with pytest.raises(RuleBroken, match=r"matters\.not-received"):
        rate_reception(office.db, office.received(state="absent"), 3, now=LATER)
    with pytest.raises(RuleBroken, match=r"matters\.not-answered"):
        rate_answer(office.db, office.noted(), 3, now=LATER)
    for score in (None, 0, 4, 2**40):
        with pytest.raises(BadInput, match=r"matters\.score-missing"):
            rate_reception(office.db, office.visit, score, now=LATER)
    assert office.db.query(RatedReception).count() == 0


@one_database
def test_fewer_than_five_are_told_as_nothing(office: Office) -> None:
    def told() -> dict[str, dict[int, int | None]]:
        return ratings_told(office.db, units_below([office.unit.id]), since=date(2026, 1, 1))

    visits = [office.received() for _ in range(7)]
    for visit in visits[:4]:
        rate_reception(office.db, visit, 3, now=LATER)
    assert told() == {}
    rate_reception(office.db, visits[4], 3, now=LATER)
    rate_reception(office.db, visits[5], 1, now=LATER)
    assert told() == {"reception": {3: 5, 2: None, 1: None}}
    assert ratings_told(office.db, units_below([office.department.id]), since=date(2026, 1, 1)) == {}

"""What became of a visit, on its resident's own page: without jargon, in both languages, safe to press twice."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from scheduler.actions.disputes import answer_dispute
from scheduler.actions.matter_steps import Step
from scheduler.actions.matters import DirectionGiven, direct_matter
from scheduler.actions.results import answer_matter, mark_done
from scheduler.database import Database
from scheduler.links import sign
from scheduler.models import Dispute, Entry, Matter, RatedReception, Rating, Registration
from scheduler.settings import Settings
from tests.actions.matter_office import ANSWER, AT, Office
from tests.visitors import Clock, Visitor
from tests.web.checks import check_page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
JARGON = ("thụ lý", "chuyển đơn", "không thuộc thẩm quyền", "đã được xử lý")


@dataclass
class Home:
    """A resident at home with the link of the letter; `matter` is what the office noted."""

    visitor: Visitor
    page: str
    matter: int
    database: Database
    office: Office

    def text(self, language: str = "") -> str:
        answer = self.visitor.get(f"{language}{self.page}")
        assert answer.status_code == 200
        check_page(answer.text, "en" if language else "vi")
        return answer.text

    def step(self, matter: Matter) -> Step:
        return Step(matter.version, self.office.clerk, AT + timedelta(days=1))


@pytest.fixture
def home(client: Visitor, database: Database, settings: Settings, clock: Clock) -> Home:
    clock.now = AT + timedelta(days=3)
    with database.transaction() as db:
        office = Office(db)
        matter, slug = office.accepted(), office.visit.slug
    return Home(
        client, f"/registrations/{slug}/{sign(settings.secret, 'registration', slug)}", matter.id, database, office
    )


def test_a_resident_reads_who_settles_it_whom_to_call_and_until_when(home: Home) -> None:
    page = home.text()
    for words in (
        "UBND phường Hoàn Kiếm đã tiếp nhận nội dung của Ông/Bà, thứ Năm, ngày 19/11/2026.",
        "Phòng Kinh tế nhận giải quyết.",
        "Ông/Bà được trả lời chậm nhất thứ Sáu, ngày 04/12/2026.",
        "10 ngày làm việc từ 19/11/2026",
        "024 3825 0009",
    ):
        assert words in page
    assert not [word for word in JARGON if word in page.lower()]
    assert "You will be answered by Friday, 4 December 2026." in home.text("/en")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (DirectionGiven("guided", other_office="Sở Xây dựng"), "Việc này do Sở Xây dựng giải quyết."),
        (
            DirectionGiven(
                "transferred", other_office="Sở Xây dựng", document_number="7/PC", document_day=date(2026, 11, 20)
            ),
            "Đã chuyển đến nơi có thẩm quyền: Sở Xây dựng.",
        ),
        (
            DirectionGiven("refused", refusal_ground="settled-rightly"),
            "không nhận giải quyết việc này. Lý do: Việc đã giải quyết đúng",
        ),
    ],
)
def test_each_direction_is_told_in_plain_words(home: Home, given: DirectionGiven, words: str) -> None:
    with home.database.transaction() as db:
        matter = db.get_one(Matter, home.matter)
        direct_matter(db, home.matter, given, home.step(matter))
    page = home.text()
    assert words in page
    assert "được trả lời chậm nhất" not in page
    assert not [word for word in JARGON if word in page.lower()]
    home.text("/en")


def test_a_late_answer_is_said_to_be_late(home: Home, clock: Clock) -> None:
    clock.wait(days=20)
    assert "Đã quá ngày phải trả lời (thứ Sáu, ngày 04/12/2026)." in home.text()


def test_before_a_matter_is_noted_the_day_of_the_answer_is_told(home: Home, settings: Settings) -> None:
    with home.database.transaction() as db:
        office = home.office
        office.db = db
        office.sitting, office.unit = db.get_one(type(office.sitting), office.sitting.id), office.unit
        received, booked = office.received().slug, office.received(state="booked", began_at=None).slug
    for slug, told in ((received, True), (booked, False)):
        home.page = f"/registrations/{slug}/{sign(settings.secret, 'registration', slug)}"
        assert ("được trả lời chậm nhất thứ Sáu, ngày 04/12/2026" in home.text()) == told


def answered(home: Home, *, done: bool = True) -> None:
    with home.database.transaction() as db:
        matter = db.get_one(Matter, home.matter)
        answer_matter(db, home.matter, ANSWER + "\n<i>x</i>", home.step(matter))
        if done:
            mark_done(db, home.matter, home.step(matter))


def test_answered_and_carried_out_are_told_apart(home: Home) -> None:
    answered(home, done=False)
    page = home.text()
    assert ANSWER in page
    assert "&lt;i&gt;x&lt;/i&gt;" in page
    assert "Đã trả lời. Chưa ghi nhận thực hiện xong." in page
    with home.database.transaction() as db:
        mark_done(db, home.matter, home.step(db.get_one(Matter, home.matter)))
    assert "Đã thực hiện xong thứ Bảy, ngày 21/11/2026." in home.text()


def test_it_was_not_done_and_the_answer_stands_on_the_page(home: Home, clock: Clock) -> None:
    answered(home)
    form = f"{home.page}/matters/1/not-done"
    assert form in home.text()
    check_page(home.visitor.get(form).text)
    check_page(home.visitor.get(f"/en{form}").text, "en")
    sent = [home.visitor.submit(form, {"words": "Cống vẫn tắc\r\n<b>x</b>"}) for _ in range(1)]
    token = {"words": "Cống vẫn tắc\r\n<b>x</b>"}
    again = home.visitor.submit(home.page, token, to=form)
    assert [answer.status_code for answer in (*sent, again)] == [303, 303]
    assert sent[0].location == f"{home.page}?done=not-done#results"
    page = home.text()
    assert "Cống vẫn tắc" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "UBND phường Hoàn Kiếm đang kiểm tra và sẽ trả lời Ông/Bà." in page
    assert "Đã thực hiện xong" not in page
    with home.database.transaction() as db:
        dispute = db.query(Dispute).one()
        answer_dispute(db, dispute.id, "Mai làm nốt.", upheld=True, by=home.office.clerk, now=clock.now)
    assert "Mai làm nốt." in home.text()


@pytest.mark.parametrize(
    ("words", "said"),
    [("", "Chưa ghi việc gì chưa được thực hiện."), ("Tôi tố cáo ông A", "Không viết nội dung tố cáo vào đây")],
)
def test_what_is_refused_is_said_and_kept_nowhere(home: Home, words: str, said: str) -> None:
    answered(home)
    answer = home.visitor.submit(f"{home.page}/matters/1/not-done", {"words": words})
    assert answer.status_code == 422
    check_page(answer.text)
    assert said in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    with home.database.open() as db:
        assert db.query(Dispute).count() == 0


def test_a_rating_is_one_press_and_counts_once(home: Home) -> None:
    answered(home)
    for what, score in (("", "3"), ("", "1"), ("/matters/1", "2"), ("/matters/1", "2")):
        form = f"{home.page}/matters/1/not-done"  # it has a token still when all is rated
        answer = home.visitor.submit(form, {"score": score}, to=f"{home.page}{what}/rating")
        assert (answer.status_code, answer.location) == (303, f"{home.page}?done=rated#results")
    with home.database.open() as db:
        assert sorted((row.about, row.score) for row in db.query(Rating)) == [("answer", 2), ("reception", 3)]
        assert db.query(RatedReception).count() == 1
        assert db.query(Entry).filter(Entry.deed.like("%rat%")).count() == 0
    page = home.text()
    assert "/rating" not in page
    assert "Đã ghi nhận. Cảm ơn Ông/Bà." in home.visitor.get(f"{home.page}?done=rated").text


@pytest.mark.parametrize("score", ["", "4", "0", "x", "²"])
def test_a_rating_that_is_none_is_refused(home: Home, score: str) -> None:
    assert home.visitor.submit(home.page, {"score": score}, to=f"{home.page}/rating").status_code == 422
    with home.database.open() as db:
        assert db.query(Rating).count() == 0


def test_only_the_link_of_the_letter_opens_it(home: Home) -> None:
    stem = home.page.rpartition("/")[0]
    for page in (f"{stem}/xxxx", f"{stem}/{'x' * 32}", "/registrations/khongco/xxxx"):
        assert home.visitor.get(f"{page}/matters/1/not-done").status_code == 404
        assert home.visitor.submit(home.page, {"score": "3"}, to=f"{page}/rating").status_code == 404
    assert home.visitor.get(f"{home.page}/matters/2/not-done").status_code == 404
    assert home.visitor.get(f"{home.page}/matters/{2**70}/not-done").status_code == 404


def test_after_erasing_nothing_more_is_said_or_asked(home: Home) -> None:
    answered(home)
    with home.database.transaction() as db:
        db.query(Registration).one().erased_at = AT
    page = home.text()
    assert not re.search(r"/not-done|/rating", page)

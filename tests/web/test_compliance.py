"""The compliance board: a line a place, cells that add up, what is missing behind them, as at any day."""

from datetime import UTC, date, datetime

import pytest

from scheduler.actions.records import Sheet, TurnGiven, record_sitting
from scheduler.actions.sent_reports import note_sent_report
from scheduler.clock import at_local
from scheduler.database import Database, Db
from scheduler.errors import BadInput
from scheduler.models import Conclusion, Notice, Occurrence, Post, SentReport, Unit
from scheduler.queries.compliance import Asked, Line, compliance
from scheduler.rules.counting import Counts
from scheduler.rules.permissions import COMMAND_LINE
from scheduler.rules.report_periods import period_of, periods_ended, quarter_of
from tests.build import NOW, make_account, make_office, make_published, make_unit
from tests.visitors import SignIn
from tests.web.conftest import Statements

YEAR = date(2026, 1, 1)
SOME = Counts(visits=1, persons=1)


@pytest.fixture
def ward(database: Database) -> tuple[Unit, Post]:
    """Two wards of one city; the first received twice in October, once announced late, and held a dialogue."""
    with database.transaction() as db:
        office, chairman = make_office(db)
        place = db.get_one(Unit, office.parent_id)
        make_unit(db, "00071", name="Phường Cửa Nam", kind="place", parent=db.get_one(Unit, place.parent_id))
        hung = {day: _notice(db, office, day) for day in (date(2026, 9, 1), date(2026, 10, 20))}
        first = make_published(db, office, chairman, day=date(2026, 10, 8), notice_id=hung[date(2026, 9, 1)])
        late = make_published(db, office, chairman, day=date(2026, 10, 22), notice_id=hung[date(2026, 10, 20)])
        talk = make_published(db, office, day=date(2026, 10, 15), kind="dialogue", hours=["08:00-11:00"])
        for one, turns in ((first, (_head(chairman),)), (late, ()), (talk, ())):
            _held(db, one, turns)
        db.add(
            Conclusion(occurrence_id=first.id, number="1/TB", signed_on=date(2026, 10, 12), signer="x", recorded_at=NOW)
        )
        return place, chairman


def _notice(db: Db, office: Unit, day: date) -> int:
    moment = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    notice = Notice(unit_id=office.id, published_at=moment, posted_at=moment)
    db.add(notice)
    db.flush()
    return notice.id


def _head(post: Post) -> TurnGiven:
    return TurnGiven(post.id, "07:30", "11:00")


def _held(db: Db, one: Occurrence, turns: tuple[TurnGiven, ...]) -> None:
    if turns:
        assert one.day is not None
        sheet = Sheet(turns, SOME)
        record_sitting(db, one.slug, one.version, sheet, by=COMMAND_LINE, now=at_local(one.day, "18:00"))
    else:
        one.state = "held"
    db.flush()


def asked(as_at: date, **more: object) -> Asked:
    return Asked(YEAR, as_at, "commune_chairman", **more)  # type: ignore[arg-type]


def line_of(lines: list[Line], code: str = "00070") -> Line:
    return next(line for line in lines if line.place.code == code)


def test_the_periods_run_from_the_fifteenth_to_the_fourteenth() -> None:
    assert (quarter_of(2026, 1).first, quarter_of(2026, 1).last) == (date(2025, 12, 15), date(2026, 3, 14))
    assert (quarter_of(2026, 4).first, quarter_of(2026, 4).last) == (date(2026, 9, 15), date(2026, 12, 14))
    assert [one.key for one in periods_ended(YEAR, date(2026, 9, 14))] == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert period_of("2026-Q2") == quarter_of(2026, 2)
    for wrong in ("2026-Q5", "2026", "1999-Q1", "2026-q1"):
        with pytest.raises(BadInput):
            period_of(wrong)


def test_a_line_counts_what_the_law_asks(db: Db, database: Database, ward: tuple[Unit, Post]) -> None:
    cells = line_of(compliance(db, asked(date(2026, 11, 22)))).cells
    assert (cells["published"].done, cells["published"].asked) == (1, 2)
    assert [gap.first for gap in cells["published"].missing] == [date(2026, 10, 22)]
    assert (cells["dialogue"].done, cells["dialogue"].asked) == (1, 1)
    assert (cells["concluded"].done, cells["concluded"].asked) == (1, 3)
    assert {gap.first for gap in cells["concluded"].missing} == {date(2026, 10, 15), date(2026, 10, 22)}
    assert (cells["reported"].done, cells["reported"].asked) == (0, 3)
    for cell in cells.values():
        assert cell.asked == cell.done + sum(gap.n for gap in cell.missing) + (cell.asked - cell.done) * (
            not cell.missing
        )


def test_only_what_was_so_on_the_day_counts(db: Db, ward: tuple[Unit, Post]) -> None:
    before = line_of(compliance(db, asked(date(2026, 10, 10)))).cells
    assert (before["concluded"].asked, before["concluded"].to_come) == (0, 1)
    assert (before["dialogue"].done, before["dialogue"].to_come) == (0, 1)
    nothing = line_of(compliance(db, asked(date(2026, 11, 22))), "00071")
    assert nothing.cells["held"].asked == 0  # a place without any post has nobody whom the law could ask
    assert nothing.gaps == 1  # the reports are asked of every place


def test_a_report_is_noted_once(db: Db, ward: tuple[Unit, Post]) -> None:
    for number in ("5/BC", "5/BC", "6/BC"):
        note_sent_report(db, "00070", "2026-Q3", sent_on=date(2026, 9, 16), number=number, by=COMMAND_LINE, now=NOW)
    sent = db.query(SentReport).one()
    assert (sent.period, sent.number) == ("2026-Q3", "6/BC")
    for wrong in (date(2026, 6, 1), date(2026, 12, 1)):
        with pytest.raises(BadInput):
            note_sent_report(db, "00070", "2026-Q3", sent_on=wrong, by=COMMAND_LINE, now=NOW)
    cell = line_of(compliance(db, asked(date(2026, 11, 22)))).cells["reported"]
    assert (cell.done, cell.asked) == (1, 3)
    assert line_of(compliance(db, asked(date(2026, 9, 15)))).cells["reported"].done == 0


def test_the_page_opens_every_cell(
    ward: tuple[Unit, Post], database: Database, sign_in: SignIn, statements: Statements
) -> None:
    with database.transaction() as db:
        city = db.get_one(Unit, ward[0].parent_id)
        account = make_account(db, city)
        for number in range(40):
            make_unit(db, f"9{number:04}", name=f"Xã {number}", kind="place", parent=city)
    clerk = sign_in(account)
    with statements() as sent:
        page = clerk.get("/desk/reports/compliance")
    assert page.status_code == 200
    assert "42 đơn vị" in page.text
    assert len(sent) <= 20
    for prefix in ("", "/en"):
        for column in ("published", "held", "dialogue", "concluded", "reported"):
            cell = clerk.get(f"{prefix}/desk/reports/compliance/00070/{column}")
            assert cell.status_code == 200
    assert "22/10/2026" in clerk.get("/desk/reports/compliance/00070/concluded").text
    here = "/desk/reports/compliance/00070/reported"
    told = clerk.submit(here, {"period": "2026-Q3", "sent_on": "2026-09-16", "number": "5/BC"}, to=here)
    assert told.status_code == 303
    assert clerk.get(here).text.count("Ghi đã gửi") == 2
    wrong = clerk.submit(here, {"period": "2026-Q2", "sent_on": "2027-01-01"}, to=here)
    assert wrong.status_code == 422
    assert clerk.get("/desk/reports/compliance?to=2026-10-10&sort=gaps").status_code == 200
    assert clerk.get("/desk/reports/compliance?duty=nobody").status_code == 404
    for shape in ("csv", "xlsx", "json"):
        assert clerk.get(f"/desk/reports/compliance.{shape}").status_code == 200


def test_who_stands_elsewhere_sees_no_line(ward: tuple[Unit, Post], database: Database, sign_in: SignIn) -> None:
    with database.transaction() as db:
        stranger = make_account(db, make_unit(db, "00099", name="Phường khác", kind="place"))
        supervisor = make_account(db, ward[0], "supervisor")
    beside, reader = sign_in(stranger), sign_in(supervisor)
    assert "Hoàn Kiếm" not in beside.get("/desk/reports/compliance").text
    assert beside.get("/desk/reports/compliance/00070/held").status_code == 404
    here = "/desk/reports/compliance/00070/reported"
    assert reader.get(here).status_code == 200
    assert "Ghi đã gửi" not in reader.get(here).text

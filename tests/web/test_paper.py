"""The page of the paper kit and the register's page: what an office sees, takes along, types in and gets told."""

import io
import re
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from scheduler.actions.paper_kit import keep_numbers
from scheduler.clock import at_local
from scheduler.database import Database
from scheduler.models import Account, Entry, Occurrence, Record, Registration
from scheduler.queries.agenda import occurrences_by_id
from tests.build import NOW, make_account, make_office, make_published, make_registration, make_unit
from tests.visitors import Clock, SignIn, Visitor
from tests.web.checks import check_page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
THURSDAY = date(2026, 11, 26)
NAME = "Trần Thị Bí Mật"


@pytest.fixture
def sitting(database: Database) -> Occurrence:
    """A reception on Thursday for which one person registered."""
    with database.transaction() as db:
        office, chairman = make_office(db)
        made = make_published(db, office, chairman, day=THURSDAY)
        make_registration(db, made, name=NAME)
        return occurrences_by_id(db, [made.id])[0]


def reader(database: Database, sign_in: SignIn, sitting: Occurrence, role: str = "secretariat") -> Visitor:
    with database.transaction() as db:
        account: Account = make_account(db, sitting.unit, role)
    return sign_in(account)


def keep(database: Database, sitting: Occurrence) -> None:
    """Numbers 2 to 21 are kept for paper."""
    with database.transaction() as db:
        keep_numbers(db, db.get_one(Occurrence, sitting.id))


def token_of(page: str) -> str:
    """The word of the form itself."""
    found = re.search(r'name="form"[^>]*value="([0-9a-f]{32})"', page)
    assert found
    return found.group(1)


def row(place: int, /, **values: str) -> dict[str, str]:
    names = ("number", "name", "contact", "topic", "words", "people", "starts", "ends")
    return {f"rows-{place}-{name}": values.get(name, "") for name in names}


def test_the_kit_is_taken_fresh_and_leaves_a_line_without_names(
    sitting: Occurrence, database: Database, sign_in: SignIn
) -> None:
    visitor, path = reader(database, sign_in, sitting, "officer"), f"/desk/counter/{sitting.slug}/paper"
    first = visitor.get(path)
    check_page(first.text)
    assert "Chưa giữ số nào cho giấy" in first.text
    assert "Sẽ gửi đến văn phòng lúc 16 giờ ngày 25/11/2026." in first.text
    kit = visitor.submit(path, to=f"{path}/kit")
    assert (kit.status_code, kit.content_type, kit.headers["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert 'filename="ho-so-giay-2026-11-26.pdf"' in kit.headers["Content-Disposition"]
    assert NAME in " ".join(page.extract_text() for page in PdfReader(io.BytesIO(kit.data)).pages)
    assert "từ 2 đến 21" in visitor.get(path).text
    with database.open() as db:
        entries = {entry.deed: str(entry.facts) for entry in db.query(Entry) if entry.deed.startswith(("pap", "cou"))}
    assert set(entries) == {"counter.opened", "paper.kit-taken"}
    assert NAME not in str(entries)


@pytest.mark.parametrize("language", ["", "/en"])
def test_a_fault_keeps_all_that_was_typed(
    sitting: Occurrence, database: Database, sign_in: SignIn, clock: Clock, language: str
) -> None:
    keep(database, sitting)
    clock.now = at_local(THURSDAY, "12:00")
    visitor, path = reader(database, sign_in, sitting), f"{language}/desk/counter/{sitting.slug}/paper"
    page = visitor.get(path)
    with database.open() as db:
        slug = db.query(Registration).one().slug
    typed = {
        "form": token_of(page.text),
        **row(0, number="2", name="Lê Gõ Vào", words="<b>Việc</b>", topic="land", starts="8:00", ends="7:00"),
        **row(1, number="99", name="Ngô Hai", starts="8:00", ends="8:10"),
        "came-0-slug": slug, "came-0-came": "y", "came-0-starts": "tám", "came-0-ends": "8:20",
    }  # fmt: skip
    answer = visitor.submit(path, typed)
    assert answer.status_code == 422
    check_page(answer.text, "en" if language else "vi")
    for kept in ("Lê Gõ Vào", "&lt;b&gt;Việc&lt;/b&gt;", 'value="99"', 'value="tám"', 'value="8:20"', "checked"):
        assert kept in answer.text, kept
    assert re.search(r'<option value="land" selected', answer.text)
    told = re.sub(r"<[^>]+>", " ", answer.text)
    assert ("from 2" if language else "từ 2 đến 21") in told or "2 to 21" in told
    with database.open() as db:
        assert db.query(Registration).filter_by(way="paper").count() == 0


def test_what_was_written_by_hand_is_entered_once(
    sitting: Occurrence, database: Database, sign_in: SignIn, clock: Clock
) -> None:
    keep(database, sitting)
    path = f"/desk/counter/{sitting.slug}/paper"
    assert "Nhập lại được từ ngày 26/11/2026" in reader(database, sign_in, sitting).get(path).text
    clock.now = at_local(THURSDAY + timedelta(days=1), "09:00")
    visitor = reader(database, sign_in, sitting)
    page = visitor.get(path)
    with database.open() as db:
        slug = db.query(Registration).one().slug
    typed = {
        "form": token_of(page.text),
        **row(0, number="2", name="Lê Gõ Vào", starts="8:00", ends="8:10"),
        **row(1, number="3"),
        **row(2, name="Người Thứ Hai Mốt", starts="9:00", ends="9:10"),
        "came-0-slug": slug, "came-0-starts": "7:30", "came-0-ends": "8:00",
    }  # fmt: skip
    for _ in range(2):
        assert visitor.submit(path, typed).status_code == 303
    after = visitor.get(path).text
    check_page(after)
    assert "Không có gì mới" in after
    assert "Số 2, 08:00 đến 08:10" in after
    with database.open() as db:
        found = {(one.ticket, one.state) for one in db.query(Registration)}
    assert found == {(1, "received"), (2, "received"), (22, "received")}


def test_a_row_is_corrected_on_the_same_page(
    sitting: Occurrence, database: Database, sign_in: SignIn, clock: Clock
) -> None:
    keep(database, sitting)
    clock.now = at_local(THURSDAY + timedelta(days=1), "09:00")
    visitor, path = reader(database, sign_in, sitting), f"/desk/counter/{sitting.slug}/paper"
    visitor.submit(path, {"form": "a1", **row(0, number="2", name="Lê Gõ Sai", starts="8:00", ends="8:10")})
    page = visitor.get(f"{path}?number=2")
    check_page(page.text)
    assert 'value="Lê Gõ Sai"' in page.text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page.text)
    assert version
    typed = {"number": "2", "version": version.group(1)}
    wrong = visitor.submit(path, typed | row(0, number="2", name="Lê Gõ Đúng", starts="8:00", ends="7:00"),
                           to=f"{path}/correct")  # fmt: skip
    assert wrong.status_code == 422
    check_page(wrong.text)
    assert 'value="Lê Gõ Đúng"' in wrong.text
    right = typed | row(0, number="2", name="Lê Gõ Đúng", starts="8:00", ends="8:20")
    assert visitor.submit(path, right, to=f"{path}/correct").status_code == 303
    assert "Số 2, 08:00 đến 08:20: Lê Gõ Đúng" in re.sub(r"\s+", " ", visitor.get(path).text)
    assert visitor.submit(path, right, to=f"{path}/correct").status_code == 409
    assert visitor.get(f"{path}?number=1").status_code == 404
    assert visitor.get(f"{path}?number=abc").status_code == 200


def test_a_record_that_counts_otherwise_is_told(sitting: Occurrence, database: Database, sign_in: SignIn) -> None:
    with database.transaction() as db:
        db.query(Registration).one().state = "received"
        db.get_one(Occurrence, sitting.id).state = "held"
        kept = Record(occurrence_id=sitting.id, visits=3, persons=4, recorded_at=NOW)
        db.add(kept)
    visitor, path = reader(database, sign_in, sitting), f"/desk/counter/{sitting.slug}/paper"
    assert "đang ghi 3 lượt, 4 người; danh sách có 1 lượt, 1 người" in visitor.get(path).text
    with database.transaction() as db:
        kept = db.query(Record).one()
        kept.visits = kept.persons = 1
    assert f"/desk/records/{sitting.slug}" not in visitor.get(path).text


def test_a_closed_or_cancelled_sitting_has_nothing_to_enter(
    sitting: Occurrence, database: Database, sign_in: SignIn
) -> None:
    with database.transaction() as db:
        db.get_one(Occurrence, sitting.id).state = "cancelled"
    visitor, path = reader(database, sign_in, sitting), f"/desk/counter/{sitting.slug}/paper"
    page = visitor.get(path)
    check_page(page.text)
    assert "rows-0-name" not in page.text
    assert "/paper/kit" not in page.text


def test_the_register_on_its_page(sitting: Occurrence, database: Database, sign_in: SignIn) -> None:
    with database.transaction() as db:
        held = make_published(db, sitting.unit, sitting.hosts[0].post, day=date(2026, 6, 25), state="held")
        make_registration(db, held, name="Lê Tháng Sáu", state="received", words="=1+1")
    visitor = reader(database, sign_in, sitting)
    for language, word in (("", "Thông tư 04/2021"), ("/en", "Circular 04/2021")):
        page = visitor.get(f"{language}/desk/register-book?from=2026-06-01&to=2026-07-31")
        assert page.status_code == 200
        check_page(page.text, "en" if language else "vi")
        assert word in page.text
        assert "Lê Tháng Sáu" in page.text
        assert NAME not in page.text  # she was not received yet
    assert page.headers["Cache-Control"] == "no-store"
    with database.open() as db:
        assert [entry.deed for entry in db.query(Entry) if "book" in entry.deed] == ["register-book.opened"]


@pytest.mark.parametrize(("shape", "starts"), [("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_the_register_is_taken_out_with_its_reason_alone(
    sitting: Occurrence, database: Database, sign_in: SignIn, shape: str, starts: bytes
) -> None:
    with database.transaction() as db:
        kept = db.query(Registration).one()
        kept.state = "received"
    visitor, path = reader(database, sign_in, sitting), "/desk/register-book"
    asked = {"unit": sitting.unit.code, "first": "2026-11-01", "last": "2026-11-30", shape: "y"}
    for reason in ("", "   ", "x" * 201):
        refused = visitor.submit(f"{path}?from=2026-11-01&to=2026-11-30", asked | {"reason": reason}, to=path)
        assert refused.status_code == 422
        check_page(refused.text)
        assert 'value="2026-11-01"' in refused.text
    given = visitor.submit(f"{path}?from=2026-11-01&to=2026-11-30", asked | {"reason": "Thanh tra"}, to=path)
    assert (given.status_code, given.data[: len(starts)]) == (200, starts)
    assert f"so-tiep-cong-dan-00070-ubnd-2026-11-01-2026-11-30.{shape}" in given.headers["Content-Disposition"]
    with database.open() as db:
        lines = [entry for entry in db.query(Entry) if entry.deed == "register-book.taken"]
    assert [line.facts | {"shape": ""} for line in lines] == [
        {"shape": "", "reason": "Thanh tra", "first": "2026-11-01", "last": "2026-11-30", "n": 1}
    ]
    assert NAME not in str([line.facts for line in lines])


def test_nobody_reads_another_units_register(sitting: Occurrence, database: Database, sign_in: SignIn) -> None:
    with database.transaction() as db:
        beside = make_unit(db, "00071-ubnd", name="UBND phường Cửa Nam", parent=sitting.unit.parent)
        clerks = {role: make_account(db, beside, role) for role in ("secretariat", "approver")}
    code, path = sitting.unit.code, "/desk/register-book"
    stranger = sign_in(clerks["secretariat"])
    assert stranger.get(f"{path}?unit={code}").status_code == 404
    asked = {"unit": code, "first": "2026-11-01", "last": "2026-11-30", "reason": "x", "pdf": "y"}
    assert stranger.submit(f"{path}?unit=00071-ubnd", asked, to=path).status_code == 404
    assert stranger.get(f"{path}?from=2026-02-31").status_code in (400, 422)
    assert stranger.get(f"{path}?from=2026-12-31&to=2026-01-01").status_code in (400, 422)
    assert sign_in(clerks["approver"]).get(path).status_code == 403

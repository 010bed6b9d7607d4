"""Open data as files and pages: a year of a unit or a post for a spreadsheet, and what explains it all."""

import csv
import io
import re
from datetime import date

import pytest

from scheduler.actions.changes import cancel_occurrence
from scheduler.database import Database
from scheduler.models import Record
from tests.build import NOW, make_occurrence
from tests.calendars.test_feeds import counted
from tests.visitors import Visitor
from tests.web.checks import check_page
from tests.web.wards import Ward, order, publish_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FILE = "/units/00070/2026.csv"


def rows_of(client: Visitor, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_a_year_of_a_unit_for_a_spreadsheet(client: Visitor, database: Database, ward: Ward, sitting: str) -> None:
    with database.transaction() as db:
        held = publish_in(db, ward, date(2026, 10, 26), place="=HYPERLINK(1)")
        held.state = "held"
        db.add(Record(occurrence_id=held.id, visits=6, persons=8, recorded_at=NOW))
        make_occurrence(db, held.unit, held.hosts[0].post, day=date(2026, 12, 1))
        publish_in(db, ward, date(2027, 1, 7))
        slug, given = order(db, ward, sitting, "\uff0b1 Bão\r\nsố 9")
        cancel_occurrence(db, slug, given)
    answer = client.get(FILE)
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.data.startswith(b"\xef\xbb\xbfNg\xc3\xa0y,")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="00070-2026.csv"'
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.data.count(b"\r\n") >= 3
    past, cancelled = rows_of(client, FILE)
    assert (past["Ngày"], past["Giờ"], past["Người tiếp"]) == (
        "2026-10-26", "07:30-11:30", "Chủ tịch UBND phường Hoàn Kiếm",
    )  # fmt: skip
    assert past["Địa điểm"] == "'=HYPERLINK(1)"
    assert (past["Lượt tiếp"], past["Người được tiếp"], past["Lượt ý kiến"]) == ("6", "8", "")
    assert cancelled["Tình trạng"] == "Không tổ chức"
    assert cancelled["Lý do thay đổi"].startswith("'\uff0b1 Bão")
    assert cancelled["Lượt tiếp"] == ""
    assert rows_of(client, "/posts/00070-ubnd-chu-tich/2026.csv") == [past, cancelled]
    assert len(rows_of(client, "/units/00070/2027.csv")) == 1
    assert rows_of(client, "/units/00070/2030.csv") == []


def test_in_english_it_speaks_as_programs_do(client: Visitor, sitting: str) -> None:
    for path in (f"{FILE}?lang=en", f"/en{FILE}"):
        (row,) = rows_of(client, path)
        item = client.get("/api/v1/occurrences").json["items"][0]
        for name in ("date", "planned_date", "kind", "who", "unit", "place", "status", "url", "short_url"):
            assert row[name] == item[name], name
        assert row["posts"] == " ".join(item["posts"])


def test_who_has_the_file_gets_304(client: Visitor, sitting: str) -> None:
    first = client.get(FILE)
    for header, value in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        again = client.get(FILE, headers={header: first.headers[value]})
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/units/zz/2026.csv", 404),
        ("/units/00070/1999.csv", 404),
        ("/units/00070/99999.csv", 404),
        ("/units/00070/2026.xls", 404),
        ("/units/%00/2026.csv", 404),
        ("/posts/00070/2026.csv", 404),
        ("/units/00070/2026.csv?lang=fr", 422),
    ],
)
def test_what_is_not_there(client: Visitor, ward: Ward, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_a_file_asks_no_question_for_each_row(client: Visitor, database: Database, ward: Ward, sitting: str) -> None:
    with counted(database) as few:
        client.get(FILE)
    with database.transaction() as db:
        for day in range(1, 21):
            publish_in(db, ward, date(2026, 12, day))
    with counted(database) as many:
        assert len(rows_of(client, FILE)) == 21
    assert len(few) == len(many)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_that_explains_gives_examples_that_work(client: Visitor, sitting: str, language: str) -> None:
    prefix = "" if language == "vi" else "/en"
    text = client.get(f"{prefix}/open-data").text
    check_page(text, language)
    examples = re.findall(r'<ul class="addresses">(.*?)</ul>', text, re.DOTALL)
    addresses = [link.replace("&amp;", "&") for part in examples for link in re.findall(r'href="([^"]+)"', part)]
    assert len(addresses) >= 9
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert b"00070" in answer.data or "openapi" in address, address


def test_an_empty_installation_explains_too(client: Visitor) -> None:
    check_page(client.get("/open-data").text)

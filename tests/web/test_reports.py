"""Reports on pages: the sentence, the numbers that open, the files, and addresses that cannot be."""

from datetime import date

import pytest

from scheduler.database import Database
from tests.visitors import Clock, SignIn
from tests.web.ward_after import Ward, concluded, held, make_ward, the_task

DAY = date(2026, 11, 19)
PDF = b"%PDF-1.7 proof"


@pytest.fixture
def ward(database: Database) -> Ward:
    """An office with a sitting whose day has passed."""
    return make_ward(database)


def test_the_report_opens_to_its_sittings(ward: Ward, sign_in: SignIn) -> None:
    clerk = sign_in(ward.clerk)
    held(ward, clerk)
    assert "Số ngày tiếp công dân của người đứng đầu" in clerk.get("/desk/reports").text
    asked = "from=2026-10-01&to=2026-11-30"
    page = clerk.get(f"/desk/reports/duties?{asked}").text
    assert "đã trực tiếp tiếp công dân 0/2 ngày theo quy định, đạt 0,0%;" in page
    assert "còn thiếu 2 ngày." in page  # the day of November stands in a month that has not ended
    assert "column=head" in page
    rows = clerk.get(f"/desk/reports/duties/rows?{asked}&column=head&post=00070-ubnd-chu-tich").text
    assert f"/desk/occurrences/{ward.slug}" in rows
    assert "6 lượt" in rows
    missing = clerk.get(f"/desk/reports/duties/rows?{asked}&column=missing&duty=commune_chairman").text
    assert "2 ngày mỗi tháng" in missing
    assert "Không có buổi nào." in missing


@pytest.mark.parametrize("name", ["duties", "followups"])
def test_reports_as_files_in_both_languages(
    ward: Ward, sign_in: SignIn, database: Database, clock: Clock, name: str
) -> None:
    clerk = sign_in(ward.clerk)
    concluded(ward, clerk)
    the_task(database, clock)
    for prefix in ("", "/en"):
        assert clerk.get(f"{prefix}/desk/reports/{name}").status_code == 200
        table = clerk.get(f"{prefix}/desk/reports/{name}.csv")
        assert table.data.startswith(b"\xef\xbb\xbf")
        assert clerk.get(f"{prefix}/desk/reports/{name}.xlsx").data.startswith(b"PK")
        document = clerk.get(f"{prefix}/desk/reports/{name}.json").get_json()
        assert document["report"] == name
        assert len(document["rows"]) == 1
    assert clerk.get(f"/desk/reports/{name}?from=2026-01-01&to=2026-12-31&unit=00070").status_code == 200


def test_the_tasks_behind_a_number(ward: Ward, sign_in: SignIn, database: Database, clock: Clock) -> None:
    clerk = sign_in(ward.clerk)
    concluded(ward, clerk)
    the_task(database, clock)
    page = clerk.get("/desk/reports/followups").text
    assert "column=open" in page
    assert "Dựng biển báo" in clerk.get("/desk/reports/followups/rows?column=open&post=00070-kt").text
    assert "Dựng biển báo" not in clerk.get("/desk/reports/followups/rows?column=overdue").text


@pytest.mark.parametrize(
    "address",
    [
        "no-such",
        "no-such.csv",
        "duties?from=2026-31-02",
        "duties?from=2026-12-31&to=2026-01-01",
        "duties?from=2001-01-01&to=2026-01-01",
        "duties?unit=no-such",
        "duties/rows?column=post",
        "duties/rows",
        "duties/rows?column=head&page=x",
        "followups/rows?column=accepted",
    ],
)
def test_reports_that_cannot_be(ward: Ward, sign_in: SignIn, address: str) -> None:
    assert sign_in(ward.clerk).get(f"/desk/reports/{address}").status_code in (404, 422)


def test_the_board_shows_what_each_day_came_to(ward: Ward, sign_in: SignIn) -> None:
    clerk = sign_in(ward.clerk)
    held(ward, clerk)
    page = clerk.get("/desk/reports/board").text
    assert "Bảng theo dõi 2026" in page
    assert 'class="cell cell-head"' in page
    assert "from=2026-11-19" in page
    assert ">\u22122<" in page  # October had none
    assert "Không có số liệu" in clerk.get("/desk/reports/board?duty=minister").text
    assert clerk.get("/en/desk/reports/board?year=2025&unit=00070").status_code == 200


@pytest.mark.parametrize("query", ["year=1999", "year=x", "duty=king", "unit=no-such"])
def test_a_board_that_cannot_be(ward: Ward, sign_in: SignIn, query: str) -> None:
    assert sign_in(ward.clerk).get(f"/desk/reports/board?{query}").status_code in (404, 422)


def test_a_unit_is_asked_for_by_its_name(ward: Ward, sign_in: SignIn) -> None:
    """Nobody knows the codes of communes by heart."""
    clerk, asked = sign_in(ward.clerk), "/desk/reports/duties?from=2026-01-01&to=2026-12-31"
    by_code = clerk.get(f"{asked}&unit=00070-ubnd")
    by_name = clerk.get(f"{asked}&unit=ubnd+phuong+hoan+kiem")
    heading = by_code.text.split('<p class="soft">')[1].split("·")[0]
    assert "phường" in heading.lower()
    assert by_name.status_code == 200
    assert heading in by_name.text

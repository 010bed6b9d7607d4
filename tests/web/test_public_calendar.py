"""A public calendar as residents read it: the answer first, what the address leaves out, facts and rates."""

from datetime import date
from functools import partial

import pytest

from scheduler.actions.office_settings import set_office_value
from scheduler.database import Database, Db
from scheduler.errors import RuleBroken
from scheduler.models import Occurrence, Post, Record, Turn, Unit
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW, make_occurrence
from tests.visitors import Visitor
from tests.web.checks import check_page
from tests.web.wards import Ward, publish_in


def _record(db: Db, ward: Ward, held: Occurrence, *, stands_in: bool) -> None:
    assert held.starts_at is not None
    assert held.ends_at is not None
    record = Record(occurrence_id=held.id, visits=2, persons=3, recorded_at=NOW)
    record.turns = [
        Turn(
            for_post_id=ward.chairman,
            name="Nguyễn Văn Thử",
            stands_in=stands_in,
            starts_at=held.starts_at,
            ends_at=held.ends_at,
        )
    ]
    db.add(record)


def test_the_answer_comes_first(client: Visitor, sitting: str) -> None:
    for page in ("/units/00070", "/posts/00070-ubnd-chu-tich"):
        text = client.get(page).text
        main = text.split("</h1>")[1]
        said = (
            "Chủ tịch UBND phường Hoàn Kiếm tiếp công dân thứ Năm, ngày 26/11/2026, từ 7 giờ 30, tại 126 Hàng Trống. "
            "Còn 4 ngày.",
            "Mang theo căn cước",
            'href="tel:02438250001"',
            "Ngày làm việc nào cũng có người tiếp công dân",
            f'href="{sitting}/register"',
            "Có cần gặp Chủ tịch UBND phường Hoàn Kiếm không?",
            "Lịch năm 2026",
        )
        places = [main.index(words) for words in said]
        assert places == sorted(places), dict(zip(said, places, strict=True))


def test_the_address_leaves_out_other_posts_and_kinds(client: Visitor, ward: Ward, database: Database) -> None:
    with database.transaction() as db:
        publish_in(db, ward)
        publish_in(db, ward, date(2026, 12, 8), kind="dialogue")
    both = ("day-2026-11-26", "day-2026-12-08")

    def shown(query: str) -> list[bool]:
        text = client.get(f"/units/00070?{query}").text
        check_page(text)
        return [f'id="{day}"' in text for day in both]

    assert shown("") == shown("kind=") == [True, True]
    assert shown("kind=reception") == shown("kind=periodic_reception,adhoc_reception") == [True, False]
    assert shown("kind=dialogue&view=list") == [False, True]
    assert shown("kind=voter_meeting") == shown("post=00070-du-bi-thu") == [False, False]
    assert shown("post=00070-ubnd-chu-tich&kind=dialogue&month=12") == [False, True]
    kept = client.get("/units/00070?post=00070-ubnd-chu-tich&kind=dialogue&view=list&month=12").text
    assert "year=2027&amp;month=1&amp;view=list&amp;post=00070-ubnd-chu-tich&amp;kind=dialogue#year" in kept
    assert 'class="year"' not in kept
    for wrong, status in (("kind=xyz", 422), ("view=xyz", 422), ("post=xyz", 404), ("post=01-ubnd-chu-tich", 404)):
        assert client.get(f"/units/00070?{wrong}").status_code == status


def test_a_day_that_is_not_set_is_not_made_up(client: Visitor, ward: Ward, database: Database) -> None:
    with database.transaction() as db:
        unit, post = db.get_one(Unit, ward.committee), db.get_one(Post, ward.chairman)
        why = ["why.set-later", {"every": "quarter", "n": 1, "times": 2, "period": 4, "year": 2026}]
        found = make_occurrence(
            db, unit, post, day=None, planned_day=date(2026, 10, 1), hours=[], state="published", why=[why]
        )
        slug = found.slug
    for page in ("/units/00070", "/units/00070?month=10"):
        text = client.get(page).text
        check_page(text)
        assert slug in text
        assert "Chưa ấn định ngày" in text
        assert "day-2026-10-01" not in text
        assert "01/10" not in text


def test_facts_are_public_and_rates_where_the_province_says_so(client: Visitor, ward: Ward, database: Database) -> None:
    with database.transaction() as db:
        for day, state in ((8, "held"), (22, "held")):
            held = publish_in(db, ward, date(2026, 10, day), state=state)
            _record(db, ward, held, stands_in=day == 22)
        publish_in(db, ward, date(2026, 10, 15), state="cancelled")
    said = (
        "Đã trực tiếp tiếp 1 ngày, tiếp thay 1 ngày (không tính vào số ngày của người đứng đầu), không tổ chức 1 ngày."
    )
    text = client.get("/units/00070").text
    assert said.lower() in text.lower()
    assert "%" not in text.split("Việc tiếp công dân của người đứng đầu")[1]
    with database.transaction() as db:
        give = partial(set_office_value, since=date(2026, 7, 1), source="06/QĐ", by=COMMAND_LINE, now=NOW)
        with pytest.raises(RuleBroken, match=r"office_settings\.other-level"):
            give(db, db.get_one(Unit, ward.place), "rates_public", True)
        give(db, db.get_one(Unit, ward.city), "rates_public", True)
    shown = client.get("/units/00070").text.split("Việc tiếp công dân của người đứng đầu")[1]
    assert "1/33 ngày theo quy định, đạt 3,0%" in shown

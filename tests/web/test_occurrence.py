"""The public page of a sitting in every state, its history, and the signed papers it cites."""

from dataclasses import replace
from datetime import date

from scheduler.actions.changes import (
    cancel_occurrence,
    change_chair,
    change_hours,
    change_place,
    move_occurrence,
    postpone_occurrence,
)
from scheduler.clock import at_local
from scheduler.database import Database
from scheduler.models import Attachment, Notice, Occurrence, Post, Posting, Record, SignedPaper, Turn, Unit
from scheduler.rules.short_codes import short_code
from tests.build import NOW, make_occurrence
from tests.visitors import Clock, Visitor
from tests.web.checks import check_page
from tests.web.wards import Ward, order, publish_in


def test_a_sitting_tells_everything(client: Visitor, database: Database, ward: Ward) -> None:
    with database.transaction() as db:
        found = publish_in(
            db, ward, attend=["Thanh tra thành phố"], content="Thu hồi đất", area=["Tổ dân phố 1"],
            stand_in="Phó Chủ tịch UBND", register_by=date(2026, 11, 23), late_reason="Bão",
        )  # fmt: skip
        file = Attachment(
            unit_id=ward.committee, slug="a-paper", name="Thông báo 12.pdf", media_type="application/pdf",
            sha256="0" * 64, public=True, at=NOW, content=b"%PDF-1.4",
        )  # fmt: skip
        paper = SignedPaper(
            unit_id=ward.committee, number="12/TB-UBND", signed_on=date(2026, 1, 5), signer="Trần Văn Thử",
            attachment=file, recorded_at=NOW,
        )  # fmt: skip
        found.notice = Notice(
            unit_id=ward.committee, number="12/TB-UBND", signed_on=date(2026, 1, 5), signer="Trần Văn Thử",
            paper=paper, published_at=NOW,
        )  # fmt: skip
        found.notice.postings.append(Posting(where="office", posted_at=NOW, by="Lan", recorded_at=NOW))
        address = f"/occurrences/{found.slug}"
    text = client.get(address).text
    check_page(text)
    for words in (
        "Chủ tịch UBND phường Hoàn Kiếm tiếp công dân thứ Năm, ngày 26/11/2026, từ 7 giờ 30, tại 126 Hàng Trống.",
        "Còn 4 ngày.", "Thanh tra thành phố", "Thu hồi đất", "Tổ dân phố 1", "Phó Chủ tịch UBND", "Trần Văn Thử",
        "Đến hết thứ Hai, ngày 23/11/2026. Không đăng ký vẫn được tiếp.", "Số 12/TB-UBND ngày 05/01/2026",
        "Niêm yết: trụ sở cơ quan, 9 giờ ngày 22/11/2026.", "Công bố muộn hơn quy định. Lý do: Bão.",
        "Theo lịch: ngày 26 hằng tháng.", "Không cần đăng ký trước.", "giấy ủy quyền", f'href="{address}.ics"',
        'href="/papers/a-paper"', "<svg",
    ):  # fmt: skip
        assert words in text, words
    english = client.get(f"/en{address}").text
    check_page(english, "en")
    assert '<span lang="vi">Thanh tra thành phố</span>' in english
    assert "Thursday, 26 November 2026" in english


def test_a_moved_sitting_keeps_its_old_day(client: Visitor, database: Database, ward: Ward, sitting: str) -> None:
    with database.transaction() as db:
        slug, given = order(db, ward, sitting)
        move_occurrence(db, slug, given, day=date(2026, 11, 27))
    told = "Lịch đã đổi: từ thứ Năm, 26/11/2026 sang thứ Sáu, 27/11/2026. Lý do: Họp Quốc hội. Thông báo số 45/TB-UBND"
    for page in ("/", "/units/00070", "/posts/00070-ubnd-chu-tich", sitting):
        text = client.get(page).text
        check_page(text)
        assert told in " ".join(text.split()), page
    assert "Đã đổi lịch" in client.get(sitting).text
    assert "Công bố lần đầu cho thứ Năm, ngày 26/11/2026." in client.get(sitting).text
    check_page(client.get(f"/en{sitting}").text, "en")


def test_a_cancelled_sitting_offers_the_next_one(client: Visitor, database: Database, ward: Ward, sitting: str) -> None:
    with database.transaction() as db:
        other = publish_in(db, ward, date(2026, 12, 10)).slug
        slug, given = order(db, ward, sitting, "Bão số 9")
        cancel_occurrence(db, slug, given)
    text = client.get(sitting).text
    check_page(text)
    assert "Không tổ chức buổi tiếp công dân của Chủ tịch UBND phường Hoàn Kiếm thứ Năm, ngày 26/11/2026." in text
    assert f"/occurrences/{other}" in text
    assert ".ics" not in text
    assert "mark-cancelled" in client.get("/units/00070").text


def test_a_postponed_sitting_says_when_the_day_will_be_told(
    client: Visitor, database: Database, ward: Ward, sitting: str
) -> None:
    with database.transaction() as db:
        slug, given = order(db, ward, sitting)
        postpone_occurrence(db, slug, given, told_by=date(2026, 11, 30))
    text = client.get(sitting).text
    check_page(text)
    assert "Ngày mới sẽ được thông báo tại đây chậm nhất thứ Hai, 30/11/2026." in text
    calendar = client.get("/units/00070").text
    check_page(calendar)
    assert "mark-postponed" in calendar
    check_page(client.get(f"/en{sitting}").text, "en")


def test_other_changes_are_told_in_words(client: Visitor, database: Database, ward: Ward, sitting: str) -> None:
    with database.transaction() as db:
        slug, given = order(db, ward, sitting)
        change_place(db, slug, given, place="Nhà văn hóa <phường>")
    with database.transaction() as db:
        slug, given = order(db, ward, sitting)
        change_hours(db, slug, given, hours=("13:30-16:30",))
    with database.transaction() as db:
        slug, given = order(db, ward, sitting)
        change_chair(db, slug, given, name="Lê Văn Thay", stands_in=True)
    text = client.get(sitting).text
    check_page(text)
    for words in (
        "Địa điểm mới: Nhà văn hóa &lt;phường&gt;.",
        "Giờ mới: 13 giờ 30 đến 16 giờ 30.",
        "Lê Văn Thay tiếp thay (được ủy quyền).",
        "không tính vào số ngày tiếp của người đứng đầu",
    ):
        assert words in text
    check_page(client.get("/units/00070").text)


def test_what_was_held_is_told_as_facts(client: Visitor, database: Database, ward: Ward, sitting: str) -> None:
    with database.transaction() as db:
        held = publish_in(db, ward, date(2026, 10, 26))
        held.state = "held"
        none = publish_in(db, ward, date(2026, 10, 12))
        none.state = "held"
        address = f"/occurrences/{none.slug}"
    text = client.get(address).text
    check_page(text)
    assert "Chưa ghi kết quả." in text
    calendar = client.get("/units/00070").text
    check_page(calendar)
    assert "Các buổi đã qua: 2" in calendar
    assert "chưa ghi kết quả 2 ngày" in calendar


def test_a_paper_is_public_only_when_it_is_cited(client: Visitor, database: Database, ward: Ward) -> None:
    with database.transaction() as db:
        for slug, media_type, is_public in (
            ("open", "application/pdf", True),
            ("strange", "text/html", True),
            ("closed", "application/pdf", False),
        ):
            db.add(
                Attachment(
                    unit_id=ward.place,
                    slug=slug,
                    name="Thông báo.pdf",
                    media_type=media_type,
                    sha256=slug,
                    public=is_public,
                    at=NOW,
                    content=b"%PDF-1.4",
                )
            )
    opened = client.get("/papers/open")
    assert (opened.mimetype, opened.data) == ("application/pdf", b"%PDF-1.4")
    assert "sandbox" in opened.headers["Content-Security-Policy"]
    strange = client.get("/papers/strange")
    assert strange.mimetype == "application/octet-stream"
    assert strange.headers["Content-Disposition"].startswith("attachment")
    assert client.get("/papers/closed").status_code == 404


def test_the_main_button_registers_and_says_what_to_do_instead(
    client: Visitor, database: Database, ward: Ward, sitting: str, clock: Clock
) -> None:
    button = f'<a class="button" href="{sitting}/register">Đăng ký gặp (không bắt buộc)</a>'
    text = client.get(sitting).text
    assert button in text
    assert 'href="/registrations"' in text
    assert "Có cần gặp Chủ tịch UBND phường Hoàn Kiếm không?" in text
    with database.transaction() as db:
        late = publish_in(db, ward, date(2026, 11, 27), register_by=date(2026, 11, 21)).slug
        too_late = publish_in(db, ward, date(2026, 12, 1), register_by=date(2026, 11, 21)).slug
        after = publish_in(db, ward, date(2026, 12, 10)).slug
    text = client.get(f"/occurrences/{late}").text
    check_page(text)
    for words in (
        "Đã hết hạn đăng ký buổi này (thứ Bảy, 21/11/2026).", "Vẫn có thể đến trực tiếp, không cần đăng ký.",
        f'href="/occurrences/{after}/register">Đăng ký buổi sau (không bắt buộc)</a>', "thứ Năm, 10/12/2026",
    ):  # fmt: skip
        assert words in text, words
    assert f"/occurrences/{too_late}/register" not in text
    check_page(client.get(f"/en/occurrences/{late}").text, "en")
    clock.now = at_local(date(2026, 11, 26), "08:00")
    assert "Đang diễn ra, đến 11 giờ 30. Có thể đến ngay." in client.get(sitting).text
    clock.now = at_local(date(2026, 11, 26), "11:30")
    text = client.get(sitting).text
    check_page(text)
    assert "Buổi này theo lịch thứ Năm, ngày 26/11/2026. Chưa ghi kết quả." in text
    assert "Buổi tiếp theo:" in text
    assert "/register" not in text


def test_what_became_of_a_meeting(client: Visitor, database: Database, ward: Ward) -> None:
    with database.transaction() as db:
        held = publish_in(db, ward, date(2026, 11, 14), kind="dialogue")
        held.state = "held"
        kept = Record(
            occurrence_id=held.id, attendances=144, opinions=24, answered_on_the_spot=20, recorded_at=NOW,
        )  # fmt: skip
        begins, ends = (at_local(date(2026, 11, 14), hour) for hour in ("08:00", "10:45"))
        kept.turns = [
            Turn(for_post_id=ward.chairman, name="Nguyễn Thử", stands_in=False, starts_at=begins, ends_at=ends)
        ]
        db.add(kept)
        address = f"/occurrences/{held.slug}"
    text = client.get(address).text
    check_page(text)
    for words in (
        "Đã tổ chức", "144 lượt người tham dự, 24 lượt ý kiến.",
        "Trả lời ngay tại hội nghị 20/24 ý kiến, đạt 83,3%; còn 4 ý kiến trả lời sau.",
        "Nguyễn Thử chủ trì, từ 8 giờ đến 10 giờ 45.",
    ):  # fmt: skip
        assert words in text, words
    assert "Có cần gặp" not in text
    check_page(client.get(f"/en{address}").text, "en")


def test_a_change_says_when_it_was_told(client: Visitor, database: Database, ward: Ward, sitting: str) -> None:
    with database.transaction() as db:
        slug, given = order(db, ward, sitting)
        move_occurrence(db, slug, replace(given, notice_number=""), day=date(2026, 11, 27))
    with database.transaction() as db:
        slug, given = order(db, ward, sitting, "Sửa phòng")
        change_place(db, slug, given, place="Nhà văn hóa phường")
    top, _, rest = client.get(sitting).text.partition("<h2")
    top = " ".join(top.split())
    assert "sang thứ Sáu, 27/11/2026. Lý do: Họp Quốc hội. Đăng lúc 9 giờ ngày 22/11/2026." in top
    assert "Địa điểm mới: Nhà văn hóa phường. Lý do: Sửa phòng. Thông báo số 45/TB-UBND, đăng lúc 9 giờ" in top
    assert rest.count('class="when"') == 3


def test_a_short_address_leads_to_the_page(client: Visitor, database: Database, ward: Ward, sitting: str) -> None:
    with database.transaction() as db:
        number = db.query(Occurrence).filter_by(slug=sitting.rpartition("/")[2]).one().id
        unit, post = db.get_one(Unit, ward.committee), db.get_one(Post, ward.chairman)
        draft = make_occurrence(db, unit, post).id
    short = f"/b/{short_code(number)}"
    assert f'127.0.0.1:8000<wbr><span class="nowrap">{short}</span>' in client.get(sitting).text
    for prefix in ("", "/en"):
        for asked in (short, short.lower()):
            answer = client.get(prefix + asked)
            assert (answer.status_code, answer.headers["Location"]) == (302, prefix + sitting)
    for wrong in (short_code(draft), short_code(999_999), short_code(number) + "0", "zz", "x" * 300, "%00"):
        assert client.get(f"/b/{wrong}").status_code == 404


def test_a_poster_tells_one_sitting(client: Visitor, database: Database, ward: Ward, sitting: str) -> None:
    text = client.get(f"{sitting}/poster").text
    check_page(text)
    for words in ("7 giờ 30 đến 11 giờ 30", "126 Hàng Trống", "Không cần đăng ký trước.", ">/b/", "<svg"):
        assert words in text, words
    with database.transaction() as db:
        slug, given = order(db, ward, sitting)
        postpone_occurrence(db, slug, given, told_by=date(2026, 11, 30))
    text = client.get(f"/en{sitting}/poster").text
    check_page(text, "en")
    assert "Put off" in text or "Postponed" in text

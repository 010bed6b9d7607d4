"""One news, every mouth: the texts say the same, in the form each mouth can say it."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from scheduler.language.announcements import door_sheet, loudspeaker_text, sms_text, zalo_text
from scheduler.language.listings import Listing, Series, loud_listing, sms_listing, zalo_listing
from scheduler.language.mouths import NEWS, News, telephone_words
from scheduler.language.spoken import reading_seconds

MOVED = News(
    what="moved",
    kind="periodic_reception",
    office="UBND phường Hoàn Kiếm",
    who="Chủ tịch UBND phường Hoàn Kiếm",
    told_on=date(2026, 11, 22),
    day=date(2026, 11, 27),
    hour="07:30",
    place="126 Hàng Trống",
    old_day=date(2026, 11, 25),
    chair="Phó Chủ tịch UBND phường Hoàn Kiếm",
    reason="họp HĐND TP",
    number="12/TB-UBND",
    phone="024 3825 0001",
)


def test_the_telephone_says_who_calls_and_what_is_new() -> None:
    assert telephone_words(MOVED, ticket=4) == (
        "Tôi gọi từ Văn phòng Ủy ban nhân dân phường Hoàn Kiếm. Buổi tiếp công dân của Chủ tịch, thứ Tư, ngày hai mươi "
        "lăm tháng mười một, chuyển sang bảy giờ rưỡi sáng, thứ Sáu, ngày hai mươi bảy tháng mười một, tại một trăm "
        "hai mươi sáu Hàng Trống. Lý do: họp Hội đồng nhân dân thành phố. Số thứ tự của ông, bà vẫn là số bốn."
    )


@pytest.mark.parametrize("what", NEWS)
def test_the_telephone_knows_every_news_without_a_digit(what: str) -> None:
    said = telephone_words(replace(MOVED, what=what))
    assert not re.search(r"[0-9/{}]|UBND|HĐND", said)
    assert telephone_words(replace(MOVED, what=what), "en").startswith("I am calling from the office of")


def test_the_group_reads_the_news_first() -> None:
    assert zalo_text(MOVED) == (
        "PHƯỜNG HOÀN KIẾM: ĐỔI LỊCH TIẾP CÔNG DÂN. Chủ tịch UBND phường Hoàn Kiếm tiếp công dân vào thứ Sáu, ngày "
        "27/11/2026, từ 7 giờ 30, tại 126 Hàng Trống (lịch cũ: thứ Tư, 25/11/2026). Lý do: họp HĐND TP. Không cần đăng "
        "ký trước. Liên hệ: 024 3825 0001. (Thông báo số 12/TB-UBND)"
    )


def test_the_loudspeaker_reads_it_twice() -> None:
    body = (
        "Buổi tiếp công dân của Chủ tịch Ủy ban nhân dân phường Hoàn Kiếm, thứ Tư, ngày hai mươi lăm tháng mười một, "
        "chuyển sang bảy giờ ba mươi phút, thứ Sáu, ngày hai mươi bảy tháng mười một, tại một trăm hai mươi sáu Hàng "
        "Trống."
    )
    assert loudspeaker_text(MOVED) == (
        f"Ủy ban nhân dân phường Hoàn Kiếm thông báo. {body} Lý do: họp Hội đồng nhân dân thành phố. "
        f"Xin nhắc lại. {body}"
    )


@pytest.mark.parametrize("what", NEWS)
def test_the_loudspeaker_keeps_to_its_minute_and_to_words(what: str) -> None:
    long = replace(
        MOVED, what=what, until=date(2026, 12, 1), reason="bận dự kỳ họp chuyên đề của HĐND thành phố " * 6,
        place="Phòng tiếp công dân, nhà văn hóa tổ dân phố số 5, ngõ 12/5 đường Trần Hưng Đạo kéo dài",
    )  # fmt: skip
    text = loudspeaker_text(long)
    assert reading_seconds(text) < 60
    assert not re.search(r"[0-9/{}&]|UBND|HĐND", text)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("what", NEWS)
def test_an_sms_fits_and_carries_no_address(what: str, language: str) -> None:
    long = replace(
        MOVED, what=what, office="Ủy ban nhân dân phường Tân Thành Phú Mỹ Hưng Đông", until=date(2026, 12, 1),
        place="Nhà văn hóa tổ dân phố số 5, xem https://phuong.example.vn/ban-do [cổng sau]",
        phone="024 3825 0001, www.phuong.example.vn", chair="Phó Chủ tịch UBND phường Tân Thành Phú Mỹ Hưng Đông",
    )  # fmt: skip
    for news in (MOVED, long, replace(MOVED, what=what)):
        text = sms_text(news, language, ticket=4)
        assert len(text) <= 160
        assert text.isascii()
        assert not re.search(r"https?|www|\.vn|[\[\]{}]", text)
        assert "4" in text


def test_an_sms_says_what_matters() -> None:
    assert sms_text(MOVED, ticket=4) == (
        "UBND P. Hoan Kiem: buoi tiep cong dan 25/11 doi sang 7h30 thu Sau 27/11/2026, tai 126 Hang Trong. "
        "So thu tu cua ong/ba: 4. Hoi: 024 3825 0001"
    )


def test_the_door_says_today_only_on_the_day_itself() -> None:
    on_the_day = door_sheet(replace(MOVED, told_on=date(2026, 11, 25)))
    assert on_the_day.head == "HÔM NAY CHỦ TỊCH KHÔNG TIẾP CÔNG DÂN"
    assert on_the_day.instead == "Chuyển sang thứ Sáu, ngày 27/11/2026, 7 giờ 30, tại 126 Hàng Trống"
    assert "Hôm nay vẫn có người tiếp công dân trong giờ hành chính." in on_the_day.below
    before = door_sheet(MOVED)
    assert before.head == "THỨ TƯ, 25/11/2026 CHỦ TỊCH KHÔNG TIẾP CÔNG DÂN"
    assert not any("Hôm nay" in line for line in before.below)


def test_a_stand_in_always_comes_with_what_the_law_says() -> None:
    chair = replace(MOVED, what="chair")
    law = "Buổi này không tính vào số ngày tiếp của người đứng đầu."
    assert law in zalo_text(chair)
    assert law in loudspeaker_text(chair)
    assert law not in zalo_text(replace(chair, day=date(2026, 6, 30)))
    assert law not in zalo_text(replace(chair, kind="dialogue"))
    assert "chủ trì thay" in zalo_text(replace(chair, kind="dialogue"))


def listing(heads: int, days: int) -> Listing:
    series = tuple(
        Series(
            f"Phó Chủ tịch {head + 1} UBND phường Hoàn Kiếm", "07:30", "Phòng tiếp công dân, 126 Hàng Trống",
            tuple(date(2026, 12, 3) + timedelta(days=7 * day) for day in range(days)),
        )
        for head in range(heads)
    )  # fmt: skip
    return Listing("UBND phường Hoàn Kiếm", "periodic_reception", series, "12/TB-UBND", "024 3825 0001")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("heads", "days"), [(1, 1), (2, 12), (5, 52)])
def test_a_whole_notice_fits_every_mouth(heads: int, days: int, language: str) -> None:
    told = listing(heads, days)
    loud, sms = loud_listing(told, language), sms_listing(told, language)
    assert reading_seconds(loud) < 60
    assert len(sms) <= 160
    assert sms.isascii()
    assert zalo_listing(told, language).count("\n") >= heads
    if language == "vi":
        assert not re.search(r"[0-9/]|UBND", loud)


def test_a_whole_notice_for_a_group() -> None:
    assert zalo_listing(listing(1, 7)) == (
        "PHƯỜNG HOÀN KIẾM: LỊCH TIẾP CÔNG DÂN.\n"
        "Phó Chủ tịch 1 UBND phường Hoàn Kiếm: từ 7 giờ 30, các ngày 03/12, 10/12, 17/12, 24/12, 31/12/2026, "
        "07/01/2027, tại Phòng tiếp công dân, 126 Hàng Trống.\n"
        "Các ngày tiếp theo: xem lịch niêm yết.\nLiên hệ: 024 3825 0001.\n(Thông báo số 12/TB-UBND)"
    )

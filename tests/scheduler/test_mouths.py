"""One news, every mouth: the texts say the same, in the form each mouth can say it."""

import re
from dataclasses import replace
from datetime import date

import pytest

from scheduler.language.mouths import NEWS, News, telephone_words

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

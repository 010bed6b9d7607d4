"""A series said back as one sentence, in both languages: every part a notice prints, and none that is not there."""

from typing import Any

import pytest

from scheduler.language.schedules import schedule_words
from scheduler.rules.recurrence_forms import rule_reason
from scheduler.rules.schedules import series_from_plain
from tests.intake.plans_text import plan

WAYS = "{weekend: skip, holiday: nearest_working_day, same_month: true}"
SEASON = '[{from: "04-16", until: "10-15", hours: ["07:00-11:00"]}]'
SAID: tuple[tuple[dict[str, Any], str, str], ...] = (
    (
        {},
        "Chủ tịch UBND tiếp công dân vào ngày 15 hằng tháng, 7 giờ 30 đến 11 giờ 30, tại Trụ sở; "
        "nếu trùng ngày nghỉ thì ngày làm việc tiếp theo. Áp dụng từ 01/01/2026 đến hết 31/12/2026.",
        "Citizens are received by Chủ tịch UBND on day 15 of every month, 7:30 to 11:30, at Trụ sở; "
        "on a day off: the next working day. From 01/01/2026 to 31/12/2026.",
    ),
    (
        {"host": None, "rotation": "[A, B]", "rule": "{every: week, weekdays: [TH]}", "place": None, "until": None},
        "A và B luân phiên tiếp công dân vào thứ Năm hằng tuần, 7 giờ 30 đến 11 giờ 30; "
        "nếu trùng ngày nghỉ thì ngày làm việc tiếp theo. Áp dụng từ 01/01/2026.",
        "Citizens are received by A and B in turn on Thursday every week, 7:30 to 11:30; "
        "on a day off: the next working day. From 01/01/2026 on.",
    ),
    (
        {"rule": "{dates: [2026-01-07, 2026-02-04]}", "starts": None, "until": None, "place": None},
        "Chủ tịch UBND tiếp công dân vào 2 ngày ấn định: 07/01/2026 và 04/02/2026, 7 giờ 30 đến 11 giờ 30; "
        "nếu trùng ngày nghỉ thì vẫn tiếp. Áp dụng từ 07/01/2026 đến hết 04/02/2026.",
        "Citizens are received by Chủ tịch UBND on 2 days: 07/01/2026 and 04/02/2026, 7:30 to 11:30; "
        "on a day off: held all the same. From 07/01/2026 to 04/02/2026.",
    ),
    (
        {"kind": "dialogue", "rule": "{every: quarter, times: 2}", "hours": None, "place": None},
        "Chủ tịch UBND đối thoại với nhân dân 2 buổi mỗi quý, ngày sẽ thông báo. "
        "Áp dụng từ 01/01/2026 đến hết 31/12/2026.",
        "Dialogues are held by Chủ tịch UBND 2 a quarter, days to be announced. From 01/01/2026 to 31/12/2026.",
    ),
    (
        {"day_off": WAYS, "seasons": SEASON, "place": None},
        "Chủ tịch UBND tiếp công dân vào ngày 15 hằng tháng, 7 giờ 30 đến 11 giờ 30, "
        "(từ 16/04 đến 15/10: 7 giờ đến 11 giờ); nếu trùng thứ Bảy, Chủ nhật thì không tiếp; "
        "nếu trùng ngày nghỉ lễ thì ngày làm việc gần nhất, không sang tháng khác. "
        "Áp dụng từ 01/01/2026 đến hết 31/12/2026.",
        "",
    ),
)


@pytest.mark.parametrize(("parts", "vietnamese", "english"), SAID)
def test_a_series_said_back(parts: dict[str, Any], vietnamese: str, english: str) -> None:
    plain = plan(**parts).series[0].to_plain()
    series = series_from_plain(plain)
    facts = rule_reason(series.rule, series.months)[1]
    assert schedule_words("vi", facts, plain) == vietnamese
    assert not english or schedule_words("en", facts, plain) == english

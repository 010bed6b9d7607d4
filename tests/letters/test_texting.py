"""Messages to telephones: every kind fits one SMS with the longest names of the country, and leads nowhere."""

import re

import pytest

from scheduler.letters import has_text, sms_of, words_to_read
from scheduler.rules.letters import LETTERS
from tests.letters.samples import SAMPLES, STEPS

TEXTS = {
    name: (kind, facts)
    for name, (kind, facts) in {**{kind: (kind, facts) for kind, facts in SAMPLES.items()}, **STEPS}.items()
    if has_text(kind)
}
OFFICES = (
    "UBND phường Hoàn Kiếm",
    "UBND phường Văn Miếu - Quốc Tử Giám",
    "Đoàn đại biểu Quốc hội và Hội đồng nhân dân thành phố Hồ Chí Minh",
    "Ban Tiếp công dân thành phố Hồ Chí Minh, Văn phòng Ủy ban nhân dân thành phố Hồ Chí Minh",
)
GSM = re.compile(r"[A-Za-z0-9 \r\n@$_!\"#%&'()*+,\-./:;<=>?]*")
"""Of the basic alphabet of 3GPP TS 23.038 what ASCII has; each is one sign."""


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("office", OFFICES)
@pytest.mark.parametrize("name", list(TEXTS))
def test_every_message_fits_and_says_what_matters(name: str, office: str, language: str) -> None:
    kind, facts = TEXTS[name]
    long = {"unit": office, "place": "Trụ sở Tiếp công dân của Thành ủy, HĐND, UBND thành phố, số 1 đường Lê Lợi"}
    text = sms_of(kind, facts | long | {"chair": facts.get("chair") and "Phó Chủ tịch Thường trực UBND"}, language)
    assert len(text) <= 160
    assert GSM.fullmatch(text)
    assert not re.search(r"https?:|www\.|\.vn|/registrations", text)
    assert text.endswith(facts["phone"])
    assert re.search(rf"\b{facts['code']}\b", text) or office == OFFICES[-1]


def test_a_short_office_is_named_in_full() -> None:
    for kind, facts in TEXTS.values():
        assert sms_of(kind, facts, "vi").startswith("UBND P. Hoan Kiem: ")


def test_the_model_of_the_house() -> None:
    facts = SAMPLES["registration-change"] | {"arrive": None}
    assert sms_of("registration-change", facts, "vi") == (
        "UBND P. Hoan Kiem: buoi tiep cong dan 25/11 doi sang 7h30 thu Sau 27/11/2026. "
        "So thu tu cua ong/ba: 4. Ma 482615. Hoi: 024 3825 0001"
    )


@pytest.mark.parametrize("name", list(TEXTS))
def test_what_is_read_out_has_no_digit_and_no_code(name: str) -> None:
    kind, facts = TEXTS[name]
    words = words_to_read(kind, facts, "vi")
    assert words.startswith("Tôi gọi từ Văn phòng Ủy ban nhân dân phường Hoàn Kiếm. ")
    assert not re.search(r"\d|/", words)
    assert "482" not in words_to_read(kind, facts, "en")


def test_every_kind_for_residents_has_its_message() -> None:
    for kind in LETTERS:
        assert has_text(kind.key) == ("code" in kind.facts)


@pytest.mark.parametrize("phone", ["", "024 3825 0001"])
def test_without_a_telephone_nothing_is_asked_for(phone: str) -> None:
    text = sms_of("registration-reminder", SAMPLES["registration-reminder"] | {"phone": phone}, "vi")
    assert ("Hoi:" in text) is bool(phone)

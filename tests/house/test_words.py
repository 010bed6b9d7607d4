"""No word lost: every key said has words in both languages, and no words stand there unsaid."""

import re
import string

import pytest

from scheduler.language.composed import COMPOSED
from tests.house.words import KEY, LANGUAGES, beginnings, entries, keys, mentioned, raw_keys, spoken

NOT_SAID = re.compile(
    r"\b(bạn|quý khách|người dùng|khách hàng|rất tiếc|oops|vui lòng|hàng tháng|hàng tuần|hàng năm|dashboard|"
    r"session|slot|check-in|feeds?|token|link|upload|khiếu kiện|gây rối|đã được xử lý)\b|!",
    re.IGNORECASE,
)
"""Words and signs the product does not use towards people who read Vietnamese."""
MAY_SAY = {
    # The word's own subject: a report of the law speaks of it in the law's words.
}
PLACEHOLDER = re.compile(r"\{[^}]*\}")


def test_both_languages_know_the_same_keys() -> None:
    assert keys("vi") ^ keys("en") == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_stands_once_in_the_file_of_its_feature(language: str) -> None:
    raw = raw_keys(language)
    assert sorted({key for key in raw if raw.count(key) > 1}) == []
    assert [entry.key for entry in entries(language) if entry.key.partition(".")[0] != entry.file] == []
    assert [entry.key for entry in entries(language) if not KEY.fullmatch(entry.key)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_has_its_words(language: str) -> None:
    assert [entry.key for entry in entries(language) if entry.fuzzy or not all(entry.forms)] == []


def test_both_languages_fill_the_same_blanks() -> None:
    english = {entry.key: entry for entry in entries("en")}
    pairs = [(entry, english[entry.key]) for entry in entries("vi") if entry.key in english]
    differing = {
        vi.key: unequal
        for vi, en in pairs
        if (unequal := _blanks(vi.forms) ^ _blanks(en.forms)) and not (unequal == {"n"} and en.plural)
    }
    assert differing == {}


def test_what_is_said_has_words() -> None:
    known = keys("vi") & keys("en")
    assert {place: key for key, place in spoken() if key not in known and not _composed(key)} == {}


def test_no_words_stand_there_unsaid() -> None:
    used = mentioned()
    assert sorted(key for key in keys("vi") if key not in used and not _composed(key)) == []


def test_beginnings_of_composed_keys_begin_a_key() -> None:
    begun = {**beginnings(), **dict.fromkeys(COMPOSED, "scheduler/language/composed.py")}
    known = keys("vi") & keys("en")
    assert {text: place for text, place in begun.items() if not any(key.startswith(text) for key in known)} == {}


def test_vietnamese_keeps_its_tone() -> None:
    found = {
        entry.key: match.group()
        for entry in entries("vi")
        for form in entry.forms
        if entry.key not in MAY_SAY and (match := NOT_SAID.search(PLACEHOLDER.sub("", form)))
    }
    assert found == {}


def _blanks(forms: tuple[str, ...]) -> set[str]:
    return {name.lower() for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}


def _composed(key: str) -> bool:
    return key.startswith((*COMPOSED, *beginnings()))

"""Short codes: read back whatever the hand or the ear makes of them, and refused where one sign is wrong."""

import pytest

from scheduler.rules.short_codes import LARGEST, SIGNS, number_of, short_code

NUMBERS = (1, 31, 32, 1023, 5860, 300_000, 9_999_999, LARGEST)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_code_leads_back(number: int) -> None:
    code = short_code(number)
    assert number_of(code) == number
    assert number_of(code.lower()) == number
    assert number_of(f"{code[:2]}-{code[2:]}") == number
    assert set(code) <= set(SIGNS)


def test_a_code_is_short() -> None:
    assert len(short_code(5860)) == 4
    assert len(short_code(300_000)) == 5


def test_look_alikes_are_read_as_meant() -> None:
    code = next(code for code in map(short_code, range(1000, 9000)) if "0" in code and "1" in code)
    assert number_of(code.replace("0", "O").replace("1", "l")) == number_of(code)


@pytest.mark.parametrize("number", NUMBERS)
def test_one_wrong_sign_or_two_that_changed_places_are_found(number: int) -> None:
    code = short_code(number)
    for place, sign in enumerate(code):
        wrong = [code[:place] + other + code[place + 1 :] for other in SIGNS if other != sign]
        assert not [one for one in wrong if number_of(one) is not None]
    for place in range(len(code) - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert swapped == code or number_of(swapped) is None


@pytest.mark.parametrize("code", ["", "0", "00", "5", "Ự", "5Q4X9", "ZZZZZZZZ", "5" * 500, "²²", "5Q 4X", "%00"])
def test_what_is_no_code(code: str) -> None:
    assert number_of(code) is None

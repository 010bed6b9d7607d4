"""Short codes for paper and speech: a row's number in 32 signs that do not look alike, and a sign that guards it."""

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and capitals without I, L, O and U (Crockford's base 32)."""
LOOK_ALIKES = str.maketrans("ILO", "110")
LARGEST = 2**31 - 1
LONGEST = 8
BITS = 5
FIELD = 0b100101
"""x⁵ + x² + 1: the signs are the numbers of a field in which every sign but zero can be divided by."""
VALUES = {sign: value for value, sign in enumerate(SIGNS)}


def short_code(number: int) -> str:
    """The code of a row: "5Q4K" for 5860; its last sign guards against one wrong sign and two that changed places."""
    digits = []
    while number:
        number, digit = divmod(number, len(SIGNS))
        digits.append(digit)
    digits = digits[::-1] or [0]
    return "".join(SIGNS[digit] for digit in (*digits, _guard(digits)))


def number_of(code: str) -> int | None:
    """The row a code names; None where it is none. Small letters, hyphens and look-alikes are read as meant."""
    signs = code.upper().replace("-", "").translate(LOOK_ALIKES)
    digits = [VALUES.get(sign, -1) for sign in signs]
    if not 2 <= len(digits) <= LONGEST or -1 in digits or digits[0] == 0:
        return None
    if _guard(digits[:-1]) != digits[-1]:
        return None
    number = 0
    for digit in digits[:-1]:
        number = number * len(SIGNS) + digit
    return number if number <= LARGEST else None


def _guard(digits: list[int]) -> int:
    """The sum of the signs, each weighed by a power of two of the field that no other place has."""
    guard = 0
    for digit in digits:
        guard = _doubled(guard ^ digit)
    return guard


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ FIELD if value >> BITS else value

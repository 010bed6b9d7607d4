"""What a password must be: long enough, and none that everybody tries first. No rule about kinds of signs."""

import re
import unicodedata

SHORTEST = 12
LONGEST = 128

COMMON_WORDS = (
    # What lists of leaked passwords begin with, and what an office here would think of first.
    "password",
    "passw0rd",
    "matkhau",
    "admin",
    "administrator",
    "welcome",
    "letmein",
    "iloveyou",
    "anhyeuem",
    "emyeuanh",
    "qwerty",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijkl",
    "abc",
    "abcd",
    "changeme",
    "secret",
    "dragon",
    "monkey",
    "football",
    "bongda",
    "superman",
    "princess",
    "sunshine",
    "master",
    "login",
    "dangnhap",
    "user",
    "test",
    "tiepcongdan",
    "tiepdan",
    "lichdan",
    "lichtiepcongdan",
    "vanphong",
    "ubnd",
    "hdnd",
    "uybannhandan",
    "hoidongnhandan",
    "danguy",
    "chutich",
    "bithu",
    "phuong",
    "vietnam",
    "hanoi",
    "thudo",
    "saigon",
    "hochiminh",
    "tphcm",
    "danang",
    "haiphong",
    "cantho",
    "hue",
)
"""In plain letters without blanks; they are refused alone, doubled, together, or with only digits around them."""

SWAPS = str.maketrans("@4031!$57", "aaoeiisst")
ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qazwsxedcrfvtgbyhnujmikolp")
FEWEST_SIGNS = 5
SHORTEST_PIECE = 4
FEWEST_OWN_LETTERS = 3


def password_fault(password: str, about: tuple[str, ...] = ()) -> str | None:
    """The key of what is wrong with a new password, None when it will do.

    `about` are words an outsider knows: the e-mail's name, the unit's name. Length is counted in code points of NFC.
    """
    password = unicodedata.normalize("NFC", password)
    if len(password) < SHORTEST:
        return "accounts.password-too-short"
    if len(password) > LONGEST:
        return "accounts.password-too-long"
    bare = _bare(password)
    if len(set(bare)) < FEWEST_SIGNS or _is_run(bare) or _is_repeated(bare):
        return "accounts.password-too-simple"
    known = sorted({_bare(word) for word in (*COMMON_WORDS, *about)} - {""}, key=len, reverse=True)
    if _is_known(bare, known) or _is_known(bare.translate(SWAPS), known):
        return "accounts.password-common"
    return None


def _bare(text: str) -> str:
    """Lower case, without accents, blanks and punctuation but those that stand for letters."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9@!$]", "", letters) or text.lower()


def _is_known(bare: str, known: list[str]) -> bool:
    """Whether known words, digits and signs are all there is; a letter or two more are no secret either."""
    rest = bare
    for word in known:
        if len(word) > 2:
            rest = rest.replace(word, "")
    return rest != bare and len(re.sub(r"[^a-z]", "", rest)) < FEWEST_OWN_LETTERS


def _is_repeated(bare: str) -> bool:
    """One short piece over and over: "abc1abc1abc1"."""
    return any(bare == (bare[:size] * len(bare))[: len(bare)] for size in range(1, len(bare) // 2 + 1))


def _is_run(bare: str) -> bool:
    """Few pieces, each along the alphabet, the digits or the keyboard: "qwertyuiop12", "abcdef654321"."""
    rows = [row for line in ROWS for row in (line, line[::-1])]
    left, pieces = bare, 0
    while left:
        left = left[max(max(_shared(left, row) for row in rows), 1) :]
        pieces += 1
    return pieces * SHORTEST_PIECE <= len(bare)


def _shared(left: str, row: str) -> int:
    """How many signs at the beginning of `left` stand in this order somewhere in the row."""
    size = 0
    while size < len(left) and left[: size + 1] in row:
        size += 1
    return size

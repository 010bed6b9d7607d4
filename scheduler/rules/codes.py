"""Codes of units and posts: the state's own with their zeros, otherwise short, readable and lasting."""

import re
import unicodedata

LONGEST = 48
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def is_code(text: str) -> bool:
    """Whether the text has the shape of a code: lower case letters, digits and single hyphens."""
    return len(text) <= 2 * LONGEST and CODE.fullmatch(text) is not None


def code_of(words: str) -> str:
    """A readable code: "Phòng Văn hóa - Xã hội" → "phong-van-hoa-xa-hoi"; cut at a whole word."""
    bare = unicodedata.normalize("NFD", words.lower().replace("đ", "d"))
    parts = re.findall(r"[a-z0-9]+", "".join(sign for sign in bare if not unicodedata.combining(sign)))
    code = ""
    for part in parts:
        longer = f"{code}-{part}" if code else part[:LONGEST]
        if len(longer) > LONGEST:
            break
        code = longer
    return code or "x"


def free_code(wanted: str, taken: set[str]) -> str:
    """The wanted code, or with -2, -3 … behind it where it is taken."""
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"

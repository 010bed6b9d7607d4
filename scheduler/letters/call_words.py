"""What is read out on the telephone about a change: the news of its letter, spoken, with who calls and why."""

from collections.abc import Mapping
from typing import Any

from scheduler.language import say
from scheduler.letters.blanks import fill_blanks

SPOKEN = (
    ("UBND", "Ủy ban nhân dân"),
    ("HĐND", "Hội đồng nhân dân"),
    ("MTTQ", "Mặt trận Tổ quốc"),
)
"""What is written short and read out long."""
OFFICE = "Văn phòng"


def call_words(language: str, facts: Mapping[str, Any]) -> str:
    """The sentences to read out, from the facts of the letter of kind "change"."""
    words = fill_blanks(facts, language)
    caller = "calls.from-office" if words["unit"].startswith(OFFICE) else "calls.from"
    parts = [say(language, caller, unit=words["unit"]), words["news"]]
    if words.get("told_by"):
        parts.append(say(language, "calls.told-by", day=words["told_by"]))
    if words.get("reason"):
        parts.append(say(language, "calls.because", reason=words["reason"]))
    return spoken(" ".join(parts))


def spoken(text: str) -> str:
    """The text with its short names read out long."""
    for short, long in SPOKEN:
        text = text.replace(short, long)
    return text

"""Numbers as each language writes them: "4.723", "91,1%" in Vietnamese, "4,723", "91.1%" in English."""

NOTHING = "—"
"""A share of nothing: never 0, never 100."""


def count_words(language: str, number: int) -> str:
    """A whole number with its thousands apart."""
    return f"{number:,}".replace(",", ".") if language == "vi" else f"{number:,}"


def rate_words(language: str, part: int, whole: int) -> str:
    """The share in percent with one place, "—" of nothing. Only a whole share is written as 100%."""
    if not whole:
        return NOTHING
    tenths = round(part * 1000 / whole)
    if tenths == 1000 and part != whole:
        tenths = 999
    if tenths == 0 and part:
        tenths = 1
    text = f"{tenths // 10}.{tenths % 10}%"
    return text.replace(".", ",") if language == "vi" else text

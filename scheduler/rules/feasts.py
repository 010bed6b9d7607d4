"""The statutory feasts and the other kinds of named days, known again by their names wherever a row comes from."""

from functools import lru_cache

# Beginning of the name as the calendar, `holidays` or a clerk writes it; the first that fits counts.
FEASTS = (
    ("Nghỉ bù", "in_lieu"),
    ("Nghỉ hoán đổi", "swap"),
    ("Làm bù", "swap"),
    ("Tết Dương lịch", "new_year"),
    ("Tết Nguyên đán", "tet"),
    ("Giỗ Tổ", "hung_kings"),
    ("Ngày Chiến thắng", "victory"),
    ("Ngày Quốc tế Lao động", "labour"),
    ("Quốc khánh", "national"),
    ("Ngày Văn hóa", "culture"),
)
OTHER = "other"
KINDS = (*dict.fromkeys(kind for _, kind in FEASTS), OTHER)

# Days that only lean on a feast: they do not give a break its name.
LEANING_KINDS = ("in_lieu", "swap", OTHER)


@lru_cache(maxsize=1024)
def kind_of(name: str) -> str:
    """The kind of a named day, one of KINDS."""
    folded = name.casefold()
    return next((kind for start, kind in FEASTS if folded.startswith(start.casefold())), OTHER)

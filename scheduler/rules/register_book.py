"""The reception register (sổ tiếp công dân): which form holds on which day, and its columns.

Both forms are called 03, and other circulars have forms of the same codes: a form is named by its decree or circular.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.errors import BadInput

LONGEST = timedelta(days=366)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what fills it, its share of the sheet in millimetres, and the heading it stands under with others."""

    key: str
    width: int
    under: str = ""


@dataclass(frozen=True, slots=True)
class RegisterForm:
    """A form and the days it holds on, both included; None: without end on that side."""

    key: str
    first_day: date | None
    last_day: date | None
    columns: tuple[Column, ...]


REGISTER_FORMS = (
    # Thông tư 04/2021/TT-TTCP, form no. 03.
    RegisterForm(
        "circular-04-2021",
        None,
        date(2026, 6, 30),
        (
            Column("number", 10),
            Column("day", 19),
            Column("person", 36),
            Column("identity", 21),
            Column("matter", 50),
            Column("kind-and-people", 21),
            Column("settled-by", 22),
            Column("accepted", 14, "directions"),
            Column("guided", 23, "directions"),
            Column("transferred", 23, "directions"),
            Column("result", 24),
            Column("note", 14),
        ),
    ),
    # Nghị định 154/2026/NĐ-CP, form 03/TCD.
    RegisterForm(
        "decree-154-2026",
        date(2026, 7, 1),
        None,
        (
            Column("number", 10),
            Column("day", 19),
            Column("person", 36),
            Column("identity", 21),
            Column("matter", 50),
            Column("kind", 18),
            Column("same-content", 16),
            Column("settled-by", 22),
            Column("competent", 14),
            Column("guided", 23),
            Column("transferred", 23),
            Column("followed", 25),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A run of days under one form, both included."""

    form: RegisterForm
    first: date
    last: date


def form_on(day: date) -> RegisterForm:
    """The form in which a visit of that day is written down."""
    return next(form for form in REGISTER_FORMS if _holds(form, day))


def parts_of(first: date, last: date) -> list[Part]:
    """The days from `first` to `last`, cut where another form begins. Raises BadInput for none, or too long a one."""
    if last < first:
        raise BadInput("register_book.ends-first", "last")
    if last - first > LONGEST:
        raise BadInput("register_book.too-long", "last", n=LONGEST.days)
    parts = []
    while first <= last:
        form = form_on(first)
        end = min(last, form.last_day or last)
        parts.append(Part(form, first, end))
        first = end + ONE_DAY
    return parts


def _holds(form: RegisterForm, day: date) -> bool:
    return (form.first_day is None or form.first_day <= day) and (form.last_day is None or day <= form.last_day)

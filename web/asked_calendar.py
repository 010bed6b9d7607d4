"""What a public calendar's address asks for: a year or a month, as months or as a list, of one post, of one kind."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import request

from scheduler.errors import BadInput, HouseError, NotFound
from scheduler.models import Post
from scheduler.queries.public import Subject
from web.asked import asked_kinds
from web.request_cycle import today

FIRST_YEAR, LAST_YEAR = 2014, 2100
WHOLE_YEAR = tuple(range(1, 13))
GROUPS = (
    ("reception", ("periodic_reception", "adhoc_reception")),
    ("dialogue", ("dialogue",)),
    ("voter_meeting", ("voter_meeting",)),
)
"""What a resident chooses between; the table of kinds knows more."""
VIEWS = ("year", "list")


@dataclass(frozen=True)
class Asked:
    """The days wanted (both included) and their months; `post` and `kinds` leave out all others."""

    first: date
    last: date
    months: tuple[int, ...]
    view: str
    post: Post | None
    kinds: tuple[str, ...]

    @property
    def group(self) -> str:
        """The chosen group of kinds, blank for all."""
        return next((key for key, kinds in GROUPS if kinds == self.kinds), "")

    @property
    def filtered(self) -> bool:
        """Whether anything is left out."""
        return bool(self.post or self.kinds)

    def query(self, **instead: object) -> dict[str, str]:
        """The address's own choices with some changed; what is blank is left out."""
        own: dict[str, object] = {
            "year": self.first.year,
            "month": self.first.month if len(self.months) == 1 else "",
            "view": self.view if self.view != VIEWS[0] else "",
            "post": self.post.code if self.post else "",
            "kind": self.group or ",".join(self.kinds),
        }
        return {name: str(value) for name, value in (own | instead).items() if value not in ("", None)}


def asked_calendar(subject: Subject) -> Asked:
    """What the request asks of this calendar. Raises BadInput for no time or kind, NotFound for no post."""
    first, last, months = _period()
    view = request.args.get("view", "") or VIEWS[0]
    if view not in VIEWS:
        raise BadInput("public.no-such-view")
    return Asked(first, last, months, view, _post(subject), _kinds())


def _kinds() -> tuple[str, ...]:
    chosen = dict(GROUPS).get(request.args.get("kind", ""))
    return asked_kinds() if chosen is None else chosen


def _post(subject: Subject) -> Post | None:
    code = request.args.get("post", "")
    if not code:
        return None
    found = next((head for head in subject.heads if head.code == code), None)
    if found is None:
        raise NotFound("errors.not-found")
    return found


def _period() -> tuple[date, date, tuple[int, ...]]:
    """First and last day of what the address asks for, and its months. Raises BadInput."""
    year, month = _number("year", today().year), _number("month", 0)
    if not FIRST_YEAR <= year <= LAST_YEAR or not 0 <= month <= 12:
        raise _no_such_period()
    if not month:
        return date(year, 1, 1), date(year, 12, 31), WHOLE_YEAR
    after = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), after - timedelta(days=1), (month,)


def _number(name: str, default: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise _no_such_period()
    return int(text)


def _no_such_period() -> HouseError:
    return BadInput("public.no-such-period", first=FIRST_YEAR, last=LAST_YEAR)

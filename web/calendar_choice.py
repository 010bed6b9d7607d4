"""What the desk's calendar is asked for in its address: which days, which units, which head, place and kind."""

from calendar import Calendar as Weeks
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import Place, Post
from scheduler.queries.access import units_readable
from scheduler.queries.desk_calendar import (
    Asked,
    places_to_choose,
    posts_to_choose,
    readable_place,
    readable_post,
)
from scheduler.queries.search import LONGEST, search_posts
from scheduler.rules.kinds import KIND
from scheduler.rules.permissions import Actor
from web import request_cycle
from web.asked import asked_day, asked_text
from web.unit_choice import UnitChoice, asked_units

VIEWS = ("month", "week", "list")
LONGEST_NUMBER = 10


@dataclass(frozen=True)
class CalendarChoice:
    """The view with its days, and what narrows it; `post_text` and `place_text` are what links repeat.

    `posts` and `places` are those to choose from, none where they are many.
    """

    view: str
    day: date
    units: UnitChoice
    post_text: str
    post: Post | None
    posts: tuple[Post, ...]
    place_text: str
    place: Place | None
    places: tuple[Place, ...]
    kind: str

    @property
    def first(self) -> date:
        """The first day that is shown."""
        return self._days()[0]

    @property
    def last(self) -> date:
        """The last day that is shown."""
        return self._days()[-1]

    @property
    def earlier(self) -> date:
        """A day of the week or month before."""
        return (self.day - timedelta(days=7)) if self.view == "week" else self.day.replace(day=1) - timedelta(days=1)

    @property
    def later(self) -> date:
        """A day of the week or month after."""
        if self.view == "week":
            return self.day + timedelta(days=7)
        return (self.day.replace(day=1) + timedelta(days=31)).replace(day=1)

    @property
    def none_named(self) -> bool:
        """Whether a head was asked for whom nobody is."""
        return bool(self.post_text) and self.post is None

    def asked(self, actor: Actor, first: date, last: date) -> Asked:
        """The question to the database for these days."""
        units = [] if self.none_named else self.units.ids
        post = self.post.id if self.post else None
        return Asked(actor, first, last, units, post, self.place, self.kind)

    def query(self, **other: str | None) -> dict[str, str]:
        """What an address of this calendar repeats, with `other` in its place."""
        said: dict[str, str | None] = {
            "unit": self.units.text, "post": self.post_text, "place": self.place_text, "kind": self.kind,
            "view": self.view, "day": self.day.isoformat(),
        }  # fmt: skip
        return {name: value for name, value in (said | other).items() if value}

    def _days(self) -> list[date]:
        if self.view == "week":
            monday = self.day - timedelta(days=self.day.weekday())
            return [monday + timedelta(days=step) for step in range(7)]
        weeks = Weeks().monthdatescalendar(self.day.year, self.day.month)
        days = [day for week in weeks for day in week]
        return days if self.view == "month" else [day for day in days if day.month == self.day.month]


def asked_calendar(db: Db, actor: Actor) -> CalendarChoice:
    """The calendar the address asks for. Raises NotFound for a view, kind or place there is not, BadInput for a day."""
    view, kind = asked_text("view") or "month", asked_text("kind")
    if view not in VIEWS or (kind and kind not in KIND):
        raise NotFound("errors.not-found")
    units = asked_units(db, actor)
    posts = posts_to_choose(db, actor, units.ids)
    places = places_to_choose(db, actor, units.ids)
    post_text = " ".join(asked_text("post")[:LONGEST].split())
    post = _post_meant(db, actor, post_text) if post_text else None
    place_text = asked_text("place")
    return CalendarChoice(
        view, asked_day("day", request_cycle.today()), units, post.code if post else post_text, post, tuple(posts),
        place_text, _place_meant(db, actor, place_text) if place_text else None, tuple(places), kind,
    )  # fmt: skip


def _post_meant(db: Db, actor: Actor, text: str) -> Post | None:
    """The head that a code or a typed name means, in the units the actor reads."""
    coded = readable_post(db, actor, text)
    if coded is not None:
        return coded
    return next(iter(search_posts(db, text, 1, within=units_readable(actor))), None)


def _place_meant(db: Db, actor: Actor, text: str) -> Place:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else 0
    found = readable_place(db, actor, number)
    if found is None:
        raise NotFound("errors.not-found")
    return found

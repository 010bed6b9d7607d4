"""The posts that a plan's `host` names: found by their title however it is written out, made where they are missing."""

from collections.abc import Iterable
from datetime import datetime

from scheduler.actions.posts import create_post
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.models import Post, Unit
from scheduler.queries.named_posts import folded, posts_known
from scheduler.rules.permissions import Actor


def posts_named(db: Db, unit: Unit, names: Iterable[str], *, by: Actor, now: datetime) -> dict[str, Post]:
    """The post of each name, of the unit or of a body beside it in the same place; made in the unit where missing.

    Raises BadInput("schedules.same-post-twice") where two names mean one post.
    """
    known = posts_known(db, unit)
    found: dict[str, Post] = {}
    for name in names:
        post = known.get(folded(name)) or create_post(db, unit, name, by=by, now=now)
        twin = next((other for other, taken in found.items() if taken.id == post.id), None)
        if twin is not None:
            raise BadInput("schedules.same-post-twice", "host", name=name, twin=twin)
        found[name] = post
    return found

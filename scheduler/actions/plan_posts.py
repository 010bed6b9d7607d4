"""The posts that a plan's `host` names: found by their title however it is written out, made where they are missing."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from scheduler.actions.posts import create_post
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.models import Post, Unit
from scheduler.rules.kinds import BODY_SUFFIXES
from scheduler.rules.names import (
    BODY_WORDS,
    PLACE_TYPES,
    core_name,
    inside_sentence,
    post_in_words,
    shortened,
    spoken_names,
)
from scheduler.rules.permissions import Actor


def posts_named(db: Db, unit: Unit, names: Iterable[str], *, by: Actor, now: datetime) -> dict[str, Post]:
    """The post of each name, of the unit or of a body beside it in the same place; made in the unit where missing.

    Raises BadInput("schedules.same-post-twice") where two names mean one post.
    """
    known = _known_posts(db, unit)
    found: dict[str, Post] = {}
    for name in names:
        post = known.get(_folded(name)) or create_post(db, unit, name, by=by, now=now)
        twin = next((other for other, taken in found.items() if taken.id == post.id), None)
        if twin is not None:
            raise BadInput("schedules.same-post-twice", "host", name=name, twin=twin)
        found[name] = post
    return found


def _known_posts(db: Db, unit: Unit) -> dict[str, Post]:
    """Posts by every way to write them; the unit's own before those of its bodies, exact titles before the others."""
    beside = select(Unit.id).where(Unit.parent_id == unit.id, Unit.kind.in_(tuple(BODY_SUFFIXES)))
    query = (
        select(Post)
        .where(or_(Post.unit_id == unit.id, Post.unit_id.in_(beside)), Post.valid_to.is_(None))
        .options(joinedload(Post.unit))
    )
    posts = sorted(db.scalars(query), key=lambda post: (post.unit_id != unit.id, post.position, post.id))
    known: dict[str, Post] = {}
    for post in posts:
        known.setdefault(_folded(post.title), post)
    for post in posts:
        for form in (post.code, *_written_out(post)):
            known.setdefault(_folded(form), post)
    return known


def _written_out(post: Post) -> Iterable[str]:
    """ "Chủ tịch UBND" of "UBND phường Hoàn Kiếm": with the whole name, with "phường", with "Hoàn Kiếm"."""
    place = _place_in(post.unit.name)
    yield post_in_words(post.title, post.unit.name)
    yield f"{post.title} {inside_sentence(place)}"
    core = core_name(place)
    yield f"{post.title} {core}"
    kind = next((kind for kind in PLACE_TYPES if place.lower().startswith(f"{kind.lower()} ")), "")
    if kind:
        yield f"{post.title} {kind}"
    yield from spoken_names(post.title, inside_sentence(place))


def _place_in(name: str) -> str:
    """The place in a body's name: "UBND phường Hoàn Kiếm" → "phường Hoàn Kiếm"."""
    word = next((word for word in BODY_WORDS if name.startswith(f"{word} ")), "")
    return name.removeprefix(word).strip()


def _folded(text: str) -> str:
    return shortened(text).casefold()

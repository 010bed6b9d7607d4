"""The posts of a unit and of the bodies beside it, by every way in which a plan may write their titles."""

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from scheduler.database import Db
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


def posts_known(db: Db, unit: Unit) -> dict[str, Post]:
    """Posts by every way to write them, folded; the unit's own before those of its bodies, exact titles first."""
    beside = select(Unit.id).where(Unit.parent_id == unit.id, Unit.kind.in_(tuple(BODY_SUFFIXES)))
    query = (
        select(Post)
        .where(or_(Post.unit_id == unit.id, Post.unit_id.in_(beside)), Post.valid_to.is_(None))
        .options(joinedload(Post.unit))
    )
    posts = sorted(db.scalars(query), key=lambda post: (post.unit_id != unit.id, post.position, post.id))
    known: dict[str, Post] = {}
    for post in posts:
        known.setdefault(folded(post.title), post)
    for post in posts:
        for form in (post.code, *_written_out(post)):
            known.setdefault(folded(form), post)
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


def folded(text: str) -> str:
    """A name as it is compared: shortened, without capitals."""
    return shortened(text).casefold()

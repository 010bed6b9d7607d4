"""Which of several successors gets a thing: the likes of old units, posts and places below the one that was chosen."""

from collections.abc import Iterable

from scheduler.actions.succession_units import Moves, like_place, like_post, like_unit
from scheduler.database import Db
from scheduler.models import Place, Post, Unit


def unit_for(db: Db, moves: Moves, old_id: int, share: int = 0) -> Unit:
    """What follows an old unit below the successor at this place among them."""
    if not share:
        return moves.heirs[old_id]
    old = moves.olds[old_id]
    above = moves.olds.get(old.parent_id or 0)
    if above is None:
        return moves.shares[share]
    return like_unit(db, moves, old, old=above, heir=unit_for(db, moves, above.id, share))


def posts_for(db: Db, moves: Moves, post_ids: Iterable[int], share: int = 0) -> dict[int, int]:
    """The posts that follow these, by their ids; one of no old unit stays what it is."""
    return {post: _post_for(db, moves, post, share) for post in post_ids}


def place_for(db: Db, moves: Moves, place_id: int, share: int = 0) -> int:
    """The place that follows a place."""
    if not share or place_id not in moves.places:
        return moves.places.get(place_id, place_id)
    place = db.get_one(Place, place_id)
    return like_place(db, moves, place, unit_for(db, moves, place.unit_id, share)).id


def _post_for(db: Db, moves: Moves, post_id: int, share: int) -> int:
    if not share or post_id not in moves.posts:
        return moves.posts.get(post_id, post_id)
    post = db.get_one(Post, post_id)
    return like_post(db, moves, post, unit_for(db, moves, post.unit_id, share)).id

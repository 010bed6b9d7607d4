"""Posts of units: made by hand, by a plan that names them, and with every place."""

from datetime import date, datetime

from sqlalchemy import select

from scheduler.actions.ledger import record
from scheduler.actions.places import checked_name
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.models import Post, Unit
from scheduler.queries.access import may, require
from scheduler.queries.search import post_search_text
from scheduler.rules.codes import code_of, free_code, is_code
from scheduler.rules.names import guessed_duty, post_word, shortened
from scheduler.rules.permissions import Actor


def create_post(
    db: Db,
    unit: Unit,
    title: str,
    *,
    code: str = "",
    duty: str | None = None,
    is_head: bool | None = None,
    position: int | None = None,
    valid_from: date | None = None,
    by: Actor,
    now: datetime,
) -> Post:
    """A new post of a unit. Without `duty` the title tells which legal duty it carries, if any. Raises BadInput."""
    if not may(db, by, "administer", unit.id):
        require(db, by, "plan", unit.id)  # a plan names posts that are not there yet
    title = checked_name(shortened(title))
    if duty is None:
        duty = guessed_duty(title, unit.level)
    post = Post(
        code=_new_post_code(db, code, title, unit),
        unit=unit,
        title=title,
        duty=duty,
        is_head=bool(duty) if is_head is None else is_head,
        position=50 if position is None else position,
        valid_from=valid_from,
        search=post_search_text(title, unit),
    )
    db.add(post)
    db.flush()
    record(db, "post.created", by=by, now=now, unit_id=unit.id, subject=f"post:{post.id}", title=title, code=post.code)
    return post


def _new_post_code(db: Db, code: str, title: str, unit: Unit) -> str:
    taken = set(db.scalars(select(Post.code).where(Post.code.startswith(f"{unit.code}-", autoescape=True))))
    if not code:
        return free_code(f"{unit.code}-{code_of(post_word(title))}", taken)
    if not is_code(code):
        raise BadInput("units.bad-code", place="code", code=code)
    if code in taken:
        raise BadInput("units.code-taken", place="code", code=code)
    return code

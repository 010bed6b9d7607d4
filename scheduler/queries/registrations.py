"""Registrations as pages, the counter and letters read them."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import Occurrence, Registration
from scheduler.queries.agenda import public_occurrence

SLUG_LENGTH = 64


def find_registration(db: Db, slug: str) -> Registration:
    """The registration with this address, with its sitting. Raises NotFound."""
    found = None
    if len(slug) <= SLUG_LENGTH and slug.isascii() and slug.isalnum():
        query = select(Registration).where(Registration.slug == slug)
        found = db.scalars(query.options(joinedload(Registration.occurrence))).one_or_none()
    if found is None:
        raise NotFound("errors.not-found")
    return found


def open_for_registration(db: Db, slug: str) -> Occurrence:
    """The public sitting with this address. Raises NotFound as if a draft did not exist."""
    return public_occurrence(db, slug)


def may_be_registered_for(occurrence: Occurrence, *, now: datetime) -> bool:
    """Whether the sitting takes place on a known day and is not over."""
    return occurrence.state == "published" and occurrence.ends_at is not None and occurrence.ends_at > now


def cut_off_passed(occurrence: Occurrence, today: date) -> bool:
    """Whether its last day to register is over."""
    return occurrence.register_by is not None and today > occurrence.register_by

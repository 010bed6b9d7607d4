"""Units, posts and sittings as the contract names their fields; files of a year tell the same."""

from datetime import datetime
from typing import Any

from calendars.served import Wish
from scheduler.clock import to_local
from scheduler.models import Occurrence, Post, Unit
from scheduler.queries.agenda import host_titles, status_of
from scheduler.queries.feeds import Subject
from scheduler.queries.registrations import may_be_registered_for
from scheduler.rules.short_codes import short_code
from web.feed_addresses import feed_address

Item = dict[str, Any]


def occurrence_item(row: Occurrence, base_url: str, now: datetime) -> Item:
    """A sitting; what stands behind `url` was added to the contract's fields."""
    page = f"{base_url}/occurrences/{row.slug}"
    return {
        "id": row.slug,
        "uid": row.uid,
        "kind": row.kind,
        "unit": row.unit.code,
        "posts": [host.post.code for host in row.hosts],
        "planned_date": row.planned_day.isoformat(),
        "date": row.day.isoformat() if row.day else None,
        "hours": list(row.hours),
        "start": to_local(row.starts_at).isoformat() if row.starts_at else None,
        "end": to_local(row.ends_at).isoformat() if row.ends_at else None,
        "place": row.place,
        "status": status_of(row),
        "sequence": row.sequence,
        "change_reason": row.change_reason,
        "url": page,
        "who": ", ".join(host_titles(row)) or row.unit.name,
        "short_url": f"{base_url}/b/{short_code(row.id)}",
        "register_url": f"{page}/register" if may_be_registered_for(row, now=now) else None,
    }


def unit_item(row: Unit) -> Item:
    """A unit."""
    return {
        "code": row.code,
        "name": row.name,
        "level": row.level,
        "parent": None if row.parent is None else row.parent.code,
    }


def post_item(row: Post, base_url: str) -> Item:
    """A post and its calendar."""
    subject = Subject("post", row.id, row.code, row.title, row.unit.level)
    return {
        "code": row.code,
        "title": row.title,
        "unit": row.unit.code,
        "feed": feed_address(base_url, subject, Wish()),
    }

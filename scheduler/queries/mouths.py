"""What is told of a sitting or a notice in words for people: the newest news, or that of an older version."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from scheduler.language.listings import Listing, Series
from scheduler.language.mouths import News
from scheduler.models import Notice, Occurrence, OccurrenceChange, Unit
from scheduler.queries.agenda import host_titles, titled
from scheduler.rules.documents import full_number

STEPS = {
    "postpone": "put-off",
    "cancel": "cancelled",
    "restore": "restored",
    "change_place": "place",
    "change_hours": "hours",
    "change_details": "details",
}
"""What each step of a change is told as; a move and another chair are told by what they changed."""


def news_of(occurrence: Occurrence, *, told_on: date, sequence: int | None = None) -> News:
    """The news of this version, of the newest where none is given: its publication, or the change that made it.

    `occurrence` comes with its hosts, place, notice and changes (`agenda.WHOLE`).
    """
    wanted = occurrence.sequence if sequence is None else sequence
    changes = occurrence.changes
    change = changes[wanted - 1] if 0 < wanted <= len(changes) else None
    state = change.after if change else changes[0].before if changes else _state_of(occurrence)
    before = change.before if change else {}
    return News(
        what=_what(change) if change else "published",
        kind=occurrence.kind,
        office=occurrence.unit.name,
        who=", ".join(host_titles(occurrence)) or occurrence.unit.name,
        told_on=told_on,
        day=_day(state.get("day")),
        hour=_beginning(state.get("hours") or occurrence.hours),
        place=state.get("place") or place_words(occurrence),
        old_day=_day(before.get("day")) or occurrence.published_day or occurrence.planned_day,
        chair=_chair(occurrence, state),
        until=_day(state.get("told_by")),
        reason=change.reason if change else "",
        number=_number(occurrence, change),
        phone=phone_of(occurrence),
    )


def place_words(occurrence: Occurrence) -> str:
    """Where it takes place: as published, else its place, the unit's address, or the unit itself."""
    row = occurrence.place_row
    listed = ", ".join(part for part in (row.name, row.address) if part) if row else ""
    return occurrence.place or listed or occurrence.unit.address or occurrence.unit.name


def phone_of(occurrence: Occurrence) -> str:
    """The number to ask about it: of its place, its unit, or the place the unit belongs to."""
    at = occurrence.place_row.phone if occurrence.place_row else ""
    unit = occurrence.unit
    return at or unit.phone or (unit.parent.phone if unit.parent else "")


def _what(change: OccurrenceChange) -> str:
    if change.step == "change_chair":
        return "chair" if change.after.get("stands_in") else "head-back"
    if change.step != "move":
        return STEPS[change.step]
    if not change.before.get("day"):
        return "dated"
    if change.before["day"] != change.after.get("day"):
        return "moved"
    return "hours" if change.before.get("hours") != change.after.get("hours") else "place"


def _chair(occurrence: Occurrence, state: dict[str, Any]) -> str:
    """The post that stands in, since a post says more to people than a name; the name where no post is known."""
    post_id, name = state.get("chair") or [None, ""]
    post = occurrence.chair_post
    return titled(post) if post is not None and post.id == post_id else str(name)


def _number(occurrence: Occurrence, change: OccurrenceChange | None) -> str:
    """The number of the notice that tells it, in full; "" where there is none."""
    number = change.notice_number if change is not None else occurrence.notice.number if occurrence.notice else ""
    return _in_full(number, occurrence.unit)


def _in_full(number: str, unit: Unit) -> str:
    return full_number(number, kind="schedule", unit_kind=unit.kind, unit_name=unit.name) if number.strip() else ""


def _state_of(occurrence: Occurrence) -> dict[str, Any]:
    told_by = occurrence.to_be_told_by
    return {
        "day": occurrence.day.isoformat() if occurrence.day else None,
        "hours": occurrence.hours,
        "place": occurrence.place,
        "chair": [occurrence.chair_post_id, occurrence.chair_name],
        "told_by": told_by.isoformat() if told_by else None,
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _beginning(hours: list[str]) -> str:
    return hours[0].split("-")[0] if hours else ""


def listing_of(notice: Notice, sittings: Iterable[Occurrence], today: date) -> Listing:
    """What a notice made public and is still to come, by head, hour and place."""
    coming = [one for one in sittings if one.state == "published" and one.day is not None and one.day >= today]
    grouped: dict[tuple[str, str, str], list[date]] = {}
    for one in coming:
        who = ", ".join(host_titles(one)) or one.unit.name
        assert one.day is not None
        grouped.setdefault((who, _beginning(list(one.hours)), place_words(one)), []).append(one.day)
    series = [Series(who, hour, place, tuple(sorted(days))) for (who, hour, place), days in grouped.items()]
    phone = phone_of(coming[0]) if coming else notice.unit.phone
    kind = coming[0].kind if coming else "periodic_reception"
    return Listing(notice.unit.name, kind, tuple(series), _in_full(notice.number, notice.unit), phone)

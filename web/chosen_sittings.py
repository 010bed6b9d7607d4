"""Which sittings a list of the desk shows, and which of them a deed is asked for: those ticked, or all it finds."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for

from scheduler.clock import parse_day
from scheduler.errors import NotFound, RuleBroken
from scheduler.models import Occurrence, Schedule
from scheduler.queries.access import require
from scheduler.queries.agenda import occurrences_by_id
from scheduler.queries.days import working_calendar
from scheduler.queries.desk import AT_ONCE, LIST, Today, ids_in
from scheduler.queries.schedules import find_schedule
from scheduler.rules.kinds import KINDS
from scheduler.rules.publication import notice_days, publish_by
from web import request_cycle
from web.form_rows import number_of
from web.guards import signed_in
from web.language import say
from web.unit_choice import UnitChoice, asked_units

SLUG_LENGTH = 64


@dataclass(frozen=True)
class AskedList:
    """One list of the desk, narrowed as its address says."""

    key: str
    units: UnitChoice
    kind: str = ""
    day: date | None = None
    month: date | None = None
    schedule: Schedule | None = None

    @property
    def narrowing(self) -> dict[str, Any]:
        """The same for `queries.desk`."""
        schedule_id = self.schedule.id if self.schedule else None
        return {
            "units": self.units.ids,
            "kind": self.kind,
            "day": self.day,
            "month": self.month,
            "schedule_id": schedule_id,
        }

    @property
    def address(self) -> dict[str, Any]:
        """The same for an address."""
        return {
            "list": self.key,
            "unit": self.units.text or None,
            "kind": self.kind or None,
            "day": self.day.isoformat() if self.day else None,
            "month": f"{self.month:%Y-%m}" if self.month else None,
            "schedule": self.schedule.id if self.schedule else None,
        }


def asked_list(default: str = "upcoming") -> AskedList:
    """The list the address asks for. Raises NotFound for one there is not."""
    db, actor = request_cycle.db(), signed_in()
    key, kind = request.args.get("list", default), request.args.get("kind", "")
    if key not in LIST or (kind and kind not in {one.key for one in KINDS}):
        raise NotFound("errors.not-found")
    schedule = None
    if request.args.get("schedule"):
        schedule = find_schedule(db, number_of(request.args["schedule"]) or 0)
        require(db, actor, "read", schedule.unit_id)
    month = _day(f"{request.args['month']}-01") if request.args.get("month") else None
    day = _day(request.args["day"]) if request.args.get("day") else None
    return AskedList(key, asked_units(db, actor), kind, day, month, schedule)


def chosen_ids(default: str = "") -> list[int]:
    """The ids ticked, or with `everything` all that the list of the address finds.

    Raises RuleBroken where there is none; with a `default` list all that this one finds is meant then.
    """
    if request.values.get("everything") or (default and "id" not in request.values):
        asked = asked_list(default or "upcoming")
        ids = ids_in(request_cycle.db(), signed_in(), asked.key, today(), **asked.narrowing)
        if len(ids) > AT_ONCE:
            raise RuleBroken("occurrences.too-many", n=AT_ONCE)
    else:
        given = dict.fromkeys(request.values.getlist("id"))
        ids = [number for number in map(number_of, given) if number is not None]
    if not ids and not default:
        raise RuleBroken("occurrences.none-chosen")
    return ids


def readable(ids: Iterable[int]) -> list[Occurrence]:
    """These sittings, where the reader may read them all. Raises NotFound."""
    db, actor = request_cycle.db(), signed_in()
    rows = occurrences_by_id(db, ids)
    for unit_id in {one.unit_id for one in rows}:
        require(db, actor, "read", unit_id)
    return rows


def today() -> Today:
    """The day and the working days, for the lists."""
    return Today(request_cycle.today(), working_calendar(request_cycle.db()))


def lines_of(rows: Iterable[Occurrence], day: Today) -> dict[int, tuple[date, int]]:
    """For each dated sitting the last day for publishing it in time, and the notice it would have from today."""
    return {
        one.id: (
            publish_by(one.day, one.kind, day.calendar),
            notice_days(day.day, one.day, one.kind, day.calendar),
        )
        for one in rows
        if one.day is not None
    }


def back_to(key: str) -> str:
    """Where a deed leads back to: the sitting's own page it was done from, else the list."""
    slug = request.values.get("back", "")
    if slug and slug.isalnum() and len(slug) <= SLUG_LENGTH:
        return url_for("occurrences.show", slug=slug)
    return url_for("occurrences.list_occurrences", list=key)


def told(step: str, done: int, rows: Iterable[Occurrence] = ()) -> str:
    """What a step did, and of those it had not to do anything with, in which state they are."""
    states = Counter(one.state for one in rows)
    parts = [say("occurrences.n-in-state", n=n, state=say(f"states.{state}")) for state, n in states.items()]
    if not done:
        return say(f"occurrences.nothing-{step}", states="; ".join(parts))
    said = say(f"occurrences.done-{step}", n=done)
    return f"{said} {say('occurrences.besides', states='; '.join(parts))}" if parts else said


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except ValueError:
        raise NotFound("errors.not-found") from None

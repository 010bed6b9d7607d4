"""What an altered plan or calendar asks of the sittings that are there: drafts follow, what is public is proposed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from scheduler.models import Occurrence
from scheduler.queries.planned import NO_SITTING, Values
from scheduler.rules.recurrence_forms import set_later_until
from scheduler.rules.workflow import BEFORE_PUBLIC

Verdict = Literal["made", "changed", "removed", "kept", "proposed", "settled"]

COMPARED = (
    "day",
    "outcome",
    "hours",
    "place",
    "hosts",
    "kind",
    "content",
    "attend",
    "stand_in",
    "area",
    "notify",
    "register_by",
)
"""Values that make a sitting another one; the rest follows from them."""
OPEN = ("published", "postponed")
WITHDRAWN = {"state": "cancelled"}
PUT_OFF = {"state": "postponed"}


@dataclass(frozen=True)
class Difference:
    """One planned date that comes out otherwise.

    `old` are the row's values as found, `proposed` is what a public sitting would become, fit for JSON. "kept": a
    change by hand stands against it; "settled": a public sitting is as planned again, what was proposed is outdated.
    """

    planned_day: date
    verdict: Verdict
    occurrence: Occurrence | None
    values: Values | None
    fields: tuple[str, ...] = ()
    proposed: dict[str, Any] = field(default_factory=dict)
    old: Values | None = None


def differences(
    rows: Iterable[Occurrence], before: Mapping[date, Values], after: Mapping[date, Values], *, today: date
) -> list[Difference]:
    """What changes between two plannings of one schedule, by planned day.

    Only what the plan itself says otherwise than before counts, so that changes by hand stay; sittings that have been
    held, cancelled or are over are left alone.
    """
    there = {row.planned_day: row for row in rows}
    found = (
        _difference(day, there.get(day), before=before.get(day), after=after.get(day), today=today)
        for day in sorted(there.keys() | before.keys() | after.keys())
    )
    return [difference for difference in found if difference is not None]


def changed_fields(before: Values | None, after: Values | None) -> tuple[str, ...]:
    """The names of what differs; all of them where one side is missing."""
    if before is None or after is None:
        return () if before is after else COMPARED
    return tuple(name for name in COMPARED if before[name] != after[name])


def is_upcoming(occurrence: Occurrence, today: date) -> bool:
    """Whether it is still to come, today included; one whose day is set later may come until its period ends."""
    if occurrence.day is None and occurrence.why and occurrence.why[0][0] == "why.set-later":
        return set_later_until(occurrence.why[0][1]) >= today
    return (occurrence.day or occurrence.planned_day) >= today


def proposal_for(occurrence: Occurrence, after: Values | None, fields: Iterable[str]) -> dict[str, Any]:
    """What would have to change in a public sitting to be as planned; empty when it is so already."""
    if after is None or after["outcome"] in NO_SITTING:
        return dict(WITHDRAWN)
    current = current_values(occurrence)
    proposed: dict[str, Any] = {}
    for name in fields:
        if name == "day" and after["day"] is None:
            proposed |= PUT_OFF if occurrence.state != "postponed" and occurrence.day is not None else {}
        elif name != "outcome" and after[name] != current[name]:
            value = after[name]
            proposed["date" if name == "day" else name] = value.isoformat() if isinstance(value, date) else value
    return proposed


def current_values(occurrence: Occurrence) -> Values:
    """The compared values of a row as it stands."""
    hosts = [host.post_id for host in occurrence.hosts]
    return {name: hosts if name == "hosts" else getattr(occurrence, name) for name in COMPARED}


def _difference(
    day: date, row: Occurrence | None, *, before: Values | None, after: Values | None, today: date
) -> Difference | None:
    fields = changed_fields(before, after)
    if not fields:
        return None
    if row is None:
        # A row that the plan gave before and that is gone was taken away by hand.
        return Difference(day, "made", None, after) if before is None else None
    if row.state in (*BEFORE_PUBLIC, "void"):
        return _of_draft(day, row, after, fields)
    if row.state not in OPEN or not is_upcoming(row, today):
        return None
    proposed = proposal_for(row, after, fields)
    verdict: Verdict = "proposed" if proposed else "settled"
    return Difference(day, verdict, row, after, fields, proposed, current_values(row))


def _of_draft(day: date, row: Occurrence, after: Values | None, fields: tuple[str, ...]) -> Difference:
    verdict: Verdict = "kept" if row.changed_by_hand else "removed" if after is None else "changed"
    return Difference(day, verdict, row, after, fields, old=current_values(row))

"""How the secretariat counts: visits, persons and groups of a sitting, and what one day of a head comes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from scheduler.errors import BadInput, Faults

GROUP_FROM = 5
"""A group is five people or more on one content (Luật Tiếp công dân 2013, art. 29)."""
MOST = 1_000_000
CONFERENCES = ("dialogue", "voter_meeting")


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of one sitting (form 01/TCD): lượt, người, đoàn; of a conference: lượt người dự, lượt ý kiến."""

    visits: int = 0
    persons: int = 0
    groups: int = 0
    group_persons: int = 0
    attendances: int = 0
    opinions: int = 0
    answered_on_the_spot: int = 0


@dataclass(frozen=True, slots=True)
class Sat:
    """A turn as it is judged: for which head's post, whether by a stand-in, from when to when."""

    for_post_id: int
    stands_in: bool
    starts_at: datetime
    ends_at: datetime


RECEPTION_FIELDS = ("visits", "persons", "groups", "group_persons")
CONFERENCE_FIELDS = ("attendances", "opinions", "answered_on_the_spot")

DAY_RESULTS = (
    # what a day of a post's schedule came to; the first that fits, so that a day counts once
    "head",  # held by the head in person
    "part",  # by the head for a part of the day, where a part does not count
    "stand_in",  # held by another in the head's place
    "unrecorded",  # its day has passed and nobody wrote what happened
    "to_come",
    "postponed",  # put off, the new day still open
    "cancelled",
    "unpublished",  # planned, never made public
)


def fields_of(kind: str) -> tuple[str, ...]:
    """The numbers that a sitting of this kind has."""
    return CONFERENCE_FIELDS if kind in CONFERENCES else RECEPTION_FIELDS


def check_counts(kind: str, counts: Counts, *, nobody_came: bool) -> None:
    """Raise Faults with every number that cannot be, each with its field as place.

    "Không phát sinh" stands alone; without it at least one visit (or attendance) is there. Persons and visits come
    together; a group has at least five persons, they are among the persons.
    """
    faults = [*_impossible(kind, counts), *_nothing_or_something(kind, counts, nobody_came)]
    if not faults:
        faults = _unequal(counts)
    if faults:
        raise Faults(faults)


def _impossible(kind: str, counts: Counts) -> list[BadInput]:
    asked = fields_of(kind)
    faults = []
    for name in (*RECEPTION_FIELDS, *CONFERENCE_FIELDS):
        number = getattr(counts, name)
        if not 0 <= number <= MOST:
            faults.append(BadInput("records.impossible-number", name, n=number))
        elif number and name not in asked:
            faults.append(BadInput("records.other-kind", name))
    return faults


def _nothing_or_something(kind: str, counts: Counts, nobody_came: bool) -> list[BadInput]:
    first = fields_of(kind)[0]
    some = any(getattr(counts, name) for name in fields_of(kind))
    if nobody_came and some:
        return [BadInput("records.nobody-and-numbers", "nobody_came")]
    if not nobody_came and not getattr(counts, first):
        return [BadInput("records.numbers-missing", first)]
    return []


def _unequal(counts: Counts) -> list[BadInput]:
    faults = []
    if bool(counts.visits) != bool(counts.persons):
        faults.append(BadInput("records.persons-missing", "persons"))
    if bool(counts.groups) != bool(counts.group_persons) or counts.group_persons < GROUP_FROM * counts.groups:
        faults.append(BadInput("records.group-too-small", "group_persons", least=GROUP_FROM))
    if counts.group_persons > counts.persons:
        faults.append(BadInput("records.group-over-persons", "group_persons"))
    if counts.groups > counts.visits:
        faults.append(BadInput("records.groups-over-visits", "groups"))
    if counts.answered_on_the_spot > counts.opinions:
        faults.append(BadInput("records.answers-over-opinions", "answered_on_the_spot"))
    return faults


def held_by(post_id: int, turns: Sequence[Sat], *, part_counts: bool) -> str:
    """Who held a sitting for a head's post: "head", "part" or "stand_in"; "unrecorded" without any turn for it.

    Where a part does not count, the head must have sat without another taking a turn in the head's place.
    """
    own = [turn for turn in turns if turn.for_post_id == post_id]
    if not own:
        return "unrecorded"
    if all(turn.stands_in for turn in own):
        return "stand_in"
    whole = not any(turn.stands_in for turn in own)
    return "head" if whole or part_counts else "part"


def day_result(results: Sequence[str]) -> str:
    """What a day came to when several sittings fell on it: it counts once, by the best of them."""
    return min(results, key=DAY_RESULTS.index)


def overlapping(turns: Sequence[Sat]) -> bool:
    """Whether two turns for the same head's post lie over each other: they take turns, one after the other."""
    ordered = sorted(turns, key=lambda turn: (turn.for_post_id, turn.starts_at))
    return any(
        one.for_post_id == other.for_post_id and other.starts_at < one.ends_at for one, other in pairwise(ordered)
    )

"""The counter of a sitting: whose turn it is, what a group may be, and what the visits come to when it is over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from scheduler.errors import BadInput
from scheduler.rules.counting import CONFERENCES, GROUP_FROM, Counts
from scheduler.rules.registration_input import MOST_PEOPLE, most_representatives
from scheduler.rules.registrations import COME_ALREADY

MOMENTS = {
    "arrive": "arrived_at",
    "call": "called_at",
    "begin": "began_at",
    "end": "ended_at",
}
"""The moment of a visit that a step writes down; the others write none."""
WAITING, CALLED, INSIDE, RECEIVED, ABSENT = "arrived", "called", "inside", "received", "absent"
TAKEN = (INSIDE, RECEIVED)
"""States of a visit that took place; who is still inside when the counter closes was received as well."""
SEEN = (WAITING, CALLED, *TAKEN)
"""States of who came into the house: at a conference they are there."""
TOUCHED = (*SEEN, ABSENT)
"""States that somebody at the counter has pressed."""
EARLY = timedelta(minutes=15)
"""Who comes so little before the own window is in time: nobody is to watch walk-ins go first for four minutes."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit (lượt) as the counter judges it; `people` is its head count."""

    ticket: int
    state: str
    way: str = "door"
    people: int = 1
    arrive_from: datetime | None = None
    arrive_until: datetime | None = None
    arrived_at: datetime | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None


def in_turn(visits: Iterable[Visit], now: datetime) -> list[Visit]:
    """Those who wait, in the order in which they are called; groups and grave cases first is the officer's choice.

    Who registered and came in time keeps the turn once its window is near (EARLY), by window and number. Then come
    those without a reserved turn as they arrived, which for walk-ins is their number. Who came long before the own
    window is called before it only when nobody else waits.
    """
    waiting = [visit for visit in visits if visit.state == WAITING]
    return sorted(waiting, key=lambda visit: _turn(visit, now))


def _turn(visit: Visit, now: datetime) -> tuple[int, datetime, int]:
    came = visit.arrived_at or LONG_AGO
    in_time = visit.arrive_until is None or came <= visit.arrive_until
    if visit.way in COME_ALREADY or not in_time:
        return (1, came, visit.ticket)
    begins = visit.arrive_from or LONG_AGO
    return (0 if begins <= now + EARLY else 2, begins, visit.ticket)


def is_open(state: str, day: date | None, today: date) -> bool:
    """Whether people are received at the counter of a sitting: public, today, and not yet recorded."""
    return state == "published" and day == today


def minutes_of(visit: Visit) -> int | None:
    """How long the reception took, at least one minute; None before its end."""
    if visit.began_at is None or visit.ended_at is None:
        return None
    return max(1, round((visit.ended_at - visit.began_at).total_seconds() / 60))


def is_group(people: int) -> bool:
    """Whether so many on one matter are a group (đoàn đông người)."""
    return people >= GROUP_FROM


def check_group(people: int, representatives: Sequence[str]) -> None:
    """Raise BadInput at the field for a head count that is no group, or more representatives than the law allows.

    None may be named yet: people at the door are counted at once, and name who speaks for them when they sit down.
    """
    if not is_group(people):
        raise BadInput("counter.group-too-small", "people", least=GROUP_FROM)
    if people > MOST_PEOPLE:
        raise BadInput("counter.too-many", "people", most=MOST_PEOPLE)
    most = most_representatives(people)
    if len(representatives) > most:
        raise BadInput("counter.too-many-representatives", "representatives", n=people, most=most)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the counter proposes for the record: the numbers, and the visits behind them."""

    counts: Counts
    nobody_came: bool
    counted: tuple[Visit, ...]
    missed: int  # who did not come, or left before the turn: no visits
    first: datetime | None  # when the first one went in
    last: datetime | None  # when the last one came out


def proposed(kind: str, visits: Iterable[Visit]) -> Proposal | None:
    """The numbers of a sitting by its counter; None where nobody pressed anything there.

    A reception counts who was received, a conference who came in. Who did not come is no visit.
    """
    touched = [visit for visit in visits if visit.state in TOUCHED]
    if not touched:
        return None
    counted = tuple(visit for visit in touched if visit.state in (SEEN if kind in CONFERENCES else TAKEN))
    began = [visit.began_at for visit in counted if visit.began_at]
    ended = [visit.ended_at for visit in counted if visit.ended_at]
    return Proposal(
        counts=_counts(kind, counted),
        nobody_came=not counted,
        counted=counted,
        missed=len(touched) - len(counted),
        first=min(began, default=None),
        last=max(ended, default=None),
    )


def _counts(kind: str, counted: Sequence[Visit]) -> Counts:
    persons = sum(visit.people for visit in counted)
    if kind in CONFERENCES:
        return Counts(attendances=persons)
    groups = [visit.people for visit in counted if is_group(visit.people)]
    return Counts(visits=len(counted), persons=persons, groups=len(groups), group_persons=sum(groups))

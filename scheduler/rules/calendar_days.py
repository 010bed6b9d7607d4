"""What a named day must have before it may stand in the working-day calendar."""

from collections.abc import Iterable
from datetime import date

from scheduler.errors import BadInput, Faults
from scheduler.rules.working_days import SATURDAY, Day

SUNDAY = 6
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
STATES = ("confirmed", "expected", "proposed")
LONGEST = 200


def day_faults(day: Day, place: str = "") -> list[BadInput]:
    """What is wrong with one day; empty when it may stand.

    A Sunday is never worked; a Saturday only on the strength of a decision that is named (a swap).
    """
    facts = {"day": f"{day.day:%d/%m/%Y}"}
    faults = []
    if not FIRST_DAY <= day.day <= LAST_DAY:
        faults.append(BadInput("calendar_days.out-of-range", place, **facts))
    if not day.name.strip():
        faults.append(BadInput("calendar_days.no-name", place, **facts))
    if max(len(day.name), len(day.basis), len(day.source)) > LONGEST:
        faults.append(BadInput("calendar_days.too-long", place, **facts, most=LONGEST))
    if day.state not in STATES:
        faults.append(BadInput("calendar_days.bad-state", place, **facts, known=", ".join(STATES)))
    if not day.off and day.day.weekday() == SUNDAY:
        faults.append(BadInput("calendar_days.sunday-worked", place, **facts))
    if not day.off and day.day.weekday() == SATURDAY and not day.basis.strip():
        faults.append(BadInput("calendar_days.saturday-without-basis", place, **facts))
    return faults


def check_days(days: Iterable[Day], places: Iterable[str] | None = None) -> None:
    """Raise Faults with everything that is wrong with these days, each with its place; a date may stand once."""
    listed = list(days)
    named = list(places) if places is not None else [""] * len(listed)
    faults: list[BadInput] = []
    seen: dict[date, Day] = {}
    for day, place in zip(listed, named, strict=True):
        faults += day_faults(day, place)
        earlier = seen.setdefault(day.day, day)
        if earlier is not day:
            key = "calendar_days.twice" if earlier.off == day.off else "calendar_days.off-and-worked"
            faults.append(BadInput(key, place, day=f"{day.day:%d/%m/%Y}"))
    if faults:
        raise Faults(faults)

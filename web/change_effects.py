"""What a change would mean, said before it is made: the notice people get, and the days the law asks of the heads."""

from collections.abc import Iterable, Sequence
from datetime import date

from scheduler.actions.clashes import title_of
from scheduler.clock import to_local
from scheduler.database import Db
from scheduler.models import Occurrence
from scheduler.queries.change_effects import MonthLeft, months_after, months_after_all
from scheduler.queries.clashes import clashes_between, named
from scheduler.queries.days import working_calendar
from scheduler.queries.occupied import wanted_of
from scheduler.queries.suspensions import suspended_on
from scheduler.rules.kinds import KIND
from scheduler.rules.publication import notice_days
from scheduler.rules.working_days import day_off_reason
from web import request_cycle
from web.filters import month, why
from web.guards import signed_in
from web.language import say

IN_PERSON = ("move", "postpone", "cancel", "change_chair")
"""The steps that touch the days in person."""
AT_ALL = ("move", "restore", "change_place", "change_hours")
"""The steps after which the head still receives in person."""
NOTICE = {
    # (in working days, too short): the sentence
    (True, True): "changes.effect-short-working",
    (True, False): "changes.effect-notice-working",
    (False, True): "changes.effect-short",
    (False, False): "changes.effect-notice",
}
NOT_POSTED = ("website",)
"""Where a notice is posted by itself and changes by itself."""


def sent_words(letters: int, messages: int = 0) -> str:
    """ "9 thư", with the messages to telephones where there are any."""
    return say("changes.sent-both" if messages else "changes.sent-letters", n=letters, messages=messages)


def effects_of(db: Db, occurrence: Occurrence, step: str, *, day: date | None, by_head: bool) -> list[str]:
    """Sentences on the step. `day` is the day asked for, if any; `by_head`: the head himself receives on it."""
    if step == "move" and day is None:
        return []
    if step == "move" and day is not None:
        told = _of_day(db, occurrence, day)
    else:
        told = _notice(db, occurrence, occurrence.day or occurrence.planned_day)
    stays = day if by_head and step not in ("postpone", "cancel") else None
    in_person = days_in_person(db, occurrence, stays) if step in IN_PERSON else []
    return told + in_person + _old_sheets(occurrence)


def days_in_person(db: Db, occurrence: Occurrence, day: date | None) -> list[str]:
    """What is left of the law's minimum in the months touched, if the head receives on `day`, or not at all."""
    return _months(months_after(db, occurrence, day))


def effects_of_all(db: Db, changes: Sequence[tuple[Occurrence, str, date | None]]) -> list[str]:
    """The same for (sitting, step, day) that change together: the shortest notice, the days in person, old sheets."""
    calendar, today = working_calendar(db), request_cycle.today()
    stays = [
        (one, (day if step == "move" else one.day) if step in AT_ALL and not one.chair_stands_in else None)
        for one, step, day in changes
    ]
    notices = [
        (notice_days(today, day or one.day or one.planned_day, one.kind, calendar), one) for one, _, day in changes
    ]
    told = []
    if notices:
        n, one = min(notices, key=lambda found: found[0])
        told.append(say("changes.effect-least-notice", n=max(n, 0), need=KIND[one.kind].notice_days))
    in_person = _months(months_after_all(db, stays)) if any(step in IN_PERSON for _, step, _ in changes) else []
    return told + in_person + list(dict.fromkeys(line for one, _, _ in changes for line in _old_sheets(one)))


def _months(months: Iterable[MonthLeft]) -> list[str]:
    return [
        say(
            "changes.effect-duty" if one.left < one.required else "changes.effect-duty-met",
            post=one.post.title, span=month(one.first.month), left=one.left, required=one.required,
        )
        for one in months
    ]  # fmt: skip


def notice_left(db: Db, occurrence: Occurrence, days: list[date]) -> dict[str, int]:
    """How many days of notice each of the days ("2026-12-03") would have from today."""
    calendar, today = working_calendar(db), request_cycle.today()
    return {day.isoformat(): notice_days(today, day, occurrence.kind, calendar) for day in days}


def _of_day(db: Db, occurrence: Occurrence, day: date) -> list[str]:
    off = working_calendar(db).why_off(day)
    suspended = suspended_on(db, occurrence.unit_id, day)
    told = [why([day_off_reason(off)])] if off else []
    if suspended is not None:
        first, last = suspended.first_day, suspended.last_day
        told.append(say("changes.effect-suspended", first=first, last=last, reason=suspended.reason))
    return told + _notice(db, occurrence, day) + _clashes(db, occurrence, day)


def _notice(db: Db, occurrence: Occurrence, day: date) -> list[str]:
    """How much notice people get of that day, and whether it is less than the kind asks."""
    calendar, kind = working_calendar(db), KIND[occurrence.kind]
    n = max(notice_days(request_cycle.today(), day, occurrence.kind, calendar), 0)
    key = NOTICE[kind.working, n < kind.notice_days]
    return [say(key, n=n, need=kind.notice_days)]


def _old_sheets(occurrence: Occurrence) -> list[str]:
    """Where sheets hang whose text will no longer hold."""
    postings = occurrence.notice.postings if occurrence.notice else []
    hanging = dict.fromkeys(one.where for one in postings if one.where not in NOT_POSTED)
    where = ", ".join(say(f"notices.place-{place}") for place in hanging)
    return [say("changes.effect-sheets", where=where)] if where else []


def _clashes(db: Db, occurrence: Occurrence, day: date) -> list[str]:
    """Who and what is wanted elsewhere at the same hours of that day; no more is told than the reader may know."""
    told = []
    for one in named(db, clashes_between(db, [wanted_of(occurrence, day=day)])):
        start, end = (f"{to_local(moment):%H:%M}" for moment in (one.clash.starts_at, one.clash.ends_at))
        title = title_of(db, one, signed_in())
        told.append(say("clashes.effect", who=one.whose, title=title, hours=f"{start}-{end}"))
    return told

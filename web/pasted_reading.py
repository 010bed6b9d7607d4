"""A pasted notice as its page stands: what was read, the rows as they were left, and the plan they come to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask import request

from scheduler.database import Db
from scheduler.errors import BadInput, Faults
from scheduler.intake.pasted_notice import read_notice
from scheduler.intake.pasted_plan import AS_DATES, LEFT_OUT, NotHeld, Printed, Proposal, proposals_of, series_of
from scheduler.intake.pasted_values import PastedNotice, likely_year
from scheduler.intake.pasted_words import bare
from scheduler.intake.plan_file import node_of, plan_of
from scheduler.intake.plan_values import Plan
from scheduler.intake.preview import Preview, preview_plan
from scheduler.models import Post, Unit
from scheduler.queries.named_posts import folded, posts_known
from scheduler.rules.day_off import DayOffRule
from scheduler.rules.working_days import Calendar
from web.pasted_notice_forms import PasteForm, Row, judged, rows_of, rows_sent, sittings_of

READ, SAVE = "read", "save"


@dataclass
class Reading:
    """`chosen` holds for each proposal how it is taken: as its dates, as one of its rules, or not at all.

    `unknown` are hosts whom no post of the unit is called by: they would become new posts. `unseen`: a part has come
    up that the person has not chosen anything for.
    """

    notice: PastedNotice
    year: int
    rows: list[Row]
    proposals: list[Proposal] = field(default_factory=list)
    chosen: dict[str, str] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    unseen: bool = False
    plan: Plan | None = None
    preview: Preview | None = None

    @property
    def faulty(self) -> list[Row]:
        """Rows that are kept and cannot be."""
        return [row for row in self.rows if row.fault]


def is_first() -> bool:
    """Whether the text is read anew, rather than the rows as a person left them."""
    return request.form.get("do", READ) == READ


def read_form(form: PasteForm, today: date) -> Reading:
    """The notice of the form with its days; read anew, the form's other fields are filled from it.

    Raises BadInput for a text that is none.
    """
    notice = read_notice(form.text.data or "")
    year = likely_year(notice, today)
    if not is_first():
        year = form.printed_year.data = form.printed_year.data or year
        hours = form.hours_for_all
        return Reading(notice, year, judged((replace(row, hours=row.hours or hours) for row in rows_sent()), year))
    told = {
        "printed_year": year,
        "day_off": notice.day_off.weekend if notice.day_off else "",
        "place": notice.place,
        "attend": notice.attend,
        "stand_in": notice.stand_in,
        "number": notice.number,
        "signed_on": notice.signed_on,
        "missing_hours": "",
    }
    for name, value in told.items():
        form[name].raw_data, form[name].data = None, value
    return Reading(notice, year, judged(rows_of(notice, year), year))


def know_hosts(reading: Reading, unit: Unit, db: Db, posts: Iterable[Post]) -> None:
    """Name the hosts by the unit's own posts: "Chủ tịch UBND xã" of another notice is this unit's "Chủ tịch UBND".

    Only where the text is read anew; what a person typed stays, and is only said to be unknown.
    """
    titles = sorted({post.title for post in posts}, key=len, reverse=True)
    rules = reading.notice.rules
    named = {row.host for row in reading.rows if row.host} | {rule.host for rule in rules if rule.host}
    known = posts_known(db, unit)
    likely = {name: _likely(name, titles) for name in named if folded(name) not in known}
    reading.notice.rules = [replace(rule, host=likely.get(rule.host, rule.host)) for rule in rules]
    if is_first():
        reading.rows = [replace(row, host=likely.get(row.host, row.host)) for row in reading.rows]
        named = {likely.get(name, name) for name in named}
    reading.unknown = frozenset(name for name in named if folded(name) not in known)


def _likely(name: str, titles: Iterable[str]) -> str:
    """The longest title of the unit that the name begins with, otherwise the name itself."""
    plain = bare(name)
    return next((title for title in titles if plain.startswith(f"{bare(title)} ")), name)


def propose(form: PasteForm, reading: Reading, calendar: Calendar) -> None:
    """The proposals of the rows, and how each is taken: as was chosen, otherwise as is likely."""
    way = form.day_off.data
    day_off = DayOffRule(way, way) if way else None
    sittings = sittings_of(reading.rows, reading.year)
    off = [
        NotHeld(day, one.host, one.reason)
        for one in reading.notice.not_held
        if (day := one.printed.in_year(reading.year)) is not None
    ]
    reading.proposals = proposals_of(sittings, reading.notice.rules, calendar, day_off=day_off, not_held=off)
    for one in reading.proposals:
        sent = "" if is_first() else request.form.get(f"as-{one.key}", "")
        known = {LEFT_OUT, *map(str, range(len(one.guesses))), *([AS_DATES] if one.days else [])}
        likely = one.likely(same_year=form.year.data == reading.year)
        if not is_first() and sent not in known and not one.days:
            likely = LEFT_OUT  # a sentence that lost its days to another host: nobody has looked at it yet
        reading.chosen[one.key] = sent if sent in known else likely
        reading.unseen |= not is_first() and sent not in known and bool(one.days)


def make_plan(form: PasteForm, reading: Reading, unit: Unit, *, calendar: Calendar, today: date) -> None:
    """The plan of what is chosen, with its dates. Read anew, rows that are not whole are only shown.

    Raises Faults for rows that cannot be and for what a plan file would be refused for, BadInput where nothing is left.
    """
    taken = [one for one in reading.proposals if reading.chosen[one.key] != LEFT_OUT]
    if not is_first():
        _refuse_unfinished(reading, taken)
    if reading.faulty or not taken:
        return
    printed = Printed(reading.year, _facts(form))
    series = [series_of(one, reading.chosen[one.key], form.year.data, printed) for one in taken]
    reading.plan = plan_of(node_of({"unit": {"code": unit.code}, "series": series}))
    reading.preview = preview_plan(reading.plan, calendar=calendar, today=today)


def _refuse_unfinished(reading: Reading, taken: Sequence[Proposal]) -> None:
    if reading.faulty:
        raise Faults([BadInput(row.fault, f"line:{row.line}" if row.line else "") for row in reading.faulty])
    if not taken:
        raise BadInput("pasted_notice.nothing-left")
    if reading.unseen and request.form.get("do") == SAVE:
        raise BadInput("pasted_notice.look-again")


def _facts(form: PasteForm) -> dict[str, Any]:
    """What holds for every series, in the keys of a plan file."""
    notice = {"number": (form.number.data or "").strip(), "date": form.signed_on.data}
    attend = [part.strip() for part in (form.attend.data or "").split(",")]
    return {
        "place": (form.place.data or "").strip(),
        "attend": [part for part in attend if part],
        "stand_in": (form.stand_in.data or "").strip(),
        "notice": {name: value for name, value in notice.items() if value},
    }

"""The lines of the first screen, in the order in which they hurt: one row each in LINES.

To add a line: a function `(db, actor, today) -> Line | None` (None: nothing to do, or not this reader's business) that
counts exactly what the list at its address shows, a row in LINES, and the words `desk.line-<key>` and `desk.do-<key>`
(given `n` and the line's facts). Several lines share one query by `today.once(name, ask)`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask import url_for

from scheduler.database import Db
from scheduler.language import dates
from scheduler.queries.calls import count_by_hand
from scheduler.queries.checklist import open_points_below
from scheduler.queries.consents import count_agreements_asked
from scheduler.queries.counter import open_counters
from scheduler.queries.desk import Today, Waiting, waiting_for
from scheduler.queries.desk_duties import short_posts
from scheduler.queries.desk_notices import count_unposted
from scheduler.queries.followups import Waiting as WaitingTasks
from scheduler.queries.followups import tasks_waiting
from scheduler.queries.outbox import failed_letters
from scheduler.queries.people import unreached_posts
from scheduler.queries.proposals import count_open_and_decision
from scheduler.queries.suspension_proposals import count_asked
from scheduler.rules.kinds import KIND
from scheduler.rules.permissions import Actor
from scheduler.rules.publication import publish_by
from web.duty_words import duty_sentence
from web.language import language, say
from web.matter_lines import answers_due, disputes_waiting

TASK_VIEWS = ("overdue", "to-decide", "to-accept", "soon")
MOST_UNITS = 4
"""Units in charge that a line names; the others are in its list."""


@dataclass(frozen=True)
class Line:
    """How many, and where they are; `detail` is a second sentence, `facts` fill the words of the line.

    `sentence` stands in place of `desk.line-<key>`. `by_unit`: its list can be narrowed to a unit (`unit=`);
    `alone`: the address is no list but the only thing itself.
    """

    n: int
    address: str
    hurts: bool = False
    detail: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    sentence: str = ""
    by_unit: bool = False
    alone: bool = False


Finder = Callable[[Db, Actor, Today], Line | None]


@dataclass(frozen=True)
class Shown:
    """A line as the page shows it."""

    key: str
    line: Line
    words: str
    button: str


def lines_for(db: Db, actor: Actor, today: Today) -> list[Shown]:
    """The lines with something to do, what hurts first, else in the order of the table."""
    found = [(key, find(db, actor, today)) for key, find in LINES]
    shown = [_shown(key, line) for key, line in found if line is not None and line.n]
    return sorted(shown, key=lambda one: not one.line.hurts)


def _shown(key: str, line: Line) -> Shown:
    words = line.sentence or say(f"desk.line-{key}", n=line.n, **line.facts)
    return Shown(key, line, words, say(f"desk.do-{key}", n=line.n))


@dataclass(frozen=True)
class OfSittings:
    """Finds the line of one list of sittings: the only one opens its page, several their list."""

    key: str
    detail: Callable[[Waiting, Today], str] = lambda _waiting, _today: ""

    def __call__(self, db: Db, actor: Actor, today: Today) -> Line | None:
        """The line, None where nothing waits."""
        waiting = today.once("sittings", lambda: {one.key: one for one in waiting_for(db, actor, today)}).get(self.key)
        if waiting is None:
            return None
        alone = waiting.n == 1
        one = url_for("occurrences.show", slug=waiting.slug) if alone else ""
        address = one or url_for("occurrences.list_occurrences", list=self.key)
        return Line(waiting.n, address, waiting.hurts, self.detail(waiting, today), by_unit=True, alone=alone)


@dataclass(frozen=True)
class OfTasks:
    """Finds the line of one view of the tasks, for who may do the act, by the units in charge."""

    view: str
    act: str

    def __call__(self, db: Db, actor: Actor, today: Today) -> Line | None:
        """The line, None where nothing waits."""
        if not actor.ever(self.act):
            return None
        found = today.once("tasks", lambda: tasks_waiting(db, actor, today.day, TASK_VIEWS)).get(self.view)
        if found is None:
            return None
        one = url_for("followups.show", slug=found.slug)
        address = one if found.n == 1 else url_for("followups.tasks", view=self.view)
        return Line(found.n, address, hurts=self.view in ("overdue", "to-decide"), detail=_by_unit(found))


def _to_publish(db: Db, actor: Actor, today: Today) -> Line | None:
    line = OfSittings("to-publish", _days_to_publish)(db, actor, today)
    if line is None:
        return None
    last, kind = _last_day(today.asked["sittings"]["to-publish"], today)
    rule = KIND[kind]
    term = say("desk.term-working" if rule.working else "desk.term-days", n=rule.notice_days)
    words = say("desk.line-to-publish" if last >= today.day else "desk.publish-late", n=line.n,
                day=dates.day_month(last), term=term)  # fmt: skip
    return replace(line, sentence=words)


def _last_day(waiting: Waiting, today: Today) -> tuple[date, str]:
    """The first last day for publishing among these sittings, and the kind whose it is."""
    return min((publish_by(day, kind, today.calendar), kind) for kind, day in waiting.first_of_kind.items())


def _days_to_publish(waiting: Waiting, today: Today) -> str:
    last, _ = _last_day(waiting, today)
    left = today.calendar.working_days_between(today.day, last)
    if last < today.day:
        return say("desk.publish-late-detail")
    return say("desk.days-left", n=left) if left else say("desk.last-day")


def _days_late(waiting: Waiting, today: Today) -> str:
    assert waiting.first_day is not None
    late = today.calendar.working_days_between(waiting.first_day, today.day) - today.conclude_within
    return say("desk.late-by", n=max(late, 1))


def _first_day(waiting: Waiting, today: Today) -> str:
    if waiting.first_day is None:
        return ""
    return say("desk.first-day", day=dates.short_date(language(), waiting.first_day))


def _by_unit(tasks: WaitingTasks) -> str:
    named = [f"{name} {n}" for name, n in list(tasks.by_unit.items())[:MOST_UNITS]]
    more = len(tasks.by_unit) - len(named)
    return " · ".join([*named, say("desk.more-units", n=more)] if more else named)


def _failed_letters(db: Db, actor: Actor, _today: Today) -> Line | None:
    if not actor.ever("send"):
        return None
    n, first = failed_letters(db, actor)
    address = url_for("letters.letter", letter_id=first) if n == 1 else url_for("letters.letters", state="failed")
    return Line(n, address, hurts=True)


def _short_duties(db: Db, actor: Actor, today: Today) -> Line | None:
    if not actor.ever("change"):
        return None
    found = short_posts(db, actor, today)
    if not found:
        return None
    first = duty_sentence(found[0])
    line = Line(len(found), url_for("desk.duties"), hurts=found[0].lost, by_unit=True)
    return replace(line, sentence=first) if len(found) == 1 else replace(line, detail=first)


def _unposted(db: Db, actor: Actor, today: Today) -> Line | None:
    if not actor.ever("post"):
        return None
    n, first = count_unposted(db, actor, today.day)
    one = url_for("notices.show", notice_id=first) if n == 1 else ""
    return Line(n, one or url_for("desk.notices"), by_unit=True, alone=n == 1)


def _proposals(db: Db, actor: Actor, _today: Today) -> Line | None:
    if not actor.ever("decide"):
        return None
    n, decision = count_open_and_decision(db, actor.units_for("read"))
    one = url_for("decisions.review", decision_id=decision) if decision else ""
    return Line(n, one or url_for("proposals.list_proposals"))


def _suspensions_asked(db: Db, actor: Actor, today: Today) -> Line | None:
    if not actor.ever("change"):
        return None
    n, first = count_asked(db, actor, today.day)
    one = url_for("suspension_proposals.answer", answer_id=first) if n == 1 else ""
    return Line(n, one or url_for("suspension_proposals.asked"), hurts=True, alone=n == 1)


def _unreached(db: Db, actor: Actor, today: Today) -> Line | None:
    if not actor.ever("read"):
        return None
    return Line(unreached_posts(db, actor, today.day).n, url_for("people.people"))


def _unprepared(db: Db, actor: Actor, today: Today) -> Line | None:
    if not actor.ever("administer"):
        return None
    n, code = open_points_below(db, actor, today.day)
    return Line(n, url_for("checklist.show", code=code)) if n else None


def _counter(db: Db, actor: Actor, today: Today) -> Line | None:
    """The sittings of today at whose counter the reader receives."""
    if not actor.ever("receive"):
        return None
    n, first = open_counters(db, actor, today.day)
    return Line(n, url_for("counter.show", slug=first) if n == 1 else url_for("counter.counters"), alone=n == 1)


@dataclass(frozen=True)
class OfCount:
    """Finds a line of how many wait, where, and whether it hurts, for who may do the act."""

    act: str
    count: Callable[[Db, Actor, Today], tuple[int, str, bool]]

    def __call__(self, db: Db, actor: Actor, today: Today) -> Line | None:
        """The line; nothing waits for others."""
        n, address, hurts = self.count(db, actor, today) if actor.ever(self.act) else (0, "", False)
        return Line(n, address, hurts, alone=n == 1)


def _incomplete(_waiting: Waiting, _today: Today) -> str:
    return say("desk.incomplete-detail")


def _calls(db: Db, actor: Actor, today: Today) -> Line | None:
    if not actor.ever("change"):
        return None
    return Line(today.once("by-hand", lambda: count_by_hand(db, actor)).calls, url_for("calls.show"), hurts=True)


def _old_sheets(db: Db, actor: Actor, today: Today) -> Line | None:
    if not actor.ever("post"):
        return None
    return Line(today.once("by-hand", lambda: count_by_hand(db, actor)).sheets, url_for("calls.sheets"))


def _consents(db: Db, actor: Actor, today: Today) -> Line | None:
    if not actor.ever("consent"):
        return None
    return Line(count_agreements_asked(db, actor, today.day), url_for("consents.consents"))


def _delegated(_db: Db, actor: Actor, _today: Today) -> Line | None:
    """In whose place the reader acts these days; the grants of today say it."""
    lent = dict.fromkeys(grant.behalf for grant in actor.grants if grant.behalf is not None)
    told = [say("delegations.on-behalf", name=one.name, until=dates.table_date(one.until)) for one in lent]
    return Line(len(lent), url_for("delegations.delegations"), detail=" · ".join(told))


LINES: tuple[tuple[str, Finder], ...] = (
    ("counter", _counter),
    ("to-publish", _to_publish),
    ("letters-failed", _failed_letters),
    ("calls-open", _calls),
    ("suspensions-asked", _suspensions_asked),
    ("disputes", OfCount("answer", disputes_waiting)),
    ("answers-due", OfCount("answer", answers_due)),
    ("waiting-near", OfSittings("waiting-near", _days_to_publish)),
    ("to-record", OfSittings("to-record", _first_day)),
    ("to-conclude", OfSittings("to-conclude", _days_late)),
    ("tasks-overdue", OfTasks("overdue", "read_tasks")),
    ("short-duties", _short_duties),
    ("tasks-to-decide", OfTasks("to-decide", "accept")),
    ("to-approve", OfSittings("to-approve", _first_day)),
    ("consents", _consents),
    ("this-week", OfSittings("this-week", _incomplete)),
    ("postponed", OfSittings("postponed")),
    ("undated", OfSittings("undated")),
    ("unposted", _unposted),
    ("old-sheets", _old_sheets),
    ("approved", OfSittings("approved", _first_day)),
    ("tasks-to-accept", OfTasks("to-accept", "accept")),
    ("tasks-soon", OfTasks("soon", "report_task")),
    ("proposals", _proposals),
    ("posts-unreached", _unreached),
    ("units-unprepared", _unprepared),
    ("delegated", _delegated),
    ("drafts", OfSittings("drafts", _first_day)),
)

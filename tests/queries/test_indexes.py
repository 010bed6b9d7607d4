"""The questions of every day walk an index, so that they stay as quick when the whole country is in the table."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from scheduler.actions.calls import find_past_calls
from scheduler.actions.registration_limits import require_few, require_guesses_left
from scheduler.actions.registration_moves import coming_to, find_waiting
from scheduler.actions.registration_reminders import find_to_remind
from scheduler.actions.reminders import find_unreminded
from scheduler.actions.retention import RETENTION, forget
from scheduler.database import Database, Db
from scheduler.models import Occurrence
from scheduler.queries.access import units_below
from scheduler.queries.agenda import next_public, public_between
from scheduler.queries.calls import calls_made, calls_of, count_by_hand, open_calls, open_calls_of
from scheduler.queries.clashes import clashes_between
from scheduler.queries.counter import counts_of, crowd_notices, newest_step, rows_of
from scheduler.queries.desk import LIST, Today, occurrences_in, waiting_for
from scheduler.queries.desk_calendar import Asked, counts_between, sittings_between
from scheduler.queries.desk_duties import short_posts
from scheduler.queries.desk_notices import count_unposted
from scheduler.queries.feeds import sittings_of, subject_of_post, subject_of_unit
from scheduler.queries.followers import feeds_with_news, followers_to_tell, fresh_sittings, next_of
from scheduler.queries.followups import VIEWS, find_to_escalate, tasks_waiting
from scheduler.queries.matter_lists import VIEWS as MATTER_VIEWS
from scheduler.queries.matter_lists import count_to_answer, open_disputes, ratings_told, visits_of, waiting_matters
from scheduler.queries.matters import matters_of, matters_of_task
from scheduler.queries.occupied import Wanted
from scheduler.queries.outbox import abandoned_letters, due_letters, failed_letters
from scheduler.queries.paper import expected_at, find_kits_due
from scheduler.queries.public import upcoming
from scheduler.queries.register_book import register_rows, units_with_visits
from scheduler.queries.registrations import entered_by, find_queue, open_ones, registration_by_code
from scheduler.rules.permissions import ROLES, Actor, Grant
from scheduler.rules.working_days import Calendar
from tests.build import NOW, make_actor, make_office

FIRST, LAST, TODAY = date(2026, 1, 1), date(2026, 12, 31), date(2026, 11, 23)
LARGE = (
    "occurrences",
    "occurrence_hosts",
    "occurrence_attendees",
    "busy_times",
    "letters",
    "tasks",
    "ledger",
    "records",
    "followers",
    "occurrence_changes",
    "registrations",
    "matters",
    "disputes",
    "ratings",
    "paper_kits",
    "queues",
    "arrival_windows",
    "visit_steps",
    "calls",
    "attempts",
)
POST = "00070-ubnd-chu-tich"
WANTED = Wanted(1, ((NOW, NOW + timedelta(hours=4)),), (1, 2), 1, (1, 2))
Question = Callable[[Db], object]

QUESTIONS: dict[str, Question] = {
    "a unit's year": lambda db: public_between(db, FIRST, LAST, units=units_below([1])),
    "a post's year": lambda db: public_between(db, FIRST, LAST, post_id=1),
    "a page of the interface": lambda db: public_between(db, FIRST, LAST, limit=101),
    "a unit's calendar": lambda db: _feed(db, subject_of_unit(db, "00070", TODAY)),
    "a post's calendar": lambda db: _feed(db, subject_of_post(db, POST, TODAY)),
    "next sittings": lambda db: next_public(db, [1, 2], NOW),
    "first page": lambda db: upcoming(db, NOW, TODAY, limit=8),
    "reminders": lambda db: find_unreminded(db, NOW),
    "letters": lambda db: due_letters(db, NOW),
    "dead senders": lambda db: abandoned_letters(db, NOW),
    "urging": lambda db: find_to_escalate(db, NOW),
    "first screen": lambda db: waiting_for(db, _reader(), Today(TODAY, Calendar())),
    "first screen, tasks": lambda db: tasks_waiting(db, _reader(), TODAY, VIEWS),
    "first screen, letters": lambda db: failed_letters(db, _reader()),
    "first screen, notices": lambda db: count_unposted(db, _reader(), TODAY),
    "first screen, heads": lambda db: short_posts(db, _reader(), Today(TODAY, Calendar())),
    "calendar, a month": lambda db: _month(db, Asked(_reader(), FIRST, TODAY)),
    "calendar, a head": lambda db: _month(db, Asked(_reader(), FIRST, TODAY, [1], post_id=1, kind="dialogue")),
    "matters": lambda db: [waiting_matters(db, _reader(), view, today=TODAY) for view in MATTER_VIEWS],
    "first screen, matters": lambda db: (count_to_answer(db, _reader(), today=TODAY), open_disputes(db, _reader())),
    "matters of a sitting": lambda db: (visits_of(db, 1), matters_of(db, 1), matters_of_task(db, 1)),
    "ratings of a sitting": lambda db: ratings_told(db, units_below([1]), since=FIRST, occurrence_id=1),
    "clashes": lambda db: clashes_between(db, [WANTED]),
    "who follows what changed": lambda db: (feeds_with_news(db, NOW), followers_to_tell(db, "unit:1", NOW)),
    "registrations of a contact": lambda db: (open_ones(db, "x", NOW), registration_by_code(db, "482615", ["x", "y"])),
    "what limits count": lambda db: (
        require_few(db, "x", "y", now=NOW),
        require_guesses_left(db, "x", ("y",), now=NOW),
    ),
    "a counter": lambda db: (rows_of(db, 1), counts_of(db, [1, 2]), expected_at(db, 1), crowd_notices(db, 1)),
    "a counter's press": lambda db: (newest_step(db, 1), find_queue(db, 1), entered_by(db, 1)),
    "who follows a change": lambda db: (coming_to(db, Occurrence(id=1)), calls_of(db, 1), open_calls_of(db, 1)),
    "who waits for a next sitting": lambda db: (find_waiting(db), find_past_calls(db, NOW)),
    "who is reminded": lambda db: find_to_remind(db, NOW),
    "calls": lambda db: (open_calls(db, _reader()), calls_made(db, _reader(), NOW), count_by_hand(db, _reader())),
    "what is kept no longer": lambda db: [forget(db, what, now=NOW) for what in RETENTION if what != "letters"],
    "paper kits": lambda db: find_kits_due(db, NOW),
    "a reception register": lambda db: (register_rows(db, 1, FIRST, LAST), units_with_visits(db, _reader(), 9)),
    "news of a unit's calendar": lambda db: _news(db, subject_of_unit(db, "00070", TODAY)),
    "news of a post's calendar": lambda db: _news(db, subject_of_post(db, POST, TODAY)),
}


def _feed(db: Db, subject: object) -> object:
    return sittings_of(db, subject, FIRST, LAST, today=TODAY, limit=500)  # type: ignore[arg-type]


def _news(db: Db, subject: object) -> object:
    fresh = fresh_sittings(db, subject, since=NOW, today=TODAY)  # type: ignore[arg-type]
    return fresh, next_of(db, subject, "", NOW)  # type: ignore[arg-type]


def _reader() -> Actor:
    """Who serves the whole province in every role."""
    return Actor("x", "web", grants=tuple(Grant(role, 1) for role in ROLES))


def _month(db: Db, asked: Asked) -> object:
    return counts_between(db, asked), sittings_between(db, asked)


def plans(database: Database, ask: Question) -> list[str]:
    """How SQLite goes about each statement of the question."""
    asked: list[tuple[str, object]] = []

    def note(*given: object) -> None:
        asked.append((str(given[2]), given[3]))

    with database.open() as db:
        event.listen(database.engine, "before_cursor_execute", note)
        ask(db)
        event.remove(database.engine, "before_cursor_execute", note)
        raw = db.connection().connection.driver_connection
        assert raw is not None
        found = []
        for statement, values in asked:
            if statement.startswith("SELECT"):
                found += [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    return found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", [*QUESTIONS, *(f"desk {key}" for key in LIST)])
def test_no_question_reads_a_whole_table(name: str, database: Database) -> None:
    with database.transaction() as db:
        office, _ = make_office(db)
        actor = make_actor(db, office, *ROLES)
    lists = {f"desk {key}": key for key in LIST}
    today = Today(TODAY, Calendar())
    ask = QUESTIONS.get(name) or (lambda db: occurrences_in(db, actor, lists[name], today))
    steps = plans(database, ask)
    assert [step for step in steps if step.startswith("SCAN") and step.split()[1] in LARGE] == []
    assert not any("ix_occurrences_day" in step for step in steps if "year" in name or "calendar" in name)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_clashes_is_found_by_whose_it_is_and_when(database: Database) -> None:
    with database.transaction() as db:
        make_office(db)
    steps = " ".join(plans(database, QUESTIONS["clashes"]))
    for table, whose in (
        ("occurrence_hosts", "post_id"),
        ("occurrences", "chair_post_id"),
        ("occurrences", "place_id"),
        ("occurrence_attendees", "unit_id"),
        ("busy_times", "post_id"),
        ("busy_times", "person_id"),
    ):
        assert f"ix_{table}_{whose}_starts_at ({whose}=? AND starts_at>? AND starts_at<?)" in steps

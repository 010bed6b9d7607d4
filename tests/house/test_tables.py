"""What grows is a table: every row has its words in both languages, and its name stands once."""

from collections.abc import Iterable

import pytest

from jobs.timetable import TIMETABLE
from scheduler.language.mouths import NEWS
from scheduler.rules.deeds import DEEDS
from scheduler.rules.documents import DOCUMENTS
from scheduler.rules.expansion import OUTCOMES
from scheduler.rules.followups import TASK_STATES, TASK_STEPS
from scheduler.rules.kinds import KINDS, LEVELS
from scheduler.rules.letters import LETTERS, WHY_YOU
from scheduler.rules.matters import DIRECTIONS, MATTER_STEPS, REFUSAL_GROUNDS, SCORES
from scheduler.rules.matters import KINDS as MATTER_KINDS
from scheduler.rules.matters import STATES as MATTER_STATES
from scheduler.rules.office_settings import OFFICE_SETTINGS
from scheduler.rules.permissions import PERMISSIONS, ROLES
from scheduler.rules.publication import POSTING_PLACES
from scheduler.rules.workflow import STATES, TRANSITIONS
from tests.house.words import keys

KIND_NAMES = tuple(kind.key for kind in KINDS)
SAID = (
    ("kinds.", KIND_NAMES),
    ("public.what-", KIND_NAMES),
    ("letters.sitting-", KIND_NAMES),
    ("levels.", LEVELS),
    ("roles.", ROLES),
    ("states.", STATES),
    ("outcomes.", OUTCOMES),
    ("statuses.", ("scheduled", "moved", "postponed", "cancelled", "held")),
    ("weekdays.", tuple(str(number) for number in range(1, 8))),
    ("letters.why-", WHY_YOU),
    ("letters.kind-", tuple(letter.key for letter in LETTERS)),
    ("notices.place-", POSTING_PLACES),
    ("documents.kind-", tuple(kind.key for kind in DOCUMENTS)),
    *((f"mouths.{mouth}-", NEWS) for mouth in ("body", "headline", "phone", "sms", "door")),
    *((f"mouths.{part}-", KIND_NAMES) for part in ("one", "what", "not", "matter")),
    ("public.posted-", POSTING_PLACES),
    ("matters.state-", MATTER_STATES),
    ("matters.kind-", MATTER_KINDS),
    ("matters.ground-", REFUSAL_GROUNDS),
    ("matters.do-", MATTER_STEPS),
    ("matters.score-", tuple(str(score) for score in SCORES)),
    *((f"matters.{part}-", tuple(row.key for row in DIRECTIONS)) for part in ("direction", "result")),
    ("letters.news-result-", (*(row.key for row in DIRECTIONS), "answered", "done", "settled", "dispute")),
    ("jobs.", tuple(job.name for job in TIMETABLE)),
    ("deeds.", tuple(deed.replace(".", "-") for deed in DEEDS)),
)
"""Beginning of the keys, and the rows that end them."""
NAMED = (
    KIND_NAMES,
    DEEDS,
    STATES,
    ROLES,
    tuple(step.step for step in TRANSITIONS),
    tuple(step.step for step in TASK_STEPS),
    TASK_STATES,
    tuple(letter.key for letter in LETTERS),
    tuple(job.name for job in TIMETABLE),
    tuple(kind.key for kind in DOCUMENTS),
    NEWS,
    tuple(setting.key for setting in OFFICE_SETTINGS),
)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("beginning", "rows"), SAID, ids=[beginning for beginning, _ in SAID])
def test_every_row_has_its_words(beginning: str, rows: Iterable[str], language: str) -> None:
    assert [row for row in rows if f"{beginning}{row}" not in keys(language)] == []


@pytest.mark.parametrize("names", NAMED)
def test_no_row_stands_twice(names: tuple[str, ...]) -> None:
    assert len(names) == len(set(names))


def test_every_step_asks_for_a_right_that_exists() -> None:
    assert {step.act for step in TRANSITIONS} - set(PERMISSIONS) == set()


def test_every_step_starts_and_ends_in_a_state_that_exists() -> None:
    named = {state for step in TRANSITIONS for state in (*step.sources, step.target) if state}
    assert named - set(STATES) == set()


def test_every_right_belongs_to_roles_that_exist() -> None:
    assert {role for roles in PERMISSIONS.values() for role in roles} - set(ROLES) == set()


def test_the_jobs_of_the_contract_are_there() -> None:
    promised = {"horizon", "reminders", "delivery", "followups", "escalation", "digests", "retention", "backup"}
    assert promised - {job.name for job in TIMETABLE} == set()

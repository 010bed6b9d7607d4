"""One question after the reception and one after the answer: the score is kept without who gave it.

No line of the ledger and no moment is written: beside the resident's other deeds they would say who it was.
"""

from datetime import datetime

from sqlalchemy import update

from scheduler.clock import local_date
from scheduler.database import Db, insert_into
from scheduler.errors import BadInput, RuleBroken
from scheduler.models import Matter, RatedReception, Rating, Registration
from scheduler.queries.matters import facts_of
from scheduler.rules.matters import SCORES, may_rate_answer


def rate_reception(db: Db, registration: Registration, score: int | None, *, now: datetime) -> bool:
    """Keep the score of the reception; False when it was rated before. Raises BadInput, RuleBroken."""
    if registration.state != "received":
        raise RuleBroken("matters.not-received")
    checked = _checked(score)
    given = insert_into(db, RatedReception).values(registration_id=registration.id).on_conflict_do_nothing()
    if db.scalar(given.returning(RatedReception.registration_id)) is None:
        return False
    _keep(db, "reception", checked, of=registration, now=now)
    return True


def rate_answer(db: Db, matter: Matter, score: int | None, *, now: datetime) -> bool:
    """Keep the score of the answer to this matter; False when it was rated before. Raises BadInput, RuleBroken."""
    if not may_rate_answer(facts_of(matter), rated=False):
        raise RuleBroken("matters.not-answered")
    checked = _checked(score)
    claim = update(Matter).where(Matter.id == matter.id, Matter.answer_rated.is_(False)).values(answer_rated=True)
    if db.execute(claim, execution_options={"synchronize_session": False}).rowcount != 1:  # type: ignore[attr-defined]
        return False
    _keep(db, "answer", checked, of=matter, now=now)
    return True


def _checked(score: int | None) -> int:
    if score not in SCORES:
        raise BadInput("matters.score-missing", "score")
    return score


def _keep(db: Db, about: str, score: int, *, of: Registration | Matter, now: datetime) -> None:
    """One row that says of which sitting it is, and nothing of who gave it."""
    day = local_date(now)
    db.add(Rating(unit_id=of.unit_id, occurrence_id=of.occurrence_id, about=about, score=score, day=day))
    db.flush()

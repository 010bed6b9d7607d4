"""Sends what is due. Two short transactions around each letter, and none open while the mail server is spoken to."""

import asyncio
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from jobs.carriers import Accepted, Answer, Carrier, Down, Parcel, Permanent, Temporary, Unsure, carrier_of
from jobs.job import Outcome, Workshop
from jobs.postman import compose_letter
from jobs.runner import tried
from scheduler.actions import delivery
from scheduler.database import Db, read_only
from scheduler.models import Letter
from scheduler.queries.outbox import abandoned_letters, due_letters

log = structlog.get_logger("jobs")
Result = TypeVar("Result")

TROUBLES = 3
"""After so many letters in a row whose connection was lost, the rest waits for the next beat."""


def deliver_letters(workshop: Workshop, now: datetime) -> Outcome:
    """Free what a dead sender left behind, then send what is due, one letter after the other."""
    outcome = Outcome()
    with workshop.database.open() as db:
        read_only(db)
        abandoned = abandoned_letters(db, now)
    for letter_id in abandoned:
        with workshop.database.transaction() as db:
            if delivery.take_over(db, letter_id, now=now):
                outcome.count("taken_over")
    with workshop.database.open() as db:
        read_only(db)
        due = due_letters(db, now)
    outcome.found = len(due)
    if due:
        round_ = Round(workshop, outcome, now)
        asyncio.run(round_.carry_all(due, carrier_of(workshop.settings.mail_url)))
    return outcome


class Round:
    """One round of the postman: his lease, his watch, and what became of each letter."""

    def __init__(self, workshop: Workshop, outcome: Outcome, now: datetime) -> None:
        self.workshop = workshop
        self.outcome = outcome
        self.lease = secrets.token_hex(16)
        self._now, self._began = now, time.monotonic()
        self.troubles = 0

    def now(self) -> datetime:
        """The moment of the round, which goes on while it lasts."""
        return self._now + timedelta(seconds=time.monotonic() - self._began)

    async def carry_all(self, letter_ids: list[int], carrier: Carrier) -> None:
        """Carry them over one connection, until all are done, the server is gone, or somebody says stop."""
        async with carrier:
            for letter_id in letter_ids:
                if self.workshop.stopping.is_set() or self.troubles >= TROUBLES:
                    return
                letter = self._write(lambda db, i=letter_id: self._claim(db, i))  # type: ignore[misc]
                if letter is None:
                    self.outcome.count("passed_over")
                elif not await self._carry(letter, carrier):
                    return

    async def _carry(self, letter: Letter, carrier: Carrier) -> bool:
        """Whether it makes sense to go on with the next one."""
        parcel, fault = tried(lambda: self._compose(letter))
        if parcel is None:
            self._note(letter, Permanent(f"cannot be composed: {fault}"))
            return True
        answer = await carrier.carry(parcel, lambda: self._reach_data(letter))
        self._note(letter, answer)
        self.troubles = self.troubles + 1 if isinstance(answer, Unsure) or _lost(answer) else 0
        return not isinstance(answer, Down)

    def _claim(self, db: Db, letter_id: int) -> Letter | None:
        return delivery.claim_letter(
            db, letter_id, lease=self.lease, domain=self.workshop.settings.feed_domain, now=self.now()
        )

    def _compose(self, letter: Letter) -> Parcel:
        with self.workshop.database.open() as db:
            read_only(db)
            return compose_letter(db, letter, settings=self.workshop.settings, now=self.now())

    def _reach_data(self, letter: Letter) -> bool:
        return self._write(lambda db: delivery.note_data(db, letter.id, lease=self.lease, now=self.now()))

    def _note(self, letter: Letter, answer: Answer) -> None:
        word, noted = self._write(lambda db: self._settle(db, letter.id, answer))
        self.outcome.count(word)
        if word == "sent":
            self.outcome.done += 1
        else:
            self.outcome.fail(f"{letter.id}: {answer.answer}")
        # The answer may repeat the address, so it stays in the row and out of the log.
        log.info("letter", letter=letter.id, kind=letter.kind, result=word, noted=noted)

    def _settle(self, db: Db, letter_id: int, answer: Answer) -> tuple[str, bool]:
        """What became of it in one word, and whether the row was still ours to say so."""
        said, lease, now = answer.answer, self.lease, self.now()
        match answer:
            case Accepted():
                return "sent", delivery.mark_sent(db, letter_id, lease=lease, answer=said, now=now)
            case Temporary():
                return "later", delivery.mark_later(db, letter_id, lease=lease, answer=said, now=now)
            case Permanent():
                return "refused", delivery.mark_refused(db, letter_id, lease=lease, answer=said)
            case Unsure():
                return "unsure", delivery.mark_unsure(db, letter_id, lease=lease, answer=said, now=now)
            case _:
                return "released", delivery.release_letter(db, letter_id, lease=lease, answer=said)

    def _write(self, step: Callable[[Db], Result]) -> Result:
        with self.workshop.database.transaction() as db:
            return step(db)


def _lost(answer: Answer) -> bool:
    return isinstance(answer, Temporary) and not answer.answer[:1].isdigit()

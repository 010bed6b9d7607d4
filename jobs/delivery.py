"""Sends what is due, each way out by itself. Two short transactions around each letter, none open while it is carried.

Letters and messages are two jobs, so that a gateway that hangs never holds a letter back, nor a mail server a message.
"""

import asyncio
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from jobs.carriers import Accepted, Answer, Carrier, Down, Parcel, Permanent, Temporary, Unsure, carrier_of
from jobs.gateway import Gateway
from jobs.job import Outcome, Workshop
from jobs.postman import compose_letter
from jobs.runner import tried
from scheduler.actions import delivery
from scheduler.clock import to_local
from scheduler.database import Db, read_only
from scheduler.models import Letter
from scheduler.queries.outbox import abandoned_letters, due_letters
from scheduler.rules.letters import MESSAGES_FROM, MESSAGES_UNTIL

log = structlog.get_logger("jobs")
Result = TypeVar("Result")

Answered = tuple[Letter, Answer]
Settled = tuple[str, bool]

TROUBLES = 3
"""After so many letters in a row whose connection was lost, the rest waits for the next beat."""


def deliver_letters(workshop: Workshop, now: datetime) -> Outcome:
    """Free what a dead sender left behind, then send what is due, one letter after the other."""
    outcome = Outcome()
    due = _due(workshop, "email", outcome, now)
    if due:
        round_ = Round(workshop, outcome, now)
        asyncio.run(round_.carry_all(due, carrier_of(workshop.settings.mail_url)))
    return outcome


def deliver_messages(workshop: Workshop, now: datetime) -> Outcome:
    """The same for messages to telephones, while people are awake; without a gateway their readers are to be called."""
    outcome = Outcome()
    if not MESSAGES_FROM <= to_local(now).time() <= MESSAGES_UNTIL:
        return outcome
    due = _due(workshop, "sms", outcome, now)
    if due and workshop.settings.sms_url:
        asyncio.run(_hand_over(Round(workshop, outcome, now), due))
    elif due:
        _list_calls(workshop, due, outcome, now)
    return outcome


def _due(workshop: Workshop, channel: str, outcome: Outcome, now: datetime) -> list[int]:
    with workshop.database.open() as db:
        read_only(db)
        abandoned = abandoned_letters(db, now, channel)
    for letter_id in abandoned:
        with workshop.database.transaction() as db:
            if delivery.take_over(db, letter_id, now=now):
                outcome.count("taken_over")
    with workshop.database.open() as db:
        read_only(db)
        due = due_letters(db, now, channel=channel)
    outcome.found = len(due)
    return due


async def _hand_over(round_: "Round", due: list[int]) -> None:
    """The gateway's client belongs to the loop it is used in, so it is made here."""
    await round_.carry_all(due, Gateway(round_.workshop.settings))


def _list_calls(workshop: Workshop, due: list[int], outcome: Outcome, now: datetime) -> None:
    for letter_id in due:
        if workshop.stopping.is_set():
            break
        with workshop.database.transaction() as db:
            if delivery.call_instead_of_sending(db, letter_id, now=now):
                outcome.count("called")
        outcome.done += 1


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
        answered: Answered | None = None
        async with carrier:
            for letter_id in letter_ids:
                if self._over(answered):
                    break
                letter = self._turn(answered, letter_id)
                answered = (letter, await self._carry(letter, carrier)) if letter is not None else None
            if answered is not None:
                self._note(answered, self._write(lambda db: self._settle(db, answered)))

    def _over(self, answered: Answered | None) -> bool:
        down = answered is not None and isinstance(answered[1], Down)
        return down or self.workshop.stopping.is_set() or self.troubles >= TROUBLES

    def _turn(self, answered: Answered | None, letter_id: int) -> Letter | None:
        """Note the answer to the last letter and claim the next one: one write for both, made at once."""
        said, fault = tried(lambda: self._write(lambda db: self._both(db, answered, letter_id)))
        if said is None:
            self.outcome.fail(f"{letter_id}: {fault}")
            said = (self._write(lambda db: self._settle(db, answered)) if answered else None, None)
        settled, letter = said
        if answered is not None and settled is not None:
            self._note(answered, settled)
        if letter is None and not fault:
            self.outcome.count("passed_over")
        return letter

    def _both(self, db: Db, answered: Answered | None, letter_id: int) -> tuple[Settled | None, Letter | None]:
        settled = self._settle(db, answered) if answered is not None else None
        return settled, self._claim(db, letter_id)

    async def _carry(self, letter: Letter, carrier: Carrier) -> Answer:
        parcel, fault = tried(lambda: self._compose(letter))
        if parcel is None:
            return Permanent(f"cannot be composed: {fault}")
        answer = await carrier.carry(parcel, lambda: self._reach_data(letter))
        self.troubles = self.troubles + 1 if isinstance(answer, Unsure) or _lost(answer) else 0
        return answer

    def _claim(self, db: Db, letter_id: int) -> Letter | None:
        return delivery.claim_letter(
            db, letter_id, lease=self.lease, domain=self.workshop.settings.feed_domain, now=self.now()
        )

    def _compose(self, letter: Letter) -> Parcel:
        with self.workshop.database.open() as db:
            if letter.invitation or letter.registration_id is not None:
                read_only(db)
            return compose_letter(db, letter, settings=self.workshop.settings, now=self.now())

    def _reach_data(self, letter: Letter) -> bool:
        return self._write(lambda db: delivery.note_data(db, letter, lease=self.lease, now=self.now()))

    def _note(self, answered: Answered, settled: Settled) -> None:
        (letter, answer), (word, noted) = answered, settled
        self.outcome.count(word)
        if word == "sent":
            self.outcome.done += 1
        else:
            self.outcome.fail(f"{letter.id}: {answer.answer}")
        # The answer may repeat the address, so it stays in the row and out of the log.
        log.info("letter", letter=letter.id, kind=letter.kind, result=word, noted=noted)

    def _settle(self, db: Db, answered: Answered) -> Settled:
        """What became of it in one word, and whether the row was still ours to say so."""
        letter, answer = answered
        said, lease, now = answer.answer, self.lease, self.now()
        match answer:
            case Accepted():
                return "sent", delivery.mark_sent(db, letter, lease=lease, answer=said, now=now)
            case Temporary():
                return "later", delivery.mark_later(db, letter, lease=lease, answer=said, now=now)
            case Permanent():
                return "refused", delivery.mark_refused(db, letter, lease=lease, answer=said, now=now)
            case Unsure():
                return "unsure", delivery.mark_unsure(db, letter, lease=lease, answer=said, now=now)
            case _:
                return "released", delivery.release_letter(db, letter, lease=lease, answer=said)

    def _write(self, step: Callable[[Db], Result]) -> Result:
        with self.workshop.database.transaction() as db:
            return step(db)


def _lost(answer: Answer) -> bool:
    return isinstance(answer, Temporary) and not answer.answer[:1].isdigit()

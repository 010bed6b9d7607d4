"""The kinds of letters, the states of a letter, whether one is still wanted, and the pauses between tries."""

from dataclasses import dataclass
from datetime import time, timedelta

from scheduler.rules.workflow import STATES


@dataclass(frozen=True)
class LetterKind:
    """A kind of letter. `facts` are the names its two texts may use: days as ISO text, `url` a path or an address,
    `why_you` a row of WHY_YOU. The rest says when a queued letter is not wanted any more."""

    key: str
    facts: tuple[str, ...]
    states: tuple[str, ...] = STATES  # of its sitting at sending
    dated: bool = False  # not wanted when the sitting's sequence is another than when it was queued
    while_open: bool = False  # not wanted once its task is closed
    leaf: str = ""  # the fact whose day stands on the leaf
    resend_when_unsure: bool = True
    awake: bool = False  # never leaves at night
    forget: tuple[str, ...] = ()  # facts that are not kept once the letter has left
    visits: tuple[str, ...] = ()  # of its registration at sending; none named: all of them
    urgent: bool = False  # refused for good, its reader is called


SITTING = ("unit", "post", "kind", "day", "hours", "place", "url", "why_you")
REGISTRATION = ("unit", "post", "kind", "day", "hours", "place", "ticket", "arrive", "phone", "code", "url", "why_you")
"""Told to who registered: `arrive` is ["07:30", "08:00"] or None, `code` stays "" until the letter leaves."""
COMING = ("booked", "arrived", "called")
"""States of a registration in which a change of the sitting is told: received or gone, it concerns nobody."""
TASK = ("unit", "owner", "text", "number", "due_day", "due_why", "url", "why_you")

LETTERS = (
    LetterKind(
        "reminder",
        (*SITTING, "days_left", "content", "attend", "stand_in"),
        states=("published",),
        dated=True,
        awake=True,
        leaf="day",
    ),
    LetterKind("publish-by", ("unit", "last_day", "n", "first_day", "url", "why_you"), awake=True, leaf="last_day"),
    LetterKind(
        "change",
        (*SITTING, "step", "old_day", "old_hours", "old_place", "reason", "told_by", "chair"),
        dated=True,
        leaf="day",
        urgent=True,
    ),
    LetterKind(
        "registration-confirmed",
        (*REGISTRATION, "asked_day"),
        states=("published", "postponed"),
        dated=True,
        leaf="day",
        visits=("booked",),
        urgent=True,
    ),
    LetterKind(
        "registration-reminder",
        REGISTRATION,
        states=("published",),
        dated=True,
        awake=True,
        leaf="day",
        visits=("booked",),
    ),
    LetterKind(
        "registration-change",
        (*REGISTRATION, "step", "old_day", "old_hours", "old_place", "reason", "told_by", "chair"),
        dated=True,
        leaf="day",
        visits=COMING,
        urgent=True,
    ),
    LetterKind(
        "registration-result",
        ("unit", "day", "step", "due_day", "phone", "code", "url", "why_you"),
        awake=True,
        urgent=True,
    ),
    # With the kit itself as a PDF, made when the letter leaves: no name stands in the outbox.
    LetterKind("paper-kit", (*SITTING, "first", "last"), states=("published",), dated=True, leaf="day"),
    LetterKind(
        "crowd",
        ("unit", "day", "hour", "place", "people", "topic", "url", "why_you"),
        states=("published",),
        leaf="day",
    ),
    LetterKind("task", TASK, while_open=True, awake=True, leaf="due_day"),
    LetterKind("task-reminder", (*TASK, "days_left"), while_open=True, awake=True, leaf="due_day"),
    LetterKind("task-overdue", (*TASK, "days_late", "step"), while_open=True, awake=True, leaf="due_day"),
    LetterKind("task-news", (*TASK, "step", "by", "words"), awake=True, leaf="due_day"),
    LetterKind(
        "new-office",
        ("unit", "heir", "first_day", "number", "signed_day", "lines", "url", "why_you"),
        awake=True,
        leaf="first_day",
    ),
    LetterKind("proposal", ("unit", "n", "cause", "url", "why_you")),
    LetterKind(
        "suspension-proposal",
        ("unit", "asker", "first_day", "last_day", "reason", "ground", "url", "why_you"),
        leaf="first_day",
    ),
    LetterKind("digest", ("unit", "first_day", "lines", "url", "why_you"), awake=True, leaf="first_day"),
    LetterKind("follow-confirm", ("followed", "kind", "ends", "list", "url", "why_you")),
    LetterKind(
        "follow-news",
        ("followed", "headline_words", "lines", "next", "list", "url", "leave_url", "why_you"),
        awake=True,
    ),
    LetterKind("password-link", ("name", "url", "ends", "why_you"), resend_when_unsure=False, forget=("url",)),
)
LETTER = {letter.key: letter for letter in LETTERS}

WHY_YOU = (
    "host",
    "chair",
    "attending",
    "notify",
    "staff",
    "lead-unit",
    "co-unit",
    "owner-unit",
    "unit-above",
    "account",
    "registered",
    "crowd",
    "follower",
    "asked-to-follow",
)
"""Why somebody gets a letter: the last line of each one says it."""

LETTER_STATES = (
    "due",
    "sending",
    "sent",
    "unsure",  # the server may have taken it and its answer was lost
    "failed",  # refused for good, or given up
    "expired",
    "not-wanted",  # its sitting moved, was cancelled or is over
    "held",  # waits for a person
    "called",  # no way out for it: its reader is on the list of calls
    "demo",  # made by the demonstration: never leaves
)
MAY_SEND_AGAIN = ("unsure", "failed", "expired", "held")
"""States from which a person may send a letter once more."""

ABOUT_SITTING = ("registration-confirmed", "registration-reminder", "registration-change")
"""Kinds that tell of a sitting to come, and that a newer word about it makes void."""
CHANNELS = {"email": "email", "phone": "sms"}
"""The way out for each kind of contact a resident leaves; "call" for who left none."""
MESSAGES_FROM, MESSAGES_UNTIL = time(7), time(21)
"""Wall times of Vietnam between which messages to telephones leave, also what is tried again."""

LEASE = timedelta(minutes=10)
"""How long a sender may keep a letter; longer than the longest talk with a mail server about one letter."""

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
MOST_TRIES = 30
MOST_DOUBTFUL_TRIES = 2
"""A letter that the server may have taken is sent once more, never twice more."""


def next_pause(attempts: int, salt: int = 0) -> timedelta:
    """The pause after so many failed tries: 1, 2, 4 … 60 minutes, spread by a fifth each way by `salt`."""
    doublings = min(max(attempts - 1, 0), 10)
    pause = min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)
    return pause * (80 + salt * 7 % 41) / 100


def still_wanted(
    kind: str,
    *,
    state: str | None = None,
    sequence_then: int | None = None,
    sequence_now: int | None = None,
    task_open: bool | None = None,
    visit: str | None = None,
) -> bool:
    """Whether a queued letter still says what is so; None where it is about no sitting, task or registration."""
    letter = LETTER[kind]
    if state is not None and state not in letter.states:
        return False
    if letter.dated and sequence_now is not None and sequence_then != sequence_now:
        return False
    if visit is not None and letter.visits and visit not in letter.visits:
        return False
    return not (letter.while_open and task_open is False)


def after_doubt(kind: str, doubts: int) -> str:
    """The state of a letter whose answer was lost for the n-th time: "due" once more, or "unsure" for a person."""
    once_more = LETTER[kind].resend_when_unsure and doubts < MOST_DOUBTFUL_TRIES
    return "due" if once_more else "unsure"

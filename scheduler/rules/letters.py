"""The kinds of letters, the states of a letter, and the pauses between tries."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class LetterKind:
    """A kind of letter. `facts` are the names its two texts may use; `subject_of` says what it is checked against
    at sending: a reminder of a sitting that moved since is not wanted any more."""

    key: str
    facts: tuple[str, ...]
    subject_of: str  # "occurrence", "task" or "" (always wanted)
    dated: bool = False  # closed as not wanted when the sitting's sequence is another than when it was queued
    resend_when_unsure: bool = True


SITTING = ("unit", "post", "kind", "day", "hours", "place", "url", "why_you")
TASK = ("unit", "owner", "text", "number", "due_day", "due_why", "url", "why_you")

LETTERS = (
    LetterKind("reminder", (*SITTING, "days_left", "content", "attend", "stand_in"), "occurrence", dated=True),
    LetterKind("publish-by", ("unit", "last_day", "n", "first_day", "url", "why_you"), "occurrence"),
    LetterKind(
        "change",
        (*SITTING, "step", "old_day", "old_hours", "old_place", "reason", "told_by", "chair"),
        "occurrence",
        dated=True,
    ),
    LetterKind("task", TASK, "task"),
    LetterKind("task-reminder", (*TASK, "days_left"), "task"),
    LetterKind("task-overdue", (*TASK, "days_late", "step"), "task"),
    LetterKind("task-news", (*TASK, "step", "by", "words"), "task"),
    LetterKind("proposal", ("unit", "n", "cause", "url", "why_you"), ""),
    LetterKind("password-link", ("name", "url", "ends", "why_you"), "", resend_when_unsure=False),
)
LETTER = {letter.key: letter for letter in LETTERS}

LETTER_STATES = (
    "due",
    "sending",
    "sent",
    "unsure",  # the server may have taken it and its answer was lost
    "failed",  # refused for good, or given up
    "expired",
    "not-wanted",  # its sitting moved, was cancelled or is over
    "held",  # waits for a person
    "demo",  # made by the demonstration: never leaves
)

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
MOST_TRIES = 30
MOST_DOUBTFUL_TRIES = 2


def next_pause(attempts: int) -> timedelta:
    """The pause after so many failed tries: 1, 2, 4 … 60 minutes."""
    doublings = min(max(attempts - 1, 0), 10)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)

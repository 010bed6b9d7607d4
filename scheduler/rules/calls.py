"""The states of a call to be made, and what the caller may answer."""

CALL_STATES = (
    "open",
    "called",  # somebody was reached and told
    "void",  # a newer change of the sitting, or the letter after all, tells it
)
CALL_ANSWERS = ("called", "no-answer")
"""What a clerk presses after dialling; without an answer the call stays open and the try is counted."""

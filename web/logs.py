"""One line of JSON an event, on standard error: no person, no visitor's address, no path or value with a secret."""

import logging
import sys
import traceback
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict

FRAMES = 12


def configure() -> None:
    """Set up the log of this process; a second call changes nothing."""
    if structlog.is_configured():
        return
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            fault_without_values,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def fault_without_values(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """A fault as its kind and the lines it went through: its message may quote what somebody typed."""
    if not event.pop("exc_info", None):
        return event
    kind, _, trace = sys.exc_info()
    event["fault"] = kind.__name__ if kind else ""
    event["where"] = _lines(trace)
    return event


def _lines(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-FRAMES:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]

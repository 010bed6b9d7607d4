"""What an application is made with: its settings, its clock, and its database once it is asked for."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask, current_app

from scheduler.database import Database
from scheduler.queries.find import KeptNames
from scheduler.settings import Settings

TOUCH = timedelta(minutes=1)
MOST_SEEN = 10_000


class State:
    """One for each application. The key and the database are made at first use: some commands need neither."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime], database: Database | None = None) -> None:
        self.settings = settings
        self.clock = clock
        self.names = KeptNames()
        self.keeps_pages = True  # whether web/kept_pages answers from memory
        self._database = database
        self._seen: dict[str, datetime] = {}

    @property
    def database(self) -> Database:
        """The database of this process."""
        if self._database is None:
            self._database = Database(
                self.settings.database_url, self.settings.sealing_keys, messages=bool(self.settings.sms_url)
            )
        return self._database

    def rests_since(self, secret: str, now: datetime) -> bool:
        """Whether this process has not seen the sign-in for a minute; from now on it has."""
        last = self._seen.get(secret)
        if last is not None and now - last < TOUCH:
            return False
        if len(self._seen) >= MOST_SEEN:
            self._seen.clear()
        self._seen[secret] = now
        return True


def state_of(app: Flask | None = None) -> State:
    """The state of this application, or of the current one."""
    state = (app or current_app).extensions["lichdan"]
    assert isinstance(state, State)
    return state

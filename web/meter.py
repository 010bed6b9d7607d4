"""How often somebody asked within an hour, counted in memory: a shield for one process, not a ledger."""

from collections.abc import Hashable
from datetime import datetime, timedelta
from threading import Lock

MOST_KNOWN = 20_000


class Meter:
    """Lets each key through so many times in each span; spans begin at fixed moments."""

    def __init__(self, most: int, span: timedelta = timedelta(hours=1)) -> None:
        self.most = most
        self.span = int(span.total_seconds())
        self._window = -1
        self._counts: dict[Hashable, int] = {}
        self._lock = Lock()

    def wait(self, key: Hashable, now: datetime) -> int:
        """Count one; zero where it may pass, else the seconds until it may again."""
        window, passed = divmod(int(now.timestamp()), self.span)
        with self._lock:
            if window != self._window or len(self._counts) > MOST_KNOWN:
                self._window, self._counts = window, {}
            self._counts[key] = self._counts.get(key, 0) + 1
            return self.span - passed if self._counts[key] > self.most else 0

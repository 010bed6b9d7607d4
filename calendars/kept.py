"""Bytes kept in memory up to a limit, the longest unused first to go: texts of events, and whole feeds."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")


class Shelf(Generic[V]):
    """Values by key, together never larger than `limit` bytes as `size_of` counts them. Safe between threads."""

    def __init__(self, limit: int, size_of: Callable[[V], int]) -> None:
        self.limit = limit
        self.held = 0
        self._size_of = size_of
        self._values: OrderedDict[Hashable, V] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Hashable) -> V | None:
        """The kept value, or None; it then counts as used."""
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: Hashable, value: V) -> None:
        """Keep the value; others go until all fit. One that is larger than the whole shelf is not kept."""
        size = self._size_of(value)
        with self._lock:
            self._drop(key)
            if size > self.limit:
                return
            self._values[key] = value
            self.held += size
            while self.held > self.limit:
                self._drop(next(iter(self._values)))

    def clear(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._values.clear()
            self.held = 0

    def _drop(self, key: Hashable) -> None:
        value = self._values.pop(key, None)
        if value is not None:
            self.held -= self._size_of(value)

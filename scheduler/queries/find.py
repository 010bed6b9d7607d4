"""Finding a place while its name is being typed: all names in memory, each word by its beginning.

Read once and kept until the ledger tells of a name made or changed; nothing is ever searched row by row.
"""

import sys
import threading
import time
from bisect import bisect_left, bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import func, select

from scheduler.database import Db
from scheduler.models import Entry, Post, Unit
from scheduler.models.base import clean, plain
from scheduler.queries.search import LEVEL_ORDER, LONGEST, search_words
from scheduler.queries.units import place_of, unit_label
from scheduler.rules.names import DISTRICT, core_name, inside_sentence, post_in_words, spoken_names

NAMING = (
    "units.loaded",
    "unit.created",
    "unit.renamed",
    "unit.moved",
    "unit.merged",
    "unit.divided",
    "unit.succeeded",
    "post.created",
)
"""The deeds after which somebody is called otherwise, or stands elsewhere."""
WRITTEN_AT_ONCE = 200
"""Lines of the ledger that may be under way at the same time."""
SURE_SECONDS = 1.0
"""After a new name, other processes find it so much later; the keystrokes between ask no database."""
MOST_KEPT = 4000
"""Answers kept; the few letters that everybody types first are answered once."""
MOST_BEGUN = 400
FEW = 300
"""So many names are looked at one by one sooner than two long lists are compared."""
MOST_WORDS = 50_000
"""Names whose plain form is kept: most stand in many others, and are the same at the next reading."""
LAST = "\uffff"
TYPES = {"phuong", "xa", "quan", "huyen", "thi", "tran", "thanh", "pho", "tinh", "dac", "khu", "tx", "tt", "q", "h"}
"""Words of kinds of places: people say "xã" of what is a phường now."""
KINDS = ("place", "post", "unit")


@dataclass(frozen=True, slots=True)
class Found:
    """Something with a page of its own. `former` is the old name that was meant, blank where today's was."""

    kind: str  # one of KINDS
    code: str
    name: str
    within: str
    former: str = ""
    until: date | None = None  # last day of a unit that has ended


class Name(NamedTuple):
    """One name of one thing: what it is, the name's words, those of where it lies, and what it may begin with."""

    found: Found
    words: tuple[str, ...]
    keys: tuple[str, ...]
    order: tuple[int, int, int, str, str]


@dataclass
class Names:
    """Every name, in the order in which equals are shown; a word or a beginning leads to them by halving."""

    rows: list[Name]
    words: list[str] = field(default_factory=list)
    holding: list[list[int]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    keyed: list[int] = field(default_factory=list)
    answered: OrderedDict[tuple[str, int], list[Found]] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self.rows.sort(key=lambda row: row.order)
        holding: dict[str, list[int]] = defaultdict(list)
        pairs = sorted((key, place) for place, row in enumerate(self.rows) for key in row.keys)
        self.keys, self.keyed = [key for key, _ in pairs], [place for _, place in pairs]
        for place, row in enumerate(self.rows):
            for word in row.words:
                holding[word].append(place)
        self.words = sorted(holding)
        self.holding = [holding[word] for word in self.words]

    def find(self, text: str, limit: int) -> list[Found]:
        """What may be meant, the likeliest first; nothing is found for nothing."""
        asked = (" ".join(clean(text[:LONGEST]).split()), limit)
        kept = self.answered.get(asked)
        if kept is None:
            kept = self._answer(*asked)
            self.answered[asked] = kept
            while len(self.answered) > MOST_KEPT:
                self.answered.popitem(last=False)
        return kept

    def _answer(self, text: str, limit: int) -> list[Found]:
        words = search_words(text)
        bare = [word for word in words if word not in TYPES] or words
        found = self._ranked(words, bare, text, limit) if words else []
        return found if found or bare == words else self._ranked(bare, bare, text, limit)

    def _ranked(self, words: list[str], bare: list[str], text: str, limit: int) -> list[Found]:
        whole = " ".join(words)
        ranks: dict[int, int] = {}
        for worse, places in enumerate(self._begun(whole)):
            for place in places:
                ranks.setdefault(place, worse + (2 if self.rows[place].found.former else 0))
        if len({self.rows[place].found.code for place in ranks}) < limit:
            ranks |= self._further(words, bare, ranks)
        once: dict[str, Found] = {}
        for place in self._in_order(ranks, text):
            once.setdefault(self.rows[place].found.code, self.rows[place].found)
            if len(once) == limit:
                break
        return list(once.values())

    def _in_order(self, ranks: dict[int, int], text: str) -> Iterator[int]:
        """By rank, then as the rows stand; who types accents means them: "tấn" before "tân"."""
        accents = text.lower() if plain(text) != text.lower() else ""
        groups: dict[tuple[int, bool], list[int]] = defaultdict(list)
        for place, rank in ranks.items():
            groups[rank, bool(accents) and accents not in self._written(place)].append(place)
        for group in sorted(groups):
            yield from sorted(groups[group])

    def _further(self, words: list[str], bare: list[str], known: Iterable[int]) -> dict[int, int]:
        """What has the words anywhere; before it the place of this name, of whatever kind: "quận Hoàn Kiếm"."""
        named = set(known)
        found = {place: 5 if self.rows[place].found.former else 4 for place in self._with_words(words)}
        if bare != words and found:
            exact, _ = self._begun(" ".join(bare))
            found |= {place: 3 for place in exact if not self.rows[place].found.former}
        return {place: rank for place, rank in found.items() if place not in named}

    def _written(self, place: int) -> str:
        return (self.rows[place].found.former or self.rows[place].found.name).lower()

    def _begun(self, whole: str) -> tuple[list[int], list[int]]:
        """The rows with exactly this key, and those with one that begins so."""
        first, after = bisect_left(self.keys, whole), bisect_right(self.keys, whole)
        last = bisect_left(self.keys, whole + LAST, after)
        return self.keyed[first:after], sorted(self.keyed[after:last])[:MOST_BEGUN]

    def _with_words(self, words: Iterable[str]) -> set[int]:
        """The names in which each word begins some word: the rarest first, the others are looked up in its rows."""
        spans = {word: (bisect_left(self.words, word), bisect_left(self.words, word + LAST)) for word in words}
        sizes = sorted((sum(map(len, self.holding[a:b])), word, a, b) for word, (a, b) in spans.items())
        _, _, first, last = sizes[0]
        found = set[int]().union(*self.holding[first:last])
        for _, word, first, last in sizes[1:]:
            if len(found) > FEW:
                found.intersection_update(set[int]().union(*self.holding[first:last]))
            else:
                found = {place for place in found if any(one.startswith(word) for one in self.rows[place].words)}
        return found


class KeptNames:
    """The names of an installation, as its newest deeds left them. One for a process; threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._names: Names | None = None
        self._day = date.min
        self._seen, self._deeds = 0, frozenset[int]()
        self._sure_until = 0.0

    def of(self, opened: Callable[[], Db], today: date) -> Names:
        """The names of today, read anew where a deed has named something; the database is asked once a second."""
        names, moment = self._names, time.monotonic()
        if names is not None and self._day == today and moment < self._sure_until:
            return names
        self._sure_until = moment + SURE_SECONDS
        db = opened()
        seen, deeds = _naming_deeds(db, self._seen)
        if names is not None and self._day == today and seen >= self._seen and deeds <= self._deeds:
            self._seen = seen
            return names
        if not self._lock.acquire(blocking=names is None):
            assert names is not None
            return names  # another request is reading them anew
        try:
            if self._names is names:
                self._names, self._day, self._seen, self._deeds = read_names(db, today), today, seen, deeds
            assert self._names is not None
            return self._names
        finally:
            self._lock.release()

    def doubt(self) -> None:
        """Ask the database at the next call, however short ago that was."""
        self._sure_until = 0.0


def _naming_deeds(db: Db, seen: int) -> tuple[int, frozenset[int]]:
    """The ledger's newest line, and the lines that name something from a little before `seen` on.

    A little before: a line may be committed after one that was written later.
    """
    newest = db.scalar(select(func.max(Entry.id))) or 0
    since = select(Entry.id).where(Entry.id > min(seen, newest) - WRITTEN_AT_ONCE, Entry.deed.in_(NAMING))
    return newest, frozenset(db.scalars(since))


def read_names(db: Db, today: date) -> Names:
    """All names of all units and posts that have a page."""
    units = {unit.id: unit for unit in db.scalars(select(Unit))}  # so that each finds the one above it in memory
    rows = [name for unit in units.values() for name in _of_unit(unit, today)]
    posts = db.execute(
        select(Post.code, Post.title, Post.unit_id, Post.position).where(
            (Post.valid_to.is_(None)) | (Post.valid_to >= today)
        )
    )
    rows += [_of_post(post.code, post.title, post.position, units[post.unit_id]) for post in posts]
    return Names(rows)


def _of_unit(unit: Unit, today: date) -> Iterator[Name]:
    ended = unit.valid_to is not None and unit.valid_to < today
    kind = "place" if unit.kind == "place" else "unit"
    order = (int(ended), KINDS.index(kind), LEVEL_ORDER.get(unit.level, 9), plain(core_name(unit.name)), unit.code)
    within = [core_name(above.name) for above in _above(unit)]
    found = Found(kind, unit.code, unit_label(unit), "", until=unit.valid_to if ended else None)
    keys = [core_name(unit.name), unit.name, unit.code] if kind == "place" else [unit.name]
    yield Name(found, _words(unit.name, unit.code, *within), _keys(keys), order)
    for former in unit.former_names:
        named = DISTRICT.fullmatch(former)
        name, district = (named[1], named[2]) if named else (former, "")
        old = Found(kind, unit.code, found.name, "", former, found.until)
        keys = [core_name(name), name] if kind == "place" else [name]
        yield Name(old, _words(name, district, *within), _keys(keys), order)


def _of_post(code: str, title: str, position: int, unit: Unit) -> Name:
    """A post by its name, and as people call it: "chủ tịch phường Hoàn Kiếm" is the committee's."""
    place = place_of(unit)
    within = core_name(place.parent.name) if place.parent is not None else ""
    found = Found("post", code, post_in_words(title, unit.name), within)
    order = (0, KINDS.index("post"), LEVEL_ORDER.get(unit.level, 9), f"{position:06}", code)
    keys = _keys(spoken_names(title, inside_sentence(place.name)))
    return Name(found, _words(title, unit.name, place.name, within), keys, order)


def _above(unit: Unit) -> Iterator[Unit]:
    above = unit.parent
    while above is not None:
        yield above
        above = above.parent


def _words(*texts: str) -> tuple[str, ...]:
    """Each word once; the same word of another name is the same object."""
    return tuple(dict.fromkeys(sys.intern(word) for text in texts for word in _plain(text).split()))


def _keys(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_plain(text) for text in texts))


@lru_cache(maxsize=MOST_WORDS)
def _plain(text: str) -> str:
    return plain(clean(text)).replace(",", " ").replace(" - ", " ")

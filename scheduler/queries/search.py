"""Finding units, posts and people by what people type: without diacritics, by former names, in part."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from scheduler.database import Db
from scheduler.models import Holding, Person, Post, Unit
from scheduler.models.base import clean, plain
from scheduler.rules.names import DISTRICT, core_name, inside_sentence, post_in_words, spoken_names

LONGEST = 100
"""Characters of a search that are read; the rest is dropped."""

ABBREVIATIONS = {
    "p": "phuong",
    "p.": "phuong",
    "x.": "xa",
    "tp": "thanh pho",
    "tp.": "thanh pho",
    "hcm": "ho chi minh",
    "tphcm": "thanh pho ho chi minh",
    "tp.hcm": "thanh pho ho chi minh",
    "hn": "ha noi",
    "ct": "chu tich",
}
PHRASES = (
    ("uy ban nhan dan", "ubnd"),
    ("hoi dong nhan dan", "hdnd"),
    # What people call it, and what it is called.
    ("bo phan mot cua", "phuc vu hanh chinh cong"),
    ("mot cua", "phuc vu hanh chinh cong"),
    # What the whole site is about finds nothing by itself.
    ("lich tiep cong dan", ""),
    ("tiep cong dan", ""),
    ("lich tiep dan", ""),
    ("tiep dan", ""),
    ("gap lanh dao", ""),
    ("gap ", ""),
)
LEVEL_ORDER = {"central": 0, "province": 1, "commune": 2, "district": 3, "department": 4}


def unit_search_text(unit: Unit) -> str:
    """What a unit is found by: every name and the code between bars, then after ~ the places it lies in.

    Not the many names of before 01/07/2025, whose words together anything would find; `queries.find` has them singly.
    """
    names = [unit.name, *(name for name in unit.former_names if not DISTRICT.fullmatch(name))]
    found = [unit.code]
    for name in names:
        found += [core_name(name), name] if unit.kind == "place" else [name]
    return _search_text(found, _places_of(unit.parent))


def post_search_text(title: str, unit: Unit) -> str:
    """What a post is found by: "chủ tịch UBND phường Hoàn Kiếm", and "chủ tịch phường Hoàn Kiếm" as people say it."""
    place = unit if unit.kind == "place" or unit.parent is None else unit.parent
    found = [post_in_words(title, unit.name), title]
    if place.kind == "place":
        found += spoken_names(title, inside_sentence(place.name))
    return _search_text(found, _places_of(place))


def person_search_text(name: str, email: str) -> str:
    """What a holder is found by: the name, its last word first as people are called, and the e-mail."""
    return _search_text([name, name.split()[-1], email], [])


def search_units(db: Db, text: str, limit: int = 20, *, within: Select[int] | None = None) -> list[Unit]:
    """Units by name, former name or code, the likeliest first: whole names, then beginnings, then parts; a place
    before its bodies. `%` is a letter like any other. `within` is a subquery of unit ids."""
    words = search_words(text)
    if not words:
        return []
    query = (
        select(Unit)
        .where(has_words(Unit.search, words))
        .options(joinedload(Unit.parent).joinedload(Unit.parent))
        .order_by(
            _rank(Unit.search, words),
            case((Unit.kind == "place", 0), else_=1),
            _accents_differ(Unit.name, text),
            case((Unit.valid_to.is_(None), 0), else_=1),
            case(LEVEL_ORDER, value=Unit.level, else_=9),
            func.length(Unit.name),
            Unit.code,
        )
        .limit(limit)
    )
    if within is not None:
        query = query.where(Unit.id.in_(within))
    return list(db.scalars(query))


def search_posts(db: Db, text: str, limit: int = 20, *, within: Select[int] | None = None) -> list[Post]:
    """Posts as people call them: "chủ tịch phường hoàn kiếm" finds Chủ tịch UBND phường Hoàn Kiếm."""
    words = search_words(text)
    if not words:
        return []
    query = (
        select(Post)
        .join(Unit, Unit.id == Post.unit_id)
        .where(has_words(Post.search, words))
        .options(joinedload(Post.unit).joinedload(Unit.parent))
        .order_by(
            _rank(Post.search, words),
            case((Post.valid_to.is_(None), 0), else_=1),
            _accents_differ(Unit.name, text),
            case(LEVEL_ORDER, value=Unit.level, else_=9),
            Post.position,
            Post.code,
        )
        .limit(limit)
    )
    if within is not None:
        query = query.where(Post.unit_id.in_(within))
    return list(db.scalars(query))


def search_holders(db: Db, text: str, limit: int = 20, *, within: Select[int] | None = None) -> list[Holding]:
    """People by name or e-mail, each with the post held now or last; `within` is a subquery of unit ids."""
    words = search_words(text)
    if not words:
        return []
    query = (
        select(Holding)
        .join(Person, Person.id == Holding.person_id)
        .join(Post, Post.id == Holding.post_id)
        .where(has_words(Person.search, words))
        .options(joinedload(Holding.person), joinedload(Holding.post).joinedload(Post.unit))
        .order_by(
            case((Holding.valid_to.is_(None), 0), else_=1),
            _rank(Person.search, words),
            Person.name,
            Holding.valid_from.desc(),
            Holding.id,
        )
        .limit(limit)
    )
    if within is not None:
        query = query.where(Post.unit_id.in_(within))
    return list(db.scalars(query))


def _places_of(unit: Unit | None) -> list[str]:
    return [core_name(above.name) for above in _upwards(unit) if above.kind == "place"]


def _upwards(unit: Unit | None) -> Iterator[Unit]:
    while unit is not None:
        yield unit
        unit = unit.parent


def _search_text(names: list[str], places: list[str]) -> str:
    own = dict.fromkeys(_plain(name) for name in names if name)
    return "|" + "|".join(own) + "|" + "".join(f"~{_plain(place)}" for place in places)


def _plain(text: str) -> str:
    return re.sub(r"[|~]+", " ", plain(clean(text))).strip()


def search_words(text: str) -> list[str]:
    """What was typed as the words of a search text: plain, abbreviations written out, what says nothing left out."""
    typed = _plain(text[:LONGEST].replace(",", " "))
    wanted = typed
    for phrase, instead in PHRASES:
        wanted = wanted.replace(phrase, instead)
    words = wanted.split() or typed.split()
    if len(words) == 1 and len(words[0]) < 3:
        return words
    return " ".join(ABBREVIATIONS.get(word, word) for word in words).split()


def has_words(column: InstrumentedAttribute[str], words: list[str]) -> ColumnElement[bool]:
    """A condition: every word stands somewhere in the search text; `%` is a letter like any other."""
    return and_(*(column.contains(word, autoescape=True) for word in dict.fromkeys(words)))


def _rank(column: InstrumentedAttribute[str], words: list[str]) -> Any:
    whole = " ".join(words)
    return case(
        (column.contains(f"|{whole}|", autoescape=True), 0),
        (column.contains(f"|{whole}", autoescape=True), 1),
        (column.contains(f" {whole}", autoescape=True), 2),
        (column.contains(whole, autoescape=True), 3),
        else_=4,
    )


def _accents_differ(column: InstrumentedAttribute[str], text: str) -> Any:
    """Who types accents means them: "tấn" before "tân". Without any, all are alike."""
    typed = " ".join(clean(text[:LONGEST]).split())
    if plain(typed) == typed.lower():
        return literal(0)
    same = or_(*(column.contains(form, autoescape=True) for form in (typed, typed.title())))
    return case((same, 0), else_=1)

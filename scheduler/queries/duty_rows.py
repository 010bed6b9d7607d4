"""What is behind one number of the report of duties: its weeks, months or days, and the sittings that show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from scheduler.database import Db
from scheduler.models import Occurrence, Post, Record
from scheduler.queries.agenda import WHOLE
from scheduler.queries.duties import Wanted, days_of_posts
from scheduler.rules.duties import Span
from scheduler.rules.tallies import COLUMNS, Piece

PAGE = 100


@dataclass(frozen=True)
class Behind:
    """One piece of a number: whose, when, how many days, the law's row for it, and its sittings."""

    post: Post
    piece: Piece
    span: Span | None
    sittings: tuple[Occurrence, ...]


@dataclass(frozen=True)
class Rows:
    """A page of what is behind a number: `total` days in `count` pieces."""

    total: int
    count: int
    shown: tuple[Behind, ...]
    records: dict[int, Record]


def rows_behind(db: Db, column: str, wanted: Wanted, *, today: date, page: int = 1) -> Rows:
    """The pieces of one column for a post, a duty or a branch; the number of queries does not grow with them.

    An unknown column has nothing behind it. `total` equals the number in the report.
    """
    pieces = [
        (found.post, piece, _span_of(piece, found.spans))
        for found in (days_of_posts(db, wanted, today=today) if column in COLUMNS else ())
        for piece in found.tally.pieces[column]
    ]
    start = (max(page, 1) - 1) * PAGE
    some = pieces[start : start + PAGE]
    ids = sorted({sitting for _, piece, _ in some for sitting in piece.sittings})
    by_id = {
        one.id: one for one in db.scalars(select(Occurrence).where(Occurrence.id.in_(ids)).options(*WHOLE)).unique()
    }
    records = db.scalars(select(Record).where(Record.occurrence_id.in_(ids)))
    shown = tuple(Behind(post, piece, span, tuple(by_id[one] for one in piece.sittings)) for post, piece, span in some)
    total = sum(piece.n for _, piece, _ in pieces)
    return Rows(total, len(pieces), shown, {record.occurrence_id: record for record in records})


def _span_of(piece: Piece, spans: Sequence[Span]) -> Span | None:
    return next((span for span in spans if (span.first, span.last) == (piece.first, piece.last)), None)
